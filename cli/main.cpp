// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output.h"
#include "cli/suggest.h"
#include "cli/verbs.h"
#include "profiler/report/report.h"
#include "sim_core/error.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <new>

namespace simprof::cli {
namespace {

constexpr int kBadUsage = 2;

constexpr const char* kFooter = R"(
Examples:
  simprof kws.elf                                   run, and print its layers
  simprof kws.elf --report=html > kws.html          the same as one page with pictures
  simprof kws.elf --until inferences:10 -o kws.simprof
  simprof report kws.simprof --by function
  simprof check kws.elf --baseline kws.simprof      fails when anything got worse

Exit code: 0 all right; 1 a gate failed; 2 bad usage or input; 3 the firmware faulted, locked up or never finished.)";

/// "--report" alone means text, and takes the word behind it only when that is a format: the next word may be the
/// firmware.
std::vector<std::string> joinReport(std::vector<std::string> arguments) {
    const auto isFormat = [](const std::string& word) {
        const auto formats = reportFormats();
        return std::any_of(formats.begin(), formats.end(),
                           [&](const ReportFormat& format) { return word == format.name; });
    };
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i] == "--") {
            break;
        }
        if (arguments[i] != "--report") {
            continue;
        }
        if (i + 1 < arguments.size() && isFormat(arguments[i + 1])) {
            arguments[i] += "=" + arguments[i + 1];
            arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        } else {
            arguments[i] += "=text";
        }
    }
    return arguments;
}

std::vector<std::string> optionNames(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    return names;
}

/// The verb the user is at; the whole program when there is none.
const CLI::App& chosen(const CLI::App& app) {
    const auto verbs = app.get_subcommands();
    return verbs.empty() ? app : *verbs.front();
}

int usageError(const CLI::App& app, const CLI::ParseError& error) {
    const CLI::App& verb = chosen(app);
    std::string message = error.what();
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
        const std::vector<std::string> extras = app.remaining(true);
        const std::string extra = extras.empty() ? "" : extras.front();
        const std::string meant = nearest(extra.substr(0, extra.find('=')), optionNames(verb));
        message = extra.starts_with("-") ? fmt::format("there is no option '{}'", extra)
                                         : fmt::format("what is '{}' for?", extra);
        const auto words =
            app.get_option("FIRMWARE")->results(); // a verb with a typing error is taken for the firmware
        const std::string verbMeant = &verb == &app && !words.empty() ? nearestVerb(words.front()) : "";
        if (!extra.starts_with("-") && !verbMeant.empty()) {
            message = fmt::format("'{}' is no verb: did you mean 'simprof {}'?", words.front(), verbMeant);
        }
        message += extra.starts_with("-") && !meant.empty() ? fmt::format(" (did you mean '{}'?)", meant) : "";
    }
    std::replace(message.begin(), message.end(), '\n', ' ');
    complain(fmt::format("{}; see 'simprof {}{}--help'", message,
                         verb.get_name().empty() || &verb == &app ? "" : verb.get_name(), &verb == &app ? "" : " "));
    return kBadUsage;
}

int run(std::vector<std::string> arguments) {
    CLI::App app("Cycles, SRAM and energy of an unmodified Cortex-M firmware, layer by layer.", "simprof");
    app.set_version_flag("--version", "simprof " SIMPROF_VERSION);
    app.set_help_flag("-h,--help", "Print this");
    app.footer(kFooter);
    app.require_subcommand(0, 1);
    app.get_formatter()->column_width(34);
    app.get_formatter()->label("SUBCOMMAND", "VERB …");
    app.get_formatter()->label("Subcommands", "Verbs");
    app.get_formatter()->label("SUBCOMMANDS", "Verbs");
    app.get_formatter()->label("TEXT", "");
    app.get_formatter()->label("REQUIRED", "");
    Action action;
    addRun(app, action);
    for (const Verb& verb : kVerbs) {
        CLI::App* sub = app.add_subcommand(verb.name, verb.what);
        verb.add(*sub, action);
    }
    try {
        arguments = joinReport(std::move(arguments));
        std::reverse(arguments.begin(), arguments.end()); // the parser takes them from the back
        app.parse(arguments);
    } catch (const CLI::CallForHelp&) {
        print(app.help()); // of the verb, when there is one
        return 0;
    } catch (const CLI::CallForVersion& version) {
        print(std::string(version.what()) + "\n");
        return 0;
    } catch (const CLI::ParseError& error) {
        return usageError(app, error);
    }
    return action();
}

} // namespace
} // namespace simprof::cli

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN); // a closed pipe is an error of write(), see print()
    try {
        return simprof::cli::run({argv + 1, argv + argc});
    } catch (const simprof::Error& error) {
        simprof::cli::complain(error.what());
    } catch (const std::bad_alloc&) {
        simprof::cli::complain("out of memory");
    } catch (const std::exception& error) {
        simprof::cli::complain(error.what());
    }
    return simprof::cli::kBadUsage;
}
