// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/pages/layers_page.h"

#include "gui/models/diagnosis.h"
#include "gui/text.h"
#include "gui/theme.h"
#include "gui/widgets.h"
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

QString factsOf(const Document& document, const LayerInfo& layer) {
    const Profile& profile = document.profile;
    QString rows;
    const auto row = [&](const QString& name, const QString& value) {
        if (!value.isEmpty()) {
            rows += QStringLiteral("<tr><td style=\"padding-right:10px\">%1</td><td>%2</td></tr>").arg(name, value.toHtmlEscaped());
        }
    };
    row(QStringLiteral("output"), qt(shapeText(layer.shape)));
    row(QStringLiteral("inputs"), joined(layer.inputs));
    row(QStringLiteral("kernel"), qt(layer.kernel));
    row(QStringLiteral("calls"), count(layer.calls));
    row(QStringLiteral("cycles"), QStringLiteral("%1 (%2)").arg(count(layer.cycles), shareText(static_cast<double>(layer.cycles), static_cast<double>(profile.totals.cycles))));
    row(QStringLiteral("per call"), layer.calls == 0 ? QString() : QStringLiteral("%1 cycles, %2").arg(count(layer.cycles / layer.calls), timeText(layer.timeUs / layer.calls)));
    row(QStringLiteral("instructions"), count(layer.instructions));
    row(QStringLiteral("MACs"), layer.macs == 0 ? QString() : QStringLiteral("%1 a call").arg(count(layer.macs)));
    row(QStringLiteral("live SRAM"), bytesText(layer.sramPeakBytes));
    row(QStringLiteral("scratch"), layer.scratchBytes == 0 ? QString() : bytesText(layer.scratchBytes));
    row(QStringLiteral("flash read"), bytesText(layer.flashReadBytes));
    row(QStringLiteral("SRAM read"), bytesText(layer.sramReadBytes));
    row(QStringLiteral("SRAM written"), bytesText(layer.sramWriteBytes));
    row(QStringLiteral("energy"), energyText(layer.energyUj));
    return QStringLiteral("<table cellspacing=0 cellpadding=2>%1</table>").arg(rows);
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
    m_filter->setPlaceholderText(QStringLiteral("Filter by name, operator, shape or kernel"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setAccessibleName(QStringLiteral("Filter layers"));
    auto* left = new QWidget(this);
    auto* leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 0, 0);
    leftLayout->addWidget(m_filter);
    leftLayout->addWidget(m_table, 1);
    auto* splitter = new QSplitter(this);
    splitter->addWidget(left);
    splitter->addWidget(makeDetails());
    splitter->setStretchFactor(0, 1);
    splitter->setSizes({900, 300});
    splitter->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->addWidget(splitter);
    connect(m_filter, &QLineEdit::textChanged, m_proxy, &TableFilter::setWords);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
        if (now.isValid()) {
            this->selection()->setLayer(now.data(RowIdRole).toInt());
        }
    });
    connect(m_table, &QTableView::activated, this, [this] { Q_EMIT pageWanted(PageId::Timeline); });
    connect(selection, &Selection::layerChanged, this, &LayersPage::follow);
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
    const std::pair<const char*, PageId> targets[] = {{"Memory", PageId::Memory}, {"Timeline", PageId::Timeline}, {"Code", PageId::Code}};
    for (const auto& [text, page] : targets) {
        auto* button = flatButton(QString::fromLatin1(text), QStringLiteral("Show this layer on the page %1").arg(QLatin1String(text)), m_links);
        connect(button, &QToolButton::clicked, this, [this, target = page] { Q_EMIT pageWanted(target); });
        links->addWidget(button);
    }
    links->addStretch();
    m_details->body()->addWidget(m_diagnosis);
    m_details->body()->addWidget(m_stalls);
    m_details->body()->addWidget(m_facts);
    m_details->body()->addWidget(m_links);
    m_details->body()->addStretch();
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(m_details);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setMinimumWidth(270);
    return scroll;
}

void LayersPage::setDocument(DocumentPtr document) {
    Page::setDocument(std::move(document));
    if (!this->document()) {
        m_model->setTable({}, {});
        showDetails(-1);
        return;
    }
    const Profile& profile = this->document()->profile;
    m_model->setTable(layerTable(profile),
                      {{"cycles", 0}, {"macs_per_cycle", peakMacsPerCycle(profile.board.core)}, {"sram_peak_bytes", 0}, {"energy_uj", 0}});
    m_table->sortByColumn(0, Qt::AscendingOrder);
    fitColumns(m_table, m_model->columnOf("name"));
    m_table->horizontalHeader()->setMinimumSectionSize(40);
    follow(selection()->layer());
}

void LayersPage::follow(int layer) {
    showDetails(layer);
    const QModelIndex current = m_table->currentIndex();
    if (layer < 0) {
        m_table->clearSelection();
        return;
    }
    if (current.isValid() && current.data(RowIdRole).toInt() == layer && m_table->selectionModel()->isRowSelected(current.row(), {})) {
        return;
    }
    const QModelIndex row = m_proxy->mapFromSource(m_model->index(layer, 0));
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
        m_details->setTitle(QStringLiteral("No layer selected"));
        m_diagnosis->setText(document() && document()->profile.layers.empty()
                                 ? QStringLiteral("No network was recognised in this run. %1").arg(qt(document()->profile.network.why))
                                 : QStringLiteral("Select a row to see what keeps the layer busy. Every page follows the selection; Enter shows the layer on the timeline."));
        return;
    }
    m_details->setTitle(QStringLiteral("%1  %2").arg(layer->id).arg(qt(layer->op.empty() ? layer->name : layer->op)));
    QStringList sentences = {qt(layer->name)};
    for (const std::string& sentence : diagnoseLayer(document()->profile, *layer)) {
        sentences.append(qt(sentence));
    }
    m_diagnosis->setText(sentences.join(QStringLiteral("\n\n")));
    m_facts->setText(factsOf(*document(), *layer));
    std::vector<Share> shares;
    for (std::size_t i = 0; i < kStallCount; ++i) {
        if (layer->stalls[i] != 0) {
            shares.push_back({qt(stallTitle(i)), shareText(static_cast<double>(layer->stalls[i]), static_cast<double>(layer->cycles)),
                              static_cast<double>(layer->stalls[i]), Theme::of(this).ofStall(i), static_cast<int>(i)});
        }
    }
    m_stalls->setShares(std::move(shares));
}

} // namespace simprof::gui
