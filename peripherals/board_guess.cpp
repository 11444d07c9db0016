// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/board_guess.h"

#include "peripherals/boards.h"
#include "sim_core/error.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <tuple>

namespace simprof {
namespace {

std::string hex(std::uint64_t value) {
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "0x%08llx", static_cast<unsigned long long>(value));
    return text.data();
}

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

/// The first loaded bytes no memory of the MCU has room for.
const ImageSegment* misfit(const FirmwareImage& image, const McuDesc& mcu) {
    for (const ImageSegment& segment : image.segments) {
        if (!segment.bytes.empty() && !holds(mcu, segment.address, segment.address + segment.bytes.size())) {
            return &segment;
        }
        if (segment.runAddress != segment.address && segment.memorySize != 0 &&
            !holds(mcu, segment.runAddress, segment.runAddress + segment.memorySize)) {
            return &segment;
        }
    }
    return nullptr;
}

/// What the code needs of the core, from the Arm build attributes (Addenda to the ABI, Tag_CPU_arch).
bool coreRuns(const BuildAttributes& attributes, const CoreDesc& core) {
    const bool armv6 = !core.kind->isV7();
    const unsigned arch = attributes.cpuArch.value_or(11);
    if (armv6 && arch != 11 && arch != 12 && arch > 3) {
        return false;
    }
    return arch <= 13 && !attributes.mve && (!attributes.fpDouble || core.doublePrecision) &&
           (!attributes.fpSingle || core.fpu);
}

char upperCase(char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c); }

/// How closely the code was made for this core: 2 by name, 1 by architecture, 0 it merely runs.
int coreCloseness(const BuildAttributes& attributes, const CoreDesc& core) {
    const auto isNamed = [&attributes](std::string_view name) {
        return std::ranges::equal(attributes.cpuName, name, {}, upperCase, upperCase);
    };
    if (isNamed(core.kind->name) || isNamed(core.kind->attributeName)) {
        return 2;
    }
    const bool armv6 = !core.kind->isV7();
    const bool wants6 = attributes.cpuArch && (*attributes.cpuArch == 11 || *attributes.cpuArch == 12);
    return attributes.cpuArch && armv6 == wants6 ? 1 : 0;
}

/// The initial stack pointer and where its vector table lies; the RP2040's follows the 256 bytes of the second stage.
std::optional<std::uint32_t> initialStack(const FirmwareImage& image, const BoardDesc& board) {
    const Address table = board.startsInRom ? 0x10000100 : board.vectorTable;
    if (const auto word = image.wordAt(table)) {
        return word;
    }
    for (const ImageSegment& segment : image.segments) {
        if (segment.bytes.size() >= 8) {
            return image.wordAt(segment.address);
        }
    }
    return std::nullopt;
}

struct Fit {
    const BoardDesc* board = nullptr;
    bool tableAtStart = false; ///< the image begins where this board starts
    int stack = 0;             ///< 2: exactly at the end of a RAM, 1: inside RAM
    int closeness = 0;
    std::uint64_t ram = 0;
};

Fit fit(const FirmwareImage& image, const BoardDesc& board) {
    Fit result{&board};
    const Address first = board.startsInRom ? 0x10000000 : board.vectorTable;
    result.tableAtStart =
        std::ranges::any_of(image.segments, [&](const auto& segment) { return segment.address == first; });
    for (const MemoryDesc& memory : board.mcu->memories) {
        result.ram += isRam(memory.kind) && !memory.aliasOf ? memory.range.size : 0;
    }
    if (const auto sp = initialStack(image, board)) {
        for (const MemoryDesc& memory : board.mcu->memories) {
            if (isRam(memory.kind) && *sp > memory.range.begin && *sp <= memory.range.end()) {
                const bool continues =
                    covers(*board.mcu, *sp, std::uint64_t{*sp} + 1, [](const auto& m) { return isRam(m.kind); });
                result.stack = std::max(result.stack, *sp == memory.range.end() && !continues ? 2 : 1);
            }
        }
    }
    result.closeness = coreCloseness(image.attributes, board.mcu->core);
    return result;
}

std::string explain(const FirmwareImage& image, const Fit& best) {
    const BoardDesc& board = *best.board;
    std::string why = board.name + ": its memory holds the image";
    if (best.tableAtStart) {
        why +=
            ", which begins where this board starts (" + hex(board.startsInRom ? 0x10000000 : board.vectorTable) + ")";
    }
    if (best.stack != 0) {
        why += ", the initial stack pointer " + hex(*initialStack(image, board)) +
               (best.stack == 2 ? " is the end of its RAM" : " lies in its RAM");
    }
    if (best.closeness != 0) {
        why += best.closeness == 2 ? ", built for its core (" + image.attributes.cpuName + ")"
                                   : ", built for its core's architecture";
    }
    return why;
}

[[noreturn]] void refuse(const FirmwareImage& image) {
    for (const ImageSegment& segment : image.segments) {
        const bool anywhere = std::ranges::any_of(boards(), [&](const BoardDesc& board) {
            return segment.bytes.empty() || holds(*board.mcu, segment.address, segment.address + segment.bytes.size());
        });
        if (!anywhere) {
            throw Error(
                image.name + " needs memory at " + hex(segment.address) + " to " +
                hex(segment.address + segment.bytes.size()) +
                ", no built-in board has it; give --board (simprof boards lists them, ./my.json describes your own)");
        }
    }
    const bool core = std::ranges::any_of(
        boards(), [&](const BoardDesc& board) { return coreRuns(image.attributes, board.mcu->core); });
    if (!core) {
        throw Error(image.name + " is built for " +
                    (image.attributes.cpuName.empty() ? "another core" : image.attributes.cpuName) +
                    ", no built-in board runs it: Cortex-M0, M0+, M4 and M7 are simulated");
    }
    throw Error(
        image.name +
        " fits no built-in board: none has all its memory and its core; give --board (simprof boards lists them)");
}

} // namespace

BoardGuess guessBoard(const FirmwareImage& image) {
    std::optional<Fit> best;
    const auto rank = [](const Fit& entry) {
        // Of boards that fit equally the one with the least RAM is the closest; then the first listed.
        return std::tuple(entry.stack != 0, entry.closeness == 2, entry.tableAtStart, entry.stack, entry.closeness,
                          ~entry.ram);
    };
    for (const BoardDesc& board : boards()) {
        if (misfit(image, *board.mcu) || !coreRuns(image.attributes, board.mcu->core)) {
            continue;
        }
        const Fit candidate = fit(image, board);
        if (!best || rank(candidate) > rank(*best)) {
            best = candidate;
        }
    }
    if (!best || image.segments.empty()) {
        refuse(image);
    }
    return {best->board, explain(image, *best)};
}

} // namespace simprof
