// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/units.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace simprof {

/// Who holds a piece of a stack.
struct StackHolder {
    enum class Kind : std::uint8_t {
        Function,
        Exception, ///< the registers that an exception pushed
        Outer,     ///< functions further out, too many to be kept
        Unknown,
    };
    Kind kind = Kind::Unknown;
    Address entry = 0; ///< of the function
    bool operator==(const StackHolder&) const = default;
};

/// A piece of a stack: from `sp`, the stack pointer with which its holder began, down to the next inner one.
struct StackMark {
    StackHolder holder;
    Address sp = 0;
    bool operator==(const StackMark&) const = default;
};

/// The deepest use of a stack and the functions in progress then, innermost first; the last one begins at `top`.
struct StackPath {
    static constexpr std::size_t kMostMarks = 120;

    Address top = 0;
    Address lowest = 0;
    Cycles at = 0;
    std::vector<StackMark> marks;

    Bytes bytes() const { return top - lowest; }
    bool operator==(const StackPath&) const = default;
};

/// Puts a path together from the frames in progress, innermost first. Frames on another stack hold nothing of this one.
class StackPathBuilder {
public:
    StackPathBuilder(Address top, Address lowest, Cycles at)
        : m_path{top, lowest, at, {}}
        , m_innerSp(lowest) {}
    /// Whether more of them are wanted.
    bool add(StackHolder holder, Address sp);
    /// What is left up to the top belongs to the next outer frame, which changed over to this stack.
    StackPath finish();

private:
    StackPath m_path;
    Address m_innerSp;
    std::optional<StackHolder> m_passed; ///< the first frame on another stack behind the last mark
};

} // namespace simprof
