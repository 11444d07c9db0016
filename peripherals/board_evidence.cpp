// SPDX-License-Identifier: GPL-2.0-or-later
// Build attributes: "Addenda to the ABI for the Arm Architecture", Tag_CPU_arch.
#include "peripherals/board_evidence.h"

#include "peripherals/boards.h"
#include "peripherals/boards/board_values.h"
#include "peripherals/uf2_families.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace simprof {
namespace {

using Finding = std::optional<BoardEvidence>;

constexpr unsigned kArchV7 = 10, kArchV6M = 11, kArchV6SM = 12, kArchV7EM = 13;

std::string hex(std::uint64_t value) { return fmt::format("0x{:08x}", value); }

Finding speaks(int weight, std::string sentence) { return BoardEvidence{"", weight, false, std::move(sentence)}; }
Finding summary(int weight, std::string sentence) {
    return BoardEvidence{"", weight, false, std::move(sentence), true};
}
Finding veto(std::string sentence) { return BoardEvidence{"", 0, true, std::move(sentence)}; }

bool isArmV6(const CoreDesc& core) { return !core.kind->isV7(); }

bool isRam(MemoryKind kind) { return kind == MemoryKind::Sram || kind == MemoryKind::Dtcm || kind == MemoryKind::Itcm; }

/// True when neighbouring memories of the MCU cover [begin, end).
template<class Accept>
bool covers(const McuDesc& mcu, std::uint64_t begin, std::uint64_t end, Accept accept) {
    while (begin < end) {
        const auto memory = std::ranges::find_if(
            mcu.memories, [&](const MemoryDesc& entry) { return accept(entry) && entry.range.contains(begin); });
        if (memory == mcu.memories.end()) {
            return false;
        }
        begin = memory->range.end();
    }
    return true;
}

bool holds(const McuDesc& mcu, std::uint64_t begin, std::uint64_t end) {
    const auto writable = [](const MemoryDesc& memory) { return memory.kind != MemoryKind::Rom; };
    const auto registers = [&](const PeripheralDesc& peripheral) {
        return peripheral.range.contains(begin, end - begin);
    };
    return covers(mcu, begin, end, writable) || std::ranges::any_of(mcu.peripherals, registers);
}

char upperCase(char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c); }

Address firstByteOf(const BoardDesc& board) { return board.mcu->imageStart.value_or(board.vectorTable); }

/// The initial stack pointer; the RP2040's follows the 256 bytes of the second stage. A boot loader that comes first
/// may set its own and have none in its table: then that of the program behind it.
std::optional<std::uint32_t> initialStack(const FirmwareImage& image, const BoardDesc& board) {
    const Address table = board.mcu->imageVectors.value_or(startTable(image, board));
    const auto behind = ownVectorTable(image);
    if (const auto word = image.wordAt(table); word && (*word >= 0x10000000 || !behind)) {
        return *word & ~3U;
    }
    if (const auto word = behind ? image.wordAt(*behind) : std::nullopt) {
        return *word & ~3U;
    }
    for (const ImageSegment& segment : image.segments) {
        if (const auto word = segment.bytes.size() >= 8 ? image.wordAt(segment.address) : std::nullopt) {
            return *word & ~3U;
        }
    }
    return std::nullopt;
}

// ---- the rules -----------------------------------------------------------------------------------------------------

Finding memory(const ImageFacts& facts, const BoardDesc& board) {
    for (const ImageSegment& segment : facts.image.segments) {
        const std::uint64_t loaded = std::uint64_t{segment.address} + segment.bytes.size();
        if (!segment.bytes.empty() && !holds(*board.mcu, segment.address, loaded)) {
            return veto(fmt::format("the image needs memory at {} to {}", hex(segment.address), hex(loaded)));
        }
        const std::uint64_t run = std::uint64_t{segment.runAddress} + segment.memorySize;
        if (segment.runAddress != segment.address && segment.memorySize != 0 &&
            !holds(*board.mcu, segment.runAddress, run)) {
            return veto(fmt::format("the image needs memory at {} to {}", hex(segment.runAddress), hex(run)));
        }
    }
    return summary(0, "its memory holds the image");
}

/// From the build attributes where there are any, else from the code.
Finding core(const ImageFacts& facts, const BoardDesc& board) {
    const BuildAttributes& attributes = facts.image.attributes;
    const CoreDesc& core = board.mcu->core;
    const std::string has = fmt::format("it has a {}", core.kind->name);
    if (attributes.cpuArch) {
        const unsigned arch = *attributes.cpuArch;
        const bool wide = arch != kArchV6M && arch != kArchV6SM && arch > 3;
        const bool runs = (!isArmV6(core) || !wide) && arch <= kArchV7EM && !attributes.mve &&
                          (!attributes.fpDouble || core.doublePrecision) && (!attributes.fpSingle || core.fpu);
        return runs ? Finding{} : veto(fmt::format("the image is built for {}, {}", builtFor(facts), has));
    }
    if (const Uf2Family* const family = uf2Family(facts.image.family); family != nullptr && family->isOf(*board.mcu)) {
        return std::nullopt; // the file's own word: what was followed as code may be data
    }
    struct Row {
        CodeNeed need;
        bool present;
        const char* what;
    };
    const bool v7 = !isArmV6(core);
    const Row rows[] = {{CodeNeed::Thumb2, v7, "Armv7-M"},
                        {CodeNeed::Dsp, v7, "Armv7E-M"},
                        {CodeNeed::Fpu, core.fpu, "an FPU"},
                        {CodeNeed::Double, core.doublePrecision, "an FPU for double precision"},
                        {CodeNeed::FpV5, core.fpu && core.kind->fpu == FpuVersion::V5, "an FPU of version 5"}};
    for (const Row& row : rows) {
        if (const auto& witness = facts.code.need(row.need); witness && !row.present) {
            return veto(
                fmt::format("the code needs {} ('{}' at {}), {}", row.what, witness->text, hex(witness->address), has));
        }
    }
    return std::nullopt;
}

Finding stack(const ImageFacts& facts, const BoardDesc& board) {
    const auto sp = initialStack(facts.image, board);
    if (!sp) {
        return std::nullopt;
    }
    int end = 0;
    for (const MemoryDesc& memory : board.mcu->memories) {
        if (!isRam(memory.kind) || *sp <= memory.range.begin || *sp > memory.range.end()) {
            continue;
        }
        // Some linker scripts leave the last words free.
        constexpr std::uint64_t kLastWords = 16;
        const auto isRamMemory = [](const MemoryDesc& other) { return isRam(other.kind); };
        const bool continues = covers(*board.mcu, memory.range.end(), memory.range.end() + 1, isRamMemory);
        const bool close = !continues && memory.range.end() - *sp < kLastWords;
        end = std::max(end, close && *sp == memory.range.end() ? 3 : close ? 2 : 1);
    }
    switch (end) {
    case 3: return summary(8, fmt::format("the initial stack pointer {} is the end of its RAM", hex(*sp)));
    case 2: return summary(6, fmt::format("the initial stack pointer {} lies in its RAM", hex(*sp)));
    case 1: return summary(0, fmt::format("the initial stack pointer {} lies in its RAM", hex(*sp)));
    default: break;
    }
    if (!facts.code.entryIsCode || facts.code.setsStackItself || !facts.code.usesStack) {
        return speaks(-24, fmt::format("the initial stack pointer {} lies in no RAM of it", hex(*sp)));
    }
    return veto(fmt::format("the initial stack pointer {} lies in no RAM of it", hex(*sp)));
}

Finding start(const ImageFacts& facts, const BoardDesc& board) {
    const auto beginsAt = [&](Address address) {
        return std::ranges::any_of(facts.image.segments, [&](const auto& s) { return s.address == address; });
    };
    if (const Address first = firstByteOf(board); beginsAt(first)) {
        return summary(16, fmt::format("which begins where this board starts ({})", hex(first)));
    }
    for (const MemoryDesc& memory : board.mcu->memories) {
        if (memory.kind == MemoryKind::Flash && beginsAt(memory.range.begin) &&
            vectorTableAt(facts.image, memory.range.begin)) {
            return memory.aliasOf
                       ? speaks(-16, fmt::format("begins in a second view of its flash ({})", hex(memory.range.begin)))
                       : summary(12, fmt::format("which begins where its flash begins ({})", hex(memory.range.begin)));
        }
    }
    return std::nullopt;
}

Finding coreName(const ImageFacts& facts, const BoardDesc& board) {
    const BuildAttributes& attributes = facts.image.attributes;
    const CoreDesc& core = board.mcu->core;
    const auto isNamed = [&attributes](std::string_view name) {
        return std::ranges::equal(attributes.cpuName, name, {}, upperCase, upperCase);
    };
    if (isNamed(core.kind->name) || isNamed(core.kind->attributeName)) {
        return summary(32, fmt::format("built for its core ({})", attributes.cpuName));
    }
    if (!attributes.cpuArch) {
        return std::nullopt;
    }
    const bool wants6 = *attributes.cpuArch == kArchV6M || *attributes.cpuArch == kArchV6SM;
    if (*attributes.cpuArch == kArchV7 && core.kind == &kCortexM4) {
        return summary(8, "built for Armv7-M, whose cores (Cortex-M3) its Cortex-M4 is nearest to");
    }
    if (wants6 == isArmV6(core)) {
        return summary(16, "built for its core's architecture");
    }
    return wants6 ? speaks(-16, "built for Armv6-M, of which its core has more") : Finding{};
}

/// A compiler for a Cortex-M4 uses FPv4, one for a Cortex-M7 FPv5; the latter runs both.
Finding fpu(const ImageFacts& facts, const BoardDesc& board) {
    const unsigned version = facts.image.attributes.fpVersion;
    const CoreDesc& core = board.mcu->core;
    if (version == 0 || !core.fpu) {
        return std::nullopt;
    }
    const unsigned has = core.kind->fpu == FpuVersion::V5 ? 5 : 4;
    return speaks(has == version ? 16 : -16, fmt::format("built for an FPv{}, it has an FPv{}", version, has));
}

/// Code compiled for Armv7-M has 32-bit instructions everywhere.
Finding narrowCode(const ImageFacts& facts, const BoardDesc& board) {
    constexpr std::size_t kEnough = 300;
    if (facts.image.attributes.cpuArch || facts.code.need(CodeNeed::Thumb2) || facts.code.instructions < kEnough) {
        return std::nullopt;
    }
    const std::string what =
        fmt::format("{} instructions followed, none that Armv6-M does not have", facts.code.instructions);
    return speaks(isArmV6(board.mcu->core) ? 6 : -6, what);
}

Finding devices(const ImageFacts& facts, const BoardDesc& board) {
    static constexpr int kMost = 8;
    const auto known = deviceBlocks(facts, *board.mcu, true), missing = deviceBlocks(facts, *board.mcu, false);
    if (known.empty() && missing.empty()) {
        return std::nullopt;
    }
    const auto weigh = [](std::size_t count) { return 4 * std::min(static_cast<int>(count), kMost); };
    const auto list = [](const std::vector<Address>& blocks) {
        std::vector<std::string> texts;
        for (std::size_t i = 0; i < std::min<std::size_t>(blocks.size(), 4); ++i) {
            texts.push_back(hex(blocks[i]));
        }
        return fmt::format("{}{}", fmt::join(texts, ", "), blocks.size() > texts.size() ? ", …" : "");
    };
    std::string text = fmt::format("the code accesses device registers at {} addresses it has{}{}", known.size(),
                                   known.empty() ? "" : ": ", list(known));
    if (!missing.empty()) {
        text += fmt::format("; at {} it does not have: {}", missing.size(), list(missing));
    }
    return speaks(weigh(known.size()) - weigh(missing.size()), text);
}

Finding interrupts(const ImageFacts& facts, const BoardDesc& board) {
    const unsigned used = facts.table ? facts.table->interrupts : 0, has = board.mcu->core.irqCount;
    constexpr unsigned kStep = 32; // tables are filled up to the interrupts of a whole NVIC register
    if (used <= (has + kStep - 1) / kStep * kStep) {
        return std::nullopt;
    }
    return speaks(-12, fmt::format("the vector table has handlers for {} interrupts, it has {}", used, has));
}

/// Registers of the caches of a Cortex-M7: SCB 0xE000EF50 to 0xE000EF78, CLIDR to CSSELR.
Finding caches(const ImageFacts& facts, const BoardDesc& board) {
    const auto isCache = [](Address a) {
        return (a >= 0xE000EF50 && a < 0xE000EF7C) || (a >= 0xE000ED78 && a < 0xE000ED88);
    };
    const auto found = std::ranges::find_if(facts.code.accessed, isCache);
    if (found == facts.code.accessed.end()) {
        return std::nullopt;
    }
    const bool has = board.mcu->core.kind->hasL1();
    return speaks(has ? 12 : -12, fmt::format("the code maintains L1 caches ({}), {}", hex(*found),
                                              has ? "which it has" : "which it does not have"));
}

Finding family(const ImageFacts& facts, const BoardDesc& board) {
    const Uf2Family* const family = uf2Family(facts.image.family);
    if (family == nullptr) {
        return std::nullopt;
    }
    return family->isOf(*board.mcu)
               ? speaks(64, fmt::format("the UF2 file is for the {}", family->name))
               : speaks(-64, fmt::format("the UF2 file is for the {}, it has a {}", family->name, board.mcu->name));
}

struct Rule {
    const char* name;
    Finding (*look)(const ImageFacts&, const BoardDesc&);
};

constexpr Rule kRules[] = {
    {"memory", memory},
    {"core", core},
    {"start", start},
    {"stack", stack},
    {"built for", coreName},
    {"FPU", fpu},
    {"family", family},
    {"devices", devices},
    {"interrupts", interrupts},
    {"caches", caches},
    {"narrow code", narrowCode},
};

} // namespace

ImageFacts factsOf(const FirmwareImage& image) {
    ImageFacts facts{image, std::nullopt, {}};
    std::vector<Address> entries;
    if (const auto own = ownVectorTable(image)) {
        facts.table = vectorTableAt(image, *own);
    }
    for (const BoardDesc& board : boards()) {
        if (!facts.table && board.mcu->imageVectors) {
            facts.table = vectorTableAt(image, *board.mcu->imageVectors);
        }
    }
    if (facts.table) {
        entries = facts.table->handlers;
    } else if (image.entry) {
        entries.push_back(*image.entry);
    }
    facts.code = surveyCode(image, entries);
    return facts;
}

std::vector<BoardEvidence> evidenceFor(const ImageFacts& facts, const BoardDesc& board) {
    std::vector<BoardEvidence> found;
    for (const Rule& rule : kRules) {
        if (Finding finding = rule.look(facts, board)) {
            finding->rule = rule.name;
            found.push_back(std::move(*finding));
        }
    }
    std::ranges::stable_sort(found, [](const auto& a, const auto& b) { return a.veto && !b.veto; });
    return found;
}

std::string builtFor(const ImageFacts& facts) {
    const BuildAttributes& attributes = facts.image.attributes;
    if (attributes.cpuArch) {
        const unsigned arch = *attributes.cpuArch;
        const std::string name = arch == kArchV7EM ? "Armv7E-M" : arch == kArchV7 ? "Armv7-M" : "Armv6-M";
        const std::string unit = attributes.fpDouble ? ", double-precision FPU" : attributes.fpSingle ? ", FPU" : "";
        const bool named = attributes.cpuName.starts_with("Cortex") || attributes.cpuName.starts_with("CORTEX");
        return named ? fmt::format("{} ({}{})", attributes.cpuName, name, unit)
                     : fmt::format("{} ({}{})",
                                   arch == kArchV7     ? "Cortex-M3"
                                   : arch == kArchV7EM ? "Cortex-M4 or M7"
                                                       : "Cortex-M0",
                                   name, unit);
    }
    if (facts.code.need(CodeNeed::Double) || facts.code.need(CodeNeed::FpV5)) {
        return "Cortex-M7 (Armv7E-M, FPU)";
    }
    if (facts.code.need(CodeNeed::Fpu)) {
        return "Cortex-M4 or M7 (Armv7E-M, FPU)";
    }
    return facts.code.need(CodeNeed::Thumb2) ? "Cortex-M3, M4 or M7 (Armv7-M)" : "";
}

std::vector<Address> deviceBlocks(const ImageFacts& facts, const McuDesc& mcu, bool known) {
    constexpr std::uint32_t kBlock = 0x400;
    const auto inDeviceArea = [](Address a) {
        return a >= 0x40000000 && a < 0x60000000 && (a < 0x42000000 || a >= 0x44000000);
    };
    std::vector<Address> blocks;
    for (const Address address : facts.code.accessed) {
        const auto has = [&](const PeripheralDesc& peripheral) { return peripheral.range.contains(address); };
        const auto holdsIt = [&](const MemoryDesc& entry) { return entry.range.contains(address); };
        const bool here = std::ranges::any_of(mcu.peripherals, has) ||
                          (inDeviceArea(address) && std::ranges::any_of(mcu.memories, holdsIt));
        const bool anywhere = inDeviceArea(address) || std::ranges::any_of(boards(), [&](const BoardDesc& board) {
                                  return std::ranges::any_of(board.mcu->peripherals, has);
                              });
        const Address block = address / kBlock * kBlock;
        if (anywhere && here == known && address < 0xE0000000 && (blocks.empty() || blocks.back() != block)) {
            blocks.push_back(block);
        }
    }
    return blocks;
}

} // namespace simprof
