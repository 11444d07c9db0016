// SPDX-License-Identifier: GPL-2.0-or-later
// The window with the real simulator behind it: samples that were built are run, cancelled and made to fault.
#include "gui/main_window.h"
#include "gui/pages/layers_page.h"
#include "gui/pages/start_page.h"
#include "gui/pages/summary_page.h"
#include "gui/pages/timeline_page.h"
#include "peripherals/boards.h"
#include "peripherals/boards/board_file.h"
#include "peripherals/boards/data_tree.h"
#include "profiler/files.h"
#include "profiler/profile_json.h"
#include "profiler/profile_run.h"
#include "tests/gui/support.h"

#include <QAbstractButton>
#include <QFileInfo>
#include <QLabel>
#include <QProcess>
#include <QTableView>
#include <QTemporaryDir>

namespace simprof::gui {
namespace {

class Firmware : public testing::Test {
protected:
    /// The sample's path, or a skipped test.
    QString sample(const char* name) {
        const QString path = QStringLiteral(SIMPROF_BINARY_DIR "/firmware/%1.elf").arg(QLatin1String(name));
        return QFileInfo::exists(path) ? path : QString();
    }
    static QString everything(const QWidget* page) {
        QString all;
        for (const QLabel* label : page->findChildren<QLabel*>()) {
            all += label->text() + QLatin1Char('\n');
        }
        return all;
    }
    QTemporaryDir m_folder;
};

TEST_F(Firmware, AFaultOpensOnRegistersCallsAndTheLastMoments) {
    const QString path = sample("fault-preciserr-nucleo-l4r5zi");
    if (path.isEmpty()) {
        GTEST_SKIP() << "the firmware samples are not built";
    }
    MainWindow window(profileRun);
    window.resize(1440, 900);
    window.show();
    window.openPath(path);
    EXPECT_TRUE(window.startPage()->isVisible());
    window.run(window.startPage()->options());
    ASSERT_TRUE(test::waitFor([&] { return window.document() != nullptr; })) << window.failure().toStdString();
    const Profile& profile = window.document()->profile;
    ASSERT_TRUE(profile.halt.fault.has_value());
    EXPECT_TRUE(window.summaryPage()->isVisible());
    const QString all = everything(window.summaryPage());
    for (const char* text : {"PRECISERR", "R0", "xPSR", "main"}) {
        EXPECT_TRUE(all.contains(QLatin1String(text))) << text;
    }
    ASSERT_TRUE(window.grab().save(test::outputFolder() + QStringLiteral("/window-real-fault.png")));
    for (QAbstractButton* button : window.summaryPage()->findChildren<QAbstractButton*>()) {
        if (button->text().startsWith(QStringLiteral("Last moments"))) {
            button->click();
        }
    }
    EXPECT_TRUE(window.timelinePage()->isVisible());
    const ViewRange& range = window.timelinePage()->timeline()->range();
    EXPECT_LT(range.length(), 0.1 * (range.high - range.low));
    EXPECT_GE(range.end, range.high * (1 - 1e-6));
}

TEST_F(Firmware, ACancelledRunKeepsWhatWasMeasuredAndSaysSo) {
    const QString path = sample("mobilenetv2-nucleo-l4r5zi");
    if (path.isEmpty()) {
        GTEST_SKIP() << "the firmware samples are not built";
    }
    const int threads = test::threadCount();
    {
        MainWindow window(profileRun);
        window.openPath(path);
        bool layers = false;
        QObject::connect(window.controller(), &RunController::progressed, &window,
                         [&](const RunProgress& progress) { layers = layers || progress.cycles > 10'000'000; });
        RunOptions options = window.startPage()->options();
        options.untilInferences = 1000; // far more than this test waits for
        window.run(options);
        ASSERT_TRUE(test::waitFor([&] { return layers || window.document() != nullptr; }));
        window.controller()->cancel();
        ASSERT_TRUE(test::waitFor([&] { return window.document() != nullptr; })) << window.failure().toStdString();
        const Profile& profile = window.document()->profile;
        EXPECT_EQ(profile.halt.reason, HaltReason::Kind::Cancelled);
        EXPECT_GT(profile.totals.cycles, 10'000'000U);
        EXPECT_TRUE(everything(window.summaryPage()).contains(QStringLiteral("Partial profile")));
        // It stays marked when it is saved and opened again.
        const QString saved = m_folder.filePath(QStringLiteral("partial.simprof"));
        writeProfile(saved.toStdString(), profile);
        const DocumentPtr first = window.document();
        window.openPath(saved);
        ASSERT_TRUE(test::waitFor([&] { return window.document() != first; })) << window.failure().toStdString();
        EXPECT_TRUE(everything(window.summaryPage()).contains(QStringLiteral("Partial profile")));
    }
    EXPECT_EQ(test::threadCount(), threads);
}

TEST_F(Firmware, ABoardFromAFileIsRunAndABrokenOneIsASentence) {
    const QString path = sample("hello-nucleo-l4r5zi");
    if (path.isEmpty()) {
        GTEST_SKIP() << "the firmware samples are not built";
    }
    const QString mine = m_folder.filePath(QStringLiteral("mine.toml"));
    const QString broken = m_folder.filePath(QStringLiteral("broken.toml"));
    writeFile(mine.toStdString(), writeBoard(*findBoard("nucleo-l4r5zi"), DataFormat::Toml, false));
    writeFile(broken.toStdString(), "name = \n");
    MainWindow window(profileRun);
    window.openPath(path);
    window.startPage()->addBoardFile(broken);
    window.run(window.startPage()->options());
    ASSERT_TRUE(test::waitFor([&] { return !window.failure().isEmpty(); }));
    EXPECT_TRUE(window.failure().contains(QStringLiteral("broken.toml"))) << window.failure().toStdString();
    EXPECT_EQ(window.document(), nullptr);
    window.startPage()->addBoardFile(mine);
    window.run(window.startPage()->options());
    ASSERT_TRUE(test::waitFor([&] { return window.document() != nullptr; })) << window.failure().toStdString();
    EXPECT_EQ(window.document()->profile.halt.reason, HaltReason::Kind::Exit);
    EXPECT_FALSE(window.document()->profile.prints.empty());
}

TEST_F(Firmware, PartsOfBlocksAndPrintedLinesAddUp) {
    const QString path = sample("kws-nucleo-l4r5zi");
    if (path.isEmpty()) {
        GTEST_SKIP() << "the firmware samples are not built";
    }
    const Profile profile = profileRun(readFirmware(path.toStdString(), std::nullopt), {});
    std::size_t withParts = 0;
    for (const TensorLife& tensor : profile.memory.tensors) {
        Bytes sum = 0;
        for (const LifePart& part : tensor.parts) {
            EXPECT_EQ(part.offset, sum) << tensor.name << ": parts follow each other";
            sum += part.sizeBytes;
            EXPECT_GE(part.bornCycle, tensor.bornCycle);
            EXPECT_LE(part.diedCycle, tensor.diedCycle);
        }
        withParts += tensor.parts.empty() ? 0 : 1;
        EXPECT_TRUE(tensor.parts.empty() || sum == tensor.sizeBytes) << tensor.name;
    }
    EXPECT_GT(withParts, 5U);
    const TetrisModel model(profile);
    // A convolution reads its input while it writes its output: counted by byte much less is live.
    EXPECT_LT(model.bytePeak(), profile.memory.arena->peakLiveBytes * 3 / 4);
    std::string printed;
    for (const PrintSpan& span : profile.prints) {
        printed += profile.console.substr(span.offset, span.sizeBytes);
        EXPECT_LE(span.startCycle + span.cycles, profile.totals.cycles);
    }
    EXPECT_EQ(printed, profile.console);
}

/// Words of a line without the bars that are drawn as characters.
QStringList wordsOf(const QString& line) {
    QStringList words;
    for (const QString& word : line.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const bool bar = std::all_of(word.begin(), word.end(),
                                     [](QChar c) { return c.unicode() >= 0x2588 && c.unicode() <= 0x258F; });
        if (!bar) {
            words.append(word);
        }
    }
    return words;
}

/// Is `shown` the end of what is printed cut in the middle, or all of it?
bool sameName(const QString& printed, const QString& shown) {
    const qsizetype dots = printed.indexOf(QChar(0x2026));
    return dots < 0 ? printed == shown : shown.startsWith(printed.left(dots)) && shown.endsWith(printed.mid(dots + 1));
}

TEST_F(Firmware, EveryCellOfTheLayerTableIsPrintedByTheCommandLine) {
    int cells = 0;
    for (const char* name : {"kws-stm32f746g-disco", "kws-nucleo-g0b1re", "ic-nucleo-l4r5zi-aot"}) {
        const QString path = sample(name);
        if (path.isEmpty()) {
            GTEST_SKIP() << "the firmware samples are not built";
        }
        const QString profile = m_folder.filePath(QLatin1String(name) + QStringLiteral(".simprof"));
        QProcess program;
        program.start(QStringLiteral(SIMPROF_PROGRAM), {path, QStringLiteral("-o"), profile});
        ASSERT_TRUE(program.waitForFinished(120'000));
        program.start(QStringLiteral(SIMPROF_PROGRAM),
                      {QStringLiteral("report"), profile, QStringLiteral("--by"), QStringLiteral("layer")});
        ASSERT_TRUE(program.waitForFinished(60'000));
        ASSERT_EQ(program.exitCode(), 0) << program.readAllStandardError().toStdString();
        const QStringList printed = QString::fromUtf8(program.readAllStandardOutput()).split(QLatin1Char('\n'));
        Selection selection;
        selection.setCounting({Figure::Sum, -1});
        LayersPage page(&selection, nullptr);
        page.setDocument(std::make_shared<const Document>(readProfile(profile.toStdString())));
        page.resize(2400, 900); // room for every column
        page.show();
        QCoreApplication::processEvents();
        const QAbstractItemModel* model = page.table()->model();
        ASSERT_GT(model->rowCount(), 5);
        const auto compareRow = [&](int row) {
            QStringList shown;
            for (int column = 0; column < model->columnCount(); ++column) {
                if (!page.table()->isColumnHidden(column)) {
                    shown += model->index(row, column).data().toString().split(QLatin1Char(' '), Qt::SkipEmptyParts);
                }
            }
            cells += static_cast<int>(shown.size());
            const bool found = std::any_of(printed.begin(), printed.end(), [&](const QString& line) {
                const QStringList words = wordsOf(line);
                return words.size() == shown.size() && std::equal(words.begin(), words.end(), shown.begin(), sameName);
            });
            EXPECT_TRUE(found) << name << " prints no line like: " << shown.join(QLatin1Char(' ')).toStdString();
        };
        for (int row = 0; row < model->rowCount(); ++row) {
            compareRow(row);
        }
        // The mean that the command line prints below its sums stands below the means.
        selection.setCounting({Figure::Mean, -1});
        compareRow(model->rowCount() - 1);
    }
    std::printf("%d words of cells compared with what the command line prints\n", cells);
    EXPECT_GT(cells, 300);
}

} // namespace
} // namespace simprof::gui
