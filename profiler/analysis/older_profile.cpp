// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/older_profile.h"

#include "peripherals/boards.h"
#include "profiler/analysis/energy.h"
#include "profiler/analysis/findings.h"

#include <algorithm>

namespace simprof {

void completeOlderProfile(Profile& profile) {
    if (const BoardDesc* board = findBoard(profile.board.name)) {
        profile.board.maxClockHz = board->mcu->maxClock;
        const auto supply = std::ranges::find(board->supplies, profile.board.supply, &SupplyPoint::name);
        if (supply != board->supplies.end()) {
            profile.board.supplyFigures = supplyFigures(*supply);
        }
    }
    profile.findings = makeFindings(profile);
}

} // namespace simprof
