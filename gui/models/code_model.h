// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <QAbstractTableModel>

#include <optional>
#include <string>
#include <vector>

namespace simprof::gui {

/// One line of source or one instruction with what it cost.
struct CodeRow {
    std::uint32_t line = 0; ///< of the source, 0: unknown
    Address address = 0;    ///< of the instruction
    std::uint64_t executions = 0;
    Cycles cycles = 0;
    StallSums stalls{};
    QString text;
    std::optional<Address> target; ///< where a branch goes
};

/// Source lines or instructions of one function as an item model: place, times, cycles, reasons, text.
class CodeModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum class Kind : std::uint8_t { Source, Disassembly };
    enum Column : int { Place, Executions, CycleCount, Reasons, Text, ColumnCount };

    CodeModel(Kind kind, QObject* parent);

    void setRows(std::vector<CodeRow> rows);
    const std::vector<CodeRow>& rows() const { return m_rows; }
    /// The row of an instruction or line, or -1.
    int rowOfAddress(Address address) const;
    int rowOfLine(std::uint32_t line) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    Kind m_kind;
    std::vector<CodeRow> m_rows;
    Cycles m_hottest = 0;
};

/// The instructions of a function, by address.
std::vector<CodeRow> instructionRows(const Profile& profile, int function);

/// The source lines of a function with their cycles; `text` is the file, empty when it was not found: then only lines
/// that have code are listed, without their text.
std::vector<CodeRow> sourceRows(const Profile& profile, int function, const std::vector<std::string>& text);

/// The address a branch names in its disassembly ("bne.n 0x8000fb2", "bl #0x8000100"), or nothing.
std::optional<Address> branchTarget(const std::string& text);

/// The function that holds an address, by the nearest start at or below it; -1 when none does.
int functionAt(const Profile& profile, Address address);

} // namespace simprof::gui
