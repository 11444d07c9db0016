// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/access.h"
#include "sim_core/units.h"

#include <cstddef>
#include <vector>

namespace simprof {

/// The accesses of the running block, shared by Cpu and whoever fills it.
class AccessBuffer {
public:
    AccessBuffer()
        : m_room(std::size_t{4} * kMostInBlock) {
        m_ownCursor = m_room.data();
    }
    AccessBuffer(const AccessBuffer&) = delete;
    AccessBuffer& operator=(const AccessBuffer&) = delete;

    const Access* begin() const { return m_room.data(); }
    const Access* end() const { return static_cast<const Access*>(*m_cursor); }
    /// Forgets all but the first `count`.
    void keep(std::size_t count) { *m_cursor = m_room.data() + count; }
    void add(const Access& access) {
        auto* const next = static_cast<Access*>(*m_cursor);
        *next = access;
        *m_cursor = next + 1;
    }
    /// A block begins: whatever it does finds room.
    void makeRoom(Address begin) {
        blockBegin = begin;
        if (end() > m_room.data() + m_room.size() - kMostInBlock - kAccessStep) {
            keep(0);
        }
    }
    /// From now on `cursor` is where the place of the next Access is kept; it gets the place in force.
    void moveCursor(void*& cursor) {
        cursor = *m_cursor;
        m_cursor = &cursor;
    }

    bool aligned = true;    ///< all of them are naturally aligned
    Address blockBegin = 0; ///< of the running block

private:
    /// A block has at most 1 KiB of code, with at most 32 transfers in 4 bytes.
    static constexpr std::size_t kMostInBlock = 8192;
    std::vector<Access> m_room;
    void* m_ownCursor = nullptr;
    void** m_cursor = &m_ownCursor;
};

} // namespace simprof
