// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/firmware_image.h"

#include <deque>
#include <map>
#include <string_view>

namespace simprof {

/// Index of a symbol in its SymbolTable; those of the file come first, in ascending order of address, then those
/// discovered.
enum class SymbolId : std::uint32_t {};

/// A function or data object of the firmware.
struct Symbol {
    enum class Kind : std::uint8_t { Function, Object };

    SymbolId id{};
    Kind kind = Kind::Function;
    std::string name;    ///< as shown: demangled, without the compiler's clone suffixes; "sub_08001234" when discovered
    std::string rawName; ///< as in the file
    Address begin = 0;   ///< the Thumb bit is clear
    std::uint32_t size = 0;    ///< bytes; where the file does not say, up to the next symbol or the end of the segment
    bool sizeInferred = false; ///< the file does not say the size
    bool discovered = false;   ///< the file does not name it: found as the target of a call

    AddressRange range() const { return {begin, size}; }
};

/// Which function or object an address belongs to. Aliases are one symbol: a global name wins over a weak one, a weak
/// one over a local one, then the shortest, then the first in alphabetical order.
class SymbolTable {
public:
    SymbolTable() = default;
    explicit SymbolTable(const FirmwareImage& image);

    /// The innermost function that contains address (the Thumb bit is ignored), or null.
    const Symbol* functionAt(Address address) const;
    /// The innermost data object that contains address, or null.
    const Symbol* objectAt(Address address) const;
    /// The name of the function at address, or "sub_" and the address when no function is known there.
    std::string nameFor(Address address) const;
    /// Registers the target of a call or an exception vector. Returns the function that contains it, which is a new one
    /// when the file names none there; a label without type at this address gives it its name.
    const Symbol& addDiscovered(Address target);

    const Symbol& operator[](SymbolId id) const { return m_symbols.at(static_cast<std::size_t>(id)); }
    std::size_t size() const { return m_symbols.size(); }
    /// All symbols by id.
    const std::deque<Symbol>& symbols() const { return m_symbols; }

    /// The symbol with this raw or shown name or alias; the first by address when several have it, null when none.
    const Symbol* find(std::string_view name) const;
    /// All functions with this raw or shown name, by id: clones and static functions share a shown name.
    std::vector<const Symbol*> findFunctions(std::string_view name) const;
    /// The value of any name in the file, those that the linker script defines included.
    std::optional<Address> value(std::string_view rawName) const;

private:
    /// Ranges of one kind of symbol in ascending order of begin, nesting allowed.
    struct Entry {
        Address begin = 0;
        std::uint64_t end = 0;
        std::uint64_t reach = 0; ///< greatest end of all entries up to here
        SymbolId id{};
    };
    using Ranges = std::vector<Entry>;

    const Symbol* innermost(const Ranges& ranges, Address address) const;
    const Symbol& add(Symbol symbol, Ranges& ranges);
    void index(Ranges& ranges, const Symbol& symbol);
    std::uint64_t inferredEnd(Address begin) const;

    std::deque<Symbol> m_symbols;
    Ranges m_functions;
    Ranges m_objects;
    std::vector<AddressRange> m_segments;    ///< where the segments are while the firmware runs
    std::vector<Address> m_boundaries;       ///< begins of all symbols that can end an unsized one, ascending
    std::map<Address, std::string> m_labels; ///< untyped symbols, the preferred one of each address
    std::map<std::string, Address, std::less<>> m_values;
    std::multimap<std::string, SymbolId, std::less<>> m_names;
};

} // namespace simprof
