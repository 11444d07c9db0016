// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/run_bar.h"

#include "gui/text.h"
#include "gui/widgets.h"

#include <QProgressBar>

namespace simprof::gui {

namespace {

constexpr int kWhole = 1000; ///< steps of the bar

} // namespace

RunBar::RunBar(QWidget* parent)
    : QFrame(parent)
    , m_what(new QLabel(this))
    , m_progress(prose(QString(), this))
    , m_bar(new QProgressBar(this)) {
    setObjectName(QStringLiteral("notice"));
    m_what->setObjectName(QStringLiteral("title"));
    m_progress->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(110);
    m_bar->setAccessibleName(QStringLiteral("Progress"));
    auto* cancel =
        flatButton(QStringLiteral("Cancel"), QStringLiteral("End it now; of a run keep what was measured (Esc)"), this);
    connect(cancel, &QToolButton::clicked, this, &RunBar::cancelWanted);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 6, 14, 6);
    layout->setSpacing(12);
    layout->addWidget(m_what);
    layout->addWidget(m_bar);
    layout->addWidget(m_progress, 1);
    layout->addWidget(cancel);
    hide();
}

void RunBar::begin(const QString& what) {
    m_what->setText(what);
    m_progress->setText(QStringLiteral("starting"));
    m_bar->setRange(0, 0);
    show();
}

void RunBar::showProgress(const RunProgress& progress, double seconds) {
    const double mips = seconds > 0 ? static_cast<double>(progress.instructions) / seconds / 1e6 : 0;
    m_progress->setText(QStringLiteral("%1 %2, %3 simulated, %4 cycles, %5 million instructions a second%6")
                            .arg(progress.inferences)
                            .arg(progress.inferences == 1 ? QStringLiteral("inference") : QStringLiteral("inferences"))
                            .arg(timeText(progress.simulatedSeconds * 1e6), count(progress.cycles),
                                 qt(threeDigits(mips)),
                                 progress.pass > 1 ? QStringLiteral("; pass %1").arg(progress.pass) : QString()));
}

void RunBar::showReading(qint64 bytes, qint64 whole) {
    const bool all = whole == 0 || bytes >= whole;
    m_bar->setRange(0, all ? 0 : kWhole);
    m_bar->setValue(all ? 0 : static_cast<int>(bytes * kWhole / whole));
    m_progress->setText(
        all ? QStringLiteral("%1 read, now taken apart").arg(sizeText(static_cast<Bytes>(bytes)))
            : QStringLiteral("%1 of %2").arg(sizeText(static_cast<Bytes>(bytes)), sizeText(static_cast<Bytes>(whole))));
}

} // namespace simprof::gui
