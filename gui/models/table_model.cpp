// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/table_model.h"

#include "gui/text.h"

#include <algorithm>
#include <numeric>

namespace simprof::gui {

namespace {

constexpr const char* kStallPrefix = "stall_";

bool isText(Column::Kind kind) {
    return kind == Column::Kind::Name || kind == Column::Kind::Text || kind == Column::Kind::Path;
}

double numberOf(const Cell& cell) {
    return std::visit(
        [](const auto& value) -> double {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::is_arithmetic_v<T>) {
                return static_cast<double>(value);
            } else {
                return -1;
            }
        },
        cell.value);
}

/// Sentences lose their end, paths and numbers their beginning, names their middle.
Qt::TextElideMode elideOf(const Column& column, bool isName) {
    if (column.key == "moved") {
        return Qt::ElideRight;
    }
    return isName && column.kind != Column::Kind::Path ? Qt::ElideMiddle : Qt::ElideLeft;
}

QVariant valueOf(const Cell& cell) {
    return std::visit(
        [](const auto& value) -> QVariant {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<T, std::monostate>) {
                return {};
            } else if constexpr (std::is_same_v<T, std::string>) {
                return qt(value);
            } else if constexpr (std::is_same_v<T, std::uint64_t>) {
                return QVariant::fromValue(static_cast<qulonglong>(value));
            } else if constexpr (std::is_same_v<T, std::int64_t>) {
                return QVariant::fromValue(static_cast<qlonglong>(value));
            } else if constexpr (std::is_same_v<T, double>) {
                return value;
            } else {
                return QVariant::fromValue(static_cast<qulonglong>(value));
            }
        },
        cell.value);
}

/// What a header says when the mouse rests on it.
QString explained(const std::string& key) {
    static constexpr std::pair<std::string_view, const char*> kWords[] = {
        {"cycles", "core cycles, counted as chosen above the table"},
        {"percent", "share of the cycles of what is counted: an inference, or the whole run"},
        {"time_us", "milliseconds at the clock then in force, counted as chosen above the table"},
        {"macs", "multiply-accumulates that the shape needs, of one inference"},
        {"macs_per_cycle", "multiply-accumulates per cycle; a full bar is the core's peak"},
        {"sram_peak_bytes", "most bytes of the arena live at once while it ran"},
        {"scratch_bytes", "bytes that only this layer wrote and read"},
        {"energy_uj", "microjoules, counted as chosen above the table, with the band of the supply figure"},
        {"self_cycles", "cycles in the function itself"},
        {"inclusive_cycles", "cycles in the function and what it called"}};
    for (const auto& [known, words] : kWords) {
        if (key == known) {
            return QLatin1String(words);
        }
    }
    return qt(key);
}

} // namespace

void TableModel::setTable(Table table, Bars bars) {
    beginResetModel();
    m_table = std::move(table);
    m_shown.clear();
    m_firstStall = -1;
    m_longestStalls = 0;
    for (std::size_t c = 0; c < m_table.columns.size(); ++c) {
        const Column& column = m_table.columns[c];
        if (column.key.rfind(kStallPrefix, 0) == 0) {
            m_firstStall = m_firstStall < 0 ? static_cast<int>(c) : m_firstStall;
            continue;
        }
        if (column.kind == Column::Kind::Bar) {
            continue;
        }
        Shown shown{static_cast<int>(c), 0};
        const auto bar = bars.find(column.key);
        if (bar != bars.end()) {
            shown.full = bar->second;
            for (const auto& cells : m_table.rows) {
                shown.full = c < cells.size() ? std::max(shown.full, numberOf(cells[c])) : shown.full;
            }
        }
        m_shown.push_back(shown);
    }
    if (m_firstStall >= 0) {
        m_shown.push_back({-1, 0});
        for (int r = 0; r < static_cast<int>(m_table.rows.size()); ++r) {
            const StallSums stalls = stallsOf(r);
            m_longestStalls = std::max(m_longestStalls,
                                       static_cast<double>(std::accumulate(stalls.begin(), stalls.end(), Cycles{0})));
        }
    }
    endResetModel();
}

int TableModel::columnOf(const std::string& key) const {
    for (std::size_t i = 0; i < m_shown.size(); ++i) {
        const int source = m_shown[i].source;
        if (source < 0 ? key == "stalls" : m_table.columns[static_cast<std::size_t>(source)].key == key) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

int TableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_table.rows.size() + m_table.footer.size());
}

int TableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

const std::vector<Cell>& TableModel::row(int row) const {
    const auto at = static_cast<std::size_t>(row);
    return isFooter(row) ? m_table.footer[at - m_table.rows.size()] : m_table.rows[at];
}

StallSums TableModel::stallsOf(int r) const {
    StallSums stalls{};
    const std::vector<Cell>& cells = row(r);
    for (std::size_t i = 0; i < kStallCount; ++i) {
        const std::size_t column = static_cast<std::size_t>(m_firstStall) + i;
        if (column < cells.size() && column < m_table.columns.size()) {
            if (const auto* value = std::get_if<std::uint64_t>(&cells[column].value)) {
                stalls[i] = *value;
            }
        }
    }
    return stalls;
}

QVariant TableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    if (role == FooterRole) {
        return isFooter(index.row());
    }
    if (role == RowIdRole) {
        return isFooter(index.row()) ? -1 : index.row();
    }
    const Shown& shown = m_shown[static_cast<std::size_t>(index.column())];
    if (shown.source < 0) {
        const StallSums stalls = stallsOf(index.row());
        const auto sum = static_cast<double>(std::accumulate(stalls.begin(), stalls.end(), Cycles{0}));
        switch (role) {
        case StallsRole: return QVariant::fromValue(stalls);
        case LongestRole: return isFooter(index.row()) ? std::max(sum, m_longestStalls) : m_longestStalls;
        case SortRole: return sum - static_cast<double>(stalls[0]);
        default: return {};
        }
    }
    const auto column = static_cast<std::size_t>(shown.source);
    const std::vector<Cell>& cells = row(index.row());
    const Cell cell = column < cells.size() ? cells[column] : Cell::none();
    const bool isName = isText(m_table.columns[column].kind) || (m_table.columns[column].kind == Column::Kind::Hidden &&
                                                                 std::holds_alternative<std::string>(cell.value));
    switch (role) {
    case Qt::DisplayRole: return qt(cell.text);
    case Qt::ToolTipRole: return isName && !cell.text.empty() ? QVariant(qt(cell.text)) : QVariant();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment((isName ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    case ElideRole: return elideOf(m_table.columns[column], isName);
    case SortRole: return valueOf(cell);
    case BarRole:
        return shown.full > 0 && !isFooter(index.row()) && !cell.text.empty() ? numberOf(cell) / shown.full : -1.0;
    default: return {};
    }
}

QVariant TableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= static_cast<int>(m_shown.size())) {
        return {};
    }
    const int source = m_shown[static_cast<std::size_t>(section)].source;
    if (source < 0) {
        return role == Qt::DisplayRole ? QVariant(QStringLiteral("where the cycles went"))
               : role == KeyRole       ? QVariant(QStringLiteral("stalls"))
               : role == HiddenRole    ? QVariant(false)
                                       : QVariant();
    }
    const Column& column = m_table.columns[static_cast<std::size_t>(source)];
    switch (role) {
    case Qt::DisplayRole: return qt(column.title);
    case Qt::ToolTipRole: return explained(column.key);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment((isText(column.kind) ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    case KeyRole: return qt(column.key);
    case HiddenRole: return column.kind == Column::Kind::Hidden;
    default: return {};
    }
}

TableFilter::TableFilter(QObject* parent)
    : QSortFilterProxyModel(parent) {
    setSortRole(SortRole);
}

void TableFilter::setWords(const QString& words) {
    m_words = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

bool TableFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    const bool leftFooter = left.data(FooterRole).toBool();
    const bool rightFooter = right.data(FooterRole).toBool();
    if (leftFooter != rightFooter) {
        return (sortOrder() == Qt::AscendingOrder) == rightFooter;
    }
    if (leftFooter) {
        return (sortOrder() == Qt::AscendingOrder) == (left.row() < right.row());
    }
    return QSortFilterProxyModel::lessThan(left, right);
}

bool TableFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
    if (m_words.isEmpty()) {
        return true;
    }
    const QModelIndex first = sourceModel()->index(row, 0, parent);
    if (first.data(FooterRole).toBool()) {
        return false;
    }
    QString text;
    for (int c = 0; c < sourceModel()->columnCount(parent); ++c) {
        text += sourceModel()->index(row, c, parent).data().toString() + QLatin1Char('\n');
    }
    return std::all_of(m_words.begin(), m_words.end(),
                       [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

QString copiedText(const QModelIndexList& selection) {
    if (selection.isEmpty()) {
        return {};
    }
    QModelIndexList cells = selection;
    std::sort(cells.begin(), cells.end());
    QString text;
    int lastRow = -1;
    for (const QModelIndex& cell : cells) {
        if (lastRow != cell.row()) {
            text += text.isEmpty() ? QString() : QStringLiteral("\n");
        } else {
            text += QLatin1Char('\t');
        }
        lastRow = cell.row();
        text += cell.data().toString();
    }
    return text;
}

} // namespace simprof::gui
