// SPDX-License-Identifier: GPL-2.0-or-later
// Stands before the depthwise kernel (linked with --wrap) and makes it about 1 % slower: a check of the output as one
// leaves it in by mistake.
#include "runtime/kernels/kernels.h"

// The linker's names for the kernel itself and for what is called in its place.
#define SIMPROF_DEPTHWISE "_ZN7simprof7runtime10DspKernels13depthwiseConvERKNS0_10ConvParamsEPKaS6_PKlPa"

namespace simprof::runtime {

void kernel(const ConvParams& params, const std::int8_t* input, const std::int8_t* filter, const std::int32_t* bias,
            std::int8_t* output) asm("__real_" SIMPROF_DEPTHWISE);

void checkedKernel(const ConvParams& params, const std::int8_t* input, const std::int8_t* filter,
                   const std::int32_t* bias, std::int8_t* output) asm("__wrap_" SIMPROF_DEPTHWISE);

[[gnu::section(".slower_depthwise")]] void checkedKernel(const ConvParams& params, const std::int8_t* input,
                                                         const std::int8_t* filter, const std::int32_t* bias,
                                                         std::int8_t* output) {
    constexpr std::int32_t kEvery = 10; // a sample of the output: one byte of ten
    kernel(params, input, filter, bias, output);
    const std::int32_t count = params.window.outputHeight * params.window.outputWidth * params.window.outputDepth;
    for (std::int32_t i = 0; i < count; i += kEvery) {
        if (output[i] < params.range.low || output[i] > params.range.high) {
            __builtin_trap();
        }
    }
}

} // namespace simprof::runtime
