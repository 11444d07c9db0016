// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/runtimes.h"

#include "profiler/runtimes/spine.h"
#include "profiler/runtimes/tflm.h"

#include <array>

namespace simprof {

namespace {

constexpr auto kRuntimes = std::to_array<Runtime>({
    {"tflm", lookForTflm},
    {"spine", lookForSpines, true},
});

} // namespace

std::span<const Runtime> runtimes() { return kRuntimes; }

} // namespace simprof
