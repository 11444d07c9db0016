// SPDX-License-Identifier: GPL-2.0-or-later
/// A memory plan inside a .tflite file, as TensorFlow Lite Micro takes it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace simprof {

/// In an offline plan: the interpreter places this tensor itself, or it has no place.
inline constexpr std::int32_t kPlannedOnline = -1;

/// A copy of the file with the metadata entry "OfflineMemoryAllocation": `offsets` in the arena, one for each tensor of
/// the first subgraph. What is new comes before the file, which is not changed and keeps its alignment of 64 bytes; an
/// entry of that name is replaced. Format: "Offline planned tensor allocations" in tensorflow/lite/micro/docs/
/// memory_management.md. Throws Error when the file is no network, or cannot be added to.
std::vector<std::byte> withOfflinePlan(std::span<const std::byte> file, std::span<const std::int32_t> offsets);

/// The offsets of that entry in a network; empty when it has none.
std::vector<std::int32_t> offlinePlanOf(std::span<const std::byte> file);

} // namespace simprof
