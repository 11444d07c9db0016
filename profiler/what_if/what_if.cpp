// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/what_if/what_if.h"

#include "peripherals/mcus/wait_states.h"
#include "profiler/text/numbers.h"
#include "profiler/what_if/free_room.h"
#include "profiler/what_if/memories.h"
#include "profiler/what_if/selection.h"
#include "sim_core/timing/changed_timing.h"
#include "sim_core/timing/memory_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace simprof {

namespace {

bool isReadOnly(const MemoryDesc& memory) {
    return memory.kind == MemoryKind::Flash || memory.kind == MemoryKind::Rom || memory.kind == MemoryKind::Xip;
}

/// Turns requests into changes, one after the other.
class Resolver {
public:
    explicit Resolver(WhatIfFacts facts)
        : m_facts(std::move(facts))
        , m_mcu(*m_facts.board.mcu)
        , m_room(m_facts.used) {}

    WhatIf resolve(const std::vector<WhatIfRequest>& requests) {
        for (const WhatIfRequest& request : requests) {
            if (placesSomething(request)) {
                place(request);
            } else {
                set(request);
            }
        }
        waitForClock();
        checkSizes();
        std::ranges::sort(m_result.timing.placements, {}, [](const Placement& p) { return p.from.begin; });
        return std::move(m_result);
    }

private:
    // ---- places ----------------------------------------------------------------------------------------------------

    void place(const WhatIfRequest& request) {
        if (request.change.starts_with("0x")) {
            placeAt(request);
            return;
        }
        const std::vector<const MemoryDesc*> named = memoriesOf(request, m_mcu);
        const Selection selection = select(request, m_facts);
        const std::vector<const MemoryDesc*> memories = suitable(request, selection, named);
        const MemoryDesc& source = sourceOf(request, selection);
        refuseOverlap(request, selection);
        if (memories.front()->aliasOf) {
            show(request, selection, source, *memories.front());
            return;
        }
        for (const MemoryDesc* memory : memories) {
            if (fits(request, selection, *memory)) {
                return;
            }
        }
        const MemoryDesc& most = **std::ranges::max_element(
            memories, {}, [this](const MemoryDesc* memory) { return m_room.largest(memory->range); });
        throw request.refused(fmt::format("that is {} B ({}), and {} has {} B left in one piece of its {} B",
                                          grouped(selection.bytes()), selection.what, most.name,
                                          grouped(m_room.largest(most.range)), grouped(most.range.size)));
    }

    /// At an address that the user names, whatever lies there.
    void placeAt(const WhatIfRequest& request) {
        const Selection selection = select(request, m_facts);
        const MemoryDesc& source = sourceOf(request, selection);
        refuseOverlap(request, selection);
        const AddressRange last = selection.ranges.back();
        const std::int64_t offset = std::int64_t{addressOf(request)} - selection.ranges.front().begin;
        const MemoryDesc* memory = memoryAt(m_mcu, addressOf(request));
        if (memory == nullptr ||
            memoryAt(m_mcu, static_cast<Address>(last.end() - 1 + static_cast<std::uint64_t>(offset))) == nullptr) {
            throw request.refused(fmt::format("{} has no memory for {} B from there on", m_mcu.name,
                                              grouped(last.end() - selection.ranges.front().begin)));
        }
        if (const std::string why = whyNot(request, selection, *memory); !why.empty()) {
            throw request.refused(why);
        }
        if (offset % 4 != 0) {
            throw request.refused("what is placed stays as aligned as it is: another multiple of 4 bytes away");
        }
        for (const AddressRange& range : selection.ranges) {
            move(request, range, static_cast<Address>(range.begin + offset));
        }
        say(request, selection, source, *memory);
    }

    /// The memory that all of it lies in.
    const MemoryDesc& sourceOf(const WhatIfRequest& request, const Selection& selection) const {
        for (const AddressRange& range : selection.ranges) {
            if (memoryAt(m_mcu, range.begin) == nullptr ||
                memoryAt(m_mcu, static_cast<Address>(range.end() - 1)) == nullptr) {
                throw request.refused(fmt::format("{} has no memory at {}..{}", m_mcu.name, hexAddress(range.begin),
                                                  hexAddress(static_cast<Address>(range.end()))));
            }
        }
        return *memoryAt(m_mcu, selection.ranges.front().begin);
    }

    void refuseOverlap(const WhatIfRequest& request, const Selection& selection) const {
        for (const auto& [range, text] : m_placed) {
            for (const AddressRange& mine : selection.ranges) {
                if (mine.begin < range.end() && range.begin < mine.end()) {
                    throw request.refused(fmt::format("it contradicts --what-if {}, which places {} already", text,
                                                      hexAddress(std::max(mine.begin, range.begin))));
                }
            }
        }
    }

    /// Why it can never lie in `memory`; "" when it may.
    std::string whyNot(const WhatIfRequest& request, const Selection& selection, const MemoryDesc& memory) const {
        const bool byAddress = request.select.starts_with("0x"); // what it is is not known
        const ZeroWaitRow* row = findZeroWaitRow(memory.timing);
        if (selection.fetched && !byAddress &&
            (memory.kind == MemoryKind::Dtcm || (row != nullptr && row->dataOnly))) { // Arm DDI 0489: DTCM serves data
            return fmt::format("the core fetches no instructions from {}", memory.name);
        }
        if (selection.written && !byAddress && isReadOnly(memory)) {
            return fmt::format("{} cannot be written, {} is", memory.name, selection.what);
        }
        return isTimed(memory) ? "" : fmt::format("how long {} takes to answer is not simulated", memory.name);
    }

    /// Those of the memories that it may lie in; throws Error when there is none, or it lies in one already.
    std::vector<const MemoryDesc*> suitable(const WhatIfRequest& request, const Selection& selection,
                                            const std::vector<const MemoryDesc*>& memories) const {
        std::vector<const MemoryDesc*> found;
        std::string why;
        for (const MemoryDesc* memory : memories) {
            const std::string reason = whyNot(request, selection, *memory);
            if (reason.empty()) {
                found.push_back(memory);
            }
            why = why.empty() ? reason : why;
            if (std::ranges::all_of(selection.ranges, [&](const AddressRange& range) {
                    return memory->range.contains(range.begin, range.size);
                })) {
                throw request.refused(fmt::format("{} lies in {} already", selection.what, memory->name));
            }
        }
        if (found.empty()) {
            throw request.refused(why);
        }
        return found;
    }

    /// Whether a document says how long it takes to answer this core.
    bool isTimed(const MemoryDesc& memory) const {
        const bool tcm = memory.kind == MemoryKind::Itcm || memory.kind == MemoryKind::Dtcm;
        return tcm || findZeroWaitRow(memory.timing) != nullptr ||
               (m_mcu.core.kind->hasL1() ? findAxiRow(memory.timing) != nullptr
                                         : findFlashRow(memory.timing) != nullptr);
    }

    /// The same bytes through the memory's other window.
    void show(const WhatIfRequest& request, const Selection& selection, const MemoryDesc& source,
              const MemoryDesc& window) {
        if (source.range.begin != *window.aliasOf) {
            throw request.refused(fmt::format("{} shows the bytes at {}, {} lies in {}", window.name,
                                              hexAddress(*window.aliasOf), selection.what, source.name));
        }
        for (const AddressRange& range : selection.ranges) {
            move(request, range, static_cast<Address>(range.begin - source.range.begin + window.range.begin));
        }
        say(request, selection, source, window);
    }

    bool fits(const WhatIfRequest& request, const Selection& selection, const MemoryDesc& memory) {
        FreeRoom room = m_room;
        std::vector<Address> places;
        for (const AddressRange& range : selection.ranges) {
            const auto place = room.take(memory.range, range);
            if (!place) {
                return false;
            }
            places.push_back(*place);
        }
        m_room = std::move(room);
        for (std::size_t i = 0; i < places.size(); ++i) {
            move(request, selection.ranges[i], places[i]);
        }
        say(request, selection, *memoryAt(m_mcu, selection.ranges.front().begin), memory);
        return true;
    }

    void move(const WhatIfRequest& request, const AddressRange& range, Address to) {
        const std::int64_t offset = std::int64_t{to} - range.begin;
        m_result.timing.placements.push_back({range, offset, offset});
        m_placed.emplace_back(range, request.text);
    }

    void say(const WhatIfRequest& request, const Selection& selection, const MemoryDesc& source,
             const MemoryDesc& memory) {
        const Placement& first =
            m_result.timing.placements[m_result.timing.placements.size() - selection.ranges.size()];
        const auto to = static_cast<Address>(first.from.begin + first.fetch);
        m_result.changes.push_back(
            {request.text,
             fmt::format("{}, {} B from {} ({}) on, in {} from {} on", selection.what, grouped(selection.bytes()),
                         hexAddress(first.from.begin), source.name, memory.name, hexAddress(to)),
             memory.aliasOf ? 0 : selection.bytes(), memory.name});
    }

    // ---- settings --------------------------------------------------------------------------------------------------

    template<class T>
    void give(const WhatIfRequest& request, std::optional<T>& setting, T to, const std::string& text) {
        if (setting && *setting != to) {
            throw request.refused(fmt::format("it contradicts another {}", request.select));
        }
        if (!setting) {
            m_result.changes.push_back({request.text, text, 0});
        }
        setting = to;
    }

    /// Whether some flash of the part has what `has` asks for.
    template<class Has>
    bool someFlash(Has&& has) const {
        return std::ranges::any_of(m_mcu.memories, [&](const MemoryDesc& memory) {
            const auto flash = flashSettings(memory.timing);
            return flash && has(*flash);
        });
    }

    void set(const WhatIfRequest& request) {
        const std::string& select = request.select;
        TimingChanges& timing = m_result.timing;
        if (select == "wait-states") {
            if (!someFlash([](const FlashSettings& flash) { return !flash.fixedWaits; })) {
                throw request.refused(fmt::format("the flash of {} has no wait states to be programmed", m_mcu.name));
            }
            give(request, timing.waitStates, countOf(request),
                 fmt::format("{} wait states of the flash", request.change));
        } else if (select == "prefetch") {
            if (!someFlash([](const FlashSettings& flash) { return flash.hasPrefetch; })) {
                throw request.refused(fmt::format("the flash of {} has no prefetch", m_mcu.name));
            }
            give(request, timing.prefetch, switchOf(request), "prefetch of the flash " + request.change);
        } else if (select == "icache") {
            checkCache(request, m_mcu.core.icacheBytes, &FlashSettings::hasIcache, "instruction");
            give(request, timing.icache, switchOf(request), "instruction cache " + request.change);
        } else if (select == "dcache") {
            checkCache(request, m_mcu.core.dcacheBytes, &FlashSettings::hasDcache, "data");
            give(request, timing.dcache, switchOf(request), "data cache " + request.change);
        } else if (select == "icache-size") {
            give(request, timing.icacheBytes, cacheSize(request, m_mcu.core.icacheBytes),
                 fmt::format("L1 instruction cache of {}", bytesText(sizeOf(request))));
        } else if (select == "dcache-size") {
            give(request, timing.dcacheBytes, cacheSize(request, m_mcu.core.dcacheBytes),
                 fmt::format("L1 data cache of {}", bytesText(sizeOf(request))));
        } else {
            setClock(request);
        }
    }

    void checkCache(const WhatIfRequest& request, std::uint32_t l1, bool FlashSettings::*has, const char* what) const {
        const bool present =
            m_mcu.core.kind->hasL1() ? l1 != 0 : someFlash([has](const FlashSettings& flash) { return flash.*has; });
        if (!present) {
            throw request.refused(fmt::format("{} has no {} cache", m_mcu.name, what));
        }
    }

    std::uint32_t cacheSize(const WhatIfRequest& request, std::uint32_t l1) const {
        constexpr Bytes kLeast = 4096;
        constexpr Bytes kMost = 65536; // Arm DDI 0489, 2.1: 4 to 64 KB
        if (l1 == 0) {
            throw request.refused(fmt::format("{} has no L1 cache", m_mcu.name));
        }
        const Bytes bytes = sizeOf(request);
        if (bytes < kLeast || bytes > kMost || (bytes & (bytes - 1)) != 0) {
            throw request.refused("an L1 cache has 4K, 8K, 16K, 32K or 64K");
        }
        return static_cast<std::uint32_t>(bytes);
    }

    void setClock(const WhatIfRequest& request) {
        const Hertz clock = hertzOf(request);
        if (m_mcu.maxClock != 0 && clock > m_mcu.maxClock) {
            throw request.refused(fmt::format("{} runs at {} at most", m_mcu.name, humanFrequency(m_mcu.maxClock)));
        }
        std::optional<Hertz> known =
            m_result.timing.clock.to == 0 ? std::nullopt : std::optional(m_result.timing.clock.to);
        give(request, known, clock,
             fmt::format("core clock {} instead of {}", humanFrequency(clock),
                         humanFrequency(m_facts.plain.board.clockHz)));
        m_result.timing.clock = {m_facts.plain.board.clockHz, clock};
        m_clock = request;
    }

    /// The wait states that the part's manual asks for at another clock, where the user names none.
    void waitForClock() {
        const bool programmed = someFlash([](const FlashSettings& flash) { return !flash.fixedWaits; });
        if (!m_clock || m_result.timing.waitStates || !programmed) {
            return;
        }
        const auto waits = waitStatesAt(m_mcu, m_result.timing.clock.to);
        if (!waits) {
            throw m_clock->refused(fmt::format("how many wait states the flash of {} takes at a clock is not known: "
                                               "name them too, as in --what-if wait-states=2",
                                               m_mcu.name));
        }
        m_result.timing.waitStates = *waits;
        m_result.changes.push_back({m_clock->text,
                                    fmt::format("{} wait states of the flash, as that clock asks for ({})", *waits,
                                                waitStateRow(m_mcu)->source),
                                    0});
    }

    void checkSizes() const {
        const TimingChanges& timing = m_result.timing;
        if ((timing.icache == false && timing.icacheBytes) || (timing.dcache == false && timing.dcacheBytes)) {
            throw Error("--what-if: the size of a cache contradicts its being off");
        }
    }

    WhatIfFacts m_facts;
    const McuDesc& m_mcu;
    FreeRoom m_room;
    WhatIf m_result;
    std::vector<std::pair<AddressRange, std::string>> m_placed; ///< and by which text
    std::optional<WhatIfRequest> m_clock;
};

} // namespace

void checkWhatIf(const std::vector<std::string>& texts) { (void)parseRequests(texts); }

void checkWhatIf(const std::vector<std::string>& texts, const FirmwareImage& image, const BoardDesc& board,
                 const SymbolTable& symbols) {
    std::vector<WhatIfRequest> requests = parseRequests(texts);
    std::erase_if(requests, [](const WhatIfRequest& request) {
        return placesSomething(request) && !request.select.starts_with("fn:") && !request.select.starts_with("0x");
    });
    const Profile none;
    const std::vector<NetworkImage> noNetworks;
    (void)Resolver({image, board, symbols, noNetworks, none, {}, {}}).resolve(requests);
}

WhatIf resolveWhatIf(const std::vector<std::string>& texts, const WhatIfFacts& facts) {
    return Resolver(facts).resolve(parseRequests(texts));
}

} // namespace simprof
