// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/timing/cortex_m7_ops.h"
#include "sim_core/decode/decoder_fields.h"
#include "sim_core/timing/cortex_m7_state.h"

namespace simprof {
namespace {

using namespace decoding;

/// ADD, SUB, MOV, ADR with a plain operand: what the early ALU can do (J: "add, sub … mov, reg-reg or simple and
/// constructed constants").
bool isEarlyAdd(const DecodedInsn& d) {
    const std::uint32_t op = d.opcode;
    if (d.size == 2) {
        const unsigned top = bits(op, 15, 11);
        if (top == 0 || top == 3 || top == 4 || top == 6 || top == 7 || top == 0x14 || top == 0x15) {
            return true;
        }
        if (top == 8 && bit(op, 10)) { // ADD, MOV with high registers
            return bits(op, 9, 8) != 1;
        }
        return bits(op, 15, 8) == 0xB0; // ADD, SUB SP
    }
    const unsigned group = bits(op, 31, 25), operation = bits(op, 24, 21);
    if (group == 0x75 || ((op >> 27) == 0x1E && !bit(op, 15) && !bit(op, 25))) {
        return operation == 8 || operation == 13 || (operation == 2 && bits(op, 19, 16) == 15);
    }
    const unsigned plain = bits(op, 24, 20);
    return plain == 0 || plain == 0x0A || plain == 4 || plain == 0x0C; // ADDW, SUBW, MOVW, MOVT
}

/// A modified immediate that is a rotated byte, not a plain byte or a pattern: it occupies the shifter.
bool hasShiftedConstant(const DecodedInsn& d) {
    const std::uint32_t op = d.opcode;
    const bool modified = d.size == 4 && (op >> 27) == 0x1E && !bit(op, 15) && !bit(op, 25);
    return modified && (bit(op, 26) || bit(op, 14));
}

bool isReverse(const DecodedInsn& d) {
    return d.size == 2 ? bits(d.opcode, 15, 8) == 0xBA : (d.opcode & 0xFFF0F0C0u) == 0xFA90F080u;
}
bool isClz(const DecodedInsn& d) { return d.size == 4 && (d.opcode & 0xFFF0F0F0u) == 0xFAB0F080u; }

void describeAlu(const DecodedInsn& d, M7Op& op) {
    if (isReverse(d) || isClz(d)) {
        (isClz(d) ? op.late : op.early) = d.reads;
        op.slotBits |= M7Slot::BitOrDsp | (isClz(d) ? 0 : M7Slot::EarlyShifter);
        return;
    }
    op.late = static_cast<std::uint16_t>(d.reads & ~d.shiftedRegs);
    op.early = d.shiftedRegs;
    op.earlyAlu = d.kind == InsnClass::Alu && isEarlyAdd(d) && !hasShiftedConstant(d);
    if (d.kind == InsnClass::AluShifted || hasShiftedConstant(d)) {
        op.slotBits |= M7Slot::InlineShift;
    }
}

/// BFI, PKH and extend-and-add read the moved register early, the other late.
void describeBits(const DecodedInsn& d, M7Op& op) {
    op.slotBits |= M7Slot::BitOrDsp;
    const std::uint16_t rm = reg(bits(d.opcode, 3, 0));
    switch (d.kind) {
    case InsnClass::Bitfield: {
        const unsigned which = bits(d.opcode, 24, 20);
        const std::uint16_t source = static_cast<std::uint16_t>(reg(bits(d.opcode, 19, 16)) & d.reads);
        op.early = which == 0x16 ? source : d.reads;
        op.late = static_cast<std::uint16_t>(d.reads & ~op.early);
        op.slotBits |= M7Slot::EarlyShifter;
        break;
    }
    case InsnClass::ExtendAdd:
        op.early = rm;
        op.late = static_cast<std::uint16_t>(d.reads & ~rm);
        op.slotBits |= M7Slot::EarlyShifter;
        break;
    case InsnClass::Dsp:
        if ((d.opcode & 0xFFF08000u) == 0xEAC00000u) { // PKHBT, PKHTB (which reads Rn early too)
            op.early = bit(d.opcode, 5) ? d.reads : rm;
            op.late = static_cast<std::uint16_t>(d.reads & ~op.early);
            op.slotBits |= M7Slot::EarlyShifter;
            break;
        }
        [[fallthrough]];
    default:
        op.late = d.reads;
        if (d.kind == InsnClass::Saturate) {
            op.latency = 3;
        }
    }
}

void describeMultiply(const DecodedInsn& d, M7Op& op) {
    op.accumulator = d.accumulatorRegs;
    op.multiplicand = static_cast<std::uint16_t>(d.reads & ~d.accumulatorRegs);
    if (d.kind == InsnClass::Mac || d.kind == InsnClass::MacLong) { // a register may be both
        const std::uint16_t rn = reg(bits(d.opcode, 19, 16)), rm = reg(bits(d.opcode, 3, 0));
        op.multiplicand = rn | rm;
    }
    op.slotBits |= M7Slot::Multiply;
    op.latency = 3;
}

void describeMemory(const DecodedInsn& d, M7Op& op) {
    op.early = op.address = d.addressRegs;
    op.storeData = d.storeDataRegs;
    op.slotBits |= d.store ? M7Slot::Store : M7Slot::Load;
    op.latency = d.accessSize >= 4 ? 2 : 3;
    const unsigned words = d.words();
    switch (d.kind) {
    case InsnClass::LoadPair:
    case InsnClass::StorePair:
    case InsnClass::LoadMultiple:
    case InsnClass::StoreMultiple:
    case InsnClass::FpLoadMultiple:
    case InsnClass::FpStoreMultiple:
        op.alone = true;
        op.cycles = static_cast<std::int8_t>((words + 1) / 2);
        break;
    case InsnClass::FpLoad:
    case InsnClass::FpStore:
        op.alone = words == 2;
        op.slotBits |= M7Slot::FpMove;
        break;
    case InsnClass::LoadExclusive:
    case InsnClass::StoreExclusive:
    case InsnClass::TableBranch:
        op.alone = true;
        op.cycles = d.kind == InsnClass::TableBranch ? 3 : 2;
        break;
    default: break;
    }
}

void describeFp(const DecodedInsn& d, M7Op& op) {
    switch (d.kind) {
    case InsnClass::FpAlu:
        op.slotBits |= M7Slot::FpArithmetic;
        op.cycles = d.doublePrecision ? 2 : 1;
        break;
    case InsnClass::FpMul:
        op.slotBits |= M7Slot::FpArithmetic;
        op.cycles = d.doublePrecision ? 5 : 1;
        break;
    case InsnClass::FpMac:
        op.slotBits |= M7Slot::FpArithmetic | M7Slot::FpMac;
        op.cycles = d.doublePrecision ? 8 : 1;
        break;
    case InsnClass::FpDivide:
    case InsnClass::FpSqrt:
        op.slotBits |= M7Slot::FpArithmetic;
        op.cycles = d.doublePrecision ? 30 : d.kind == InsnClass::FpSqrt ? 14 : 16;
        break;
    default: { // FpMoveCore
        const std::uint16_t core = d.reads | d.writes;
        op.alone = (core & (core - 1)) != 0;
        op.slotBits |= M7Slot::FpMove;
        op.late = d.reads;
        op.latency = 3;
    }
    }
}

} // namespace

M7Op describeM7(const DecodedInsn& d) {
    M7Op op;
    switch (d.kind) {
    case InsnClass::Alu:
    case InsnClass::AluShifted: describeAlu(d, op); break;
    case InsnClass::Shift:
        op.late = d.reads;
        op.earlyShift = true;
        op.slotBits |= M7Slot::ShiftInsn;
        break;
    case InsnClass::Bitfield:
    case InsnClass::Extend:
    case InsnClass::ExtendAdd:
    case InsnClass::Dsp:
    case InsnClass::Saturate: describeBits(d, op); break;
    case InsnClass::Mul:
    case InsnClass::Mac:
    case InsnClass::MulLong:
    case InsnClass::MacLong: describeMultiply(d, op); break;
    case InsnClass::Divide:
        op.late = d.reads;
        op.alone = true;
        op.cycles = 7;
        op.latency = 8;
        break;
    case InsnClass::Branch:
    case InsnClass::CondBranch:
    case InsnClass::Call:
    case InsnClass::IndirectBranch:
    case InsnClass::IndirectCall:
    case InsnClass::It: op.slotBits |= M7Slot::Branch; break;
    case InsnClass::Barrier:
    case InsnClass::StatusMove:
        op.late = d.reads;
        op.alone = true;
        op.cycles = d.kind == InsnClass::Barrier ? 4 : 2;
        break;
    default:
        if (d.accessCount != 0) {
            describeMemory(d, op);
        } else if (d.usesFpu) {
            describeFp(d, op);
        } else {
            op.early = op.address = d.addressRegs; // PLD
        }
    }
    return op;
}

} // namespace simprof
