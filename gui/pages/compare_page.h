// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/table_model.h"
#include "gui/pages/page.h"
#include "profiler/analysis/diff.h"

#include <functional>

class QLabel;
class QTableView;

namespace simprof::gui {

class TetrisView;
class Tile;

/// Two profiles: layers matched, what changed in cycles, SRAM and energy, and both memory pictures side by side.
class ComparePage : public Page {
    Q_OBJECT
public:
    ComparePage(Selection* selection, QWidget* parent);

    void setDocument(DocumentPtr document) override;
    /// The profile to compare with; null: none.
    void setBase(DocumentPtr base);
    const DocumentPtr& base() const { return m_base; }
    /// How two profiles of the same firmware are told apart: by file or number of the run.
    void setNames(std::function<QString(const DocumentPtr&)> names) { m_names = std::move(names); }
    QTableView* table() const { return m_table; }

Q_SIGNALS:
    /// The user wants to choose the profile to compare with.
    void baseWanted();

private:
    QWidget* makeTiles();
    QWidget* makePictures();
    void compare();
    void showChanges();
    void connectSelection();
    void follow(int layer);
    QString nameOf(const DocumentPtr& document) const;

    DocumentPtr m_base;
    std::function<QString(const DocumentPtr&)> m_names;
    Selection m_baseSelection;         ///< the same layer, by its number in the base
    std::vector<LayerChange> m_layers; ///< rows of the table
    TableModel* m_model;
    TableFilter* m_proxy;
    QTableView* m_table;
    QLabel* m_title;
    QLabel* m_counted; ///< what is compared
    QLabel* m_unlike;
    QWidget* m_content;
    QWidget* m_empty;
    Tile* m_cycles;
    Tile* m_time;
    Tile* m_energy;
    Tile* m_memory;
    TetrisView* m_before;
    TetrisView* m_now;
};

} // namespace simprof::gui
