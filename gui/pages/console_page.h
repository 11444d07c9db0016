// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/pages/page.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace simprof::gui {

/// What the firmware printed: live while it runs, whole afterwards.
class ConsolePage : public Page {
    Q_OBJECT
public:
    ConsolePage(Selection* selection, QWidget* parent);

    void setDocument(DocumentPtr document) override;
    /// Empties the console for a new run.
    void begin();
    void append(const QString& text);
    QPlainTextEdit* text() const { return m_text; }
    QLineEdit* input() const { return m_input; }
    /// Whether what is typed reaches a running firmware.
    void setConnected(bool connected);

Q_SIGNALS:
    /// A line to send to the UART, with its line end.
    void typed(const QByteArray& bytes);

private:
    void searchFor(bool backwards);
    void describe();
    void sayWhatIsMissing(const Profile& profile);

    QPlainTextEdit* m_text;
    QLineEdit* m_search;
    QLineEdit* m_input;
    QComboBox* m_lineEnd;
    QLabel* m_note;
};

} // namespace simprof::gui
