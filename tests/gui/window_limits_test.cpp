// SPDX-License-Identifier: GPL-2.0-or-later
// What docs/LIMITS.md says of the window, where no other test holds it.
#include "gui/models/timeline_model.h"
#include "gui/pages/layers_page.h"
#include "gui/widgets.h"
#include "tests/gui/window_fixture.h"

#include <gmock/gmock.h>

#include <QLocale>
#include <QSettings>
#include <QTableView>

namespace simprof::gui {
namespace {

/// Headings of docs/LIMITS.md that name the window.
std::vector<std::string> windowHeadings() {
    QFile file(QStringLiteral(SIMPROF_SOURCE_DIR "/docs/LIMITS.md"));
    EXPECT_TRUE(file.open(QIODevice::ReadOnly));
    std::vector<std::string> headings;
    for (QByteArray line = file.readLine(); !line.isEmpty(); line = file.readLine()) {
        if (line.startsWith("#") && line.toLower().contains("window")) {
            headings.push_back(line.trimmed().toStdString());
        }
    }
    return headings;
}

TEST(WindowLimits, AreOneSection) { EXPECT_THAT(windowHeadings(), testing::ElementsAre("## The window")); }

TEST(WindowLimits, ThreadsHaveNoLane) {
    Profile profile = test::sampleProfile();
    const std::size_t lanes = makeLanes(profile, LeftOut(profile)).size();
    profile.threads.resize(2);
    profile.threadSpans = {{0, 100, 200}, {1, 300, 200}};
    EXPECT_EQ(makeLanes(profile, LeftOut(profile)).size(), lanes);
}

TEST(WindowLimits, NumbersHaveCommasAndPointsWhateverTheLocale) {
    const QLocale before;
    QLocale::setDefault(QLocale(QLocale::German));
    Selection selection;
    LayersPage page(&selection, nullptr);
    page.setDocument(test::sampleDocument());
    const QAbstractItemModel* model = page.table()->model();
    EXPECT_THAT(model->index(3, 4).data().toString().toStdString(), testing::MatchesRegex("[0-9]+,[0-9]+"));
    EXPECT_THAT(model->index(3, 5).data().toString().toStdString(), testing::MatchesRegex("[0-9]+[.][0-9]"));
    QLocale::setDefault(before);
}

TEST_F(Window, HiddenColumnsAndZoomAreNotRemembered) {
    QSettings settings(path("state.ini"), QSettings::IniFormat);
    for (int start = 0; start < 2; ++start) {
        MainWindow window(sampleRun, &settings);
        window.resize(1440, 900);
        window.show();
        window.setDocument(test::sampleDocument());
        window.showPage(PageId::Layers);
        QCoreApplication::processEvents();
        QTableView* table = window.layersPage()->table();
        EXPECT_FALSE(table->isColumnHidden(5));
        stretcherOf(table)->choose(5, false);
        window.close();
    }
}

} // namespace
} // namespace simprof::gui
