// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/board_evidence.h"

#include <memory>
#include <string>
#include <vector>

namespace simprof {

/// A board with all that speaks for and against it.
struct BoardVerdict {
    const BoardDesc* board = nullptr;
    std::vector<BoardEvidence> evidence;
    int score = 0;
    bool excluded = false; ///< by a veto
};

/// A board chosen for an image, and the sentence that says why.
struct BoardGuess {
    const BoardDesc* board = nullptr;
    std::string why;
    std::string doubt; ///< not empty: other boards with the same core fit as well; a sentence that says so
};

/// The built-in boards, the best first, the excluded ones last.
std::vector<BoardVerdict> judgeBoards(const ImageFacts& facts);

/// The built-in board that fits best. Throws Error when none can run the image (naming what did not fit), when its
/// device registers are of none, or when boards with different cores fit equally well (naming them and --board).
BoardGuess guessBoard(const FirmwareImage& image);

/// Throws Error when this board cannot run the image, naming the built-in boards that can.
void checkBoard(const FirmwareImage& image, const BoardDesc& board);

/// A board on whose core code for a Cortex-M3 runs, and a sentence on it.
struct CortexM3Board {
    std::shared_ptr<const BoardDesc> board; ///< null: as it is
    std::string note;                       ///< "": the code is for no Cortex-M3
};

/// Code for a Cortex-M3 runs on a Cortex-M4 without DSP extension and FPU, whose instructions then fault as they would
/// on a Cortex-M3. Only an ELF says for which core it was built.
CortexM3Board asCortexM3(const FirmwareImage& image, const BoardDesc& board);

} // namespace simprof
