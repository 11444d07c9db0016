// SPDX-License-Identifier: GPL-2.0-or-later
/// The rules about the source text that a compiler does not hold.
#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace simprof::test {

/// A file of the repository, read whole.
struct SourceFile {
    std::string path; ///< from the repository's top, with forward slashes
    std::string text;
};

/// Our own text files below `top`, sorted by path; build folders and what version control keeps are left out.
std::vector<SourceFile> readSourceTree(const std::filesystem::path& top);

/// `quote` is '"' for files of this repository and '<' for all others.
struct Include {
    char quote = '"';
    std::string path;
    std::size_t line = 0;
};
std::vector<Include> includesOf(std::string_view text);

/// Each violation is one line: where, what, and which rule.
using Violations = std::vector<std::string>;

/// sim_core <- peripherals <- profiler <- {cli, gui}: includes of a folder further right, or of a sister.
Violations wrongArrows(const SourceFile& file);
/// The same for the rooms inside a folder: sim_core words <- decode <- timing <- ... <- machine.
Violations wrongDoors(const SourceFile& file);
/// Data members of classes that have more of them than one can keep in mind, those of nested structs that the class
/// holds counted in: "path: Class has 31 data members".
Violations crowdedClasses(const SourceFile& file);
inline constexpr std::size_t kMemberLimit = 20;
/// Headers of third parties outside the one place that may know them.
Violations strayThirdParties(const SourceFile& file);
/// Program text without its licence line at the top.
Violations missingLicence(const SourceFile& file);
/// Host paths and marks of unfinished work.
Violations forbiddenWords(const SourceFile& file);
/// Headers without #pragma once; quoted includes that name no file of the tree (`known` is sorted).
Violations headerHabits(const SourceFile& file, const std::vector<std::string>& known);

bool isProgramText(std::string_view path);
std::size_t lineCount(std::string_view text);

} // namespace simprof::test
