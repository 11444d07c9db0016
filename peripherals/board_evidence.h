// SPDX-License-Identifier: GPL-2.0-or-later
/// What speaks for and against a board for an image: one table of rules, each a name, a weight or a veto, a sentence.
#pragma once
#include "sim_core/image/code_survey.h"
#include "sim_core/image/firmware_image.h"
#include "sim_core/image/vector_table.h"
#include "sim_core/machine_desc.h"

#include <optional>
#include <string>
#include <vector>

namespace simprof {

/// One finding of a rule.
struct BoardEvidence {
    std::string rule;       ///< its name: "stack"
    int weight = 0;         ///< for the board, or against it when negative
    bool veto = false;      ///< the board cannot run the image
    std::string sentence;   ///< completes "BOARD: "
    bool inSummary = false; ///< belongs into the sentence that explains a choice
};

/// What all boards are judged by: the image, and what following its code showed.
struct ImageFacts {
    const FirmwareImage& image;
    std::optional<VectorTable> table; ///< where the image has one of its own
    CodeSurvey code;                  ///< from the reset handler and all other handlers
};

/// Reads the vector table and follows the code; takes some milliseconds.
ImageFacts factsOf(const FirmwareImage& image);

/// The findings of all rules for one board, vetoes first.
std::vector<BoardEvidence> evidenceFor(const ImageFacts& facts, const BoardDesc& board);

/// "Cortex-M4 (Armv7E-M)": what the image is built for, from its build attributes or its code; "" when neither shows
/// it.
std::string builtFor(const ImageFacts& facts);

/// Addresses of device registers that the code accesses, one a block of 1 KiB; `known`: those this board has, else
/// those it lacks.
std::vector<Address> deviceBlocks(const ImageFacts& facts, const McuDesc& mcu, bool known);

} // namespace simprof
