// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/pages/page.h"
#include "gui/views/share_view.h"
#include "gui/views/tetris_view.h"

class QLabel;

namespace simprof::gui {

class LegendView;
class Tile;

/// The memory tetris, its three numbers, and where every byte of SRAM went.
class MemoryPage : public Page {
    Q_OBJECT
public:
    MemoryPage(Selection* selection, QWidget* parent);

    void setDocument(DocumentPtr document) override;
    TetrisView* tetris() const { return m_tetris; }

private:
    QWidget* makeNumbers();
    QWidget* makeTools();
    void showInference();
    void showNumbers();

    Tile* m_reserved;
    Tile* m_used;
    Tile* m_live;
    Tile* m_stack;
    ShareView* m_sram;
    TetrisView* m_tetris;
    LegendView* m_legend = nullptr;
    QLabel* m_title = nullptr;
};

} // namespace simprof::gui
