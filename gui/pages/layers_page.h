// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/table_model.h"
#include "gui/pages/page.h"
#include "gui/views/share_view.h"

class QLabel;
class QLineEdit;
class QTableView;

namespace simprof::gui {

class Card;

/// The layers as a table with bars, and what is known of the selected one.
class LayersPage : public Page {
    Q_OBJECT
public:
    LayersPage(Selection* selection, QWidget* parent);

    void setDocument(DocumentPtr document) override;
    QTableView* table() const { return m_table; }
    QLineEdit* filter() const { return m_filter; }

private:
    QWidget* makeDetails();
    void showTable();
    void follow(int layer);
    void showDetails(int layer);
    void showWhole();
    void showReasons(const StallSums& stalls);

    TableModel* m_model;
    TableFilter* m_proxy;
    QTableView* m_table;
    QLineEdit* m_filter;
    Card* m_details;
    QLabel* m_facts;
    QLabel* m_diagnosis;
    ShareView* m_stalls;
    bool m_selecting = false; ///< the table is telling what is current
    QWidget* m_links;
};

} // namespace simprof::gui
