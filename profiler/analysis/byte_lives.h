// SPDX-License-Identifier: GPL-2.0-or-later
/// TensorLife::lives: the lives of single bytes as runs of (bytes, step of the first access, step of the last access).
#pragma once
#include "profiler/analysis/ran_network.h"
#include "profiler/collect/memory_log.h"
#include "profiler/planning/overlay_problem.h"
#include "profiler/profile.h"

#include <cstdint>
#include <vector>

namespace simprof {

/// More bytes of tensors than this have no lives.
inline constexpr Bytes kMostLifeBytes = 1 << 24;

/// Each byte continues from the one before it, the first one from (0, 0).
std::vector<std::int64_t> codeLives(const std::vector<ByteSpan>& bytes);

/// The lives of `size` bytes; throws Error when the runs are of another size or count out of range. `what` names them.
std::vector<ByteSpan> decodeLives(const std::vector<std::int64_t>& runs, Bytes size, const std::string& what);

/// Fills TensorLife::lives and accesses of one network's tensors where the log holds lives of bytes. Accesses that
/// begin or end no life are not counted. What the application writes before the inference begins at 0, and what it
/// reads afterwards ends behind the last access; bytes of a tensor that are not accessed have no life.
void addByteLives(const MemoryLog& log, const RanNetwork& network, std::vector<TensorLife>& tensors);

} // namespace simprof
