// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/stack_path.h"
#include "sim_core/units.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace simprof {

/// How far a thread's own stack reached down from where the thread began.
struct ThreadStack {
    Address top = 0;
    Address lowest = 0;
    std::shared_ptr<const StackPath> path{}; ///< who held it down to `lowest`; null: not known
    bool inUse = true;                       ///< the thread runs on it, and not on the main stack
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
    /// The stack of the thread that runs holds the frame of an exception from `sp` on: whether that is deeper than
    /// ever.
    bool interrupted(Address sp);
    /// Who holds the stack in use down to where it reached last.
    void hold(StackPath path);
    /// The thread that runs has changed over to the process stack or back to the main stack.
    void changeOver(bool process);
    /// A thread goes on, or a handler.
    void run(std::optional<std::uint32_t> thread) { m_thread = thread; }
    /// A new thread goes on, whose stack begins at `top`, or which runs on the main stack.
    void begin(std::uint32_t thread, std::optional<Address> top);
    /// A layer begins with stack pointer `sp`: the depth.
    Bytes beginLayer(Address sp);

    /// The running thread's own stack, also while it runs on the main stack; nothing when it had none so far.
    std::optional<ThreadStack> own() const {
        return m_thread && *m_thread < m_threads.size() ? m_threads[*m_thread] : std::nullopt;
    }
    /// Of the stack in use.
    Address top() const { return ownStack() != nullptr ? ownStack()->top : m_mainTop; }
    Address lowest() const { return ownStack() != nullptr ? ownStack()->lowest : m_mainLowest; }
    /// Stack pointer when the newest layer was called.
    Address layerTop() const { return m_layerTop; }
    Address mainLowest() const { return m_mainLowest; }
    /// Who held the main stack down to mainLowest(); null: not known.
    const StackPath* mainPath() const { return m_mainPath.get(); }

private:
    /// Null on the main stack.
    const ThreadStack* ownStack() const {
        const bool hasOwn = m_thread && *m_thread < m_threads.size() && m_threads[*m_thread];
        return hasOwn && m_threads[*m_thread]->inUse ? &*m_threads[*m_thread] : nullptr;
    }

    Address m_mainTop;
    Address m_mainLowest = 0xFFFFFFFF;
    std::shared_ptr<const StackPath> m_mainPath;
    std::vector<std::optional<ThreadStack>> m_threads; ///< own stacks by number of the thread
    std::optional<std::uint32_t> m_thread = 0;         ///< that runs; nothing in a handler
    Address m_layerTop = 0;
};

} // namespace simprof
