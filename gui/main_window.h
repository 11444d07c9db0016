// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/command_palette.h"
#include "gui/pages/page.h"
#include "gui/run_controller.h"
#include "gui/selection.h"
#include "gui/uart_link.h"

#include <QMainWindow>

#include <array>

class QFrame;
class QLabel;
class QListWidget;
class QSettings;
class QStackedWidget;

namespace simprof::gui {

class CodePage;
class ComparePage;
class ConsolePage;
class EnergyPage;
class LayersPage;
class MemoryPage;
class StartPage;
class SummaryPage;
class TimelinePage;

/// How the window looks.
enum class Appearance : std::uint8_t { System, Light, Dark };

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
    StartPage* startPage() const { return m_start; }
    SummaryPage* summaryPage() const { return m_summary; }
    LayersPage* layersPage() const { return m_layers; }
    MemoryPage* memoryPage() const { return m_memory; }
    TimelinePage* timelinePage() const { return m_timeline; }
    EnergyPage* energyPage() const { return m_energy; }
    CodePage* codePage() const { return m_code; }
    ConsolePage* consolePage() const { return m_console; }
    ComparePage* comparePage() const { return m_compare; }
    CommandPalette* commandPalette() const { return m_palette; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void makePages();
    void makeActions();
    void makeBars();
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
    void refreshNavigation();
    void describeSelection();
    void remember(const QString& path);
    void restore();
    QStringList recent() const;
    bool mayDrop();
    void applyTheme();
    void showKeys();

    QSettings* m_settings;
    QPalette m_systemPalette;
    Appearance m_appearance = Appearance::System;
    Selection m_selection;
    DocumentPtr m_document;
    bool m_unsaved = false;
    bool m_loadsBase = false; ///< the profile being read is the one to compare with
    bool m_applying = false;
    QString m_opening;
    QString m_firmwarePath;
    std::shared_ptr<const FirmwareImage> m_firmware;
    RunOptions m_lastOptions;
    QStringList m_recent;

    QListWidget* m_navigation = nullptr;
    QStackedWidget* m_stack = nullptr;
    QFrame* m_banner = nullptr;
    QLabel* m_bannerText = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_chip = nullptr;
    QLabel* m_hover = nullptr;
    QLabel* m_selected = nullptr;
    StartPage* m_start = nullptr;
    SummaryPage* m_summary = nullptr;
    LayersPage* m_layers = nullptr;
    MemoryPage* m_memory = nullptr;
    TimelinePage* m_timeline = nullptr;
    EnergyPage* m_energy = nullptr;
    CodePage* m_code = nullptr;
    ConsolePage* m_console = nullptr;
    ComparePage* m_compare = nullptr;
    CommandPalette* m_palette = nullptr;
    std::array<Page*, kPageNames.size()> m_pages{};
    std::vector<QAction*> m_commands; ///< also in the palette
    QAction* m_saveAction = nullptr;
    QAction* m_runAction = nullptr;
    QAction* m_reportAction = nullptr;
    UartLink m_link;
    RunController m_controller; ///< last: ends its thread before anything it tells goes
};

} // namespace simprof::gui
