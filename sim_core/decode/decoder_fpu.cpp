// SPDX-License-Identifier: GPL-2.0-or-later
/// FPv4-SP and FPv5 encodings (Arm DDI 0403, A6).
#include "sim_core/decode/decoder_fields.h"

namespace simprof::decoding {
namespace {

/// A register field of four bits and its fifth: S registers have it at the bottom, D registers at the top.
unsigned fpNumber(std::uint32_t op, unsigned low, unsigned extra, bool isDouble) {
    const unsigned four = bits(op, low + 3, low), one = bit(op, extra) ? 1u : 0u;
    return isDouble ? one << 4 | four : four << 1 | one;
}

/// S0 to S31, a bit each, and one for D16 to D31, which no Cortex-M FPU has.
using FpSet = std::uint64_t;
constexpr FpSet kMissing = FpSet{1} << 32;
FpSet fpSet(unsigned n, bool isDouble) { return !isDouble ? sreg(n) : n < 16 ? dreg(n) : kMissing; }

struct Operands {
    FpSet d, n, m;
};
Operands operands(std::uint32_t op, bool dDouble, bool mDouble) {
    return {fpSet(fpNumber(op, 12, 22, dDouble), dDouble), fpSet(fpNumber(op, 16, 7, dDouble), dDouble),
            fpSet(fpNumber(op, 0, 5, mDouble), mDouble)};
}

void addFp(DecodedInsn& d, FpSet writes, FpSet reads) {
    d.fpWrites |= static_cast<std::uint32_t>(writes);
    d.fpReads |= static_cast<std::uint32_t>(reads);
    d.undefinedOnCore |= ((writes | reads) & kMissing) != 0;
}

void setFp(DecodedInsn& d, InsnClass kind, FpSet writes, FpSet reads) {
    d.kind = kind;
    addFp(d, writes, reads);
}

/// One-operand operations and conversions (opc1 = 1x11).
void unary(DecodedInsn& d, std::uint32_t op) {
    const bool isDouble = bit(op, 8), top = bit(op, 7);
    const Operands same = operands(op, isDouble, isDouble);
    if (!bit(op, 6)) { // VMOV immediate
        return setFp(d, InsnClass::FpAlu, same.d, 0);
    }
    switch (bits(op, 19, 16)) {
    case 0: // VMOV, VABS
        return setFp(d, InsnClass::FpAlu, same.d, same.m);
    case 1: // VNEG, VSQRT
        return setFp(d, top ? InsnClass::FpSqrt : InsnClass::FpAlu, same.d, same.m);
    case 2: // VCVTB, VCVTT: half to single or double
        return setFp(d, InsnClass::FpAlu, same.d, operands(op, isDouble, false).m);
    case 3: { // VCVTB, VCVTT to half: the other half of Sd stays
        const Operands half = operands(op, false, isDouble);
        return setFp(d, InsnClass::FpAlu, half.d, half.d | half.m);
    }
    case 4: // VCMP
        return setFp(d, InsnClass::FpAlu, 0, same.d | same.m);
    case 5: // VCMP with zero
        return setFp(d, InsnClass::FpAlu, 0, same.d);
    case 6: // VRINTR, VRINTZ (FPv5)
        setFp(d, InsnClass::FpAlu, same.d, same.m);
        return;
    case 7: // VRINTX (FPv5), VCVT between single and double
        setFp(d, InsnClass::FpAlu, top ? operands(op, !isDouble, isDouble).d : same.d, same.m);
        d.doublePrecision = isDouble || top;
        return;
    case 8: // VCVT from integer: Sm
        return setFp(d, InsnClass::FpAlu, same.d, operands(op, isDouble, false).m);
    case 10:
    case 11:
    case 14:
    case 15: // VCVT fixed point, in place
        return setFp(d, InsnClass::FpAlu, same.d, same.d);
    case 12:
    case 13: // VCVT to integer: Sd
        return setFp(d, InsnClass::FpAlu, operands(op, false, isDouble).d, same.m);
    default: return makeUndefined(d);
    }
}

/// Data processing common to FPv4 and FPv5 (A6.4).
void arithmetic(DecodedInsn& d, std::uint32_t op) {
    const bool isDouble = bit(op, 8);
    const Operands o = operands(op, isDouble, isDouble);
    d.doublePrecision = isDouble;
    switch (bits(op, 23, 20) & 0xB) {
    case 0:
    case 1:
    case 9:
    case 10: // VMLA, VNMLA, VFNMA, VFMA and their like
        setFp(d, InsnClass::FpMac, o.d, o.d | o.n | o.m);
        d.fpAccumulators = d.fpWrites;
        return;
    case 2: // VMUL, VNMUL
        return setFp(d, InsnClass::FpMul, o.d, o.n | o.m);
    case 3: // VADD, VSUB
        return setFp(d, InsnClass::FpAlu, o.d, o.n | o.m);
    case 8: // VDIV
        return bit(op, 6) ? makeUndefined(d) : setFp(d, InsnClass::FpDivide, o.d, o.n | o.m);
    default: return unary(d, op);
    }
}

/// VSEL, VMAXNM, VMINNM, VRINTA…, VCVTA…: FPv5 only.
void arithmeticV5(DecodedInsn& d, std::uint32_t op) {
    const bool isDouble = bit(op, 8);
    const Operands o = operands(op, isDouble, isDouble);
    d.doublePrecision = isDouble;
    const unsigned opc1 = bits(op, 23, 20) & 0xB, opc2 = bits(op, 19, 16);
    if (opc1 < 4 && !bit(op, 6)) { // VSEL
        setFp(d, InsnClass::FpAlu, o.d, o.n | o.m);
        d.readsFlags = true;
    } else if (opc1 == 8) { // VMAXNM, VMINNM
        setFp(d, InsnClass::FpAlu, o.d, o.n | o.m);
    } else if (opc1 == 11 && opc2 >= 8 && opc2 < 12 && bits(op, 7, 6) == 1) { // VRINT
        setFp(d, InsnClass::FpAlu, o.d, o.m);
    } else if (opc1 == 11 && opc2 >= 12 && bit(op, 6)) { // VCVT
        setFp(d, InsnClass::FpAlu, operands(op, false, isDouble).d, o.m);
    } else {
        makeUndefined(d);
    }
}

/// VLDR, VSTR, VLDM, VSTM, VPUSH, VPOP, VMOV of two core registers (A6.5, A6.7).
void loadStore(DecodedInsn& d, std::uint32_t op) {
    const bool indexed = bit(op, 24), up = bit(op, 23), writeBack = bit(op, 21), load = bit(op, 20),
               isDouble = bit(op, 8);
    const unsigned rn = bits(op, 19, 16), first = fpNumber(op, 12, 22, isDouble);
    if (!indexed && !up && !writeBack) { // VMOV Rt, Rt2 and Dm or Sm, Sm1
        if (!bit(op, 22) || bits(op, 7, 6) != 0 || !bit(op, 4)) {
            return makeUndefined(d);
        }
        const unsigned m = fpNumber(op, 0, 5, isDouble);
        const FpSet fp = fpSet(m, isDouble) | (!isDouble && m < 31 ? sreg(m + 1) : 0);
        const std::uint16_t core = reg(bits(op, 15, 12)) | reg(rn);
        d.kind = InsnClass::FpMoveCore;
        (load ? d.writes : d.reads) |= core;
        return addFp(d, load ? 0 : fp, load ? fp : 0);
    }
    const std::uint16_t address = rn == kPc ? std::uint16_t{0} : reg(rn);
    unsigned count = 1;
    if (!indexed || writeBack) {
        count = isDouble ? bits(op, 7, 0) / 2 : bits(op, 7, 0);
        if (indexed == up || count == 0 || first + count > (isDouble ? 16u : 32u)) {
            return makeUndefined(d);
        }
        d.kind = load ? InsnClass::FpLoadMultiple : InsnClass::FpStoreMultiple;
        if (writeBack) {
            setWriteBack(d, rn);
        }
    } else {
        d.kind = load ? InsnClass::FpLoad : InsnClass::FpStore;
        d.literal = rn == kPc;
    }
    setAccess(d, !load, count, isDouble ? 8 : 4, address);
    d.alignedOnly = true;
    for (unsigned i = 0; i < count; ++i) {
        const FpSet one = fpSet(first + i, isDouble);
        addFp(d, load ? one : 0, load ? 0 : one);
    }
}

/// VMOV of one core register, VMRS, VMSR (A6.6).
void transfer(DecodedInsn& d, std::uint32_t op) {
    const bool toCore = bit(op, 20), scalar = bit(op, 8);
    const unsigned opc1 = bits(op, 23, 21), rt = bits(op, 15, 12);
    d.kind = InsnClass::FpMoveCore;
    if (opc1 == 7 && !scalar) { // VMRS, VMSR
        if (toCore && rt == kPc) {
            d.setsFlags = true;
        } else {
            (toCore ? d.writes : d.reads) |= reg(rt);
        }
        return;
    }
    if (scalar ? opc1 > 1 : opc1 != 0) {
        return makeUndefined(d);
    }
    const unsigned n = fpNumber(op, 16, 7, scalar);
    const FpSet fp = !scalar ? sreg(n) : n < 16 ? sreg(2 * n + opc1) : kMissing;
    (toCore ? d.writes : d.reads) |= reg(rt);
    addFp(d, toCore ? 0 : fp, toCore ? fp : 0);
}

} // namespace

void decodeCoprocessor(DecodedInsn& d, std::uint32_t op, const CoreDesc& core) {
    const unsigned coprocessor = bits(op, 11, 8);
    const bool v5Group = bit(op, 28); // 1111 11…
    const bool fp = coprocessor == 10 || coprocessor == 11;
    if (!fp || !core.fpu || bits(op, 25, 24) == 3) {
        makeUndefined(d);
        d.noCoprocessor = core.kind->isV7();
        return;
    }
    d.usesFpu = true;
    if (bits(op, 25, 24) != 2) {
        v5Group ? makeUndefined(d) : loadStore(d, op);
    } else if (v5Group) {
        bit(op, 4) ? makeUndefined(d) : arithmeticV5(d, op);
    } else {
        bit(op, 4) ? transfer(d, op) : arithmetic(d, op);
    }
    const bool fpv5 = core.kind->fpu == FpuVersion::V5;
    const bool rounds = !v5Group && d.kind == InsnClass::FpAlu && (bits(op, 23, 20) & 0xB) == 11 && bit(op, 6) &&
                        (bits(op, 19, 16) == 6 || (bits(op, 19, 16) == 7 && !bit(op, 7)));
    d.undefinedOnCore |= (d.doublePrecision && !core.doublePrecision) || (!fpv5 && (v5Group || rounds));
}

} // namespace simprof::decoding
