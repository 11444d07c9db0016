// SPDX-License-Identifier: GPL-2.0-or-later
/// SEGGER RTT: text that firmware leaves in a ring buffer in RAM for a debug probe to fetch (J-Link user guide
/// UM08001, 16.3).
#pragma once
#include "sim_core/host/semihosting.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// Reads up-buffers as a probe does: what was read is given back to the firmware.
class RttReader {
public:
    /// `host` reaches the machine's memory; the control block is at `block`, or is looked for in `ram`.
    RttReader(SemihostingHost& host, std::optional<Address> block, std::vector<AddressRange> ram)
        : m_host(host)
        , m_given(block)
        , m_ram(std::move(ram)) {}

    /// Text that came in up-buffer 0 since the last call; "" while there is no control block.
    std::string read();
    /// The same of another up-buffer, where read() has found the control block.
    std::string readBuffer(std::uint32_t number) const;
    std::uint32_t buffers() const;
    /// The control block was there once.
    bool found() const { return m_block.has_value(); }
    /// Does an image carry what a control block is made from?
    static bool isIn(std::span<const std::byte> image);

private:
    std::optional<std::uint32_t> word(Address address) const;
    bool isBlock(Address address) const;
    void search();

    SemihostingHost& m_host;
    std::optional<Address> m_given;
    std::vector<AddressRange> m_ram;
    std::optional<Address> m_block;
    unsigned m_reads = 0;
    unsigned m_nextSearch = 1; ///< searches are at reads 1, 2, 4, 8, ...: a search costs time
};

} // namespace simprof
