// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/selection.h"

#include <utility>

namespace simprof::gui {

void Selection::setLayer(int layer) {
    if (std::exchange(m_layer, layer) != layer) {
        Q_EMIT layerChanged(layer);
    }
}

void Selection::setFunction(int function) {
    if (std::exchange(m_function, function) != function) {
        Q_EMIT functionChanged(function);
    }
}

void Selection::setRange(std::optional<CycleRange> range) {
    if (range && range->begin > range->end) {
        std::swap(range->begin, range->end);
    }
    if (m_range != range) {
        m_range = range;
        Q_EMIT rangeChanged();
    }
}

void Selection::setCounting(const Counting& counting) {
    if (m_counting != counting) {
        m_counting = counting;
        Q_EMIT countingChanged();
    }
}

void Selection::clear() {
    setLayer(-1);
    setFunction(-1);
    setRange(std::nullopt);
    setCounting({m_counting.figure, -1});
}

} // namespace simprof::gui
