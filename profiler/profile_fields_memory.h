// SPDX-License-Identifier: GPL-2.0-or-later
/// The keys of the profile's memory; profile_fields.h includes them.
#pragma once
#include "profiler/fields/field.h"
#include "profiler/profile.h"

namespace simprof {

template<>
inline constexpr Structure kStructure<MemoryRegion>{"region", "A memory of the microcontroller."};
template<class Visitor, Is<MemoryRegion> T>
void fieldsOf(Visitor& visit, T& region) {
    visit("name", region.name, Unit::None, Need::Required, "as the reference manual calls it");
    visit("kind", region.kind, Unit::None, Need::Required, "kind of memory");
    visit("base", region.base, Unit::Location, Need::Required, "first address");
    visit("size_bytes", region.sizeBytes, Unit::ByteCount, Need::Required, "size");
    visit("image_bytes", region.imageBytes, Unit::ByteCount, Need::Required, "loaded by the image");
    visit("written_bytes", region.writtenBytes, Unit::ByteCount, Need::Required,
          "distinct bytes written while running");
    visit("read_bytes", region.readBytes, Unit::ByteCount, Need::Required, "distinct bytes read as data");
}

template<>
inline constexpr Structure kStructure<Arena>{"arena", "The tensor arena."};
template<class Visitor, Is<Arena> T>
void fieldsOf(Visitor& visit, T& arena) {
    visit("base", arena.base, Unit::Location, Need::Required, "first address");
    visit("size_bytes", arena.sizeBytes, Unit::ByteCount, Need::Required,
          "what the runtime was given; where it does not say so, the extent of what layers used");
    visit("used_bytes", arena.usedBytes, Unit::ByteCount, Need::Required, "what was touched");
    visit("peak_live_bytes", arena.peakLiveBytes, Unit::ByteCount, Need::Required, "most that is live at one moment");
    visit("peak_cycle", arena.peakCycle, Unit::Cycle, Need::Required, "that moment");
    visit("needed_bytes", arena.neededBytes, Unit::ByteCount, Need::Optional, "as many are enough; 0: unknown");
    visit("needed_by", arena.neededBy, Unit::None, Need::Optional, "what says so");
    visit("reserved_bytes", arena.reservedBytes, Unit::ByteCount, Need::Optional,
          "size of the object that holds it, by its symbol; 0: unknown");
    visit("persistent_base", arena.persistentBase, Unit::Location, Need::Optional,
          "first address of a second arena for what lives for ever");
    visit("persistent_bytes", arena.persistentBytes, Unit::ByteCount, Need::Optional,
          "its size, which the counts include; 0: there is none");
}

template<>
inline constexpr Structure kStructure<LifePart>{"part", "Bytes of a tensor that live alike.", Form::Array};
template<class Visitor, Is<LifePart> T>
void fieldsOf(Visitor& visit, T& part) {
    visit("offset", part.offset, Unit::ByteCount, Need::Required, "from the tensor's address");
    visit("size_bytes", part.sizeBytes, Unit::ByteCount, Need::Required, "size");
    visit("born_cycle", part.bornCycle, Unit::Cycle, Need::Required, "first write");
    visit("died_cycle", part.diedCycle, Unit::Cycle, Need::Required, "last read");
}

template<>
inline constexpr Structure kStructure<TensorLife>{
    "tensor", "A block of memory that lives from first write to last read, as measured."};
template<class Visitor, Is<TensorLife> T>
void fieldsOf(Visitor& visit, T& tensor) {
    visit("name", tensor.name, Unit::None, Need::Required, "of the tensor");
    visit("shape", tensor.shape, Unit::None, Need::Required, "dimensions");
    visit("address", tensor.address, Unit::Location, Need::Required, "first byte");
    visit("size_bytes", tensor.sizeBytes, Unit::ByteCount, Need::Required, "size");
    visit("born_cycle", tensor.bornCycle, Unit::Cycle, Need::Required, "first write");
    visit("died_cycle", tensor.diedCycle, Unit::Cycle, Need::Required, "last read");
    visit("writer", tensor.writer, Unit::IndexOrNone, Need::Required, "layer that wrote it; -1: none");
    visit("readers", tensor.readers, Unit::IndexOrNone, Need::Required, "layers that read it");
    visit("kind", tensor.kind, Unit::None, Need::Required, "what the block is for");
    visit("parts", tensor.parts, Unit::None, Need::Optional,
          "lives of its bytes, by offset; empty when all of them live as long as the block");
    visit("network", tensor.network, Unit::Index, Need::Optional, "in networks");
    visit(
        "lives", tensor.lives, Unit::None, Need::Optional,
        "with --lives: first and last access to each byte, numbered in order among those of all tensors that begin or "
        "end a life; as runs of three numbers, how many bytes, and by how much the first and the last access of each "
        "is later than that of the byte before it, of the first byte than 0; a byte whose first comes after its last "
        "has no life");
    visit("accesses", tensor.accesses, Unit::None, Need::Optional,
          "with --lives: loads and stores during the inference that was watched");
}

template<>
inline constexpr Structure kStructure<StackFrame>{"frame", "What a function in progress holds of a stack.",
                                                  Form::Array};
template<class Visitor, Is<StackFrame> T>
void fieldsOf(Visitor& visit, T& frame) {
    visit("function", frame.function, Unit::None, Need::Required,
          "name; in brackets what is no function, such as [exception frame], the registers that an exception pushed");
    visit("bytes", frame.bytes, Unit::ByteCount, Need::Required, "from its call down to what it called");
}

template<>
inline constexpr Structure kStructure<StackUse>{"stack", "The main stack."};
template<class Visitor, Is<StackUse> T>
void fieldsOf(Visitor& visit, T& stack) {
    visit("base", stack.base, Unit::Location, Need::Required, "lowest address reserved, 0 when unknown");
    visit("top", stack.top, Unit::Location, Need::Required, "initial stack pointer");
    visit("size_bytes", stack.sizeBytes, Unit::ByteCount, Need::Required, "reserved");
    visit("high_water_bytes", stack.highWaterBytes, Unit::ByteCount, Need::Required, "deepest use");
    visit("overflows_into", stack.overflowsInto, Unit::None, Need::Required,
          "what lies below when it ran over, else empty");
    visit("deepest_cycle", stack.deepestCycle, Unit::Cycle, Need::Optional, "when it was deepest");
    visit("frames", stack.frames, Unit::None, Need::Optional,
          "who held it then, outermost first; their sum is high_water_bytes");
}

template<>
inline constexpr Structure kStructure<HeapCaller>{
    "heap_caller", "What one function allocated: the first on the call path that is no allocator."};
template<class Visitor, Is<HeapCaller> T>
void fieldsOf(Visitor& visit, T& caller) {
    visit("function", caller.function, Unit::None, Need::Required, "name");
    visit("allocations", caller.allocations, Unit::None, Need::Required, "blocks that it got");
    visit("failed", caller.failed, Unit::None, Need::Required, "more that it asked for and did not get");
    visit("bytes", caller.bytes, Unit::ByteCount, Need::Required, "of all blocks that it got");
    visit("peak_bytes", caller.peakBytes, Unit::ByteCount, Need::Required, "of those allocated at heap.peak_cycle");
    visit("peak_blocks", caller.peakBlocks, Unit::None, Need::Required, "allocated then");
    visit("left_bytes", caller.leftBytes, Unit::ByteCount, Need::Required, "of those that were not freed");
    visit("left_blocks", caller.leftBlocks, Unit::None, Need::Required, "not freed");
}

template<>
inline constexpr Structure kStructure<HeapBlock>{"heap_block", "A block that an allocator handed out.", Form::Array};
template<class Visitor, Is<HeapBlock> T>
void fieldsOf(Visitor& visit, T& block) {
    visit("address", block.address, Unit::Location, Need::Required, "first byte");
    visit("size_bytes", block.sizeBytes, Unit::ByteCount, Need::Required, "as asked for");
    visit("born_cycle", block.bornCycle, Unit::Cycle, Need::Required, "when the allocator returned it");
    visit("died_cycle", block.diedCycle, Unit::Cycle, Need::Required, "when it was freed; 0: it was not");
    visit("caller", block.caller, Unit::Index, Need::Required, "in callers");
}

template<>
inline constexpr Structure kStructure<HeapUse>{"heap", "The heap."};
template<class Visitor, Is<HeapUse> T>
void fieldsOf(Visitor& visit, T& heap) {
    visit("base", heap.base, Unit::Location, Need::Required, "first address");
    visit("size_bytes", heap.sizeBytes, Unit::ByteCount, Need::Required, "reserved");
    visit("high_water_bytes", heap.highWaterBytes, Unit::ByteCount, Need::Required, "deepest use");
    visit("allocators", heap.allocators, Unit::None, Need::Optional, "functions that were called, by their symbols");
    visit("why_none", heap.whyNone, Unit::None, Need::Optional, "why no allocation is known; empty when some are");
    visit("peak_bytes", heap.peakBytes, Unit::ByteCount, Need::Optional,
          "most that was allocated at one moment, as asked for");
    visit("peak_cycle", heap.peakCycle, Unit::Cycle, Need::Optional, "that moment");
    visit("callers", heap.callers, Unit::None, Need::Optional, "who allocated, most at the peak first");
    visit("blocks", heap.blocks, Unit::None, Need::Optional, "the first 5000 allocations, by birth");
    visit("live", heap.live, Unit::None, Need::Optional,
          "allocated bytes over time; where changes are many, the most from then on");
}

template<>
inline constexpr Structure kStructure<SramOwner>{"sram_share", "A share of the SRAM."};
template<class Visitor, Is<SramOwner> T>
void fieldsOf(Visitor& visit, T& owner) {
    visit("name", owner.use, Unit::None, Need::Required, "what the bytes are used for");
    visit("bytes", owner.bytes, Unit::ByteCount, Need::Required, "share");
}

template<>
inline constexpr Structure kStructure<NetworkMemory>{"network_memory", "Arena and live bytes of one more network."};
template<class Visitor, Is<NetworkMemory> T>
void fieldsOf(Visitor& visit, T& memory) {
    visit("network", memory.network, Unit::Index, Need::Required, "in networks");
    visit("arena", memory.arena, Unit::None, Need::Required, "null when none was found");
    visit("live", memory.live, Unit::None, Need::Required, "live bytes of the arena over the inference shown");
    visit("inference", memory.inference, Unit::Index, Need::Required,
          "index of the inference the tensors are shown for");
}

template<>
inline constexpr Structure kStructure<ProfileMemory>{"memory", "Where every byte of SRAM went."};
template<class Visitor, Is<ProfileMemory> T>
void fieldsOf(Visitor& visit, T& memory) {
    visit("regions", memory.regions, Unit::None, Need::Required, "sorted by address");
    visit("arena", memory.arena, Unit::None, Need::Required, "of the first network; null when none was found");
    visit("tensors", memory.tensors, Unit::None, Need::Required, "blocks of the arena");
    visit("stack", memory.stack, Unit::None, Need::Required, "the main stack");
    visit("stack_samples", memory.stackSamples, Unit::None, Need::Required, "depth of the stack over time");
    visit("heap", memory.heap, Unit::None, Need::Required, "the heap");
    visit("static_bytes", memory.staticBytes, Unit::ByteCount, Need::Required, "initialised and zeroed data");
    visit("sram", memory.sram, Unit::None, Need::Required, "every byte of SRAM has one owner");
    visit("live", memory.live, Unit::None, Need::Required, "live bytes of the arena over the inference shown");
    visit("inference", memory.inference, Unit::Index, Need::Required,
          "index of the inference the tensors are shown for");
    visit("further", memory.further, Unit::None, Need::Optional, "arena, live and inference of the other networks");
}

} // namespace simprof
