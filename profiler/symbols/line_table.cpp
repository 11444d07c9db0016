// SPDX-License-Identifier: GPL-2.0-or-later
// DWARF through elfutils' libdw: the only file that includes its headers.
#include "profiler/symbols/line_table.h"

#include "profiler/symbols/demangle.h"
#include "profiler/symbols/source_path.h"

#include <algorithm>
#include <cstdlib>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <map>

namespace simprof {
namespace {

/// Deeper nesting of scopes than this comes from damaged debug information.
constexpr unsigned kDeepestScope = 256;
/// A function with more entries than this to be looked at for one address has siblings that lead in circles.
constexpr unsigned kMostVisits = 100000;

struct EndDwarf {
    void operator()(::Dwarf* dwarf) const { dwarf_end(dwarf); }
};
struct EndElf {
    void operator()(Elf* elf) const { elf_end(elf); }
};

/// A range of addresses that a compilation unit or function covers.
struct DieRange {
    Address begin = 0;
    std::uint64_t end = 0;
    Dwarf_Die die{};
};

/// Adds all ranges of a DIE. Ranges at 0 and 1 are what the linker leaves of sections that it threw away. The GNU
/// assembler gives its functions the Thumb bit.
void addRanges(std::vector<DieRange>& ranges, Dwarf_Die& die, std::size_t& visitsLeft) {
    Dwarf_Addr base = 0;
    Dwarf_Addr begin = 0;
    Dwarf_Addr end = 0;
    for (std::ptrdiff_t next = 0; (next = dwarf_ranges(&die, next, &base, &begin, &end)) > 0 && visitsLeft != 0;
         --visitsLeft) {
        constexpr Dwarf_Addr kSpace = Dwarf_Addr{1} << 32;
        if (begin > 1 && begin < end && begin < kSpace && end <= kSpace) {
            ranges.push_back({static_cast<Address>(begin) & ~Address{1}, begin % 2 == 1 ? end - 1 : end, die});
        }
    }
}

void sortRanges(std::vector<DieRange>& ranges) {
    std::stable_sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
}

/// The last range in sorted order that contains address.
const DieRange* containing(const std::vector<DieRange>& ranges, Address address) {
    auto it = std::upper_bound(ranges.begin(), ranges.end(), address,
                               [](Address value, const DieRange& range) { return value < range.begin; });
    // Ranges rarely overlap: a few steps back are enough.
    for (unsigned steps = 0; it != ranges.begin() && steps < 8; ++steps) {
        --it;
        if (address < it->end) {
            return &*it;
        }
    }
    return nullptr;
}

const char* stringAttribute(Dwarf_Die& die, unsigned name) {
    Dwarf_Attribute attribute;
    return dwarf_attr_integrate(&die, name, &attribute) ? dwarf_formstring(&attribute) : nullptr;
}

unsigned numberAttribute(Dwarf_Die& die, unsigned name) {
    Dwarf_Attribute attribute;
    Dwarf_Word value = 0;
    if (!dwarf_attr(&die, name, &attribute) || dwarf_formudata(&attribute, &value) != 0) {
        return 0;
    }
    return static_cast<unsigned>(value);
}

/// The DIE that declares a function: that of an inlined or cloned instance leads to the abstract one, that to the one
/// in a class.
Dwarf_Die declarationOf(Dwarf_Die die) {
    for (unsigned steps = 0; steps < kDeepestScope; ++steps) {
        Dwarf_Attribute attribute;
        Dwarf_Die next;
        if (!dwarf_attr(&die, DW_AT_abstract_origin, &attribute) &&
            !dwarf_attr(&die, DW_AT_specification, &attribute)) {
            break;
        }
        if (!dwarf_formref_die(&attribute, &next)) {
            break;
        }
        die = next;
    }
    return die;
}

/// What a namespace or class adds to the names of the functions in it; nothing for other tags.
std::optional<std::string> scopeName(Dwarf_Die& die) {
    const char* name = nullptr;
    switch (dwarf_tag(&die)) {
    case DW_TAG_namespace: name = dwarf_diename(&die); return std::string(name ? name : "(anonymous namespace)") + "::";
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type: name = dwarf_diename(&die); return std::string(name ? name : "(unnamed class)") + "::";
    default: return std::nullopt;
    }
}

} // namespace

class LineTable::Dwarf {
public:
    explicit Dwarf(const FirmwareImage& image)
        : m_visitsLeft(image.file.size()) {
        if (image.format != FirmwareImage::Format::Elf || elf_version(EV_CURRENT) == EV_NONE) {
            return;
        }
        // libelf wants a char*, and only reads.
        auto* bytes = reinterpret_cast<char*>(const_cast<std::byte*>(image.file.data()));
        m_elf.reset(elf_memory(bytes, image.file.size()));
        if (m_elf) {
            m_dwarf.reset(dwarf_begin_elf(m_elf.get(), DWARF_C_READ, nullptr));
        }
        if (!m_dwarf) {
            return;
        }
        Dwarf_CU* unit = nullptr;
        Dwarf_Die die;
        std::uint8_t type = 0;
        while (dwarf_get_units(m_dwarf.get(), unit, &unit, nullptr, &type, &die, nullptr) == 0) {
            if (type == DW_UT_compile) {
                addRanges(m_units, die, m_visitsLeft);
            }
        }
        sortRanges(m_units);
    }

    bool hasUnits() const { return !m_units.empty(); }

    std::optional<SourceLocation> at(Address address) {
        const DieRange* unit = containing(m_units, address);
        if (!unit) {
            return std::nullopt;
        }
        Dwarf_Die die = unit->die;
        Dwarf_Line* line = dwarf_getsrc_die(&die, address);
        int number = 0;
        int column = 0;
        const char* file = line ? dwarf_linesrc(line, nullptr, nullptr) : nullptr;
        if (!file || dwarf_lineno(line, &number) != 0 || number <= 0) {
            return std::nullopt;
        }
        dwarf_linecol(line, &column);
        return SourceLocation{reported(die, file), static_cast<unsigned>(number),
                              static_cast<unsigned>(std::max(column, 0))};
    }

    std::vector<InlineFrame> frames(Address address) {
        std::vector<InlineFrame> frames;
        const DieRange* unit = containing(m_units, address);
        const DieRange* function = unit ? containing(functionsOf(unit->die).ranges, address) : nullptr;
        std::optional<SourceLocation> known = at(address);
        if (!function) {
            if (known) { // hand-written assembly often has lines and no functions
                frames.push_back({"", std::move(*known)});
            }
            return frames;
        }
        SourceLocation place = std::move(known).value_or(SourceLocation{});
        Dwarf_Die unitDie = unit->die;
        std::vector<Dwarf_Die> scopes{function->die};
        unsigned visitsLeft = kMostVisits;
        addInlined(scopes, function->die, address, 0, visitsLeft);
        for (std::size_t i = scopes.size(); i-- > 0;) {
            frames.push_back({nameOf(scopes[i]), place});
            if (i > 0) {
                place = callPlace(unitDie, scopes[i]);
            }
        }
        return frames;
    }

private:
    /// The name under which a file of this unit is reported.
    std::string reported(Dwarf_Die& unit, const char* file) {
        const auto [name, isNew] = m_fileNames.try_emplace({dwarf_dieoffset(&unit), file});
        if (isNew) {
            const char* folder = stringAttribute(unit, DW_AT_comp_dir);
            name->second = reportedSourcePath(file, folder ? folder : "");
        }
        return name->second;
    }

    /// GCC gives functions that no other file can call no linkage name: theirs is put together from the scopes around
    /// them.
    std::string nameOf(Dwarf_Die& die) {
        for (const unsigned name : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
            if (const char* text = stringAttribute(die, name)) {
                return displayName(text);
            }
        }
        const char* name = stringAttribute(die, DW_AT_name);
        if (!name) {
            return "";
        }
        Dwarf_Die declaration = declarationOf(die);
        Dwarf_Die unit;
        if (!dwarf_diecu(&declaration, &unit, nullptr, nullptr)) {
            return name;
        }
        const auto& scopes = functionsOf(unit).scopes;
        const auto scope = scopes.find(dwarf_dieoffset(&declaration));
        return scope == scopes.end() ? name : scope->second + name;
    }

    /// The functions of one unit.
    struct Functions {
        std::vector<DieRange> ranges;            ///< of those with code, sorted
        std::map<Dwarf_Off, std::string> scopes; ///< "a::b::" before the names of those in namespaces and classes
    };

    /// All functions of this unit, those in namespaces and classes included; collected once.
    const Functions& functionsOf(Dwarf_Die unit) {
        const auto [functions, isNew] = m_functions.try_emplace(dwarf_dieoffset(&unit));
        if (isNew) {
            addFunctions(functions->second, unit, "", 0);
            sortRanges(functions->second.ranges);
        }
        return functions->second;
    }

    void addFunctions(Functions& functions, Dwarf_Die parent, const std::string& scope, unsigned depth) {
        Dwarf_Die die;
        if (depth > kDeepestScope || dwarf_child(&parent, &die) != 0) {
            return;
        }
        do {
            if (m_visitsLeft == 0) {
                return;
            }
            --m_visitsLeft;
            if (dwarf_tag(&die) == DW_TAG_subprogram) {
                addRanges(functions.ranges, die, m_visitsLeft);
                if (!scope.empty()) {
                    functions.scopes.emplace(dwarf_dieoffset(&die), scope);
                }
                addFunctions(functions, die, scope, depth + 1);
            } else if (const auto name = scopeName(die)) {
                addFunctions(functions, die, scope + *name, depth + 1);
            }
        } while (dwarf_siblingof(&die, &die) == 0);
    }

    /// Appends the inlined functions at address below parent, outermost first.
    static void addInlined(std::vector<Dwarf_Die>& scopes, Dwarf_Die parent, Address address, unsigned depth,
                           unsigned& visitsLeft) {
        Dwarf_Die die;
        if (depth > kDeepestScope || dwarf_child(&parent, &die) != 0) {
            return;
        }
        do {
            if (visitsLeft == 0) {
                return;
            }
            --visitsLeft;
            const int tag = dwarf_tag(&die);
            if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_lexical_block) {
                continue;
            }
            if (dwarf_haspc(&die, address) != 1) {
                continue;
            }
            if (tag == DW_TAG_inlined_subroutine) {
                scopes.push_back(die);
            }
            addInlined(scopes, die, address, depth + 1, visitsLeft);
            return;
        } while (dwarf_siblingof(&die, &die) == 0);
    }

    SourceLocation callPlace(Dwarf_Die& unit, Dwarf_Die& inlined) {
        SourceLocation place;
        place.line = numberAttribute(inlined, DW_AT_call_line);
        place.column = numberAttribute(inlined, DW_AT_call_column);
        Dwarf_Files* files = nullptr;
        std::size_t count = 0;
        const unsigned index = numberAttribute(inlined, DW_AT_call_file);
        if (dwarf_getsrcfiles(&unit, &files, &count) != 0 || index >= count) {
            return place;
        }
        if (const char* file = dwarf_filesrc(files, index, nullptr, nullptr)) {
            place.file = reported(unit, file);
        }
        return place;
    }

    std::unique_ptr<Elf, EndElf> m_elf;
    std::unique_ptr<::Dwarf, EndDwarf> m_dwarf;
    std::vector<DieRange> m_units;
    /// How many more entries and ranges are collected. Each takes bytes of the file; more come from references in
    /// circles.
    std::size_t m_visitsLeft;
    std::map<Dwarf_Off, Functions> m_functions;
    std::map<std::pair<Dwarf_Off, std::string>, std::string> m_fileNames;
};

LineTable::LineTable(const FirmwareImage& image)
    : m_dwarf(std::make_unique<Dwarf>(image)) {
    if (!m_dwarf->hasUnits()) {
        m_dwarf.reset();
    }
}

LineTable::LineTable(LineTable&&) noexcept = default;
LineTable& LineTable::operator=(LineTable&&) noexcept = default;
LineTable::~LineTable() = default;

bool LineTable::available() const { return m_dwarf != nullptr; }

std::optional<SourceLocation> LineTable::at(Address address) const {
    return m_dwarf ? m_dwarf->at(address & ~Address{1}) : std::nullopt;
}

std::vector<InlineFrame> LineTable::frames(Address address) const {
    return m_dwarf ? m_dwarf->frames(address & ~Address{1}) : std::vector<InlineFrame>{};
}

} // namespace simprof
