// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/board_file.h"

#include "peripherals/boards.h"
#include "peripherals/boards/board_values.h"
#include "peripherals/boards/memory_sizes.h"
#include "sim_core/error.h"
#include "sim_core/host/read_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace simprof {

bool isBoardFile(std::string_view name) { return name.ends_with(".toml") || name.ends_with(".json"); }

std::shared_ptr<const BoardDesc> namedBoard(const std::string& name) {
    if (isBoardFile(name)) {
        return readBoardFile(name);
    }
    const std::size_t colon = std::min(name.find(':'), name.size());
    const BoardDesc* known = findBoard(name.substr(0, colon));
    if (known == nullptr) {
        return nullptr;
    }
    if (colon == name.size()) {
        return {std::shared_ptr<const BoardDesc>(), known}; // built-in boards live as long as the program
    }
    auto board = std::make_shared<BoardDesc>(*known);
    auto mcu = std::make_shared<McuDesc>(*known->mcu);
    std::istringstream in(name.substr(colon + 1));
    for (std::string part; std::getline(in, part, ',');) {
        const std::size_t equals = std::min(part.find('='), part.size());
        const auto bytes = numberFrom(equals == part.size() ? "" : std::string_view(part).substr(equals + 1));
        if (!bytes || *bytes < 0 || *bytes > (1 << 28)) {
            throw Error(
                fmt::format("--board {}: behind the colon stand memory sizes such as flash=32K, not '{}'", name, part));
        }
        std::string wrong;
        if (const std::string why =
                resizeMemories(*mcu, {{part.substr(0, equals), static_cast<std::uint32_t>(*bytes)}}, wrong);
            !why.empty()) {
            throw Error(fmt::format("--board {}: {}: {}", name, wrong, why));
        }
        board->assumptions.push_back(fmt::format("{}: {} bytes, as the user says", part.substr(0, equals), *bytes));
    }
    board->mcu = std::move(mcu);
    return board;
}

std::shared_ptr<const BoardDesc> readBoardFile(const std::filesystem::path& path) {
    const std::string name = path.string();
    if (!isSomeFile(path)) {
        throw Error(
            fmt::format("there is no board file '{}'; 'simprof boards NAME --as=toml' prints one to start from", name));
    }
    return readBoard(readSmallFile(path), name, name.ends_with(".json") ? DataFormat::Json : DataFormat::Toml);
}

} // namespace simprof
