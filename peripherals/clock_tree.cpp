// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/clock_tree.h"

namespace simprof {

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

} // namespace simprof
