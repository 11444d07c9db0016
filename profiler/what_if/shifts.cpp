// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/what_if/shifts.h"

#include "profiler/what_if/selection.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

namespace simprof {

namespace {

constexpr std::string_view kShift = "shift=";
constexpr unsigned kLargest = 4096;
/// Between functions lies padding, and what the compiler put there without a symbol.
constexpr std::uint32_t kBetweenFunctions = 64;

std::optional<unsigned> evenNumber(std::string_view text) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool valid = error == std::errc{} && end == text.data() + text.size();
    return valid && number != 0 && number % 2 == 0 && number <= kLargest ? std::optional(number) : std::nullopt;
}

} // namespace

std::optional<std::vector<unsigned>> shiftsOf(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        if (!text.starts_with(kShift)) {
            continue;
        }
        if (texts.size() != 1) {
            throw Error(fmt::format("--what-if {} shifts all code, and takes no other --what-if beside it", text));
        }
        const std::string_view range = std::string_view(text).substr(kShift.size());
        const std::size_t dots = range.find("..");
        const auto first = evenNumber(range.substr(0, dots));
        const auto last = dots == std::string_view::npos ? first : evenNumber(range.substr(dots + 2));
        if (!first || !last || *first > *last) {
            throw Error(
                fmt::format("--what-if {}: a shift is an even number of bytes, or a range of such as 2..32, up to {}",
                            text, kLargest));
        }
        std::vector<unsigned> shifts;
        for (unsigned shift = *first; shift <= *last; shift += *first) {
            shifts.push_back(shift);
        }
        return shifts;
    }
    return std::nullopt;
}

TimingChanges shiftedCode(unsigned bytes, const SymbolTable& symbols, const FirmwareImage& image) {
    std::vector<AddressRange> code;
    for (const Symbol& symbol : symbols.symbols()) {
        if (symbol.kind == Symbol::Kind::Function && !symbol.discovered) {
            code.push_back(symbol.range());
        }
    }
    const bool named = !code.empty();
    for (const ImageSegment& segment : image.segments) {
        if (!named && (segment.executable || image.format != FirmwareImage::Format::Elf)) {
            code.push_back({segment.runAddress, static_cast<std::uint32_t>(segment.bytes.size())});
        }
    }
    TimingChanges changes;
    for (const AddressRange& range : joinedRanges(std::move(code), kBetweenFunctions)) {
        // Where functions have no names literals cannot be told from other data.
        changes.placements.push_back({range, bytes, named ? bytes & ~3U : 0});
    }
    return changes;
}

} // namespace simprof
