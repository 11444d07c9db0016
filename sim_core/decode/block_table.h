// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/access.h"
#include "sim_core/decode/decoder.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace simprof {

/// Tells whether a block's accesses go where they went the last time; see Accesses::pattern.
class AccessPattern {
public:
    /// The number of the pattern of these naturally aligned accesses; 0 unless each of the block's `slots` has its
    /// access. Reads what is behind them as well; see kAccessStep.
    std::uint32_t numberOf(std::span<const Access> accesses, std::size_t slots) {
        if (accesses.size() != slots || slots == 0) {
            return 0;
        }
        if (m_last.size() < slots || differs(accesses.data())) {
            m_last.assign((slots + kAccessStep - 1) / kAccessStep * kAccessStep, {});
            std::transform(accesses.begin(), accesses.end(), m_last.begin(), [](const Access& access) {
                return Last{access.address, ~Address{0} << 12};
            });
            ++m_number;
        }
        return m_number;
    }

private:
    struct Last {
        Address address = 0;
        Address mask = 0; ///< of what may not change
    };
    /// In steps without a branch; each address by itself, because what was written a moment ago in small pieces is slow
    /// to read in large ones.
    bool differs(const Access* accesses) const {
        Address difference = 0;
        const auto at = [&](std::size_t i) { return (accesses[i].address ^ m_last[i].address) & m_last[i].mask; };
        for (std::size_t i = 0; i < m_last.size(); i += kAccessStep) {
            difference |= at(i) | at(i + 1) | at(i + 2) | at(i + 3);
        }
        return difference != 0;
    }
    std::vector<Last> m_last;
    std::uint32_t m_number = 0;
};

/// A block with what the machine wants to know about it at a glance.
struct BlockRecord {
    Block block;
    enum Check : std::uint8_t {
        kUsesFpu = 1,
        kUndefined = 2,
        kDivides = 4,
        kControl = 8,     ///< reads or writes CONTROL (M0+ only)
        kPrivileged = 16, ///< MRS, MSR, CPS that unprivileged code has no use of (M0+ only)
        kStop = 32,       ///< the run ends before it
        kMovesStack = 64, ///< writes SP with a value that need not be a multiple of 4; not yet translated for it
        kFromFixed = 128, ///< converts from fixed point to floating point
    };
    std::uint8_t checks = 0;          ///< reasons to look twice before it runs
    bool changesMasks = false;        ///< MSR, CPS: pending exceptions may be unmasked by it; VMSR: rounding may change
    bool looksInsideIt = false;       ///< ends inside an IT block with VMSR, or ISB, which makes the engine forget it
    bool sendsEvent = false;          ///< SEV, which the engine ignores
    bool opensMonitor = false;        ///< its last exclusive access is LDREX
    bool closesMonitor = false;       ///< its last exclusive access is STREX
    bool idleLoop = false;            ///< one instruction, a branch to itself
    bool polls = false;               ///< only loads, and branches to itself while a condition holds
    bool fixed = false;               ///< lies in flash and was not programmed since: need not be compared again
    BlockRecord* successor = nullptr; ///< the block that followed last
    AccessPattern pattern;
    std::uint32_t nextVariant = 0;    ///< another block with this start (1-based), other length or IT state
    std::uint32_t fetchEpoch = 0;     ///< MPU set-up for which execution was allowed
    std::uint32_t codeGeneration = 0; ///< of code in RAM: when its bytes were last compared
    std::vector<std::byte> code;      ///< copy of the bytes it was decoded from, for code in RAM
};

/// Which of kControl and kPrivileged an MRS, MSR or CPS has on this core.
std::uint8_t statusMoveChecks(const DecodedInsn& insn, const CoreDesc& core);

/// VCVT from fixed point to single precision (Armv7-M ARM, A7.7.228).
constexpr bool isFromFixed(std::uint32_t opcode) { return (opcode & 0xFFBE0F50U) == 0xEEBA0A40U; }

/// How an instruction writes a stack pointer.
enum class StackMove : std::uint8_t {
    None,  ///< not at all, or by a multiple of 4
    Free,  ///< SP, with any value
    Banked ///< MSP or PSP, by MSR
};
StackMove stackMove(const DecodedInsn& insn);

/// Memory that may hold code: an address range and the bytes behind it. Areas that show the same memory share bytes.
struct CodeArea {
    AddressRange range;
    std::span<const std::byte> bytes;
    bool writable = false;
};

/// All blocks seen so far, found by address in a few nanoseconds. Code that changes itself has new blocks again and
/// again: of those that begin at one address only some are kept.
class BlockTable {
public:
    BlockTable(std::span<const CodeArea> areas, const CoreDesc& core);

    /// Called with a block before its number is given to another one.
    void setBeforeReuse(std::function<void(const Block&)> action) { m_beforeReuse = std::move(action); }

    /// How find() came by a block.
    enum class Found : std::uint8_t {
        AsItWas,  ///< nothing has changed since it was looked for last
        Compared, ///< in RAM, and its bytes are still those it was decoded from
        Decoded
    };
    /// The block of these bytes. One area must hold [begin, begin + size).
    BlockRecord& find(Address begin, std::uint32_t size, std::uint8_t itState, Found& found);

    /// Bytes of RAM changed. Were some of them decoded, no byte of their pages counts as decoded any more, and all
    /// blocks in RAM are compared again before they run: answers these pages, else nothing.
    std::span<const std::byte> wrote(std::span<const std::byte> bytes);
    static constexpr std::size_t kPage = 1024; ///< of the host's memory

    /// Flash was programmed: what was decoded from these bytes is not found any more.
    void forget(AddressRange range);

    /// `block`, which is one of these, ran `times` more and took `cycles`.
    void count(const Block& block, std::uint64_t times, Cycles cycles) {
        Block& counted = m_byId[block.id]->block;
        counted.executions += times;
        counted.cycles += cycles;
    }

    const std::deque<BlockRecord>& blocks() const { return m_blocks; }
    static constexpr unsigned kMostVersions = 16; ///< blocks kept that begin at one address of RAM
    template<class Action>
    void forEach(Action action) {
        std::for_each(m_blocks.begin(), m_blocks.end(), action);
    }

private:
    struct Area {
        CodeArea memory;
        std::vector<std::uint32_t> first; ///< by halfword: 1-based index into m_blocks
        std::vector<bool> decoded;        ///< by halfword: some block was decoded from it as it is (writable areas)

        /// Places in `decoded` of those of these bytes that lie in the area.
        std::pair<std::size_t, std::size_t> halvesOf(std::span<const std::byte> bytes) const;
    };
    static void mark(Area& area, const Block& block);
    static std::span<const std::byte> codeAt(const Area& area, Address begin, std::uint32_t size) {
        if (!area.memory.range.contains(begin, size)) {
            return {};
        }
        return area.memory.bytes.subspan(begin - area.memory.range.begin, size);
    }
    BlockRecord& add(std::uint32_t& slot);
    void fill(BlockRecord& record, Area& area, Address begin, std::uint32_t size, std::uint8_t itState);

    const CoreDesc& m_core;
    std::vector<Area> m_areas;
    std::vector<Area*> m_ramCode; ///< the writable ones with blocks
    Area* m_last = nullptr;
    std::deque<BlockRecord> m_blocks; ///< by Block::id
    std::vector<BlockRecord*> m_byId; ///< the same, found faster
    std::uint32_t m_codeGeneration = 1;
    std::function<void(const Block&)> m_beforeReuse;
};

} // namespace simprof
