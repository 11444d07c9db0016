// SPDX-License-Identifier: GPL-2.0-or-later
/// The verbs of the command line, one file each.
#pragma once
#include <CLI/CLI.hpp>

#include <functional>

namespace simprof::cli {

/// What the parsed command line asks for; returns the exit code.
using Action = std::function<int()>;

/// A verb: adds itself to the command line, and sets `action` when it was chosen.
struct Verb {
    const char* name; ///< "" is the default verb
    const char* what;
    void (*add)(CLI::App& app, Action& action);
};

void addRun(CLI::App& app, Action& action);
void addReport(CLI::App& app, Action& action);
void addDiff(CLI::App& app, Action& action);
void addCheck(CLI::App& app, Action& action);
void addAnnotate(CLI::App& app, Action& action);
void addBoards(CLI::App& app, Action& action);

inline constexpr Verb kVerbs[] = {
    {"report", "A table or a file from a profile", addReport},
    {"diff", "What changed between two profiles, layer by layer", addDiff},
    {"check", "The CI gate: against a baseline or a budget", addCheck},
    {"annotate", "Source and disassembly of a function with cycles and stalls", addAnnotate},
    {"boards", "What can be simulated, and how faithful it is", addBoards},
};

} // namespace simprof::cli
