// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/units.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace simprof {

/// How far a thread's own stack reached down from where the thread began.
struct ThreadStack {
    Address top = 0;
    Address lowest = 0;
    bool operator==(const ThreadStack&) const = default;
};

/// An exception is over and Thread mode goes on, in the same thread or in another one.
struct ThreadSwitch {
    Cycles at = 0;
    std::optional<ThreadStack> left; ///< own stack of the thread that was interrupted
};

/// How deep each stack is: the main stack, which handlers use, and those of threads that have their own.
class StackWatch {
public:
    explicit StackWatch(Address mainTop)
        : m_mainTop(mainTop) {}

    /// Where the main stack begins: what the vector table said at the last reset.
    void setMainTop(Address top) { m_mainTop = top; }
    /// Is `sp` below all that the stack in use has reached?
    bool isDeeper(Address sp) const {
        const ThreadStack* own = ownStack();
        return sp < (own != nullptr ? own->lowest : m_mainLowest);
    }
    /// The stack in use reaches down to `sp`. `process`: the thread that runs has changed over to the process stack,
    /// which begins there unless it is known.
    void reach(Address sp, bool process);
    /// The stack of the thread that runs holds the frame of an exception from `sp` on.
    void interrupted(Address sp);
    /// A thread goes on, or a handler.
    void run(std::optional<std::uint32_t> thread) { m_thread = thread; }
    /// A new thread goes on, whose stack begins at `top`, or which runs on the main stack.
    void begin(std::uint32_t thread, std::optional<Address> top);
    /// A layer begins with stack pointer `sp`: the depth.
    Bytes beginLayer(Address sp);

    /// The thread's own stack; nothing on the main stack.
    std::optional<ThreadStack> own() const {
        const ThreadStack* stack = ownStack();
        return stack != nullptr ? std::optional(*stack) : std::nullopt;
    }
    /// Of the stack in use.
    Address top() const { return ownStack() != nullptr ? ownStack()->top : m_mainTop; }
    Address lowest() const { return ownStack() != nullptr ? ownStack()->lowest : m_mainLowest; }
    /// Stack pointer when the newest layer was called.
    Address layerTop() const { return m_layerTop; }
    Address mainLowest() const { return m_mainLowest; }

private:
    const ThreadStack* ownStack() const {
        return m_thread && *m_thread < m_threads.size() && m_threads[*m_thread] ? &*m_threads[*m_thread] : nullptr;
    }

    Address m_mainTop;
    Address m_mainLowest = 0xFFFFFFFF;
    std::vector<std::optional<ThreadStack>> m_threads; ///< own stacks by number of the thread
    std::optional<std::uint32_t> m_thread = 0;         ///< that runs; nothing in a handler
    Address m_layerTop = 0;
};

} // namespace simprof
