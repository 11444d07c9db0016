// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/planning/forbidden_offsets.h"

#include <functional>
#include <span>

namespace simprof {

/// Offsets of all buffers and the end of the highest one.
struct OverlayPlacement {
    std::vector<Bytes> offsets;
    Bytes peak = 0;
};

/// One buffer after the other at the lowest place that those before it allow. `order` names each buffer once; its first
/// ones lie at `fixed` already.
OverlayPlacement overlayFit(const OverlayConstraints& constraints, std::span<const std::uint32_t> order,
                            std::span<const Bytes> fixed = {});

/// The best of first fit in several orders, `hint` among them, and of orders changed step by step, as long as it is
/// above `enough` bytes. Always the same for the same input unless the time expires.
OverlayPlacement bestOverlayFit(const OverlayConstraints& constraints, const std::vector<std::uint32_t>& hint,
                                Bytes enough, const std::function<bool()>& expired);

} // namespace simprof
