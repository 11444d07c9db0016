// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/recogniser.h"
#include "sim_core/memory/address_space.h"

#include <optional>

namespace simprof {

/// What TensorFlow Lite Micro's allocator says of its arena, found in RAM by its pointers: bottom and end of the arena,
/// end of the planned part and begin of what persists stand behind each other in its object, in every release
/// (tensorflow/lite/micro, simple_memory_allocator.h to 2022, arena_allocator/*_buffer_allocator.h since). `table`: of
/// the tensors that it placed. Nothing where no object fits.
std::optional<RuntimeArena> findTflmAllocator(const AddressSpace& memory, const TensorTable& table);

} // namespace simprof
