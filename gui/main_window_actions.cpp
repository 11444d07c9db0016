// SPDX-License-Identifier: GPL-2.0-or-later
// What the window's menus do, and the questions it asks.
#include "gui/main_window.h"
#include "gui/pages/code_page.h"
#include "gui/pages/compare_page.h"
#include "gui/pages/energy_page.h"
#include "gui/pages/memory_page.h"
#include "gui/pages/start_page.h"
#include "gui/pages/timeline_page.h"
#include "gui/widgets.h"
#include "profiler/files.h"
#include "profiler/profile_json.h"
#include "profiler/report/report.h"
#include "sim_core/error.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QSettings>

namespace simprof::gui {

namespace {

std::filesystem::path toPath(const QString& path) { return std::filesystem::path(path.toStdU16String()); }

} // namespace

QAction* MainWindow::addCommand(const QString& title, const QKeySequence& keys, std::function<void()> action) {
    auto* command = new QAction(title, this);
    command->setShortcut(keys);
    connect(command, &QAction::triggered, this, [run = std::move(action)] { run(); });
    m_commands.push_back(command);
    return command;
}

void MainWindow::makeActions() {
    QMenu* file = menuBar()->addMenu(QStringLiteral("&File"));
    file->addAction(addCommand(QStringLiteral("Open…"), QKeySequence::Open, [this] { askForFile(); }));
    file->addAction(
        addCommand(QStringLiteral("Start page"), QKeySequence(QStringLiteral("Ctrl+H")), [this] { showStart(); }));
    file->addAction(m_runAction = addCommand(QStringLiteral("Run"), QKeySequence(QStringLiteral("Ctrl+R")),
                                             [this] { run(m_deck->start()->options()); }));
    file->addAction(m_saveAction =
                        addCommand(QStringLiteral("Save profile as…"), QKeySequence::Save, [this] { save(); }));
    file->addAction(m_reportAction = addCommand(QStringLiteral("Export HTML report…"),
                                                QKeySequence(QStringLiteral("Ctrl+E")), [this] { exportReport(); }));
    file->addAction(
        addCommand(QStringLiteral("Compare with…"), QKeySequence(QStringLiteral("Ctrl+D")), [this] { askForBase(); }));
    file->addAction(addCommand(QStringLiteral("Folder of sources…"), {}, [this] { askForSourceRoot(); }));
    file->addSeparator();
    file->addAction(addCommand(QStringLiteral("Quit"), QKeySequence::Quit, [this] { close(); }));
    QMenu* go = menuBar()->addMenu(QStringLiteral("&Go"));
    auto* findAction = new QAction(QStringLiteral("Find anywhere…"), this);
    findAction->setShortcuts({QKeySequence(QStringLiteral("Ctrl+K")), QKeySequence(QStringLiteral("Ctrl+F"))});
    connect(findAction, &QAction::triggered, m_palette, &CommandPalette::ask);
    go->addAction(findAction);
    go->addSeparator();
    for (std::size_t i = 0; i < kPageNames.size(); ++i) {
        auto* action = new QAction(QLatin1String(kPageTitles[i]), this);
        action->setShortcut(QKeySequence(QStringLiteral("Ctrl+%1").arg(i + 1)));
        connect(action, &QAction::triggered, this, [this, i] { showPage(static_cast<PageId>(i)); });
        go->addAction(action);
    }
    go->addSeparator();
    go->addAction(addCommand(QStringLiteral("Clear selection"), QKeySequence(QStringLiteral("Ctrl+Backspace")),
                             [this] { m_selection.clear(); }));
    QMenu* view = menuBar()->addMenu(QStringLiteral("&View"));
    const std::pair<const char*, Appearance> looks[] = {
        {"Appearance of the system", Appearance::System}, {"Light", Appearance::Light}, {"Dark", Appearance::Dark}};
    for (const auto& [title, look] : looks) {
        view->addAction(addCommand(QLatin1String(title), {}, [this, chosen = look] { setAppearance(chosen); }));
    }
    QMenu* help = menuBar()->addMenu(QStringLiteral("&Help"));
    help->addAction(addCommand(QStringLiteral("Keyboard"), QKeySequence::HelpContents, [this] { showKeys(); }));
    auto* findButton = flatButton(QStringLiteral("Find  Ctrl+K"), QStringLiteral("Find anywhere"), this);
    connect(findButton, &QToolButton::clicked, m_palette, &CommandPalette::ask);
    menuBar()->setCornerWidget(findButton);
    auto* cancel = new QAction(QStringLiteral("Cancel the run"), this);
    cancel->setShortcut(Qt::Key_Escape);
    connect(cancel, &QAction::triggered, this, [this] { m_controller.cancel(); });
    m_deck->start()->addAction(cancel);
    cancel->setShortcutContext(Qt::WidgetWithChildrenShortcut);
}

void MainWindow::find(const FindEntry& entry) {
    switch (entry.kind) {
    case FindEntry::Kind::Page: showPage(static_cast<PageId>(entry.id)); break;
    case FindEntry::Kind::Action: m_commands[static_cast<std::size_t>(entry.id)]->trigger(); break;
    case FindEntry::Kind::Layer: {
        m_selection.setLayer(entry.id);
        const QWidget* shown = m_deck->shown();
        if (shown != m_deck->memory() && shown != m_deck->timeline() && shown != m_deck->energy() &&
            shown != m_deck->compare()) {
            showPage(PageId::Layers);
        }
        break;
    }
    case FindEntry::Kind::Function:
        m_selection.setFunction(entry.id);
        showPage(PageId::Code);
        break;
    case FindEntry::Kind::Tensor:
        showPage(PageId::Memory);
        m_deck->memory()->tetris()->showBlock(entry.id);
        break;
    }
}

void MainWindow::refreshPalette() {
    std::vector<FindEntry> entries;
    for (std::size_t i = 0; i < kPageNames.size(); ++i) {
        entries.push_back({FindEntry::Kind::Page, static_cast<int>(i), QLatin1String(kPageTitles[i]),
                           QStringLiteral("Ctrl+%1").arg(i + 1)});
    }
    for (std::size_t i = 0; i < m_commands.size(); ++i) {
        entries.push_back({FindEntry::Kind::Action, static_cast<int>(i), m_commands[i]->text(),
                           m_commands[i]->shortcut().toString()});
    }
    if (m_document) {
        const std::vector<FindEntry> more = findEntries(m_document->profile);
        entries.insert(entries.end(), more.begin(), more.end());
    }
    m_palette->setEntries(std::move(entries));
    m_saveAction->setEnabled(m_document != nullptr);
    m_reportAction->setEnabled(m_document != nullptr);
    m_runAction->setEnabled(m_firmware != nullptr);
}

void MainWindow::askForFile() {
    const QString path = QFileDialog::getOpenFileName(
        this, QStringLiteral("Open a firmware or a profile"), QFileInfo(recent().value(0)).path(),
        QStringLiteral(
            "Firmware and profiles (*.elf *.axf *.out *.hex *.ihex *.bin *.uf2 *.simprof *.json);;All files (*)"));
    if (!path.isEmpty()) {
        openPath(path);
    }
}

void MainWindow::askForBase() {
    const QString path = QFileDialog::getOpenFileName(this, QStringLiteral("Compare with the profile"),
                                                      QFileInfo(recent().value(0)).path(),
                                                      QStringLiteral("Profiles (*.simprof *.json);;All files (*)"));
    if (!path.isEmpty()) {
        m_loadsBase = true;
        m_controller.load(path);
    }
}

void MainWindow::askForSourceRoot() {
    const QString folder = QFileDialog::getExistingDirectory(this, QStringLiteral("Folder of the sources"));
    if (!folder.isEmpty()) {
        m_deck->code()->setSourceRoots({toPath(folder)});
        if (m_settings != nullptr) {
            m_settings->setValue(QStringLiteral("sourceRoot"), folder);
        }
    }
}

void MainWindow::save() {
    if (!m_document) {
        return;
    }
    const QString name = m_document->path.isEmpty()
                             ? QFileInfo(m_firmwarePath).completeBaseName() + QStringLiteral(".simprof")
                             : m_document->path;
    const QString path = QFileDialog::getSaveFileName(this, QStringLiteral("Save the profile"), name,
                                                      QStringLiteral("Profiles (*.simprof)"));
    if (path.isEmpty()) {
        return;
    }
    try {
        writeProfile(toPath(path), m_document->profile);
        m_unsaved = false;
        remember(path);
    } catch (const Error& error) {
        showFailure(QString::fromUtf8(error.what()));
    }
}

void MainWindow::exportReport() {
    if (!m_document) {
        return;
    }
    const QString path = QFileDialog::getSaveFileName(
        this, QStringLiteral("Export the report"),
        QFileInfo(m_firmwarePath).completeBaseName() + QStringLiteral(".html"), QStringLiteral("HTML (*.html)"));
    if (path.isEmpty()) {
        return;
    }
    try {
        writeFile(toPath(path), reportHtml(m_document->profile, {}));
    } catch (const Error& error) {
        showFailure(QString::fromUtf8(error.what()));
    }
}

bool MainWindow::mayDrop() {
    // Without settings nobody is asked: tests and pictures.
    if (!m_unsaved || m_settings == nullptr) {
        return true;
    }
    const auto answer =
        QMessageBox::question(this, QStringLiteral("Unsaved profile"),
                              QStringLiteral("The profile of the last run is not saved. Save it first?"),
                              QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
    if (answer == QMessageBox::Save) {
        save();
        return !m_unsaved;
    }
    return answer == QMessageBox::Discard;
}

void MainWindow::showKeys() {
    QMessageBox::information(
        this, QStringLiteral("Keyboard"),
        QStringLiteral("Ctrl+K or Ctrl+F: find anywhere\nCtrl+1 … Ctrl+8: pages\nCtrl+O: open, Ctrl+R: run, Ctrl+S: "
                       "save, Ctrl+D: compare\n\n"
                       "In pictures over time:\n+ and − or W and S: zoom, ← and → or A and D: move, ↑ and ↓: up and "
                       "down\nHome: everything, "
                       "M twice: measure between two places, Z: zoom to what is measured\nDrag moves, Shift+drag "
                       "measures, Ctrl+drag zooms to a box, double click zooms to what is there\n"
                       "In the memory picture Shift+wheel zooms the addresses and Ctrl+wheel both axes"));
}

} // namespace simprof::gui
