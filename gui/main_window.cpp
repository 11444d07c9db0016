// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/main_window.h"

#include "gui/icons.h"
#include "gui/pages/code_page.h"
#include "gui/pages/compare_page.h"
#include "gui/pages/console_page.h"
#include "gui/pages/energy_page.h"
#include "gui/pages/layers_page.h"
#include "gui/pages/memory_page.h"
#include "gui/pages/start_page.h"
#include "gui/pages/summary_page.h"
#include "gui/pages/timeline_page.h"
#include "gui/text.h"
#include "gui/theme.h"
#include "gui/widgets.h"
#include "profiler/analysis/run_end.h"
#include "profiler/profile_json.h"
#include "sim_core/error.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QListWidget>
#include <QMimeData>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>

namespace simprof::gui {

namespace {

constexpr int kMostRecent = 12;
constexpr qint64 kEnoughToTell = 4096; ///< bytes read to tell a profile from a firmware

std::filesystem::path toPath(const QString& path) { return std::filesystem::path(path.toStdU16String()); }

} // namespace

MainWindow::MainWindow(Runner runner, QSettings* settings)
    : m_settings(settings)
    , m_systemPalette(QGuiApplication::palette())
    , m_controller(std::move(runner)) {
    setWindowTitle(QStringLiteral("simprof"));
    setAcceptDrops(true);
    setMinimumSize(900, 600);
    resize(1280, 800);
    makePages();
    makeBars();
    makeActions();
    connectRun();
    restore();
    applyTheme();
    refreshPalette();
    refreshNavigation();
    showStart();
}

MainWindow::~MainWindow() { m_controller.disconnect(this); }

void MainWindow::makePages() {
    auto* central = new QWidget(this);
    auto* outer = new QHBoxLayout(central);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    m_navigation = new QListWidget(central);
    m_navigation->setObjectName(QStringLiteral("navigation"));
    m_navigation->setAccessibleName(QStringLiteral("Pages"));
    m_navigation->setFixedWidth(150);
    m_navigation->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_navigation->setIconSize(QSize(18, 18));
    outer->addWidget(m_navigation);
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    m_banner = new QFrame(central);
    m_banner->setObjectName(QStringLiteral("banner"));
    auto* bannerLayout = new QHBoxLayout(m_banner);
    m_bannerText = prose(QString(), m_banner);
    auto* close = flatButton(QStringLiteral("Close"), QStringLiteral("Close this message"), m_banner);
    connect(close, &QToolButton::clicked, m_banner, &QWidget::hide);
    bannerLayout->addWidget(m_bannerText, 1);
    bannerLayout->addWidget(close, 0, Qt::AlignTop);
    m_banner->hide();
    right->addWidget(m_banner);
    m_stack = new QStackedWidget(central);
    right->addWidget(m_stack, 1);
    outer->addLayout(right, 1);
    setCentralWidget(central);
    m_start = new StartPage(m_stack);
    m_stack->addWidget(m_start);
    m_pages = {m_summary = new SummaryPage(&m_selection, m_stack), m_layers = new LayersPage(&m_selection, m_stack),
               m_memory = new MemoryPage(&m_selection, m_stack),   m_timeline = new TimelinePage(&m_selection, m_stack),
               m_energy = new EnergyPage(&m_selection, m_stack),   m_code = new CodePage(&m_selection, m_stack),
               m_console = new ConsolePage(&m_selection, m_stack), m_compare = new ComparePage(&m_selection, m_stack)};
    for (Page* page : m_pages) {
        m_stack->addWidget(page);
        connect(page, &Page::pageWanted, this, &MainWindow::showPage);
        connect(page, &Page::hovered, this, [this](const QString& text) { m_hover->setText(text); });
    }
    connect(m_navigation, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row == 0) {
            m_stack->setCurrentWidget(m_start);
        } else if (row > 0) {
            showPage(static_cast<PageId>(row - 1));
        }
    });
    connect(m_summary, &SummaryPage::lastMomentsWanted, this, [this] {
        const Cycles end = m_document->profile.totals.cycles;
        const Cycles begin = end - std::min<Cycles>(end, std::max<Cycles>(1, end / 50));
        showPage(PageId::Timeline);
        m_timeline->timeline()->showCycles(static_cast<double>(begin), static_cast<double>(end));
    });
    connect(m_compare, &ComparePage::baseWanted, this, &MainWindow::askForBase);
    connect(m_code, &CodePage::sourceRootWanted, this, &MainWindow::askForSourceRoot);
    connect(m_code, &CodePage::instructionsWanted, this, [this] {
        RunOptions options = m_lastOptions;
        options.instructions = true;
        run(options);
    });
    m_palette = new CommandPalette(this);
    connect(m_palette, &CommandPalette::chosen, this, &MainWindow::find);
}

void MainWindow::makeBars() {
    m_title = new QLabel(this);
    m_title->setObjectName(QStringLiteral("title"));
    m_chip = caption(QString(), this);
    m_hover = caption(QString(), this);
    m_selected = new QLabel(this);
    m_selected->setTextInteractionFlags(Qt::TextSelectableByMouse);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->setContentsMargins(10, 0, 10, 0);
    statusBar()->addWidget(m_title);
    statusBar()->addWidget(m_chip);
    statusBar()->addPermanentWidget(m_hover);
    statusBar()->addPermanentWidget(m_selected);
    for (const auto signal : {&Selection::layerChanged, &Selection::functionChanged}) {
        connect(&m_selection, signal, this, &MainWindow::describeSelection);
    }
    connect(&m_selection, &Selection::rangeChanged, this, &MainWindow::describeSelection);
}

void MainWindow::connectRun() {
    connect(m_start, &StartPage::openWanted, this, &MainWindow::askForFile);
    connect(m_start, &StartPage::pathChosen, this, &MainWindow::openPath);
    connect(m_start, &StartPage::baseChosen, this,
            [this](const QString& path, quint32 base) { openFirmware(path, base); });
    connect(m_start, &StartPage::runWanted, this, [this] { run(m_start->options()); });
    connect(m_start, &StartPage::cancelWanted, &m_controller, &RunController::cancel);
    connect(&m_controller, &RunController::progressed, m_start, &StartPage::showProgress);
    connect(&m_controller, &RunController::printed, m_console, &ConsolePage::append);
    connect(m_console, &ConsolePage::typed, this, [this](const QByteArray& bytes) { m_link.send(bytes); });
    connect(&m_link, &UartLink::opened, this, [this] {
        m_console->setConnected(true);
        showPage(PageId::Console);
    });
    connect(&m_link, &UartLink::closed, this, [this] { m_console->setConnected(false); });
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
        m_console->setDocument(m_document); // a failed run's output goes, the open profile's comes back
    });
}

void MainWindow::endRun() {
    m_link.close();
    m_start->setIdle();
}

void MainWindow::openPath(const QString& path) {
    m_banner->hide();
    QFile file(path);
    if (!QFileInfo::exists(path)) {
        m_recent.removeAll(path);
        m_start->setRecent(m_recent);
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
            m_opening = path;
            m_controller.load(path);
        }
        return;
    }
    openFirmware(path, std::nullopt);
}

void MainWindow::openFirmware(const QString& path, std::optional<Address> base) {
    m_banner->hide();
    try {
        m_firmware = std::make_shared<const FirmwareImage>(readFirmware(toPath(path), base));
        m_firmwarePath = path;
        m_start->setFirmware(path, m_firmware);
        m_lastOptions = m_start->options();
        remember(path);
    } catch (const Error& error) {
        m_firmware.reset();
        m_start->setFailure(path, QString::fromUtf8(error.what()), true);
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
    m_banner->hide();
    m_loadsBase = false;
    m_lastOptions = options;
    showStart();
    m_start->setRunning(QStringLiteral("Running %1").arg(QFileInfo(m_firmwarePath).fileName()));
    m_console->begin();
    m_unsaved = false;
    if (m_start->wantsToType()) {
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
    for (Page* page : m_pages) {
        page->setDocument(m_document);
    }
    m_code->setCanRun(m_firmware != nullptr);
    setWindowTitle(m_document ? QStringLiteral("%1 - simprof").arg(m_document->title()) : QStringLiteral("simprof"));
    m_title->setText(m_document ? m_document->title() : QString());
    const bool partial = m_document && isPartial(m_document->profile);
    m_chip->setText(!m_document ? QString()
                    : partial   ? QStringLiteral("partial: cancelled")
                                : qt(nameOf(m_document->profile.halt.reason)));
    refreshPalette();
    refreshNavigation();
}

void MainWindow::setBase(DocumentPtr base) { m_compare->setBase(std::move(base)); }

void MainWindow::showPage(PageId page) {
    if (!m_document && page != PageId::Console) {
        showStart();
        return;
    }
    m_hover->clear();
    m_stack->setCurrentWidget(m_pages[static_cast<std::size_t>(page)]);
    m_navigation->setCurrentRow(static_cast<int>(page) + 1);
}

void MainWindow::showStart() {
    m_hover->clear();
    m_stack->setCurrentWidget(m_start);
    m_navigation->setCurrentRow(0);
}

void MainWindow::showFailure(const QString& sentence) {
    m_bannerText->setText(sentence);
    m_banner->show();
}

QString MainWindow::failure() const { return m_banner->isHidden() ? QString() : m_bannerText->text(); }

void MainWindow::refreshNavigation() {
    const QSignalBlocker quiet(m_navigation);
    const int row = std::max(0, m_navigation->currentRow());
    const Theme& theme = Theme::of(this);
    m_navigation->clear();
    m_navigation->addItem(new QListWidgetItem(startIcon(theme, devicePixelRatioF()), QStringLiteral("Start")));
    for (std::size_t i = 0; i < kPageNames.size(); ++i) {
        auto* item = new QListWidgetItem(pageIcon(static_cast<PageId>(i), theme, devicePixelRatioF()),
                                         QLatin1String(kPageTitles[i]), m_navigation);
        item->setToolTip(QStringLiteral("Ctrl+%1").arg(i + 1));
        if (!m_document && static_cast<PageId>(i) != PageId::Console) {
            item->setFlags(Qt::NoItemFlags);
        }
    }
    m_navigation->setCurrentRow(row);
}

void MainWindow::describeSelection() {
    QStringList parts;
    if (m_document) {
        if (const LayerInfo* layer = m_document->layer(m_selection.layer())) {
            parts.append(
                QStringLiteral("layer %1 %2, %3 cycles").arg(layer->id).arg(qt(layer->op), count(layer->cycles)));
        }
        if (const FunctionInfo* function = m_document->function(m_selection.function())) {
            parts.append(functionText(*function));
        }
        if (const auto& range = m_selection.range()) {
            parts.append(QStringLiteral("%1 cycles, %2")
                             .arg(count(range->end - range->begin),
                                  timeText(m_document->microseconds(range->begin, range->end))));
        }
    }
    m_selected->setText(parts.join(QStringLiteral("  |  ")));
}

QStringList MainWindow::recent() const { return m_recent; }

void MainWindow::remember(const QString& path) {
    const QString whole = QFileInfo(path).absoluteFilePath();
    m_recent.removeAll(whole);
    m_recent.prepend(whole);
    m_recent = QStringList(m_recent.mid(0, kMostRecent));
    m_start->setRecent(m_recent);
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
    m_energy->setState(m_settings->value(QStringLiteral("calculator")).toMap());
    m_recent = m_settings->value(QStringLiteral("recent")).toStringList();
    m_start->setRecent(m_recent);
    m_appearance = static_cast<Appearance>(std::clamp(m_settings->value(QStringLiteral("appearance")).toInt(), 0, 2));
    const QString root = m_settings->value(QStringLiteral("sourceRoot")).toString();
    if (!root.isEmpty()) {
        m_code->setSourceRoots({toPath(root)});
    }
}

void MainWindow::setAppearance(Appearance appearance) {
    m_appearance = appearance;
    if (m_settings != nullptr) {
        m_settings->setValue(QStringLiteral("appearance"), static_cast<int>(appearance));
    }
    applyTheme();
}

void MainWindow::applyTheme() {
    m_applying = true;
    const bool dark =
        m_appearance == Appearance::Dark || (m_appearance == Appearance::System && Theme::isDark(m_systemPalette));
    const Theme& theme = dark ? Theme::night() : Theme::light();
    qApp->setPalette(theme.palette());
    qApp->setStyleSheet(theme.styleSheet());
    m_applying = false;
    // Pages keep colours in what they show: show it again.
    const int layer = m_selection.layer();
    for (Page* page : m_pages) {
        page->setDocument(m_document);
    }
    m_selection.setLayer(layer);
    refreshNavigation();
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::ThemeChange && !m_applying) {
        m_systemPalette = QGuiApplication::palette();
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
        m_settings->setValue(QStringLiteral("calculator"), m_energy->state());
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
