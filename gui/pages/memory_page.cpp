// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/pages/memory_page.h"

#include "gui/text.h"
#include "gui/theme.h"
#include "gui/views/legend_view.h"
#include "gui/widgets.h"

#include <QButtonGroup>
#include <QHBoxLayout>

namespace simprof::gui {

MemoryPage::MemoryPage(Selection* selection, QWidget* parent)
    : Page(selection, parent) {
    QVBoxLayout* layout = scrollingBody(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->setSpacing(10);
    layout->addWidget(makeNumbers());
    auto* card = new Card(QString(), this);
    m_tetris = new TetrisView(QStringLiteral("memory over time"), selection, card);
    card->body()->addWidget(makeTools());
    card->body()->addWidget(m_tetris, 1);
    layout->addWidget(card, 1);
    auto* sram = new Card(QStringLiteral("Where every byte of SRAM went"), this);
    m_sram = new ShareView(QStringLiteral("SRAM by owner"), sram);
    sram->body()->addWidget(m_sram);
    layout->addWidget(sram);
    connect(m_tetris, &TimeView::hovered, this, &Page::hovered);
    connect(selection, &Selection::countingChanged, this, &MemoryPage::showInference);
}

QWidget* MemoryPage::makeNumbers() {
    auto* row = new TileGrid(this);
    m_reserved = row->add(QStringLiteral("Reserved by the firmware"));
    m_used = row->add(QStringLiteral("Used"));
    m_live = row->add(QStringLiteral("Live at the peak"));
    m_stack = row->add(QStringLiteral("Stack, deepest"));
    return row;
}

QWidget* MemoryPage::makeTools() {
    auto* row = new QWidget(this);
    auto* rows = new QVBoxLayout(row);
    rows->setContentsMargins(0, 0, 0, 0);
    auto* layout = new QHBoxLayout;
    layout->setSpacing(4);
    rows->addLayout(layout);
    m_title = new QLabel(row);
    m_title->setObjectName(QStringLiteral("title"));
    layout->addWidget(m_title);
    layout->addStretch();
    const auto group = [&](std::initializer_list<std::tuple<const char*, const char*, int>> choices, auto chosen) {
        auto* buttons = new QButtonGroup(row);
        for (const auto& [text, tip, id] : choices) {
            QToolButton* button = flatButton(QString::fromUtf8(text), QString::fromUtf8(tip), row, true);
            buttons->addButton(button, id);
            layout->addWidget(button);
        }
        buttons->buttons().first()->setChecked(true);
        connect(buttons, &QButtonGroup::idClicked, this, chosen);
        layout->addSpacing(10);
    };
    group({{"As measured", "Blocks live from their first write to their last read", 0},
           {"As reserved", "Blocks live for whole layers, as an allocator keeps them", 1}},
          [this](int id) { m_tetris->setState(static_cast<TetrisState>(id)); });
    group({{"Time", "The axis counts time", 1},
           {"Cycles", "The axis counts cycles", 0},
           {"Layers", "The axis counts layers, each as wide as the other", 2}},
          [this](int id) { m_tetris->setUnit(static_cast<TimeUnit>(id)); });
    auto* lower = new QHBoxLayout;
    lower->setSpacing(4);
    rows->addLayout(lower);
    m_legend = blockLegend(row);
    lower->addWidget(m_legend, 1);
    using Zoom = void (*)(TimeView&);
    const std::tuple<const char*, const char*, Zoom> zooms[] = {
        {"−", "Zoom out (−)", [](TimeView& view) { view.zoomOut(); }},
        {"+", "Zoom in (+)", [](TimeView& view) { view.zoomIn(); }},
        {"Fit", "Show everything (Home)", [](TimeView& view) { view.fit(); }}};
    for (const auto& [text, tip, action] : zooms) {
        QToolButton* button = flatButton(QString::fromUtf8(text), QString::fromUtf8(tip), row);
        connect(button, &QToolButton::clicked, this, [this, zoom = action] { zoom(*m_tetris); });
        lower->addWidget(button);
    }
    lower->addWidget(exportButton(m_tetris, row));
    return row;
}

void MemoryPage::setDocument(DocumentPtr document) {
    Page::setDocument(document);
    m_tetris->setDocument(document);
    showNumbers();
}

void MemoryPage::showInference() {
    if (!document()) {
        return;
    }
    const Profile& profile = document()->profile;
    const int wanted = possible(profile, selection()->counting()).inference;
    const auto shown = static_cast<int>(profile.memory.inference);
    m_title->setText(profile.inferences.empty()       ? QStringLiteral("Memory")
                     : wanted >= 0 && wanted != shown ? QStringLiteral("Of inference %1 only").arg(shown)
                                                      : QStringLiteral("Inference %1").arg(shown));
    m_title->setToolTip(QStringLiteral("A profile holds the memory of one inference, the %1").arg(shown));
}

void MemoryPage::showNumbers() {
    if (!document()) {
        return;
    }
    const ProfileMemory& memory = document()->profile.memory;
    const Theme& theme = Theme::of(this);
    m_legend->setEntries(blockEntries(!document()->tetris.byteCurve().empty(), memory.heap.highWaterBytes != 0));
    showInference();
    if (memory.arena) {
        const auto whole = static_cast<double>(reserved(*memory.arena));
        m_reserved->setValue(bytesText(reserved(*memory.arena)),
                             QStringLiteral("arena at %1").arg(addressText(memory.arena->base)));
        m_used->setValue(bytesText(memory.arena->usedBytes),
                         QStringLiteral("%1 of the arena touched, %2 needed")
                             .arg(shareText(static_cast<double>(memory.arena->usedBytes), whole),
                                  bytesText(memory.arena->neededBytes)));
        m_live->setValue(
            bytesText(memory.arena->peakLiveBytes),
            QStringLiteral("%1 of the arena").arg(shareText(static_cast<double>(memory.arena->peakLiveBytes), whole)));
    } else {
        m_reserved->setValue(QStringLiteral("–"), QStringLiteral("no arena was found"));
        m_used->setValue(QStringLiteral("–"));
        m_live->setValue(QStringLiteral("–"));
    }
    m_stack->setValue(bytesText(memory.stack.highWaterBytes),
                      memory.stack.overflowsInto.empty()
                          ? (memory.stack.sizeBytes == 0
                                 ? QStringLiteral("reserved size unknown")
                                 : QStringLiteral("of %1 reserved").arg(bytesText(memory.stack.sizeBytes)))
                          : QStringLiteral("runs over into %1").arg(qt(memory.stack.overflowsInto)));
    QStringList holders;
    for (const StackFrame& frame : memory.stack.frames) {
        holders += QStringLiteral("%1  %2").arg(bytesText(frame.bytes), qt(frame.function));
    }
    m_stack->setToolTip(holders.join(QLatin1Char('\n')));
    std::vector<Share> shares;
    const auto colourOf = [&theme](SramUse use) -> QColor {
        switch (use) {
        case SramUse::Tensors: return blockColour(theme, BlockKind::Activation);
        case SramUse::Scratch: return blockColour(theme, BlockKind::Scratch);
        case SramUse::PersistentArena: return blockColour(theme, BlockKind::Persistent);
        case SramUse::Stack: return theme.series[3];
        case SramUse::Heap: return theme.series[4];
        case SramUse::StaticData: return theme.series[6];
        case SramUse::Untouched: break;
        }
        return mixed(theme.surface, theme.neutral, 0.25);
    };
    for (const SramOwner& owner : memory.sram) {
        if (owner.bytes != 0) {
            shares.push_back({qt(nameOf(owner.use)), bytesText(owner.bytes), static_cast<double>(owner.bytes),
                              colourOf(owner.use), -1});
        }
    }
    m_sram->setShares(std::move(shares));
}

} // namespace simprof::gui
