// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/document.h"
#include "gui/selection.h"

#include <QObject>

class QLabel;
class QStatusBar;

namespace simprof::gui {

/// The line below the pages: how the run ended, what is under the cursor, what is selected.
class StatusLine : public QObject {
    Q_OBJECT
public:
    StatusLine(QStatusBar* bar, Selection* selection);

    void setDocument(DocumentPtr document);
    void setHovered(const QString& text);

private:
    void describeSelection();

    Selection* m_selection;
    DocumentPtr m_document;
    QLabel* m_end;
    QLabel* m_hovered;
    QLabel* m_selected;
};

} // namespace simprof::gui
