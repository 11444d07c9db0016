// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/stack_moves.h"

#include <algorithm>
#include <bit>
#include <optional>

namespace simprof {

namespace {

constexpr unsigned kSp = 13;

/// ThumbExpandImm (DDI 0403E A5.3.2) of i:imm3:imm8.
std::uint32_t expanded(std::uint32_t imm12) {
    const std::uint32_t imm8 = imm12 & 0xFF;
    if (imm12 >= 0x400) {
        return std::rotr(0x80U | (imm12 & 0x7F), static_cast<int>(imm12 >> 7));
    }
    switch (imm12 >> 8) {
    case 0: return imm8;
    case 1: return imm8 << 16 | imm8;
    case 2: return imm8 << 24 | imm8 << 8;
    default: return imm8 * 0x01010101U;
    }
}

/// ADD SP, SP, #constant and SUB SP, SP, #constant (DDI 0403E A7.7.5, A7.7.176).
std::optional<std::int64_t> addedToSp(const DecodedInsn& insn) {
    const std::uint32_t op = insn.opcode;
    if (insn.size == 2 && (op & 0xFF00) == 0xB000) {
        const std::int64_t bytes = 4 * (op & 0x7F);
        return (op & 0x80) != 0 ? -bytes : bytes;
    }
    if (insn.size == 4 && (op & 0x8F00) == 0x0D00) {
        const std::uint32_t imm12 = (op >> 26 & 1) << 11 | (op >> 12 & 7) << 8 | (op & 0xFF);
        switch (op >> 16 & 0xFBEF) {
        case 0xF10D: return expanded(imm12);
        case 0xF1AD: return -static_cast<std::int64_t>(expanded(imm12));
        case 0xF20D: return imm12;
        case 0xF2AD: return -static_cast<std::int64_t>(imm12);
        default: return std::nullopt;
        }
    }
    return std::nullopt;
}

/// What the instruction adds to the stack pointer; nothing where that is not known.
std::optional<std::int64_t> changeOfSp(const DecodedInsn& insn) {
    if (insn.predicated) {
        return std::nullopt;
    }
    const std::int64_t bytes = 4 * std::int64_t{insn.words()};
    const bool writesBack = insn.baseWriteBack == static_cast<int>(kSp);
    switch (insn.kind) {
    case InsnClass::StoreMultiple:
    case InsnClass::FpStoreMultiple: return writesBack ? std::optional(-bytes) : std::nullopt;
    case InsnClass::LoadMultiple:
    case InsnClass::FpLoadMultiple: return writesBack ? std::optional(bytes) : std::nullopt;
    case InsnClass::Load:
    case InsnClass::Store: {
        const bool hasOffset = writesBack && insn.size == 4 && (insn.opcode & 0x0900) == 0x0900; // imm8, W
        const std::int64_t offset = insn.opcode & 0xFF;
        return hasOffset ? std::optional((insn.opcode & 0x200) != 0 ? offset : -offset) : std::nullopt;
    }
    case InsnClass::Alu: return addedToSp(insn);
    default: return std::nullopt;
    }
}

} // namespace

bool changesStack(const DecodedInsn& insn) {
    constexpr std::uint32_t kMsp = 8, kPsp = 9, kControl = 20; // SYSm, DDI 0403E B5.2.3
    const std::uint32_t special = insn.opcode & 0xFF;
    return insn.kind == InsnClass::StatusMove && insn.size == 4 && (insn.opcode & 0xFFE0'0000) == 0xF380'0000 &&
           (special == kMsp || special == kPsp || special == kControl);
}

bool movesSp(const DecodedInsn& insn) { return (insn.writes >> kSp & 1) != 0 || changesStack(insn); }

std::uint32_t deepestDip(std::span<const DecodedInsn> insns) {
    std::int64_t sp = 0; // relative to the end
    std::int64_t lowest = 0;
    for (auto insn = insns.rbegin(); insn != insns.rend(); ++insn) {
        if (!movesSp(*insn)) {
            continue;
        }
        const auto change = changeOfSp(*insn);
        if (!change) {
            break;
        }
        sp -= *change;
        lowest = std::min(lowest, sp);
    }
    return static_cast<std::uint32_t>(-lowest);
}

bool restoresReturn(const DecodedInsn& insn) {
    constexpr unsigned kLr = 14;
    const bool loads = insn.kind == InsnClass::Load || insn.kind == InsnClass::LoadMultiple;
    return loads && insn.baseWriteBack == static_cast<int>(kSp) && (insn.writes & (1U << kLr)) != 0 && !insn.loadsPc;
}

} // namespace simprof
