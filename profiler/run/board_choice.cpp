// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/run/board_choice.h"

#include "peripherals/board_guess.h"
#include "peripherals/boards.h"
#include "peripherals/boards/board_file.h"
#include "peripherals/sensors/sensor.h"
#include "peripherals/svd.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <utility>

namespace simprof {

namespace {

Error unknownBoard(const std::string& name) {
    std::string known;
    for (const BoardDesc& board : boards()) {
        known += (known.empty() ? "" : ", ") + board.name;
    }
    return Error(fmt::format(
        "there is no board '{}'; simprof knows {}, a file ending in .toml or .json describes another", name, known));
}

} // namespace

ChosenBoard chooseBoard(const FirmwareImage& image, const RunOptions& options) {
    ChosenBoard chosen;
    if (options.boardName.empty()) {
        const BoardGuess guess = guessBoard(image);
        chosen.board = guess.board;
        chosen.why = guess.why;
        chosen.doubt = guess.doubt;
    } else {
        chosen.own = namedBoard(options.boardName);
        chosen.why = "named by the user";
        if (!chosen.own) {
            throw unknownBoard(options.boardName);
        }
        checkBoard(image, *chosen.own);
    }
    if (CortexM3Board m3 = asCortexM3(image, chosen.own ? *chosen.own : *chosen.board); m3.board) {
        chosen.own = std::move(m3.board);
        chosen.why += "; " + m3.note;
    }
    if (options.svd || !options.sensors.empty()) {
        auto board = std::make_shared<BoardDesc>(chosen.own ? *chosen.own : *chosen.board);
        if (options.svd) {
            board->mcu = std::make_shared<const McuDesc>(withSvd(*board->mcu, readSvd(*options.svd)));
        }
        for (const std::string& text : options.sensors) {
            attachSensor(*board, parseSensor(text));
        }
        chosen.own = std::move(board);
    }
    if (chosen.own) {
        chosen.board = chosen.own.get();
    }
    return chosen;
}

} // namespace simprof
