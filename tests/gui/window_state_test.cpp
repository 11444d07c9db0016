// SPDX-License-Identifier: GPL-2.0-or-later
// What the window keeps, copies and follows.
#include "gui/pages/code_page.h"
#include "gui/pages/code_pane.h"
#include "gui/pages/compare_page.h"
#include "gui/pages/energy_page.h"
#include "gui/pages/layers_page.h"
#include "gui/pages/memory_page.h"
#include "gui/theme.h"
#include "tests/gui/window_fixture.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QMimeData>
#include <QSettings>
#include <QSlider>
#include <QSplitter>
#include <QTableView>
#include <QTest>

namespace simprof::gui {
namespace {

using test::sampleDocument;
using test::waitFor;

TEST_F(Window, FilesAreDroppedAndTheListOfRecentOnesForgetsWhatVanished) {
    QSettings settings(path("state.ini"), QSettings::IniFormat);
    const QString dropped = writeSample("dropped.simprof");
    MainWindow window(sampleRun, &settings);
    window.show();
    QMimeData mime;
    mime.setUrls({QUrl::fromLocalFile(dropped)});
    QDragEnterEvent enter(QPoint(300, 300), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &enter);
    EXPECT_TRUE(enter.isAccepted());
    QDropEvent drop(QPointF(300, 300), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &drop);
    ASSERT_TRUE(waitFor([&] { return window.document() != nullptr; })) << window.failure().toStdString();
    EXPECT_EQ(settings.value(QStringLiteral("recent")).toStringList(), QStringList{dropped});
    const DocumentPtr open = window.document();
    ASSERT_TRUE(QFile::remove(dropped));
    window.openPath(dropped);
    EXPECT_TRUE(window.failure().contains(QStringLiteral("moved or deleted"))) << window.failure().toStdString();
    EXPECT_EQ(window.document(), open);
}

TEST_F(Window, RemembersItsState) {
    QSettings settings(path("state.ini"), QSettings::IniFormat);
    QList<int> sizes;
    {
        MainWindow window(sampleRun, &settings);
        window.resize(1300, 850);
        window.show();
        window.setDocument(sampleDocument());
        window.showPage(PageId::Timeline);
        QCoreApplication::processEvents();
        auto* splitter = window.findChild<QSplitter*>(QStringLiteral("timeline"));
        ASSERT_NE(splitter, nullptr);
        splitter->setSizes({300, 500});
        sizes = splitter->sizes();
        window.energyPage()->findChild<QSlider*>()->setValue(300);
        window.setAppearance(Appearance::Dark);
        window.close();
    }
    MainWindow window(sampleRun, &settings);
    window.show();
    window.setDocument(sampleDocument());
    window.showPage(PageId::Timeline);
    QCoreApplication::processEvents();
    EXPECT_EQ(window.size(), QSize(1300, 850));
    EXPECT_EQ(window.findChild<QSplitter*>(QStringLiteral("timeline"))->sizes(), sizes);
    EXPECT_EQ(window.energyPage()->findChild<QSlider*>()->value(), 300);
    EXPECT_TRUE(Theme::isDark(window.palette()));
    window.setAppearance(Appearance::Light);
}

TEST_F(Window, BranchesAreFollowedAndThereIsAWayBack) {
    MainWindow window(sampleRun);
    window.resize(1440, 900);
    window.setDocument(sampleDocument());
    window.show();
    window.showPage(PageId::Code);
    window.selection()->setFunction(0);
    QTableView* code = window.codePage()->pane()->disassembly();
    const QAbstractItemModel* model = code->model();
    int branch = -1;
    for (int row = 0; row < model->rowCount(); ++row) {
        branch = model->index(row, CodeModel::Text).data().toString().startsWith(QStringLiteral("bne")) ? row : branch;
    }
    ASSERT_GE(branch, 0);
    EXPECT_TRUE(model->index(branch, CodeModel::Text).data().toString().contains(QStringLiteral("→")))
        << "says where it goes";
    code->setCurrentIndex(model->index(branch, 0));
    const int here = window.selection()->function();
    QTest::keyClick(code, Qt::Key_Return);
    const int there = window.selection()->function();
    EXPECT_NE(there, here);
    QAbstractButton* back = nullptr;
    for (QAbstractButton* button : window.codePage()->findChildren<QAbstractButton*>()) {
        back = button->text() == QStringLiteral("Back") ? button : back;
    }
    ASSERT_NE(back, nullptr);
    EXPECT_EQ(back->shortcut().toString().toStdString(), "Alt+Left");
    QTest::mouseClick(back, Qt::LeftButton);
    EXPECT_EQ(window.selection()->function(), here);
    EXPECT_EQ(code->currentIndex().row(), branch);
    EXPECT_FALSE(back->isEnabled());
}

TEST_F(Window, NumbersOfTablesAndPicturesAreCopied) {
    MainWindow window(sampleRun);
    window.resize(1440, 900);
    window.setDocument(sampleDocument());
    window.show();
    window.activateWindow(); // shortcuts are of the active window
    ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
    window.showPage(PageId::Layers);
    QTableView* table = window.layersPage()->table();
    table->selectRow(1);
    table->setFocus();
    QGuiApplication::clipboard()->clear();
    QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
    EXPECT_TRUE(QGuiApplication::clipboard()->text().contains(QStringLiteral("DEPTHWISE_CONV_2D\t")))
        << "copied: " << QGuiApplication::clipboard()->text().toStdString();
    window.selection()->setCounting({Figure::Sum, -1}); // owners beside the layers have sums only
    window.showPage(PageId::Energy);
    auto* bars = window.energyPage()->findChild<BarsView*>();
    bars->setFocus();
    QTest::keyClick(bars, Qt::Key_C, Qt::ControlModifier);
    EXPECT_EQ(QGuiApplication::clipboard()->text().count(QLatin1Char('\n')),
              static_cast<int>(window.document()->profile.layers.size() + window.document()->profile.owners.size()));
    window.showPage(PageId::Memory);
    QCoreApplication::processEvents();
    const TetrisView* tetris = window.memoryPage()->tetris();
    QString said;
    for (int y = 40; y < tetris->height() && !said.contains(QStringLiteral("first write")); y += 7) {
        said = tetris->textAt(QPointF(tetris->width() / 2.0, y));
    }
    EXPECT_TRUE(said.contains(QStringLiteral("CONV_2D"))) << said.toStdString();
    EXPECT_TRUE(said.contains(QStringLiteral("after its first write"))) << "the life of the bytes under the mouse";
}

TEST_F(Window, BothMemoryPicturesOfAComparisonZoomTogether) {
    MainWindow window(sampleRun);
    window.resize(1440, 900);
    window.setDocument(sampleDocument({.slowLayer = 4, .slowPercent = 25}));
    window.setBase(sampleDocument());
    window.show();
    window.showPage(PageId::Compare);
    const auto views = window.comparePage()->findChildren<TetrisView*>();
    ASSERT_EQ(views.size(), 2);
    const auto share = [](const TetrisView* view) {
        return view->range().length() / (view->range().high - view->range().low);
    };
    views[0]->zoomIn();
    EXPECT_NEAR(share(views[0]), 0.6, 1e-6);
    EXPECT_NEAR(share(views[1]), 0.6, 1e-6);
    views[1]->zoomIn();
    EXPECT_NEAR(share(views[0]), 0.36, 1e-6);
}

} // namespace
} // namespace simprof::gui
