// SPDX-License-Identifier: GPL-2.0-or-later
/// The tables of a profile, one for each question.
#pragma once
#include "profiler/profile.h"
#include "profiler/report/table.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simprof {

/// What one row of a table stands for.
enum class ReportBy : std::uint8_t { Layer, Function, Line, Instruction, Region, Finding, Stack, Heap };

/// "layer", "function", "line", "instruction", "region", "finding", "stack", "heap", in the order of the enumerators.
const std::vector<std::string>& reportByNames();

/// Throws Error that lists the names when there is no such one.
ReportBy parseReportBy(std::string_view name);

/// The operator, indented below the one that runs it.
std::string operatorText(const LayerInfo& layer, const Profile& profile);

/// Layers as rows; owners in brackets, the total and the mean of an inference as footer.
Table layerTable(const Profile& profile);
/// Owners in brackets and the total, for a profile without layers.
Table ownerTable(const Profile& profile);
/// layerTable with each owner as a row of its own, so that the rows' cycles sum to the total.
Table layerAndOwnerTable(const Profile& profile);
/// Cycles that are in no function: asleep, on the way into an exception and back; what is left in "[no function]".
std::vector<std::pair<std::string, Cycles>> cyclesOutsideFunctions(const Profile& profile);
/// Functions by cycles of their own; at most `limit` of them, the rest and what is in no function as footer.
Table functionTable(const Profile& profile, std::size_t limit);
/// All functions, and what is in none as rows of their own, so that the rows' cycles sum to the total.
Table allFunctionTable(const Profile& profile);
/// Source lines by cycles; throws Error when the profile holds no instructions.
Table lineTable(const Profile& profile);
/// Instructions by address; throws Error when the profile holds none.
Table instructionTable(const Profile& profile);
/// Memories of the microcontroller.
Table regionTable(const Profile& profile);
/// How deep each stack was and who held it: the main stack, threads, then each layer from its call on.
Table stackTable(const Profile& profile);
/// The same of the main stack, threads and the layer that goes deepest; no rows where nothing is known.
Table deepestStackTable(const Profile& profile);
/// Who allocated how much of the heap.
Table heapTable(const Profile& profile);
/// Blocks of the arena by address.
Table tensorTable(const Profile& profile);
/// Cycles by reason over the whole run.
Table stallTable(const Profile& profile);
/// Exceptions with their entries, cycles and latency.
Table exceptionTable(const Profile& profile);
/// Threads of an RTOS.
Table threadTable(const Profile& profile);

/// The table of `by` for programs: all that is known, its rows' cycles sum to the total.
Table tableBy(const Profile& profile, ReportBy by);

/// The table of `by` for people: sums below it, no column without content.
Table shownTableBy(const Profile& profile, ReportBy by);

/// The text of `by` for a terminal.
std::string textBy(const Profile& profile, ReportBy by, const TextStyle& style);

/// "address_dependency" -> "address dependency".
std::string stallTitle(std::size_t stall);

/// "file.c:12", or "" when not known.
std::string sourceLocation(const std::string& file, std::uint32_t line);

/// How tensors are called in tables and pictures: Short::Tensor without the scope ("functional_1/") that most layers
/// share.
class TensorNames {
public:
    explicit TensorNames(const Profile& profile);
    std::string title(const std::string& name) const;

private:
    std::string m_scope; ///< with its slash, or ""
};

} // namespace simprof
