// SPDX-License-Identifier: GPL-2.0-or-later
// One firmware, one profile: whatever the locale, time zone, home, folder, address space, cores, compiler and engine.
#include "tests/cli/cli_program.h"

#include <cstdlib>
#include <sstream>

namespace simprof {
namespace {

using namespace test;

/// How a run is started: words before the program, and variables.
struct Surroundings {
    const char* name;
    std::vector<std::string> before;
    std::vector<std::string> environment;
};

TEST_F(Cli, AProfileDoesNotDependOnItsSurroundings) {
    const std::string elf = SIMPROF_BINARY_DIR "/firmware/sine-nucleo-l4r5zi.elf";
    if (!std::filesystem::exists(elf)) {
        GTEST_SKIP() << elf << " was not built";
    }
    const std::string program = SIMPROF_BINARY_DIR "/bin/simprof";
    std::vector<Surroundings> all = {
        {"as it is", {}, {}},
        {"another locale", {}, {"LC_ALL=de_DE.UTF-8", "LANG=de_DE.UTF-8", "LC_NUMERIC=de_DE.UTF-8"}},
        {"another time zone", {}, {"TZ=Pacific/Kiritimati"}},
        {"another home", {}, {"HOME=/nonexistent", "XDG_CACHE_HOME=/nonexistent", "TMPDIR=/nonexistent"}},
        {"another folder", {"/usr/bin/env", "-C", "/"}, {}},
        {"without ASLR", {"/usr/bin/setarch", "-R"}, {}},
        {"one core", {"/usr/bin/taskset", "-c", "0"}, {}},
        {"two cores", {"/usr/bin/taskset", "-c", "0,1"}, {}},
    };
    std::string first;
    const auto expectTheSame = [&](const char* name, std::vector<std::string> words, const ProgramStart& start) {
        const std::string profile = m_folder.path("a.simprof");
        words.insert(words.end(), {elf, "-o", profile});
        const std::string starter = words.front();
        words.erase(words.begin());
        const ProgramResult result = runProgram(starter, words, start);
        EXPECT_EQ(result.exitCode, 0) << name << ": " << result.error;
        const std::string made = m_folder.read("a.simprof");
        std::filesystem::remove(profile);
        first = first.empty() ? made : first;
        EXPECT_TRUE(made == first) << name << " changes the profile";
    };
    for (Surroundings& surroundings : all) {
        if (!surroundings.before.empty() && !std::filesystem::exists(surroundings.before.front())) {
            continue;
        }
        std::vector<std::string> words = surroundings.before;
        words.push_back(program);
        ProgramStart start;
        start.environment = surroundings.environment;
        expectTheSame(surroundings.name, words, start);
    }
    if (const std::string hooks = program + "-with-hooks"; std::filesystem::exists(hooks)) { // the other engine
        expectTheSame("the distribution's engine", {hooks}, {});
    }
    // Other compilers: programs that .ci/run has built, one after the other with colons between them.
    const char* const others = std::getenv("SIMPROF_OTHER_PROGRAMS");
    std::istringstream programs(others != nullptr ? others : "");
    for (std::string other; std::getline(programs, other, ':');) {
        expectTheSame(other.c_str(), {other}, {});
    }
}

} // namespace
} // namespace simprof
