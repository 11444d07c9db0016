// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <span>
#include <string_view>

namespace simprof::test {

/// One kind of file or text that simprof takes from outside.
struct Reader {
    const char* name;
    void (*read)(std::string_view bytes); ///< throws Error when it refuses them; anything else is a defect
};

/// All of them. The fuzzers (tests/fuzz) try any bytes, the test beside this file those that were worth keeping.
std::span<const Reader> readers();

} // namespace simprof::test
