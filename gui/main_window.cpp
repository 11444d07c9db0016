// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/main_window.h"

#include "gui/pages/code_page.h"
#include "gui/pages/compare_page.h"
#include "gui/pages/console_page.h"
#include "gui/pages/energy_page.h"
#include "gui/pages/start_page.h"
#include "gui/pages/summary_page.h"
#include "gui/pages/timeline_page.h"
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
    , m_controller(std::move(runner)) {
    setWindowTitle(QStringLiteral("simprof"));
    setAcceptDrops(true);
    setMinimumSize(900, 600);
    resize(1280, 800);
    setCentralWidget(m_deck);
    connectPages();
    makeActions();
    connectRun();
    restore();
    applyTheme();
    refreshPalette();
    m_deck->refreshNavigation();
    showStart();
}

MainWindow::~MainWindow() { m_controller.disconnect(this); }

void MainWindow::connectPages() {
    connect(m_deck, &PageDeck::pageWanted, this, &MainWindow::showPage);
    connect(m_deck, &PageDeck::hovered, m_status, &StatusLine::setHovered);
    connect(m_deck->summary(), &SummaryPage::lastMomentsWanted, this, [this] {
        const Cycles end = m_document->profile.totals.cycles;
        const Cycles begin = end - std::min<Cycles>(end, std::max<Cycles>(1, end / 50));
        showPage(PageId::Timeline);
        m_deck->timeline()->timeline()->showCycles(static_cast<double>(begin), static_cast<double>(end));
    });
    connect(m_deck->compare(), &ComparePage::baseWanted, this, &MainWindow::askForBase);
    connect(m_deck->code(), &CodePage::sourceRootWanted, this, &MainWindow::askForSourceRoot);
    connect(m_deck->code(), &CodePage::instructionsWanted, this, [this] {
        RunOptions options = m_lastOptions;
        options.instructions = true;
        run(options);
    });
    connect(m_palette, &CommandPalette::chosen, this, &MainWindow::find);
}

void MainWindow::connectRun() {
    connect(m_deck->start(), &StartPage::openWanted, this, &MainWindow::askForFile);
    connect(m_deck->start(), &StartPage::pathChosen, this, &MainWindow::openPath);
    connect(m_deck->start(), &StartPage::baseChosen, this,
            [this](const QString& path, quint32 base) { openFirmware(path, base); });
    connect(m_deck->start(), &StartPage::runWanted, this, [this] { run(m_deck->start()->options()); });
    connect(m_deck->start(), &StartPage::cancelWanted, &m_controller, &RunController::cancel);
    connect(&m_controller, &RunController::progressed, m_deck->start(), &StartPage::showProgress);
    connect(&m_controller, &RunController::printed, m_deck->console(), &ConsolePage::append);
    connect(m_deck->console(), &ConsolePage::typed, this, [this](const QByteArray& bytes) { m_link.send(bytes); });
    connect(&m_link, &UartLink::opened, this, [this] {
        m_deck->console()->setConnected(true);
        showPage(PageId::Console);
    });
    connect(&m_link, &UartLink::closed, this, [this] { m_deck->console()->setConnected(false); });
    connect(&m_controller, &RunController::finished, this, [this](const DocumentPtr& made) {
        endRun();
        if (std::exchange(m_loadsBase, false)) {
            setBase(made);
            showPage(PageId::Compare);
            return;
        }
        m_unsaved = made->path.isEmpty();
        if (!made->path.isEmpty()) {
            m_firmware.reset();
            remember(made->path);
        }
        setDocument(made);
        showPage(PageId::Summary);
    });
    connect(&m_controller, &RunController::failed, this, [this](const QString& sentence) {
        endRun();
        m_loadsBase = false;
        showFailure(sentence);
        m_deck->console()->setDocument(m_document); // a failed run's output goes, the open profile's comes back
    });
}

void MainWindow::endRun() {
    m_link.close();
    m_deck->start()->setIdle();
}

void MainWindow::openPath(const QString& path) {
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
        if (mayDrop()) {
            m_controller.load(path);
        }
        return;
    }
    openFirmware(path, std::nullopt);
}

void MainWindow::openFirmware(const QString& path, std::optional<Address> base) {
    m_deck->banner()->hide();
    try {
        m_firmware = std::make_shared<const FirmwareImage>(readFirmware(toPath(path), base));
        m_firmwarePath = path;
        m_deck->start()->setFirmware(path, m_firmware);
        m_lastOptions = m_deck->start()->options();
        remember(path);
    } catch (const Error& error) {
        m_firmware.reset();
        m_deck->start()->setFailure(path, QString::fromUtf8(error.what()), true);
    }
    showStart();
    refreshPalette();
}

void MainWindow::run(RunOptions options) {
    if (!m_firmware) {
        showFailure(QStringLiteral("There is no firmware to run: open an ELF, Intel HEX, UF2 or binary file first."));
        return;
    }
    if (!mayDrop()) {
        return;
    }
    m_deck->banner()->hide();
    m_loadsBase = false;
    m_lastOptions = options;
    showStart();
    m_deck->start()->setRunning(QStringLiteral("Running %1").arg(QFileInfo(m_firmwarePath).fileName()));
    m_deck->console()->begin();
    m_unsaved = false;
    if (m_deck->start()->wantsToType()) {
        if (const std::uint16_t port = UartLink::freePort(); port != 0) {
            options.uarts.push_back({"console", "tcp:" + std::to_string(port)});
            m_link.open(port);
        }
    }
    m_controller.run(m_firmware, std::move(options));
}

void MainWindow::setDocument(DocumentPtr document) {
    m_document = std::move(document);
    m_selection.clear();
    m_deck->setDocument(m_document);
    m_deck->code()->setCanRun(m_firmware != nullptr);
    setWindowTitle(m_document ? QStringLiteral("%1 - simprof").arg(m_document->title()) : QStringLiteral("simprof"));
    m_status->setDocument(m_document);
    refreshPalette();
    m_deck->refreshNavigation();
}

void MainWindow::setBase(DocumentPtr base) { m_deck->compare()->setBase(std::move(base)); }

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
        m_deck->code()->setSourceRoots({toPath(root)});
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
    if (!mayDrop()) {
        event->ignore();
        return;
    }
    m_controller.cancel();
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
