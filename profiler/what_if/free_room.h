// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/units.h"

#include <optional>
#include <vector>

namespace simprof {

/// Addresses that the firmware does not use, and that nothing was placed at yet.
class FreeRoom {
public:
    /// What is placed keeps its address modulo this: a cache line, and more than any flash word's share of one.
    static constexpr std::uint32_t kModulo = 32;

    explicit FreeRoom(std::vector<AddressRange> used);

    /// The lowest address in `memory` where so many bytes, that lie at `from` now, are free; takes them.
    std::optional<Address> take(const AddressRange& memory, const AddressRange& from);
    /// Bytes of `memory` that are free, and the most of them in one piece.
    Bytes free(const AddressRange& memory) const;
    Bytes largest(const AddressRange& memory) const;

private:
    std::vector<AddressRange> gaps(const AddressRange& memory) const;

    std::vector<AddressRange> m_used; ///< by address, none touches another
};

} // namespace simprof
