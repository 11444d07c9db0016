// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/decode/block_table.h"

#include <algorithm>
#include <cassert>

namespace simprof {

std::uint8_t statusMoveChecks(const DecodedInsn& insn, const CoreDesc& core) {
    if (!core.kind->checksStatusMoves()) {
        return 0;
    }
    constexpr unsigned kControlNumber = 20;
    return insn.size == 4 && (insn.opcode & 0xFFU) == kControlNumber ? BlockRecord::kControl : BlockRecord::kPrivileged;
}

StackMove stackMove(const DecodedInsn& insn) {
    constexpr unsigned kSp = 13, kMsp = 8, kPsp = 9;
    const std::uint32_t op = insn.opcode;
    if (insn.kind == InsnClass::StatusMove) {
        const unsigned special = op & 0xFFU;
        return op >> 20 == 0xF38U && (special == kMsp || special == kPsp) ? StackMove::Banked : StackMove::None;
    }
    if ((insn.writes >> kSp & 1U) == 0) {
        return StackMove::None;
    }
    if (insn.accessCount != 0) { // write-back of a single load or store is by bytes, of all others by words
        const bool loadsSp = insn.kind == InsnClass::Load && (op >> 12 & 0xFU) == kSp;
        const bool single = insn.kind == InsnClass::Load || insn.kind == InsnClass::Store;
        return loadsSp || (single && insn.size == 4 && (op & 3U) != 0) ? StackMove::Free : StackMove::None;
    }
    if (insn.size == 2) {
        return op >> 8 == 0xB0U ? StackMove::None : StackMove::Free; // ADD, SUB SP by words
    }
    const std::uint32_t operation = op & 0xFBEF8F00U;
    const bool addsModified = operation == 0xF10D0D00U || operation == 0xF1AD0D00U;
    const bool addsPlain = operation == 0xF20D0D00U || operation == 0xF2AD0D00U;
    if (addsModified || addsPlain) {
        const std::uint32_t imm = (op >> 26 & 1U) << 11 | (op >> 12 & 7U) << 8 | (op & 0xFFU);
        const bool rotated = addsModified && imm >> 10 != 0, shifted = addsModified && imm >> 8 == 2;
        const bool aligned = rotated ? imm >> 7 != 31 : shifted || (imm & 3U) == 0;
        return aligned ? StackMove::None : StackMove::Free;
    }
    return StackMove::Free;
}

namespace {

constexpr bool isVmsr(std::uint32_t opcode) { return (opcode & 0xFFF00F10U) == 0xEEE00A10U; }
constexpr bool isIsb(std::uint32_t opcode) { return (opcode & 0xFFFFFFF0U) == 0xF3BF8F60U; }

/// Does an instruction of a loop act on core registers alone, and on what it loads?
bool isPlain(const DecodedInsn& insn) {
    switch (insn.kind) {
    case InsnClass::LoadExclusive:
    case InsnClass::Hint:
    case InsnClass::StatusMove:
    case InsnClass::Undefined: return false;
    default: return !insn.store && !insn.usesFpu && !insn.undefinedOnCore;
    }
}

/// Does a loop of these do the same each time as long as what it loads is the same? One that counts or walks does not.
bool repeats(const std::vector<DecodedInsn>& loop) {
    std::uint32_t written = 0, taken = 0; // registers; taken from before
    for (const DecodedInsn& insn : loop) {
        taken |= insn.reads & ~written;
        written |= insn.writes;
    }
    return (taken & written) == 0 && std::ranges::all_of(loop, isPlain);
}

} // namespace

BlockTable::BlockTable(std::span<const CodeArea> areas, const CoreDesc& core)
    : m_core(core) {
    for (const CodeArea& area : areas) {
        m_areas.push_back({area, {}, {}});
    }
    m_last = m_areas.data();
}

BlockRecord& BlockTable::find(Address begin, std::uint32_t size, std::uint8_t itState, Found& found) {
    if (!m_last->memory.range.contains(begin)) {
        const auto area =
            std::find_if(m_areas.begin(), m_areas.end(), [&](const Area& a) { return a.memory.range.contains(begin); });
        assert(area != m_areas.end());
        m_last = &*area;
    }
    Area& area = *m_last;
    if (area.first.empty()) {
        area.first.resize(area.memory.range.size / 2 + 1);
        if (area.memory.writable) {
            area.decoded.resize(area.memory.range.size / 2 + 1);
            m_ramCode.push_back(&area);
        }
    }
    std::uint32_t& slot = area.first[(begin - area.memory.range.begin) / 2];
    unsigned versions = 0;
    BlockRecord* oldest = nullptr; // of code that has changed since
    for (std::uint32_t index = slot; index != 0; ++versions) {
        BlockRecord& record = *m_byId[index - 1];
        if (area.memory.writable && record.codeGeneration < (oldest ? oldest->codeGeneration : m_codeGeneration)) {
            oldest = &record;
        }
        if (record.block.size == size && record.block.itStateAtBegin == itState) {
            if (!area.memory.writable || record.codeGeneration == m_codeGeneration) {
                found = Found::AsItWas;
                return record;
            }
            const auto now = codeAt(area, begin, size);
            if (std::equal(now.begin(), now.end(), record.code.begin(), record.code.end())) {
                record.codeGeneration = m_codeGeneration;
                mark(area, record.block);
                found = Found::Compared;
                return record;
            }
        }
        index = record.nextVariant;
    }
    found = Found::Decoded;
    BlockRecord& record = versions >= kMostVersions && oldest != nullptr ? *oldest : add(slot);
    fill(record, area, begin, size, itState);
    return record;
}

BlockRecord& BlockTable::add(std::uint32_t& slot) {
    BlockRecord& record = m_blocks.emplace_back();
    m_byId.push_back(&record);
    record.block.id = static_cast<std::uint32_t>(m_blocks.size() - 1);
    record.block.version = 0;
    record.nextVariant = slot;
    slot = static_cast<std::uint32_t>(m_blocks.size());
    return record;
}

/// Makes `record`, which is new or holds a block that is not needed any more, the one of these bytes.
void BlockTable::fill(BlockRecord& record, Area& area, Address begin, std::uint32_t size, std::uint8_t itState) {
    const std::uint32_t id = record.block.id, version = record.block.version, next = record.nextVariant;
    if (version != 0 && m_beforeReuse) {
        m_beforeReuse(record.block);
    }
    const auto code = codeAt(area, begin, size);
    record = {};
    record.fixed = !area.memory.writable;
    record.block = decodeBlock(begin, code, m_core, itState);
    record.block.id = id;
    record.block.version = version + 1;
    record.nextVariant = next;
    for (const DecodedInsn& insn : record.block.insns) {
        record.checks |= insn.usesFpu ? BlockRecord::kUsesFpu : 0;
        record.checks |= insn.undefinedOnCore ? BlockRecord::kUndefined : 0;
        record.checks |= insn.kind == InsnClass::Divide ? BlockRecord::kDivides : 0;
        constexpr std::byte kSevLow{0x40}, kSevHigh{0xBF};
        record.sendsEvent |=
            insn.kind == InsnClass::Hint && code[insn.offset] == kSevLow && code[insn.offset + 1u] == kSevHigh;
        record.changesMasks |= insn.kind == InsnClass::StatusMove || isVmsr(insn.opcode);
        record.checks |= isFromFixed(insn.opcode) ? BlockRecord::kFromFixed : 0;
        if (insn.kind == InsnClass::LoadExclusive || (insn.kind == InsnClass::StoreExclusive && !insn.predicated)) {
            record.opensMonitor = insn.kind == InsnClass::LoadExclusive;
            record.closesMonitor = !record.opensMonitor;
        }
        record.checks |= insn.kind == InsnClass::StatusMove ? statusMoveChecks(insn, m_core) : 0;
        record.checks |= stackMove(insn) != StackMove::None ? BlockRecord::kMovesStack : 0;
    }
    const std::uint32_t last = record.block.insns.back().opcode;
    record.looksInsideIt = record.block.endsInsideIt && (isIsb(last) || isVmsr(last));
    record.idleLoop =
        record.block.insns.size() == 1 && record.block.end == BlockEnd::Branch && record.block.target == begin;
    record.polls = record.block.end == BlockEnd::CondBranch && record.block.target == begin &&
                   !record.block.slots.empty() && itState == 0 && repeats(record.block.insns);
    if (area.memory.writable) {
        record.codeGeneration = m_codeGeneration;
        record.code.assign(code.begin(), code.end());
        mark(area, record.block);
    }
}

void BlockTable::mark(Area& area, const Block& block) {
    const auto first = area.decoded.begin() + (block.begin - area.memory.range.begin) / 2;
    std::fill(first, first + block.size / 2, true);
}

void BlockTable::forget(AddressRange range) {
    for (BlockRecord& record : m_blocks) {
        record.fixed &= record.block.begin >= range.end() || record.block.fallThrough() <= range.begin;
    }
    constexpr std::uint64_t kLongestBlock = 4096; // a block that begins before the bytes may reach into them
    for (Area& area : m_areas) {
        if (area.first.empty() || range.begin >= area.memory.range.end() || range.end() <= area.memory.range.begin) {
            continue;
        }
        const std::uint64_t from = std::max<std::uint64_t>(range.begin, area.memory.range.begin + kLongestBlock) -
                                   kLongestBlock - area.memory.range.begin;
        const std::uint64_t to = std::min(range.end(), area.memory.range.end()) - area.memory.range.begin;
        std::fill(area.first.begin() + static_cast<std::ptrdiff_t>(from / 2),
                  area.first.begin() + static_cast<std::ptrdiff_t>((to + 1) / 2), 0U);
    }
}

std::pair<std::size_t, std::size_t> BlockTable::Area::halvesOf(std::span<const std::byte> bytes) const {
    const auto size = static_cast<std::ptrdiff_t>(memory.range.size);
    const std::ptrdiff_t begin = std::clamp<std::ptrdiff_t>(bytes.data() - memory.bytes.data(), 0, size);
    const std::ptrdiff_t end =
        std::clamp<std::ptrdiff_t>(bytes.data() + bytes.size() - memory.bytes.data(), begin, size);
    return {static_cast<std::size_t>(begin) / 2, (static_cast<std::size_t>(end) + 1) / 2};
}

std::span<const std::byte> BlockTable::wrote(std::span<const std::byte> bytes) {
    const auto isDecoded = [&](const Area* area) { // aliases show the same bytes
        const auto [from, to] = area->halvesOf(bytes);
        return std::find(area->decoded.begin() + static_cast<std::ptrdiff_t>(from),
                         area->decoded.begin() + static_cast<std::ptrdiff_t>(to),
                         true) != area->decoded.begin() + static_cast<std::ptrdiff_t>(to);
    };
    if (std::ranges::none_of(m_ramCode, isDecoded)) {
        return {};
    }
    ++m_codeGeneration;
    const auto first = reinterpret_cast<std::uintptr_t>(bytes.data());
    const std::size_t before = first % kPage;
    const std::size_t size = (before + bytes.size() + kPage - 1) / kPage * kPage;
    const std::span pages(bytes.data() - before, size);
    for (Area* area : m_ramCode) {
        const auto [from, to] = area->halvesOf(pages);
        std::fill(area->decoded.begin() + static_cast<std::ptrdiff_t>(from),
                  area->decoded.begin() + static_cast<std::ptrdiff_t>(to), false);
    }
    return pages;
}

} // namespace simprof
