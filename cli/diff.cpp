// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/diff.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "profiler/analysis/network_slice.h"
#include "profiler/profile_json.h"
#include "profiler/report/diff_report.h"

#include <filesystem>

namespace simprof::cli {
namespace {

struct Arguments {
    std::string base;
    std::string now;
    std::string format = "text";
    std::string network;
    bool noColour = false;
};

int diff(const Arguments& arguments) {
    const DiffFormat format = parseDiffFormat(arguments.format);
    const ProfileDiff changes = diffProfiles(chosenNetwork(readProfile(arguments.base), arguments.network),
                                             chosenNetwork(readProfile(arguments.now), arguments.network));
    const auto nameOf = [](const std::string& path) { return std::filesystem::path(path).filename().string(); };
    print(writeDiff(changes, nameOf(arguments.base), nameOf(arguments.now), format, outputStyle(arguments.noColour)));
    return 0;
}

} // namespace

void addDiff(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("BASE", arguments->base, "The profile before")->required();
    app.add_option("NEW", arguments->now, "The profile now")->required();
    app.add_option("--format", arguments->format, "text, json or markdown")->type_name("FORMAT");
    app.add_option("--network", arguments->network,
                   "Only this network's layers, inferences and memory, by name or number; where several ran")
        ->type_name("NAME|N");
    app.add_flag("--no-color", arguments->noColour, "No colour on a terminal");
    app.callback([arguments, &action] { action = [arguments] { return diff(*arguments); }; });
}

} // namespace simprof::cli
