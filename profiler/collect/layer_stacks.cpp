// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/layer_stacks.h"

#include <algorithm>

namespace simprof {

void LayerStacks::change(RowId row) {
    m_row = row;
    m_lowest = 0;
    if (row != kNoRow) {
        const Address top = m_calls.layerTop();
        m_lowest = top - static_cast<Address>(std::min<Bytes>(path().bytes(), top));
    }
}

void LayerStacks::reach(Address sp, Cycles at) {
    path() = m_calls.layerStackPath(sp, at);
    m_lowest = sp;
}

} // namespace simprof
