// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/main_window.h"

#include "gui/counting_bar.h"
#include "gui/pages/code_page.h"
#include "gui/pages/code_pane.h"
#include "gui/pages/compare_page.h"
#include "gui/pages/console_page.h"
#include "gui/pages/energy_page.h"
#include "gui/pages/start_page.h"
#include "gui/pages/summary_page.h"
#include "gui/pages/timeline_page.h"
#include "gui/run_bar.h"
#include "gui/status_line.h"
#include "gui/widgets.h"
#include "profiler/profile_json.h"
#include "sim_core/error.h"

#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMimeData>
#include <QSettings>
#include <QSplitter>
#include <QStatusBar>

namespace simprof::gui {

namespace {

constexpr int kMostRecent = 12;
constexpr qint64 kEnoughToTell = 4096; ///< bytes read to tell a profile from a firmware

std::filesystem::path toPath(const QString& path) { return std::filesystem::path(path.toStdU16String()); }

} // namespace

MainWindow::MainWindow(Runner runner, QSettings* settings)
    : m_settings(settings)
    , m_deck(new PageDeck(&m_selection, this))
    , m_status(new StatusLine(statusBar(), &m_selection))
    , m_palette(new CommandPalette(this))
    , m_desk(std::move(runner)) {
    setWindowTitle(QStringLiteral("simprof"));
    setAcceptDrops(true);
    setMinimumSize(900, 600);
    resize(1280, 800);
    setCentralWidget(m_deck);
    connectPages();
    makeActions();
    connectStart();
    connectDesk();
    restore();
    applyTheme();
    refreshPalette();
    m_deck->refreshNavigation();
    showStart();
}

MainWindow::~MainWindow() {
    controller()->disconnect(this);
    m_desk.disconnect(this);
}

void MainWindow::connectPages() {
    connect(m_deck, &PageDeck::pageWanted, this, &MainWindow::showPage);
    connect(m_deck, &PageDeck::hovered, m_status, &StatusLine::setHovered);
    connect(m_deck->summary(), &SummaryPage::lastMomentsWanted, this, [this] {
        const Cycles end = m_document->profile.totals.cycles;
        const Cycles begin = end - std::min<Cycles>(end, std::max<Cycles>(1, end / 50));
        showPage(PageId::Timeline);
        m_deck->timeline()->timeline()->showCycles(static_cast<double>(begin), static_cast<double>(end));
    });
    m_deck->compare()->setNames([this](const DocumentPtr& document) { return nameOf(document); });
    connect(m_deck->compare(), &ComparePage::baseWanted, this, &MainWindow::askForBase);
    connect(m_deck->code()->pane(), &CodePane::sourceRootWanted, this, &MainWindow::askForSourceRoot);
    connect(m_deck->code()->pane(), &CodePane::instructionsWanted, this, [this] {
        RunOptions options = m_desk.lastOptions();
        options.instructions = true;
        run(options);
    });
    connect(m_deck->countingBar(), &CountingBar::networkWanted, this, &MainWindow::showNetwork);
    connect(m_palette, &CommandPalette::chosen, this, &MainWindow::find);
}

void MainWindow::connectStart() {
    connect(m_deck->start(), &StartPage::openWanted, this, &MainWindow::askForFile);
    connect(m_deck->start(), &StartPage::pathChosen, this, &MainWindow::openPath);
    connect(m_deck->start(), &StartPage::baseChosen, this,
            [this](const QString& path, quint32 base) { openFirmware(path, base); });
    connect(m_deck->start(), &StartPage::runWanted, this, [this] { run(m_deck->start()->options()); });
    connect(m_deck->runBar(), &RunBar::cancelWanted, controller(), &RunController::cancel);
}

void MainWindow::connectDesk() {
    connect(controller(), &RunController::progressed, m_deck->runBar(), &RunBar::showProgress);
    connect(controller(), &RunController::reading, m_deck->runBar(), &RunBar::showReading);
    connect(controller(), &RunController::printed, m_deck->console(), &ConsolePage::append);
    connect(m_deck->console(), &ConsolePage::typed, this,
            [this](const QByteArray& bytes) { m_desk.link()->send(bytes); });
    connect(m_desk.link(), &UartLink::opened, this, [this] {
        m_deck->console()->setConnected(true);
        showPage(PageId::Console);
    });
    connect(m_desk.link(), &UartLink::closed, this, [this] { m_deck->console()->setConnected(false); });
    connect(m_desk.firmware(), &FirmwareFile::changed, this, &MainWindow::offerRun);
    connect(&m_desk, &RunDesk::started, this, [this](const QString& what) {
        m_deck->banner()->hide();
        m_deck->runBar()->begin(what);
        refreshBusy();
    });
    connect(&m_desk, &RunDesk::ended, this, &MainWindow::refreshBusy);
    connect(&m_desk, &RunDesk::opened, this, &MainWindow::showOpened);
    connect(&m_desk, &RunDesk::baseOpened, this, [this](const DocumentPtr& base) {
        setBase(base);
        showPage(PageId::Compare);
    });
    connect(&m_desk, &RunDesk::failed, this, [this](const QString& sentence) {
        showFailure(sentence);
        m_deck->console()->setDocument(m_document); // a failed run's output goes, the open profile's comes back
    });
}

void MainWindow::showOpened(const DocumentPtr& document) {
    const bool isFile = !document->path.isEmpty();
    if (isFile) {
        m_desk.firmware()->close();
        m_deck->start()->clear();
        remember(document->path);
    }
    exchangeDocument(document);
    if (isFile || m_deck->shown() == m_deck->start() || document->profile.halt.fault) {
        showPage(PageId::Summary);
    }
}

void MainWindow::exchangeDocument(const DocumentPtr& document) {
    const int layer = m_selection.layer();
    const LayerInfo* before = m_document ? m_document->layer(layer) : nullptr;
    const LayerInfo* now = document->layer(layer);
    const bool sameLayer = before != nullptr && now != nullptr && before->name == now->name;
    setDocument(document);
    if (sameLayer) {
        m_selection.setLayer(layer);
    }
}

void MainWindow::whenFree(const QString& wish, std::function<void()> then) {
    if (controller()->isRunningFirmware() &&
        askUser(QStringLiteral("A run is under way"),
                QStringLiteral("A run is under way. End it now, keep what it measured, and %1?").arg(wish),
                QMessageBox::Yes | QMessageBox::No) != QMessageBox::Yes) {
        return;
    }
    m_desk.endThen(std::move(then));
}

void MainWindow::openPath(const QString& path) {
    whenFree(QStringLiteral("open %1").arg(QFileInfo(path).fileName()), [this, path] { openNow(path); });
}

void MainWindow::openNow(const QString& path) {
    m_deck->banner()->hide();
    QFile file(path);
    if (!QFileInfo::exists(path)) {
        m_recent.removeAll(path);
        m_deck->start()->setRecent(m_recent);
        showFailure(QStringLiteral("%1 is not there any more: it was moved or deleted.").arg(path));
        return;
    }
    if (!file.open(QIODevice::ReadOnly)) {
        showFailure(QStringLiteral("%1 cannot be read: %2.").arg(path, file.errorString()));
        return;
    }
    const QByteArray beginning = file.read(kEnoughToTell);
    const bool isProfile =
        looksLikeProfile(std::string_view(beginning.constData(), static_cast<std::size_t>(beginning.size())));
    if (isProfile || path.endsWith(QLatin1String(".simprof"))) {
        m_desk.load(path, false);
        return;
    }
    openFirmware(path, std::nullopt);
}

void MainWindow::openFirmware(const QString& path, std::optional<Address> base) {
    m_deck->banner()->hide();
    try {
        m_desk.firmware()->open(path, base);
        m_deck->start()->setFirmware(path, *m_desk.firmware()->image());
        remember(path);
    } catch (const Error& error) {
        m_desk.firmware()->close();
        m_deck->start()->setFailure(path, QString::fromUtf8(error.what()));
    }
    m_deck->code()->pane()->setCanRun(m_desk.firmware()->isOpen());
    showStart();
    refreshPalette();
}

void MainWindow::run(const RunOptions& options) {
    if (!m_desk.firmware()->isOpen()) {
        showFailure(QStringLiteral("There is no firmware to run: open an ELF, Intel HEX, UF2 or binary file first."));
        return;
    }
    whenFree(QStringLiteral("run again"), [this, options] {
        try {
            m_desk.run(options, m_deck->start()->wantsToType());
            m_deck->console()->begin();
        } catch (const Error& error) {
            showFailure(QString::fromUtf8(error.what()));
        }
    });
}

void MainWindow::offerRun() {
    if (m_runsAgain->isChecked()) {
        m_desk.endThen([this] { run(m_deck->start()->options()); });
        return;
    }
    m_deck->banner()->offer(QStringLiteral("%1 changed on disk.").arg(QFileInfo(m_desk.firmware()->path()).fileName()),
                            QStringLiteral("Run again (Ctrl+R)"), [this] { run(m_deck->start()->options()); });
}

void MainWindow::setDocument(DocumentPtr document) {
    m_document = std::move(document);
    m_selection.clear();
    m_deck->setDocument(m_document);
    m_deck->code()->pane()->setCanRun(m_desk.firmware()->isOpen());
    m_status->setDocument(m_document);
    refreshTitle();
    refreshRuns();
    refreshPalette();
    m_deck->refreshNavigation();
}

void MainWindow::showNetwork(int network) {
    if (m_document && m_document->whole && network >= 0) {
        auto shown = std::make_shared<Document>(m_document->whole, static_cast<std::size_t>(network));
        shown->path = m_document->path;
        setDocument(std::move(shown));
    }
}

void MainWindow::showRun(std::size_t number) {
    if (number >= 1 && number <= m_desk.runs().all().size()) {
        exchangeDocument(m_desk.runs().all()[number - 1].document);
        if (m_deck->shown() == m_deck->start()) {
            showPage(PageId::Summary);
        }
    }
}

void MainWindow::compareWithRunBefore() {
    const DocumentPtr before = m_desk.runs().before(m_document);
    if (!m_document || !before) {
        showFailure(QStringLiteral("There is no run before this one: run the firmware again first (Ctrl+R)."));
        return;
    }
    setBase(before);
    showPage(PageId::Compare);
}

void MainWindow::setBase(DocumentPtr base) { m_deck->setBase(base); }

void MainWindow::showPage(PageId page) {
    if (!m_document && page != PageId::Console) {
        showStart();
        return;
    }
    m_status->setHovered({});
    m_deck->showPage(page);
}

void MainWindow::showStart() {
    m_status->setHovered({});
    m_deck->showStart();
}

void MainWindow::showFailure(const QString& sentence) { m_deck->banner()->say(sentence); }

QString MainWindow::failure() const { return m_deck->banner()->sentence(); }

QStringList MainWindow::recent() const { return m_recent; }

void MainWindow::remember(const QString& path) {
    const QString whole = QFileInfo(path).absoluteFilePath();
    m_recent.removeAll(whole);
    m_recent.prepend(whole);
    m_recent = QStringList(m_recent.mid(0, kMostRecent));
    m_deck->start()->setRecent(m_recent);
    if (m_settings != nullptr) {
        m_settings->setValue(QStringLiteral("recent"), m_recent);
    }
}

void MainWindow::restore() {
    if (m_settings == nullptr) {
        return;
    }
    restoreGeometry(m_settings->value(QStringLiteral("geometry")).toByteArray());
    for (QSplitter* splitter : findChildren<QSplitter*>()) {
        splitter->restoreState(m_settings->value(QStringLiteral("splitter/") + splitter->objectName()).toByteArray());
    }
    m_deck->energy()->setState(m_settings->value(QStringLiteral("calculator")).toMap());
    m_recent = m_settings->value(QStringLiteral("recent")).toStringList();
    m_deck->start()->setRecent(m_recent);
    m_look.setAppearance(
        static_cast<Appearance>(std::clamp(m_settings->value(QStringLiteral("appearance")).toInt(), 0, 2)));
    const QString root = m_settings->value(QStringLiteral("sourceRoot")).toString();
    if (!root.isEmpty()) {
        m_deck->code()->pane()->setSourceRoots({toPath(root)});
    }
}

void MainWindow::setAppearance(Appearance appearance) {
    m_look.setAppearance(appearance);
    if (m_settings != nullptr) {
        m_settings->setValue(QStringLiteral("appearance"), static_cast<int>(appearance));
    }
    applyTheme();
}

void MainWindow::applyTheme() {
    m_look.apply();
    // Pages keep colours in what they show: show it again.
    const int layer = m_selection.layer();
    m_deck->setDocument(m_document);
    m_selection.setLayer(layer);
    m_deck->refreshNavigation();
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::ThemeChange && m_look.followSystem()) {
        applyTheme();
    }
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!mayClose()) {
        event->ignore();
        return;
    }
    controller()->cancel();
    if (m_settings != nullptr) {
        m_settings->setValue(QStringLiteral("geometry"), saveGeometry());
        for (const QSplitter* splitter : findChildren<QSplitter*>()) {
            m_settings->setValue(QStringLiteral("splitter/") + splitter->objectName(), splitter->saveState());
        }
        m_settings->setValue(QStringLiteral("calculator"), m_deck->energy()->state());
    }
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().first().isLocalFile()) {
        event->acceptProposedAction();
    }
}

void MainWindow::dropEvent(QDropEvent* event) { openPath(event->mimeData()->urls().first().toLocalFile()); }

} // namespace simprof::gui
