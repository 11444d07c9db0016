// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/counting_bar.h"

#include "gui/text.h"
#include "gui/widgets.h"
#include "profiler/analysis/network_slice.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSpinBox>

namespace simprof::gui {

CountingBar::CountingBar(Selection* selection, QWidget* parent)
    : QWidget(parent)
    , m_selection(selection)
    , m_figures(new QComboBox(this))
    , m_inferences(new QSpinBox(this))
    , m_networkCaption(caption(QStringLiteral("Network:"), this))
    , m_networks(new QComboBox(this))
    , m_words(caption(QString(), this)) {
    m_figures->addItems({QStringLiteral("mean of an inference"), QStringLiteral("sum"), QStringLiteral("least"),
                         QStringLiteral("greatest")});
    m_figures->setAccessibleName(QStringLiteral("Figures of layers"));
    m_figures->setToolTip(QStringLiteral("What is shown of a figure that was measured in several inferences"));
    m_inferences->setAccessibleName(QStringLiteral("Inference"));
    m_inferences->setToolTip(QStringLiteral("The figures of one inference only"));
    m_inferences->setPrefix(QStringLiteral("inference "));
    m_inferences->setSpecialValueText(QStringLiteral("all inferences"));
    m_inferences->setMinimumWidth(m_inferences->fontMetrics().horizontalAdvance(QStringLiteral("all inferences")) + 50);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 8, 14, 0);
    m_networks->setAccessibleName(QStringLiteral("Network"));
    m_networks->setToolTip(QStringLiteral("The network whose layers, inferences and memory are shown"));
    layout->addWidget(m_networkCaption);
    layout->addWidget(m_networks);
    layout->addWidget(caption(QStringLiteral("Figures of layers:"), this));
    layout->addWidget(m_figures);
    layout->addWidget(m_inferences);
    layout->addWidget(m_words);
    layout->addStretch();
    connect(m_networks, &QComboBox::activated, this, &CountingBar::networkWanted);
    connect(m_figures, &QComboBox::currentIndexChanged, this, &CountingBar::choose);
    connect(m_inferences, &QSpinBox::valueChanged, this, &CountingBar::choose);
    connect(selection, &Selection::countingChanged, this, [this] { showChoice(m_selection->counting()); });
}

void CountingBar::setDocument(const DocumentPtr& document) {
    m_document = document;
    const auto number = document ? static_cast<int>(document->profile.inferences.size()) : 0;
    m_hasChoice = number > 0;
    m_networks->clear();
    if (document && document->whole) {
        for (std::size_t i = 0; i < networksThatRan(*document->whole); ++i) {
            m_networks->addItem(qt(networkTitle(*document->whole, i)));
        }
        m_networks->setCurrentIndex(static_cast<int>(document->network));
    }
    m_networkCaption->setVisible(m_networks->count() > 1);
    m_networks->setVisible(m_networks->count() > 1);
    const QSignalBlocker quiet(m_inferences);
    m_inferences->setRange(-1, std::max(-1, number - 1));
    showChoice(m_selection->counting());
}

void CountingBar::choose() {
    m_selection->setCounting({static_cast<Figure>(m_figures->currentIndex()), m_inferences->value()});
}

void CountingBar::showChoice(const Counting& counting) {
    const QSignalBlocker quietFigures(m_figures);
    const QSignalBlocker quietInferences(m_inferences);
    m_figures->setCurrentIndex(static_cast<int>(counting.figure));
    m_inferences->setValue(counting.inference);
    m_figures->setEnabled(counting.inference < 0);
    m_words->setText(m_document ? countingText(m_document->profile, counting) : QString());
}

} // namespace simprof::gui
