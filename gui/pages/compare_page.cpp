// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/pages/compare_page.h"

#include "gui/models/compare_table.h"
#include "gui/text.h"
#include "gui/views/tetris_view.h"
#include "gui/widgets.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QSplitter>
#include <QTableView>

namespace simprof::gui {

namespace {

QString signedPercent(double percent) {
    return (percent > 0 ? QStringLiteral("+") : QString()) + qt(fixed(percent, 2)) + QStringLiteral(" %");
}

} // namespace

ComparePage::ComparePage(Selection* selection, QWidget* parent)
    : Page(selection, parent)
    , m_model(new TableModel(this))
    , m_proxy(new TableFilter(this))
    , m_table(new QTableView(this))
    , m_title(new QLabel(this))
    , m_unlike(prose(QString(), this))
    , m_content(new QWidget(this))
    , m_empty(new QWidget(this)) {
    auto* head = new QHBoxLayout;
    m_title->setObjectName(QStringLiteral("title"));
    head->addWidget(m_title, 1);
    auto* choose =
        flatButton(QStringLiteral("Compare with…"), QStringLiteral("Choose the profile to compare with"), this);
    connect(choose, &QToolButton::clicked, this, &ComparePage::baseWanted);
    head->addWidget(choose);
    auto* emptyLayout = new QVBoxLayout(m_empty);
    auto* hint = prose(QStringLiteral("Choose a second profile, the one before: each layer is matched with its "
                                      "counterpart and what changed is shown here."),
                       m_empty);
    emptyLayout->addWidget(hint);
    emptyLayout->addStretch();
    m_proxy->setSourceModel(m_model);
    m_table->setModel(m_proxy);
    setUpTable(m_table, QStringLiteral("Layers compared"));
    auto* contentLayout = new QVBoxLayout(m_content);
    contentLayout->setContentsMargins(0, 0, 0, 0);
    contentLayout->setSpacing(10);
    contentLayout->addWidget(makeTiles());
    contentLayout->addWidget(m_unlike);
    auto* splitter = new QSplitter(Qt::Vertical, m_content);
    splitter->setObjectName(QStringLiteral("compare"));
    splitter->addWidget(m_table);
    splitter->addWidget(makePictures());
    splitter->setSizes({360, 340});
    splitter->setChildrenCollapsible(false);
    contentLayout->addWidget(splitter, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->setSpacing(10);
    layout->addLayout(head);
    layout->addWidget(m_empty, 1);
    layout->addWidget(m_content, 1);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
        if (now.isValid() && !now.data(FooterRole).toBool()) {
            this->selection()->setLayer(now.data(RowIdRole).toInt());
        }
    });
    compare();
}

QWidget* ComparePage::makeTiles() {
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(10);
    m_cycles = new Tile(QStringLiteral("Cycles"), row);
    m_time = new Tile(QStringLiteral("Time"), row);
    m_energy = new Tile(QStringLiteral("Energy"), row);
    m_memory = new Tile(QStringLiteral("Arena, live at the peak"), row);
    for (Tile* tile : {m_cycles, m_time, m_energy, m_memory}) {
        layout->addWidget(tile, 1);
    }
    return row;
}

QWidget* ComparePage::makePictures() {
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(10);
    const auto add = [&](const QString& title, const QString& name) {
        auto* card = new Card(title, row);
        auto* view = new TetrisView(name, selection(), card);
        view->setCompact(true);
        card->header()->addWidget(exportButton(view, card));
        card->body()->addWidget(view, 1);
        layout->addWidget(card, 1);
        connect(view, &TimeView::hovered, this, &Page::hovered);
        return view;
    };
    m_before = add(QStringLiteral("Memory before"), QStringLiteral("memory before"));
    m_now = add(QStringLiteral("Memory now"), QStringLiteral("memory now"));
    // What is zoomed on one side is zoomed on the other.
    connect(m_before, &TimeView::rangeChanged, this, [this] { m_now->showLike(*m_before); });
    connect(m_now, &TimeView::rangeChanged, this, [this] { m_before->showLike(*m_now); });
    return row;
}

void ComparePage::setDocument(DocumentPtr document) {
    Page::setDocument(std::move(document));
    compare();
}

void ComparePage::setBase(DocumentPtr base) {
    m_base = std::move(base);
    compare();
}

void ComparePage::compare() {
    const bool both = document() && m_base;
    m_empty->setVisible(!both);
    m_content->setVisible(both);
    if (!both) {
        m_title->setText(document() ? document()->title() : QStringLiteral("Compare"));
        m_model->setTable({}, {});
        m_before->setDocument(nullptr);
        m_now->setDocument(nullptr);
        return;
    }
    const ProfileDiff diff = diffProfiles(m_base->profile, document()->profile);
    const auto nameOf = [&](const Document& d) {
        return m_base->title() == document()->title() && !d.path.isEmpty() ? QFileInfo(d.path).fileName() : d.title();
    };
    m_title->setText(QStringLiteral("%1  →  %2").arg(nameOf(*m_base), nameOf(*document())));
    QStringList unlike;
    for (const std::string& sentence : diff.differences) {
        unlike.append(QStringLiteral("Not like for like: ") + qt(sentence));
    }
    m_unlike->setText(unlike.join(QLatin1Char('\n')));
    m_unlike->setVisible(!unlike.isEmpty());
    m_cycles->setValue(signedPercent(diff.cycles.percent()),
                       QStringLiteral("%1 → %2").arg(count(diff.cycles.base), count(diff.cycles.now)));
    m_time->setValue(signedPercent(diff.timeUs.percent()),
                     QStringLiteral("%1 → %2").arg(timeText(diff.timeUs.base), timeText(diff.timeUs.now)));
    m_energy->setValue(diff.energyUj.base > 0 ? signedPercent(diff.energyUj.percent()) : QStringLiteral("–"),
                       QStringLiteral("%1 → %2").arg(energyText(diff.energyUj.base), energyText(diff.energyUj.now)));
    const auto& before = m_base->profile.memory.arena;
    const auto& now = document()->profile.memory.arena;
    const Change<Bytes> peak{before ? before->peakLiveBytes : 0, now ? now->peakLiveBytes : 0};
    m_memory->setValue(before || now ? signedPercent(peak.percent()) : QStringLiteral("–"),
                       QStringLiteral("%1 → %2").arg(bytesText(peak.base), bytesText(peak.now)));
    m_model->setTable(compareTable(diff), {{"base_cycles", 0}, {"cycles", 0}});
    m_table->sortByColumn(0, Qt::AscendingOrder);
    fitColumns(m_table, m_model->columnOf("moved"), 230, 250);
    m_before->setDocument(m_base);
    m_now->setDocument(document());
}

} // namespace simprof::gui
