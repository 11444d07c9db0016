// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/check.h"
#include "core/fpu.h"

#if (__ARM_FP & 8) != 0

namespace {

void expectDouble(const char* name, double got, std::uint64_t want) {
    const auto bits = std::bit_cast<std::uint64_t>(got);
    expectEqual(name, static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(want));
    expectEqual(name, static_cast<std::uint32_t>(bits >> 32), static_cast<std::uint32_t>(want >> 32));
}

volatile double one = 1.0;
volatile double three = 3.0;
volatile double two = 2.0;
volatile float singleThird = 1.0F / 3.0F;

} // namespace

void checkDoublePrecision() {
    writeFpscr(0);
    expectDouble("fpu: 1 / 3 in double precision", one / three, 0x3FD5555555555555);
    double root;
    asm volatile("vsqrt.f64 %P0, %P1" : "=w"(root) : "w"(static_cast<double>(two)));
    expectDouble("fpu: vsqrt.f64 2", root, 0x3FF6A09E667F3BCD);
    double sum = -1.0;
    asm volatile("vfma.f64 %P0, %P1, %P2" : "+w"(sum) : "w"(one + 0x1p-30), "w"(one + 0x1p-30));
    expectDouble("fpu: vfma.f64 rounds once", sum, 0x3E20000000200000); // 2^-29 + 2^-60
    expectDouble("fpu: vcvt.f64.f32", static_cast<double>(singleThird), 0x3FD5555560000000);
    expectEqual("fpu: vcvt.f32.f64", std::bit_cast<std::uint32_t>(static_cast<float>(one / three)), 0x3EAAAAAB);
    expectEqual("fpu: vcvt.s32.f64", static_cast<std::uint32_t>(static_cast<std::int32_t>(-three * 1.5)), 0xFFFFFFFC);
}

#endif
