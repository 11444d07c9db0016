// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/symbols/symbol_table.h"

#include "profiler/symbols/demangle.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <tuple>

namespace simprof {
namespace {

/// How far a function without known end may reach where no segment and no symbol limits it: code that was copied to
/// SRAM.
constexpr std::uint32_t kUnboundedFunction = 0x10000;

/// Smaller is preferred. CMSIS start-up files alias each unused interrupt handler to Default_Handler, which is the name
/// to show.
auto rank(const ImageSymbol& symbol) {
    const int binding = symbol.name == "Default_Handler" ? 0
                        : symbol.global && !symbol.weak  ? 1
                        : symbol.global                  ? 2
                                                         : 3;
    return std::tuple(binding, symbol.name.size(), std::string_view(symbol.name));
}

} // namespace

SymbolTable::SymbolTable(const FirmwareImage& image) {
    for (const ImageSegment& segment : image.segments) {
        m_segments.push_back({segment.runAddress, static_cast<std::uint32_t>(segment.memorySize)});
    }
    for (const ImageSymbol& symbol : image.symbols) {
        m_values.emplace(symbol.name, symbol.address);
        if (symbol.kind != ImageSymbol::Kind::Other || symbol.global) {
            m_boundaries.push_back(symbol.address);
        }
        if (symbol.kind != ImageSymbol::Kind::Other) {
            continue;
        }
        const auto [label, isNew] = m_labels.emplace(symbol.address, symbol.name);
        if (!isNew && symbol.name.size() < label->second.size()) {
            label->second = symbol.name;
        }
    }
    m_boundaries.erase(std::unique(m_boundaries.begin(), m_boundaries.end()), m_boundaries.end());

    // The image's symbols are sorted by address: each run with the same address and kind becomes one symbol.
    for (auto first = image.symbols.begin(); first != image.symbols.end();) {
        const auto last =
            std::find_if(first, image.symbols.end(), [&](const auto& s) { return s.address != first->address; });
        for (const auto kind : {ImageSymbol::Kind::Function, ImageSymbol::Kind::Object}) {
            const ImageSymbol* best = nullptr;
            std::uint32_t size = 0;
            for (auto it = first; it != last; ++it) {
                if (it->kind != kind) {
                    continue;
                }
                best = !best || rank(*it) < rank(*best) ? &*it : best;
                size = std::max(size, it->size);
            }
            if (!best) {
                continue;
            }
            const bool function = kind == ImageSymbol::Kind::Function;
            Symbol symbol;
            symbol.kind = function ? Symbol::Kind::Function : Symbol::Kind::Object;
            symbol.rawName = best->name;
            symbol.name = displayName(best->name);
            symbol.begin = best->address;
            symbol.size = size;
            const Symbol& added = add(std::move(symbol), function ? m_functions : m_objects);
            for (auto it = first; it != last; ++it) {
                if (it->kind == kind && it->name != best->name) {
                    m_names.emplace(it->name, added.id);
                }
            }
        }
        first = last;
    }
}

std::uint64_t SymbolTable::inferredEnd(Address begin) const {
    std::uint64_t end = std::uint64_t{begin} + kUnboundedFunction;
    for (const AddressRange& segment : m_segments) {
        if (segment.contains(begin)) {
            end = segment.end();
        }
    }
    const auto next = std::upper_bound(m_boundaries.begin(), m_boundaries.end(), begin);
    return next == m_boundaries.end() ? end : std::min<std::uint64_t>(end, *next);
}

const Symbol& SymbolTable::add(Symbol symbol, Ranges& ranges) {
    symbol.id = static_cast<SymbolId>(m_symbols.size());
    symbol.sizeInferred = symbol.size == 0;
    if (symbol.sizeInferred) {
        symbol.size = static_cast<std::uint32_t>(inferredEnd(symbol.begin) - symbol.begin);
    }
    for (const AddressRange& segment : m_segments) { // a size that leads out of the segment is a lie
        if (segment.contains(symbol.begin)) {
            symbol.size = static_cast<std::uint32_t>(std::min(symbol.range().end(), segment.end()) - symbol.begin);
        }
    }
    m_names.emplace(symbol.name, symbol.id);
    if (symbol.rawName != symbol.name) {
        m_names.emplace(symbol.rawName, symbol.id);
    }
    m_symbols.push_back(std::move(symbol));
    index(ranges, m_symbols.back());
    return m_symbols.back();
}

void SymbolTable::index(Ranges& ranges, const Symbol& symbol) {
    const auto behind = [](Address begin, const Entry& entry) { return begin < entry.begin; };
    const auto at = std::upper_bound(ranges.begin(), ranges.end(), symbol.begin, behind);
    auto entry = ranges.insert(at, {symbol.begin, symbol.range().end(), 0, symbol.id});
    if (entry != ranges.begin()) {
        // A function whose end was only guessed ends where this one begins.
        Entry& before = *(entry - 1);
        Symbol& previous = m_symbols[static_cast<std::size_t>(before.id)];
        if (previous.sizeInferred && before.end > symbol.begin) {
            before.end = symbol.begin;
            previous.size = symbol.begin - previous.begin;
        }
        entry = entry - 1;
    }
    std::uint64_t reach = entry == ranges.begin() ? 0 : (entry - 1)->reach;
    for (; entry != ranges.end(); ++entry) {
        entry->reach = reach = std::max(reach, entry->end);
    }
}

const Symbol* SymbolTable::innermost(const Ranges& ranges, Address address) const {
    const auto behind = [](Address value, const Entry& entry) { return value < entry.begin; };
    auto entry = std::upper_bound(ranges.begin(), ranges.end(), address, behind);
    while (entry != ranges.begin()) {
        --entry;
        if (entry->reach <= address) {
            return nullptr;
        }
        if (entry->end > address) {
            return &(*this)[entry->id];
        }
    }
    return nullptr;
}

const Symbol* SymbolTable::functionAt(Address address) const { return innermost(m_functions, address & ~Address{1}); }

const Symbol* SymbolTable::objectAt(Address address) const { return innermost(m_objects, address); }

std::string SymbolTable::nameFor(Address address) const {
    const Symbol* function = functionAt(address);
    return function ? function->name : fmt::format("sub_{:08x}", address & ~Address{1});
}

const Symbol& SymbolTable::addDiscovered(Address target) {
    target &= ~Address{1};
    const Symbol* known = functionAt(target);
    const auto label = m_labels.find(target);
    if (known && (known->begin == target || !known->sizeInferred)) {
        return *known;
    }
    if (known && !known->discovered && label == m_labels.end()) {
        return *known;
    }
    Symbol symbol;
    symbol.rawName = label != m_labels.end() ? label->second : fmt::format("sub_{:08x}", target);
    symbol.name = displayName(symbol.rawName);
    symbol.begin = target;
    symbol.discovered = true;
    const auto boundary = std::lower_bound(m_boundaries.begin(), m_boundaries.end(), target);
    if (boundary == m_boundaries.end() || *boundary != target) {
        m_boundaries.insert(boundary, target);
    }
    return add(std::move(symbol), m_functions);
}

const Symbol* SymbolTable::find(std::string_view name) const {
    const Symbol* first = nullptr;
    const auto [begin, end] = m_names.equal_range(name);
    for (auto it = begin; it != end; ++it) {
        const Symbol& symbol = (*this)[it->second];
        if (!first || std::tie(symbol.begin, symbol.id) < std::tie(first->begin, first->id)) {
            first = &symbol;
        }
    }
    return first;
}

std::vector<const Symbol*> SymbolTable::findFunctions(std::string_view name) const {
    std::vector<const Symbol*> found;
    const auto [begin, end] = m_names.equal_range(name);
    for (auto it = begin; it != end; ++it) {
        if ((*this)[it->second].kind == Symbol::Kind::Function) {
            found.push_back(&(*this)[it->second]);
        }
    }
    std::sort(found.begin(), found.end(), [](const Symbol* a, const Symbol* b) { return a->id < b->id; });
    return found;
}

std::optional<Address> SymbolTable::value(std::string_view rawName) const {
    const auto it = m_values.find(rawName);
    return it == m_values.end() ? std::nullopt : std::optional(it->second);
}

} // namespace simprof
