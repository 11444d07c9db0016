// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/pages/console_page.h"

#include "gui/text.h"
#include "gui/theme.h"
#include "gui/widgets.h"
#include "profiler/run/console_capture.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTextBlock>

namespace simprof::gui {

namespace {

constexpr int kMostBlocks = 200'000; ///< lines kept; older ones go

} // namespace

ConsolePage::ConsolePage(Selection* selection, QWidget* parent)
    : Page(selection, parent)
    , m_text(new QPlainTextEdit(this))
    , m_search(new QLineEdit(this))
    , m_input(new QLineEdit(this))
    , m_lineEnd(new QComboBox(this))
    , m_note(caption(QString(), this)) {
    m_text->setReadOnly(true);
    m_text->setFont(codeFont(font()));
    m_text->setMaximumBlockCount(kMostBlocks);
    m_text->setAccessibleName(QStringLiteral("Console output of the firmware"));
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_search->setPlaceholderText(QStringLiteral("Find in the output; Enter: next"));
    m_search->setClearButtonEnabled(true);
    m_search->setAccessibleName(QStringLiteral("Find in the console output"));
    m_search->setMaximumWidth(320);
    auto* card = new Card(QStringLiteral("What the firmware printed"), this);
    card->header()->insertWidget(1, m_note);
    card->header()->addWidget(m_search);
    card->body()->addWidget(m_text, 1);
    auto* row = new QHBoxLayout;
    row->addWidget(m_input, 1);
    row->addWidget(m_lineEnd);
    card->body()->addLayout(row);
    m_input->setAccessibleName(QStringLiteral("Input for the UART"));
    m_input->setFont(codeFont(font()));
    m_lineEnd->addItem(QStringLiteral("CR"), QByteArray("\r"));
    m_lineEnd->addItem(QStringLiteral("LF"), QByteArray("\n"));
    m_lineEnd->addItem(QStringLiteral("CR LF"), QByteArray("\r\n"));
    m_lineEnd->addItem(QStringLiteral("nothing"), QByteArray());
    m_lineEnd->setAccessibleName(QStringLiteral("Line end that is sent"));
    setConnected(false);
    connect(m_input, &QLineEdit::returnPressed, this, [this] {
        Q_EMIT typed(m_input->text().toUtf8() + m_lineEnd->currentData().toByteArray());
        m_input->clear();
    });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->addWidget(card);
    connect(m_search, &QLineEdit::returnPressed, this, [this] { searchFor(false); });
}

void ConsolePage::setDocument(DocumentPtr document) {
    Page::setDocument(document);
    begin();
    if (document) {
        append(qt(document->profile.console));
        m_text->moveCursor(QTextCursor::Start);
        sayWhatIsMissing(document->profile);
    }
}

void ConsolePage::sayWhatIsMissing(const Profile& profile) {
    for (const simprof::LeftOut& missing : profile.leftOut) {
        if (missing.what == ConsoleCapture::kLeftOut) {
            m_note->setText(QStringLiteral("%1, %2 more were not kept").arg(m_note->text(), bytesText(missing.count)));
        }
    }
}

void ConsolePage::begin() {
    m_text->clear();
    describe();
}

void ConsolePage::append(const QString& text) {
    QScrollBar* bar = m_text->verticalScrollBar();
    const bool follows = bar->value() >= bar->maximum() - 2;
    QTextCursor end(m_text->document());
    end.movePosition(QTextCursor::End);
    QString clean = text;
    clean.remove(QLatin1Char('\r'));
    end.insertText(clean);
    if (follows) {
        bar->setValue(bar->maximum());
    }
    describe();
}

void ConsolePage::setConnected(bool connected) {
    m_input->setEnabled(connected);
    m_lineEnd->setEnabled(connected);
    m_input->setPlaceholderText(
        connected ? QStringLiteral("Type to the UART; Enter sends")
                  : QStringLiteral("To type, choose “Type into the UART” on the start page before the run"));
}

void ConsolePage::describe() {
    const bool empty = m_text->document()->isEmpty();
    // The block behind the last line end is no line yet.
    const int lines = m_text->blockCount() - (m_text->document()->lastBlock().text().isEmpty() ? 1 : 0);
    m_note->setText(empty        ? QString()
                    : lines == 1 ? QStringLiteral("1 line")
                                 : QStringLiteral("%1 lines").arg(count(static_cast<std::uint64_t>(lines))));
    m_text->setPlaceholderText(
        QStringLiteral("Nothing yet. What comes by UART, RTT, ITM and semihosting appears here."));
}

void ConsolePage::searchFor(bool backwards) {
    const auto flags = backwards ? QTextDocument::FindBackward : QTextDocument::FindFlags();
    if (!m_text->find(m_search->text(), flags)) {
        m_text->moveCursor(backwards ? QTextCursor::End : QTextCursor::Start);
        m_text->find(m_search->text(), flags);
    }
}

} // namespace simprof::gui
