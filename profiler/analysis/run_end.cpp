// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/run_end.h"

#include "profiler/analysis/inference_mean.h"
#include "profiler/text/names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

namespace {

/// Function in which it waits for ever; "" in profiles that do not say.
std::string waitingFunction(const Profile& profile) {
    const std::vector<std::string>& places = profile.halt.callStack; // "function+0x12 (file:line)"
    return places.empty() ? "" : places.front().substr(0, places.front().rfind("+0x"));
}

/// Whether the inference that began last is not over.
bool endedInside(const Profile& profile) {
    return !profile.inferences.empty() &&
           inferenceMean(profile, static_cast<std::size_t>(profile.inferences.back().network)).cut;
}

/// The words of a name in lower case: "Default_Handler" and "DefaultHandler" are default and handler.
std::vector<std::string> wordsOf(std::string_view name) {
    std::vector<std::string> words;
    bool inside = false;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto c = static_cast<unsigned char>(name[i]);
        const bool begins =
            std::isupper(c) != 0 && (i == 0 || std::islower(static_cast<unsigned char>(name[i - 1])) != 0);
        if (std::isalpha(c) == 0) {
            inside = false;
            continue;
        }
        if (!inside || begins) {
            words.emplace_back();
        }
        inside = true;
        words.back() += static_cast<char>(std::tolower(c));
    }
    return words;
}

} // namespace

/// Words by which CMSIS and STM32Cube (Error_Handler, HardFault_Handler, Default_Handler), newlib (abort,
/// __assert_func), GCC (__stack_chk_fail), the Pico SDK (panic, __unhandled_user_irq), Zephyr (z_fatal_error) and Mbed
/// OS (mbed_die, mbed_error) name what firmware calls when it cannot go on.
bool isErrorHandler(const std::string& function) {
    static constexpr auto kWords =
        std::to_array<std::string_view>({"error", "fault", "hardfault", "fatal", "abort", "assert", "panic", "fail",
                                         "failed", "failure", "die", "terminate", "unhandled", "nmi"});
    const std::vector<std::string> words = wordsOf(shortName(function, Short::Function));
    const bool isDefaultHandler = std::ranges::count(words, "default") != 0 &&
                                  (std::ranges::count(words, "handler") != 0 || std::ranges::count(words, "isr") != 0);
    return isDefaultHandler ||
           std::ranges::any_of(words, [](const std::string& word) { return std::ranges::count(kWords, word) != 0; });
}

bool endedWell(const Profile& profile) {
    using Kind = HaltReason::Kind;
    const Kind reason = profile.halt.reason;
    if (reason == Kind::WaitsForever) {
        const bool didSomething = !profile.inferences.empty() || !profile.console.empty() || !profile.unwatched.empty();
        return didSomething && !endedInside(profile) && !isErrorHandler(waitingFunction(profile));
    }
    return reason == Kind::Exit || reason == Kind::Until || reason == Kind::Steady;
}

bool isPartial(const Profile& profile) { return profile.halt.reason == HaltReason::Kind::Cancelled; }

} // namespace simprof
