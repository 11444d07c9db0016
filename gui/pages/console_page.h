// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/pages/page.h"

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

private:
    void searchFor(bool backwards);
    void describe();

    QPlainTextEdit* m_text;
    QLineEdit* m_search;
    QLabel* m_note;
};

} // namespace simprof::gui
