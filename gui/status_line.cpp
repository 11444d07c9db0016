// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/status_line.h"

#include "gui/text.h"
#include "gui/widgets.h"
#include "profiler/analysis/run_end.h"

#include <QStatusBar>

namespace simprof::gui {

StatusLine::StatusLine(QStatusBar* bar, Selection* selection)
    : QObject(bar)
    , m_selection(selection)
    , m_end(caption(QString(), bar))
    , m_hovered(caption(QString(), bar))
    , m_selected(new QLabel(bar)) {
    m_selected->setTextInteractionFlags(Qt::TextSelectableByMouse);
    bar->setSizeGripEnabled(false);
    bar->setContentsMargins(10, 0, 10, 0);
    bar->addWidget(m_end);
    bar->addPermanentWidget(m_hovered);
    bar->addPermanentWidget(m_selected);
    for (const auto signal : {&Selection::layerChanged, &Selection::functionChanged}) {
        connect(selection, signal, this, &StatusLine::describeSelection);
    }
    connect(selection, &Selection::rangeChanged, this, &StatusLine::describeSelection);
    connect(selection, &Selection::countingChanged, this, &StatusLine::describeSelection);
}

void StatusLine::setDocument(DocumentPtr document) {
    m_document = std::move(document);
    const bool partial = m_document && isPartial(m_document->profile);
    m_end->setText(!m_document ? QString()
                   : partial   ? QStringLiteral("partial: cancelled")
                               : qt(nameOf(m_document->profile.halt.reason)));
}

void StatusLine::setHovered(const QString& text) { m_hovered->setText(text); }

void StatusLine::describeSelection() {
    QStringList parts;
    if (m_document) {
        if (m_document->layer(m_selection->layer()) != nullptr) {
            const Counting& counting = m_selection->counting();
            const LayerInfo layer =
                countedLayers(m_document->profile, counting)[static_cast<std::size_t>(m_selection->layer())];
            parts.append(QStringLiteral("layer %1 %2, %3 cycles (%4)")
                             .arg(layer.id)
                             .arg(qt(layer.op), count(layer.cycles), countingText(m_document->profile, counting)));
        }
        if (const FunctionInfo* function = m_document->function(m_selection->function())) {
            parts.append(functionText(*function));
        }
        if (const auto& range = m_selection->range()) {
            parts.append(QStringLiteral("%1 cycles, %2")
                             .arg(count(range->end - range->begin),
                                  timeText(m_document->microseconds(range->begin, range->end))));
        }
    }
    m_selected->setText(parts.join(QStringLiteral("  |  ")));
}

} // namespace simprof::gui
