// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/run_end.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

namespace simprof {

namespace {

/// Function in which the run ended, "" when it has no name.
std::string endFunction(const Profile& profile) {
    const FunctionInfo* found = nullptr;
    for (const FunctionInfo& function : profile.functions) {
        if (function.address <= profile.halt.pc && (found == nullptr || function.address > found->address)) {
            found = &function;
        }
    }
    return found != nullptr ? found->name : "";
}

/// By the names that CMSIS and STM32Cube (Error_Handler, Default_Handler), newlib (abort, __assert_func), GCC
/// (__stack_chk_fail), the Pico SDK (panic), Zephyr (z_fatal_error) and Mbed OS (mbed_die, mbed_error) give them.
bool isErrorHandler(std::string name) {
    static constexpr auto kWords =
        std::to_array<std::string_view>({"error", "default_handler", "fault", "fatal", "abort", "assert", "panic",
                                         "stack_chk_fail", "mbed_die", "terminate"});
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::ranges::any_of(kWords, [&name](std::string_view word) { return name.find(word) != std::string::npos; });
}

} // namespace

bool endedWell(const Profile& profile) {
    using Kind = HaltReason::Kind;
    const Kind reason = profile.halt.reason;
    if (reason == Kind::WaitsForever) {
        return !profile.inferences.empty() || (!profile.console.empty() && !isErrorHandler(endFunction(profile)));
    }
    return reason == Kind::Exit || reason == Kind::Until;
}

bool isPartial(const Profile& profile) { return profile.halt.reason == HaltReason::Kind::Cancelled; }

} // namespace simprof
