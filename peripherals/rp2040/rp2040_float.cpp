// SPDX-License-Identifier: GPL-2.0-or-later
// RP2040 data sheet 2.8.3.2: offsets, arguments, rounding and limits of the boot ROM's floating-point functions. Our
// own code: each function is calculated in double (or long double) and rounded once.
#include "peripherals/rp2040/rp2040_float.h"

#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

namespace simprof {
namespace {

using Wide = long double;

template<class Float>
using Bits = std::conditional_t<sizeof(Float) == 4, std::uint32_t, std::uint64_t>;

template<class Float>
Float fromBits(std::uint64_t bits) {
    auto value = std::bit_cast<Float>(static_cast<Bits<Float>>(bits));
    if (std::isnan(value)) {
        value = std::copysign(std::numeric_limits<Float>::infinity(), value);
    }
    return std::fpclassify(value) == FP_SUBNORMAL ? std::copysign(Float{0}, value) : value;
}

template<class Float>
RomRegisters toResult(Float value) {
    if (std::isnan(value)) {
        value = std::copysign(std::numeric_limits<Float>::infinity(), value);
    }
    if (std::fpclassify(value) == FP_SUBNORMAL) {
        value = std::copysign(Float{0}, value);
    }
    const std::uint64_t bits = std::bit_cast<Bits<Float>>(value);
    return {static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32)};
}

/// Rounded down to an integer type, clamped to its range.
template<class Integer>
std::uint64_t toInteger(Wide value) {
    constexpr auto kMost = static_cast<Wide>(std::numeric_limits<Integer>::max());
    constexpr auto kLeast = static_cast<Wide>(std::numeric_limits<Integer>::min());
    const Wide rounded = std::floor(value);
    const Integer integer = rounded >= kMost    ? std::numeric_limits<Integer>::max()
                            : rounded <= kLeast ? std::numeric_limits<Integer>::min()
                                                : static_cast<Integer>(rounded);
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(integer));
}

RomRegisters pair(std::uint64_t value) {
    return {static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(value >> 32)};
}

/// Arguments of one call: `x` and `y` are numbers of the table's type, `after` the register behind x.
template<class Float>
struct Call {
    static constexpr bool kSingle = sizeof(Float) == 4;

    explicit Call(const RomRegisters& arguments)
        : low(std::uint64_t{arguments[1]} << 32 | arguments[0])
        , first(arguments[0])
        , second(arguments[1])
        , third(arguments[2])
        , x(fromBits<Float>(kSingle ? first : low))
        , y(fromBits<Float>(kSingle ? second : std::uint64_t{arguments[3]} << 32 | third))
        , after(static_cast<std::int32_t>(kSingle ? second : third)) {}

    std::uint64_t low;
    std::uint32_t first, second, third;
    Float x, y;
    std::int32_t after;

    Wide scaled() const { return std::ldexp(static_cast<Wide>(x), after); }
    /// An integer in r0, its binary point in r1; in r0 and r1, its point in r2.
    template<class Integer>
    RomRegisters fixed(Integer value, std::uint32_t point) const {
        return toResult(static_cast<Float>(std::ldexp(static_cast<Wide>(value), -static_cast<std::int32_t>(point))));
    }
    RomRegisters compared() const { return {x < y ? 0xFFFFFFFFU : x > y ? 1U : 0U}; }
    /// The sine first.
    RomRegisters sineAndCosine() const {
        const RomRegisters sine = toResult(std::sin(x)), cosine = toResult(std::cos(x));
        return kSingle ? RomRegisters{sine[0], cosine[0]} : RomRegisters{sine[0], sine[1], cosine[0], cosine[1]};
    }
};

template<class Float>
Float logarithm(Float x) {
    return x <= 0 ? -std::numeric_limits<Float>::infinity() : std::log(x);
}

template<class Float>
RomRegisters arithmetic(unsigned index, const Call<Float>& call) {
    const Float x = call.x, y = call.y;
    switch (index) {
    case 0: return toResult(x + y);
    case 1: return toResult(x - y);
    case 2: return toResult(x * y);
    case 3: return toResult(x / y);
    case 6: return toResult(x < 0 ? -std::numeric_limits<Float>::infinity() : std::sqrt(x));
    case 15: return toResult(std::cos(x));
    case 16: return toResult(std::sin(x));
    case 17: return toResult(std::tan(x));
    case 18: return call.sineAndCosine();
    case 19: return toResult(std::exp(x));
    case 20: return toResult(logarithm(x));
    case 21: return call.compared();
    case 22: return toResult(std::atan2(x, y));
    default: return {};
    }
}

template<class Float>
RomRegisters convert(unsigned index, const Call<Float>& call) {
    const auto word = [](std::uint64_t value) { return RomRegisters{static_cast<std::uint32_t>(value)}; };
    const auto wide = static_cast<Wide>(call.x);
    switch (index) {
    case 7: return word(toInteger<std::int32_t>(wide));
    case 8: return word(toInteger<std::int32_t>(call.scaled()));
    case 9: return word(toInteger<std::uint32_t>(wide));
    case 10: return word(toInteger<std::uint32_t>(call.scaled()));
    case 11: return call.fixed(static_cast<std::int32_t>(call.first), 0);
    case 12: return call.fixed(static_cast<std::int32_t>(call.first), call.second);
    case 13: return call.fixed(call.first, 0);
    case 14: return call.fixed(call.first, call.second);
    case 23: return call.fixed(static_cast<std::int64_t>(call.low), 0);
    case 24: return call.fixed(static_cast<std::int64_t>(call.low), call.third);
    case 25: return call.fixed(call.low, 0);
    case 26: return call.fixed(call.low, call.third);
    case 27: return pair(toInteger<std::int64_t>(wide));
    case 28: return pair(toInteger<std::int64_t>(call.scaled()));
    case 29: return pair(toInteger<std::uint64_t>(wide));
    case 30: return pair(toInteger<std::uint64_t>(call.scaled()));
    default: break;
    }
    using Other = std::conditional_t<sizeof(Float) == 4, double, float>;
    return toResult(static_cast<Other>(call.x));
}

template<class Float>
RomRegisters function(unsigned index, const RomRegisters& arguments) {
    const Call<Float> call(arguments);
    const bool converts = (index >= 7 && index <= 14) || index >= 23;
    return converts ? convert(index, call) : arithmetic(index, call);
}

} // namespace

bool romFloatIsDocumented(unsigned index) { return index != 4 && index != 5; }

RomRegisters romFloat(unsigned index, const RomRegisters& arguments) { return function<float>(index, arguments); }

RomRegisters romDouble(unsigned index, const RomRegisters& arguments) { return function<double>(index, arguments); }

} // namespace simprof
