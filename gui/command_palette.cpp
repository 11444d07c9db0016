// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/command_palette.h"

#include "gui/theme.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace simprof::gui {

namespace {

class EntryDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& theme = Theme::of(option.widget);
        painter->save();
        if (option.state & QStyle::State_Selected) {
            painter->fillRect(option.rect, option.palette.color(QPalette::Highlight));
        }
        const QRect room = option.rect.adjusted(10, 0, -10, 0);
        const QString kind = index.data(FindModel::KindRole).toString();
        const QFontMetrics metrics(option.font);
        const int kindWidth = metrics.horizontalAdvance(QStringLiteral("Function")) + 14;
        painter->setPen(theme.muted);
        painter->drawText(room, Qt::AlignLeft | Qt::AlignVCenter, kind);
        const QRect rest = room.adjusted(kindWidth, 0, 0, 0);
        const QString detail =
            metrics.elidedText(index.data(FindModel::DetailRole).toString(), Qt::ElideRight, rest.width() / 2);
        const int detailWidth = metrics.horizontalAdvance(detail);
        painter->drawText(rest, Qt::AlignRight | Qt::AlignVCenter, detail);
        painter->setPen(theme.text);
        painter->drawText(
            rest, Qt::AlignLeft | Qt::AlignVCenter,
            metrics.elidedText(index.data().toString(), Qt::ElideMiddle, rest.width() - detailWidth - 16));
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
        return {200, option.fontMetrics.height() + 12};
    }
};

} // namespace

CommandPalette::CommandPalette(QWidget* parent)
    : QDialog(parent, Qt::Popup | Qt::FramelessWindowHint)
    , m_model(new FindModel(this))
    , m_words(new QLineEdit(this))
    , m_list(new QListView(this)) {
    setWindowTitle(QStringLiteral("Find"));
    m_words->setPlaceholderText(QStringLiteral("Find a layer, function, tensor, page or action"));
    m_words->setAccessibleName(QStringLiteral("Find anywhere"));
    m_words->installEventFilter(this);
    m_words->setMinimumHeight(34);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new EntryDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setAccessibleName(QStringLiteral("What was found"));
    m_list->setFocusPolicy(Qt::NoFocus);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(m_words);
    layout->addWidget(m_list, 1);
    connect(m_words, &QLineEdit::textChanged, this, [this](const QString& words) {
        m_model->setWords(words);
        m_list->setCurrentIndex(m_model->index(0));
    });
    connect(m_words, &QLineEdit::returnPressed, this, &CommandPalette::choose);
    connect(m_list, &QListView::clicked, this, &CommandPalette::choose);
}

void CommandPalette::setEntries(std::vector<FindEntry> entries) { m_model->setEntries(std::move(entries)); }

void CommandPalette::ask() {
    const QWidget* window = parentWidget();
    const int width = std::min(720, window->width() - 40);
    resize(width, std::min(460, window->height() - 80));
    move(window->mapToGlobal(QPoint((window->width() - width) / 2, 46)));
    m_words->clear();
    m_model->setWords(QString());
    m_list->setCurrentIndex(m_model->index(0));
    show();
    m_words->setFocus();
}

void CommandPalette::choose() {
    const FindEntry* entry = m_model->entry(m_list->currentIndex().row());
    if (entry != nullptr) {
        const FindEntry copy = *entry;
        hide();
        Q_EMIT chosen(copy);
    }
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_words && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int step = key == Qt::Key_Down       ? 1
                         : key == Qt::Key_Up       ? -1
                         : key == Qt::Key_PageDown ? 8
                         : key == Qt::Key_PageUp   ? -8
                                                   : 0;
        if (step != 0 && m_model->rowCount() > 0) {
            m_list->setCurrentIndex(
                m_model->index(std::clamp(m_list->currentIndex().row() + step, 0, m_model->rowCount() - 1)));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace simprof::gui
