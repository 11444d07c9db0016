// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/pages/layers_page.h"

#include "gui/models/counting.h"
#include "gui/text.h"
#include "gui/theme.h"
#include "gui/views/legend_view.h"
#include "gui/widgets.h"
#include "profiler/analysis/diagnosis.h"
#include "profiler/report/tables.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollArea>
#include <QSplitter>

#include <numeric>

namespace simprof::gui {

namespace {

QString joined(const std::vector<std::string>& names) {
    QStringList list;
    for (const std::string& name : names) {
        list.append(qt(name));
    }
    return list.join(QStringLiteral(", "));
}

/// Stays in one line.
QString unbroken(QString text) { return text.replace(QLatin1Char(' '), QStringLiteral("&nbsp;")); }

/// What is known of a layer, its figures as counted.
QString factsOf(const Document& document, const LayerInfo& layer, const Counting& counting) {
    const Profile& profile = document.profile;
    std::vector<std::pair<QString, QString>> facts;
    const auto fact = [&](const char* name, const QString& value) {
        if (!value.isEmpty()) {
            facts.emplace_back(unbroken(QLatin1String(name)), unbroken(value.toHtmlEscaped()));
        }
    };
    const auto sum = [&](const QString& text) { return counting.knowsSums() ? text : QString(); };
    fact("cycles", count(layer.cycles));
    fact("time", timeText(layer.timeUs));
    fact("calls", sum(count(layer.calls)));
    fact("instructions", sum(count(layer.instructions)));
    fact("MACs a call", layer.macs == 0 ? QString() : count(layer.macs));
    fact("energy", layer.energyUj > 0 ? energyText(layer.energyUj) : QString());
    fact("live SRAM", bytesText(layer.sramPeakBytes));
    fact("scratch", layer.scratchBytes == 0 ? QString() : bytesText(layer.scratchBytes));
    fact("flash read", sum(bytesText(layer.flashReadBytes)));
    fact("SRAM read", sum(bytesText(layer.sramReadBytes)));
    fact("SRAM written", sum(bytesText(layer.sramWriteBytes)));
    fact("output", qt(shapeText(layer.shape)));
    const std::size_t half = (facts.size() + 1) / 2;
    QString rows;
    const auto cells = [](const std::pair<QString, QString>& f) {
        return QStringLiteral("<td style=\"padding-right:8px\">%1</td><td style=\"padding-right:18px\">%2</td>")
            .arg(f.first, f.second);
    };
    for (std::size_t i = 0; i < half; ++i) {
        rows += QStringLiteral("<tr>%1%2</tr>")
                    .arg(cells(facts[i]), half + i < facts.size() ? cells(facts[half + i]) : QString());
    }
    return QStringLiteral("<p>Figures: %1</p><table cellspacing=0 cellpadding=1>%2</table><p>inputs&nbsp; "
                          "%3<br>kernel&nbsp; %4</p>")
        .arg(countingText(profile, counting), rows, joined(layer.inputs).toHtmlEscaped(),
             qt(layer.kernel).toHtmlEscaped());
}

} // namespace

LayersPage::LayersPage(Selection* selection, QWidget* parent)
    : Page(selection, parent)
    , m_model(new TableModel(this))
    , m_proxy(new TableFilter(this))
    , m_table(new QTableView(this))
    , m_filter(new QLineEdit(this)) {
    m_proxy->setSourceModel(m_model);
    m_table->setModel(m_proxy);
    setUpTable(m_table, QStringLiteral("Layers"));
    m_table->sortByColumn(0, Qt::AscendingOrder);
    m_filter->setPlaceholderText(QStringLiteral("Filter layers"));
    m_filter->setToolTip(QStringLiteral("Words of the name, operator or shape"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setAccessibleName(QStringLiteral("Filter layers"));
    m_filter->setMinimumWidth(160);
    auto* upper = new QWidget(this);
    auto* upperLayout = new QVBoxLayout(upper);
    upperLayout->setContentsMargins(0, 0, 0, 0);
    auto* tools = new QHBoxLayout;
    tools->addWidget(m_filter, 1);
    tools->addSpacing(12);
    tools->addWidget(stallLegend(upper));
    upperLayout->addLayout(tools);
    upperLayout->addWidget(m_table, 1);
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("layers"));
    splitter->addWidget(upper);
    splitter->addWidget(makeDetails());
    splitter->setStretchFactor(0, 1);
    splitter->setSizes({580, 250});
    splitter->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->addWidget(splitter);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& words) {
        m_proxy->setWords(words);
        spanFooter(m_table, m_model->columnOf("op"));
    });
    onRowChosen(m_table, [this](const QModelIndex& now) {
        m_selecting = true; // the table selects the row itself
        this->selection()->setLayer(now.data(RowIdRole).toInt());
        m_selecting = false;
    });
    connect(m_table, &QTableView::activated, this, [this] { Q_EMIT pageWanted(PageId::Timeline); });
    connect(selection, &Selection::layerChanged, this, &LayersPage::follow);
    connect(selection, &Selection::countingChanged, this, &LayersPage::showTable);
}

QWidget* LayersPage::makeDetails() {
    m_details = new Card(QStringLiteral("No layer selected"), this);
    m_facts = new QLabel(m_details);
    m_facts->setTextFormat(Qt::RichText);
    m_facts->setWordWrap(true);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_diagnosis = prose(QString(), m_details);
    m_stalls = new ShareView(QStringLiteral("cycles of the layer by reason"), m_details);
    m_links = new QWidget(m_details);
    auto* links = new QHBoxLayout(m_links);
    links->setContentsMargins(0, 0, 0, 0);
    const std::pair<const char*, PageId> targets[] = {
        {"Memory", PageId::Memory}, {"Timeline", PageId::Timeline}, {"Code", PageId::Code}};
    for (const auto& [text, page] : targets) {
        auto* button = flatButton(QString::fromLatin1(text),
                                  QStringLiteral("Show this layer on the page %1").arg(QLatin1String(text)), m_links);
        connect(button, &QToolButton::clicked, this, [this, target = page] { Q_EMIT pageWanted(target); });
        links->addWidget(button);
    }
    m_details->header()->addWidget(m_links);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(28);
    auto* left = new QVBoxLayout;
    left->setSpacing(10);
    left->addWidget(m_diagnosis);
    left->addWidget(m_stalls);
    left->addStretch();
    columns->addLayout(left, 5);
    columns->addWidget(m_facts, 6, Qt::AlignTop);
    m_details->body()->addLayout(columns);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(m_details);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setMinimumHeight(120);
    return scroll;
}

void LayersPage::setDocument(DocumentPtr document) {
    Page::setDocument(std::move(document));
    if (!this->document()) {
        m_model->setTable({}, {});
        showDetails(-1);
        return;
    }
    showTable();
}

void LayersPage::showTable() {
    if (!document()) {
        return;
    }
    const Profile& profile = document()->profile;
    m_model->setTable(countedLayerTable(profile, selection()->counting()),
                      {{"cycles", 0},
                       {"macs_per_cycle", peakMacsPerCycle(profile.board.core)},
                       {"sram_peak_bytes", 0},
                       {"energy_uj", 0}});
    const auto column = [this](const char* key) { return m_model->columnOf(key); };
    fitColumns(m_table, column("name"), 110, 360,
               {column("shape"), column("scratch_bytes"), column("macs"), column("percent"), column("energy_uj"),
                column("macs_per_cycle"), column("time_us"), column("sram_peak_bytes")});
    m_table->horizontalHeader()->setMinimumSectionSize(40);
    spanFooter(m_table, m_model->columnOf("op"));
    follow(selection()->layer());
}

void LayersPage::follow(int layer) {
    showDetails(layer);
    if (m_selecting) {
        return;
    }
    const QModelIndex current = m_table->currentIndex();
    if (!document() || document()->layer(layer) == nullptr) {
        m_table->clearSelection();
        return;
    }
    if (current.isValid() && current.data(RowIdRole).toInt() == layer &&
        m_table->selectionModel()->isRowSelected(current.row(), {})) {
        return;
    }
    const QModelIndex source = m_model->index(layer, 0);
    if (source.isValid() && !m_proxy->mapFromSource(source).isValid()) {
        m_filter->clear(); // what is selected is shown
    }
    const QModelIndex row = m_proxy->mapFromSource(source);
    if (row.isValid()) {
        m_table->setCurrentIndex(row);
        m_table->selectRow(row.row());
        m_table->scrollTo(row);
    }
}

void LayersPage::showDetails(int index) {
    const LayerInfo* layer = document() ? document()->layer(index) : nullptr;
    for (QWidget* part : {static_cast<QWidget*>(m_facts), static_cast<QWidget*>(m_stalls), m_links}) {
        part->setVisible(layer != nullptr);
    }
    if (layer == nullptr) {
        showWhole();
        return;
    }
    m_details->setTitle(layerText(*layer));
    QStringList sentences = {qt(layer->name)};
    for (const std::string& sentence : diagnoseLayer(document()->profile, *layer)) {
        sentences.append(qt(sentence));
    }
    m_diagnosis->setText(sentences.join(QLatin1Char('\n')));
    const Profile& profile = document()->profile;
    const Counting counting = possible(profile, selection()->counting());
    m_facts->setText(factsOf(*document(), countedLayers(profile, counting)[static_cast<std::size_t>(index)], counting));
    showReasons(layer->stalls);
}

void LayersPage::showWhole() {
    m_details->setTitle(QStringLiteral("No layer selected"));
    if (!document()) {
        m_diagnosis->clear();
        return;
    }
    const Profile& profile = document()->profile;
    m_stalls->show();
    showReasons(profile.totals.stalls);
    if (profile.layers.empty()) {
        m_diagnosis->setText(QStringLiteral("No network was recognised in this run: %1.").arg(qt(profile.network.why)));
        return;
    }
    m_diagnosis->setText(
        QStringLiteral("Select a row to see what keeps the layer busy; all pages follow, Enter shows it on the "
                       "timeline. A full bar under /cycle is what a %1 can do, %2 MACs per cycle. Bars of “where the "
                       "cycles went” have one scale, but for the total's. Below: the whole run by reason.")
            .arg(qt(profile.board.core), qt(fixed(peakMacsPerCycle(profile.board.core), 1))));
}

void LayersPage::showReasons(const StallSums& stalls) {
    const auto whole = static_cast<double>(std::accumulate(stalls.begin(), stalls.end(), Cycles{0}));
    std::vector<Share> shares;
    for (std::size_t i = 0; i < kStallCount; ++i) {
        if (stalls[i] != 0) {
            shares.push_back({qt(stallTitle(i)), shareText(static_cast<double>(stalls[i]), whole),
                              static_cast<double>(stalls[i]), Theme::of(this).ofStall(i), static_cast<int>(i)});
        }
    }
    m_stalls->setShares(std::move(shares));
}

} // namespace simprof::gui
