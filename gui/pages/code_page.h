// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/table_model.h"
#include "gui/pages/page.h"

class QLineEdit;
class QTableView;

namespace simprof::gui {

class CodePane;

/// Functions, and below them the code of the selected one.
class CodePage : public Page {
    Q_OBJECT
public:
    CodePage(Selection* selection, QWidget* parent);

    void setDocument(DocumentPtr document) override;
    QTableView* functions() const { return m_functions; }
    CodePane* pane() const { return m_pane; }

private:
    QWidget* makeFunctions();
    void showFunction(int function);
    void followLayer(int layer);

    TableModel* m_functionModel;
    TableFilter* m_filter;
    QLineEdit* m_words;
    QTableView* m_functions;
    CodePane* m_pane;
    bool m_following = false;
};

} // namespace simprof::gui
