// SPDX-License-Identifier: GPL-2.0-or-later
// What is worked out once, before the first inference, from the scales in the model.
#pragma once

#include "runtime/fixed_point.h"
#include "runtime/model.h"

namespace simprof::runtime {

/// The factor nearest to `real` (>= 0); below about 2^-32 it is zero.
Multiplier quantizeMultiplier(double real);

/// The range to which an output is clamped.
struct ClampRange {
    std::int32_t low;
    std::int32_t high;
};

/// The int8 range that a fused activation leaves of an output with this quantisation.
ClampRange activationRange(Activation activation, const QuantizationView& output);

/// Rows or columns of zeros before the first element, so that `output` windows cover `input` evenly; 0 for Valid.
std::int32_t paddingBefore(Padding padding, std::int32_t input, std::int32_t output, std::int32_t window,
                           std::int32_t stride, std::int32_t dilation);

} // namespace simprof::runtime
