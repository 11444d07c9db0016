// SPDX-License-Identifier: GPL-2.0-or-later
// The real window, driven by mouse and keyboard; its pictures are kept beside the build.
#include "gui/pages/code_page.h"
#include "gui/pages/compare_page.h"
#include "gui/pages/console_page.h"
#include "gui/pages/energy_page.h"
#include "gui/pages/layers_page.h"
#include "gui/pages/memory_page.h"
#include "gui/pages/start_page.h"
#include "gui/pages/summary_page.h"
#include "gui/pages/timeline_page.h"
#include "tests/gui/window_fixture.h"

#include <QAbstractButton>
#include <QAbstractSlider>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSlider>
#include <QTableView>
#include <QTest>

#include <chrono>

namespace simprof::gui {
namespace {

using test::sampleDocument;
using test::sampleProfile;
using test::waitFor;

TEST_F(Window, OpensAProfileAndShowsEveryPage) {
    MainWindow window(sampleRun);
    window.resize(1440, 900);
    window.show();
    window.openPath(writeSample("a.simprof"));
    ASSERT_TRUE(waitFor([&] { return window.document() != nullptr; }));
    EXPECT_EQ(window.windowTitle().toStdString(),
              "a.simprof: kws-stm32f746g-disco.elf on stm32f746g-disco[*] - simprof");
    EXPECT_FALSE(window.isWindowModified());
    for (std::size_t i = 0; i < kPageNames.size(); ++i) {
        window.showPage(static_cast<PageId>(i));
        keep(window, kPageNames[i]);
    }
    EXPECT_EQ(window.consolePage()->text()->toPlainText().toStdString(), "kws: yes (score 117)\nkws: no (score 98)\n");
}

TEST_F(Window, ASelectedLayerIsFollowedByAllPages) {
    MainWindow window(sampleRun);
    window.resize(1440, 900);
    window.setDocument(sampleDocument());
    window.show();
    window.showPage(PageId::Layers);
    QTableView* table = window.layersPage()->table();
    QCoreApplication::processEvents();
    const QRect cell = table->visualRect(table->model()->index(2, 1));
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, cell.center());
    EXPECT_EQ(window.selection()->layer(), 2);
    EXPECT_EQ(window.codePage()->functions()->currentIndex().data(RowIdRole).toInt(),
              test::functionNamed(window.document(), "arm_nn_mat_mult_nt_t_s8"));
    QTest::keyClick(table, Qt::Key_Down);
    EXPECT_EQ(window.selection()->layer(), 3);
    window.showPage(PageId::Memory);
    keep(window, "memory-selected");
}

TEST_F(Window, PicturesZoomPanAndMeasure) {
    MainWindow window(sampleRun);
    window.resize(1440, 900);
    window.setDocument(sampleDocument());
    window.show();
    window.showPage(PageId::Timeline);
    QCoreApplication::processEvents();
    TimelineView* view = window.timelinePage()->timeline();
    const double whole = view->range().length();
    QTest::keyClick(view, Qt::Key_Plus);
    const double closer = view->range().length();
    EXPECT_LT(closer, whole);
    const double begin = view->range().begin;
    QTest::keyClick(view, Qt::Key_Right);
    EXPECT_GT(view->range().begin, begin);
    QTest::keyClick(view, Qt::Key_Home);
    EXPECT_TRUE(
        waitFor([&] { return view->range().length() >= whole * (1 - 1e-9); }, 2000)); // on a screen it is animated
    const QPoint from(300, 160);
    QTest::mousePress(view, Qt::LeftButton, Qt::ShiftModifier, from);
    QTest::mouseMove(view, from + QPoint(60, 0));
    QTest::mouseMove(view, from + QPoint(200, 0));
    QTest::mouseRelease(view, Qt::LeftButton, Qt::ShiftModifier, from + QPoint(200, 0));
    ASSERT_TRUE(window.selection()->range().has_value());
    EXPECT_GT(window.selection()->range()->end, window.selection()->range()->begin);
    keep(window, "timeline-measured");
    QTest::keyClick(view, Qt::Key_Z);
    EXPECT_TRUE(waitFor([&] { return view->range().length() < whole / 2; }, 2000));
    waitFor([] { return false; }, 300);
    keep(window, "timeline-zoomed");
    QWheelEvent wheel(QPointF(400, 200), view->mapToGlobal(QPointF(400, 200)), {}, QPoint(0, 120), Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    const double before = view->range().length();
    QCoreApplication::sendEvent(view, &wheel);
    EXPECT_LT(view->range().length(), before);
}

TEST_F(Window, TheMemoryPictureChangesItsState) {
    MainWindow window(sampleRun);
    window.resize(1440, 900);
    window.setDocument(sampleDocument());
    window.show();
    window.showPage(PageId::Memory);
    TetrisView* view = window.memoryPage()->tetris();
    QCoreApplication::processEvents();
    const QImage measured = view->toImage(1);
    view->setState(TetrisState::Reserved);
    ASSERT_TRUE(waitFor([&] { return view->toImage(1) != measured; }));
    view->setUnit(TimeUnit::LayerSteps);
    keep(window, "memory-reserved");
    view->showBlock(3);
    EXPECT_EQ(view->pickedBlock(), 3);
    keep(window, "memory-block");
    QTest::mouseDClick(view, Qt::LeftButton, {}, QPoint(view->width() - 60, 60));
}

TEST_F(Window, TheEnergyCalculatorAnswersAtOnce) {
    MainWindow window(sampleRun);
    window.setDocument(sampleDocument());
    window.showPage(PageId::Energy);
    const double before = window.energyPage()->answer().averageMicrowatts;
    ASSERT_GT(before, 0);
    QSlider* slider = window.energyPage()->findChild<QSlider*>();
    ASSERT_NE(slider, nullptr);
    slider->setValue(slider->value() - 100); // a shorter period
    EXPECT_GT(window.energyPage()->answer().averageMicrowatts, before * 1.5);
}

TEST_F(Window, FindGoesAnywhere) {
    MainWindow window(sampleRun);
    window.resize(1440, 900);
    window.setDocument(sampleDocument());
    window.show();
    window.showPage(PageId::Summary);
    const auto findAndGo = [&](const char* words) {
        window.commandPalette()->ask();
        QTest::keyClicks(window.commandPalette()->words(), QLatin1String(words));
        QTest::keyClick(window.commandPalette()->words(), Qt::Key_Return);
    };
    findAndGo("9 average");
    EXPECT_EQ(window.selection()->layer(), 9);
    findAndGo("arm_softmax");
    EXPECT_EQ(window.selection()->function(), test::functionNamed(window.document(), "arm_softmax_s8"));
    EXPECT_TRUE(window.codePage()->isVisible());
    findAndGo("tensor dense");
    findAndGo("Energy");
    EXPECT_TRUE(window.energyPage()->isVisible());
    window.commandPalette()->ask();
    QTest::keyClicks(window.commandPalette()->words(), QStringLiteral("conv"));
    QCoreApplication::processEvents();
    ASSERT_TRUE(window.commandPalette()->grab().save(test::outputFolder() + QStringLiteral("/window-find.png")));
}

TEST_F(Window, ComparesTwoProfiles) {
    MainWindow window(sampleRun);
    window.resize(1440, 900);
    window.setDocument(sampleDocument({.slowLayer = 4, .slowPercent = 25}));
    window.setBase(sampleDocument());
    window.show();
    window.showPage(PageId::Compare);
    keep(window, "compare");
    const QAbstractItemModel* model = window.comparePage()->table()->model();
    EXPECT_EQ(model->index(4, 5).data().toString().toStdString().substr(0, 1), "+");
    EXPECT_EQ(model->index(3, 5).data().toString().toStdString(), "");
}

TEST_F(Window, RunsAFirmwareTwice) {
    MainWindow window(sampleRun);
    window.show();
    window.openFirmware(write("fw.hex", kHexFile), std::nullopt);
    const int threads = test::threadCount();
    for (int i = 0; i < 2; ++i) {
        window.setDocument(nullptr);
        window.run(window.startPage()->options());
        ASSERT_TRUE(waitFor([&] { return window.document() != nullptr; })) << window.failure().toStdString();
        EXPECT_FALSE(window.controller()->isBusy());
    }
    EXPECT_EQ(test::threadCount(), threads);
    EXPECT_TRUE(window.summaryPage()->isVisible());
}

TEST_F(Window, ClosingDuringARunLeavesNoThread) {
    const int threads = test::threadCount();
    {
        MainWindow window([](const FirmwareImage&, const RunOptions& options) {
            while (!*options.cancel) {
                options.progress({});
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
            }
            return sampleProfile();
        });
        window.show();
        window.openFirmware(write("fw.hex", kHexFile), std::nullopt);
        window.run(window.startPage()->options());
        waitFor([] { return false; }, 60);
        EXPECT_TRUE(window.controller()->isBusy());
        keep(window, "running");
        window.close();
    }
    EXPECT_EQ(test::threadCount(), threads);
}

TEST_F(Window, ACancelledRunIsMarkedAsPartial) {
    MainWindow window(sampleRun);
    Profile profile = sampleProfile();
    profile.halt = {HaltReason::Kind::Cancelled, "the run was cancelled", 0x08000344, 0, std::nullopt};
    profile.findings = makeFindings(profile);
    window.setDocument(std::make_shared<const Document>(profile));
    bool said = false;
    for (const QLabel* label : window.summaryPage()->findChildren<QLabel*>()) {
        said = said || label->text().startsWith(QStringLiteral("Partial profile"));
    }
    EXPECT_TRUE(said);
}

TEST_F(Window, AFaultIsShownWithRegistersAndCalls) {
    MainWindow window(sampleRun);
    window.resize(1440, 900);
    Profile profile = sampleProfile({.inferences = 1});
    ProfileFault fault;
    fault.exception = "HardFault";
    fault.status = {"HFSR.FORCED", "CFSR.UNALIGNED"};
    fault.cfsr = 0x01000000;
    fault.pc = 0x08000344;
    fault.registers.assign(17, 0x20000001);
    fault.callStack = {"arm_convolve_s8+0x12 (arm_convolve_s8.c:60)", "main+0x40 (main.cc:92)"};
    fault.what = "unaligned word load from 0x20000001";
    profile.halt = {HaltReason::Kind::Fault, "unaligned word load from 0x20000001", 0x08000344, 0, fault};
    window.setDocument(std::make_shared<const Document>(profile));
    window.show();
    window.showPage(PageId::Summary);
    keep(window, "fault");
    QString all;
    for (const QLabel* label : window.summaryPage()->findChildren<QLabel*>()) {
        all += label->text() + QLatin1Char('\n');
    }
    for (const char* text :
         {"HardFault at 0x08000344", "CFSR.UNALIGNED", "xPSR", "arm_convolve_s8+0x12", "main+0x40"}) {
        EXPECT_TRUE(all.contains(QLatin1String(text))) << text;
    }
}

TEST_F(Window, BadFilesAreSentencesAndTheOpenProfileStays) {
    MainWindow window(sampleRun);
    window.setDocument(sampleDocument());
    const DocumentPtr open = window.document();
    QByteArray newer = QByteArray::fromStdString(toJson(sampleProfile()));
    newer.replace("simprof-profile/1", "simprof-profile/9");
    const QString files[] = {write("cut.simprof", QByteArray::fromStdString(toJson(sampleProfile())).left(5000)),
                             write("newer.simprof", newer), write("empty.simprof", {}),
                             write("junk.simprof", QByteArray(1000, '\xA5')), path("vanished.simprof")};
    for (const QString& file : files) {
        window.openPath(file);
        ASSERT_TRUE(waitFor([&] { return !window.failure().isEmpty(); })) << file.toStdString();
        EXPECT_GT(window.failure().size(), 20) << window.failure().toStdString();
        EXPECT_EQ(window.document(), open);
    }
    window.openPath(files[1]);
    ASSERT_TRUE(waitFor([&] { return !window.failure().isEmpty(); }));
    EXPECT_TRUE(window.failure().contains(QStringLiteral("simprof-profile/9"))) << window.failure().toStdString();
    // Something that is no firmware either: the start page says so and asks for an address.
    window.openPath(write("noise.bin", QByteArray(64, '\x11')));
    window.show();
    EXPECT_TRUE(window.startPage()->isVisible());
    keep(window, "bad-firmware");
}

TEST_F(Window, LightAndDarkAreSwitched) {
    MainWindow window(sampleRun);
    window.resize(1200, 800);
    window.setDocument(sampleDocument());
    window.selection()->setLayer(3);
    window.show();
    window.showPage(PageId::Memory);
    window.setAppearance(Appearance::Dark);
    const int dark = window.grab().toImage().pixelColor(600, 790).lightness();
    EXPECT_EQ(window.selection()->layer(), 3) << "the selection is kept";
    window.setAppearance(Appearance::Light);
    const int light = window.grab().toImage().pixelColor(600, 790).lightness();
    EXPECT_LT(dark, 80);
    EXPECT_GT(light, 180);
}

TEST_F(Window, EveryControlHasANameForScreenReaders) {
    MainWindow window(sampleRun);
    window.setDocument(sampleDocument());
    for (const QWidget* widget : window.findChildren<QWidget*>()) {
        const bool control =
            widget->focusPolicy() != Qt::NoFocus &&
            (qobject_cast<const QAbstractButton*>(widget) != nullptr ||
             qobject_cast<const QLineEdit*>(widget) != nullptr ||
             qobject_cast<const QAbstractSlider*>(widget) != nullptr ||
             qobject_cast<const PaintedView*>(widget) != nullptr || qobject_cast<const QTableView*>(widget) != nullptr);
        const auto* button = qobject_cast<const QAbstractButton*>(widget);
        const bool inside = widget->objectName().startsWith(QStringLiteral("qt_"));
        if (control && !inside) {
            EXPECT_TRUE(!widget->accessibleName().isEmpty() || (button != nullptr && !button->text().isEmpty()))
                << widget->metaObject()->className() << " in " << widget->parentWidget()->metaObject()->className();
        }
    }
}

} // namespace
} // namespace simprof::gui
