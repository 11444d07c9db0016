// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"
#include "profiler/report/table.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include <map>
#include <string>
#include <vector>

namespace simprof::gui {

/// What a cell tells beside its text.
enum TableRole : int {
    SortRole = Qt::UserRole + 1, ///< the value as measured
    BarRole,                     ///< 0…1: how long the bar behind the number is; negative or absent: none
    StallsRole,                  ///< StallSums, painted as one stacked bar
    LongestRole,                 ///< double: the sum that fills the whole width of a stacked bar
    HeatRole,                    ///< 0…1: how hot a line of code is, painted as its background
    FooterRole,                  ///< bool: a row of sums, always below the others
    ElideRole,                   ///< Qt::TextElideMode: where a text that is too long is cut
    RowIdRole,                   ///< int: index of what the row stands for in the profile, -1 for sums
    KeyRole,                     ///< of a header: the column's key
    HiddenRole,                  ///< of a header: shown only when the user asks for it
};

/// Any table of profiler/report/tables.h as an item model: same columns, same texts as the command line prints. Columns
/// of stalls become one column that is painted as a stacked bar; columns that are only bars become the BarRole of a
/// number.
class TableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    /// Which numbers get a bar: column key to the value that fills it; 0: the greatest value of the column.
    using Bars = std::map<std::string, double>;

    void setTable(Table table, Bars bars);
    const Table& table() const { return m_table; }
    /// The column with this key, or -1.
    int columnOf(const std::string& key) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Shown {
        int source = -1; ///< column of the table; -1: the stacked stalls
        double full = 0; ///< value of a whole bar; 0: none
    };
    const std::vector<Cell>& row(int row) const;
    bool isFooter(int row) const { return row >= static_cast<int>(m_table.rows.size()); }
    StallSums stallsOf(int row) const;

    Table m_table;
    std::vector<Shown> m_shown;
    int m_firstStall = -1;
    double m_longestStalls = 0;
};

/// Sorts by value, filters by words in any column of names, keeps rows of sums at the end.
class TableFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit TableFilter(QObject* parent = nullptr);

    /// Shows only rows that contain every word.
    void setWords(const QString& words);

protected:
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    QStringList m_words;
};

/// The cells of a selection as tab-separated text, with headers, for the clipboard.
QString copiedText(const QModelIndexList& selection);

} // namespace simprof::gui

Q_DECLARE_METATYPE(simprof::StallSums)
