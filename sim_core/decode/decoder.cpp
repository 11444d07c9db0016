// SPDX-License-Identifier: GPL-2.0-or-later
/// Blocks: IT state, access slots, and how control leaves.
#include "sim_core/decode/decoder.h"

#include "sim_core/decode/decoder_fields.h"

#include <algorithm>
#include <cassert>

namespace simprof {
namespace {

using namespace decoding;

/// ITSTATE as DDI 0403 A7.3.3 defines it: condition in bits 7…5, bit 4 downwards the per-instruction low bits.
std::uint8_t advanceIt(std::uint8_t state) {
    return (state & 7) == 0 ? 0 : static_cast<std::uint8_t>((state & 0xE0) | ((state << 1) & 0x1F));
}

unsigned halfword(std::span<const std::byte> code, std::size_t at) {
    return std::to_integer<unsigned>(code[at]) | std::to_integer<unsigned>(code[at + 1]) << 8;
}

DecodedInsn decodeOne(std::span<const std::byte> code, std::size_t at, Address begin, std::uint8_t itState,
                      const CoreDesc& core) {
    DecodedInsn d;
    d.offset = static_cast<std::uint16_t>(at);
    if (at + 2 > code.size()) { // half a halfword: data that ran out
        makeUndefined(d);
        return d;
    }
    const Context context{static_cast<Address>(begin + at), itState != 0, &core};
    const unsigned first = halfword(code, at);
    if (itState != 0) {
        d.predicated = true;
        d.readsFlags = true;
        d.condition = static_cast<std::uint8_t>(itState >> 4);
    }
    if (first < 0xE800) {
        d.opcode = first;
        decode16(d, first, context);
    } else if (at + 4 > code.size()) {
        d.opcode = first;
        makeUndefined(d);
    } else {
        d.size = 4;
        d.opcode = first << 16 | halfword(code, at + 2);
        d.unaligned = (context.address & 2) != 0;
        decode32(d, d.opcode, context);
        d.undefinedOnCore |= !core.dsp && needsDsp(d);
    }
    if (itState != 0) {
        d.readsFlags = true;
    }
    const bool v6m = !core.kind->isV7();
    if (v6m && d.accessCount != 0) {
        d.alignedOnly = true;
    }
    return d;
}

std::int32_t signExtend(std::uint32_t value, unsigned width) {
    return static_cast<std::int32_t>(value << (32 - width)) >> (32 - width);
}

/// Where a direct branch goes; `pc` is its address plus 4.
Address branchTarget(const DecodedInsn& d, Address pc) {
    const std::uint32_t op = d.opcode;
    std::int32_t offset = 0;
    if (d.size == 4) {
        const std::uint32_t s = bit(op, 26), j1 = bit(op, 13), j2 = bit(op, 11), low = bits(op, 10, 0);
        if (bit(op, 12)) { // B.W, BL
            offset = signExtend(
                s << 24 | (~(j1 ^ s) & 1u) << 23 | (~(j2 ^ s) & 1u) << 22 | bits(op, 25, 16) << 12 | low << 1, 25);
        } else {
            offset = signExtend(s << 20 | j2 << 19 | j1 << 18 | bits(op, 21, 16) << 12 | low << 1, 21);
        }
    } else if (bits(op, 15, 12) == 0xB) { // CBZ, CBNZ
        offset = static_cast<std::int32_t>((bit(op, 9) ? 64u : 0u) | bits(op, 7, 3) << 1);
    } else if (bits(op, 15, 12) == 0xD) {
        offset = signExtend(bits(op, 7, 0) << 1, 9);
    } else {
        offset = signExtend(bits(op, 10, 0) << 1, 12);
    }
    return pc + static_cast<Address>(offset);
}

BlockEnd endOf(const DecodedInsn& d) {
    switch (d.kind) {
    case InsnClass::Branch: return d.predicated ? BlockEnd::CondBranch : BlockEnd::Branch;
    case InsnClass::CondBranch: return BlockEnd::CondBranch;
    case InsnClass::Call: return BlockEnd::Call;
    case InsnClass::IndirectCall: return BlockEnd::IndirectCall;
    case InsnClass::IndirectBranch: // BX LR and MOV PC, LR
        return d.reads == reg(kLr) ? BlockEnd::Return : BlockEnd::IndirectBranch;
    case InsnClass::TableBranch: return BlockEnd::IndirectBranch;
    case InsnClass::Svc:
    case InsnClass::Bkpt:
    case InsnClass::Undefined: return BlockEnd::Exception;
    case InsnClass::Hint: // all but SEV
        return (d.size == 4 ? bits(d.opcode, 7, 0) : bits(d.opcode, 7, 4)) == 4 ? BlockEnd::FallThrough
                                                                                : BlockEnd::Exception;
    case InsnClass::LoadMultiple: return d.loadsPc ? BlockEnd::Return : BlockEnd::FallThrough;
    case InsnClass::Load:
        if (!d.loadsPc) {
            return BlockEnd::FallThrough;
        }
        return d.addressRegs == reg(kSp) ? BlockEnd::Return : BlockEnd::IndirectBranch;
    default: return BlockEnd::FallThrough;
    }
}

void addSlots(Block& block, const DecodedInsn& d, std::size_t index) {
    for (unsigned i = 0; i < d.accessCount; ++i) {
        block.slots.push_back({static_cast<std::uint16_t>(index), d.accessSize, d.store});
    }
}

void finish(Block& block) {
    const DecodedInsn& last = block.insns.back();
    block.end = endOf(last);
    block.conditionalEnd = last.predicated;
    const bool direct =
        last.kind == InsnClass::Branch || last.kind == InsnClass::CondBranch || last.kind == InsnClass::Call;
    if (direct) {
        block.target = branchTarget(last, block.begin + last.offset + 4);
    }
}

} // namespace

bool needsDsp(const DecodedInsn& insn) {
    const std::uint32_t op = insn.opcode;
    if (insn.size != 4) {
        return false;
    }
    switch (insn.kind) {
    case InsnClass::Dsp:
    case InsnClass::ExtendAdd: return true;
    case InsnClass::Extend: return bits(op, 22, 21) == 1; // SXTB16, UXTB16
    case InsnClass::Mul:
    case InsnClass::Mac: return bits(op, 22, 20) != 0;   // all but MUL, MLA, MLS
    case InsnClass::MacLong: return bits(op, 7, 4) != 0; // all but SMLAL, UMLAL
    case InsnClass::Saturate:                            // QADD and its kin; SSAT16 and USAT16 shift by ASR #0
        return bits(op, 31, 24) == 0xFA || (bit(op, 21) && bits(op, 14, 12) == 0 && bits(op, 7, 6) == 0);
    default: return false;
    }
}

Block decodeBlock(Address begin, std::span<const std::byte> code, const CoreDesc& core, std::uint8_t itState) {
    assert(code.size() <= 0xFFFF);
    Block block;
    block.begin = begin;
    block.size = static_cast<std::uint32_t>(code.size());
    block.itStateAtBegin = itState;
    block.insns.reserve(code.size() / 2);
    for (std::size_t at = 0; at < code.size();) {
        const DecodedInsn d = decodeOne(code, at, begin, itState, core);
        itState =
            d.kind == InsnClass::It && itState == 0 ? static_cast<std::uint8_t>(d.opcode & 0xFF) : advanceIt(itState);
        block.usesFpu |= d.usesFpu;
        block.undefinedOnCore |= d.undefinedOnCore;
        addSlots(block, d, block.insns.size());
        block.insns.push_back(d);
        at += d.size;
    }
    block.itStateAtEnd = itState;
    block.endsInsideIt = itState != 0;
    if (!block.insns.empty()) {
        finish(block);
    }
    return block;
}

Address accessPc(const Block& block, std::span<const Access> accesses) {
    return block.begin + (accesses.empty() ? 0U : accesses.back().insn);
}

} // namespace simprof
