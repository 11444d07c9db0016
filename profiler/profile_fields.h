// SPDX-License-Identifier: GPL-2.0-or-later
/// The one list of the profile's keys, in file order: the writer and the reader of profile_json both follow it.
/// A key that is added later goes in with `visit.added(...)`, so that older profiles of the same schema still read.
#pragma once
#include "profiler/profile.h"

#include <concepts>
#include <type_traits>

namespace simprof {

/// T is U or const U.
template<class T, class U>
concept Is = std::same_as<std::remove_const_t<T>, U>;

/// Written as an array of its fields instead of an object: there may be millions.
template<class T>
inline constexpr bool kWrittenAsArray = Is<T, CallNode> || Is<T, CallSpan> || Is<T, ExceptionSpan> || Is<T, LifePart> ||
                                        Is<T, PrintSpan> || Is<T, ThreadSpan>;

template<class Visitor, Is<ProfileFirmware> T>
void fieldsOf(Visitor& visit, T& firmware) {
    visit("name", firmware.name);
    visit("sha256", firmware.sha256);
    visit("format", firmware.format);
    visit("entry", firmware.entry);
}

template<class Visitor, Is<ProfileBoard> T>
void fieldsOf(Visitor& visit, T& board) {
    visit("name", board.name);
    visit("mcu", board.mcu);
    visit("core", board.core);
    visit("clock_hz", board.clockHz);
    visit("why", board.why);
    visit("supply", board.supply);
    visit("assumptions", board.assumptions);
}

template<class Visitor, Is<ProfileFault> T>
void fieldsOf(Visitor& visit, T& fault) {
    visit("exception", fault.exception);
    visit("what", fault.what);
    visit("status", fault.status);
    visit("cfsr", fault.cfsr);
    visit("hfsr", fault.hfsr);
    visit("address", fault.address);
    visit("pc", fault.pc);
    visit("registers", fault.registers);
    visit("call_stack", fault.callStack);
}

template<class Visitor, Is<ProfileHalt> T>
void fieldsOf(Visitor& visit, T& halt) {
    visit("reason", halt.reason);
    visit("what", halt.what);
    visit("pc", halt.pc);
    visit("exit_code", halt.exitCode);
    visit("fault", halt.fault);
}

template<class Visitor, Is<ProfileTotals> T>
void fieldsOf(Visitor& visit, T& totals) {
    visit("instructions", totals.instructions);
    visit("cycles", totals.cycles);
    visit("time_us", totals.timeUs);
    visit("energy_uj", totals.energyUj);
    visit("energy_band_percent", totals.energyBandPercent);
    visit("attributed_percent", totals.attributedPercent);
    visit("stalls", totals.stalls);
}

template<class Visitor, Is<Owner> T>
void fieldsOf(Visitor& visit, T& owner) {
    visit("name", owner.name);
    visit("cycles", owner.cycles);
    visit("instructions", owner.instructions);
    visit("time_us", owner.timeUs);
    visit("energy_uj", owner.energyUj);
    visit("stalls", owner.stalls);
}

template<class Visitor, Is<ProfileNetwork> T>
void fieldsOf(Visitor& visit, T& network) {
    visit("recogniser", network.recogniser);
    visit("why", network.why);
    visit("source", network.source);
    visit("name", network.name);
    visit("operators", network.operators);
}

template<class Visitor, Is<LayerInfo> T>
void fieldsOf(Visitor& visit, T& layer) {
    visit("id", layer.id);
    visit("name", layer.name);
    visit("op", layer.op);
    visit("inputs", layer.inputs);
    visit("outputs", layer.outputs);
    visit("shape", layer.shape);
    visit("macs", layer.macs);
    visit("kernel", layer.kernel);
    visit("calls", layer.calls);
    visit("instructions", layer.instructions);
    visit("cycles", layer.cycles);
    visit("time_us", layer.timeUs);
    visit("stalls", layer.stalls);
    visit("macs_per_cycle", layer.macsPerCycle);
    visit("sram_peak_bytes", layer.sramPeakBytes);
    visit("scratch_bytes", layer.scratchBytes);
    visit("flash_read_bytes", layer.flashReadBytes);
    visit("sram_read_bytes", layer.sramReadBytes);
    visit("sram_write_bytes", layer.sramWriteBytes);
    visit("energy_uj", layer.energyUj);
}

template<class Visitor, Is<Span> T>
void fieldsOf(Visitor& visit, T& span) {
    visit("layer", span.layer);
    visit("start_cycle", span.startCycle);
    visit("cycles", span.cycles);
}

template<class Visitor, Is<Inference> T>
void fieldsOf(Visitor& visit, T& inference) {
    visit("index", inference.index);
    visit("start_cycle", inference.startCycle);
    visit("cycles", inference.cycles);
    visit("energy_uj", inference.energyUj);
    visit("spans", inference.spans);
}

template<class Visitor, Is<MemoryRegion> T>
void fieldsOf(Visitor& visit, T& region) {
    visit("name", region.name);
    visit("kind", region.kind);
    visit("base", region.base);
    visit("size_bytes", region.sizeBytes);
    visit("image_bytes", region.imageBytes);
    visit("written_bytes", region.writtenBytes);
    visit("read_bytes", region.readBytes);
}

template<class Visitor, Is<Arena> T>
void fieldsOf(Visitor& visit, T& arena) {
    visit("base", arena.base);
    visit("size_bytes", arena.sizeBytes);
    visit("used_bytes", arena.usedBytes);
    visit("peak_live_bytes", arena.peakLiveBytes);
    visit("peak_cycle", arena.peakCycle);
}

template<class Visitor, Is<LifePart> T>
void fieldsOf(Visitor& visit, T& part) {
    visit("offset", part.offset);
    visit("size_bytes", part.sizeBytes);
    visit("born_cycle", part.bornCycle);
    visit("died_cycle", part.diedCycle);
}

template<class Visitor, Is<TensorLife> T>
void fieldsOf(Visitor& visit, T& tensor) {
    visit("name", tensor.name);
    visit("shape", tensor.shape);
    visit("address", tensor.address);
    visit("size_bytes", tensor.sizeBytes);
    visit("born_cycle", tensor.bornCycle);
    visit("died_cycle", tensor.diedCycle);
    visit("writer", tensor.writer);
    visit("readers", tensor.readers);
    visit("kind", tensor.kind);
    visit.added("parts", tensor.parts);
}

template<class Visitor, Is<StackUse> T>
void fieldsOf(Visitor& visit, T& stack) {
    visit("base", stack.base);
    visit("top", stack.top);
    visit("size_bytes", stack.sizeBytes);
    visit("high_water_bytes", stack.highWaterBytes);
    visit("overflows_into", stack.overflowsInto);
}

template<class Visitor, Is<HeapUse> T>
void fieldsOf(Visitor& visit, T& heap) {
    visit("base", heap.base);
    visit("size_bytes", heap.sizeBytes);
    visit("high_water_bytes", heap.highWaterBytes);
}

template<class Visitor, Is<SramOwner> T>
void fieldsOf(Visitor& visit, T& owner) {
    visit("name", owner.name);
    visit("bytes", owner.bytes);
}

template<class Visitor, Is<ProfileMemory> T>
void fieldsOf(Visitor& visit, T& memory) {
    visit("regions", memory.regions);
    visit("arena", memory.arena);
    visit("tensors", memory.tensors);
    visit("stack", memory.stack);
    visit("stack_samples", memory.stackSamples);
    visit("heap", memory.heap);
    visit("static_bytes", memory.staticBytes);
    visit("sram", memory.sram);
    visit("live", memory.live);
    visit("inference", memory.inference);
}

template<class Visitor, Is<FunctionInfo> T>
void fieldsOf(Visitor& visit, T& function) {
    visit("name", function.name);
    visit("address", function.address);
    visit("file", function.file);
    visit("line", function.line);
    visit("calls", function.calls);
    visit("instructions", function.instructions);
    visit("self_cycles", function.selfCycles);
    visit("inclusive_cycles", function.inclusiveCycles);
    visit("stalls", function.stalls);
}

template<class Visitor, Is<CallNode> T>
void fieldsOf(Visitor& visit, T& node) {
    visit("parent", node.parent);
    visit("function", node.function);
    visit("calls", node.calls);
    visit("self_cycles", node.selfCycles);
    visit("inclusive_cycles", node.inclusiveCycles);
    visit("layer", node.layer);
}

template<class Visitor, Is<CallSpan> T>
void fieldsOf(Visitor& visit, T& span) {
    visit("function", span.function);
    visit("depth", span.depth);
    visit("start_cycle", span.startCycle);
    visit("cycles", span.cycles);
}

template<class Visitor, Is<InstructionInfo> T>
void fieldsOf(Visitor& visit, T& instruction) {
    visit("address", instruction.address);
    visit("text", instruction.text);
    visit("function", instruction.function);
    visit("file", instruction.file);
    visit("line", instruction.line);
    visit("executions", instruction.executions);
    visit("cycles", instruction.cycles);
    visit("stalls", instruction.stalls);
}

template<class Visitor, Is<ExceptionInfo> T>
void fieldsOf(Visitor& visit, T& exception) {
    visit("number", exception.number);
    visit("name", exception.name);
    visit("entries", exception.entries);
    visit("cycles", exception.cycles);
}

template<class Visitor, Is<ExceptionSpan> T>
void fieldsOf(Visitor& visit, T& span) {
    visit("number", span.number);
    visit("start_cycle", span.startCycle);
    visit("cycles", span.cycles);
}

template<class Visitor, Is<PeripheralNote> T>
void fieldsOf(Visitor& visit, T& note) {
    visit("peripheral", note.peripheral);
    visit("address", note.address);
    visit("kind", note.kind);
    visit("count", note.count);
    visit("pc", note.pc);
    visit("what", note.what);
}

template<class Visitor, Is<PowerSpan> T>
void fieldsOf(Visitor& visit, T& span) {
    visit("state", span.state);
    visit("start_cycle", span.startCycle);
    visit("cycles", span.cycles);
    visit("microwatts", span.microwatts);
}

template<class Visitor, Is<ClockChange> T>
void fieldsOf(Visitor& visit, T& change) {
    visit("cycle", change.cycle);
    visit("hertz", change.hertz);
}

template<class Visitor, Is<ThreadInfo> T>
void fieldsOf(Visitor& visit, T& thread) {
    visit("name", thread.name);
    visit("rtos", thread.rtos);
    visit("block", thread.block);
    visit("cycles", thread.cycles);
    visit("switches", thread.switches);
    visit.added("stack_size_bytes", thread.stackBytes);
    visit.added("stack_high_water_bytes", thread.stackHighWaterBytes);
}

template<class Visitor, Is<ThreadSpan> T>
void fieldsOf(Visitor& visit, T& span) {
    visit("thread", span.thread);
    visit("start_cycle", span.startCycle);
    visit("cycles", span.cycles);
}

template<class Visitor, Is<PrintSpan> T>
void fieldsOf(Visitor& visit, T& span) {
    visit("start_cycle", span.startCycle);
    visit("cycles", span.cycles);
    visit("offset", span.offset);
    visit("size_bytes", span.sizeBytes);
}

/// Everything below "schema" and "tool", which are read before the rest.
template<class Visitor, Is<Profile> T>
void fieldsOf(Visitor& visit, T& profile) {
    visit("firmware", profile.firmware);
    visit("board", profile.board);
    visit("halt", profile.halt);
    visit("totals", profile.totals);
    visit("owners", profile.owners);
    visit("network", profile.network);
    visit("layers", profile.layers);
    visit("inferences", profile.inferences);
    visit("memory", profile.memory);
    visit("functions", profile.functions);
    visit("call_tree", profile.callTree);
    visit("call_spans", profile.callSpans);
    visit("instructions", profile.instructions);
    visit("exceptions", profile.exceptions);
    visit("exception_spans", profile.exceptionSpans);
    visit("peripherals", profile.peripherals);
    visit("power", profile.power);
    visit("clocks", profile.clocks);
    visit("console", profile.console);
    visit.added("prints", profile.prints);
    visit.added("threads", profile.threads);
    visit.added("thread_spans", profile.threadSpans);
}

} // namespace simprof
