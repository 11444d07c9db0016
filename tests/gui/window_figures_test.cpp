// SPDX-License-Identifier: GPL-2.0-or-later
// The pages follow the layer, the figures and the inference that are chosen.
#include "gui/counting_bar.h"
#include "gui/page_deck.h"
#include "gui/pages/code_page.h"
#include "gui/pages/code_pane.h"
#include "gui/pages/compare_page.h"
#include "gui/pages/energy_page.h"
#include "gui/pages/layers_page.h"
#include "gui/pages/memory_page.h"
#include "gui/pages/timeline_page.h"
#include "gui/text.h"
#include "tests/gui/window_fixture.h"

#include <QComboBox>
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
    return from <= static_cast<double>(begin) && to >= static_cast<double>(end) && to - from < 4 * length;
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

TEST_F(Window, ALayersCodeIsItsKernelWhateverItIsCalled) {
    Profile profile = sampleProfile();
    const auto kernel = static_cast<std::size_t>(Document(profile).kernelOf(2));
    profile.functions[kernel].name = "tflite::ops::micro::Conv::Eval(TfLiteContext*, TfLiteNode*)";
    profile.layers[2].kernel = "Conv::Eval";
    MainWindow window(sampleRun);
    window.setDocument(std::make_shared<const Document>(profile));
    window.show();
    window.showPage(PageId::Layers);
    window.selection()->setLayer(2);
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

TEST_F(Window, WhatIsLeftOutIsHatchedAndCounted) {
    Profile profile = sampleProfile();
    for (CallNode& node : profile.callTree) { // a million short calls below the function that runs the layers
        if (node.layer >= 0 && node.parent >= 0) {
            node.calls += 1'000'000;
            break;
        }
    }
    MainWindow window(sampleRun);
    window.resize(1440, 900);
    window.setDocument(std::make_shared<const Document>(profile));
    window.show();
    window.showPage(PageId::Timeline);
    QCoreApplication::processEvents();
    const std::string calls = grouped(LeftOut(profile).calls());
    EXPECT_TRUE(titleOf(window.timelinePage(), (calls + " calls were too short").c_str())
                    .endsWith(QStringLiteral("hatched where they may lie")))
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
