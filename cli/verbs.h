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
    const char* examples; ///< for its help, one a line
};

void addRun(CLI::App& app, Action& action);
void addReport(CLI::App& app, Action& action);
void addDiff(CLI::App& app, Action& action);
void addCheck(CLI::App& app, Action& action);
void addAnnotate(CLI::App& app, Action& action);
void addBoards(CLI::App& app, Action& action);
void addPlan(CLI::App& app, Action& action);
void addAdvise(CLI::App& app, Action& action);
void addEnergyVerb(CLI::App& app, Action& action);

inline constexpr const char* kRunExamples =
    R"(  simprof kws.elf                                   run, and print its layers
  simprof kws.elf --report=html > kws.html          the same as one page with pictures
  simprof kws.elf --until inferences:10 -o kws.simprof
  simprof app.bin --base 0x08000000 --board nucleo-l4r5zi --until time:20ms
  simprof kws.elf --uart console=pty                talk to it while it runs
  simprof kws.elf --what-if fn:conv*=itcm           time it as if these functions lay in ITCM
  simprof kws.elf --what-if shift=2..32             how much of each layer is luck of alignment
)";

inline constexpr Verb kVerbs[] = {
    {"report", "A table or a file from a profile", addReport,
     R"(  simprof report kws.simprof                        the layers
  simprof report kws.simprof --by function          where the cycles went
  simprof report kws.simprof --format html -o kws.html
  simprof report kws.simprof --format perfetto -o kws.json
)"},
    {"diff", "What changed between two profiles, layer by layer", addDiff,
     R"(  simprof diff before.simprof after.simprof
  simprof diff before.simprof after.simprof --format markdown
)"},
    {"check", "The CI gate: against a baseline or a budget", addCheck,
     R"(  simprof check kws.elf --baseline kws.simprof      fails when anything got worse
  simprof check kws.elf --baseline kws.simprof --tolerance 1 --layer-tolerance 2 --junit simprof.xml
  simprof check kws.elf --budget budget.json
)"},
    {"annotate", "Source and disassembly of a function with cycles and stalls", addAnnotate,
     R"(  simprof annotate kws.elf conv                     run it, and show where conv takes its cycles
  simprof annotate kws.simprof 0x08000524           from a profile made with --instructions
)"},
    {"boards", "What can be simulated, and how faithful it is", addBoards,
     R"(  simprof boards                                    all of them
  simprof boards nucleo-l4r5zi                      one in full, with its sources
  simprof boards nucleo-l4r5zi --as toml > my.toml  to start a board of your own
)"},
    {"plan", "The least memory that the tensors of a run, or buffers with known lives, fit in", addPlan,
     R"(  simprof plan buffers.csv                          peak, lower bound, whether that is the best
  simprof plan buffers.csv --capacity 1048576 --time 60
  simprof plan kws.elf                              run it, and plan its tensors: whole, and byte by byte
  simprof plan kws.simprof                          the same from a profile made with --lives
  simprof plan buffers.csv --align 16 --as csv > plan.csv
)"},
    {"advise", "What to change and what it gives, each timed, best first", addAdvise,
     R"(  simprof advise kws.elf                            other memories, caches, prefetch, clock: what an inference saves
  simprof advise kws.elf --fit ms=50                what gets an inference below 50 ms, with least cost
  simprof advise kws.simprof                        what is seen without another run
)"},
    {"energy", "Energy by layer and state, battery life, what a harvester affords", addEnergyVerb,
     R"(  simprof energy kws.elf                            an inference, its layers, what the core did meanwhile
  simprof energy kws.simprof --period 10s --battery 220mAh@3V
  simprof energy sine.simprof --harvest 33uW --storage 100mF,2.0V-3.3V
  simprof energy kws.elf --calibrate 5.2mJ/inference --calibrate sleep=1.4mA
  simprof energy a.simprof b.simprof --compare --period 1s
)"},
};

} // namespace simprof::cli
