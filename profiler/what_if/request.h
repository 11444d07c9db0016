// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/error.h"
#include "sim_core/units.h"

#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// One --what-if as typed: "fn:conv*" "=" "itcm", "clock" "=" "80MHz".
struct WhatIfRequest {
    std::string text;
    std::string select;
    std::string change;

    /// The error for it.
    [[nodiscard]] Error refused(std::string_view why) const;
};

/// Splits at the last '='; throws Error for what names neither something to place nor a setting.
std::vector<WhatIfRequest> parseRequests(const std::vector<std::string>& texts);

/// Whether it places something, rather than changing a setting.
bool placesSomething(const WhatIfRequest& request);

/// "0x20010000".
Address addressOf(const WhatIfRequest& request);
/// "on" or "off".
bool switchOf(const WhatIfRequest& request);
/// "3".
unsigned countOf(const WhatIfRequest& request);
/// "80MHz", "32.768kHz", "80000000".
Hertz hertzOf(const WhatIfRequest& request);
/// "16K", "16KiB", "16384".
Bytes sizeOf(const WhatIfRequest& request);

} // namespace simprof
