// SPDX-License-Identifier: GPL-2.0-or-later
// Expected bits follow from IEEE 754 and, for NaN operands and flushing, from the Armv7-M manual, A2.5 and E1.
#include "core/check.h"
#include "core/fpu.h"

namespace {

// One instruction on two single-precision operands, given and returned as bits.
#define BINARY(name, instruction)                                                                                      \
    std::uint32_t name(std::uint32_t a, std::uint32_t b) {                                                             \
        float result;                                                                                                  \
        asm volatile(instruction " %0, %1, %2"                                                                         \
                     : "=t"(result)                                                                                    \
                     : "t"(std::bit_cast<float>(a)), "t"(std::bit_cast<float>(b)));                                    \
        return std::bit_cast<std::uint32_t>(result);                                                                   \
    }

// One instruction that adds a product to its destination.
#define FUSED(name, instruction)                                                                                       \
    std::uint32_t name(std::uint32_t sum, std::uint32_t a, std::uint32_t b) {                                          \
        float result = std::bit_cast<float>(sum);                                                                      \
        asm volatile(instruction " %0, %1, %2"                                                                         \
                     : "+t"(result)                                                                                    \
                     : "t"(std::bit_cast<float>(a)), "t"(std::bit_cast<float>(b)));                                    \
        return std::bit_cast<std::uint32_t>(result);                                                                   \
    }

#define UNARY(name, instruction)                                                                                       \
    std::uint32_t name(std::uint32_t a) {                                                                              \
        float result;                                                                                                  \
        asm volatile(instruction " %0, %1" : "=t"(result) : "t"(std::bit_cast<float>(a)));                             \
        return std::bit_cast<std::uint32_t>(result);                                                                   \
    }

BINARY(vadd, "vadd.f32")
BINARY(vsub, "vsub.f32")
BINARY(vmul, "vmul.f32")
BINARY(vnmul, "vnmul.f32")
BINARY(vdiv, "vdiv.f32")
FUSED(vmla, "vmla.f32")
FUSED(vfma, "vfma.f32")
FUSED(vfms, "vfms.f32")
FUSED(vfnma, "vfnma.f32")
UNARY(vsqrt, "vsqrt.f32")
UNARY(vabs, "vabs.f32")
UNARY(vneg, "vneg.f32")

constexpr std::uint32_t kOne = 0x3F800000;
constexpr std::uint32_t kThree = 0x40400000;
constexpr std::uint32_t kInfinity = 0x7F800000;
constexpr std::uint32_t kDefaultNan = 0x7FC00000;
constexpr std::uint32_t kSignalling = 0x7F812345;
constexpr std::uint32_t kSmallest = 0x00000001; // 2^-149
constexpr std::uint32_t kFlushToZero = 1U << 24;
constexpr std::uint32_t kDefaultNanMode = 1U << 25;
constexpr std::uint32_t kTowardsPlus = 1U << 22;
constexpr std::uint32_t kTowardsMinus = 2U << 22;
constexpr std::uint32_t kTowardsZero = 3U << 22;

// FPSCR's flags (IOC, DZC, OFC, UFC, IXC, IDC) after one operation.
template<typename Operation>
std::uint32_t flagsOf(Operation operation, std::uint32_t mode = 0) {
    writeFpscr(mode);
    (void)operation();
    const std::uint32_t flags = readFpscr() & 0x9F;
    writeFpscr(0);
    return flags;
}

template<typename Operation>
std::uint32_t resultIn(std::uint32_t mode, Operation operation) {
    writeFpscr(mode);
    const std::uint32_t result = operation();
    writeFpscr(0);
    return result;
}

} // namespace

void checkSinglePrecision() {
    writeFpscr(0);
    expectEqual("fpu: vadd 1 + 2^-24 is a tie to even", vadd(kOne, 0x33800000), kOne);
    expectEqual("fpu: vadd 1 + 3 * 2^-25 rounds up", vadd(kOne, 0x33C00000), 0x3F800001);
    expectEqual("fpu: vsub of equals is +0", vsub(kThree, kThree), 0);
    expectEqual("fpu: vmul 3 * (1/3)", vmul(kThree, 0x3EAAAAAB), kOne);
    expectEqual("fpu: vnmul 3 * 1", vnmul(kThree, kOne), 0xC0400000);
    expectEqual("fpu: vdiv 1 / 3", vdiv(kOne, kThree), 0x3EAAAAAB);
    expectEqual("fpu: vdiv 1 / 0", vdiv(kOne, 0), kInfinity);
    expectEqual("fpu: vsqrt 2", vsqrt(0x40000000), 0x3FB504F3);
    expectEqual("fpu: vsqrt -0", vsqrt(0x80000000), 0x80000000);
    expectEqual("fpu: vsqrt -1", vsqrt(0xBF800000), kDefaultNan);
    expectEqual("fpu: vabs -3", vabs(0xC0400000), kThree);
    expectEqual("fpu: vneg of a NaN flips its sign", vneg(kSignalling), kSignalling | 0x80000000);
    // (1 + 2^-12)^2 = 1 + 2^-11 + 2^-24: the product alone loses its last bit.
    expectEqual("fpu: vmla rounds twice", vmla(0xBF801000, 0x3F800800, 0x3F800800), 0x00000000);
    expectEqual("fpu: vfma rounds once", vfma(0xBF801000, 0x3F800800, 0x3F800800), 0x33800000);
    expectEqual("fpu: vfms", vfms(kOne, kThree, kOne), 0xC0000000);
    expectEqual("fpu: vfnma", vfnma(kOne, kThree, kOne), 0xC0800000);
    expectEqual("fpu: inf - inf", vsub(kInfinity, kInfinity), kDefaultNan);
    expectEqual("fpu: 0 * inf", vmul(0, kInfinity), kDefaultNan);
    expectEqual("fpu: a signalling NaN becomes quiet", vadd(kOne, kSignalling), kSignalling | 0x00400000);
    expectEqual("fpu: default NaN mode", resultIn(kDefaultNanMode, [] { return vadd(kOne, kSignalling); }),
                kDefaultNan);
    expectEqual("fpu: subnormal sums are exact", vadd(kSmallest, kSmallest), 2);
    expectEqual("fpu: flush to zero", resultIn(kFlushToZero, [] { return vadd(kSmallest, kSmallest); }), 0);
}

void checkRoundingAndFlags() {
    expectEqual("fpu: 1/3 towards plus", resultIn(kTowardsPlus, [] { return vdiv(kOne, kThree); }), 0x3EAAAAAB);
    expectEqual("fpu: 1/3 towards minus", resultIn(kTowardsMinus, [] { return vdiv(kOne, kThree); }), 0x3EAAAAAA);
    expectEqual("fpu: 1/3 towards zero", resultIn(kTowardsZero, [] { return vdiv(kOne, kThree); }), 0x3EAAAAAA);
    expectEqual("fpu: overflow towards zero", resultIn(kTowardsZero, [] { return vadd(0x7F7FFFFF, 0x7F7FFFFF); }),
                0x7F7FFFFF);
    expectEqual("fpu: x - x towards minus is -0", resultIn(kTowardsMinus, [] { return vsub(kOne, kOne); }), 0x80000000);

    expectEqual("fpu: exact sets no flag", flagsOf([] { return vadd(kOne, kOne); }), 0x00);
    expectEqual("fpu: inexact sets IXC", flagsOf([] { return vdiv(kOne, kThree); }), 0x10);
    expectEqual("fpu: division by zero sets DZC", flagsOf([] { return vdiv(kOne, 0); }), 0x02);
    expectEqual("fpu: 0 / 0 sets IOC", flagsOf([] { return vdiv(0, 0); }), 0x01);
    expectEqual("fpu: a signalling NaN sets IOC", flagsOf([] { return vadd(kOne, kSignalling); }), 0x01);
    expectEqual("fpu: a quiet NaN sets nothing", flagsOf([] { return vadd(kOne, kDefaultNan); }), 0x00);
    expectEqual("fpu: overflow sets OFC and IXC", flagsOf([] { return vmul(0x7F7FFFFF, kThree); }), 0x14);
    expectEqual("fpu: underflow sets UFC and IXC", flagsOf([] { return vmul(0x00800001, 0x3F000000); }), 0x18);
    expectEqual("fpu: flushed input sets IDC", flagsOf([] { return vadd(kSmallest, kOne); }, kFlushToZero), 0x80);
    expectEqual("fpu: flushed output sets UFC alone",
                flagsOf([] { return vmul(0x00800001, 0x3F000000); }, kFlushToZero), 0x08);

    float less = 1.0F;
    asm volatile("vcmp.f32 %0, #0" ::"t"(less));
    expectEqual("fpu: vcmp 1 > 0", readFpscr() >> 28, 0x2);
    asm volatile("vcmp.f32 %0, %1" ::"t"(less), "t"(std::bit_cast<float>(kDefaultNan)));
    expectEqual("fpu: vcmp with a NaN is unordered", readFpscr() >> 28, 0x3);
    asm volatile("vcmp.f32 %0, %1" ::"t"(less), "t"(3.0F));
    std::uint32_t taken = 0;
    asm volatile("vmrs APSR_nzcv, fpscr\n it mi\n movmi %0, #1" : "+r"(taken)::"cc");
    expectEqual("fpu: flags reach the APSR", taken, 1);
    writeFpscr(0);
}

void checkConversions() {
    const auto toSigned = [](float value) {
        std::uint32_t result;
        asm volatile("vcvt.s32.f32 s0, %1\n vmov %0, s0" : "=r"(result) : "t"(value) : "s0");
        return result;
    };
    const auto toUnsigned = [](float value) {
        std::uint32_t result;
        asm volatile("vcvt.u32.f32 s0, %1\n vmov %0, s0" : "=r"(result) : "t"(value) : "s0");
        return result;
    };
    const auto toSignedCurrent = [](float value) {
        std::uint32_t result;
        asm volatile("vcvtr.s32.f32 s0, %1\n vmov %0, s0" : "=r"(result) : "t"(value) : "s0");
        return result;
    };
    expectEqual("fpu: vcvt -2.75 truncates", toSigned(-2.75F), 0xFFFFFFFE);
    expectEqual("fpu: vcvtr -2.75 rounds", toSignedCurrent(-2.75F), 0xFFFFFFFD);
    expectEqual("fpu: vcvtr 2.5 is a tie to even", toSignedCurrent(2.5F), 2);
    expectEqual("fpu: vcvt saturates", toSigned(3e9F), 0x7FFFFFFF);
    expectEqual("fpu: vcvt of a NaN is 0", toSigned(std::bit_cast<float>(kDefaultNan)), 0);
    expectEqual("fpu: vcvt -1 to unsigned saturates", toUnsigned(-1.0F), 0);
    expectEqual("fpu: vcvt 4e9 to unsigned", toUnsigned(4e9F), 4'000'000'000U);

    float single;
    asm volatile("vmov s0, %1\n vcvt.f32.s32 %0, s0" : "=t"(single) : "r"(16'777'217) : "s0");
    expectEqual("fpu: vcvt 2^24 + 1 from an integer", std::bit_cast<std::uint32_t>(single), 0x4B800000);
    asm volatile("vmov s0, %1\n vcvt.f32.s32 s0, s0, #8\n vmov.f32 %0, s0" : "=t"(single) : "r"(384) : "s0");
    expectEqual("fpu: vcvt from fixed point", std::bit_cast<std::uint32_t>(single), 0x3FC00000);
    std::uint32_t half;
    asm volatile("vcvtb.f16.f32 s0, %1\n vmov %0, s0" : "=r"(half) : "t"(1.0F / 3.0F) : "s0");
    expectEqual("fpu: vcvtb 1/3 to half", half & 0xFFFF, 0x3555);
    asm volatile("vmov s0, %1\n vcvtb.f32.f16 %0, s0" : "=t"(single) : "r"(0x3555) : "s0");
    expectEqual("fpu: vcvtb half to single", std::bit_cast<std::uint32_t>(single), 0x3EAAA000);
#ifdef CORE_IS_M7 // FPv5
    asm volatile("vrinta.f32 %0, %1" : "=t"(single) : "t"(2.5F));
    expectEqual("fpu: vrinta 2.5", std::bit_cast<std::uint32_t>(single), kThree);
    asm volatile("vrintn.f32 %0, %1" : "=t"(single) : "t"(2.5F));
    expectEqual("fpu: vrintn 2.5", std::bit_cast<std::uint32_t>(single), 0x40000000);
    asm volatile("vmaxnm.f32 %0, %1, %2" : "=t"(single) : "t"(1.0F), "t"(std::bit_cast<float>(kDefaultNan)));
    expectEqual("fpu: vmaxnm prefers the number", std::bit_cast<std::uint32_t>(single), kOne);
    asm volatile("cmp %1, #1\n vseleq.f32 %0, %2, %3" : "=t"(single) : "r"(1), "t"(3.0F), "t"(1.0F) : "cc");
    expectEqual("fpu: vseleq", std::bit_cast<std::uint32_t>(single), kThree);
#endif
}
