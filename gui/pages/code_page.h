// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/code_model.h"
#include "gui/models/table_model.h"
#include "gui/pages/page.h"

#include <filesystem>
#include <vector>

class QLabel;
class QLineEdit;
class QStackedLayout;
class QTableView;
class QToolButton;

namespace simprof::gui {

class Card;

/// Functions, and of the selected one source and disassembly side by side with cycles, reasons and heat.
class CodePage : public Page {
    Q_OBJECT
public:
    CodePage(Selection* selection, QWidget* parent);

    void setDocument(DocumentPtr document) override;
    /// Folders where source files are looked for.
    void setSourceRoots(std::vector<std::filesystem::path> roots);
    /// Whether the firmware is at hand, so that it can be run again.
    void setCanRun(bool can);
    QTableView* functions() const { return m_functions; }
    QTableView* disassembly() const { return m_disassembly; }
    QTableView* source() const { return m_source; }

Q_SIGNALS:
    /// Single instructions are wanted: the firmware has to run again.
    void instructionsWanted();
    void sourceRootWanted();

private:
    QWidget* makeFunctions();
    QWidget* makeCode();
    void showFunction(int function);
    void followLayer(int layer);
    void showInstruction(int row);
    void jump();
    void goBack();
    void alignTo(QTableView* from);

    TableModel* m_functionModel;
    TableFilter* m_filter;
    CodeModel* m_sourceModel;
    CodeModel* m_codeModel;
    QTableView* m_functions;
    QTableView* m_source;
    QTableView* m_disassembly;
    Card* m_card = nullptr;
    QLabel* m_where = nullptr;
    QLabel* m_noSource = nullptr;
    QWidget* m_noCode = nullptr;
    QLabel* m_noCodeText = nullptr;
    QToolButton* m_runAgain = nullptr;
    QToolButton* m_back = nullptr;
    std::vector<std::pair<int, int>> m_history; ///< function and row of each branch that was followed
    bool m_hadText = false;
    QWidget* m_panes = nullptr;
    std::vector<std::filesystem::path> m_roots{"."}; ///< as the command line: where it was started
    int m_shown = -1;
    bool m_aligning = false;
    bool m_following = false;
};

} // namespace simprof::gui
