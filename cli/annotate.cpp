// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/annotate.h"
#include "cli/output.h"
#include "cli/run_arguments.h"
#include "cli/verbs.h"
#include "profiler/profile_json.h"
#include "profiler/report/suggest.h"
#include "profiler/symbols/source_path.h"
#include "sim_core/error.h"

#include <fmt/format.h>

namespace simprof::cli {
namespace {

struct Arguments {
    std::string subject;
    std::string symbol;
    std::string format = "text";
    bool noColour = false;
    RunArguments run;
};

std::size_t functionNamed(const Profile& profile, const std::string& symbol) {
    const std::vector<std::size_t> found = findFunctions(profile, symbol);
    if (found.size() == 1) {
        return found.front();
    }
    std::vector<std::string> names;
    if (found.empty()) {
        for (const FunctionInfo& function : profile.functions) {
            names.push_back(function.name);
        }
        throw Error(fmt::format("the profile has no function '{}'{}; 'simprof report PROFILE --by function' lists them",
                                symbol, didYouMean(symbol, names)));
    }
    for (const std::size_t i : found) {
        names.push_back(fmt::format("{} at 0x{:08X}", profile.functions[i].name, profile.functions[i].address));
    }
    throw Error(fmt::format("'{}' names {} functions, give more of the name or the address: {}", symbol, found.size(),
                            fmt::join(names, ", ")));
}

int annotate(const Arguments& arguments) {
    if (arguments.format != "text" && arguments.format != "json") {
        throw Error(fmt::format("there is no format '{}' here{}: it is one of text, json", arguments.format,
                                didYouMean(arguments.format, {"text", "json"})));
    }
    RunArguments run = arguments.run;
    run.instructions = true;
    const Profile profile = profileOf(arguments.subject, run, ConsoleTarget::Error);
    std::vector<std::filesystem::path> roots(run.sourceRoots.begin(), run.sourceRoots.end());
    if (roots.empty()) {
        roots.emplace_back(".");
    }
    const SourceFinder sources(std::move(roots));
    const Annotation annotation = annotateFunction(profile, functionNamed(profile, arguments.symbol),
                                                   [&](const std::string& file) { return sources.lines(file); });
    print(arguments.format == "json" ? annotationJson(annotation)
                                     : annotationText(annotation, outputStyle(arguments.noColour)));
    return exitCodeOf(profile);
}

} // namespace

void addAnnotate(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("PROFILE|FIRMWARE", arguments->subject,
                   "A profile made with --instructions, or a firmware, which is run")
        ->required();
    app.add_option("SYMBOL", arguments->symbol, "Function name, or address with 0x")->required();
    app.add_option("--format", arguments->format, "text or json")->type_name("FORMAT");
    app.add_flag("--no-color", arguments->noColour, "No colour on a terminal");
    arguments->run.addTo(app);
    app.callback([arguments, &action] { action = [arguments] { return annotate(*arguments); }; });
}

} // namespace simprof::cli
