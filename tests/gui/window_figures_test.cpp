// SPDX-License-Identifier: GPL-2.0-or-later
// The pages follow the layer, the figures and the inference that are chosen.
#include "gui/counting_bar.h"
#include "gui/page_deck.h"
#include "gui/pages/code_page.h"
#include "gui/pages/code_pane.h"
#include "gui/pages/compare_page.h"
#include "gui/pages/console_page.h"
#include "gui/pages/energy_page.h"
#include "gui/pages/layers_page.h"
#include "gui/pages/memory_page.h"
#include "gui/pages/summary_page.h"
#include "gui/pages/timeline_page.h"
#include "gui/text.h"
#include "gui/widgets.h"
#include "profiler/run/console_capture.h"
#include "tests/gui/window_fixture.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

namespace simprof::gui {
namespace {

using test::sampleDocument;
using test::sampleProfile;
using test::waitFor;

/// Whether a view over time shows this stretch, and not much more.
bool shows(const TimeView& view, Cycles begin, Cycles end) {
    const double from = view.axis().toCycles(view.range().begin);
    const double to = view.axis().toCycles(view.range().end);
    const auto length = static_cast<double>(end - begin);
    return from <= static_cast<double>(begin) + 1 && to >= static_cast<double>(end) - 1 && to - from < 4 * length;
}

TEST_F(Window, ASelectedLayerIsScrolledAndZoomedToOnEveryPage) {
    MainWindow window(sampleRun);
    window.resize(1000, 620);
    window.setDocument(sampleDocument());
    window.setBase(sampleDocument({.slowLayer = 4, .slowPercent = 25}));
    window.show();
    for (std::size_t i = 0; i < kPageNames.size(); ++i) { // all pages have their size
        window.showPage(static_cast<PageId>(i));
        QCoreApplication::processEvents();
    }
    window.layersPage()->filter()->setText(QStringLiteral("softmax"));
    window.selection()->setLayer(11);
    waitFor([] { return false; }, 250); // on a screen it is animated
    const Profile& profile = window.document()->profile;
    const Span& run = profile.inferences[0].spans[11];
    ASSERT_EQ(run.layer, 11);
    const Cycles end = run.startCycle + run.cycles;
    EXPECT_TRUE(shows(*window.timelinePage()->timeline(), run.startCycle, end));
    EXPECT_TRUE(shows(*window.memoryPage()->tetris(), run.startCycle, end));
    EXPECT_TRUE(shows(*window.energyPage()->findChild<PowerView*>(), run.startCycle, end));
    for (const TetrisView* view : window.comparePage()->findChildren<TetrisView*>()) {
        EXPECT_LT(view->range().length(), 0.5 * (view->range().high - view->range().low));
    }
    for (QTableView* table : {window.layersPage()->table(), window.comparePage()->table()}) {
        EXPECT_EQ(table->currentIndex().data(RowIdRole).toInt(), 11);
    }
    EXPECT_EQ(window.layersPage()->filter()->text().toStdString(), "") << "what is selected is not filtered out";
    const auto* bars = window.energyPage()->findChild<BarsView*>();
    window.showPage(PageId::Energy);
    QCoreApplication::processEvents();
    EXPECT_TRUE(bars->visibleRegion().boundingRect().contains(bars->placeOf(11).center()));
    EXPECT_EQ(window.codePage()->pane()->shown(), window.document()->kernelOf(11));
    keep(window, "followed-energy");
}

TEST_F(Window, EveryWayToALayerLeadsToIt) {
    MainWindow window(sampleRun);
    window.resize(1280, 800);
    window.setDocument(sampleDocument());
    window.show();
    window.activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
    const Profile& profile = window.document()->profile;
    const auto expectShown = [&](int layer, const TimeView& view, const char* way) {
        EXPECT_EQ(window.selection()->layer(), layer) << way;
        const Span& run = profile.inferences[0].spans[static_cast<std::size_t>(layer)];
        EXPECT_TRUE(waitFor([&] { return shows(view, run.startCycle, run.startCycle + run.cycles); }, 2000))
            << way << ": " << view.axis().toCycles(view.range().begin) << " to "
            << view.axis().toCycles(view.range().end) << " instead of " << run.startCycle << " and " << run.cycles;
    };
    window.showPage(PageId::Layers);
    EXPECT_EQ(window.selection()->layer(), -1) << "a page that is only visited selects nothing";
    QCoreApplication::processEvents();
    QTableView* table = window.layersPage()->table();
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(2, 1)).center());
    expectShown(2, *window.timelinePage()->timeline(), "a click in the table");
    QTest::keyClick(table, Qt::Key_Down);
    QTest::keyClick(table, Qt::Key_Return);
    EXPECT_TRUE(window.timelinePage()->isVisible());
    expectShown(3, *window.timelinePage()->timeline(), "Enter in the table");
    window.commandPalette()->ask();
    QTest::keyClicks(window.commandPalette()->words(), QStringLiteral("9 average"));
    QTest::keyClick(window.commandPalette()->words(), Qt::Key_Return);
    expectShown(9, *window.timelinePage()->timeline(), "the palette");
    window.showPage(PageId::Summary);
    QAbstractButton* link = nullptr;
    for (auto* button : window.deck()->summary()->findChildren<QAbstractButton*>()) {
        link = button->text() == QStringLiteral("Memory") && link == nullptr ? button : link;
    }
    ASSERT_NE(link, nullptr);
    QTest::mouseClick(link, Qt::LeftButton);
    EXPECT_TRUE(window.memoryPage()->isVisible());
    EXPECT_TRUE(link->toolTip().startsWith(QStringLiteral("Show layer %1 ").arg(window.selection()->layer())));
    expectShown(window.selection()->layer(), *window.memoryPage()->tetris(), "a link on the summary");
}

TEST_F(Window, ALayersCodeIsItsKernelWhateverItIsCalled) {
    constexpr int kLayer = 12; // its kernel is not the function that is shown first
    Profile profile = sampleProfile();
    const auto kernel = static_cast<std::size_t>(Document(profile).kernelOf(kLayer));
    profile.functions[kernel].name = "tflite::ops::micro::Softmax::Eval(TfLiteContext*, TfLiteNode*)";
    profile.layers[kLayer].kernel = "Softmax::Eval";
    MainWindow window(sampleRun);
    window.setDocument(std::make_shared<const Document>(profile));
    window.show();
    window.showPage(PageId::Layers);
    ASSERT_NE(window.codePage()->pane()->shown(), static_cast<int>(kernel));
    window.selection()->setLayer(kLayer);
    window.showPage(PageId::Code);
    EXPECT_EQ(window.codePage()->pane()->shown(), static_cast<int>(kernel));
}

QString titleOf(const QWidget* page, const char* begin) {
    for (const QLabel* label : page->findChildren<QLabel*>()) {
        if (label->text().startsWith(QLatin1String(begin))) {
            return label->text();
        }
    }
    return {};
}

QString cyclesOf(const MainWindow& window, int row) {
    const QAbstractItemModel* model = window.layersPage()->table()->model();
    return model->index(row, 4).data().toString();
}

TEST_F(Window, FiguresAndInferenceAreChosenForAllPages) {
    MainWindow window(sampleRun);
    window.resize(1280, 800);
    window.setDocument(sampleDocument());
    window.show();
    window.showPage(PageId::Layers);
    CountingBar* bar = window.deck()->countingBar();
    ASSERT_TRUE(bar->isVisible());
    const Profile& profile = window.document()->profile;
    const Cycles each = profile.inferences[0].spans[3].cycles;
    EXPECT_EQ(cyclesOf(window, 3).toStdString(), grouped(each)) << "of an inference, unless asked otherwise";
    EXPECT_EQ(titleOf(window.energyPage(), "Energy by layer").toStdString(), "Energy by layer, mean of 2 inferences");
    window.selection()->setLayer(3);
    keep(window, "figures-mean");
    bar->figures()->setCurrentIndex(static_cast<int>(Figure::Sum));
    EXPECT_EQ(cyclesOf(window, 3).toStdString(), grouped(profile.layers[3].cycles));
    EXPECT_EQ(window.selection()->layer(), 3) << "the selection is kept";
    EXPECT_EQ(titleOf(window.energyPage(), "Energy by layer").toStdString(), "Energy by layer, sum over 2 inferences");
    window.selection()->setLayer(-1);
    bar->inferences()->setValue(1);
    waitFor([] { return false; }, 250);
    EXPECT_EQ(cyclesOf(window, 3).toStdString(), grouped(profile.inferences[1].spans[3].cycles));
    EXPECT_EQ(titleOf(window.energyPage(), "Energy by layer").toStdString(), "Energy by layer, inference 1");
    EXPECT_EQ(titleOf(window.memoryPage(), "Of inference").toStdString(), "Of inference 0 only");
    const Inference& second = profile.inferences[1];
    EXPECT_TRUE(shows(*window.timelinePage()->timeline(), second.startCycle, second.startCycle + second.cycles));
    EXPECT_TRUE(
        shows(*window.energyPage()->findChild<PowerView*>(), second.startCycle, second.startCycle + second.cycles));
    window.selection()->setLayer(3);
    waitFor([] { return false; }, 250);
    const Span& run = second.spans[3];
    EXPECT_TRUE(shows(*window.timelinePage()->timeline(), run.startCycle, run.startCycle + run.cycles))
        << "its run in the inference that was chosen";
    keep(window, "figures-one");
    window.showPage(PageId::Summary);
    EXPECT_FALSE(bar->isVisible());
}

TEST_F(Window, AHiddenColumnStaysHiddenWhateverIsShown) {
    MainWindow window(sampleRun);
    window.resize(1440, 900);
    window.setDocument(sampleDocument());
    window.show();
    window.showPage(PageId::Layers);
    QTableView* table = window.layersPage()->table();
    const auto columnOf = [table](const char* key) {
        for (int column = 0; column < table->model()->columnCount(); ++column) {
            if (table->model()->headerData(column, Qt::Horizontal, KeyRole).toString() == QLatin1String(key)) {
                return column;
            }
        }
        return -1;
    };
    const int hidden = columnOf("scratch_bytes");
    const int shown = columnOf("calls");
    ASSERT_FALSE(table->isColumnHidden(hidden));
    ASSERT_TRUE(table->isColumnHidden(shown));
    stretcherOf(table)->choose(hidden, false);
    stretcherOf(table)->choose(shown, true);
    const auto expectChosen = [&](const char* after) {
        EXPECT_TRUE(table->isColumnHidden(hidden)) << after;
        EXPECT_FALSE(table->isColumnHidden(shown)) << after;
    };
    window.deck()->countingBar()->figures()->setCurrentIndex(static_cast<int>(Figure::Sum));
    expectChosen("another kind of figure");
    table->sortByColumn(4, Qt::DescendingOrder);
    window.setDocument(sampleDocument({.slowLayer = 2}));
    expectChosen("another profile");
    EXPECT_EQ(table->horizontalHeader()->sortIndicatorSection(), 4) << "a rerun does not sort anew";
    const auto& layers = window.document()->profile.layers;
    EXPECT_EQ(table->model()->index(0, 0).data(SortRole).toInt(),
              std::ranges::max_element(layers, {}, &LayerInfo::cycles)->id)
        << "the slowest first";
    window.resize(1600, 900);
    expectChosen("another size");
}

TEST_F(Window, LanesThatLieBelowTheTimelineAreNamed) {
    MainWindow window(sampleRun);
    window.resize(900, 600);
    window.setDocument(sampleDocument());
    window.show();
    window.showPage(PageId::Timeline);
    QCoreApplication::processEvents();
    TimelineView* view = window.timelinePage()->timeline();
    EXPECT_TRUE(view->lanesBelow().contains(QStringLiteral("Clock"))) << "there is no room for it";
    keep(window, "lanes-below");
    for (int i = 0; i < 20; ++i) {
        QTest::keyClick(view, Qt::Key_Down);
    }
    EXPECT_TRUE(view->lanesBelow().isEmpty());
    window.resize(1440, 1600);
    QCoreApplication::processEvents();
    EXPECT_TRUE(view->lanesBelow().isEmpty());
}

TEST_F(Window, WhatIsLeftOutIsHatchedAndCounted) {
    Profile profile = sampleProfile();
    for (CallNode& node : profile.callTree) { // a million short calls below the function that runs the layers
        if (node.layer >= 0 && node.parent >= 0) {
            node.calls += 1'000'000;
            break;
        }
    }
    profile.leftOut = {{kInferencesLeftOut, 5}, {ConsoleCapture::kLeftOut, 56'789}};
    MainWindow window(sampleRun);
    window.resize(1440, 900);
    window.setDocument(std::make_shared<const Document>(profile));
    window.show();
    EXPECT_EQ(titleOf(window.consolePage(), "2 lines").toStdString(), "2 lines, 56,789 B more were not kept");
    EXPECT_EQ(titleOf(window.deck()->summary(), "Came too often").toStdString(),
              "Came too often to be kept, only sums count them: 5 inferences, 56,789 bytes of console text.");
    window.showPage(PageId::Timeline);
    QCoreApplication::processEvents();
    const std::string calls = grouped(LeftOut(profile).calls());
    EXPECT_TRUE(titleOf(window.timelinePage(), (calls + " calls were too short").c_str())
                    .endsWith(QStringLiteral(
                        "hatched where they may lie; not kept in the profile: 5 inferences, 56,789 bytes of "
                        "console text")))
        << calls;
    const Cycles layer = profile.inferences[0].spans[0].startCycle; // before it runs what calls the layers
    window.timelinePage()->timeline()->showCycles(static_cast<double>(layer) - 60, static_cast<double>(layer) + 40);
    waitFor([] { return false; }, 250);
    const TimelineView* view = window.timelinePage()->timeline();
    QString said;
    for (int y = 60; y < view->height(); y += 4) {
        for (int x = 100; x < view->width() && said.isEmpty(); x += 3) {
            const QString text = view->textAt(QPointF(x, y));
            said = text.startsWith(QStringLiteral("not drawn")) ? text : QString();
        }
    }
    EXPECT_TRUE(said.contains(QStringLiteral("calls too short to be kept"))) << said.toStdString();
    keep(window, "left-out");
}

} // namespace
} // namespace simprof::gui
