// SPDX-License-Identifier: GPL-2.0-or-later
/// 32-bit encodings but those of memory and FPU (Arm DDI 0403, A5.3).
#include "sim_core/decode/decoder_fields.h"

namespace simprof::decoding {
namespace {

/// Data processing with shifted register (A5.3.11) and with modified immediate (A5.3.1): one set of operations.
void dataProcessing(DecodedInsn& d, std::uint32_t op, bool immediate) {
    const unsigned operation = bits(op, 24, 21), rn = bits(op, 19, 16), rd = bits(op, 11, 8), rm = bits(op, 3, 0);
    const bool setFlags = bit(op, 20);
    const bool shifted = !immediate && (bits(op, 14, 12) != 0 || bits(op, 7, 4) != 0);
    d.kind = shifted ? InsnClass::AluShifted : InsnClass::Alu;
    d.setsFlags = setFlags;
    if (!immediate) {
        d.reads |= reg(rm);
        d.shiftedRegs = shifted ? reg(rm) : 0;
        d.readsFlags = shifted && bits(op, 5, 4) == 3 && bits(op, 14, 12) == 0 && bits(op, 7, 6) == 0; // RRX
    }
    const bool moves = (operation == 2 || operation == 3) && rn == kPc; // MOV, MVN
    const bool compares =
        rd == kPc && setFlags && (operation == 0 || operation == 4 || operation == 8 || operation == 13);
    if (!moves) {
        d.reads |= reg(rn);
    }
    if (!compares) {
        d.writes |= reg(rd);
    }
    switch (operation) {
    case 0:
    case 1:
    case 3:
    case 4:
    case 8:
    case 13:
    case 14: // AND BIC ORN EOR ADD SUB RSB
        break;
    case 2: // ORR; MOV with a shift is a shift instruction
        if (moves && shifted) {
            d.kind = InsnClass::Shift;
        }
        break;
    case 10:
    case 11: // ADC SBC
        d.readsFlags = true;
        break;
    case 6: // PKHBT, PKHTB
        if (immediate || setFlags) {
            return makeUndefined(d);
        }
        d.kind = InsnClass::Dsp;
        break;
    default: return makeUndefined(d);
    }
}

/// Data processing with plain immediate (A5.3.3): MOVW, MOVT, ADDW, bit fields, saturation.
void plainImmediate(DecodedInsn& d, std::uint32_t op) {
    const unsigned rn = bits(op, 19, 16), rd = bits(op, 11, 8);
    d.writes |= reg(rd);
    switch (bits(op, 24, 20)) {
    case 0x00:
    case 0x0A: // ADDW, SUBW, ADR
        d.kind = InsnClass::Alu;
        d.reads |= rn == kPc ? 0 : reg(rn);
        break;
    case 0x04: // MOVW
        d.kind = InsnClass::Alu;
        break;
    case 0x0C: // MOVT
        d.kind = InsnClass::Alu;
        d.reads |= reg(rd);
        break;
    case 0x10:
    case 0x12:
    case 0x18:
    case 0x1A: // SSAT, SSAT16, USAT, USAT16
        d.kind = InsnClass::Saturate;
        d.reads |= reg(rn);
        d.shiftedRegs = bits(op, 14, 12) != 0 || bits(op, 7, 6) != 0 ? reg(rn) : 0;
        break;
    case 0x14:
    case 0x1C: // SBFX, UBFX
        d.kind = InsnClass::Bitfield;
        d.reads |= reg(rn);
        break;
    case 0x16: // BFI, BFC
        d.kind = InsnClass::Bitfield;
        d.reads |= rn == kPc ? reg(rd) : reg(rd) | reg(rn);
        break;
    default: makeUndefined(d);
    }
}

/// MSR, MRS, hints, barriers, UDF (A5.3.4).
void control(DecodedInsn& d, std::uint32_t op, bool v6m) {
    const unsigned which = bits(op, 26, 20);
    d.undefinedOnCore = false;            // the few 32-bit encodings of Armv6-M
    if (which == 0x38 || which == 0x39) { // MSR
        d.kind = InsnClass::StatusMove;
        d.reads = reg(bits(op, 19, 16));
        d.setsFlags = bits(op, 7, 0) <= 3;
    } else if (which == 0x3E || which == 0x3F) { // MRS
        d.kind = InsnClass::StatusMove;
        d.writes = reg(bits(op, 11, 8));
        d.readsFlags = bits(op, 7, 0) <= 3;
    } else if (which == 0x3A) { // NOP.W and its like
        const unsigned hint = bits(op, 7, 0);
        if (bits(op, 10, 8) != 0 || v6m) {
            return makeUndefined(d);
        }
        d.kind = hint >= 1 && hint <= 4 ? InsnClass::Hint : InsnClass::Nop;
    } else if (which == 0x3B) {
        const unsigned barrier = bits(op, 7, 4); // 2 CLREX, 4 DSB, 5 DMB, 6 ISB
        if (barrier != 2 && (barrier < 4 || barrier > 6)) {
            return makeUndefined(d);
        }
        d.kind = barrier == 2 ? InsnClass::StatusMove : InsnClass::Barrier;
        d.undefinedOnCore = v6m && barrier == 2;
    } else {
        makeUndefined(d);
    }
}

/// Branches and miscellaneous control (A5.3.4).
void branchOrControl(DecodedInsn& d, std::uint32_t op, bool v6m) {
    if (bit(op, 14) && bit(op, 12)) { // BL
        d.kind = InsnClass::Call;
        d.writes = reg(kPc) | reg(kLr);
    } else if (bit(op, 14)) { // BLX to Arm code
        makeUndefined(d);
    } else if (bit(op, 12)) { // B.W
        d.kind = InsnClass::Branch;
        d.writes = reg(kPc);
        d.undefinedOnCore = v6m;
    } else if (bits(op, 25, 23) != 7) { // Bcc.W
        d.kind = InsnClass::CondBranch;
        d.condition = static_cast<std::uint8_t>(bits(op, 25, 22));
        d.writes = reg(kPc);
        d.readsFlags = true;
        d.undefinedOnCore = v6m;
    } else {
        control(d, op, v6m);
    }
}

/// Shifts by register, extends, parallel add and subtract, REV, SEL, CLZ (A5.3.12 to A5.3.15).
void registerOps(DecodedInsn& d, std::uint32_t op) {
    const unsigned op1 = bits(op, 23, 20), op2 = bits(op, 7, 4), rn = bits(op, 19, 16), rm = bits(op, 3, 0);
    if (bits(op, 15, 12) != 15) {
        return makeUndefined(d);
    }
    d.writes |= reg(bits(op, 11, 8));
    d.reads |= reg(rm);
    if (op1 < 8 && op2 == 0) { // LSL, LSR, ASR, ROR
        d.kind = InsnClass::Shift;
        d.reads |= reg(rn);
        d.shiftedRegs = reg(rn) | reg(rm);
        d.setsFlags = bit(op1, 0);
    } else if (op1 < 6 && bit(op2, 3)) { // SXTH … UXTAB
        if (bit(op2, 2)) {
            return makeUndefined(d);
        }
        d.kind = rn == kPc ? InsnClass::Extend : InsnClass::ExtendAdd;
        d.shiftedRegs = rn == kPc ? 0 : reg(rm);
        d.reads |= rn == kPc ? 0 : reg(rn);
    } else if (op1 >= 8 && !bit(op2, 3)) { // SADD16 … UHSUB8
        if (op1 == 11 || op1 == 15 || (op2 & 3) == 3) {
            return makeUndefined(d);
        }
        d.kind = InsnClass::Dsp;
        d.reads |= reg(rn);
        d.setsFlags = (op2 & 3) == 0;  // GE bits
    } else if (op1 == 8 && op2 < 12) { // QADD, QDADD, QSUB, QDSUB
        d.kind = InsnClass::Saturate;
        d.reads |= reg(rn);
    } else if (op1 == 9 && op2 < 12) { // REV, REV16, RBIT, REVSH
        d.kind = InsnClass::Alu;
    } else if (op1 == 10 && op2 == 8) { // SEL
        d.kind = InsnClass::Dsp;
        d.reads |= reg(rn);
        d.readsFlags = true;
    } else if (op1 == 11 && op2 == 8) { // CLZ
        d.kind = InsnClass::Alu;
    } else {
        makeUndefined(d);
    }
}

/// MUL, MLA, SMLAxy, SMLAD, SMMLA, USAD8 … (A5.3.16).
void multiply(DecodedInsn& d, std::uint32_t op) {
    static constexpr std::uint16_t kAllowed[8] = {0x0003, 0x000F, 0x0003, 0x0003, 0x0003, 0x0003, 0x0003, 0x0001};
    const unsigned op1 = bits(op, 22, 20), op2 = bits(op, 7, 4), ra = bits(op, 15, 12);
    if (!bit(kAllowed[op1], op2)) {
        return makeUndefined(d);
    }
    d.writes |= reg(bits(op, 11, 8));
    d.reads |= reg(bits(op, 19, 16)) | reg(bits(op, 3, 0));
    const bool accumulates = ra != kPc;
    if (accumulates) {
        d.accumulatorRegs = reg(ra);
        d.reads |= reg(ra);
    }
    d.kind = op1 == 7 ? InsnClass::Dsp : accumulates ? InsnClass::Mac : InsnClass::Mul;
}

/// SMULL, SDIV, SMLAL, SMLALD, UMAAL … (A5.3.17).
void longMultiply(DecodedInsn& d, std::uint32_t op) {
    const unsigned op1 = bits(op, 22, 20), op2 = bits(op, 7, 4);
    const auto low = reg(bits(op, 15, 12)), high = reg(bits(op, 11, 8));
    d.reads |= reg(bits(op, 19, 16)) | reg(bits(op, 3, 0));
    if (op1 == 1 || op1 == 3) { // SDIV, UDIV
        d.kind = InsnClass::Divide;
        d.writes |= high;
        if (op2 != 15) {
            makeUndefined(d);
        }
        return;
    }
    d.writes |= low | high;
    if ((op1 == 0 || op1 == 2) && op2 == 0) { // SMULL, UMULL
        d.kind = InsnClass::MulLong;
        return;
    }
    const bool smlal = op1 == 4 && (op2 == 0 || (op2 >= 8 && op2 <= 13)), smlsld = op1 == 5 && (op2 == 12 || op2 == 13);
    const bool umlal = op1 == 6 && (op2 == 0 || op2 == 6);
    if (!smlal && !smlsld && !umlal) {
        return makeUndefined(d);
    }
    d.kind = InsnClass::MacLong;
    d.accumulatorRegs = low | high;
    d.reads |= low | high;
}

} // namespace

void decode32(DecodedInsn& d, std::uint32_t op, const Context& context) {
    const bool v6m = !context.core->kind->isV7();
    d.undefinedOnCore = v6m; // Armv6-M has BL, DMB, DSB, ISB, MRS and MSR only (DDI 0419, A5.3)
    switch (bits(op, 28, 27)) {
    case 1: // 11101
        if (bit(op, 26)) {
            return decodeCoprocessor(d, op, *context.core);
        }
        return bit(op, 25) ? dataProcessing(d, op, false) : decodeMemory32(d, op);
    case 2: // 11110
        if (bit(op, 15)) {
            branchOrControl(d, op, v6m);
            if (d.kind == InsnClass::Call) {
                d.undefinedOnCore = false;
            }
            return;
        }
        return bit(op, 25) ? plainImmediate(d, op) : dataProcessing(d, op, true);
    default: // 11111
        if (bit(op, 26)) {
            return decodeCoprocessor(d, op, *context.core);
        }
        if (!bit(op, 25)) {
            return decodeMemory32(d, op);
        }
        if (!bit(op, 24)) {
            return registerOps(d, op);
        }
        return bit(op, 23) ? longMultiply(d, op) : multiply(d, op);
    }
}

} // namespace simprof::decoding
