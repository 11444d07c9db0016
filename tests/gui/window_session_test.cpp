// SPDX-License-Identifier: GPL-2.0-or-later
// A session as a developer has it, with the real simulator: the firmware is built anew twice while the window is open,
// the last two runs are compared, the slowest layer is followed to its kernel's source, a run is cancelled.
#include "gui/page_deck.h"
#include "gui/pages/code_page.h"
#include "gui/pages/code_pane.h"
#include "gui/pages/compare_page.h"
#include "gui/pages/layers_page.h"
#include "gui/pages/start_page.h"
#include "gui/run_bar.h"
#include "gui/widgets.h"
#include "profiler/profile_run.h"
#include "tests/gui/window_fixture.h"

#include <QFileInfo>
#include <QTableView>
#include <QTest>
#include <QToolButton>

namespace simprof::gui {
namespace {

using test::waitFor;

constexpr int kRunMilliseconds = 240'000;

/// What a linker does: the file is another one from one moment to the next.
void build(const QString& from, const QString& to) {
    QFile::remove(to + QStringLiteral(".new"));
    ASSERT_TRUE(QFile::copy(from, to + QStringLiteral(".new")));
    QFile::remove(to);
    ASSERT_TRUE(QFile::rename(to + QStringLiteral(".new"), to));
}

bool waitForRun(MainWindow& window, std::size_t number) {
    return waitFor([&] { return window.runs().all().size() == number && !window.controller()->isBusy(); },
                   kRunMilliseconds);
}

int slowestLayer(const Profile& profile) {
    const auto slowest = std::ranges::max_element(profile.layers, {}, &LayerInfo::cycles);
    return static_cast<int>(slowest - profile.layers.begin());
}

TEST_F(Window, ASessionOfEditBuildRunCompare) {
    const QString samples = QStringLiteral(SIMPROF_BINARY_DIR "/firmware/");
    const QString fast = samples + QStringLiteral("kws-stm32f746g-disco.elf");
    const QString slow = samples + QStringLiteral("kws-stm32f746g-disco-slower.elf");
    if (!QFileInfo::exists(fast) || !QFileInfo::exists(slow)) {
        GTEST_SKIP() << "the firmware samples are not built";
    }
    const QString firmware = path("kws.elf");
    build(slow, firmware);
    MainWindow window(profileRun);
    window.resize(1280, 800);
    window.show();
    window.activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
    window.codePage()->pane()->setSourceRoots({SIMPROF_SOURCE_DIR});
    window.openPath(firmware);
    keep(window, "session-1-opened");
    QTest::keyClick(&window, Qt::Key_R, Qt::ControlModifier);
    ASSERT_TRUE(waitForRun(window, 1)) << window.failure().toStdString();
    // Built anew: offered, and run by the button.
    build(fast, firmware);
    ASSERT_TRUE(waitFor([&] { return window.deck()->banner()->isVisible(); }));
    keep(window, "session-2-built-anew");
    QTest::mouseClick(window.deck()->banner()->button(), Qt::LeftButton);
    ASSERT_TRUE(waitForRun(window, 2)) << window.failure().toStdString();
    // Once more, and run without asking.
    window.setRunsAgain(true);
    build(slow, firmware);
    ASSERT_TRUE(waitForRun(window, 3)) << window.failure().toStdString();
    window.setRunsAgain(false);
    keep(window, "session-3-third-run");
    QTest::keyClick(&window, Qt::Key_B, Qt::ControlModifier);
    ASSERT_TRUE(window.comparePage()->isVisible());
    EXPECT_EQ(window.comparePage()->base(), window.runs().all()[1].document);
    EXPECT_GT(window.document()->profile.totals.cycles, window.comparePage()->base()->profile.totals.cycles);
    keep(window, "session-4-compared");
    // From the slowest layer to the source of its kernel.
    window.showPage(PageId::Layers);
    QTableView* table = window.layersPage()->table();
    const int slowest = slowestLayer(window.document()->profile);
    QCoreApplication::processEvents();
    table->scrollTo(table->model()->index(slowest, 1));
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                      table->visualRect(table->model()->index(slowest, 1)).center());
    ASSERT_EQ(window.selection()->layer(), slowest);
    keep(window, "session-5-slowest-layer");
    for (QToolButton* button : window.layersPage()->findChildren<QToolButton*>()) {
        if (button->text() == QStringLiteral("Code")) {
            QTest::mouseClick(button, Qt::LeftButton);
        }
    }
    ASSERT_TRUE(window.codePage()->isVisible());
    CodePane* pane = window.codePage()->pane();
    EXPECT_EQ(pane->shown(), window.document()->kernelOf(slowest));
    const auto* source = pane->source()->model();
    ASSERT_GT(source->rowCount(), 3);
    bool hasText = false;
    for (int row = 0; row < source->rowCount(); ++row) {
        hasText = hasText || !source->index(row, CodeModel::Text).data().toString().isEmpty();
    }
    EXPECT_TRUE(hasText) << "the source of the kernel";
    keep(window, "session-6-kernel");
    // A long run is cancelled from the page of the console.
    RunOptions options = window.startPage()->options();
    options.untilInferences = 100'000;
    window.run(options);
    window.showPage(PageId::Console);
    ASSERT_TRUE(waitFor([&] { return window.controller()->isRunningFirmware(); }));
    waitFor([] { return false; }, 500);
    keep(window, "session-7-running");
    QTest::keyClick(window.deck()->shown(), Qt::Key_Escape);
    ASSERT_TRUE(waitForRun(window, 4)) << window.failure().toStdString();
    keep(window, "session-8-cancelled");
    EXPECT_EQ(window.runs().all().size(), 4U);
}

} // namespace
} // namespace simprof::gui
