// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/pages/compare_page.h"

#include "gui/models/compare_table.h"
#include "gui/text.h"
#include "gui/views/tetris_view.h"
#include "gui/widgets.h"

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
    , m_counted(prose(QString(), this))
    , m_unlike(prose(QString(), this))
    , m_content(new QWidget(this))
    , m_empty(new QWidget(this)) {
    auto* head = new QHBoxLayout;
    m_title->setObjectName(QStringLiteral("title"));
    m_title->setWordWrap(true);
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
    m_table->sortByColumn(0, Qt::AscendingOrder);
    auto* contentLayout = new QVBoxLayout(m_content);
    contentLayout->setContentsMargins(0, 0, 0, 0);
    contentLayout->setSpacing(10);
    contentLayout->addWidget(m_counted);
    contentLayout->addWidget(makeTiles());
    contentLayout->addWidget(m_unlike);
    auto* splitter = new QSplitter(Qt::Vertical, m_content);
    splitter->setObjectName(QStringLiteral("compare"));
    splitter->addWidget(m_table);
    splitter->addWidget(makePictures());
    splitter->setSizes({360, 340});
    splitter->setChildrenCollapsible(false);
    contentLayout->addWidget(splitter, 1);
    QVBoxLayout* layout = scrollingBody(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->setSpacing(10);
    layout->addLayout(head);
    layout->addWidget(m_empty, 1);
    layout->addWidget(m_content, 1);
    connectSelection();
    compare();
}

void ComparePage::connectSelection() {
    onRowChosen(m_table, [this](const QModelIndex& now) {
        const int row = now.data(RowIdRole).toInt();
        if (row >= 0 && row < static_cast<int>(m_layers.size())) {
            const LayerChange& layer = m_layers[static_cast<std::size_t>(row)];
            selection()->setLayer(layer.now ? static_cast<int>(*layer.now) : -1);
            m_baseSelection.setLayer(layer.base ? static_cast<int>(*layer.base) : -1);
        }
    });
    connect(selection(), &Selection::layerChanged, this, &ComparePage::follow);
    connect(selection(), &Selection::countingChanged, this, &ComparePage::showChanges);
    connect(&m_baseSelection, &Selection::layerChanged, this, [this](int base) {
        for (const LayerChange& layer : m_layers) {
            if (base >= 0 && layer.base == static_cast<std::size_t>(base) && layer.now) {
                selection()->setLayer(static_cast<int>(*layer.now));
            }
        }
    });
}

void ComparePage::follow(int now) {
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const LayerChange& layer = m_layers[i];
        if (now < 0 || layer.now != static_cast<std::size_t>(now)) {
            continue;
        }
        m_baseSelection.setLayer(layer.base ? static_cast<int>(*layer.base) : -1);
        const QModelIndex row = m_proxy->mapFromSource(m_model->index(static_cast<int>(i), 0));
        if (m_table->currentIndex().row() != row.row()) {
            m_table->setCurrentIndex(row);
        }
        m_table->scrollTo(row);
    }
}

QString ComparePage::nameOf(const DocumentPtr& document) const {
    const QString name = m_names && m_base->title() == this->document()->title() ? m_names(document) : QString();
    return name.isEmpty() ? document->title() : name;
}

QWidget* ComparePage::makeTiles() {
    auto* row = new TileGrid(this);
    m_cycles = row->add(QStringLiteral("Cycles"));
    m_time = row->add(QStringLiteral("Time"));
    m_energy = row->add(QStringLiteral("Energy"));
    m_memory = row->add(QStringLiteral("Arena, live at the peak"));
    return row;
}

QWidget* ComparePage::makePictures() {
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(10);
    const auto add = [&](const QString& title, const QString& name, Selection* followed) {
        auto* card = new Card(title, row);
        auto* view = new TetrisView(name, followed, card);
        view->setCompact(true);
        card->header()->addWidget(exportButton(view, card));
        card->body()->addWidget(view, 1);
        layout->addWidget(card, 1);
        connect(view, &TimeView::hovered, this, &Page::hovered);
        return view;
    };
    m_before = add(QStringLiteral("Memory before"), QStringLiteral("memory before"), &m_baseSelection);
    m_now = add(QStringLiteral("Memory now"), QStringLiteral("memory now"), selection());
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
        m_layers.clear();
        m_title->setText(document() ? document()->title() : QStringLiteral("Compare"));
        m_model->setTable({}, {});
        m_before->setDocument(nullptr);
        m_now->setDocument(nullptr);
        return;
    }
    m_title->setText(QStringLiteral("%1  →  %2").arg(nameOf(m_base), nameOf(document())));
    m_before->setDocument(m_base);
    m_now->setDocument(document());
    showChanges();
}

void ComparePage::showChanges() {
    if (!document() || !m_base) {
        return;
    }
    const Profile& base = m_base->profile;
    const Profile& made = document()->profile;
    const Counting counting = commonCounting(base, made, selection()->counting());
    const ProfileDiff diff = countedDiff(base, made, counting);
    m_layers = diff.layers;
    const Change<Cycles> run{base.totals.cycles, made.totals.cycles};
    const QString what = comparedText(base, made, counting);
    m_counted->setText(counting.isSum()
                           ? QStringLiteral("Figures: %1, totals of the whole run.").arg(what)
                           : QStringLiteral("Figures: %1. Whole run: %2 → %3 cycles, %4.")
                                 .arg(what, count(run.base), count(run.now), signedPercent(run.percent())));
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
    const auto& before = base.memory.arena;
    const auto& now = made.memory.arena;
    const Change<Bytes> peak{before ? before->peakLiveBytes : 0, now ? now->peakLiveBytes : 0};
    m_memory->setValue(before || now ? signedPercent(peak.percent()) : QStringLiteral("–"),
                       QStringLiteral("%1 → %2").arg(bytesText(peak.base), bytesText(peak.now)));
    m_model->setTable(compareTable(diff, counting.isSum() ? "total" : "an inference"),
                      {{"base_cycles", 0}, {"cycles", 0}});
    const auto column = [this](const char* key) { return m_model->columnOf(key); };
    fitColumns(m_table, column("moved"), 150, 250,
               {column("change_energy_uj"), column("change_sram_peak_bytes"), column("base_cycles"), column("name")});
    spanFooter(m_table, column("op"));
    follow(selection()->layer());
}

} // namespace simprof::gui
