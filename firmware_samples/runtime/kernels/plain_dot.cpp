// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/kernels/plain_dot.h"

namespace simprof::runtime {

#if defined(__ARM_ARCH_6M__)

// One element: nine instructions, twelve cycles of a Cortex-M0+ for two products. Signed byte loads take their offset
// only from a register, so all three pointers share one index that counts up to zero; GCC keeps three and spills.
#define SIMPROF_ELEMENT                                                                                                \
    "ldrsb %[value], [%[x], %[index]]\n\t"                                                                             \
    "add   %[value], %[offset]\n\t"                                                                                    \
    "ldrsb %[weight], [%[w0], %[index]]\n\t"                                                                           \
    "muls  %[weight], %[value]\n\t"                                                                                    \
    "adds  %[sum0], %[sum0], %[weight]\n\t"                                                                            \
    "ldrsb %[weight], [%[w1], %[index]]\n\t"                                                                           \
    "muls  %[weight], %[value]\n\t"                                                                                    \
    "adds  %[sum1], %[sum1], %[weight]\n\t"                                                                            \
    "adds  %[index], #1\n\t"

void dotRunPair(SumPair& sums, const std::int8_t* x, const std::int8_t* w0, const std::int8_t* w1, std::int32_t count,
                std::int32_t offset) {
    std::int32_t sum0 = sums.first;
    std::int32_t sum1 = sums.second;
    const std::int32_t unrolled = count & ~3;
    if (unrolled > 0) {
        std::int32_t index = -unrolled;
        std::int32_t value, weight;
        asm volatile(
            ".syntax unified\n"
            "1:\n\t" SIMPROF_ELEMENT SIMPROF_ELEMENT SIMPROF_ELEMENT SIMPROF_ELEMENT "bne 1b\n"
            : [sum0] "+l"(sum0), [sum1] "+l"(sum1), [index] "+l"(index), [value] "=&l"(value), [weight] "=&l"(weight)
            : [x] "l"(x + unrolled), [w0] "l"(w0 + unrolled), [w1] "l"(w1 + unrolled), [offset] "h"(offset)
            : "cc", "memory");
    }
    for (std::int32_t i = unrolled; i < count; ++i) {
        const std::int32_t value = x[i] + offset;
        sum0 += w0[i] * value;
        sum1 += w1[i] * value;
    }
    sums = {sum0, sum1};
}

#undef SIMPROF_ELEMENT

#else

void dotRunPair(SumPair& sums, const std::int8_t* x, const std::int8_t* w0, const std::int8_t* w1, std::int32_t count,
                std::int32_t offset) {
    std::int32_t sum0 = sums.first;
    std::int32_t sum1 = sums.second;
    for (std::int32_t i = 0; i < count; ++i) {
        const std::int32_t value = x[i] + offset;
        sum0 += w0[i] * value;
        sum1 += w1[i] * value;
    }
    sums = {sum0, sum1};
}

#endif

} // namespace simprof::runtime
