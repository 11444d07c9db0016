// SPDX-License-Identifier: GPL-2.0-or-later
/// The one list (with profile_fields_memory.h and profile_fields_code.h) of the profile's keys, in file order, each
/// with its unit, whether it has to be there, and what it says. The writer, the reader, the published JSON schema and
/// the tables of docs/PROFILE.md follow it. A key that is added later is Need::Optional, so that older profiles of the
/// same schema still read.
#pragma once
#include "profiler/fields/field.h"
#include "profiler/profile.h"
#include "profiler/profile_fields_code.h"
#include "profiler/profile_fields_memory.h"

namespace simprof {

template<>
inline constexpr Structure kStructure<ProfileTool>{"tool", "What wrote the profile."};
template<class Visitor, Is<ProfileTool> T>
void fieldsOf(Visitor& visit, T& tool) {
    visit("version", tool.version, Unit::None, Need::Required, "of simprof");
}

template<>
inline constexpr Structure kStructure<ProfileFirmware>{"firmware", "What ran."};
template<class Visitor, Is<ProfileFirmware> T>
void fieldsOf(Visitor& visit, T& firmware) {
    visit("name", firmware.name, Unit::None, Need::Required, "file name without folders");
    visit("sha256", firmware.sha256, Unit::None, Need::Required, "of the file, lower-case hexadecimal");
    visit("format", firmware.format, Unit::None, Need::Required, "how the file is written");
    visit("entry", firmware.entry, Unit::Location, Need::Required, "reset handler");
    visit("changed", firmware.changed, Unit::None, Need::Optional, "what did not run as in the file; empty: all did");
}

template<>
inline constexpr Structure kStructure<SupplyFigures>{"supply_figures",
                                                     "Voltage and currents of a supply configuration."};
template<class Visitor, Is<SupplyFigures> T>
void fieldsOf(Visitor& visit, T& figures) {
    visit("volts", figures.volts, Unit::None, Need::Required, "supply voltage");
    visit("run_microamp_per_mhz", figures.runMicroampPerMhz, Unit::None, Need::Required,
          "running; times the core clock");
    visit("run_microamp", figures.runMicroamp, Unit::None, Need::Required, "added while running, whatever the clock");
    visit("sleep_microamp_per_mhz", figures.sleepMicroampPerMhz, Unit::None, Need::Required,
          "asleep; times the core clock; null: unknown");
    visit("stop_microamp", figures.stopMicroamp, Unit::None, Need::Required, "in stop mode; null: unknown");
    visit("source", figures.source, Unit::None, Need::Required, "document, table, conditions");
}

template<>
inline constexpr Structure kStructure<ProfileBoard>{"board", "What it ran on."};
template<class Visitor, Is<ProfileBoard> T>
void fieldsOf(Visitor& visit, T& board) {
    visit("name", board.name, Unit::None, Need::Required, "as on the command line");
    visit("mcu", board.mcu, Unit::None, Need::Required, "microcontroller");
    visit("core", board.core, Unit::None, Need::Required, "processor core");
    visit("clock_hz", board.clockHz, Unit::Frequency, Need::Required, "core clock during the inferences");
    visit("why", board.why, Unit::None, Need::Required, "how the board was chosen");
    visit("supply", board.supply, Unit::None, Need::Required, "supply configuration the energy assumes");
    visit("assumptions", board.assumptions, Unit::None, Need::Required,
          "clock, wait states, caches as programmed, and what was guessed");
    visit("max_clock_hz", board.maxClockHz, Unit::Frequency, Need::Optional,
          "highest core clock of the microcontroller; 0: not known");
    visit("supply_figures", board.supplyFigures, Unit::None, Need::Optional,
          "voltage and currents of the supply; null when no current is known");
    visit("guess", board.guess, Unit::None, Need::Optional,
          "when the board is a guess among boards that fit as well: the sentence that names them; else empty");
}

template<>
inline constexpr Structure kStructure<WhatIfChange>{"what_if_change", "One change that the run was timed with."};
template<class Visitor, Is<WhatIfChange> T>
void fieldsOf(Visitor& visit, T& change) {
    visit("asked", change.asked, Unit::None, Need::Required, "as on the command line");
    visit("what", change.what, Unit::None, Need::Required, "what that meant for this firmware");
    visit("bytes", change.bytes, Unit::ByteCount, Need::Required, "of the memory where it was placed");
    visit("memory", change.memory, Unit::None, Need::Required, "that memory; empty for a setting");
}

template<>
inline constexpr Structure kStructure<ProfileWhatIf>{
    "what_if", "The run was timed as if something were otherwise; what the firmware did is the same."};
template<class Visitor, Is<ProfileWhatIf> T>
void fieldsOf(Visitor& visit, T& whatIf) {
    visit("changes", whatIf.changes, Unit::None, Need::Required, "in the order of the command line");
    visit("plain_cycles", whatIf.plainCycles, Unit::CycleCount, Need::Required, "of the run as it is");
    visit("plain_time_us", whatIf.plainTimeUs, Unit::Microseconds, Need::Required, "time of the run as it is");
}

template<>
inline constexpr Structure kStructure<ProfileFault>{"fault", "The fault as silicon reports it."};
template<class Visitor, Is<ProfileFault> T>
void fieldsOf(Visitor& visit, T& fault) {
    visit("exception", fault.exception, Unit::None, Need::Required,
          "HardFault, UsageFault, BusFault, MemManage or Lockup");
    visit("what", fault.what, Unit::None, Need::Required, "one sentence");
    visit("status", fault.status, Unit::None, Need::Required, "names of the status bits set, such as CFSR.UNALIGNED");
    visit("cfsr", fault.cfsr, Unit::None, Need::Required, "SCB_CFSR");
    visit("hfsr", fault.hfsr, Unit::None, Need::Required, "SCB_HFSR");
    visit("address", fault.address, Unit::Location, Need::Required, "BFAR or MMFAR when valid");
    visit("pc", fault.pc, Unit::Location, Need::Required, "faulting instruction, as stacked");
    visit("registers", fault.registers, Unit::None, Need::Required, "R0 to R12, SP, LR, PC, xPSR at the fault");
    visit("call_stack", fault.callStack, Unit::None, Need::Required, "function+offset (file:line), innermost first");
}

template<>
inline constexpr Structure kStructure<ProfileHalt>{"halt", "Why the run ended."};
template<class Visitor, Is<ProfileHalt> T>
void fieldsOf(Visitor& visit, T& halt) {
    visit("reason", halt.reason, Unit::None, Need::Required, "kind of end");
    visit("what", halt.what, Unit::None, Need::Required, "one sentence");
    visit("pc", halt.pc, Unit::Location, Need::Required, "where");
    visit("exit_code", halt.exitCode, Unit::None, Need::Required, "the firmware's own, when it exited");
    visit("fault", halt.fault, Unit::None, Need::Required, "the fault nobody recovered from");
    visit("call_stack", halt.callStack, Unit::None, Need::Optional,
          "where it waits for ever: function+offset (file:line), innermost first");
}

template<>
inline constexpr Structure kStructure<ProfileTotals>{"totals", "Sums over the whole run."};
template<class Visitor, Is<ProfileTotals> T>
void fieldsOf(Visitor& visit, T& totals) {
    visit("instructions", totals.instructions, Unit::None, Need::Required, "instructions");
    visit("cycles", totals.cycles, Unit::CycleCount, Need::Required,
          "exactly the sum of layers[].cycles and owners[].cycles");
    visit("time_us", totals.timeUs, Unit::Microseconds, Need::Required, "time");
    visit("energy_uj", totals.energyUj, Unit::Microjoules, Need::Required, "energy");
    visit("energy_band_percent", totals.energyBandPercent, Unit::Percent, Need::Required,
          "the energy figures are right to plus or minus this");
    visit("attributed_percent", totals.attributedPercent, Unit::Percent, Need::Required,
          "share of the cycles inside inferences that a layer owns");
    visit("stalls", totals.stalls, Unit::CycleCount, Need::Required, "cycles by reason");
    visit("code", totals.code, Unit::None, Need::Optional, "what kind of code took them");
    visit("energy_low_uj", totals.energyLowUj, Unit::Microjoules, Need::IfAny,
          "lower end of the band; energy_uj leaves out states whose current is unknown (power_states)");
    visit("energy_high_uj", totals.energyHighUj, Unit::Microjoules, Need::IfAny,
          "upper end; missing: no bound is known");
}

template<>
inline constexpr Structure kStructure<Owner>{"owner", "Cycles that belong to no layer."};
template<class Visitor, Is<Owner> T>
void fieldsOf(Visitor& visit, T& owner) {
    visit("name", owner.name, Unit::None, Need::Required,
          "in brackets: [start-up], [between inferences], [features], [interrupt NAME], [sleep], [unattributed]");
    visit("cycles", owner.cycles, Unit::CycleCount, Need::Required, "cycles");
    visit("instructions", owner.instructions, Unit::None, Need::Required, "instructions");
    visit("time_us", owner.timeUs, Unit::Microseconds, Need::Required, "time");
    visit("energy_uj", owner.energyUj, Unit::Microjoules, Need::Required, "energy");
    visit("stalls", owner.stalls, Unit::CycleCount, Need::Required, "cycles by reason");
    visit("functions", owner.functions, Unit::None, Need::Optional,
          "of [features]: signal processing in front of a network, what took most first; of others empty");
}

template<>
inline constexpr Structure kStructure<ProfileNetwork>{"network", "How the network was found."};
template<class Visitor, Is<ProfileNetwork> T>
void fieldsOf(Visitor& visit, T& network) {
    visit("recogniser", network.recogniser, Unit::None, Need::Required, "tflm, spine or none");
    visit("why", network.why, Unit::None, Need::Required, "how it was recognised, or why not");
    visit("source", network.source, Unit::None, Need::Required, "where it was found");
    visit("name", network.name, Unit::None, Need::Required, "the network's own name");
    visit("operators", network.operators, Unit::None, Need::Required, "number of operators");
    visit("model", network.model, Unit::None, Need::Optional,
          "what became of the model that the user gave; empty when none was given");
    visit("state", network.state, Unit::None, Need::Optional, "what the run did with it");
    visit("inferences", network.inferences, Unit::None, Need::Optional, "how often it ran");
    visit("cycles", network.cycles, Unit::CycleCount, Need::Optional, "of its layers");
    visit("confidence", network.confidence, Unit::None, Need::Optional, "how sure it is; why says what shows it");
    visit("shortage", network.shortage, Unit::None, Need::Optional,
          "of one that was not placed: what its tensors need and had; else empty");
    visit("missing_bytes", network.missingBytes, Unit::ByteCount, Need::Optional,
          "of one that was not placed: by how much its arena is too small at least; 0: not, or not known");
}

template<>
inline constexpr Structure kStructure<LayerInfo>{"layer", "A node of the network; sums are over all inferences."};
template<class Visitor, Is<LayerInfo> T>
void fieldsOf(Visitor& visit, T& layer) {
    visit("id", layer.id, Unit::Index, Need::Required, "position in this list");
    visit("name", layer.name, Unit::None, Need::Required, "of its output tensor, or of the function called");
    visit("op", layer.op, Unit::None, Need::Required, "operator, such as CONV_2D; empty when unknown");
    visit("inputs", layer.inputs, Unit::None, Need::Required, "tensor names");
    visit("outputs", layer.outputs, Unit::None, Need::Required, "tensor names");
    visit("shape", layer.shape, Unit::None, Need::Required, "of the first output");
    visit("macs", layer.macs, Unit::None, Need::Required, "multiply-accumulates of one inference");
    visit("kernel", layer.kernel, Unit::None, Need::Required, "function that did most of the work");
    visit("calls", layer.calls, Unit::None, Need::Required, "runs over all inferences");
    visit("instructions", layer.instructions, Unit::None, Need::Required, "instructions");
    visit("cycles", layer.cycles, Unit::CycleCount, Need::Required, "core cycles");
    visit("time_us", layer.timeUs, Unit::Microseconds, Need::Required, "time");
    visit("stalls", layer.stalls, Unit::CycleCount, Need::Required, "cycles by reason");
    visit("macs_per_cycle", layer.macsPerCycle, Unit::None, Need::Required, "macs times calls by cycles");
    visit("sram_peak_bytes", layer.sramPeakBytes, Unit::ByteCount, Need::Required,
          "most of the arena that is live while it runs");
    visit("scratch_bytes", layer.scratchBytes, Unit::ByteCount, Need::Required,
          "written and read by it, and read by no other layer");
    visit("flash_read_bytes", layer.flashReadBytes, Unit::ByteCount, Need::Required, "data read from flash");
    visit("sram_read_bytes", layer.sramReadBytes, Unit::ByteCount, Need::Required, "data read from SRAM");
    visit("sram_write_bytes", layer.sramWriteBytes, Unit::ByteCount, Need::Required, "data written to SRAM");
    visit("energy_uj", layer.energyUj, Unit::Microjoules, Need::Required, "energy");
    visit("network", layer.network, Unit::Index, Need::Optional, "in networks");
    visit("body_of", layer.bodyOf, Unit::IndexOrNone, Need::Optional,
          "the layer that runs it, an IF, WHILE or CALL_ONCE; -1: the network itself");
    visit("macs_by", layer.macsBy, Unit::None, Need::Optional, "what says how many macs it makes");
    visit("stack_bytes", layer.stackBytes, Unit::ByteCount, Need::Optional,
          "deepest use of the stack from its call on, handlers not counted");
    visit("stack_frames", layer.stackFrames, Unit::None, Need::Optional,
          "who held it then, outermost first; their sum is stack_bytes");
}

template<>
inline constexpr Structure kStructure<Span>{"span", "One run of a layer."};
template<class Visitor, Is<Span> T>
void fieldsOf(Visitor& visit, T& span) {
    visit("layer", span.layer, Unit::IndexOrNone, Need::Required, "in layers; -1: none");
    visit("start_cycle", span.startCycle, Unit::Cycle, Need::Required, "start");
    visit("cycles", span.cycles, Unit::CycleCount, Need::Required, "taken, interrupts in between not counted");
}

template<>
inline constexpr Structure kStructure<Inference>{"inference", "One run of the network."};
template<class Visitor, Is<Inference> T>
void fieldsOf(Visitor& visit, T& inference) {
    visit("index", inference.index, Unit::Index, Need::Required, "from 0");
    visit("start_cycle", inference.startCycle, Unit::Cycle, Need::Required, "start");
    visit("cycles", inference.cycles, Unit::CycleCount, Need::Required, "cycles");
    visit("energy_uj", inference.energyUj, Unit::Microjoules, Need::Required, "energy");
    visit("spans", inference.spans, Unit::None, Need::Required, "in order of time");
    visit("network", inference.network, Unit::Index, Need::Optional, "in networks");
}

template<>
inline constexpr Structure kStructure<Savings>{"savings",
                                               "What a change would save in an inference; 0: nothing, or not known."};
template<class Visitor, Is<Savings> T>
void fieldsOf(Visitor& visit, T& savings) {
    visit("cycles", savings.cycles, Unit::CycleCount, Need::Required, "cycles");
    visit("time_us", savings.timeUs, Unit::Microseconds, Need::Required, "time");
    visit("energy_uj", savings.energyUj, Unit::Microjoules, Need::Required, "energy");
    visit("bytes", savings.bytes, Unit::ByteCount, Need::Required, "of SRAM");
}

template<>
inline constexpr Structure kStructure<Finding>{"finding", "One thing to know or to change."};
template<class Visitor, Is<Finding> T>
void fieldsOf(Visitor& visit, T& finding) {
    visit("title", finding.title, Unit::None, Need::Required, "a few words");
    visit("target", finding.target, Unit::None, Need::Required,
          "what it is about: layer 3, function main, arena, stack, run, network, peripherals");
    visit("severity", finding.severity, Unit::None, Need::Required,
          "how much it matters; basis: what a kind of figure rests on");
    visit("text", finding.text, Unit::None, Need::Required, "whole sentences");
    visit("saves", finding.saves, Unit::None, Need::Optional, "null when not known");
    visit("cost", finding.cost, Unit::None, Need::Optional, "what the change takes; may be empty");
    visit("how", finding.how, Unit::None, Need::Optional, "how to make the change; may be empty");
    visit("proof", finding.proof, Unit::None, Need::Optional, "what shows that it holds; may be empty");
}

template<>
inline constexpr Structure kStructure<UnwatchedText>{"unwatched", "Text that the firmware sent where nobody watched."};
template<class Visitor, Is<UnwatchedText> T>
void fieldsOf(Visitor& visit, T& text) {
    visit("channel", text.channel, Unit::None, Need::Required, "UART, ITM port or RTT buffer, such as USART2");
    visit("bytes", text.bytes, Unit::ByteCount, Need::Required, "how much");
    visit("first_line", text.firstLine, Unit::None, Need::Required, "its first 80 characters");
    visit("option", text.option, Unit::None, Need::Required, "of a run that shows it");
}

template<>
inline constexpr Structure kStructure<LeftOut>{"left_out", "Records of one kind that are missing."};
template<class Visitor, Is<LeftOut> T>
void fieldsOf(Visitor& visit, T& leftOut) {
    visit("what", leftOut.what, Unit::None, Need::Required, "in the plural");
    visit("count", leftOut.count, Unit::None, Need::Required, "how many are missing");
}

/// Everything below "schema", which names the format and is read before the rest.
template<>
inline constexpr Structure kStructure<Profile>{
    "profile", "What simprof measured of one run. Keys may be added, so readers ignore what they do not know. "
               "layers[].cycles plus owners[].cycles equal totals.cycles exactly."};
template<class Visitor, Is<Profile> T>
void fieldsOf(Visitor& visit, T& profile) {
    visit("tool", profile.tool, Unit::None, Need::Required, "what wrote the profile");
    visit("firmware", profile.firmware, Unit::None, Need::Required, "what ran");
    visit("board", profile.board, Unit::None, Need::Required, "what it ran on");
    visit("what_if", profile.whatIf, Unit::None, Need::IfAny,
          "only in a what-if: the run was timed as if something were otherwise");
    visit("halt", profile.halt, Unit::None, Need::Required, "why the run ended");
    visit("totals", profile.totals, Unit::None, Need::Required, "sums over the whole run");
    visit("owners", profile.owners, Unit::None, Need::Required, "everything that is no layer");
    visit("network", profile.network, Unit::None, Need::Required, "the first of networks, or why none was recognised");
    visit("networks", profile.networks, Unit::None, Need::Optional,
          "by first inference; then those that the image holds and that did not run");
    visit("layers", profile.layers, Unit::None, Need::Required, "by network, then in its order");
    visit("inferences", profile.inferences, Unit::None, Need::Required, "in order of time");
    visit("memory", profile.memory, Unit::None, Need::Required, "where every byte of SRAM went");
    visit("functions", profile.functions, Unit::None, Need::Required, "sorted by cycles of their own, most first");
    visit("call_tree", profile.callTree, Unit::None, Need::Required, "dynamic call tree");
    visit("call_spans", profile.callSpans, Unit::None, Need::Required,
          "sorted by start; the longest, fewer than 200000, of equal ones the first; left_out counts the others");
    visit("instructions", profile.instructions, Unit::None, Need::Required, "on demand, else empty");
    visit("exceptions", profile.exceptions, Unit::None, Need::Required, "sorted by number");
    visit("exception_spans", profile.exceptionSpans, Unit::None, Need::Required, "sorted by start");
    visit("peripherals", profile.peripherals, Unit::None, Need::Required,
          "registers that are not modelled, and polls that were satisfied");
    visit("power", profile.power, Unit::None, Need::Required, "power over time");
    visit("power_states", profile.powerStates, Unit::None, Need::Optional,
          "by state: those of the run, longest first; then those it could enter");
    visit("clocks", profile.clocks, Unit::None, Need::Required, "core clock over time");
    visit("console", profile.console, Unit::None, Need::Required, "what the firmware printed");
    visit("prints", profile.prints, Unit::None, Need::Optional, "when the firmware printed that, in order");
    visit("unwatched", profile.unwatched, Unit::None, Need::Optional, "text sent where nobody watched, by channel");
    visit("threads", profile.threads, Unit::None, Need::Optional,
          "threads of an RTOS that is known by its symbols, most cycles first");
    visit("thread_spans", profile.threadSpans, Unit::None, Need::Optional, "sorted by start; the first 20000");
    visit("left_out", profile.leftOut, Unit::None, Need::Optional, "what came too often to be kept");
    visit("findings", profile.findings, Unit::None, Need::Optional,
          "what to know and what to change, most severe first");
}

} // namespace simprof
