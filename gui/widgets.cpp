// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/widgets.h"

#include "gui/models/table_model.h"
#include "gui/theme.h"
#include "gui/views/bar_delegate.h"
#include "gui/views/painted_view.h"

#include <QAction>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QMessageBox>
#include <QScrollArea>
#include <QStyle>

namespace simprof::gui {

namespace {

constexpr int kTileGap = 10;
constexpr int kHeaderRoom = 26; ///< beside a column's title: margins and the mark of sorting

} // namespace

Card::Card(const QString& title, QWidget* parent)
    : QFrame(parent)
    , m_title(new QLabel(title, this)) {
    setObjectName(QStringLiteral("card"));
    m_title->setObjectName(QStringLiteral("title"));
    m_title->setAccessibleName(title);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 14, 12);
    layout->setSpacing(8);
    m_header = new QHBoxLayout;
    m_header->addWidget(m_title);
    m_header->addStretch();
    layout->addLayout(m_header);
    m_body = new QVBoxLayout;
    m_body->setSpacing(6);
    layout->addLayout(m_body, 1);
    m_title->setVisible(!title.isEmpty());
}

void Card::setTitle(const QString& title) {
    m_title->setText(title);
    m_title->setVisible(!title.isEmpty());
}

Tile::Tile(const QString& text, QWidget* parent)
    : QFrame(parent)
    , m_value(new QLabel(this))
    , m_note(caption(QString(), this)) {
    setObjectName(QStringLiteral("card"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 9, 14, 10);
    layout->setSpacing(2);
    layout->addWidget(caption(text, this));
    m_value->setFont(scaledFont(font(), 1.55, QFont::DemiBold));
    m_value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_value->setAccessibleName(text);
    layout->addWidget(m_value);
    layout->addWidget(m_note);
}

void Tile::setValue(const QString& value, const QString& note) {
    m_value->setText(value);
    m_note->setText(note.isEmpty() ? QStringLiteral(" ") : note);
    m_note->setToolTip(note);
}

TileGrid::TileGrid(QWidget* parent)
    : QWidget(parent) {
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

Tile* TileGrid::add(const QString& caption) {
    m_tiles.push_back(new Tile(caption, this));
    return m_tiles.back();
}

QSize TileGrid::largest() const {
    QSize size(0, 0);
    for (const Tile* tile : m_tiles) {
        size = size.expandedTo(tile->sizeHint());
    }
    return size;
}

int TileGrid::columns(int width) const {
    const auto number = static_cast<int>(m_tiles.size());
    const int most = std::clamp((width + kTileGap) / (largest().width() + kTileGap), 1, std::max(1, number));
    const int rows = (number + most - 1) / most;
    return rows == 0 ? 1 : (number + rows - 1) / rows; // rows of about the same length
}

int TileGrid::heightForWidth(int width) const {
    const int across = columns(width);
    const int rows = (static_cast<int>(m_tiles.size()) + across - 1) / across;
    return rows * (largest().height() + kTileGap) - kTileGap;
}

QSize TileGrid::sizeHint() const {
    const int width = static_cast<int>(m_tiles.size()) * (largest().width() + kTileGap) - kTileGap;
    return {width, heightForWidth(this->width())};
}

QSize TileGrid::minimumSizeHint() const { return {largest().width(), largest().height()}; }

bool TileGrid::event(QEvent* event) {
    if (event->type() == QEvent::LayoutRequest) { // a number became longer
        updateGeometry();
        arrange();
    }
    return QWidget::event(event);
}

void TileGrid::resizeEvent(QResizeEvent*) { arrange(); }

void TileGrid::arrange() {
    const int across = columns(width());
    const int step = (width() + kTileGap) / across;
    const int height = largest().height();
    for (int i = 0; i < static_cast<int>(m_tiles.size()); ++i) {
        m_tiles[static_cast<std::size_t>(i)]->setGeometry(i % across * step, i / across * (height + kTileGap),
                                                          step - kTileGap, height);
    }
}

Banner::Banner(QWidget* parent)
    : QFrame(parent)
    , m_text(prose(QString(), this))
    , m_button(flatButton(QStringLiteral("Run again"), QString(), this)) {
    setObjectName(QStringLiteral("banner"));
    auto* layout = new QHBoxLayout(this);
    auto* close = flatButton(QStringLiteral("Close"), QStringLiteral("Close this message"), this);
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_button, 0, Qt::AlignTop);
    connect(m_button, &QToolButton::clicked, this, [this] {
        hide();
        m_action();
    });
    layout->addWidget(close, 0, Qt::AlignTop);
    hide();
}

void Banner::setLook(const QString& name) {
    setObjectName(name);
    style()->unpolish(this);
    style()->polish(this);
}

void Banner::say(const QString& sentence) {
    setLook(QStringLiteral("banner"));
    m_text->setText(sentence);
    m_button->hide();
    show();
}

void Banner::offer(const QString& sentence, const QString& button, std::function<void()> action) {
    setLook(QStringLiteral("notice"));
    m_text->setText(sentence);
    m_button->setText(button);
    m_button->setAccessibleName(button);
    m_button->show();
    m_action = std::move(action);
    show();
}

QString Banner::sentence() const { return isHidden() ? QString() : m_text->text(); }

QVBoxLayout* scrollingBody(QWidget* page) {
    auto* content = new QWidget;
    auto* scroll = new QScrollArea(page);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    auto* outer = new QVBoxLayout(page);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
    return new QVBoxLayout(content);
}

QLabel* caption(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setObjectName(QStringLiteral("caption"));
    return label;
}

QLabel* prose(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

QToolButton* flatButton(const QString& text, const QString& tip, QWidget* parent, bool checkable) {
    auto* button = new QToolButton(parent);
    button->setObjectName(QStringLiteral("flat"));
    button->setText(text);
    button->setToolTip(tip);
    button->setAccessibleName(tip.isEmpty() ? text : tip);
    button->setCheckable(checkable);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

QToolButton* exportButton(PaintedView* view, QWidget* parent) {
    auto* button = flatButton(QStringLiteral("Export"),
                              QStringLiteral("Export or copy the picture “%1”").arg(view->name()), parent);
    auto* menu = new QMenu(button);
    const auto save = [view, button](const QString& suffix) {
        const QString name = QString(view->name()).replace(QLatin1Char(' '), QLatin1Char('-')) + suffix;
        const QString path = QFileDialog::getSaveFileName(button, QStringLiteral("Export the picture"), name,
                                                          QStringLiteral("*%1").arg(suffix));
        if (!path.isEmpty() && !view->exportTo(path)) {
            QMessageBox::warning(
                button, QStringLiteral("Export"),
                QStringLiteral("The picture cannot be written to %1: check the folder and its permissions.").arg(path));
        }
    };
    menu->addAction(QStringLiteral("Save as PNG…"), button, [save] { save(QStringLiteral(".png")); });
    menu->addAction(QStringLiteral("Save as SVG…"), button, [save] { save(QStringLiteral(".svg")); });
    menu->addAction(QStringLiteral("Copy picture"), button,
                    [view] { QGuiApplication::clipboard()->setImage(view->toImage(2)); });
    button->setMenu(menu);
    button->setPopupMode(QToolButton::InstantPopup);
    return button;
}

ColumnStretcher* stretcherOf(QTableView* table) {
    auto* stretcher = table->findChild<ColumnStretcher*>(QString(), Qt::FindDirectChildrenOnly);
    return stretcher != nullptr ? stretcher : new ColumnStretcher(table);
}

void setUpTable(QTableView* table, const QString& name) {
    table->setAccessibleName(name);
    table->setItemDelegate(new BarDelegate(table));
    table->setSortingEnabled(true);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table->setShowGrid(false);
    table->setAlternatingRowColors(true);
    table->setWordWrap(false);
    table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 10);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setSectionsMovable(true);
    auto* copy = new QAction(QStringLiteral("Copy"), table);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    QObject::connect(copy, &QAction::triggered, table, [table] {
        QModelIndexList shown;
        for (const QModelIndex& index : table->selectionModel()->selectedIndexes()) {
            if (!table->isColumnHidden(index.column())) {
                shown.append(index);
            }
        }
        QGuiApplication::clipboard()->setText(copiedText(shown));
    });
    table->addAction(copy);
    table->setContextMenuPolicy(Qt::ActionsContextMenu);
    QHeaderView* header = table->horizontalHeader();
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    QObject::connect(header, &QHeaderView::customContextMenuRequested, table, [table, header](const QPoint& at) {
        QMenu menu(table);
        for (int column = 0; column < header->count(); ++column) {
            QAction* action = menu.addAction(table->model()->headerData(column, Qt::Horizontal).toString());
            action->setCheckable(true);
            action->setChecked(!table->isColumnHidden(column));
            QObject::connect(action, &QAction::toggled, table,
                             [table, column](bool on) { stretcherOf(table)->choose(column, on); });
        }
        menu.exec(header->mapToGlobal(at));
    });
}

ColumnStretcher::ColumnStretcher(QTableView* table)
    : QObject(table)
    , m_table(table) {
    table->viewport()->installEventFilter(this);
    connect(table->horizontalHeader(), &QHeaderView::sectionResized, this, [this](int column) {
        if (column != m_column) {
            apply();
        }
    });
}

void ColumnStretcher::set(int column, int least, std::vector<int> spare, int whole) {
    m_column = column;
    m_least = least;
    m_whole = whole;
    m_spare = std::move(spare);
    for (const auto& [known, shown] : m_chosen) {
        std::erase(m_spare, known);
        m_table->setColumnHidden(known, !shown);
    }
    apply();
}

bool ColumnStretcher::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize) {
        apply();
    }
    return QObject::eventFilter(watched, event);
}

void ColumnStretcher::apply() {
    const QHeaderView* header = m_table->horizontalHeader();
    if (m_column < 0 || m_column >= header->count()) {
        return;
    }
    if (m_applying) {
        return;
    }
    m_applying = true;
    const int room = m_table->viewport()->width();
    for (const int column : m_spare) {
        m_table->setColumnHidden(column, false);
    }
    for (const int column : m_spare) {
        if (neededWidth() > room) {
            m_table->setColumnHidden(column, true);
        }
    }
    for (auto column = m_spare.rbegin(); column != m_spare.rend(); ++column) { // room that a wide one left
        m_table->setColumnHidden(*column, false);
        if (neededWidth() > room) {
            m_table->setColumnHidden(*column, true);
        }
    }
    m_table->setColumnWidth(m_column, std::max(m_whole, m_least + std::max(0, room - neededWidth())));
    m_applying = false;
}

int ColumnStretcher::neededWidth() const {
    const QHeaderView* header = m_table->horizontalHeader();
    int needed = m_least;
    for (int column = 0; column < header->count(); ++column) {
        needed += column == m_column ? 0 : header->sectionSize(column); // 0 when hidden
    }
    return needed;
}

void ColumnStretcher::choose(int column, bool shown) {
    m_chosen[column] = shown;
    std::erase(m_spare, column);
    m_table->setColumnHidden(column, !shown);
    apply();
}

void onRowChosen(QTableView* table, std::function<void(const QModelIndex&)> chosen) {
    // The mouse changes the current row first and selects it then, the keyboard the other way round.
    const auto look = [table, chosen = std::move(chosen)] {
        const QModelIndex now = table->currentIndex();
        if (now.isValid() && table->selectionModel()->isSelected(now)) {
            chosen(now);
        }
    };
    QObject::connect(table->selectionModel(), &QItemSelectionModel::currentRowChanged, table, look);
    QObject::connect(table->selectionModel(), &QItemSelectionModel::selectionChanged, table, look);
}

void spanFooter(QTableView* table, int column) {
    table->clearSpans();
    const QAbstractItemModel* model = table->model();
    for (int row = model->rowCount() - 1; row >= 0 && model->index(row, 0).data(FooterRole).toBool(); --row) {
        table->setSpan(row, column, 1, 2);
    }
}

void fitColumns(QTableView* table, int stretch, int least, int most, std::vector<int> spare) {
    const QAbstractItemModel* model = table->model();
    const QAbstractItemView* view = table; // the hint is protected in QTableView
    const QFontMetrics metrics(table->horizontalHeader()->font());
    for (int column = 0; column < model->columnCount(); ++column) {
        table->setColumnHidden(column, model->headerData(column, Qt::Horizontal, HiddenRole).toBool());
        const QString title = model->headerData(column, Qt::Horizontal).toString();
        const int wanted = std::max(view->sizeHintForColumn(column), metrics.horizontalAdvance(title) + kHeaderRoom);
        table->setColumnWidth(column, column == stretch ? wanted : std::min(most, wanted));
    }
    stretcherOf(table)->set(stretch, least, std::move(spare));
}

} // namespace simprof::gui
