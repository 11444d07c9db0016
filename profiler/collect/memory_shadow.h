// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/byte_watch.h"
#include "profiler/collect/memory_log.h"
#include "profiler/collect/tally.h"
#include "profiler/collect/word_set.h"
#include "sim_core/event_listener.h"
#include "sim_core/machine_desc.h"
#include "sim_core/memory/address_space.h"

#include <cstring>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace simprof {

/// Follows each byte of SRAM from first write to last read, at byte granularity.
class MemoryShadow {
public:
    explicit MemoryShadow(const AddressSpace& space);

    /// Accesses in [begin, end) are the stack of what runs now: counted as traffic, not followed.
    void setStack(Address begin, Address end) { m_stack = {begin, end - begin}; }

    /// What a block's accesses move, which holds while their pattern does.
    struct Traffic {
        std::uint32_t pattern = 0;
        Bytes flashRead = 0;
        Bytes sramRead = 0;
        Bytes sramWrite = 0;
        struct Entry {
            std::uint16_t index = 0; ///< of an access to SRAM
            std::uint8_t area = 0;
            std::uint8_t size = 0; ///< bytes
            std::uint8_t flag = 0; ///< kEverRead or kEverWritten
        };
        std::vector<Entry> sram;
        std::vector<std::uint16_t> literals; ///< offsets of the block's loads relative to the PC, ascending
    };
    /// Updates the shadow and adds the bytes of the accesses to `tally` by kind of memory; `traffic` is the block's
    /// own.
    void access(const Accesses& accesses, Traffic& traffic, AccessorId who, Cycles at, Tally& tally) {
        if (accesses.pattern == 0 || accesses.pattern != traffic.pattern) {
            classify(accesses, traffic);
        }
        tally.flashRead += traffic.flashRead;
        tally.sramRead += traffic.sramRead;
        tally.sramWrite += traffic.sramWrite;
        if (m_logging || traffic.pattern == 0) {
            follow(accesses, traffic, who, ticks(at));
            return;
        }
        const Access* const all = accesses.data();
        for (const Traffic::Entry& entry : traffic.sram) {
            const Address address = all[entry.index].address;
            if (address - m_stack.begin >= m_stack.size) {
                const Followed& area = m_followed[entry.area];
                mark(area.flags + (address - area.begin), entry);
            }
        }
    }
    void busMaster(Address address, std::uint32_t size, bool write, Cycles at);

    /// Logs will hold the lives of single bytes too.
    void keepByteLives();
    /// From now on lives are written to the log; what was written before was written by kOutside.
    void startLog(Cycles at);
    /// Ends all lives that are still open and returns the log.
    MemoryLog takeLog();
    bool logging() const { return m_logging; }

    /// Per byte of a merged SRAM range: ever written, ever read.
    struct Area {
        AddressRange range;
        std::vector<AddressRange> regions; ///< the memories it was merged from
    };
    const std::vector<Area>& areas() const { return m_areas; }
    bool written(Address address) const;
    bool readBefore(Address address) const;
    /// Number of distinct bytes ever written or read in a range.
    Bytes distinctWritten(AddressRange range) const;
    Bytes distinctRead(AddressRange range) const;

private:
    /// The life of a byte while the log is kept.
    struct ByteState {
        AccessorId writer = 0;
        AccessorId reader = 0;  ///< last reader + 1, 0: not read since it was written
        std::uint32_t born = 0; ///< cycles since the log began
        std::uint32_t died = 0;
    };
    enum Flag : std::uint8_t { kEverWritten = 1, kEverRead = 2, kInLog = 4 };
    struct Builder {
        std::vector<LifeRange> ranges;
        std::size_t tidyAt = 1 << 14;
        void add(Address address, Cycles born, Cycles died);
        void tidy();
    };
    /// What a page of 4 KiB holds.
    struct Granule {
        std::uint8_t kind = 0; ///< 0 other, 1 SRAM of m_areas[area], 2 flash, 3 mixed: look closer
        std::uint8_t area = 0;
    };
    int areaOf(Address address) const;
    void classify(const Accesses& accesses, Traffic& traffic) const;
    static void mark(std::uint8_t* flags, const Traffic::Entry& access) {
        if (access.size == 1) {
            flags[0] |= access.flag;
        } else if (access.size == 4) {
            std::uint32_t four = 0;
            std::memcpy(&four, flags, sizeof four);
            four |= 0x01010101U * access.flag;
            std::memcpy(flags, &four, sizeof four);
        } else {
            for (unsigned i = 0; i < access.size; ++i) {
                flags[i] |= access.flag;
            }
        }
    }
    /// The accesses to SRAM while the log is kept, or when it is not known that they stay in their pages.
    void follow(const Accesses& accesses, const Traffic& traffic, AccessorId who, std::uint32_t now);
    /// The constants that a block reads, while the log is kept.
    void noteConstants(const Accesses& accesses, const Traffic& traffic, AccessorId who);
    Granule lookCloser(Address& address) const;
    void logRead(std::size_t area, std::uint32_t offset, AccessorId who, std::uint32_t at);
    void logWrite(std::size_t area, std::uint32_t offset, AccessorId who, std::uint32_t at);
    void close(const ByteState& state, Address address);
    std::uint32_t ticks(Cycles at) const;

    std::vector<Granule> m_granules;
    std::vector<Area> m_areas;
    std::vector<std::vector<std::uint8_t>> m_flags; ///< by area and byte
    /// An area and its flags, at hand.
    struct Followed {
        Address begin = 0;
        std::uint32_t size = 0;
        std::uint8_t* flags = nullptr;
    };
    std::vector<Followed> m_followed;             ///< by area
    std::vector<std::vector<ByteState>> m_states; ///< the same; only used while the log is kept
    AddressRange m_stack;
    std::vector<AddressRange> m_flash;
    std::vector<std::pair<AddressRange, Address>> m_aliases;
    bool m_logging = false;
    std::optional<ByteWatch> m_bytes; ///< on demand
    Cycles m_logStart = 0;
    /// The lines of one writer as their bytes end their lives; tidied up from time to time.
    struct LineBuilder {
        std::vector<LineLife> lines;
        std::size_t tidyAt = 1 << 14;
        void add(std::uint32_t line, const ByteState& state);
    };
    std::map<AccessorId, LineBuilder> m_lines;
    LineBuilder* m_lastLines = nullptr; ///< of m_lastLife
    std::map<AccessorId, WordSet> m_constants;
    std::map<FlowKey, Builder> m_lives;
    std::map<FlowKey, Builder> m_flows;
    /// The newest entry of a map, at hand.
    struct Newest {
        FlowKey key{0xFFFF, 0xFFFF};
        Builder* builder = nullptr;
    };
    Newest m_lastFlow;
    Newest m_lastLife;
};

} // namespace simprof
