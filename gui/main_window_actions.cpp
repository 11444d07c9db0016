// SPDX-License-Identifier: GPL-2.0-or-later
// What the window's menus do, and the questions it asks.
#include "gui/main_window.h"
#include "gui/pages/code_page.h"
#include "gui/pages/code_pane.h"
#include "gui/pages/compare_page.h"
#include "gui/pages/energy_page.h"
#include "gui/pages/memory_page.h"
#include "gui/pages/start_page.h"
#include "gui/pages/timeline_page.h"
#include "gui/run_bar.h"
#include "gui/text.h"
#include "gui/widgets.h"
#include "profiler/files.h"
#include "profiler/profile_json.h"
#include "profiler/report/report.h"
#include "sim_core/error.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>
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
    makeFileMenu();
    makeRunMenu();
    makeGoMenu();
    makeViewMenu();
    QMenu* help = menuBar()->addMenu(QStringLiteral("&Help"));
    help->addAction(addCommand(QStringLiteral("Keyboard"), QKeySequence::HelpContents, [this] { showKeys(); }));
    auto* findButton = flatButton(QStringLiteral("Find  Ctrl+K"), QStringLiteral("Find anywhere"), this);
    connect(findButton, &QToolButton::clicked, m_palette, &CommandPalette::ask);
    menuBar()->setCornerWidget(findButton);
}

void MainWindow::makeFileMenu() {
    QMenu* file = menuBar()->addMenu(QStringLiteral("&File"));
    file->addAction(addCommand(QStringLiteral("Open…"), QKeySequence::Open, [this] { askForFile(); }));
    file->addAction(
        addCommand(QStringLiteral("Start page"), QKeySequence(QStringLiteral("Ctrl+H")), [this] { showStart(); }));
    file->addAction(m_saveAction =
                        addCommand(QStringLiteral("Save profile as…"), QKeySequence::Save, [this] { save(); }));
    file->addAction(m_reportAction = addCommand(QStringLiteral("Export HTML report…"),
                                                QKeySequence(QStringLiteral("Ctrl+E")), [this] { exportReport(); }));
    file->addAction(
        addCommand(QStringLiteral("Compare with…"), QKeySequence(QStringLiteral("Ctrl+D")), [this] { askForBase(); }));
    file->addAction(addCommand(QStringLiteral("Folder of sources…"), {}, [this] { askForSourceRoot(); }));
    file->addSeparator();
    file->addAction(addCommand(QStringLiteral("Quit"), QKeySequence::Quit, [this] { close(); }));
}

void MainWindow::makeRunMenu() {
    m_runMenu = menuBar()->addMenu(QStringLiteral("&Run"));
    m_runMenu->addAction(m_runAction = addCommand(QStringLiteral("Run"), QKeySequence(QStringLiteral("Ctrl+R")),
                                                  [this] { run(m_deck->start()->options()); }));
    m_runMenu->addAction(m_cancelAction = addCommand(QStringLiteral("Cancel"), QKeySequence(Qt::Key_Escape),
                                                     [this] { controller()->cancel(); }));
    m_cancelAction->setEnabled(false);
    m_runsAgain = new QAction(QStringLiteral("Run again when the file changes"), this);
    m_runsAgain->setCheckable(true);
    m_runMenu->addAction(m_runsAgain);
    m_runMenu->addAction(addCommand(QStringLiteral("Compare with the run before"),
                                    QKeySequence(QStringLiteral("Ctrl+B")), [this] { compareWithRunBefore(); }));
    m_runMenu->addSection(QStringLiteral("Runs of this session"));
}

void MainWindow::makeGoMenu() {
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
}

void MainWindow::makeViewMenu() {
    QMenu* view = menuBar()->addMenu(QStringLiteral("&View"));
    const std::pair<const char*, Appearance> looks[] = {
        {"Appearance of the system", Appearance::System}, {"Light", Appearance::Light}, {"Dark", Appearance::Dark}};
    for (const auto& [title, look] : looks) {
        view->addAction(addCommand(QLatin1String(title), {}, [this, chosen = look] { setAppearance(chosen); }));
    }
}

void MainWindow::refreshRuns() {
    const std::size_t known = m_desk.runs().all().size();
    const std::size_t current = m_desk.runs().numberOf(m_document);
    for (QAction* old : m_runMenu->findChildren<QAction*>(QStringLiteral("run"), Qt::FindDirectChildrenOnly)) {
        delete old;
    }
    for (std::size_t number = 1; number <= known; ++number) {
        QAction* action =
            m_runMenu->addAction(m_desk.runs().titleOf(number), this, [this, number] { showRun(number); });
        action->setParent(m_runMenu);
        action->setObjectName(QStringLiteral("run"));
        action->setCheckable(true);
        action->setChecked(number == current);
    }
}

void MainWindow::refreshBusy() {
    const bool busy = controller()->isBusy();
    m_deck->start()->setBusy(busy);
    m_cancelAction->setEnabled(busy);
    m_runAction->setEnabled(m_desk.firmware()->isOpen() && !busy);
    if (!busy) {
        m_deck->runBar()->hide();
    }
}

QString MainWindow::nameOf(const DocumentPtr& document) {
    const std::size_t number = m_desk.runs().numberOf(document);
    const QString file = QFileInfo(m_desk.runs().fileOf(document)).fileName();
    return number == 0 ? file : QStringLiteral("run %1").arg(number);
}

void MainWindow::refreshTitle() {
    if (!m_document) {
        setWindowTitle(QStringLiteral("simprof"));
        m_deck->start()->setOpen({});
        return;
    }
    const std::size_t number = m_desk.runs().numberOf(m_document);
    const QString file = QFileInfo(m_desk.runs().fileOf(m_document)).fileName();
    QString what = file.isEmpty() ? m_document->title() : QStringLiteral("%1: %2").arg(file, m_document->title());
    what += number == 0 ? QString() : QStringLiteral(", run %1").arg(number);
    setWindowTitle(what + QStringLiteral("[*] - simprof"));
    setWindowModified(number != 0 && file.isEmpty());
    m_deck->start()->setOpen(QStringLiteral("The pages show %1.").arg(what));
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
    refreshBusy();
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
        whenFree(QStringLiteral("compare"), [this, path] { m_desk.load(path, true); });
    }
}

void MainWindow::askForSourceRoot() {
    const QString folder = QFileDialog::getExistingDirectory(this, QStringLiteral("Folder of the sources"));
    if (!folder.isEmpty()) {
        m_deck->code()->pane()->setSourceRoots({toPath(folder)});
        if (m_settings != nullptr) {
            m_settings->setValue(QStringLiteral("sourceRoot"), folder);
        }
    }
}

QString MainWindow::nameToSave() const {
    if (!m_document) {
        return {};
    }
    const QString file = m_desk.runs().fileOf(m_document);
    return file.isEmpty()
               ? QFileInfo(qt(m_document->profile.firmware.name)).completeBaseName() + QStringLiteral(".simprof")
               : file;
}

void MainWindow::save() {
    const QString path = QFileDialog::getSaveFileName(this, QStringLiteral("Save the profile"), nameToSave(),
                                                      QStringLiteral("Profiles (*.simprof)"));
    if (!path.isEmpty()) {
        saveAs(path);
    }
}

void MainWindow::saveAs(const QString& path) {
    try {
        writeProfile(toPath(path), m_document->saved());
        m_desk.runs().setSaved(m_document, path);
        remember(path);
        refreshTitle();
    } catch (const Error& error) {
        showFailure(QString::fromUtf8(error.what()));
    }
}

bool MainWindow::saveAll() {
    const QString folder = QFileDialog::getExistingDirectory(this, QStringLiteral("Save the runs into the folder"));
    if (folder.isEmpty()) {
        return false;
    }
    for (const Runs::Run& run : m_desk.runs().all()) {
        if (run.file.isEmpty()) {
            const QString name = QFileInfo(qt(run.document->profile.firmware.name)).completeBaseName();
            setDocument(run.document);
            saveAs(QStringLiteral("%1/%2-run-%3.simprof").arg(folder, name).arg(m_desk.runs().numberOf(run.document)));
        }
    }
    return m_desk.runs().unsaved() == 0;
}

void MainWindow::exportReport() {
    const QFileInfo profile(nameToSave());
    const QString path = QFileDialog::getSaveFileName(this, QStringLiteral("Export the report"),
                                                      profile.completeBaseName() + QStringLiteral(".html"),
                                                      QStringLiteral("HTML (*.html)"));
    if (path.isEmpty()) {
        return;
    }
    try {
        writeFile(toPath(path), reportHtml(m_document->saved(), {}));
    } catch (const Error& error) {
        showFailure(QString::fromUtf8(error.what()));
    }
}

QMessageBox::StandardButton MainWindow::askUser(const QString& title, const QString& question,
                                                QMessageBox::StandardButtons answers) {
    if (m_ask) {
        return m_ask(title, question, answers);
    }
    if (m_settings == nullptr) { // tests and pictures: nobody is there to answer
        return answers & QMessageBox::Yes ? QMessageBox::Yes : QMessageBox::Discard;
    }
    return QMessageBox::question(this, title, question, answers);
}

bool MainWindow::mayClose() {
    const std::size_t unsaved = m_desk.runs().unsaved();
    const bool running = controller()->isRunningFirmware();
    if (unsaved == 0 && !running) {
        return true;
    }
    QStringList sentences;
    if (running) {
        sentences.append(QStringLiteral("A run is under way and ends with the window."));
    }
    if (unsaved != 0) {
        sentences.append(unsaved == 1 ? QStringLiteral("One run of this session is not saved.")
                                      : QStringLiteral("%1 runs of this session are not saved.").arg(unsaved));
    }
    const auto answers = unsaved == 0 ? QMessageBox::Discard | QMessageBox::Cancel
                                      : QMessageBox::SaveAll | QMessageBox::Discard | QMessageBox::Cancel;
    const auto answer = askUser(QStringLiteral("Close the window"), sentences.join(QLatin1Char(' ')), answers);
    return answer == QMessageBox::SaveAll ? saveAll() : answer == QMessageBox::Discard;
}

void MainWindow::showKeys() {
    QMessageBox::information(
        this, QStringLiteral("Keyboard"),
        QStringLiteral(
            "Ctrl+K or Ctrl+F: find anywhere\nCtrl+1 … Ctrl+8: pages\nCtrl+O: open, Ctrl+R: run, Esc: cancel, "
            "Ctrl+S: save, Ctrl+D: compare, Ctrl+B: compare with the run before\n\n"
            "In pictures over time:\n+ and − or W and S: zoom, ← and → or A and D: move, ↑ and ↓: up and "
            "down\nHome: everything, "
            "M twice: measure between two places, Z: zoom to what is measured\nDrag moves, Shift+drag "
            "measures, Ctrl+drag zooms to a box, double click zooms to what is there\n"
            "In the memory picture Shift+wheel zooms the addresses and Ctrl+wheel both axes"));
}

} // namespace simprof::gui
