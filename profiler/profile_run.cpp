// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/profile_run.h"

#include "profiler/firmware_run.h"

namespace simprof {

Profile profileRun(const FirmwareImage& firmware, const RunOptions& options, std::span<const Runtime> known) {
    FirmwareRun run(firmware, options, known);
    Profile made = run.asAsked();
    run.finish();
    return made;
}

Profile profileRun(const FirmwareImage& firmware, const RunOptions& options) {
    return profileRun(firmware, options, runtimes());
}

} // namespace simprof
