// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace simprof::test {

/// Values of every tensor of a network, by tensor index, after one inference.
using TensorValues = std::vector<std::vector<std::int8_t>>;

/// Runs an int8 .tflite the plain way: sums are exact, scaling is in double precision, so a value may differ by one
/// from what the fixed-point kernels of a microcontroller give. Throws std::runtime_error for operators not used here.
TensorValues runReference(std::span<const std::byte> file, const std::vector<std::int8_t>& input);

} // namespace simprof::test
