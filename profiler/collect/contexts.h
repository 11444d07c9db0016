// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/frame.h"
#include "profiler/collect/stack_path.h"

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace simprof {

/// Number of a thread's call stack; numbers of threads that will not run again are used anew.
using ThreadId = std::uint32_t;

/// Where handlers interrupted what ran, and the threads that wait. A thread is known by the stack pointer and the
/// address with which it goes on.
class Contexts {
public:
    explicit Contexts(const Ledger& ledger)
        : m_ledger(ledger) {}

    /// A handler begins at `start`; `frames` are those that it interrupts, and its own from then on. With `sp` 0 it
    /// follows another handler at once.
    void enter(RowId handler, Address returnAddress, Address sp, Cycles start, FrameStack& frames);
    /// How a handler was left.
    struct Left {
        Cycles entered = 0;
        ThreadId thread = 0;     ///< that ran last
        bool toThread = false;   ///< Thread mode goes on
        bool isNew = false;      ///< in a thread that was not seen before
        bool behindCall = false; ///< the thread goes on behind a call of its own, as behind a system call that ends for
                                 ///< the function that made it
    };
    /// The newest handler returns to `returnAddress` with stack pointer `sp`, or another one follows at once; nothing
    /// when none was entered.
    std::optional<Left> leave(Address sp, Address returnAddress, bool tailChained, FrameStack& frames);
    /// Ends the innermost handler without a return: its row and when it was entered.
    std::optional<std::pair<RowId, Cycles>> abandon(FrameStack& frames);

    std::optional<RowId> handler() const {
        return m_suspended.empty() ? std::nullopt : std::optional(m_suspended.back().handler);
    }
    /// The thread that runs; nothing in a handler.
    std::optional<ThreadId> thread() const { return m_suspended.empty() ? std::optional(m_thread) : std::nullopt; }
    /// Is a layer of this network in progress in a thread that waits?
    bool layerWaits(std::int32_t network) const;
    /// Adds where interrupted functions go on and the return addresses of their callers, innermost first.
    void addOpenCalls(std::vector<Address>& calls) const;
    /// Adds the frames of interrupted functions and those of the exceptions, innermost first.
    void addStackMarks(StackPathBuilder& builder) const;

private:
    /// A handler and what it interrupted.
    struct Suspended {
        RowId handler = kNoRow;
        Address sp = 0;
        Address returnAddress = 0;
        Cycles start = 0; ///< of the handler
        FrameStack frames;
    };
    struct Waiting {
        FrameStack frames;
        ThreadId thread = 0;
    };
    using WaitingThreads = std::map<std::pair<Address, Address>, Waiting>;

    void turnAround(FrameStack& frames) const;
    void switchThread(Suspended& left, Address sp, Address returnAddress, FrameStack& frames, Left& how);
    WaitingThreads::iterator waitingAt(Address sp, Address returnAddress, bool& whereItWas);
    void limitWaiting(WaitingThreads::iterator newest);
    ThreadId newThread();

    const Ledger& m_ledger;
    std::vector<Suspended> m_suspended; ///< innermost last
    WaitingThreads m_waiting;           ///< by stack pointer and the address where they go on
    ThreadId m_thread = 0;              ///< that runs or was interrupted
    ThreadId m_threads = 1;             ///< numbers in use
    std::vector<ThreadId> m_freeThreads;
};

/// Adds the return addresses of functions in progress, innermost first.
void addReturnAddresses(const FrameStack& frames, std::vector<Address>& calls);

/// Adds functions in progress, innermost first: whether more are wanted.
bool addStackMarks(const FrameStack& frames, StackPathBuilder& builder);

/// Is a layer of this network in progress?
bool layerIsOpen(const FrameStack& frames, const Ledger& ledger, std::int32_t network);

} // namespace simprof
