// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/kernels/depthwise_taps.h"

namespace simprof::runtime {
namespace {

/// Adds `count` taps; moves both pointers past them.
inline std::int32_t sumTaps(const std::int8_t*& x, const std::int8_t*& w, std::int32_t count, std::int32_t xStep,
                            std::int32_t wStep, std::int32_t offset, std::int32_t sum) {
#if defined(__ARM_ARCH_6M__)
    // Nine instructions a tap; GCC runs out of low registers, which are all that most instructions can name.
    std::int32_t value, weight;
    asm volatile(
        ".syntax unified\n"
        "1:\n\t"
        "ldrsb %[value], [%[x], %[zero]]\n\t"
        "add   %[value], %[offset]\n\t"
        "ldrsb %[weight], [%[w], %[zero]]\n\t"
        "muls  %[weight], %[value]\n\t"
        "adds  %[sum], %[sum], %[weight]\n\t"
        "add   %[x], %[xStep]\n\t"
        "add   %[w], %[wStep]\n\t"
        "subs  %[count], #1\n\t"
        "bne   1b\n"
        : [sum] "+l"(sum), [x] "+l"(x), [w] "+l"(w), [count] "+l"(count), [value] "=&l"(value), [weight] "=&l"(weight)
        : [zero] "l"(0), [xStep] "h"(xStep), [wStep] "h"(wStep), [offset] "h"(offset)
        : "cc", "memory");
#else
    for (; count > 0; --count) {
        sum += *w * (*x + offset);
        x += xStep;
        w += wStep;
    }
#endif
    return sum;
}

} // namespace

std::int32_t sumChannel(const DepthwiseTaps& taps, const std::int8_t* input, const std::int8_t* filter,
                        std::int32_t offset, std::int32_t sum) {
    const std::int32_t inputBack = taps.inputRowStep - taps.columns * taps.inputColumnStep;
    const std::int32_t filterBack = taps.filterRowStep - taps.columns * taps.filterColumnStep;
    for (std::int32_t rows = taps.rows; rows > 0; --rows) {
        sum = sumTaps(input, filter, taps.columns, taps.inputColumnStep, taps.filterColumnStep, offset, sum);
        input += inputBack;
        filter += filterBack;
    }
    return sum;
}

} // namespace simprof::runtime
