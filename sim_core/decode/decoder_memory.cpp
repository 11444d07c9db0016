// SPDX-License-Identifier: GPL-2.0-or-later
/// 32-bit loads and stores, exclusives and table branches (Arm DDI 0403, A5.3.5 to A5.3.10).
#include "sim_core/decode/decoder_fields.h"

namespace simprof::decoding {
namespace {

/// LDM, STM (A5.3.5).
void multiple(DecodedInsn& d, std::uint32_t op) {
    const unsigned mode = bits(op, 24, 23), rn = bits(op, 19, 16);
    const bool load = bit(op, 20);
    if (mode == 0 || mode == 3 || rn == kPc || bits(op, 15, 0) == 0) {
        return makeUndefined(d);
    }
    setMultiple(d, !load, static_cast<std::uint16_t>(bits(op, 15, 0)), rn, bit(op, 21));
}

/// STREX, LDREX and the byte and halfword forms.
void exclusive(DecodedInsn& d, bool load, unsigned size, unsigned rt, unsigned status, unsigned rn) {
    setSingle(d, !load, size, rt, reg(rn));
    d.kind = load ? InsnClass::LoadExclusive : InsnClass::StoreExclusive;
    d.alignedOnly = true;
    if (!load) {
        d.writes |= reg(status);
    }
}

/// TBB, TBH: a load of a byte or halfword that becomes the branch.
void tableBranch(DecodedInsn& d, unsigned size, unsigned rn, unsigned rm) {
    d.kind = InsnClass::TableBranch;
    const std::uint16_t base = rn == kPc ? std::uint16_t{0} : reg(rn);
    setAccess(d, false, 1, size, static_cast<std::uint16_t>(base | reg(rm)));
    d.literal = rn == kPc;
    d.registerOffset = true;
    d.writes = reg(kPc);
}

/// LDRD, STRD, exclusives, table branches (A5.3.6).
void dualOrExclusive(DecodedInsn& d, std::uint32_t op) {
    const bool indexed = bit(op, 24), writeBack = bit(op, 21), load = bit(op, 20);
    const unsigned rn = bits(op, 19, 16), rt = bits(op, 15, 12), rt2 = bits(op, 11, 8), rm = bits(op, 3, 0);
    if (indexed || writeBack) {
        if (op == 0xE97FE97Fu) { // SG of Armv8-M
            return makeUndefined(d);
        }
        setAccess(d, !load, 2, 4, rn == kPc ? std::uint16_t{0} : reg(rn));
        d.kind = load ? InsnClass::LoadPair : InsnClass::StorePair;
        d.literal = rn == kPc;
        d.alignedOnly = true;
        const std::uint16_t data = reg(rt) | reg(rt2);
        if (load) {
            d.writes |= data;
        } else {
            d.storeDataRegs = data;
            d.reads |= data;
        }
        if (writeBack) {
            setWriteBack(d, rn);
        }
        return;
    }
    if (!bit(op, 23)) { // LDREX, STREX; TT of Armv8-M has Rt = 15
        return !load && rt == kPc ? makeUndefined(d) : exclusive(d, load, 4, rt, rt2, rn);
    }
    switch (bits(op, 7, 4)) {
    case 0:
    case 1: return load ? tableBranch(d, bit(op, 4) ? 2 : 1, rn, rm) : makeUndefined(d);
    case 4:
    case 5: return exclusive(d, load, bit(op, 4) ? 2 : 1, rt, rm, rn);
    default: // LDREXD of other profiles; LDA, STL of Armv8-M
        return makeUndefined(d);
    }
}

/// Loads and stores of one register (A5.3.7 to A5.3.10), and the preload hints.
void single(DecodedInsn& d, std::uint32_t op) {
    const bool load = bit(op, 20), isSigned = bit(op, 24), longImmediate = bit(op, 23);
    const unsigned sizeBits = bits(op, 22, 21), rn = bits(op, 19, 16), rt = bits(op, 15, 12);
    const unsigned size = 1u << sizeBits;
    if (sizeBits == 3 || (isSigned && (!load || size == 4)) || (!load && rn == kPc)) {
        return makeUndefined(d);
    }
    const std::uint16_t base = rn == kPc ? std::uint16_t{0} : reg(rn);
    std::uint16_t address = base;
    int writeBack = -1;
    if (rn != kPc && !longImmediate) {
        if (bits(op, 11, 6) == 0) {
            address |= reg(bits(op, 3, 0));
            d.registerOffset = true;
        } else if (!bit(op, 11) || (!bit(op, 10) && !bit(op, 8))) {
            return makeUndefined(d);
        } else if (bit(op, 8)) {
            writeBack = static_cast<int>(rn);
        }
    }
    if (load && rt == kPc && size != 4) { // PLD, PLI: no access
        if (writeBack >= 0) {
            return makeUndefined(d);
        }
        d.kind = InsnClass::Preload;
        d.reads |= address;
        d.addressRegs = address;
        return;
    }
    setSingle(d, !load, size, rt, address);
    d.literal = rn == kPc;
    if (writeBack >= 0) {
        setWriteBack(d, rn);
    }
}

} // namespace

void decodeMemory32(DecodedInsn& d, std::uint32_t op) {
    if (bits(op, 31, 27) == 0x1F) {
        return single(d, op);
    }
    return bit(op, 22) ? dualOrExclusive(d, op) : multiple(d, op);
}

} // namespace simprof::decoding
