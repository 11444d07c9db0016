// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/pages/code_pane.h"

#include "gui/text.h"
#include "gui/theme.h"
#include "profiler/report/tables.h"
#include "profiler/symbols/source_path.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QScrollBar>
#include <QSplitter>

#include <algorithm>

namespace simprof::gui {

CodePane::CodePane(QWidget* parent)
    : Card(QStringLiteral("No function selected"), parent)
    , m_sourceModel(new CodeModel(CodeModel::Kind::Source, this))
    , m_codeModel(new CodeModel(CodeModel::Kind::Disassembly, this))
    , m_source(new QTableView(this))
    , m_disassembly(new QTableView(this))
    , m_panes(new QSplitter(this)) {
    makeHeader();
    m_panes->setObjectName(QStringLiteral("source and disassembly"));
    m_panes->addWidget(makeSource());
    m_panes->addWidget(m_disassembly);
    m_panes->setChildrenCollapsible(false);
    setUpCode(m_source, m_sourceModel, QStringLiteral("Source"));
    setUpCode(m_disassembly, m_codeModel, QStringLiteral("Disassembly"));
    connect(m_disassembly, &QTableView::activated, this, &CodePane::jump);
    body()->addWidget(m_panes, 1);
    makeNoCode();
}

void CodePane::makeHeader() {
    m_where = caption(QString(), this);
    m_where->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_where->setWordWrap(true);
    header()->insertWidget(1, m_where, 1);
    m_back = flatButton(QStringLiteral("Back"), QStringLiteral("Back to where the branch was (Alt+Left)"), this);
    m_back->setShortcut(QKeySequence(QStringLiteral("Alt+Left")));
    m_back->setEnabled(false);
    connect(m_back, &QToolButton::clicked, this, &CodePane::goBack);
    header()->addWidget(m_back);
}

QWidget* CodePane::makeSource() {
    auto* left = new QWidget(m_panes);
    auto* layout = new QVBoxLayout(left);
    layout->setContentsMargins(0, 0, 0, 0);
    m_noSource = prose(QString(), left);
    auto* choose = flatButton(QStringLiteral("Choose the folder of the sources…"), QString(), left);
    connect(choose, &QToolButton::clicked, this, &CodePane::sourceRootWanted);
    auto* missing = new QWidget(left);
    auto* missingLayout = new QVBoxLayout(missing);
    missingLayout->setContentsMargins(0, 0, 0, 0);
    missingLayout->addWidget(m_noSource);
    missingLayout->addWidget(choose, 0, Qt::AlignLeft);
    layout->addWidget(missing);
    layout->addWidget(m_source, 1);
    return left;
}

void CodePane::makeNoCode() {
    m_noCode = new QWidget(this);
    auto* layout = new QVBoxLayout(m_noCode);
    m_noCodeText = prose(QString(), m_noCode);
    m_runAgain = flatButton(QStringLiteral("Run again with instructions"),
                            QStringLiteral("Run the firmware again and keep what each instruction cost"), m_noCode);
    connect(m_runAgain, &QToolButton::clicked, this, &CodePane::instructionsWanted);
    layout->addWidget(m_noCodeText);
    layout->addWidget(m_runAgain);
    layout->addStretch();
    body()->addWidget(m_noCode, 1);
}

void CodePane::setUpCode(QTableView* table, CodeModel* model, const QString& name) {
    table->setModel(model);
    setUpTable(table, name);
    table->setSortingEnabled(false);
    table->setAlternatingRowColors(false);
    table->setFont(codeFont(font()));
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 4);
    connect(table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this, table] { alignTo(table); });
}

void CodePane::setDocument(DocumentPtr document) {
    m_document = std::move(document);
    m_shown = -1;
    m_history.clear();
    m_back->setEnabled(false);
}

void CodePane::setSourceRoots(std::vector<std::filesystem::path> roots) {
    m_roots = std::move(roots);
    m_roots.emplace_back(".");
    showFunction(std::exchange(m_shown, -1));
}

void CodePane::setCanRun(bool can) { m_runAgain->setVisible(can); }

void CodePane::showFunction(int index) {
    const FunctionInfo* function = m_document ? m_document->function(index) : nullptr;
    if (function == nullptr || index == m_shown) {
        return;
    }
    m_shown = index;
    setTitle(functionText(*function));
    setToolTip(qt(function->name));
    m_where->setText(QStringLiteral("%1 cycles of its own in the whole run, %2 calls, %3")
                         .arg(count(function->selfCycles), count(function->calls),
                              function->file.empty() ? addressText(function->address)
                                                     : qt(sourceLocation(function->file, function->line))));
    showRows(*function);
    showHottest();
    for (const QTableView* table : {m_source, m_disassembly}) {
        table->horizontalScrollBar()->setValue(0); // figures stand at the beginning
    }
}

void CodePane::showRows(const FunctionInfo& function) {
    const Profile& profile = m_document->profile;
    const auto text = function.file.empty() ? std::nullopt : SourceFinder(m_roots).lines(function.file);
    m_sourceModel->setRows(sourceRows(profile, m_shown, text.value_or(std::vector<std::string>())));
    m_codeModel->setRows(instructionRows(profile, m_shown));
    m_noSource->setText(function.file.empty()
                            ? QStringLiteral("The firmware holds no debug information for this function.")
                            : QStringLiteral("%1 was not found.").arg(qt(function.file)));
    m_noSource->parentWidget()->setVisible(!text);
    m_source->setVisible(!m_sourceModel->rows().empty());
    const bool hasCode = !m_codeModel->rows().empty();
    m_panes->setVisible(hasCode || text);
    m_disassembly->setVisible(hasCode);
    m_noCode->setVisible(!hasCode);
    m_noCodeText->setText(
        profile.instructions.empty()
            ? QStringLiteral("The profile holds no single instructions: a run keeps them only when asked to.")
            : QStringLiteral("The profile holds no instructions of this function."));
    fitTables(text.has_value());
}

void CodePane::fitTables(bool hasText) {
    constexpr int kReasonsWidth = 76;
    const auto wholeText = [](const QAbstractItemView* view) { return view->sizeHintForColumn(CodeModel::Text); };
    for (QTableView* table : {m_source, m_disassembly}) {
        table->resizeColumnsToContents();
        table->setColumnWidth(CodeModel::Reasons, kReasonsWidth);
    }
    m_source->setColumnHidden(CodeModel::Reasons, false);
    m_source->setColumnHidden(CodeModel::Executions, true);
    m_source->setColumnHidden(CodeModel::Text, !hasText);
    m_source->horizontalHeader()->setMinimumSectionSize(40);
    // The text comes first: where there is no room for all, figures go before it is out of sight.
    const int readable =
        QFontMetrics(m_disassembly->font()).horizontalAdvance(QStringLiteral("ldrd.w r3, r4, [sp, #96]"));
    stretcherOf(m_disassembly)
        ->set(CodeModel::Text, readable, {CodeModel::Reasons, CodeModel::Executions}, wholeText(m_disassembly));
    hasText ? stretcherOf(m_source)->set(CodeModel::Text, readable, {CodeModel::Reasons}, wholeText(m_source))
            : stretcherOf(m_source)->set(CodeModel::Reasons, kReasonsWidth, {});
    if (hasText != m_hadText) {
        m_hadText = hasText;
        m_panes->setSizes(hasText ? QList<int>{600, 600} : QList<int>{260, 940});
    }
}

void CodePane::showHottest() {
    const auto& rows = m_codeModel->rows();
    const auto hottest = std::max_element(rows.begin(), rows.end(),
                                          [](const CodeRow& a, const CodeRow& b) { return a.cycles < b.cycles; });
    if (hottest != rows.end()) {
        showInstruction(static_cast<int>(hottest - rows.begin()));
    }
}

void CodePane::alignTo(QTableView* from) {
    if (m_aligning || !from->currentIndex().isValid()) {
        return;
    }
    m_aligning = true;
    const bool fromSource = from == m_source;
    const CodeRow& row =
        (fromSource ? m_sourceModel : m_codeModel)->rows()[static_cast<std::size_t>(from->currentIndex().row())];
    QTableView* other = fromSource ? m_disassembly : m_source;
    CodeModel* model = fromSource ? m_codeModel : m_sourceModel;
    const int target = row.line == 0 ? -1 : model->rowOfLine(row.line);
    if (target >= 0) {
        other->selectRow(target);
        other->scrollTo(model->index(target, 0), QAbstractItemView::PositionAtCenter);
    }
    m_aligning = false;
}

void CodePane::showInstruction(int row) {
    m_disassembly->setCurrentIndex(m_codeModel->index(row, 0));
    m_disassembly->scrollTo(m_disassembly->currentIndex(), QAbstractItemView::PositionAtCenter);
}

void CodePane::jump() {
    const QModelIndex now = m_disassembly->currentIndex();
    if (!now.isValid()) {
        return;
    }
    const auto target = m_codeModel->rows()[static_cast<std::size_t>(now.row())].target;
    if (!target) {
        return;
    }
    const int inside = m_codeModel->rowOfAddress(*target);
    const int function = inside >= 0 ? m_shown : functionAt(m_document->profile, *target);
    if (function < 0) {
        return;
    }
    m_history.emplace_back(m_shown, now.row());
    m_back->setEnabled(true);
    if (inside >= 0) {
        showInstruction(inside);
        return;
    }
    Q_EMIT functionWanted(function);
    if (const int row = m_codeModel->rowOfAddress(*target); row >= 0) {
        showInstruction(row);
    }
}

void CodePane::goBack() {
    if (m_history.empty()) {
        return;
    }
    const auto [function, row] = m_history.back();
    m_history.pop_back();
    m_back->setEnabled(!m_history.empty());
    Q_EMIT functionWanted(function);
    showFunction(function);
    showInstruction(row);
    m_disassembly->setFocus();
}

} // namespace simprof::gui
