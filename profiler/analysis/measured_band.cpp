// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/measured_band.h"

#include "peripherals/boards.h"
#include "profiler/text/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace simprof {

namespace {

ErrorSpread spreadOf(std::vector<double> errors) {
    if (errors.empty()) {
        return {};
    }
    std::ranges::sort(errors);
    const std::size_t half = errors.size() / 2;
    const double median = errors.size() % 2 == 1 ? errors[half] : (errors[half - 1] + errors[half]) / 2;
    return {errors.size(), median, errors.back()};
}

bool hasCore(const MeasuredCase& row, std::string_view core) {
    const BoardDesc* board = findBoard(row.board);
    return board != nullptr && board->mcu->core.kind->name == core;
}

/// Rounded up, so that all cases are within it; an error of 1 % is not 1.0000000000000009 %.
std::string within(const ErrorSpread& errors) { return fixed(std::ceil(errors.worst * 10 - 1e-9) / 10, 1); }

const char* pluralOf(CodeClass code) {
    switch (code) {
    case CodeClass::Int8Network: return "int8 networks";
    case CodeClass::FloatNetwork: return "float networks";
    case CodeClass::Unknown: return "code of all kinds";
    default: return nameOf(code);
    }
}

} // namespace

MeasuredBand measuredBand(std::span<const MeasuredCase> cases, CodeClass code, std::string_view board,
                          std::string_view core) {
    const auto bandOf = [&](BandScope scope) {
        std::vector<double> unseen;
        std::vector<double> fitted;
        for (const MeasuredCase& row : cases) {
            const bool isKind = code == CodeClass::Unknown || row.code == code;
            if (isKind && (scope == BandScope::Board ? row.board == board : hasCore(row, core))) {
                (row.fitted ? fitted : unseen).push_back(std::abs(row.errorPercent()));
            }
        }
        return MeasuredBand{code, scope, std::string(core), spreadOf(std::move(unseen)), spreadOf(std::move(fitted))};
    };
    const MeasuredBand ofBoard = bandOf(BandScope::Board);
    const MeasuredBand ofCore = bandOf(BandScope::Core);
    if (ofBoard.unseen.cases != 0 || (ofCore.unseen.cases == 0 && ofBoard.fitted.cases != 0)) {
        return ofBoard;
    }
    if (ofCore.unseen.cases != 0 || ofCore.fitted.cases != 0) {
        return ofCore;
    }
    return {code, BandScope::Nowhere, std::string(core), {}, {}};
}

std::string sentenceOf(const MeasuredBand& band) {
    if (band.scope == BandScope::Nowhere) {
        return fmt::format("{} on a {}: not measured", pluralOf(band.code), band.core);
    }
    std::string text = fmt::format("{} on {}: ", pluralOf(band.code),
                                   band.scope == BandScope::Board ? "this board" : "boards with a " + band.core);
    const ErrorSpread& unseen = band.unseen;
    text += unseen.cases == 0   ? "no unseen case"
            : unseen.cases == 1 ? fmt::format("one unseen case within {} %", within(unseen))
                                : fmt::format("{} unseen cases within {} % (median {} %)", unseen.cases, within(unseen),
                                              fixed(unseen.median, 1));
    return band.fitted.cases == 0
               ? text
               : text + fmt::format(", {} fitted within {} %", band.fitted.cases, within(band.fitted));
}

} // namespace simprof
