// SPDX-License-Identifier: GPL-2.0-or-later
// Encodings: Armv7-M ARM (DDI 0403E), A5.2 and A5.3.
#include "sim_core/image/code_constants.h"

namespace simprof {
namespace {

constexpr unsigned kPc = 15;

unsigned bits(std::uint32_t value, unsigned high, unsigned low) { return (value >> low) & ((2U << (high - low)) - 1U); }

std::optional<std::uint32_t> sum(std::optional<std::uint32_t> value, std::uint32_t with) {
    return value ? std::optional(*value + with) : std::nullopt;
}

/// ThumbExpandImm (Armv7-M ARM, A5.3.2).
std::uint32_t expanded(std::uint32_t imm12) {
    const std::uint32_t byte = imm12 & 0xFF;
    switch (imm12 >> 8) {
    case 0: return byte;
    case 1: return byte << 16 | byte;
    case 2: return byte << 24 | byte << 8;
    case 3: return byte * 0x01010101U;
    default: break;
    }
    const std::uint32_t rotated = 0x80U | (imm12 & 0x7F);
    const unsigned by = imm12 >> 7;
    return rotated >> by | rotated << (32 - by);
}

} // namespace

void CodeConstants::follow(const CodeStep& step, Address address) {
    noteAccess(step);
    const std::optional<unsigned> target = writes(step, address);
    for (unsigned reg = 0; reg < kPc; ++reg) {
        if ((step.insn.writes >> reg & 1U) != 0 && target != reg) {
            m_value[reg].reset();
        }
    }
}

void CodeConstants::noteAccess(const CodeStep& step) {
    const std::uint32_t op = step.insn.opcode;
    unsigned base = kPc, offset = 0;
    if (step.insn.size == 2 && step.first >> 12 >= 6 && step.first >> 12 <= 8) {
        static constexpr unsigned kShift[] = {2, 0, 1};
        base = bits(op, 5, 3);
        offset = bits(op, 10, 6) << kShift[(step.first >> 12) - 6];
    } else if (step.insn.size == 4 && (step.first & 0xFE80) == 0xF880) { // 12-bit offset
        base = bits(op, 19, 16);
        offset = bits(op, 11, 0);
    }
    if (const auto value = of(base)) {
        accessed.insert(*value + offset);
    }
}

std::optional<std::uint32_t> CodeConstants::literal(Address address) {
    const auto bytes = m_image.runBytesAt(address, 4);
    literals.insert(address);
    if (bytes.size() != 4) {
        return std::nullopt;
    }
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) {
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[i]);
    }
    constants.insert(value);
    return value;
}

/// The register whose value follows; nothing when none does.
std::optional<unsigned> CodeConstants::writes(const CodeStep& step, Address address) {
    return step.insn.size == 2 ? writes16(step, address) : writes32(step, address);
}

std::optional<unsigned> CodeConstants::put(unsigned reg, std::optional<std::uint32_t> value) {
    m_value[reg] = value;
    return reg;
}
std::optional<unsigned> CodeConstants::writes16(const CodeStep& step, Address address) {
    const std::uint32_t op = step.first;
    const unsigned low = bits(op, 2, 0), second = bits(op, 5, 3), rd8 = bits(op, 10, 8);
    switch (op >> 11) {
    case 0x00: { // LSLS
        const auto value = m_value[second];
        return put(low, value ? std::optional(*value << bits(op, 10, 6)) : std::nullopt);
    }
    case 0x03: // ADDS, SUBS with a 3-bit immediate
        if (bits(op, 10, 10) == 0) {
            return std::nullopt;
        }
        return put(low, sum(m_value[second], bits(op, 9, 9) != 0 ? 0U - bits(op, 8, 6) : bits(op, 8, 6)));
    case 0x04: return put(rd8, bits(op, 7, 0));
    case 0x06: return put(rd8, sum(m_value[rd8], bits(op, 7, 0)));
    case 0x07: return put(rd8, sum(m_value[rd8], 0U - bits(op, 7, 0)));
    case 0x09: return put(rd8, literal(((address + 4) & ~3U) + 4 * bits(op, 7, 0)));
    default: break;
    }
    if (op >> 8 == 0x46) { // MOV
        const unsigned rd = low | (bits(op, 7, 7) << 3), rm = bits(op, 6, 3);
        return rd == kPc ? std::nullopt : put(rd, of(rm));
    }
    return std::nullopt;
}

std::optional<unsigned> CodeConstants::writes32(const CodeStep& step, Address address) {
    const std::uint32_t op = step.insn.opcode;
    const unsigned rd = bits(op, 11, 8);
    const std::uint32_t wide = bits(op, 19, 16) << 12 | bits(op, 26, 26) << 11 | bits(op, 14, 12) << 8 | bits(op, 7, 0);
    if ((op & 0xFBF08000) == 0xF2400000 && rd != kPc) { // MOVW
        return put(rd, wide);
    }
    if ((op & 0xFBF08000) == 0xF2C00000 && rd != kPc && m_value[rd]) { // MOVT
        constants.insert(wide << 16 | (*m_value[rd] & 0xFFFF));
        return put(rd, wide << 16 | (*m_value[rd] & 0xFFFF));
    }
    if ((op & 0xFBEF8000) == 0xF04F0000 && rd != kPc) { // MOV with a modified immediate
        return put(rd, expanded(bits(op, 26, 26) << 11 | bits(op, 14, 12) << 8 | bits(op, 7, 0)));
    }
    if ((op & 0xFF7F0000) == 0xF85F0000) { // LDR literal
        const unsigned rt = bits(op, 15, 12);
        const Address base = (address + 4) & ~3U;
        const auto value = literal(bits(op, 23, 23) != 0 ? base + bits(op, 11, 0) : base - bits(op, 11, 0));
        return rt == kPc ? std::nullopt : put(rt, value);
    }
    return std::nullopt;
}

} // namespace simprof
