// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/energy/energy.h"

#include "cli/energy_arguments.h"
#include "cli/output.h"
#include "cli/run_arguments.h"
#include "cli/verbs.h"
#include "profiler/analysis/network_slice.h"
#include "profiler/energy/fit.h"
#include "profiler/files.h"
#include "profiler/profile_json.h"
#include "profiler/report/energy_report.h"
#include "profiler/report/fit_report.h"
#include "profiler/report/sweep_report.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <list>
#include <map>

namespace simprof::cli {
namespace {

struct Arguments {
    std::vector<std::string> subjects;
    std::string format = "text";
    std::string output;
    bool compare = false;
    bool noColour = false;
    std::string network;
    EnergyArguments asked;
    RunArguments run;
};

/// A profile, with --calibrate applied to it, or the profile of a run.
Profile subjectOf(const Arguments& arguments, const std::string& path) {
    const bool isProfile = looksLikeProfile(readFile(path));
    Profile profile = profileOf(path, arguments.run, ConsoleTarget::Error);
    if (isProfile) {
        recalculate(profile, arguments.run.calibrate);
    }
    return profile;
}

int energy(const Arguments& arguments) {
    const EnergyQuestion question = arguments.asked.question();
    if (arguments.subjects.empty()) {
        throw Error("simprof energy: give a firmware or a profile");
    }
    if (arguments.subjects.size() > 1 && !arguments.compare) {
        throw Error(fmt::format("{} runs: give --compare to see them side by side", arguments.subjects.size()));
    }
    if (arguments.compare && arguments.subjects.size() < 2) {
        throw Error("--compare takes two runs or more");
    }
    std::list<Profile> profiles; // cases refer to them
    std::vector<EnergyCase> cases;
    int result = 0;
    for (const std::string& path : arguments.subjects) {
        profiles.push_back(subjectOf(arguments, path));
        result = std::max(result, exitCodeOf(profiles.back()));
        profiles.back() = chosenNetwork(std::move(profiles.back()), arguments.network);
        expectOneNetwork(profiles.back(), "the energy of an inference, see --network,");
        cases.push_back({path, profiles.back(), answerEnergy(profiles.back(), question)});
    }
    const TextStyle style = outputStyle(arguments.noColour);
    print(arguments.compare ? writeEnergyComparison(std::move(cases), arguments.format, style)
                            : writeEnergy(cases.front(), arguments.format, style));
    return result;
}

int sweep(const Arguments& arguments) {
    const EnergyQuestion question = arguments.asked.question();
    if (!arguments.run.whatIf.empty()) {
        throw Error("simprof energy sweep tries what-ifs of its own: it takes no --what-if");
    }
    const std::string& path = arguments.subjects.front();
    if (looksLikeProfile(readFile(path))) {
        throw Error(fmt::format("'{}' is a profile: a sweep runs the firmware again, give that", path));
    }
    refuseOverwriting({path}, {{"-o", arguments.output}});
    const RunOptions options = arguments.run.options();
    int result = 0;
    withFirmwareRun(path, arguments.run, ConsoleTarget::Error, [&](FirmwareRun& run) {
        result = exitCodeOf(run.plain());
        if (result != 0) {
            return;
        }
        const bool toFile = !arguments.output.empty();
        const std::string text = writeSweep(sweepEnergy(run, options, question), arguments.format,
                                            toFile ? TextStyle{} : outputStyle(arguments.noColour));
        if (toFile) {
            writeFile(arguments.output, text);
        } else {
            print(text);
        }
    });
    return result;
}

void addSweep(CLI::App& energy, Action& action) {
    auto arguments = std::make_shared<Arguments>();
    CLI::App* verb = energy.add_subcommand("sweep", "An inference at every legal clock and voltage range, each "
                                                    "simulated again");
    verb->add_option("FIRMWARE", arguments->subjects, "What is run, as often as there are clocks")
        ->required()
        ->expected(1);
    verb->add_option("--format", arguments->format, "text, json, markdown or html")->type_name("FORMAT");
    verb->add_option("-o,--output", arguments->output, "Write to this file instead of standard output")
        ->type_name("FILE");
    verb->add_flag("--no-color", arguments->noColour, "No colour on a terminal");
    arguments->asked.addPeriodTo(*verb);
    arguments->run.addTo(*verb);
    verb->callback([arguments, &action] { action = [arguments] { return sweep(*arguments); }; });
}

/// Runs and profiles are where the file of measurements says, seen from its own folder.
int fit(const Arguments& arguments) {
    const std::string& path = arguments.subjects.front();
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    std::map<std::string, Profile> profiles; // each once
    const auto profileOfRun = [&](const std::string& run) -> const Profile& {
        const auto known = profiles.find(run);
        return known != profiles.end()
                   ? known->second
                   : profiles.emplace(run, subjectOf(arguments, (folder / run).string())).first->second;
    };
    const EnergyFit made = fitEnergy(readFile(path), profileOfRun);
    print(writeFit(made, std::filesystem::path(path).filename().string(), arguments.format,
                   outputStyle(arguments.noColour)));
    return 0;
}

void addFit(CLI::App& energy, Action& action) {
    auto arguments = std::make_shared<Arguments>();
    CLI::App* verb = energy.add_subcommand("fit", "Energy a cycle from what was measured on a board: how far each "
                                                  "measurement is off, and a supply to keep");
    verb->add_option(
            "MEASUREMENTS.csv", arguments->subjects,
            "Lines run,part,measured: kws.simprof,inference,8.2mJ; kws.elf,layer 3,0.7mJ; kws.elf,running,26mA")
        ->required()
        ->expected(1);
    verb->add_option("--format", arguments->format, "text or json")->type_name("FORMAT");
    verb->add_flag("--no-color", arguments->noColour, "No colour on a terminal");
    arguments->run.addTo(*verb);
    verb->callback([arguments, &action] { action = [arguments] { return fit(*arguments); }; });
}

} // namespace

void addEnergyVerb(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<Arguments>();
    arguments->run.calibratesProfiles = true;
    app.add_option("FIRMWARE|PROFILE", arguments->subjects,
                   "A firmware, which is run, or a profile; several with --compare");
    app.add_option("--format", arguments->format, "text, json or markdown")->type_name("FORMAT");
    app.add_flag("--compare", arguments->compare, "Several runs side by side, least energy an inference first");
    app.add_flag("--no-color", arguments->noColour, "No colour on a terminal");
    app.add_option("--network", arguments->network,
                   "Only this network's layers and inferences, by name or number; where several ran")
        ->type_name("NAME|N");
    arguments->asked.addTo(app);
    arguments->run.addTo(app);
    app.require_subcommand(0, 1);
    app.callback([arguments, &action, &app] {
        if (app.get_subcommands().empty()) {
            action = [arguments] { return energy(*arguments); };
        }
    });
    addSweep(app, action);
    addFit(app, action);
}

} // namespace simprof::cli
