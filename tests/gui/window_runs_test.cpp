// SPDX-License-Identifier: GPL-2.0-or-later
// Runs of a session: the file as it is now, the list of runs, the end of a run, what belongs to what is open.
#include "gui/page_deck.h"
#include "gui/pages/code_page.h"
#include "gui/pages/compare_page.h"
#include "gui/pages/console_page.h"
#include "gui/pages/start_page.h"
#include "gui/pages/summary_page.h"
#include "gui/run_bar.h"
#include "gui/widgets.h"
#include "tests/gui/window_fixture.h"

#include <QComboBox>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QTest>

#include <chrono>

namespace simprof::gui {
namespace {

using test::sampleProfile;
using test::waitFor;

/// kHexFile with another word in its vector table.
constexpr const char* kOtherHexFile = ":020000040800F2\n:1000000000000520010200080000000000000001BF\n:00000001FF\n";

/// What ran is told by the profile, as in a real run.
Profile tellingRun(const FirmwareImage& image, const RunOptions&) {
    Profile profile = sampleProfile();
    profile.firmware.name = image.name;
    profile.firmware.sha256 = image.sha256;
    return profile;
}

Profile endlessRun(const FirmwareImage& image, const RunOptions& options) {
    while (!*options.cancel) {
        options.progress({});
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    Profile profile = tellingRun(image, options);
    profile.halt = {HaltReason::Kind::Cancelled, "the run was cancelled", 0x08000344, 0, std::nullopt};
    return profile;
}

void activate(MainWindow& window) {
    window.show();
    window.activateWindow(); // shortcuts are of the active window
    ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
}

bool waitForRuns(MainWindow& window, std::size_t number) {
    return waitFor([&] { return window.runs().all().size() == number && !window.controller()->isBusy(); });
}

std::string shaOf(const MainWindow& window) { return window.document()->profile.firmware.sha256; }

TEST_F(Window, CtrlRRunsTheFileOfNow) {
    MainWindow window(tellingRun);
    activate(window);
    window.openPath(write("fw.hex", kHexFile));
    QTest::keyClick(&window, Qt::Key_R, Qt::ControlModifier);
    ASSERT_TRUE(waitForRuns(window, 1));
    EXPECT_EQ(shaOf(window), readFirmware(path("fw.hex").toStdString(), std::nullopt).sha256);
    const std::string first = shaOf(window);
    write("fw.hex", kOtherHexFile);
    QTest::keyClick(&window, Qt::Key_R, Qt::ControlModifier);
    ASSERT_TRUE(waitForRuns(window, 2));
    EXPECT_NE(shaOf(window), first);
    EXPECT_EQ(shaOf(window), readFirmware(path("fw.hex").toStdString(), std::nullopt).sha256);
    // A file that is not there, or half written, is a sentence; the run before stays.
    write("fw.hex", {});
    QTest::keyClick(&window, Qt::Key_R, Qt::ControlModifier);
    EXPECT_TRUE(window.failure().contains(QStringLiteral("is empty"))) << window.failure().toStdString();
    EXPECT_EQ(window.runs().all().size(), 2U);
}

TEST_F(Window, AChangedFileIsOfferedOrRunAgain) {
    MainWindow window(tellingRun);
    activate(window);
    window.openPath(write("fw.hex", kHexFile));
    Banner* banner = window.deck()->banner();
    write("fw.hex", kHexFile);
    waitFor([&] { return !banner->sentence().isEmpty(); }, 800);
    EXPECT_EQ(banner->sentence().toStdString(), "") << "written anew, but the same";
    // As linkers do it: another file takes its place.
    ASSERT_TRUE(QFile::remove(path("fw.hex")));
    write("fw.hex", kOtherHexFile);
    ASSERT_TRUE(waitFor([&] { return !banner->sentence().isEmpty(); }));
    EXPECT_EQ(banner->sentence().toStdString(), "fw.hex changed on disk.");
    keep(window, "changed-file");
    QTest::mouseClick(banner->button(), Qt::LeftButton);
    ASSERT_TRUE(waitForRuns(window, 1));
    const std::string offered = shaOf(window);
    window.setRunsAgain(true);
    write("fw.hex", kHexFile);
    ASSERT_TRUE(waitForRuns(window, 2));
    EXPECT_NE(shaOf(window), offered);
}

TEST_F(Window, EveryRunIsListedAndTheOneBeforeComparedByAKey) {
    QSettings settings(path("state.ini"), QSettings::IniFormat); // with settings questions are asked
    MainWindow window(tellingRun, &settings);
    std::vector<std::string> questions;
    window.setAsk([&](const QString&, const QString& question, QMessageBox::StandardButtons) {
        questions.push_back(question.toStdString());
        return QMessageBox::Discard;
    });
    activate(window);
    window.openPath(write("fw.hex", kHexFile));
    QTest::keyClick(&window, Qt::Key_B, Qt::ControlModifier);
    EXPECT_FALSE(window.failure().isEmpty()) << "there is nothing to compare";
    for (std::size_t number = 1; number <= 3; ++number) {
        write("fw.hex", number % 2 == 0 ? kHexFile : kOtherHexFile);
        QTest::keyClick(&window, Qt::Key_R, Qt::ControlModifier);
        ASSERT_TRUE(waitForRuns(window, number));
    }
    EXPECT_EQ(questions.size(), 0U) << "a rerun asks nothing";
    EXPECT_EQ(window.windowTitle().toStdString(), "fw.hex on stm32f746g-disco, run 3[*] - simprof");
    EXPECT_TRUE(window.isWindowModified());
    QTest::keyClick(&window, Qt::Key_B, Qt::ControlModifier);
    EXPECT_TRUE(window.comparePage()->isVisible());
    EXPECT_EQ(window.comparePage()->base(), window.runs().all()[1].document);
    EXPECT_EQ(window.document(), window.runs().all()[2].document);
    keep(window, "compared-runs");
    QStringList listed;
    for (const QAction* action : window.findChildren<QAction*>(QStringLiteral("run"))) {
        listed.append(action->text());
    }
    ASSERT_EQ(listed.size(), 3);
    EXPECT_TRUE(listed[1].startsWith(QStringLiteral("2  fw.hex on stm32f746g-disco, "))) << listed[1].toStdString();
    window.findChildren<QAction*>(QStringLiteral("run"))[0]->trigger();
    EXPECT_EQ(window.document(), window.runs().all()[0].document);
    window.close();
    ASSERT_EQ(questions.size(), 1U) << "closing asks once";
    EXPECT_EQ(questions[0], "3 runs of this session are not saved.");
}

TEST_F(Window, ARunEndsFromEveryPageAndIsKept) {
    MainWindow window(endlessRun);
    activate(window);
    window.openPath(write("fw.hex", kHexFile));
    for (std::size_t i = 0; i <= kPageNames.size(); ++i) {
        QTest::keyClick(&window, Qt::Key_R, Qt::ControlModifier);
        ASSERT_TRUE(waitFor([&] { return window.controller()->isRunningFirmware(); }));
        i < kPageNames.size() ? window.showPage(static_cast<PageId>(i)) : window.showStart();
        QCoreApplication::processEvents();
        EXPECT_TRUE(window.deck()->runBar()->isVisible());
        if (i % 2 == 0) {
            QTest::keyClick(window.deck()->shown(), Qt::Key_Escape);
        } else {
            auto* cancel = window.deck()->runBar()->findChild<QToolButton*>();
            ASSERT_TRUE(cancel->isVisible());
            QTest::mouseClick(cancel, Qt::LeftButton);
        }
        ASSERT_TRUE(waitForRuns(window, i + 1)) << i;
        EXPECT_FALSE(window.deck()->runBar()->isVisible());
        EXPECT_EQ(window.document()->profile.halt.reason, HaltReason::Kind::Cancelled);
    }
}

TEST_F(Window, OpeningAnotherFileDuringARunAsks) {
    MainWindow window(endlessRun);
    auto answer = QMessageBox::No;
    int asked = 0;
    window.setAsk([&](const QString&, const QString&, QMessageBox::StandardButtons) {
        ++asked;
        return answer;
    });
    activate(window);
    window.openPath(write("fw.hex", kHexFile));
    window.run(window.startPage()->options());
    window.openPath(writeSample("other.simprof"));
    EXPECT_EQ(asked, 1);
    EXPECT_TRUE(window.controller()->isRunningFirmware()) << "it goes on";
    answer = QMessageBox::Yes;
    window.openPath(path("other.simprof"));
    EXPECT_EQ(asked, 2);
    ASSERT_TRUE(waitFor([&] { return window.document() != nullptr && !window.document()->path.isEmpty(); }));
    ASSERT_EQ(window.runs().all().size(), 1U) << "what was measured is kept";
    EXPECT_EQ(window.runs().all()[0].document->profile.halt.reason, HaltReason::Kind::Cancelled);
    window.showRun(1);
    EXPECT_EQ(window.document(), window.runs().all()[0].document);
    window.openPath(path("fw.hex"));
    window.run(window.startPage()->options());
    window.openPath(write("other.hex", kOtherHexFile));
    EXPECT_EQ(asked, 3) << "a firmware is no other than a profile";
    ASSERT_TRUE(waitForRuns(window, 2));
    EXPECT_TRUE(window.startPage()->isVisible());
    EXPECT_EQ(window.document(), window.runs().all()[1].document) << "kept, and shown until the other runs";
}

TEST_F(Window, NameTitleAndStartPageBelongToWhatIsOpen) {
    MainWindow window(tellingRun);
    activate(window);
    window.openPath(write("first.hex", kHexFile));
    EXPECT_TRUE(window.startPage()->boards()->isVisible());
    window.run(window.startPage()->options());
    ASSERT_TRUE(waitForRuns(window, 1));
    EXPECT_EQ(window.nameToSave().toStdString(), "first.simprof");
    EXPECT_TRUE(window.isWindowModified());
    // Another firmware is open, but the pages show the run of the first.
    window.openPath(write("second.hex", kOtherHexFile));
    EXPECT_EQ(window.nameToSave().toStdString(), "first.simprof");
    window.saveAs(path("kept.simprof"));
    EXPECT_FALSE(window.isWindowModified());
    EXPECT_EQ(window.windowTitle().toStdString(), "kept.simprof: first.hex on stm32f746g-disco, run 1[*] - simprof");
    window.openPath(writeSample("profile.simprof"));
    ASSERT_TRUE(waitFor([&] { return !window.document()->path.isEmpty(); }));
    EXPECT_EQ(window.nameToSave(), path("profile.simprof"));
    window.showStart();
    EXPECT_FALSE(window.startPage()->boards()->isVisible()) << "a profile cannot be run";
    EXPECT_TRUE(window.startPage()
                    ->findChild<QLabel*>(QStringLiteral("open"))
                    ->text()
                    .contains(QStringLiteral("profile.simprof")));
    keep(window, "start-of-a-profile");
    QTest::keyClick(&window, Qt::Key_R, Qt::ControlModifier);
    EXPECT_FALSE(window.controller()->isBusy());
}

TEST_F(Window, TheFormOfAnotherFirmwareIsItsOwn) {
    MainWindow window(tellingRun);
    window.openPath(write("first.hex", kHexFile));
    auto edits = window.startPage()->findChildren<QLineEdit*>();
    QLineEdit* script = nullptr;
    for (QLineEdit* edit : edits) {
        script = edit->accessibleName() == QStringLiteral("UART script") ? edit : script;
    }
    ASSERT_NE(script, nullptr);
    script->setText(QStringLiteral("talk.txt"));
    window.openPath(path("first.hex"));
    EXPECT_EQ(script->text().toStdString(), "talk.txt") << "the same file, built anew";
    window.openPath(write("second.hex", kOtherHexFile));
    EXPECT_EQ(script->text().toStdString(), "");
    EXPECT_TRUE(window.startPage()->options().uarts.empty());
}

TEST_F(Window, ADamagedFileSaysSo) {
    MainWindow window(tellingRun);
    window.show();
    const QByteArray elf = QByteArray("\x7f"
                                      "ELF\x01\x01\x01",
                                      7) +
                           QByteArray(9, '\0');
    const std::tuple<const char*, QByteArray, bool> files[] = {{"cut.elf", elf, false},
                                                               {"zeros.elf", QByteArray(4096, '\0'), false},
                                                               {"cut.hex", QByteArray(kHexFile).left(30), false},
                                                               {"noise.bin", QByteArray(64, '\x11'), true}};
    for (const auto& [name, content, asks] : files) {
        window.openPath(write(name, content));
        QLineEdit* address = nullptr;
        for (QLineEdit* edit : window.startPage()->findChildren<QLineEdit*>()) {
            address = edit->accessibleName() == QStringLiteral("Address of the raw binary") ? edit : address;
        }
        ASSERT_NE(address, nullptr);
        EXPECT_EQ(address->isVisible(), asks) << name;
        QString all;
        for (const QLabel* label : window.startPage()->findChildren<QLabel*>()) {
            all += label->isVisible() ? label->text() : QString();
        }
        EXPECT_TRUE(all.contains(QLatin1String(name))) << all.toStdString();
        keep(window, name);
    }
}

TEST_F(Window, AProfileLoadsWithProgressAndCanBeCancelled) {
    const QString large = writeSample("large.simprof", {.callSpans = 200'000});
    MainWindow window(tellingRun);
    activate(window);
    const int threads = test::threadCount();
    std::vector<std::pair<qint64, qint64>> told;
    QObject::connect(window.controller(), &RunController::reading, &window,
                     [&](qint64 bytes, qint64 whole) { told.emplace_back(bytes, whole); });
    window.openPath(large);
    EXPECT_TRUE(window.deck()->runBar()->isVisible());
    QTest::keyClick(&window, Qt::Key_Escape);
    EXPECT_FALSE(window.controller()->isBusy()) << "whatever it was at";
    EXPECT_FALSE(window.deck()->runBar()->isVisible());
    ASSERT_TRUE(waitFor([&] { return test::threadCount() == threads; })) << "its thread ends by itself";
    EXPECT_EQ(window.document(), nullptr);
    EXPECT_EQ(window.failure().toStdString(), "");
    told.clear();
    window.openPath(large);
    ASSERT_TRUE(waitFor([&] { return window.document() != nullptr; }));
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.back().first, QFileInfo(large).size());
    EXPECT_EQ(told.back().second, QFileInfo(large).size());
    EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
}

} // namespace
} // namespace simprof::gui
