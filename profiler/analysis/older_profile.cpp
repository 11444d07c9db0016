// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/older_profile.h"

#include "peripherals/boards.h"
#include "profiler/analysis/findings.h"
#include "profiler/analysis/inference_mean.h"
#include "profiler/energy/energy.h"
#include "profiler/energy/state_uses.h"

#include <algorithm>

namespace simprof {

void nameOneNetwork(Profile& profile) {
    ProfileNetwork& network = profile.network;
    network.state = profile.layers.empty() ? NetworkState::Unused : NetworkState::Ran;
    if (profile.layers.empty()) {
        return;
    }
    network.inferences = profile.inferences.size() + inferencesLeftOut(profile);
    for (const LayerInfo& layer : profile.layers) {
        network.cycles += layer.cycles;
    }
    profile.networks = {network};
}

void completeOlderProfile(Profile& profile) {
    if (const BoardDesc* board = findBoard(profile.board.name)) {
        profile.board.maxClockHz = board->mcu->maxClock;
        const auto supply = std::ranges::find(board->supplies, profile.board.supply, &SupplyPoint::name);
        if (supply != board->supplies.end()) {
            profile.board.supplyFigures = supplyFigures(*supply);
            profile.powerStates = stateUses(profile, *supply);
        }
    }
    profile.findings = makeFindings(profile);
}

} // namespace simprof
