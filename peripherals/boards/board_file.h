// SPDX-License-Identifier: GPL-2.0-or-later
/// Boards as files of their users: the same structs as the built-in ones, in TOML or JSON.
#pragma once
#include "peripherals/boards/data_tree.h"
#include "sim_core/machine_desc.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// True for what --board takes as a file rather than a built-in board's name: it ends in .toml or .json.
bool isBoardFile(std::string_view name);
/// What --board names: a built-in board, one with other memory sizes ("nucleo-l053r8:flash=32K"), or a file; nullptr
/// when there is no such board, Error when the file or the sizes are wrong.
std::shared_ptr<const BoardDesc> namedBoard(const std::string& name);
/// Reads a board; throws Error with file, line, key and what to do.
std::shared_ptr<const BoardDesc> readBoardFile(const std::filesystem::path& path);
/// The same from a text; `fileName` is for messages.
std::shared_ptr<const BoardDesc> readBoard(std::string_view text, const std::string& fileName, DataFormat format);
/// The board as such a file; without `withMcu` its microcontroller is only named.
std::string writeBoard(const BoardDesc& board, DataFormat format, bool withMcu);

/// One key of a board file.
struct BoardKey {
    std::string path; ///< "mcu.memories[].base"
    std::string kind; ///< "text", "number" …
    bool required = false;
    std::string what;
};
/// All keys, in the order they are written.
std::vector<BoardKey> boardKeys();

} // namespace simprof
