// SPDX-License-Identifier: GPL-2.0-or-later
/// 16-bit encodings (Arm DDI 0403, A5.2; DDI 0419, A5.2).
#include "sim_core/decode/decoder_fields.h"

namespace simprof::decoding {
namespace {

void setAlu(DecodedInsn& d, InsnClass kind, std::uint16_t writes, std::uint16_t reads, bool flags) {
    d.kind = kind;
    d.writes = writes;
    d.reads |= reads;
    d.setsFlags = flags;
}

/// 00xxxx: shift, add, subtract, move and compare.
void shiftAddMove(DecodedInsn& d, std::uint32_t op, bool flags) {
    const auto rd3 = reg(bits(op, 2, 0)), rn3 = reg(bits(op, 5, 3)), rd8 = reg(bits(op, 10, 8));
    switch (bits(op, 13, 11)) {
    case 0: // LSL #0 is MOVS
    case 1:
    case 2:
        setAlu(d, bits(op, 12, 6) == 0 ? InsnClass::Alu : InsnClass::Shift, rd3, rn3, flags);
        d.shiftedRegs = d.kind == InsnClass::Shift ? rn3 : 0;
        break;
    case 3: // ADD, SUB with register or 3-bit immediate
        setAlu(d, InsnClass::Alu, rd3, bit(op, 10) ? rn3 : rn3 | reg(bits(op, 8, 6)), flags);
        break;
    case 4: // MOV
        setAlu(d, InsnClass::Alu, rd8, 0, flags);
        break;
    case 5: // CMP
        setAlu(d, InsnClass::Alu, 0, rd8, true);
        break;
    default: // ADD, SUB
        setAlu(d, InsnClass::Alu, rd8, rd8, flags);
    }
}

/// 010000: data processing on two low registers.
void dataProcessing(DecodedInsn& d, std::uint32_t op, bool flags) {
    const auto rd = reg(bits(op, 2, 0)), rm = reg(bits(op, 5, 3));
    const std::uint16_t both = rd | rm;
    switch (bits(op, 9, 6)) {
    case 2: // LSL
    case 3: // LSR
    case 4: // ASR
    case 7: // ROR
        setAlu(d, InsnClass::Shift, rd, both, flags);
        d.shiftedRegs = both;
        break;
    case 5: // ADC
    case 6: // SBC
        setAlu(d, InsnClass::Alu, rd, both, flags);
        d.readsFlags = true;
        break;
    case 8:  // TST
    case 10: // CMP
    case 11: // CMN
        setAlu(d, InsnClass::Alu, 0, both, true);
        break;
    case 9:  // RSB #0
    case 15: // MVN
        setAlu(d, InsnClass::Alu, rd, rm, flags);
        break;
    case 13: // MUL
        setAlu(d, InsnClass::Mul, rd, both, flags);
        break;
    default: // AND, EOR, ORR, BIC
        setAlu(d, InsnClass::Alu, rd, both, flags);
    }
}

/// 010001: ADD, CMP, MOV with high registers, BX, BLX.
void specialData(DecodedInsn& d, std::uint32_t op) {
    const unsigned rdn = bits(op, 2, 0) | (bit(op, 7) ? 8u : 0u), rm = bits(op, 6, 3);
    switch (bits(op, 9, 8)) {
    case 0: // ADD
        setAlu(d, rdn == kPc ? InsnClass::IndirectBranch : InsnClass::Alu, reg(rdn), reg(rdn) | reg(rm), false);
        break;
    case 1: // CMP
        setAlu(d, InsnClass::Alu, 0, reg(rdn) | reg(rm), true);
        break;
    case 2: // MOV
        setAlu(d, rdn == kPc ? InsnClass::IndirectBranch : InsnClass::Alu, reg(rdn), reg(rm), false);
        break;
    default: // BX, BLX
        if (bits(op, 2, 0) != 0 || rm == kPc) {
            if (bits(op, 2, 0) != 0) {
                return makeUndefined(d); // BXNS, BLXNS of Armv8-M
            }
        }
        setAlu(d, bit(op, 7) ? InsnClass::IndirectCall : InsnClass::IndirectBranch,
               bit(op, 7) ? reg(kPc) | reg(kLr) : reg(kPc), reg(rm), false);
    }
}

/// 0101xx: load and store with register offset.
void registerOffset(DecodedInsn& d, std::uint32_t op) {
    static constexpr std::uint8_t kSize[8] = {4, 2, 1, 1, 4, 2, 1, 2}; // STR STRH STRB LDRSB LDR LDRH LDRB LDRSH
    const unsigned which = bits(op, 11, 9);
    setSingle(d, which < 3, kSize[which], bits(op, 2, 0), reg(bits(op, 5, 3)) | reg(bits(op, 8, 6)));
    d.registerOffset = true;
}

/// 011xxx, 1000xx, 1001xx: load and store with immediate offset.
void immediateOffset(DecodedInsn& d, std::uint32_t op) {
    const bool store = !bit(op, 11);
    switch (bits(op, 15, 12)) {
    case 6: return setSingle(d, store, 4, bits(op, 2, 0), reg(bits(op, 5, 3)));
    case 7: return setSingle(d, store, 1, bits(op, 2, 0), reg(bits(op, 5, 3)));
    case 8: return setSingle(d, store, 2, bits(op, 2, 0), reg(bits(op, 5, 3)));
    default: return setSingle(d, store, 4, bits(op, 10, 8), reg(kSp));
    }
}

/// 1011 1111: IT and the hints.
void itOrHint(DecodedInsn& d, std::uint32_t op, const CoreDesc& core) {
    const bool v6m = !core.kind->isV7();
    if (bits(op, 3, 0) != 0) {
        d.kind = InsnClass::It;
        d.undefinedOnCore = v6m;
        return;
    }
    const unsigned hint = bits(op, 7, 4); // 0 NOP, 1 YIELD, 2 WFE, 3 WFI, 4 SEV; others execute as NOP
    d.kind = hint >= 1 && hint <= 4 ? InsnClass::Hint : InsnClass::Nop;
}

/// 1011xx: miscellaneous.
void miscellaneous(DecodedInsn& d, std::uint32_t op, const CoreDesc& core) {
    const bool v6m = !core.kind->isV7();
    const auto rd = reg(bits(op, 2, 0)), rm = reg(bits(op, 5, 3));
    switch (bits(op, 11, 8)) {
    case 0: // ADD, SUB SP
        return setAlu(d, InsnClass::Alu, reg(kSp), reg(kSp), false);
    case 2: // SXTH, SXTB, UXTH, UXTB
        return setAlu(d, InsnClass::Extend, rd, rm, false);
    case 1:
    case 3:
    case 9:
    case 11: // CBZ, CBNZ
        setAlu(d, InsnClass::CondBranch, reg(kPc), rd, false);
        d.undefinedOnCore = v6m;
        return;
    case 4:
    case 5: // PUSH
        return setMultiple(d, true, static_cast<std::uint16_t>(bits(op, 7, 0) | (bit(op, 8) ? reg(kLr) : 0)), kSp,
                           true);
    case 12:
    case 13: // POP
        return setMultiple(d, false, static_cast<std::uint16_t>(bits(op, 7, 0) | (bit(op, 8) ? reg(kPc) : 0)), kSp,
                           true);
    case 6: // CPS
        if (bits(op, 7, 5) != 3 || bits(op, 3, 2) != 0) {
            return makeUndefined(d);
        }
        d.kind = InsnClass::StatusMove;
        return;
    case 10: // REV, REV16, REVSH
        if (bits(op, 7, 6) == 2) {
            return makeUndefined(d);
        }
        return setAlu(d, InsnClass::Alu, rd, rm, false);
    case 14: d.kind = InsnClass::Bkpt; return;
    case 15: return itOrHint(d, op, core);
    default: return makeUndefined(d);
    }
}

/// 1101xx, 11100x: conditional branch, UDF, SVC, branch.
void branchOrSvc(DecodedInsn& d, std::uint32_t op) {
    const unsigned condition = bits(op, 11, 8);
    if (bits(op, 15, 11) == 0x1C) {
        d.kind = InsnClass::Branch;
        d.writes = reg(kPc);
    } else if (condition == 14) {
        makeUndefined(d);
    } else if (condition == 15) {
        d.kind = InsnClass::Svc;
    } else {
        d.kind = InsnClass::CondBranch;
        d.condition = static_cast<std::uint8_t>(condition);
        d.writes = reg(kPc);
        d.readsFlags = true;
    }
}

} // namespace

void decode16(DecodedInsn& d, std::uint32_t op, const Context& context) {
    const bool flags = !context.inIt; // inside IT the 16-bit forms leave the flags alone
    switch (bits(op, 15, 11)) {
    case 0x00:
    case 0x01:
    case 0x02:
    case 0x03:
    case 0x04:
    case 0x05:
    case 0x06:
    case 0x07: return shiftAddMove(d, op, flags);
    case 0x08: return bit(op, 10) ? specialData(d, op) : dataProcessing(d, op, flags);
    case 0x09: // LDR literal
        setSingle(d, false, 4, bits(op, 10, 8), 0);
        d.literal = true;
        return;
    case 0x0A:
    case 0x0B: return registerOffset(d, op);
    case 0x0C:
    case 0x0D:
    case 0x0E:
    case 0x0F:
    case 0x10:
    case 0x11:
    case 0x12:
    case 0x13: return immediateOffset(d, op);
    case 0x14: // ADR
        return setAlu(d, InsnClass::Alu, reg(bits(op, 10, 8)), 0, false);
    case 0x15: // ADD Rd, SP
        return setAlu(d, InsnClass::Alu, reg(bits(op, 10, 8)), reg(kSp), false);
    case 0x16:
    case 0x17: return miscellaneous(d, op, *context.core);
    case 0x18:
    case 0x19: // STM, LDM
        return setMultiple(d, !bit(op, 11), static_cast<std::uint16_t>(bits(op, 7, 0)), bits(op, 10, 8), true);
    default: return branchOrSvc(d, op);
    }
}

} // namespace simprof::decoding
