// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <string>
#include <utility>
#include <vector>

namespace simprof::gui {

/// Multiply-accumulates a core of this name can finish per cycle: two with SMLAD on Cortex-M4 and M7 (Armv7E-M DSP
/// extension), one in two cycles (MULS, ADDS) on the others.
double peakMacsPerCycle(const std::string& core);

/// What keeps one layer from being faster, worst first, as sentences.
std::vector<std::string> diagnoseLayer(const Profile& profile, const LayerInfo& layer);

/// Layers by cycles, most first; at most `most`.
std::vector<int> slowestLayers(const Profile& profile, std::size_t most);

/// One thing the reader of a profile must know.
struct Remark {
    enum class Kind : std::uint8_t { Error, Warning, Note } kind = Kind::Note;
    std::string text;
};

/// How the run ended if not well, what ran over or is near its limit, what was guessed.
std::vector<Remark> remarks(const Profile& profile);

/// How far the figures can be trusted, subject by subject: what is exact, what follows rules, what was assumed or
/// guessed.
std::vector<std::pair<std::string, std::string>> faithfulness(const Profile& profile);

/// Whether the run was stopped before its end, so that sums cover only a part of it.
bool isPartial(const Profile& profile);

} // namespace simprof::gui
