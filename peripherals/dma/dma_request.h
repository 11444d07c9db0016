// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/peripheral.h"

#include <string>
#include <utility>
#include <vector>

namespace simprof {

/// A DMA controller or request multiplexer: takes the request lines of peripherals.
class DmaRequestSink {
public:
    virtual ~DmaRequestSink() = default;
    /// The level of request line `id`; the controller moves data as long as the level is high.
    /// A multiplexer numbers its inputs; a controller without one uses channel * 256 + selection.
    virtual void setRequest(unsigned id, bool level) = 0;
};

/// One request output of a peripheral, wired by an option such as "DMAMUX1:24" or "DMA2:2.4,DMA2:5.4" (stream.channel).
class DmaRequest {
public:
    DmaRequest(MachineServices& services, const std::string& wiring);
    void set(bool level);
    /// Raises the request for one transfer without keeping the level (timers).
    void pulse();

private:
    struct Target {
        std::string controller;
        unsigned id = 0;
    };
    void drive(bool level);

    MachineServices& m_services;
    std::vector<Target> m_targets;
    bool m_level = false;
};

} // namespace simprof
