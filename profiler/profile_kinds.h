// SPDX-License-Identifier: GPL-2.0-or-later
/// The closed sets of the profile, each with its one table of names: the writer, the reader and the schema follow it.
#pragma once
#include "sim_core/names.h"
#include "sim_core/power_state.h"

#include <array>
#include <cstdint>
#include <span>

namespace simprof {

/// What a block of memory is for.
enum class TensorKind : std::uint8_t {
    Tensor,
    Scratch,
    Persistent,
    Input,
    Output,
    State, ///< keeps its values from one inference to the next
};
inline constexpr std::array<NameRow<TensorKind>, 6> kTensorKinds = {{{TensorKind::Tensor, "tensor"},
                                                                     {TensorKind::Scratch, "scratch"},
                                                                     {TensorKind::Persistent, "persistent"},
                                                                     {TensorKind::Input, "input"},
                                                                     {TensorKind::Output, "output"},
                                                                     {TensorKind::State, "state"}}};
/// Whether such a block is no part of what is live in one inference only.
constexpr bool outlivesInferences(TensorKind kind) {
    return kind == TensorKind::Persistent || kind == TensorKind::State;
}
constexpr std::span<const NameRow<TensorKind>> namesOf(TensorKind) { return kTensorKinds; }

/// What SRAM is used for.
enum class SramUse : std::uint8_t { Tensors, Scratch, PersistentArena, Stack, Heap, StaticData, Untouched };
inline constexpr std::array<NameRow<SramUse>, 7> kSramUses = {{{SramUse::Tensors, "tensors"},
                                                               {SramUse::Scratch, "scratch"},
                                                               {SramUse::PersistentArena, "persistent arena"},
                                                               {SramUse::Stack, "stack"},
                                                               {SramUse::Heap, "heap"},
                                                               {SramUse::StaticData, "static data"},
                                                               {SramUse::Untouched, "untouched"}}};
constexpr std::span<const NameRow<SramUse>> namesOf(SramUse) { return kSramUses; }

/// What a PeripheralNote notes.
enum class NoteKind : std::uint8_t { Unmodelled, PollSatisfied, Event };
inline constexpr std::array<NameRow<NoteKind>, 3> kNoteKinds = {
    {{NoteKind::Unmodelled, "unmodelled"}, {NoteKind::PollSatisfied, "poll satisfied"}, {NoteKind::Event, "event"}}};
constexpr std::span<const NameRow<NoteKind>> namesOf(NoteKind) { return kNoteKinds; }

/// What a run did with a network that the image holds.
enum class NetworkState : std::uint8_t {
    Ran,
    Prepared, ///< the runtime placed its tensors, and no inference came
    Unplaced, ///< the runtime called its operators' preparation, and gave its tensors no place
    Unused,
};
inline constexpr std::array<NameRow<NetworkState>, 4> kNetworkStates = {{{NetworkState::Ran, "ran"},
                                                                         {NetworkState::Prepared, "prepared"},
                                                                         {NetworkState::Unplaced, "unplaced"},
                                                                         {NetworkState::Unused, "unused"}}};
constexpr std::span<const NameRow<NetworkState>> namesOf(NetworkState) { return kNetworkStates; }

/// How sure it is that what was recognised is a network, and runs the layers that are shown.
enum class Confidence : std::uint8_t {
    Unknown,  ///< nothing was recognised, or an older simprof does not say
    Certain,  ///< the runtime's own records name the operators
    High,     ///< the data that its calls read and write shows layers beyond doubt
    Moderate, ///< the data allows it
    Stated,   ///< the user names the function
};
inline constexpr std::array<NameRow<Confidence>, 5> kConfidences = {{{Confidence::Unknown, "unknown"},
                                                                     {Confidence::Certain, "certain"},
                                                                     {Confidence::High, "high"},
                                                                     {Confidence::Moderate, "moderate"},
                                                                     {Confidence::Stated, "stated"}}};
constexpr std::span<const NameRow<Confidence>> namesOf(Confidence) { return kConfidences; }

/// What says how many multiply-accumulates a layer makes.
enum class MacSource : std::uint8_t {
    Network,      ///< its description
    Instructions, ///< those that multiply and accumulate, counted: addresses and scaling may add a few
};
inline constexpr std::array<NameRow<MacSource>, 2> kMacSources = {
    {{MacSource::Network, "network"}, {MacSource::Instructions, "instructions"}}};
constexpr std::span<const NameRow<MacSource>> namesOf(MacSource) { return kMacSources; }

/// What says how much of an arena is needed.
enum class ArenaSource : std::uint8_t {
    Allocator, ///< the runtime's own count
    Extent,    ///< of what layers used: at least as much
};
inline constexpr std::array<NameRow<ArenaSource>, 2> kArenaSources = {
    {{ArenaSource::Allocator, "allocator"}, {ArenaSource::Extent, "extent"}}};
constexpr std::span<const NameRow<ArenaSource>> namesOf(ArenaSource) { return kArenaSources; }

/// How much a finding matters, most first.
enum class Severity : std::uint8_t {
    Error,   ///< the run or the firmware is wrong
    Warning, ///< figures need care, or something is near its limit
    Advice,  ///< what to attack first
    Note,    ///< worth knowing
    Basis,   ///< what a kind of figure rests on
};
inline constexpr std::array<NameRow<Severity>, 5> kSeverities = {{{Severity::Error, "error"},
                                                                  {Severity::Warning, "warning"},
                                                                  {Severity::Advice, "advice"},
                                                                  {Severity::Note, "note"},
                                                                  {Severity::Basis, "basis"}}};
constexpr std::span<const NameRow<Severity>> namesOf(Severity) { return kSeverities; }

} // namespace simprof
