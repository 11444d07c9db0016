// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/command_palette.h"
#include "gui/look.h"
#include "gui/page_deck.h"
#include "gui/run_controller.h"
#include "gui/selection.h"
#include "gui/uart_link.h"

#include <QMainWindow>

class QSettings;

namespace simprof::gui {

class StatusLine;

/// The window: navigation, pages, one open profile, at most one run under way.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// `settings` remembers the window's state; null: nothing is remembered. `runner` runs firmware.
    explicit MainWindow(Runner runner, QSettings* settings = nullptr);
    ~MainWindow() override;

    /// Opens a profile in the background, or shows how a firmware would be run.
    void openPath(const QString& path);
    void openFirmware(const QString& path, std::optional<Address> base);
    void setDocument(DocumentPtr document);
    const DocumentPtr& document() const { return m_document; }
    /// Compares the open profile with this one.
    void setBase(DocumentPtr base);
    void showPage(PageId page);
    void showStart();
    /// Runs the firmware that was opened.
    void run(RunOptions options);
    void setAppearance(Appearance appearance);
    /// Shows a sentence above the pages until it is closed or the next file is opened.
    void showFailure(const QString& sentence);
    QString failure() const;

    Selection* selection() { return &m_selection; }
    RunController* controller() { return &m_controller; }
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
    void connectRun();
    void endRun();
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
    bool mayDrop();
    void applyTheme();
    void showKeys();

    QSettings* m_settings;
    Look m_look;
    Selection m_selection;
    DocumentPtr m_document;
    bool m_unsaved = false;
    bool m_loadsBase = false; ///< the profile being read is the one to compare with
    QString m_firmwarePath;
    std::shared_ptr<const FirmwareImage> m_firmware;
    RunOptions m_lastOptions;
    QStringList m_recent;

    PageDeck* m_deck;
    StatusLine* m_status;
    CommandPalette* m_palette;
    std::vector<QAction*> m_commands; ///< also in the palette
    QAction* m_saveAction = nullptr;
    QAction* m_runAction = nullptr;
    QAction* m_reportAction = nullptr;
    UartLink m_link;
    RunController m_controller; ///< last: ends its thread before anything it tells goes
};

} // namespace simprof::gui
