// SPDX-License-Identifier: GPL-2.0-or-later
/// The part of the profile that says who used which bytes of memory, and when.
#pragma once
#include "profiler/profile_kinds.h"
#include "sim_core/memory_kind_names.h"
#include "sim_core/units.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace simprof {

struct MemoryRegion {
    std::string name;
    MemoryKind kind = MemoryKind::Sram;
    Address base = 0;
    Bytes sizeBytes = 0;
    Bytes imageBytes = 0;   ///< loaded by the image
    Bytes writtenBytes = 0; ///< distinct bytes written while running
    Bytes readBytes = 0;    ///< distinct bytes read
    bool operator==(const MemoryRegion&) const = default;
};

struct Arena {
    Address base = 0;
    Bytes sizeBytes = 0;     ///< what the runtime was given; where it does not say so, the extent of what layers used
    Bytes usedBytes = 0;     ///< touched
    Bytes peakLiveBytes = 0; ///< most bytes live at one moment
    Cycles peakCycle = 0;
    Bytes neededBytes = 0; ///< as many are enough
    ArenaSource neededBy = ArenaSource::Extent;
    Bytes reservedBytes = 0; ///< of the object that holds it, by its symbol; 0: unknown
    // A second arena for what lives for ever, which the counts include:
    Address persistentBase = 0;
    Bytes persistentBytes = 0; ///< its size; 0: there is none
    bool operator==(const Arena&) const = default;
};

/// How much memory an arena takes, by its symbol where that is known, with what persists.
inline Bytes reserved(const Arena& arena) {
    return std::max(arena.sizeBytes, arena.reservedBytes) + arena.persistentBytes;
}

/// Is that what the firmware reserved, and not only what layers used?
inline bool isReserved(const Arena& arena) { return arena.reservedBytes != 0 || arena.neededBytes != 0; }

/// Bytes of a block that live alike, as measured byte by byte.
struct LifePart {
    Bytes offset = 0; ///< from the block's address
    Bytes sizeBytes = 0;
    Cycles bornCycle = 0;
    Cycles diedCycle = 0;
    bool operator==(const LifePart&) const = default;
};

/// One block of the tetris: lives from first write to last read, as measured.
struct TensorLife {
    std::string name;
    std::vector<std::int32_t> shape;
    Address address = 0;
    Bytes sizeBytes = 0;
    Cycles bornCycle = 0;
    Cycles diedCycle = 0;
    std::int32_t writer = -1; ///< layer; -1: the application
    std::vector<std::int32_t> readers;
    TensorKind kind = TensorKind::Tensor;
    std::vector<LifePart> parts{};     ///< by offset; empty when all bytes live as long as the block
    std::int32_t network = 0;          ///< index into Profile::networks
    std::vector<std::int64_t> lives{}; ///< on demand: lives of its bytes, as profiler/analysis/byte_lives.h codes them
    std::uint64_t accesses = 0;        ///< on demand: loads and stores in the inference that was watched
    bool operator==(const TensorLife&) const = default;
};

/// What a function in progress holds of a stack.
struct StackFrame {
    std::string function; ///< "[exception frame]" for the registers that an exception pushed
    Bytes bytes = 0;
    bool operator==(const StackFrame&) const = default;
};

struct StackUse {
    Address base = 0; ///< lowest address reserved, 0 when unknown
    Address top = 0;
    Bytes sizeBytes = 0;
    Bytes highWaterBytes = 0;
    std::string overflowsInto;        ///< what lies below when it ran over, else ""
    Cycles deepestCycle = 0;          ///< when it was deepest
    std::vector<StackFrame> frames{}; ///< who held it then, outermost first; their sum is highWaterBytes
    bool operator==(const StackUse&) const = default;
};

/// What one function allocated, by its own calls of an allocator.
struct HeapCaller {
    std::string function;
    std::uint64_t allocations = 0;
    std::uint64_t failed = 0; ///< more, which got nothing
    Bytes bytes = 0;          ///< of all allocations
    Bytes peakBytes = 0;      ///< live at the peak of the heap
    std::uint64_t peakBlocks = 0;
    Bytes leftBytes = 0; ///< not freed
    std::uint64_t leftBlocks = 0;
    bool operator==(const HeapCaller&) const = default;
};

struct HeapBlock {
    Address address = 0;
    Bytes sizeBytes = 0; ///< as asked for
    Cycles bornCycle = 0;
    Cycles diedCycle = 0;    ///< 0: it was not freed
    std::int32_t caller = 0; ///< index into HeapUse::callers
    bool operator==(const HeapBlock&) const = default;
};

struct HeapUse {
    Address base = 0;
    Bytes sizeBytes = 0;
    Bytes highWaterBytes = 0;
    std::vector<std::string> allocators{}; ///< that were called
    std::string whyNone{};                 ///< why no allocation is known; "" when some are
    Bytes peakBytes = 0;                   ///< most that was allocated at one moment
    Cycles peakCycle = 0;
    std::vector<HeapCaller> callers{};            ///< most at the peak first
    std::vector<HeapBlock> blocks{};              ///< the first ones, by birth
    std::vector<std::pair<Cycles, Bytes>> live{}; ///< allocated bytes over time
    bool operator==(const HeapUse&) const = default;
};

/// Where every SRAM byte went; the sum is the SRAM of the board.
struct SramOwner {
    SramUse use = SramUse::Untouched;
    Bytes bytes = 0;
    bool operator==(const SramOwner&) const = default;
};

/// Arena and live bytes of a network.
struct NetworkMemory {
    std::int32_t network = 0; ///< index into Profile::networks
    std::optional<Arena> arena;
    std::vector<std::pair<Cycles, Bytes>> live; ///< bytes of the arena over the inference shown
    std::uint32_t inference = 0;                ///< the one its tensors are shown for
    bool operator==(const NetworkMemory&) const = default;
};

struct ProfileMemory {
    std::vector<MemoryRegion> regions;
    std::optional<Arena> arena; ///< of the first network
    std::vector<TensorLife> tensors;
    StackUse stack;
    std::vector<std::pair<Cycles, Bytes>> stackSamples; ///< depth over time, at layer steps
    HeapUse heap;
    Bytes staticBytes = 0;
    std::vector<SramOwner> sram;
    std::vector<std::pair<Cycles, Bytes>> live; ///< live arena bytes over the shown inference
    std::uint32_t inference = 0;                ///< the one the tensors are shown for
    std::vector<NetworkMemory> further;         ///< `arena`, `live` and `inference` of the other networks that ran
    bool operator==(const ProfileMemory&) const = default;
};

} // namespace simprof
