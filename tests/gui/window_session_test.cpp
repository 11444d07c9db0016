// SPDX-License-Identifier: GPL-2.0-or-later
// A session as a developer has it, with the real simulator and the real compiler: a kernel of a sample is edited and
// the firmware built anew twice while the window is open, the last two runs are compared, the slowest layer is followed
// to its kernel's source, a run is cancelled.
#include "gui/page_deck.h"
#include "gui/pages/code_page.h"
#include "gui/pages/code_pane.h"
#include "gui/pages/compare_page.h"
#include "gui/pages/console_page.h"
#include "gui/pages/layers_page.h"
#include "gui/pages/start_page.h"
#include "gui/run_bar.h"
#include "gui/widgets.h"
#include "profiler/analysis/run_end.h"
#include "profiler/profile_run.h"
#include "tests/gui/window_fixture.h"

#include <gmock/gmock.h>

#include <QFileInfo>
#include <QPlainTextEdit>
#include <QProcess>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTableView>
#include <QTest>
#include <QToolButton>

namespace simprof::gui {
namespace {

using test::waitFor;

constexpr int kRunMilliseconds = 240'000;

QString output(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    return process.waitForFinished(120'000) && process.exitCode() == 0
               ? QString::fromUtf8(process.readAllStandardOutput())
               : QString();
}

/// The convolution kernel of the keyword-spotting sample in a folder of its own, built by the commands that the build
/// of this project has for it.
class EditedSample {
public:
    explicit EditedSample(const QString& folder)
        : m_source(folder + QStringLiteral("/firmware_samples/runtime/kernels/conv_dsp.cpp"))
        , m_firmware(folder + QStringLiteral("/kws.elf")) {
        const QString object = folder + QStringLiteral("/conv_dsp.o");
        const QString commands = output(
            QStringLiteral("ninja"), {QStringLiteral("-C"), QStringLiteral(SIMPROF_BINARY_DIR), QStringLiteral("-t"),
                                      QStringLiteral("commands"), QStringLiteral("firmware/kws-stm32f746g-disco.elf")});
        static const QRegularExpression kDependencies(QStringLiteral("-MD -MT \\S+ -MF \\S+"));
        static const QRegularExpression kPlaces(QStringLiteral("-c \\S+ -o \\S+"));
        static const QRegularExpression kOutput(QStringLiteral(" -o \\S+$"));
        for (QString command : commands.split(QLatin1Char('\n'))) {
            command = command.section(QStringLiteral(" && /usr/bin/cmake"), 0, 0);
            if (!command.contains(QStringLiteral("arm-none-eabi-g++"))) {
                continue;
            }
            if (command.contains(QStringLiteral("kernels/conv_dsp.cpp "))) {
                m_compile =
                    command.remove(kDependencies)
                        .replace(kPlaces,
                                 QStringLiteral("-ffile-prefix-map=%1=. -c %2 -o %3").arg(folder, m_source, object));
            } else if (command.contains(QStringLiteral(" -T stm32f746g-disco.ld "))) {
                // Before the archive: the linker takes this object's functions, not the archive's.
                m_link = command
                             .replace(QStringLiteral(" -Wl,--start-group"),
                                      QStringLiteral(" %1 -Wl,--start-group").arg(object))
                             .replace(kOutput, QStringLiteral(" -o ") + m_firmware);
            }
        }
        QDir().mkpath(QFileInfo(m_source).path());
        QFile::copy(QStringLiteral(SIMPROF_SOURCE_DIR "/firmware_samples/runtime/kernels/conv_dsp.cpp"), m_source);
    }

    bool canBeBuilt() const { return !m_compile.isEmpty() && !m_link.isEmpty(); }
    const QString& firmware() const { return m_firmware; }

    void replaceLine(const char* line, const char* by) const {
        QFile file(m_source);
        ASSERT_TRUE(file.open(QIODevice::ReadOnly));
        QByteArray text = file.readAll();
        file.close();
        ASSERT_EQ(text.count(line), 1) << line;
        text.replace(line, by);
        ASSERT_TRUE(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    void build() const {
        for (const QString& command : {m_compile, m_link}) {
            QProcess shell;
            shell.setProcessChannelMode(QProcess::MergedChannels);
            shell.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), command});
            ASSERT_TRUE(waitFor([&] { return shell.state() == QProcess::NotRunning; }, kRunMilliseconds));
            ASSERT_EQ(shell.exitCode(), 0) << shell.readAll().toStdString();
        }
    }

private:
    QString m_source;
    QString m_firmware;
    QString m_compile;
    QString m_link;
};

/// The edit: each window is widened twice. The result is the same, only later.
constexpr const char* kLine = "                widenWindow(params, input, rows, taps, column);\n";
constexpr const char* kTwice = "                widenWindow(params, input, rows, taps, column);\n"
                               "                widenWindow(params, input, rows, taps, column); // again\n";

bool waitForRun(MainWindow& window, std::size_t number) {
    return waitFor([&] { return window.runs().all().size() == number && !window.controller()->isBusy(); },
                   kRunMilliseconds);
}

int slowestLayer(const Profile& profile) {
    const auto slowest = std::ranges::max_element(profile.layers, {}, &LayerInfo::cycles);
    return static_cast<int>(slowest - profile.layers.begin());
}

void clickCode(MainWindow& window) {
    for (QToolButton* button : window.layersPage()->findChildren<QToolButton*>()) {
        if (button->text() == QStringLiteral("Code")) {
            QTest::mouseClick(button, Qt::LeftButton);
        }
    }
}

TEST_F(Window, ASessionOfEditBuildRunCompare) {
    const EditedSample sample(m_folder.path());
    if (!sample.canBeBuilt()) {
        GTEST_SKIP() << "this build does not build firmware samples";
    }
    sample.build();
    MainWindow window(profileRun);
    window.resize(1280, 800);
    window.show();
    window.activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
    window.codePage()->pane()->setSourceRoots({m_folder.path().toStdString(), SIMPROF_SOURCE_DIR});
    window.openPath(sample.firmware());
    keep(window, "session-1-opened");
    QTest::keyClick(&window, Qt::Key_R, Qt::ControlModifier);
    ASSERT_TRUE(waitForRun(window, 1)) << window.failure().toStdString();
    // Edited and built: offered, and run by the button.
    sample.replaceLine(kLine, kTwice);
    sample.build();
    ASSERT_TRUE(waitFor([&] { return window.deck()->banner()->isVisible(); }));
    keep(window, "session-2-built-anew");
    QTest::mouseClick(window.deck()->banner()->button(), Qt::LeftButton);
    ASSERT_TRUE(waitForRun(window, 2)) << window.failure().toStdString();
    // Once more, and run without asking.
    window.setRunsAgain(true);
    sample.replaceLine(kTwice, kLine);
    sample.build();
    ASSERT_TRUE(waitForRun(window, 3)) << window.failure().toStdString();
    window.setRunsAgain(false);
    const Runs& runs = window.runs();
    EXPECT_EQ(runs.all()[0].document->profile.totals, runs.all()[2].document->profile.totals) << "the same code again";
    keep(window, "session-3-third-run");
    QTest::keyClick(&window, Qt::Key_B, Qt::ControlModifier);
    ASSERT_TRUE(window.comparePage()->isVisible());
    EXPECT_EQ(window.comparePage()->base(), runs.all()[1].document);
    EXPECT_EQ(window.selection()->layer(), -1) << "nobody selected one";
    const QAbstractItemModel* changes = window.comparePage()->table()->model();
    const auto changeOf = [changes](int layer) { return changes->index(layer, 5).data(SortRole).toLongLong(); };
    EXPECT_LT(changeOf(2), -10'000) << "a convolution takes less again";
    EXPECT_LT(std::abs(changeOf(3)), 1'000) << "of a depthwise one only the code's place in the flash changed";
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
    clickCode(window);
    ASSERT_TRUE(window.codePage()->isVisible());
    const CodePane* pane = window.codePage()->pane();
    const FunctionInfo* kernel = window.document()->function(pane->shown());
    ASSERT_NE(kernel, nullptr);
    EXPECT_EQ(pane->shown(), window.document()->kernelOf(slowest));
    EXPECT_THAT(kernel->file, testing::HasSubstr("firmware_samples/runtime/kernels/"));
    const auto* source = pane->source()->model();
    bool hasText = false;
    for (int row = 0; row < source->rowCount(); ++row) {
        hasText = hasText || !source->index(row, CodeModel::Text).data().toString().isEmpty();
    }
    EXPECT_TRUE(hasText) << "the source of the kernel";
    EXPECT_EQ(pane->source()->horizontalScrollBar()->value(), 0);
    keep(window, "session-6-kernel");
    // A run without end is cancelled from the page of the console.
    window.openPath(QStringLiteral(SIMPROF_BINARY_DIR "/firmware/hostile/long-run-nucleo-l4r5zi.elf"));
    window.run(window.startPage()->options());
    window.showPage(PageId::Console);
    ASSERT_TRUE(waitFor([&] { return window.controller()->isRunningFirmware(); }));
    waitFor([] { return false; }, 500);
    EXPECT_TRUE(window.deck()->runBar()->isVisible());
    keep(window, "session-7-running");
    QTest::keyClick(window.deck()->shown(), Qt::Key_Escape);
    ASSERT_TRUE(waitForRun(window, 4)) << window.failure().toStdString();
    EXPECT_TRUE(window.consolePage()->isVisible());
    EXPECT_TRUE(isPartial(window.document()->profile)) << "what was measured is kept, and marked";
    EXPECT_GT(window.document()->profile.totals.cycles, 0U);
    keep(window, "session-8-cancelled");
}

} // namespace
} // namespace simprof::gui
