// SPDX-License-Identifier: GPL-2.0-or-later
// libFuzzer target of the reader that SIMPROF_READER names: any bytes. Seeds and what it found: tests/corpus/READER.
#include "sim_core/error.h"
#include "tests/corpus/readers.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const simprof::test::Reader* const reader = [] {
        for (const simprof::test::Reader& each : simprof::test::readers()) {
            if (each.name == std::string_view(SIMPROF_READER)) {
                return &each;
            }
        }
        __builtin_trap();
    }();
    try {
        reader->read({reinterpret_cast<const char*>(data), size});
    } catch (const simprof::Error&) {
    }
    return 0;
}
