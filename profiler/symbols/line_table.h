// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/firmware_image.h"

#include <memory>

namespace simprof {

/// A place in a source file; line and column count from 1, 0 means that the compiler did not say.
struct SourceLocation {
    std::string file; ///< as reportedSourcePath gives it: relative, without host folders
    unsigned line = 0;
    unsigned column = 0;
    bool operator==(const SourceLocation&) const = default;
};

/// One function of the chain that was inlined at an address.
struct InlineFrame {
    std::string function; ///< as shown: demangled; empty when the debug information has no name
    SourceLocation at;    ///< the instruction's place in the innermost function, the place of the call in the others
    bool operator==(const InlineFrame&) const = default;
};

/// Source lines and inlined calls by address, from the DWARF (versions 2 to 5) of an ELF. Read as needed, so that the
/// const functions must not be called from two threads at once. Damaged debug information gives fewer answers, never an
/// exception.
class LineTable {
public:
    /// The image must outlive the table; it may be moved.
    explicit LineTable(const FirmwareImage& image);
    explicit LineTable(FirmwareImage&&) = delete;
    LineTable(LineTable&&) noexcept;
    LineTable& operator=(LineTable&&) noexcept;
    ~LineTable();

    /// Whether the image has debug information at all: not for stripped ELFs, HEX and raw files.
    bool available() const;
    /// Source file, line and column of the instruction at address, if known.
    std::optional<SourceLocation> at(Address address) const;
    /// The functions the instruction at address belongs to in the source, innermost first; the last one is the one that
    /// was called.
    std::vector<InlineFrame> frames(Address address) const;

private:
    class Dwarf;
    std::unique_ptr<Dwarf> m_dwarf; ///< null without debug information
};

} // namespace simprof
