// SPDX-License-Identifier: GPL-2.0-or-later
// Reads FlatBuffers in place: a model in flash is used where it lies, nothing is copied or unpacked.
#pragma once

#include <cstddef>
#include <cstdint>

namespace simprof::runtime {

/// Reads one scalar from `address`, which FlatBuffers aligns to the scalar's size.
template<typename T>
inline T loadScalar(const std::uint8_t* address) {
    using Aliased [[gnu::may_alias]] = T;
    return *reinterpret_cast<const Aliased*>(address);
}

/// A vector of 32-bit integers as FlatBuffers lays it out: its length, then the elements.
struct [[gnu::may_alias]] IntArray {
    std::int32_t size;
    std::int32_t data[1];
};

/// A vector of scalars or of offsets to tables; an absent vector is empty.
class FlatVector {
public:
    FlatVector() = default;
    explicit FlatVector(const std::uint8_t* start)
        : m_start(start) {}

    std::int32_t size() const { return m_start ? loadScalar<std::int32_t>(m_start) : 0; }
    const std::uint8_t* data() const { return m_start ? m_start + 4 : nullptr; }
    /// The vector itself, its length word first; null if absent.
    const IntArray* asIntArray() const { return reinterpret_cast<const IntArray*>(m_start); }
    /// Element `index` of a vector of T.
    template<typename T>
    T at(std::int32_t index) const {
        return loadScalar<T>(m_start + 4 + static_cast<std::size_t>(index) * sizeof(T));
    }
    /// What element `index` of a vector of offsets points to.
    const std::uint8_t* target(std::int32_t index) const {
        const std::uint8_t* element = m_start + 4 + static_cast<std::size_t>(index) * 4;
        return element + loadScalar<std::uint32_t>(element);
    }

private:
    const std::uint8_t* m_start = nullptr;
};

/// A table; fields are named by their position in the schema. An absent table has no fields.
class FlatTable {
public:
    FlatTable() = default;
    explicit FlatTable(const std::uint8_t* start)
        : m_start(start) {}

    const std::uint8_t* address() const { return m_start; }
    bool present() const { return m_start != nullptr; }

    template<typename T>
    T scalar(int field, T absent) const {
        const std::uint8_t* place = find(field);
        return place ? loadScalar<T>(place) : absent;
    }
    FlatTable table(int field) const { return FlatTable(follow(field)); }
    FlatVector vector(int field) const { return FlatVector(follow(field)); }

private:
    const std::uint8_t* find(int field) const {
        if (!m_start) {
            return nullptr;
        }
        const std::uint8_t* vtable = m_start - loadScalar<std::int32_t>(m_start);
        const int slot = 4 + 2 * field;
        if (slot >= loadScalar<std::uint16_t>(vtable)) {
            return nullptr;
        }
        const std::uint16_t offset = loadScalar<std::uint16_t>(vtable + slot);
        return offset ? m_start + offset : nullptr;
    }
    const std::uint8_t* follow(int field) const {
        const std::uint8_t* place = find(field);
        return place ? place + loadScalar<std::uint32_t>(place) : nullptr;
    }

    const std::uint8_t* m_start = nullptr;
};

} // namespace simprof::runtime
