// SPDX-License-Identifier: GPL-2.0-or-later
/// simprof-differential: runs random programs on simprof and on Debian's qemu-system-arm and compares what they left.
#include "tests/differential/campaign.h"
#include "tests/differential/run.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>

using namespace simprof::differential;

int main(int argc, char** argv) {
    constexpr int kSkipped = 77;
    CLI::App app("Random programs on simprof and on qemu-system-arm: both must leave the same behind.");
    CampaignOptions options;
    std::string core = "m4";
    app.add_option("--core", core, "m0, m4 or m7");
    app.add_option("--instructions", options.instructions, "how many instructions of random programs to execute");
    app.add_option("--seed", options.seed, "of the random programs");
    app.add_option("--first", options.first, "number of the first case");
    app.add_option("--count", options.count, "cases at most");
    app.add_option("--show", options.show, "how many differing cases to print whole");
    CLI11_PARSE(app, argc, argv);
    const auto* const target = std::ranges::find_if(kTargets, [&](const Target& row) { return core == row.name; });
    if (target == std::end(kTargets)) {
        std::fprintf(stderr, "no core %s; there are m0, m4 and m7\n", core.c_str());
        return 2;
    }
    if (!haveQemu()) {
        std::puts("skipped: qemu-system-arm is not installed");
        return kSkipped;
    }
    return runCampaign(*target, options) ? 0 : 1;
}
