// SPDX-License-Identifier: GPL-2.0-or-later
/// How fast a profile is made, as ratios to the instruction engine by itself: the same inference, the same process,
/// taking turns.
#include "profiler/runtimes/tflm.h"
#include "sim_core/error.h"
#include "tests/benchmark/stretch.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

namespace simprof::benchmark {

namespace {

constexpr double kTarget = 0.35; ///< of a full profile, as a share of the engine's speed by itself

/// CPU seconds of this thread: other processes do not count.
double cpuSeconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double timed(const std::function<void()>& work) {
    const double begin = cpuSeconds();
    work();
    return cpuSeconds() - begin;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// Brings a new machine to the begin of the stretch and times it from there to the end.
double timeMachine(const Subject& subject, const Stretch& stretch, bool profile) {
    const std::unique_ptr<Machine> machine = makeMachine(subject);
    TflmRecogniser recogniser({&subject.network, 1}, machine->memory());
    Collector collector(*machine, &recogniser, collectorOptions(subject));
    if (profile) {
        machine->setListener(&collector);
    }
    RunLimits toBegin;
    toBegin.cycles = stretch.begin;
    toBegin.cyclesAreTheGoal = true;
    machine->run(toBegin);
    RunLimits toEnd;
    toEnd.until = {stretch.returnAddress};
    const Cycles begin = machine->now();
    const double seconds = timed([&] { machine->run(toEnd); });
    if (begin != stretch.begin || machine->now() != stretch.end) {
        throw Error("two runs of one firmware took different cycles");
    }
    return seconds;
}

double timeEngine(BareEngine& engine, const Stretch& stretch) {
    engine.rewind(stretch);
    const double seconds = timed([&] { engine.run(stretch); });
    engine.compare(stretch);
    return seconds;
}

void benchmark(const std::string& path, unsigned repetitions) {
    const Subject subject = openSubject(path);
    const Stretch stretch = findStretch(subject);
    BareEngine none(subject, Hooks::None);
    BareEngine blocks(subject, Hooks::Blocks);
    BareEngine all(subject, Hooks::All);
    struct Mode {
        const char* name;
        std::function<double()> run;
        std::vector<double> seconds;
    };
    std::vector<Mode> modes = {
        {"engine by itself", [&] { return timeEngine(none, stretch); }, {}},
        {"+ told of each block", [&] { return timeEngine(blocks, stretch); }, {}},
        {"+ told of each access", [&] { return timeEngine(all, stretch); }, {}},
        {"machine with timing", [&] { return timeMachine(subject, stretch, false); }, {}},
        {"full profile", [&] { return timeMachine(subject, stretch, true); }, {}},
    };
    for (unsigned i = 0; i <= repetitions; ++i) {
        for (Mode& mode : modes) {
            const double seconds = mode.run();
            if (i > 0) { // the first turn translates the code
                mode.seconds.push_back(seconds);
            }
        }
    }

    const double million = 1e-6 * static_cast<double>(stretch.instructions);
    fmt::print("{} on {}: one inference, {:.2f} million instructions, {} cycles, {} blocks, {} accesses\n",
               subject.image.name, subject.board->name, million, stretch.end - stretch.begin, all.traffic().blocks,
               all.traffic().accesses);
    const double bare = median(modes.front().seconds);
    for (const Mode& mode : modes) {
        const double seconds = median(mode.seconds);
        fmt::print("  {:<22} {:8.2f} ms {:7.1f} MIPS {:6.3f} of the engine by itself\n", mode.name, seconds * 1e3,
                   million / seconds, bare / seconds);
    }
    const double ratio = bare / median(modes.back().seconds);
    fmt::print("  target {:.2f}: {}\n", kTarget, ratio >= kTarget ? "reached" : "missed");
}

} // namespace

} // namespace simprof::benchmark

int main(int argc, char** argv) {
    CLI::App app("Speed of simulation and profiling, as ratios to the instruction engine by itself");
    std::vector<std::string> firmware;
    unsigned repetitions = 5;
    app.add_option("FIRMWARE", firmware, "Firmware that interprets a network")->required();
    app.add_option("--repetitions", repetitions, "Turns of each kind; the median counts")->check(CLI::Range(1, 1000));
    CLI11_PARSE(app, argc, argv);
    fmt::print("{}\n", simprof::Cpu::engineName());
    try {
        for (const std::string& path : firmware) {
            simprof::benchmark::benchmark(path, repetitions);
        }
    } catch (const simprof::Error& error) {
        fmt::print(stderr, "simprof-benchmark: {}\n", error.what());
        return 2;
    }
    return 0;
}
