// SPDX-License-Identifier: GPL-2.0-or-later
/// How far simulated cycles were from boards', by kind of code: what a run of that kind may expect.
#pragma once
#include "peripherals/boards/measured.h"

#include <span>
#include <string>
#include <string_view>

namespace simprof {

/// Errors of some measured cases without their sign, in percent.
struct ErrorSpread {
    std::size_t cases = 0;
    double median = 0;
    double worst = 0;
    bool operator==(const ErrorSpread&) const = default;
};

/// Where cases of a kind of code were measured.
enum class BandScope : std::uint8_t {
    Board, ///< on the board itself
    Core,  ///< on other boards with the same core
    Nowhere,
};

/// The cases that speak for a kind of code on a board.
struct MeasuredBand {
    CodeClass code = CodeClass::Unknown;
    BandScope scope = BandScope::Nowhere;
    std::string core;
    ErrorSpread unseen; ///< no timing rule was chosen with them in view
    ErrorSpread fitted;
};

/// Of the board where a case of that kind is unseen there, else of its core ("Cortex-M4"); where none is unseen, the
/// fitted ones of the board, else of the core. CodeClass::Unknown is all kinds together.
MeasuredBand measuredBand(std::span<const MeasuredCase> cases, CodeClass code, std::string_view board,
                          std::string_view core);

/// "int8 networks on this board: 2 unseen cases within 1.8 % (median 1.4 %), 4 fitted within 0.9 %".
std::string sentenceOf(const MeasuredBand& band);

} // namespace simprof
