// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/architecture/source_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>

namespace simprof::test {

namespace {

namespace fs = std::filesystem;

/// Product folders and the folders each may include besides itself.
struct Arrow {
    std::string_view folder;
    std::vector<std::string_view> mayInclude;
};
const std::array kArrows = {
    Arrow{"sim_core", {}},
    Arrow{"peripherals", {"sim_core"}},
    Arrow{"profiler", {"sim_core", "peripherals"}},
    Arrow{"cli", {"sim_core", "peripherals", "profiler"}},
    Arrow{"gui", {"sim_core", "peripherals", "profiler"}},
};

/// A room of a product folder: the files whose paths start with one of `places`, and the rooms of the same folder that
/// they may include besides their own. The first row that fits a file counts.
struct Room {
    std::string_view name;
    std::vector<std::string_view> places;
    std::vector<std::string_view> mayInclude;
};
const std::array kRooms = {
    Room{"sim_core/image", {"sim_core/image/"}, {"sim_core words", "sim_core/decode"}},
    Room{"sim_core/decode", {"sim_core/decode/"}, {"sim_core words"}},
    Room{"sim_core/timing", {"sim_core/timing/"}, {"sim_core words", "sim_core/decode"}},
    Room{"sim_core/engine", {"sim_core/engine/"}, {"sim_core words"}},
    Room{"sim_core/host", {"sim_core/host/"}, {"sim_core words"}},
    Room{"sim_core/ppb", {"sim_core/ppb/"}, {"sim_core words", "sim_core time", "sim_core/timing"}},
    Room{"sim_core/memory",
         {"sim_core/memory/"},
         {"sim_core words", "sim_core time", "sim_core/image", "sim_core/engine", "sim_core/ppb"}},
    Room{"sim_core/exceptions",
         {"sim_core/exceptions/"},
         {"sim_core words", "sim_core time", "sim_core/decode", "sim_core/engine", "sim_core/ppb", "sim_core/memory"}},
    Room{"sim_core time",
         {"sim_core/clock.", "sim_core/event_listener.", "sim_core/peripheral.", "sim_core/run_control.",
          "sim_core/scheduler."},
         {"sim_core words", "sim_core/decode", "sim_core/timing"}},
    Room{"sim_core machine",
         {"sim_core/executor", "sim_core/machine.", "sim_core/machine_host."},
         {"sim_core words", "sim_core time", "sim_core/decode", "sim_core/timing", "sim_core/engine", "sim_core/ppb",
          "sim_core/memory", "sim_core/exceptions", "sim_core/host", "sim_core/image"}},
    Room{"sim_core words", {"sim_core/"}, {}},
    Room{"profiler/symbols", {"profiler/symbols/"}, {}},
    Room{"profiler/network", {"profiler/network/"}, {}},
    Room{"profiler/collect", {"profiler/collect/"}, {"profiler words", "profiler/network", "profiler/symbols"}},
    Room{"profiler/runtimes",
         {"profiler/runtimes/"},
         {"profiler words", "profiler/network", "profiler/symbols", "profiler/collect"}},
    Room{"profiler/run",
         {"profiler/run/"},
         {"profiler words", "profiler/network", "profiler/symbols", "profiler/collect", "profiler/runtimes"}},
    Room{"profiler/what_if", {"profiler/what_if/"}, {"profiler words", "profiler/network", "profiler/symbols"}},
    Room{"profiler words",
         {"profiler/profile.", "profiler/profile_kinds.", "profiler/profile_memory.", "profiler/profile_run.h",
          "profiler/files.h", "profiler/energy/calibration.h"},
         {}},
};

/// Rooms that could be a library of their own: their files include nothing of ours but each other and these.
struct Island {
    std::string_view place;
    std::vector<std::string_view> mayInclude;
};
const std::array kIslands = {
    Island{"profiler/planning/", {"sim_core/error.h", "sim_core/units.h"}},
};

/// Headers that start with `prefix` may be included where the path starts with `place`; rows of one prefix add up.
struct ThirdParty {
    std::string_view prefix;
    std::string_view place;
};
constexpr std::array kThirdParties = {
    ThirdParty{"toml++/", "peripherals/boards/data_tree.cpp"},
    ThirdParty{"pugixml", "peripherals/svd.cpp"},
    ThirdParty{"unicorn/", "sim_core/engine/"},
    ThirdParty{"capstone/", "sim_core/decode/disassembler.cpp"},
    ThirdParty{"nettle/", "sim_core/image/sha256.cpp"},
    ThirdParty{"libelf.h", "sim_core/image/elf_image.cpp"},
    ThirdParty{"gelf.h", "sim_core/image/elf_image.cpp"},
    ThirdParty{"elfutils/", "profiler/symbols/line_table.cpp"},
    ThirdParty{"dwarf.h", "profiler/symbols/line_table.cpp"},
    ThirdParty{"cxxabi.h", "profiler/symbols/demangle.cpp"},
    ThirdParty{"tflite_generated.h", "profiler/network/network.cpp"},
    ThirdParty{"tflite_generated.h", "profiler/network/offline_plan.cpp"},
    ThirdParty{"flatbuffers/", "profiler/network/network.cpp"},
    ThirdParty{"CLI/", "cli/"},
    ThirdParty{"CLI/", "gui/main.cpp"},
    ThirdParty{"Q", "gui/"},
};

/// Whole words that no file may hold; spelled in halves so that this one does not.
const std::array<std::string, 4> kForbidden = {"/wo"
                                               "rk",
                                               "/tmp/sim"
                                               "prof",
                                               "TO"
                                               "DO",
                                               "FIX"
                                               "ME"};

std::string_view folderOf(std::string_view path) {
    const std::size_t slash = path.find('/');
    return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

const Arrow* arrowOf(std::string_view folder) {
    const auto* found = std::ranges::find(kArrows, folder, &Arrow::folder);
    return found == kArrows.end() ? nullptr : found;
}

const Room* roomOf(std::string_view path) {
    const auto* found = std::ranges::find_if(kRooms, [&](const Room& room) {
        return std::ranges::any_of(room.places, [&](std::string_view place) { return path.starts_with(place); });
    });
    return found == kRooms.end() ? nullptr : found;
}

std::optional<std::string> readText(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(file)), {});
    return text.find('\0') == std::string::npos ? std::optional(std::move(text)) : std::nullopt;
}

bool isWordPart(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-'; }

} // namespace

std::vector<SourceFile> readSourceTree(const fs::path& top) {
    std::vector<SourceFile> files;
    for (auto entry = fs::recursive_directory_iterator(top); entry != fs::recursive_directory_iterator(); ++entry) {
        const std::string path = entry->path().lexically_relative(top).generic_string();
        if (entry->is_directory()) {
            const std::string name = entry->path().filename().string();
            if (name == "build" || name == ".git" || name.starts_with("cmake-build") || name == "__pycache__") {
                entry.disable_recursion_pending();
            }
        } else if (entry->is_regular_file()) {
            if (auto text = readText(entry->path())) {
                files.push_back({path, std::move(*text)});
            }
        }
    }
    std::ranges::sort(files, {}, &SourceFile::path);
    return files;
}

std::vector<Include> includesOf(std::string_view text) {
    constexpr std::string_view kDirective = "#include ";
    std::vector<Include> includes;
    for (std::size_t line = 1; !text.empty(); ++line) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view row = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!row.starts_with(kDirective)) {
            continue;
        }
        row.remove_prefix(kDirective.size());
        const std::size_t close = row.find_first_of("\">", 1);
        if (close != std::string_view::npos && (row.front() == '"' || row.front() == '<')) {
            includes.push_back({row.front(), std::string(row.substr(1, close - 1)), line});
        }
    }
    return includes;
}

Violations wrongArrows(const SourceFile& file) {
    Violations violations;
    const std::string_view from = folderOf(file.path);
    const Arrow* arrow = arrowOf(from);
    if (arrow == nullptr) {
        return violations; // tests and samples
    }
    for (const Include& include : includesOf(file.text)) {
        const std::string_view to = folderOf(include.path);
        if (include.quote == '"' && to != from && std::ranges::find(arrow->mayInclude, to) == arrow->mayInclude.end()) {
            violations.push_back(
                fmt::format("{}:{}: {} must not include {}", file.path, include.line, from, include.path));
        }
    }
    return violations;
}

Violations wrongDoors(const SourceFile& file) {
    Violations violations;
    const Room* from = roomOf(file.path);
    for (const Include& include : includesOf(file.text)) {
        const Room* to = roomOf(include.path);
        if (include.quote == '"' && from != nullptr && to != nullptr && from != to &&
            folderOf(file.path) == folderOf(include.path) &&
            std::ranges::find(from->mayInclude, to->name) == from->mayInclude.end()) {
            violations.push_back(fmt::format("{}:{}: the room {} must not include {} of {}", file.path, include.line,
                                             from->name, include.path, to->name));
        }
    }
    for (const Island& island : kIslands) {
        for (const Include& include : includesOf(file.text)) {
            if (file.path.starts_with(island.place) && include.quote == '"' &&
                !include.path.starts_with(island.place) &&
                std::ranges::find(island.mayInclude, include.path) == island.mayInclude.end()) {
                violations.push_back(fmt::format("{}:{}: {} is a room by itself and must not include {}", file.path,
                                                 include.line, island.place, include.path));
            }
        }
    }
    return violations;
}

Violations strayThirdParties(const SourceFile& file) {
    Violations violations;
    if (arrowOf(folderOf(file.path)) == nullptr) {
        return violations;
    }
    for (const Include& include : includesOf(file.text)) {
        std::string places;
        bool allowed = false;
        for (const ThirdParty& row : kThirdParties) {
            if (include.quote == '<' && include.path.starts_with(row.prefix)) {
                places += fmt::format("{}{}", places.empty() ? "" : " and ", row.place);
                allowed = allowed || file.path.starts_with(row.place);
            }
        }
        if (!places.empty() && !allowed) {
            violations.push_back(
                fmt::format("{}:{}: <{}> belongs into {} only", file.path, include.line, include.path, places));
        }
    }
    return violations;
}

Violations missingLicence(const SourceFile& file) {
    if (!isProgramText(file.path)) {
        return {};
    }
    // The first line, or the second below a "#!".
    std::string_view head = file.text;
    if (head.starts_with("#!")) {
        head.remove_prefix(std::min(head.find('\n') + 1, head.size()));
    }
    head = head.substr(0, head.find('\n'));
    if (head.find("SPDX-License-Identifier: GPL-2.0-or-later") != std::string_view::npos) {
        return {};
    }
    return {file.path + ": the first line is not the licence's (SPDX)"};
}

Violations forbiddenWords(const SourceFile& file) {
    Violations violations;
    for (const std::string& word : kForbidden) {
        for (std::size_t at = file.text.find(word); at != std::string::npos; at = file.text.find(word, at + 1)) {
            const std::size_t end = at + word.size();
            const bool startsWord = at == 0 || !isWordPart(file.text[at - 1]);
            const bool endsWord = end == file.text.size() || !isWordPart(file.text[end]);
            if (startsWord && endsWord) {
                const std::size_t line = lineCount(std::string_view(file.text).substr(0, at)) + 1;
                violations.push_back(fmt::format("{}:{}: holds '{}'", file.path, line, word));
            }
        }
    }
    return violations;
}

Violations headerHabits(const SourceFile& file, const std::vector<std::string>& known) {
    Violations violations;
    if (arrowOf(folderOf(file.path)) == nullptr) {
        return violations;
    }
    if (file.path.ends_with(".h") && file.text.find("\n#pragma once\n") == std::string::npos) {
        violations.push_back(file.path + ": no #pragma once");
    }
    for (const Include& include : includesOf(file.text)) {
        if (include.quote == '"' && !std::ranges::binary_search(known, include.path)) {
            violations.push_back(fmt::format("{}:{}: \"{}\" is no file, counted from the repository's top", file.path,
                                             include.line, include.path));
        }
    }
    return violations;
}

bool isProgramText(std::string_view path) {
    constexpr std::array<std::string_view, 9> kEndings = {".cpp",           ".h", ".c", ".S", ".py", ".cmake", ".sh",
                                                          "CMakeLists.txt", ".in"};
    return std::ranges::any_of(kEndings, [path](std::string_view ending) { return path.ends_with(ending); }) ||
           (path.starts_with("scripts/") && path.find('.') == std::string_view::npos) || path == ".ci/run";
}

std::size_t lineCount(std::string_view text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

} // namespace simprof::test
