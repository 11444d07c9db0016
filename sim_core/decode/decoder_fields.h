// SPDX-License-Identifier: GPL-2.0-or-later
/// What the parts of the decoder share: bit fields and register sets.
#pragma once
#include "sim_core/decode/decoder.h"

#include <bit>

namespace simprof::decoding {

inline constexpr unsigned kSp = 13, kLr = 14, kPc = 15;

/// Bits `high`…`low` of `value`.
constexpr unsigned bits(std::uint32_t value, unsigned high, unsigned low) {
    return (value >> low) & ((2u << (high - low)) - 1u);
}
constexpr bool bit(std::uint32_t value, unsigned n) { return (value >> n) & 1u; }
constexpr std::uint16_t reg(unsigned n) { return static_cast<std::uint16_t>(1u << n); }

/// Sets of single-precision registers: S`n`, D`n` (two of them; D16 and up do not exist here and give none).
constexpr std::uint32_t sreg(unsigned n) { return 1u << n; }
constexpr std::uint32_t dreg(unsigned n) { return n < 16 ? 3u << (2 * n) : 0u; }

/// One instruction on its way: the fields that a decoder fills, and whether it stands inside an IT block.
struct Context {
    Address address = 0;
    bool inIt = false;
    const CoreDesc* core = nullptr;
};

inline void makeUndefined(DecodedInsn& d) {
    d.kind = InsnClass::Undefined;
    d.undefinedOnCore = true;
}

/// `count` accesses of `size` bytes through address registers `address`.
inline void setAccess(DecodedInsn& d, bool store, unsigned count, unsigned size, std::uint16_t address) {
    d.store = store;
    d.accessCount = static_cast<std::uint8_t>(count);
    d.accessSize = static_cast<std::uint8_t>(size);
    d.addressRegs = address;
    d.reads |= address;
}

inline void setWriteBack(DecodedInsn& d, unsigned base) {
    d.baseWriteBack = static_cast<std::int8_t>(base);
    d.writes |= reg(base);
}

/// A load or store of one register.
inline void setSingle(DecodedInsn& d, bool store, unsigned size, unsigned rt, std::uint16_t address) {
    d.kind = store ? InsnClass::Store : InsnClass::Load;
    setAccess(d, store, 1, size, address);
    if (store) {
        d.storeDataRegs = reg(rt);
        d.reads |= reg(rt);
    } else {
        d.writes |= reg(rt);
        d.loadsPc = rt == kPc;
    }
}

/// LDM, STM, PUSH, POP of the register set `list`.
inline void setMultiple(DecodedInsn& d, bool store, std::uint16_t list, unsigned base, bool writeBack) {
    d.kind = store ? InsnClass::StoreMultiple : InsnClass::LoadMultiple;
    setAccess(d, store, static_cast<unsigned>(std::popcount(list)), 4, reg(base));
    d.alignedOnly = true;
    if (store) {
        d.storeDataRegs = list;
        d.reads |= list;
    } else {
        d.writes |= list;
        d.loadsPc = bit(list, kPc);
    }
    if (writeBack && (store || !bit(list, base))) {
        setWriteBack(d, base);
    }
}

void decode16(DecodedInsn& d, std::uint32_t op, const Context& context);
void decode32(DecodedInsn& d, std::uint32_t op, const Context& context);
/// Load, store and table-branch encodings of 32 bits.
void decodeMemory32(DecodedInsn& d, std::uint32_t op);
/// Coprocessor encodings: the FPU, or nothing.
void decodeCoprocessor(DecodedInsn& d, std::uint32_t op, const CoreDesc& core);

} // namespace simprof::decoding
