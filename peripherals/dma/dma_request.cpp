// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/dma/dma_request.h"

#include "peripherals/dma/dma_engine.h"

#include <sstream>

namespace simprof {

DmaRequest::DmaRequest(MachineServices& services, const std::string& wiring)
    : m_services(services) {
    std::istringstream in(wiring);
    for (std::string part; std::getline(in, part, ',');) {
        const auto colon = part.find(':');
        const auto dot = part.find('.', colon);
        const auto first = static_cast<unsigned>(std::stoul(part.substr(colon + 1)));
        const unsigned id =
            dot == std::string::npos ? first : first * 256 + static_cast<unsigned>(std::stoul(part.substr(dot + 1)));
        m_targets.push_back({part.substr(0, colon), id});
    }
}

void DmaRequest::drive(bool level) {
    for (const Target& target : m_targets) {
        if (m_level != level) {
            return; // served, and thereby changed, while it was announced
        }
        if (auto* sink = dynamic_cast<DmaRequestSink*>(m_services.peripheral(target.controller))) {
            sink->setRequest(target.id, level);
        }
    }
}

void DmaRequest::set(bool level) {
    if (level != m_level) {
        m_level = level;
        drive(level);
    }
}

void DmaRequest::pulse() {
    if (!m_targets.empty()) {
        set(true);
        m_services.scheduleAt(m_services.now() + kDmaItemCycles, [this] { set(false); });
    }
}

} // namespace simprof
