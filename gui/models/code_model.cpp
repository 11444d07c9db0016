// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/code_model.h"

#include "gui/models/table_model.h"
#include "gui/text.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>

namespace simprof::gui {

namespace {

constexpr std::uint32_t kLinesAround = 3; ///< of source shown before and behind a function's lines

} // namespace

CodeModel::CodeModel(Kind kind, QObject* parent)
    : QAbstractTableModel(parent)
    , m_kind(kind) {}

void CodeModel::setRows(std::vector<CodeRow> rows) {
    beginResetModel();
    m_rows = std::move(rows);
    m_hottest = 0;
    for (const CodeRow& row : m_rows) {
        m_hottest = std::max(m_hottest, row.cycles);
    }
    endResetModel();
}

int CodeModel::rowOfAddress(Address address) const {
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [&](const CodeRow& row) { return row.address == address; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int CodeModel::rowOfLine(std::uint32_t line) const {
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const CodeRow& row) { return row.line == line; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int CodeModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CodeModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant CodeModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    const CodeRow& row = m_rows[static_cast<std::size_t>(index.row())];
    const auto hottest = static_cast<double>(std::max<Cycles>(1, m_hottest));
    if (role == HeatRole && index.column() != Reasons) {
        return static_cast<double>(row.cycles) / hottest;
    }
    if (index.column() == Reasons) {
        return role == StallsRole && row.cycles != 0 ? QVariant::fromValue(row.stalls)
               : role == LongestRole                 ? QVariant(hottest)
                                                     : QVariant();
    }
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(
            Qt::Alignment((index.column() == Text ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (index.column()) {
    case Place:
        return m_kind == Kind::Source ? (row.line == 0 ? QString() : QString::number(row.line))
                                      : addressText(row.address);
    case Executions: return row.executions == 0 ? QString() : count(row.executions);
    case CycleCount: return row.cycles == 0 ? QString() : count(row.cycles);
    case Text: return row.text;
    default: return {};
    }
}

QVariant CodeModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(
            Qt::Alignment((section == Text ? Qt::AlignLeft : Qt::AlignHCenter) | Qt::AlignVCenter));
    }
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case Place: return m_kind == Kind::Source ? QStringLiteral("line") : QStringLiteral("address");
    case Executions: return QStringLiteral("times");
    case CycleCount: return QStringLiteral("cycles");
    case Reasons: return QStringLiteral("reasons");
    case Text: return m_kind == Kind::Source ? QStringLiteral("source") : QStringLiteral("instruction");
    default: return {};
    }
}

std::optional<Address> branchTarget(const std::string& text) {
    const std::size_t space = text.find_first_of(" \t");
    const std::string mnemonic = text.substr(0, space);
    const bool branches = !mnemonic.empty() && mnemonic[0] == 'b' && mnemonic.rfind("bic", 0) != 0 &&
                          mnemonic.rfind("bfi", 0) != 0 && mnemonic.rfind("bfc", 0) != 0 &&
                          mnemonic.rfind("bkpt", 0) != 0;
    const bool compares = mnemonic.rfind("cbz", 0) == 0 || mnemonic.rfind("cbnz", 0) == 0;
    const std::size_t hex = text.rfind("0x");
    if ((!branches && !compares) || space == std::string::npos || hex == std::string::npos) {
        return std::nullopt;
    }
    Address address = 0;
    const auto result = std::from_chars(text.data() + hex + 2, text.data() + text.size(), address, 16);
    return result.ec == std::errc{} ? std::optional(address & ~Address{1}) : std::nullopt;
}

int functionAt(const Profile& profile, Address address) {
    int best = -1;
    for (std::size_t i = 0; i < profile.functions.size(); ++i) {
        const Address start = profile.functions[i].address;
        if (start <= address && (best < 0 || start > profile.functions[static_cast<std::size_t>(best)].address)) {
            best = static_cast<int>(i);
        }
    }
    return best;
}

std::vector<CodeRow> instructionRows(const Profile& profile, int function) {
    std::vector<CodeRow> rows;
    for (const InstructionInfo& instruction : profile.instructions) {
        if (instruction.function == function) {
            rows.push_back({instruction.line, instruction.address, instruction.executions, instruction.cycles,
                            instruction.stalls, qt(instruction.text), branchTarget(instruction.text)});
        }
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const CodeRow& a, const CodeRow& b) { return a.address < b.address; });
    for (CodeRow& row : rows) {
        if (!row.target) {
            continue;
        }
        const bool inside = !rows.empty() && *row.target >= rows.front().address && *row.target <= rows.back().address;
        const int other = inside ? -1 : functionAt(profile, *row.target);
        if (inside) {
            row.text += *row.target <= row.address ? QStringLiteral("  ↑") : QStringLiteral("  ↓");
        } else if (other >= 0) {
            row.text += QStringLiteral("  → ") + functionText(profile.functions[static_cast<std::size_t>(other)]);
        }
    }
    return rows;
}

std::vector<CodeRow> sourceRows(const Profile& profile, int function, const std::vector<std::string>& text) {
    if (function < 0 || function >= static_cast<int>(profile.functions.size())) {
        return {};
    }
    const FunctionInfo& info = profile.functions[static_cast<std::size_t>(function)];
    std::map<std::uint32_t, CodeRow> lines;
    for (const InstructionInfo& instruction : profile.instructions) {
        if (instruction.function != function || instruction.line == 0 || instruction.file != info.file) {
            continue; // inlined from another file: its cycles show beside the instructions
        }
        CodeRow& row = lines[instruction.line];
        row.line = instruction.line;
        row.address = row.executions == 0 && row.cycles == 0 ? instruction.address : row.address;
        row.executions = std::max(row.executions, instruction.executions);
        row.cycles += instruction.cycles;
        for (std::size_t i = 0; i < kStallCount; ++i) {
            row.stalls[i] += instruction.stalls[i];
        }
    }
    if (lines.empty() && info.line != 0) {
        lines[info.line].line = info.line;
    }
    std::vector<CodeRow> rows;
    if (lines.empty()) {
        return rows;
    }
    if (text.empty()) {
        for (auto& [line, row] : lines) {
            rows.push_back(std::move(row));
        }
        return rows;
    }
    const std::uint32_t last =
        std::min<std::uint32_t>(static_cast<std::uint32_t>(text.size()), lines.rbegin()->first + kLinesAround);
    for (std::uint32_t line = lines.begin()->first > kLinesAround ? lines.begin()->first - kLinesAround : 1;
         line <= last; ++line) {
        CodeRow row = lines.contains(line) ? lines[line] : CodeRow{};
        row.line = line;
        row.text = qt(text[line - 1]).replace(QLatin1Char('\t'), QStringLiteral("    "));
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace simprof::gui
