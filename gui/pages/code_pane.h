// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/code_model.h"
#include "gui/models/document.h"
#include "gui/widgets.h"

#include <filesystem>
#include <vector>

class QSplitter;

namespace simprof::gui {

/// Source and disassembly of one function side by side, with cycles, reasons and heat; follows branches and goes back.
class CodePane : public Card {
    Q_OBJECT
public:
    explicit CodePane(QWidget* parent);

    /// Shows another profile, of which no function yet.
    void setDocument(DocumentPtr document);
    void showFunction(int function);
    /// Index of the function that is shown, or -1.
    int shown() const { return m_shown; }
    /// Folders where source files are looked for.
    void setSourceRoots(std::vector<std::filesystem::path> roots);
    /// Whether the firmware is at hand, so that it can be run again.
    void setCanRun(bool can);
    QTableView* disassembly() const { return m_disassembly; }
    QTableView* source() const { return m_source; }

Q_SIGNALS:
    /// A branch leads into this function, or back to it.
    void functionWanted(int function);
    /// Single instructions are wanted: the firmware has to run again.
    void instructionsWanted();
    void sourceRootWanted();

private:
    void makeHeader();
    QWidget* makeSource();
    void makeNoCode();
    void setUpCode(QTableView* table, CodeModel* model, const QString& name);
    void showRows(const FunctionInfo& function);
    void fitTables(bool hasText);
    void showHottest();
    void showInstruction(int row);
    void jump();
    void goBack();
    void alignTo(QTableView* from);

    DocumentPtr m_document;
    CodeModel* m_sourceModel;
    CodeModel* m_codeModel;
    QTableView* m_source;
    QTableView* m_disassembly;
    QSplitter* m_panes;
    QLabel* m_where = nullptr;
    QLabel* m_noSource = nullptr;
    QWidget* m_noCode = nullptr;
    QLabel* m_noCodeText = nullptr;
    QToolButton* m_runAgain = nullptr;
    QToolButton* m_back = nullptr;
    std::vector<std::pair<int, int>> m_history;      ///< function and row of each branch that was followed
    std::vector<std::filesystem::path> m_roots{"."}; ///< as the command line: where it was started
    int m_shown = -1;
    bool m_hadText = false;
    bool m_aligning = false;
};

} // namespace simprof::gui
