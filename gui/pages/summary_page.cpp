// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/pages/summary_page.h"

#include "gui/text.h"
#include "gui/theme.h"
#include "gui/views/share_view.h"
#include "gui/widgets.h"
#include "profiler/analysis/findings.h"
#include "profiler/analysis/inference_mean.h"
#include "profiler/analysis/operator_sums.h"
#include "profiler/analysis/run_name.h"
#include "profiler/report/tables.h"

#include <QGridLayout>
#include <QScrollArea>

#include <algorithm>

namespace simprof::gui {

namespace {

void addRow(QGridLayout* grid, const QString& name, const QString& value, QWidget* parent) {
    if (value.isEmpty()) {
        return;
    }
    const int row = grid->rowCount();
    QLabel* label = caption(name, parent);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    grid->addWidget(label, row, 0);
    grid->addWidget(prose(value, parent), row, 1);
}

QString registersText(const ProfileFault& fault) {
    static constexpr const char* kNames[] = {"R0", "R1",  "R2",  "R3",  "R4", "R5", "R6", "R7",  "R8",
                                             "R9", "R10", "R11", "R12", "SP", "LR", "PC", "xPSR"};
    QString text;
    for (std::size_t i = 0; i < fault.registers.size() && i < std::size(kNames); ++i) {
        text += QStringLiteral("%1 %2%3")
                    .arg(QLatin1String(kNames[i]), -4)
                    .arg(addressText(fault.registers[i]), i % 4 == 3 ? QStringLiteral("\n") : QStringLiteral("   "));
    }
    return text;
}

} // namespace

SummaryPage::SummaryPage(Selection* selection, QWidget* parent)
    : Page(selection, parent)
    , m_scroll(new QScrollArea(this)) {
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setAccessibleName(QStringLiteral("Summary"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_scroll);
}

void SummaryPage::setDocument(DocumentPtr document) {
    Page::setDocument(std::move(document));
    m_scroll->setWidget(this->document() ? makeContent() : new QWidget);
}

void SummaryPage::showLayer(int layer, PageId page) {
    selection()->setLayer(layer);
    Q_EMIT pageWanted(page);
}

QWidget* SummaryPage::makeContent() {
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->setSpacing(10);
    if (QWidget* fault = makeFault(content)) {
        layout->addWidget(fault);
    }
    layout->addWidget(makeTiles(content));
    if (QWidget* notes = makeRemarks(content)) {
        layout->addWidget(notes);
    }
    layout->addWidget(makeCyclesCard(content));
    auto* columns = new QHBoxLayout;
    columns->setSpacing(10);
    auto* right = new QVBoxLayout;
    right->setSpacing(10);
    right->addWidget(makeRunCard(content));
    right->addWidget(makeTrustCard(content));
    right->addStretch();
    auto* left = new QVBoxLayout;
    left->setSpacing(10);
    left->addWidget(makeSlowestCard(content));
    left->addWidget(makeAssumptionsCard(content));
    left->addStretch();
    columns->addLayout(left, 1);
    columns->addLayout(right, 1);
    layout->addLayout(columns);
    layout->addStretch();
    return content;
}

QWidget* SummaryPage::makeTiles(QWidget* parent) {
    const Profile& profile = document()->profile;
    auto* row = new TileGrid(parent);
    const auto add = [&](const QString& name, const QString& value, const QString& note) {
        row->add(name)->setValue(value, note);
    };
    const InferenceMean mean = inferenceMean(profile);
    const std::uint64_t inferences = profile.inferences.size() + inferencesLeftOut(profile);
    if (inferences != 0) {
        add(QStringLiteral("Time of an inference"), timeText(mean.timeUs),
            QStringLiteral("%1 cycles").arg(qt(fixed(mean.cycles, 0))));
        add(QStringLiteral("Energy of an inference"),
            mean.energyUj > 0 ? energyText(mean.energyUj) : QStringLiteral("–"),
            mean.energyUj > 0 ? QStringLiteral("±%1 %").arg(qt(fixed(profile.totals.energyBandPercent, 0)))
                              : QStringLiteral("no supply table"));
        add(QStringLiteral("MACs per cycle"), mean.macs == 0 ? QStringLiteral("–") : qt(fixed(mean.macsPerCycle, 2)),
            mean.macs == 0 ? QString() : QStringLiteral("%1 MACs an inference").arg(count(mean.macs)));
    }
    add(QStringLiteral("Whole run"), timeText(profile.totals.timeUs),
        QStringLiteral("%1 cycles, %2 %3")
            .arg(count(profile.totals.cycles))
            .arg(inferences)
            .arg(inferences == 1 ? QStringLiteral("inference") : QStringLiteral("inferences")));
    if (profile.memory.arena) {
        const Arena& arena = *profile.memory.arena;
        add(QStringLiteral("Arena, live at the peak"), bytesText(arena.peakLiveBytes),
            QStringLiteral("%1 needed of %2").arg(bytesText(arena.neededBytes), bytesText(reserved(arena))));
    }
    add(QStringLiteral("Stack, deepest"), bytesText(profile.memory.stack.highWaterBytes),
        profile.memory.stack.sizeBytes == 0 ? QString()
                                            : QStringLiteral("of %1").arg(bytesText(profile.memory.stack.sizeBytes)));
    return row;
}

QWidget* SummaryPage::makeFault(QWidget* parent) {
    const auto& fault = document()->profile.halt.fault;
    if (!fault) {
        return nullptr;
    }
    auto* banner = new QFrame(parent);
    banner->setObjectName(QStringLiteral("banner"));
    auto* layout = new QVBoxLayout(banner);
    layout->setContentsMargins(14, 10, 14, 12);
    auto* title = new QLabel(
        QStringLiteral("%1 at %2: %3").arg(qt(fault->exception), addressText(fault->pc), qt(fault->what)), banner);
    title->setObjectName(QStringLiteral("title"));
    title->setWordWrap(true);
    title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(title);
    QStringList status;
    for (const std::string& bit : fault->status) {
        status.append(qt(bit));
    }
    QString line = QStringLiteral("%1 (CFSR %2, HFSR %3)")
                       .arg(status.join(QStringLiteral(", ")), addressText(fault->cfsr), addressText(fault->hfsr));
    if (fault->address) {
        line += QStringLiteral(", address %1").arg(addressText(*fault->address));
    }
    layout->addWidget(prose(line, banner));
    auto* registers = prose(registersText(*fault), banner);
    registers->setWordWrap(false);
    registers->setFont(codeFont(font()));
    registers->setAccessibleName(QStringLiteral("Registers at the fault"));
    layout->addWidget(registers);
    QString calls;
    for (const std::string& frame : fault->callStack) {
        calls += (calls.isEmpty() ? QString() : QStringLiteral("\n")) + qt(frame);
    }
    auto* stack = prose(calls.isEmpty() ? QStringLiteral("no callers known") : calls, banner);
    stack->setFont(codeFont(font()));
    stack->setAccessibleName(QStringLiteral("Calls at the fault, innermost first"));
    layout->addWidget(caption(QStringLiteral("Calls, innermost first"), banner));
    layout->addWidget(stack);
    auto* button = flatButton(QStringLiteral("Last moments on the timeline"),
                              QStringLiteral("Show what ran just before the fault"), banner);
    connect(button, &QToolButton::clicked, this, &SummaryPage::lastMomentsWanted);
    layout->addWidget(button, 0, Qt::AlignLeft);
    return banner;
}

QWidget* SummaryPage::makeRemarks(QWidget* parent) {
    std::vector<Finding> list = remarksOf(document()->profile);
    if (const QStringList& missing = document()->leftOut.notKept(); !missing.isEmpty()) {
        list.push_back({"Left out", "run", Severity::Note,
                        "Came too often to be kept, only sums count them: " +
                            missing.join(QStringLiteral(", ")).toStdString() + "."});
    }
    if (list.empty()) {
        return nullptr;
    }
    auto* frame = new QFrame(parent);
    const Severity worst = list.front().severity;
    frame->setObjectName(worst == Severity::Error     ? QStringLiteral("banner")
                         : worst == Severity::Warning ? QStringLiteral("notice")
                                                      : QStringLiteral("card"));
    auto* grid = new QGridLayout(frame);
    grid->setContentsMargins(14, 9, 14, 9);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    const Theme& theme = Theme::of(this);
    for (const Finding& finding : list) {
        const bool error = finding.severity == Severity::Error;
        const bool note = finding.severity == Severity::Note;
        auto* mark = new QLabel(error  ? QStringLiteral("Error")
                                : note ? QStringLiteral("Note")
                                       : QStringLiteral("Warning"),
                                frame);
        QPalette colours = mark->palette();
        colours.setColor(QPalette::WindowText, error ? theme.error : note ? theme.muted : theme.warning);
        mark->setPalette(colours);
        mark->setAlignment(Qt::AlignTop);
        mark->setFont(scaledFont(font(), 1, QFont::DemiBold));
        const int row = grid->rowCount();
        grid->addWidget(mark, row, 0);
        grid->addWidget(prose(qt(sentencesOf(finding)), frame), row, 1);
    }
    return frame;
}

QWidget* SummaryPage::makeCyclesCard(QWidget* parent) {
    const Profile& profile = document()->profile;
    const Theme& theme = Theme::of(this);
    auto* card = new Card(QStringLiteral("Where the cycles went"), parent);
    const auto whole = static_cast<double>(std::max<Cycles>(1, profile.totals.cycles));
    std::vector<Share> shares;
    for (const OperatorSum& sum : sumsByOperator(profile)) {
        shares.push_back({sum.op.empty() ? QStringLiteral("layers") : qt(sum.op),
                          shareText(static_cast<double>(sum.cycles), whole), static_cast<double>(sum.cycles),
                          theme.ofOperator(sum.op), -1});
    }
    for (const Owner& owner : profile.owners) {
        if (owner.cycles != 0) {
            shares.push_back({qt(owner.name), shareText(static_cast<double>(owner.cycles), whole),
                              static_cast<double>(owner.cycles),
                              mixed(theme.neutral, theme.surface, 0.12 * static_cast<double>(shares.size() % 4)), -1});
        }
    }
    auto* owners = new ShareView(QStringLiteral("cycles by operator"), card);
    owners->setShares(std::move(shares), whole);
    connect(owners, &ShareView::clicked, this, [this] { Q_EMIT pageWanted(PageId::Layers); });
    card->header()->addWidget(exportButton(owners, card));
    card->body()->addWidget(owners);
    std::vector<Share> reasons;
    for (std::size_t i = 0; i < kStallCount; ++i) {
        if (profile.totals.stalls[i] != 0) {
            reasons.push_back({qt(stallTitle(i)), shareText(static_cast<double>(profile.totals.stalls[i]), whole),
                               static_cast<double>(profile.totals.stalls[i]), theme.ofStall(i), -1});
        }
    }
    auto* stalls = new ShareView(QStringLiteral("cycles by reason"), card);
    stalls->setShares(std::move(reasons), whole);
    card->body()->addSpacing(4);
    card->body()->addWidget(caption(QStringLiteral("By reason"), card));
    card->body()->addWidget(stalls);
    return card;
}

QWidget* SummaryPage::makeSlowestCard(QWidget* parent) {
    const Profile& profile = document()->profile;
    auto* card = new Card(qt(adviceTitle(profile)), parent);
    for (const Finding& finding : findingsOf(profile, Severity::Advice)) {
        auto* head = new QHBoxLayout;
        auto* name = new QLabel(qt(finding.title), card);
        name->setFont(scaledFont(font(), 1, QFont::DemiBold));
        name->setWordWrap(true);
        head->addWidget(name, 1);
        if (const auto layer = targetLayer(profile, finding)) {
            addLinks(head, static_cast<int>(*layer), card);
        }
        card->body()->addLayout(head);
        card->body()->addWidget(prose(qt(sentencesOf(finding)), card));
        card->body()->addSpacing(6);
    }
    card->body()->addStretch();
    return card;
}

void SummaryPage::addLinks(QHBoxLayout* head, int layer, QWidget* parent) {
    const std::pair<const char*, PageId> targets[] = {
        {"Layers", PageId::Layers}, {"Memory", PageId::Memory}, {"Code", PageId::Code}};
    for (const auto& [text, page] : targets) {
        auto* button =
            flatButton(QLatin1String(text),
                       QStringLiteral("Show layer %1 on the page %2").arg(layer).arg(QLatin1String(text)), parent);
        connect(button, &QToolButton::clicked, this, [this, layer, target = page] { showLayer(layer, target); });
        head->addWidget(button);
    }
}

QWidget* SummaryPage::makeRunCard(QWidget* parent) {
    const Profile& profile = document()->profile;
    auto* card = new Card(QStringLiteral("What ran"), parent);
    auto* grid = new QGridLayout;
    grid->setColumnStretch(1, 1);
    grid->setHorizontalSpacing(14);
    grid->setVerticalSpacing(4);
    for (const std::string& change : whatIfSentences(profile)) {
        addRow(grid, QStringLiteral("What if"), qt(change), card);
    }
    addRow(grid, QStringLiteral("Firmware"),
           QStringLiteral("%1 (%2)").arg(qt(profile.firmware.name), qt(nameOf(profile.firmware.format))), card);
    addRow(grid, QStringLiteral("SHA-256"),
           qt(profile.firmware.sha256.substr(0, 16)) +
               (profile.firmware.sha256.size() > 16 ? QStringLiteral("…") : QString()),
           card);
    if (!profile.firmware.changed.empty()) {
        addRow(grid, QStringLiteral("Changed"), qt(profile.firmware.changed), card);
    }
    addRow(grid, QStringLiteral("Board"), QStringLiteral("%1, %2").arg(qt(profile.board.name), qt(profile.board.mcu)),
           card);
    addRow(grid, QStringLiteral("Core"),
           QStringLiteral("%1 at %2").arg(qt(profile.board.core), qt(humanFrequency(profile.board.clockHz))), card);
    addRow(grid, QStringLiteral("Chosen"), qt(profile.board.why), card);
    addRow(grid, QStringLiteral("Network"),
           profile.layers.empty()
               ? QStringLiteral("none recognised")
               : QStringLiteral("%1, %2 operators").arg(qt(profile.network.name)).arg(profile.network.operators),
           card);
    addRow(grid, QStringLiteral("Recognised"),
           qt(profile.network.recogniser + (profile.network.source.empty() ? "" : ", " + profile.network.source)),
           card);
    addRow(grid, QStringLiteral("Ended"),
           QStringLiteral("%1: %2").arg(qt(nameOf(profile.halt.reason)), qt(profile.halt.what)), card);
    addRow(grid, QStringLiteral("Made by"), QStringLiteral("simprof %1").arg(qt(profile.tool.version)), card);
    card->body()->addLayout(grid);
    card->body()->addStretch();
    return card;
}

QWidget* SummaryPage::makeTrustCard(QWidget* parent) {
    auto* card = new Card(QStringLiteral("How faithful"), parent);
    auto* grid = new QGridLayout;
    grid->setColumnStretch(1, 1);
    grid->setHorizontalSpacing(14);
    grid->setVerticalSpacing(4);
    for (const Finding& finding : findingsOf(document()->profile, Severity::Basis)) {
        addRow(grid, qt(finding.title), qt(sentencesOf(finding)), card);
    }
    card->body()->addLayout(grid);
    card->body()->addStretch();
    return card;
}

QWidget* SummaryPage::makeAssumptionsCard(QWidget* parent) {
    const ProfileBoard& board = document()->profile.board;
    auto* card = new Card(QStringLiteral("Assumptions"), parent);
    for (const std::string& assumption : board.assumptions) {
        card->body()->addWidget(prose(qt(assumption), card));
    }
    if (board.assumptions.empty()) {
        card->body()->addWidget(prose(QStringLiteral("none"), card));
    }
    return card;
}

} // namespace simprof::gui
