// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/peripheral.h"

#include <array>
#include <string>
#include <string_view>

namespace simprof {

/// What one DMA transfer moves; sizes in bytes.
struct DmaTransfer {
    Address source = 0;
    Address destination = 0;
    unsigned sourceSize = 1;
    unsigned destinationSize = 1;
};

/// Copies one item over the bus, zero-extending or cutting it to the destination's size; false on a bus error.
inline bool moveItem(MachineServices& services, std::string_view master, const DmaTransfer& transfer) {
    std::array<std::byte, 4> data{};
    return services.busRead(master, transfer.source, std::span(data).first(transfer.sourceSize)) &&
           services.busWrite(master, transfer.destination, std::span(data).first(transfer.destinationSize));
}

/// A DMA controller behind a request multiplexer.
class DmaChannels {
public:
    virtual ~DmaChannels() = default;
    /// The request of channel `index` (from 0) may have changed.
    virtual void requestChanged(unsigned index) = 0;
};

/// The levels of a multiplexer's inputs, by controller channel.
class DmaMux {
public:
    virtual ~DmaMux() = default;
    /// True when the input selected for multiplexer channel `index` is high.
    virtual bool requested(unsigned index) const = 0;
};

/// Cycles between a request and the end of its transfer, and per item without requests (arbitration, read, write).
/// AN4031 4.1 and AN2548 give 4 to 9 AHB cycles depending on the bus; one figure is used.
inline constexpr Cycles kDmaItemCycles = 5;

} // namespace simprof
