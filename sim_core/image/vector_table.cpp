// SPDX-License-Identifier: GPL-2.0-or-later
// Armv7-M ARM (DDI 0403E), B1.5.2 and B1.5.3: exception numbers and vector table.
#include "sim_core/image/vector_table.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace simprof {
namespace {

constexpr std::array<unsigned, 8> kSystemVectors = {2, 3, 4, 5, 6, 11, 14, 15};
constexpr unsigned kFirstInterrupt = 16, kMostVectors = 16 + 480;

bool inRamArea(std::uint32_t address) { return address >= 0x10000000 && address < 0x40000000; }

bool isEmpty(std::uint32_t vector) { return vector == 0 || vector == 0xFFFFFFFF; }

/// Thumb code in the image, or in a RAM to which start-up code may copy it.
bool leadsToCode(const FirmwareImage& image, std::uint32_t vector) {
    if (vector % 2 == 0) {
        return false;
    }
    return image.runBytesAt(vector & ~1U, 2).size() == 2 || (vector >= 0x20000000 && vector < 0x40000000);
}

/// Words of the table: those before the first handler behind it.
unsigned wordsOf(const FirmwareImage& image, Address at) {
    unsigned words = kMostVectors;
    for (unsigned index = 1; index < std::min(words, kFirstInterrupt); ++index) {
        const auto vector = image.wordAt(at + 4 * index);
        if (!vector) {
            return index;
        }
        if (*vector % 2 == 1 && *vector > at && (*vector - at) / 4 < words) {
            words = std::max((*vector - at) / 4, 2U);
        }
    }
    return words;
}

void addHandler(VectorTable& table, const FirmwareImage& image, std::uint32_t vector) {
    const Address handler = vector & ~1U;
    if (!isEmpty(vector) && image.runBytesAt(handler, 2).size() == 2 &&
        std::ranges::find(table.handlers, handler) == table.handlers.end()) {
        table.handlers.push_back(handler);
    }
}

/// The first word in [begin, begin + most) of the segment that is no filler, rounded down to 128 bytes: VTOR takes no
/// smaller alignment.
Address behindFiller(const ImageSegment& segment) {
    constexpr std::size_t kMost = 0x1000, kAlign = 128;
    const std::size_t end = std::min(segment.bytes.size(), kMost);
    const auto filler = segment.bytes.empty() ? std::byte{0} : segment.bytes[0];
    if (filler != std::byte{0} && filler != std::byte{0xFF}) {
        return segment.address;
    }
    const auto first = std::find_if(segment.bytes.begin(), segment.bytes.begin() + static_cast<std::ptrdiff_t>(end),
                                    [&](std::byte byte) { return byte != filler; });
    const auto offset = static_cast<std::size_t>(first - segment.bytes.begin());
    return segment.address + static_cast<Address>(offset / kAlign * kAlign);
}

/// The table of a boot loader that sets its stack pointer itself: reset, NMI and HardFault lead to code of the image.
bool resetsThrough(const FirmwareImage& image, Address at) {
    for (Address vector = at + 4; vector <= at + 12; vector += 4) {
        const std::uint32_t handler = image.wordAt(vector).value_or(0);
        if (handler % 2 == 0 || image.bytesAt(handler & ~1U, 2).size() != 2) {
            return false;
        }
    }
    return true;
}

} // namespace

std::optional<VectorTable> vectorTableAt(const FirmwareImage& image, Address at) {
    const auto stack = image.wordAt(at), reset = image.wordAt(at + 4);
    if (!stack || !reset || !inRamArea(*stack) || *reset % 2 == 0 || image.runBytesAt(*reset & ~1U, 2).size() != 2) {
        return std::nullopt;
    }
    VectorTable table{at, *stack & ~3U, *reset & ~1U, {*reset & ~1U}, 0};
    const unsigned words = wordsOf(image, at);
    for (const unsigned index : kSystemVectors) {
        if (index >= words) {
            break;
        }
        const std::uint32_t vector = image.wordAt(at + 4 * index).value_or(0);
        if (!isEmpty(vector) && !leadsToCode(image, vector)) {
            return std::nullopt;
        }
        addHandler(table, image, vector);
    }
    for (unsigned index = kFirstInterrupt; index < words; ++index) {
        const auto vector = image.wordAt(at + 4 * index);
        if (!vector || (!isEmpty(*vector) && !leadsToCode(image, *vector))) {
            break;
        }
        addHandler(table, image, *vector);
        if (!isEmpty(*vector)) {
            table.interrupts = index - kFirstInterrupt + 1;
        }
    }
    return table;
}

std::optional<Address> ownVectorTable(const FirmwareImage& image) {
    if (image.vectorTable) {
        return image.vectorTable;
    }
    for (const ImageSegment& segment : image.segments) {
        for (const Address at : {segment.address, behindFiller(segment)}) {
            if (vectorTableAt(image, at)) {
                return at;
            }
        }
    }
    using namespace std::string_view_literals;
    static constexpr std::array kNames = {"__isr_vector"sv,   "g_pfnVectors"sv, "__Vectors"sv,      "_vector_table"sv,
                                          "__vectors"sv,      "vector_table"sv, "__VECTOR_TABLE"sv, "_vectors"sv,
                                          "__vector_table"sv, "isr_vector"sv};
    for (const ImageSymbol& symbol : image.symbols) {
        if (std::ranges::find(kNames, symbol.name) != kNames.end() && vectorTableAt(image, symbol.address)) {
            return symbol.address;
        }
    }
    return std::nullopt;
}

Address startTable(const FirmwareImage& image, const BoardDesc& board) {
    if (board.startsInRom || image.segments.empty()) {
        return board.vectorTable;
    }
    if (image.vectorTable) {
        return *image.vectorTable;
    }
    const auto memoryOf = [&](Address address) {
        return std::ranges::find_if(board.mcu->memories,
                                    [&](const MemoryDesc& memory) { return memory.range.contains(address); });
    };
    if (const auto flash = memoryOf(board.vectorTable);
        flash != board.mcu->memories.end() && flash->kind == MemoryKind::Flash &&
        (vectorTableAt(image, flash->range.begin) || resetsThrough(image, flash->range.begin))) {
        return flash->range.begin;
    }
    if (vectorTableAt(image, board.vectorTable)) {
        return board.vectorTable;
    }
    const std::optional<Address> own = ownVectorTable(image);
    if (!own && image.wordAt(board.vectorTable)) {
        return board.vectorTable;
    }
    const Address start = own.value_or(image.segments.front().address);
    const auto memory = memoryOf(start);
    const bool aliased = memory != board.mcu->memories.end() && memory->aliasOf &&
                         start - memory->range.begin + *memory->aliasOf == board.vectorTable;
    return aliased ? board.vectorTable : start;
}

} // namespace simprof
