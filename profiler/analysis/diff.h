// SPDX-License-Identifier: GPL-2.0-or-later
/// What changed between two profiles, layer by layer.
#pragma once
#include "profiler/profile.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace simprof {

/// An amount before and after.
template<class T>
struct Change {
    T base{};
    T now{};

    bool isNone() const { return base == now; }
    /// now - base; exact for whole numbers below 2^63.
    auto difference() const {
        if constexpr (std::is_same_v<T, double>) {
            return now - base;
        } else {
            return static_cast<std::int64_t>(now - base);
        }
    }
    /// The difference in percent of base; 100 when there was nothing before.
    double percent() const {
        if (isNone()) {
            return 0;
        }
        return base > T{} ? 100.0 * static_cast<double>(difference()) / static_cast<double>(base) : 100.0;
    }
};

/// A name with its cycles before and after: an owner or a function.
struct NamedChange {
    std::string name;
    Change<Cycles> cycles;
};

/// A layer of either profile or of both.
struct LayerChange {
    std::optional<std::size_t> base; ///< index into the base's layers
    std::optional<std::size_t> now;
    std::string op;
    std::string name;
    Change<Cycles> cycles;
    Change<std::uint64_t> instructions;
    Change<Bytes> sramPeakBytes;
    Change<Bytes> scratchBytes;
    Change<double> energyUj;
    std::array<std::int64_t, kStallCount> stalls{}; ///< difference by reason
    std::vector<NamedChange> functions;             ///< that ran for it and changed, largest change first
    std::string moved;                              ///< in words; "" when nothing did

    /// "layer 3 CONV_2D conv2d_1/Relu".
    std::string title() const;
};

/// A size of memory before and after, by the name it has in reports and gates.
struct MemoryChange {
    std::string key;   ///< "arena_used_bytes"
    std::string title; ///< "arena used"
    Change<Bytes> bytes;
    std::string network{}; ///< whose it is, where several networks ran; else ""
};

struct ProfileDiff {
    std::vector<std::string> differences; ///< why the two are not like for like, one sentence each; see unlikeness
    Change<Cycles> cycles;
    Change<std::uint64_t> instructions;
    Change<double> timeUs;
    Change<double> energyUj;
    std::vector<LayerChange> layers; ///< in the order of the new profile; removed ones behind it
    std::vector<NamedChange> owners;
    std::vector<NamedChange> functions; ///< all that changed, by cycles of their own, largest change first
    std::vector<MemoryChange> memory;

    bool isNone() const; ///< nothing that a gate looks at changed
};

/// Compares two profiles; layers are matched by network, operator and name, then by position.
ProfileDiff diffProfiles(const Profile& base, const Profile& now);

/// Why numbers of the two cannot be compared one to one: board, core, clock, supply, network, inferences. Empty when
/// they can.
std::vector<std::string> unlikeness(const Profile& base, const Profile& now);

} // namespace simprof
