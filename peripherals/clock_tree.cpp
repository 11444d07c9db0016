// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/clock_tree.h"

#include <algorithm>

namespace simprof {

void ClockTree::addListener(ClockListener& listener) {
    if (std::ranges::find(m_listeners, &listener) == m_listeners.end()) {
        m_listeners.push_back(&listener);
    }
}

void ClockTree::announceChange() {
    for (ClockListener* listener : m_listeners) {
        listener->clockWillChange();
    }
}

void ClockTree::completeChange() {
    for (ClockListener* listener : m_listeners) {
        listener->clockChanged();
    }
}

ClockTree* clockTree(MachineServices& services) {
    for (const char* name : {"RCC", "CLOCKS", "CLOCK", "CLKGEN"}) {
        if (auto* tree = dynamic_cast<ClockTree*>(services.peripheral(name))) {
            return tree;
        }
    }
    return nullptr;
}

void followClocks(MachineServices& services, ClockListener& listener) {
    if (ClockTree* tree = clockTree(services)) {
        tree->addListener(listener);
    }
}

} // namespace simprof
