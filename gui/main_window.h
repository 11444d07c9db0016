// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/command_palette.h"
#include "gui/look.h"
#include "gui/page_deck.h"
#include "gui/run_desk.h"
#include "gui/selection.h"

#include <QMainWindow>
#include <QMessageBox>

class QMenu;
class QSettings;

namespace simprof::gui {

class StatusLine;

/// Puts a question with its title and answers to the user.
using Ask = std::function<QMessageBox::StandardButton(const QString& title, const QString& question,
                                                      QMessageBox::StandardButtons answers)>;

/// The window: navigation, pages, one open profile, the runs of the session, at most one of them under way.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// `settings` remembers the window's state; null: nothing is remembered. `runner` runs firmware.
    explicit MainWindow(Runner runner, QSettings* settings = nullptr);
    ~MainWindow() override;

    /// Opens a profile in the background, or shows how a firmware would be run. Asks first when a run is under way.
    void openPath(const QString& path);
    void openFirmware(const QString& path, std::optional<Address> base);
    void setDocument(DocumentPtr document);
    const DocumentPtr& document() const { return m_document; }
    /// Compares the open profile with this one.
    void setBase(DocumentPtr base);
    void showPage(PageId page);
    void showStart();
    /// Runs the firmware that was opened, as its file is now.
    void run(const RunOptions& options);
    /// Shows another network of the open profile, by its index.
    void showNetwork(int network);
    /// Shows a run of the session, by its number from 1.
    void showRun(std::size_t number);
    void compareWithRunBefore();
    /// The file name that saving offers: of the profile that is shown.
    QString nameToSave() const;
    void saveAs(const QString& path);
    /// Who answers questions, in tests.
    void setAsk(Ask ask) { m_ask = std::move(ask); }
    /// Whether a firmware is run again as soon as its file changes.
    void setRunsAgain(bool on) { m_runsAgain->setChecked(on); }
    void setAppearance(Appearance appearance);
    /// Shows a sentence above the pages until it is closed or the next file is opened.
    void showFailure(const QString& sentence);
    QString failure() const;

    Selection* selection() { return &m_selection; }
    RunController* controller() { return m_desk.controller(); }
    const Runs& runs() const { return m_desk.runs(); }
    PageDeck* deck() const { return m_deck; }
    StartPage* startPage() const { return m_deck->start(); }
    SummaryPage* summaryPage() const { return m_deck->summary(); }
    LayersPage* layersPage() const { return m_deck->layers(); }
    MemoryPage* memoryPage() const { return m_deck->memory(); }
    TimelinePage* timelinePage() const { return m_deck->timeline(); }
    EnergyPage* energyPage() const { return m_deck->energy(); }
    CodePage* codePage() const { return m_deck->code(); }
    ConsolePage* consolePage() const { return m_deck->console(); }
    ComparePage* comparePage() const { return m_deck->compare(); }
    CommandPalette* commandPalette() const { return m_palette; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void connectPages();
    void makeActions();
    void makeFileMenu();
    void makeRunMenu();
    void makeGoMenu();
    void makeViewMenu();
    void connectStart();
    void connectDesk();
    void openNow(const QString& path);
    void showOpened(const DocumentPtr& document);
    /// Shows another document, and of it the layer that is selected when both have it.
    void exchangeDocument(const DocumentPtr& document);
    void offerRun();
    /// Does this when nothing is under way; a run is only ended when the user agrees.
    void whenFree(const QString& wish, std::function<void()> then);
    QString nameOf(const DocumentPtr& document);
    void refreshTitle();
    void refreshRuns();
    void refreshBusy();
    QAction* addCommand(const QString& title, const QKeySequence& keys, std::function<void()> action);
    void askForFile();
    void askForBase();
    void askForSourceRoot();
    void save();
    void exportReport();
    void find(const FindEntry& entry);
    void refreshPalette();
    void remember(const QString& path);
    void restore();
    QStringList recent() const;
    bool mayClose();
    bool saveAll();
    QMessageBox::StandardButton askUser(const QString& title, const QString& question,
                                        QMessageBox::StandardButtons answers);
    void applyTheme();
    void showKeys();

    QSettings* m_settings;
    Look m_look;
    Selection m_selection;
    DocumentPtr m_document;
    QStringList m_recent;

    PageDeck* m_deck;
    StatusLine* m_status;
    CommandPalette* m_palette;
    std::vector<QAction*> m_commands; ///< also in the palette
    QAction* m_saveAction = nullptr;
    QAction* m_runAction = nullptr;
    QAction* m_reportAction = nullptr;
    QAction* m_cancelAction = nullptr;
    QAction* m_runsAgain = nullptr;
    QMenu* m_runMenu = nullptr;
    Ask m_ask;
    RunDesk m_desk; ///< last: ends its thread before anything it tells goes
};

} // namespace simprof::gui
