// SPDX-License-Identifier: GPL-2.0-or-later
/// The keys of what ran and when: functions, calls, exceptions, threads, power; profile_fields.h includes them.
#pragma once
#include "profiler/fields/field.h"
#include "profiler/profile.h"

namespace simprof {

template<>
inline constexpr Structure kStructure<FunctionInfo>{"function", "A function, demangled."};
template<class Visitor, Is<FunctionInfo> T>
void fieldsOf(Visitor& visit, T& function) {
    visit("name", function.name, Unit::None, Need::Required, "name");
    visit("address", function.address, Unit::Location, Need::Required, "first instruction");
    visit("file", function.file, Unit::None, Need::Required, "source file, relative; empty when not known");
    visit("line", function.line, Unit::None, Need::Required, "source line; 0 when not known");
    visit("calls", function.calls, Unit::None, Need::Required, "calls");
    visit("instructions", function.instructions, Unit::None, Need::Required, "instructions of its own");
    visit("self_cycles", function.selfCycles, Unit::CycleCount, Need::Required, "of its own");
    visit("inclusive_cycles", function.inclusiveCycles, Unit::CycleCount, Need::Required, "with everything it called");
    visit("stalls", function.stalls, Unit::CycleCount, Need::Required, "self_cycles by reason");
}

template<>
inline constexpr Structure kStructure<CallNode>{"call_node", "A node of the call tree, parents before children.",
                                                Form::Array};
template<class Visitor, Is<CallNode> T>
void fieldsOf(Visitor& visit, T& node) {
    visit("parent", node.parent, Unit::IndexOrNone, Need::Required, "of the caller in call_tree; -1: a root");
    visit("function", node.function, Unit::Index, Need::Required, "in functions");
    visit("calls", node.calls, Unit::None, Need::Required, "calls");
    visit("self_cycles", node.selfCycles, Unit::CycleCount, Need::Required, "of its own");
    visit("inclusive_cycles", node.inclusiveCycles, Unit::CycleCount, Need::Required, "with its children");
    visit("layer", node.layer, Unit::IndexOrNone, Need::Required, "of the layer it ran for; -1: none");
}

template<>
inline constexpr Structure kStructure<CallSpan>{"call_span", "One call in the flame chart.", Form::Array};
template<class Visitor, Is<CallSpan> T>
void fieldsOf(Visitor& visit, T& span) {
    visit("function", span.function, Unit::Index, Need::Required, "in functions");
    visit("depth", span.depth, Unit::None, Need::Required, "callers above it");
    visit("start_cycle", span.startCycle, Unit::Cycle, Need::Required, "start");
    visit("cycles", span.cycles, Unit::CycleCount, Need::Required, "cycles");
}

template<>
inline constexpr Structure kStructure<InstructionInfo>{"instruction", "One instruction and what it cost."};
template<class Visitor, Is<InstructionInfo> T>
void fieldsOf(Visitor& visit, T& instruction) {
    visit("address", instruction.address, Unit::Location, Need::Required, "its address");
    visit("text", instruction.text, Unit::None, Need::Required, "disassembly");
    visit("function", instruction.function, Unit::IndexOrNone, Need::Required, "in functions; -1: none");
    visit("file", instruction.file, Unit::None, Need::Required, "source file, relative");
    visit("line", instruction.line, Unit::None, Need::Required, "source line");
    visit("executions", instruction.executions, Unit::None, Need::Required, "times executed");
    visit("cycles", instruction.cycles, Unit::CycleCount, Need::Required, "over all executions");
    visit("stalls", instruction.stalls, Unit::CycleCount, Need::Required, "cycles by reason");
}

template<>
inline constexpr Structure kStructure<ExceptionInfo>{"exception", "An exception or interrupt."};
template<class Visitor, Is<ExceptionInfo> T>
void fieldsOf(Visitor& visit, T& exception) {
    visit("number", exception.number, Unit::None, Need::Required, "exception number, as in xPSR");
    visit("name", exception.name, Unit::None, Need::Required, "name");
    visit("entries", exception.entries, Unit::None, Need::Required, "times entered");
    visit("cycles", exception.cycles, Unit::CycleCount, Need::Required, "entry, handler and return");
}

template<>
inline constexpr Structure kStructure<ExceptionSpan>{"exception_span", "One run of an exception handler.", Form::Array};
template<class Visitor, Is<ExceptionSpan> T>
void fieldsOf(Visitor& visit, T& span) {
    visit("number", span.number, Unit::None, Need::Required, "exception number");
    visit("start_cycle", span.startCycle, Unit::Cycle, Need::Required, "start");
    visit("cycles", span.cycles, Unit::CycleCount, Need::Required, "cycles");
}

template<>
inline constexpr Structure kStructure<PeripheralNote>{"peripheral", "Something the peripherals did not model."};
template<class Visitor, Is<PeripheralNote> T>
void fieldsOf(Visitor& visit, T& note) {
    visit("peripheral", note.peripheral, Unit::None, Need::Required, "name, or the unknown address");
    visit("address", note.address, Unit::Location, Need::Required, "register");
    visit("kind", note.kind, Unit::None, Need::Required, "what happened");
    visit("count", note.count, Unit::None, Need::Required, "times");
    visit("pc", note.pc, Unit::Location, Need::Required, "instruction that touched it first");
    visit("what", note.what, Unit::None, Need::Required, "one sentence");
}

template<>
inline constexpr Structure kStructure<PowerSpan>{"power", "A stretch of time in one power state."};
template<class Visitor, Is<PowerSpan> T>
void fieldsOf(Visitor& visit, T& span) {
    visit("state", span.state, Unit::None, Need::Required, "power state");
    visit("start_cycle", span.startCycle, Unit::Cycle, Need::Required, "start");
    visit("cycles", span.cycles, Unit::CycleCount, Need::Required, "cycles");
    visit("microwatts", span.microwatts, Unit::Microwatts, Need::Required,
          "power; null: no current of this state is known");
    visit("setting", span.setting, Unit::None, Need::IfAny,
          "what the power controller is programmed to, such as range 2 or Stop 2");
}

template<>
inline constexpr Structure kStructure<StateUse>{"power_state", "A state that the supply current follows."};
template<class Visitor, Is<StateUse> T>
void fieldsOf(Visitor& visit, T& use) {
    visit("state", use.state, Unit::None, Need::Required, "power state");
    visit("setting", use.setting, Unit::None, Need::Required, "what the power controller is programmed to");
    visit("clock_hz", use.clockHz, Unit::Frequency, Need::Required, "core clock; 0: at any");
    visit("cycles", use.cycles, Unit::CycleCount, Need::Required, "in it; 0: the run never was");
    visit("time_us", use.timeUs, Unit::Microseconds, Need::Required, "in it");
    visit("entries", use.entries, Unit::None, Need::Required, "times it was entered");
    visit("microamp", use.microamp, Unit::None, Need::Required, "supply current in microamperes; null: unknown");
    visit("low_microamp", use.lowMicroamp, Unit::None, Need::Required, "lower end of its band");
    visit("high_microamp", use.highMicroamp, Unit::None, Need::Required, "upper end; null: no bound is known");
    visit("source", use.source, Unit::None, Need::Required, "document, table, conditions");
}

template<>
inline constexpr Structure kStructure<ClockChange>{"clock", "The core clock changed."};
template<class Visitor, Is<ClockChange> T>
void fieldsOf(Visitor& visit, T& change) {
    visit("cycle", change.cycle, Unit::Cycle, Need::Required, "when");
    visit("hertz", change.hertz, Unit::Frequency, Need::Required, "core clock from here on");
}

template<>
inline constexpr Structure kStructure<ThreadInfo>{"thread", "A thread of an RTOS."};
template<class Visitor, Is<ThreadInfo> T>
void fieldsOf(Visitor& visit, T& thread) {
    visit("name", thread.name, Unit::None, Need::Required,
          "as the RTOS knows it, else the symbol of its control block");
    visit("rtos", thread.rtos, Unit::None, Need::Required, "FreeRTOS, Zephyr, RTX or ThreadX");
    visit("block", thread.block, Unit::Location, Need::Required, "its control block");
    visit("cycles", thread.cycles, Unit::CycleCount, Need::Required,
          "while it was the running one, interrupts and sleep meanwhile included");
    visit("switches", thread.switches, Unit::None, Need::Required, "times it was switched to");
    visit("stack_size_bytes", thread.stackBytes, Unit::ByteCount, Need::Optional,
          "from where the thread began down to its stack's lowest address; 0: not known");
    visit("stack_high_water_bytes", thread.stackHighWaterBytes, Unit::ByteCount, Need::Optional,
          "what of that was used; registers saved by interrupts and switches included");
    visit("stack_frames", thread.stackFrames, Unit::None, Need::Optional,
          "who held it then, outermost first; their sum is stack_high_water_bytes");
}

template<>
inline constexpr Structure kStructure<ThreadSpan>{"thread_span", "A thread ran, until another one did.", Form::Array};
template<class Visitor, Is<ThreadSpan> T>
void fieldsOf(Visitor& visit, T& span) {
    visit("thread", span.thread, Unit::Index, Need::Required, "in threads");
    visit("start_cycle", span.startCycle, Unit::Cycle, Need::Required, "start");
    visit("cycles", span.cycles, Unit::CycleCount, Need::Required, "interrupts and sleep meanwhile included");
}

template<>
inline constexpr Structure kStructure<PrintSpan>{"print", "A line, or a piece of one, that was printed.", Form::Array};
template<class Visitor, Is<PrintSpan> T>
void fieldsOf(Visitor& visit, T& span) {
    visit("start_cycle", span.startCycle, Unit::Cycle, Need::Required, "its first character was on the line");
    visit("cycles", span.cycles, Unit::CycleCount, Need::Required, "until its last character");
    visit("offset", span.offset, Unit::ByteCount, Need::Required, "of its first byte in console");
    visit("size_bytes", span.sizeBytes, Unit::ByteCount, Need::Required, "in console");
}

} // namespace simprof
