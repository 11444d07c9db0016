// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output.h"
#include "cli/quantities.h"
#include "cli/run_arguments.h"
#include "cli/verbs.h"
#include "profiler/advice/advice.h"
#include "profiler/analysis/findings.h"
#include "profiler/files.h"
#include "profiler/profile_json.h"
#include "profiler/report/advice_report.h"
#include "profiler/report/escape.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"

#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace simprof::cli {
namespace {

struct Arguments {
    std::string subject;
    std::string format = "text";
    std::string fit;
    bool noColour = false;
    RunArguments run;
};

/// What --fit asks for.
struct Fit {
    std::optional<double> milliseconds;
    std::optional<Bytes> sram;
};

Fit fitOf(const std::string& text) {
    constexpr std::string_view kTime = "ms=";
    constexpr std::string_view kSram = "sram=";
    Fit fit;
    if (text.starts_with(kSram)) {
        fit.sram = parseBytes(text.substr(kSram.size()), "--fit sram=");
    } else if (text.starts_with(kTime)) {
        double milliseconds = 0;
        const char* const last = text.data() + text.size();
        const auto [end, error] = std::from_chars(text.data() + kTime.size(), last, milliseconds);
        if (error != std::errc{} || end != last || !(milliseconds > 0)) {
            throw Error(fmt::format("--fit ms= takes milliseconds of an inference, such as ms=50, not '{}'", text));
        }
        fit.milliseconds = milliseconds;
    } else if (!text.empty()) {
        throw Error(fmt::format("--fit takes ms=50 or sram=64K, not '{}'", text));
    }
    return fit;
}

/// Prints what gets below the limit; 1 when nothing does.
int printFit(const Advice& advice, const Profile& profile, const Fit& fit, FirmwareRun* run) {
    constexpr int kGateFailed = 1;
    constexpr double kMicroseconds = 1000;
    std::optional<Finding> found;
    bool fits = false;
    if (fit.sram) {
        fits = sramTaken(profile) <= *fit.sram;
        found = fits ? std::nullopt : fitMemory(profile, advice, *fit.sram);
    } else {
        if (run == nullptr) {
            throw Error("--fit ms= times changes: give the firmware instead of its profile");
        }
        fits = advice.plain.timeUs <= *fit.milliseconds * kMicroseconds;
        if (const auto trial = fitTime(*run, advice, *fit.milliseconds * kMicroseconds)) {
            found = trial->finding;
        }
    }
    if (found) {
        print(plain(fmt::format("{}: {}", found->title, sentencesOf(*found))) + "\n");
    } else {
        print(fits ? "it fits as it is\n" : "nothing that is known of gets below the limit\n");
    }
    return found || fits ? 0 : kGateFailed;
}

int answer(const Arguments& arguments, const Advice& advice, const Profile& profile, FirmwareRun* run) {
    const Fit fit = fitOf(arguments.fit);
    if (fit.sram || fit.milliseconds) {
        return printFit(advice, profile, fit, run);
    }
    print(writeAdvice(advice, profile, arguments.format, outputStyle(arguments.noColour)));
    return 0;
}

int advise(const Arguments& arguments) {
    (void)fitOf(arguments.fit);
    if (!arguments.run.whatIf.empty()) {
        throw Error("simprof advise tries what-ifs of its own: it takes no --what-if");
    }
    if (looksLikeProfile(readFile(arguments.subject))) {
        const Profile profile = profileOf(arguments.subject, arguments.run, ConsoleTarget::Error);
        return answer(arguments, adviseFrom(profile), profile, nullptr);
    }
    int result = 0;
    withFirmwareRun(arguments.subject, arguments.run, ConsoleTarget::Error, [&](FirmwareRun& run) {
        result = exitCodeOf(run.plain());
        if (result == 0) {
            result = answer(arguments, simprof::advise(run), run.plain(), &run);
        }
    });
    return result;
}

} // namespace

void addAdvise(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("FIRMWARE|PROFILE", arguments->subject,
                   "A firmware, which is run as often as there is something to try, or what is seen in a profile")
        ->required();
    app.add_option("--format", arguments->format, "text, json or markdown")->type_name("FORMAT");
    app.add_option(
           "--fit", arguments->fit,
           "What gets below a limit, with least cost: ms=50 an inference, sram=64K; exit code 1 when nothing does")
        ->type_name("LIMIT");
    app.add_flag("--no-color", arguments->noColour, "No colour on a terminal");
    arguments->run.addTo(app);
    app.callback([arguments, &action] { action = [arguments] { return advise(*arguments); }; });
}

} // namespace simprof::cli
