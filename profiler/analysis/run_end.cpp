// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/run_end.h"

namespace simprof {

bool endedWell(const Profile& profile) {
    using Kind = HaltReason::Kind;
    const Kind reason = profile.halt.reason;
    return reason == Kind::Exit || reason == Kind::Until ||
           (reason == Kind::WaitsForever && !profile.inferences.empty());
}

bool isPartial(const Profile& profile) { return profile.halt.reason == HaltReason::Kind::Cancelled; }

} // namespace simprof
