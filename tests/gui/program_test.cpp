// SPDX-License-Identifier: GPL-2.0-or-later
// simprof-gui --screenshot as documentation and scripts call it.
#include "gui/pages/page.h"
#include "profiler/profile_json.h"
#include "tests/gui/leaks.h"
#include "tests/gui/support.h"

#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QTemporaryFile>

namespace simprof::gui {
namespace {

struct Result {
    int exitCode = -1;
    std::string error;
};

Result call(const QStringList& arguments) {
    QProcess program;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
        environment.remove(QLatin1String(name));
    }
    // In a build with sanitizers the program looks for leaks, too.
    QTemporaryFile leaks;
    EXPECT_TRUE(leaks.open());
    leaks.write(test::kLeaksOfLibraries);
    leaks.flush();
    environment.insert(QStringLiteral("LSAN_OPTIONS"),
                       QStringLiteral("suppressions=%1:print_suppressions=0").arg(leaks.fileName()));
    program.setProcessEnvironment(environment);
    program.start(QStringLiteral(SIMPROF_GUI_PROGRAM), arguments);
    EXPECT_TRUE(program.waitForFinished(120'000));
    return {program.exitStatus() == QProcess::NormalExit ? program.exitCode() : -1,
            program.readAllStandardError().toStdString()};
}

class Program : public testing::Test {
protected:
    void SetUp() override {
        m_profile = m_folder.filePath(QStringLiteral("a.simprof"));
        writeProfile(m_profile.toStdString(), test::sampleProfile());
    }
    QTemporaryDir m_folder;
    QString m_profile;
};

TEST_F(Program, RendersEveryPageWithoutADisplay) {
    for (const char* page : kPageNames) {
        const QString picture = m_folder.filePath(QStringLiteral("%1.png").arg(QLatin1String(page)));
        const Result result =
            call({m_profile, QStringLiteral("--screenshot"), QLatin1String(page), picture, QStringLiteral("--size"),
                  QStringLiteral("1000x700"), QStringLiteral("--base"), m_profile});
        EXPECT_EQ(result.exitCode, 0) << result.error;
        const QImage image(picture);
        EXPECT_EQ(image.size(), QSize(1000, 700)) << page;
    }
}

TEST_F(Program, RendersDarkAndLarge) {
    const QString picture = m_folder.filePath(QStringLiteral("x.png"));
    const Result result =
        call({m_profile, QStringLiteral("--screenshot"), QStringLiteral("memory"), picture, QStringLiteral("--size"),
              QStringLiteral("1000x700"), QStringLiteral("--scale"), QStringLiteral("2"), QStringLiteral("--dark")});
    EXPECT_EQ(result.exitCode, 0) << result.error;
    const QImage image(picture);
    EXPECT_EQ(image.size(), QSize(2000, 1400));
    EXPECT_LT(image.pixelColor(40, 1300).lightness(), 80);
}

TEST_F(Program, BadUseIsOneSentenceAndExitCodeTwo) {
    QFile broken(m_folder.filePath(QStringLiteral("broken.simprof")));
    ASSERT_TRUE(broken.open(QIODevice::WriteOnly));
    broken.write("{\"schema\": \"simprof-profile/1\"");
    broken.close();
    const QString out = m_folder.filePath(QStringLiteral("x.png"));
    const std::tuple<QStringList, const char*> cases[] = {
        {{m_profile, QStringLiteral("--screenshot"), QStringLiteral("nothing"), out}, "there is no page 'nothing'"},
        {{QStringLiteral("--screenshot"), QStringLiteral("summary"), out}, "needs a firmware or a profile"},
        {{QStringLiteral("/no/such.simprof"), QStringLiteral("--screenshot"), QStringLiteral("summary"), out},
         "/no/such.simprof"},
        {{broken.fileName(), QStringLiteral("--screenshot"), QStringLiteral("summary"), out}, "broken.simprof"},
        {{m_profile, QStringLiteral("--screenshot"), QStringLiteral("compare"), out}, "--base"},
        {{m_profile, QStringLiteral("--screenshot"), QStringLiteral("summary"),
          QStringLiteral("/no/such/folder/x.png")},
         "/no/such/folder/x.png"},
        {{m_profile, QStringLiteral("--screenshot"), QStringLiteral("summary"), out, QStringLiteral("--size"),
          QStringLiteral("big")},
         "1440x900"},
        {{m_profile}, "there is no display"}};
    for (const auto& [arguments, says] : cases) {
        const Result result = call(arguments);
        EXPECT_EQ(result.exitCode, 2) << arguments.join(QLatin1Char(' ')).toStdString();
        EXPECT_NE(result.error.find(says), std::string::npos) << result.error;
    }
}

} // namespace
} // namespace simprof::gui
