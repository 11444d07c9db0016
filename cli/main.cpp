// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output.h"
#include "cli/usage.h"
#include "cli/verbs.h"
#include "profiler/report/report.h"
#include "sim_core/engine/cpu.h"
#include "sim_core/error.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fmt/format.h>
#include <new>
#include <unistd.h>

namespace simprof::cli {
namespace {

constexpr int kBadUsage = 2;

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

int run(std::vector<std::string> arguments) {
    CLI::App app("Cycles, SRAM and energy of an unmodified Cortex-M firmware, layer by layer.", "simprof");
    app.set_version_flag("--version", fmt::format("simprof {}\n{}", SIMPROF_VERSION, Cpu::engineName()));
    app.set_help_flag("-h,--help", "Print this");
    app.footer(helpFooter(kRunExamples));
    app.require_subcommand(0, 1);
    app.get_formatter()->column_width(34);
    app.get_formatter()->label("SUBCOMMAND", "VERB …");
    app.get_formatter()->label("TEXT", "");
    app.get_formatter()->label("REQUIRED", "");
    Action action;
    addRun(app, action);
    for (const Verb& verb : kVerbs) {
        CLI::App* sub = app.add_subcommand(verb.name, verb.what);
        sub->group("Verbs");
        sub->footer(helpFooter(verb.examples));
        verb.add(*sub, action);
    }
    try {
        for (const std::string& word : arguments) {
            if (word.starts_with("--") && word.ends_with("=")) { // the parser would take the next word
                throw Error(fmt::format("{} is empty: give it a value or leave it out", word));
            }
        }
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
        complain(usageError(app, error));
        return kBadUsage;
    }
    checkUsage(app);
    return action();
}

} // namespace
} // namespace simprof::cli

namespace simprof::cli {
namespace {

/// Nothing can be caught behind code that knows no exceptions: no memory there ends the program, not in a gate's 1.
[[noreturn]] void giveUp() {
    printError("simprof: out of memory or broken in a way that nobody foresaw; a limit such as --max-memory 300M ends "
               "the run before that\n"); // allocates nothing
    ::_exit(kBadUsage);
}

bool hasEnded = false;

/// The instruction engine calls exit(1) where malloc() gives it nothing.
void atExit() {
    if (!hasEnded) {
        giveUp();
    }
}

int runOrComplain(std::vector<std::string> arguments) {
    try {
        return run(std::move(arguments));
    } catch (const Error& error) {
        complain(error.what());
    } catch (const std::bad_alloc&) {
        complain("out of memory");
    } catch (const std::exception& error) {
        complain(error.what());
    }
    return kBadUsage;
}

} // namespace
} // namespace simprof::cli

int main(int argc, char** argv) {
    simprof::cli::reserveStandardStreams();
    std::signal(SIGPIPE, SIG_IGN); // a closed pipe is an error of write(), see print()
    std::signal(SIGXFSZ, SIG_IGN); // and so is a file that is longer than the shell's limit
    std::set_terminate(simprof::cli::giveUp);
    std::atexit(simprof::cli::atExit);
    const int code = simprof::cli::runOrComplain({argv + 1, argv + argc});
    simprof::cli::hasEnded = true;
    return code;
}
