// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/pages/timeline_page.h"

#include "gui/text.h"
#include "gui/widgets.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSplitter>

namespace simprof::gui {

TimelinePage::TimelinePage(Selection* selection, QWidget* parent)
    : Page(selection, parent)
    , m_timeline(new TimelineView(QStringLiteral("timeline"), selection, this))
    , m_flame(new FlameView(QStringLiteral("flame graph"), selection, this)) {
    auto* upper = new Card(QString(), this);
    upper->body()->addWidget(makeTools());
    m_found = caption(QString(), upper);
    m_range = caption(QString(), upper);
    m_range->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* notes = new QHBoxLayout;
    notes->addWidget(m_range, 1);
    notes->addWidget(m_found);
    upper->body()->addLayout(notes);
    m_leftOut = prose(QString(), upper);
    m_leftOut->setObjectName(QStringLiteral("caption"));
    upper->body()->addWidget(m_leftOut);
    upper->body()->addWidget(m_timeline, 1);
    auto* lower = new Card(QStringLiteral("Flame graph"), this);
    m_flameTitle = caption(QString(), lower);
    lower->header()->insertWidget(1, m_flameTitle);
    lower->header()->addWidget(exportButton(m_flame, lower));
    lower->body()->addWidget(m_flame, 1);
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("timeline"));
    splitter->addWidget(upper);
    splitter->addWidget(lower);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    splitter->setSizes({510, 250});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->addWidget(splitter);
    connect(m_timeline, &TimeView::hovered, this, &Page::hovered);
    connect(selection, &Selection::rangeChanged, this, &TimelinePage::describeRange);
    connect(selection, &Selection::layerChanged, this, &TimelinePage::describeFlame);
}

void TimelinePage::describeFlame(int layer) {
    const LayerInfo* info = document() ? document()->layer(layer) : nullptr;
    m_flameTitle->setText(info != nullptr ? QStringLiteral("calls of layer %1 %2 only").arg(info->id).arg(qt(info->op))
                          : document() && !document()->profile.layers.empty()
                              ? QStringLiteral("all cycles; select a layer to see its calls only")
                              : QStringLiteral("all cycles"));
}

QWidget* TimelinePage::makeTools() {
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    m_search = new QLineEdit(row);
    m_search->setPlaceholderText(QStringLiteral("Find a function or layer; Enter: next"));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumWidth(150);
    m_search->setAccessibleName(QStringLiteral("Find in the timeline"));
    layout->addWidget(m_search, 1);
    layout->addSpacing(10);
    auto* units = new QButtonGroup(row);
    const std::pair<const char*, TimeUnit> choices[] = {{"Time", TimeUnit::Time}, {"Cycles", TimeUnit::Cycles}};
    for (const auto& [text, unit] : choices) {
        QToolButton* button =
            flatButton(QLatin1String(text),
                       QStringLiteral("The axis counts %1").arg(QString::fromLatin1(text).toLower()), row, true);
        units->addButton(button, static_cast<int>(unit));
        button->setChecked(unit == TimeUnit::Time);
        layout->addWidget(button);
    }
    connect(units, &QButtonGroup::idClicked, this, [this](int id) { m_timeline->setUnit(static_cast<TimeUnit>(id)); });
    layout->addSpacing(10);
    using Zoom = void (*)(TimeView&);
    const std::tuple<const char*, const char*, Zoom> zooms[] = {
        {"−", "Zoom out (−)", [](TimeView& view) { view.zoomOut(); }},
        {"+", "Zoom in (+)", [](TimeView& view) { view.zoomIn(); }},
        {"Fit", "Show everything (Home)", [](TimeView& view) { view.fit(); }}};
    for (const auto& [text, tip, action] : zooms) {
        QToolButton* button = flatButton(QString::fromUtf8(text), QString::fromUtf8(tip), row);
        connect(button, &QToolButton::clicked, this, [this, zoom = action] { zoom(*m_timeline); });
        layout->addWidget(button);
    }
    layout->addWidget(exportButton(m_timeline, row));
    connect(m_search, &QLineEdit::textChanged, this, &TimelinePage::searchFor);
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        if (!m_timeline->showNext(true)) {
            m_timeline->fit(); // around again
        }
    });
    return row;
}

void TimelinePage::setDocument(DocumentPtr document) {
    Page::setDocument(document);
    m_search->clear();
    m_timeline->setDocument(document);
    m_flame->setDocument(document);
    describeFlame(-1);
    const QStringList missing = document ? document->leftOut.sentences() : QStringList();
    m_leftOut->setText(missing.join(QStringLiteral("; ")));
    m_leftOut->setVisible(!missing.isEmpty());
    describeRange();
}

void TimelinePage::searchFor(const QString& text) {
    m_timeline->setSearch(text);
    m_flame->setSearch(text);
    m_found->setText(text.isEmpty() || !document()
                         ? QString()
                         : QStringLiteral("%1 of the cycles").arg(shareText(m_flame->matchedShare(), 1)));
}

void TimelinePage::describeRange() {
    const auto& range = selection()->range();
    if (!document() || !range) {
        m_range->setText(QStringLiteral("Shift+drag measures, Ctrl+drag zooms"));
        return;
    }
    m_range->setText(
        QStringLiteral("%1 cycles, %2")
            .arg(count(range->end - range->begin), timeText(document()->microseconds(range->begin, range->end))));
}

} // namespace simprof::gui
