// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/tally.h"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace simprof {

/// What kind of owner cycles have.
enum class OwnerKind : std::uint8_t {
    StartUp,      ///< the application before its first inference
    Between,      ///< the application from then on, outside inferences
    Unattributed, ///< work in an inference that is neither a layer's nor the dispatch of one
    Sleep,
    Gap,       ///< in an inference in progress, outside its layers: the next layer or the end decides who owns it
    Exception, ///< a handler with its entry and return
    Layer,
};

/// Names one owner; a number that does not tell owners of its kind apart is -1.
struct LedgerKey {
    OwnerKind kind = OwnerKind::StartUp;
    std::int32_t network = -1;
    std::int32_t layer = -1;
    std::int32_t exception = -1;
    std::int32_t thread = -1;
    auto operator<=>(const LedgerKey&) const = default;
};

/// An owner and what it took.
struct LedgerRow {
    LedgerKey key;
    std::uint64_t count = 0; ///< calls of a layer, entries of an exception
    Tally tally;
};

/// Position of a row in its Ledger.
enum class RowId : std::uint32_t {};
inline constexpr RowId kNoRow{~0U};

/// Which layers are parts of which. `to`: new number by old, -1 for those that are no layer; `principals`: old number
/// by new, of the part whose calls count.
struct Renumbering {
    std::vector<std::int32_t> to;
    std::vector<std::uint16_t> principals;
};

/// Who took what: one row for each owner, each cycle of a run in exactly one of them.
class Ledger {
public:
    static constexpr RowId kStartUp{0}, kBetween{1}, kUnattributed{2}, kSleep{3};

    Ledger();
    /// The row with this key, made when new.
    RowId row(const LedgerKey& key);
    /// A layer's row, made when new together with those of all layers before it.
    RowId layer(std::int32_t network, std::int32_t number);
    RowId exception(unsigned number) { return row({OwnerKind::Exception, -1, -1, static_cast<std::int32_t>(number)}); }
    LedgerRow& operator[](RowId id) { return m_rows[static_cast<std::size_t>(id)]; }
    const LedgerRow& operator[](RowId id) const { return m_rows[static_cast<std::size_t>(id)]; }

    const std::vector<LedgerRow>& rows() const { return m_rows; }
    /// The rows of one kind in the order of their keys; valid until a row is made.
    std::vector<const LedgerRow*> of(OwnerKind kind) const;
    /// A network's layers in order, as of().
    std::vector<const LedgerRow*> layersOf(std::int32_t network) const;
    /// What all rows of one kind took together.
    Tally sum(OwnerKind kind) const;

    /// The owner of what is in no inference: `handler`, where one runs, or the application.
    RowId outside(std::optional<RowId> handler) const { return handler.value_or(m_begun ? kBetween : kStartUp); }
    /// From now on what the application does is no start-up.
    void beginInferences() { m_begun = true; }
    /// Gives what the layers of `network` took to the application. When no other network ran, all since the first
    /// inference was start-up, which goes on.
    void dropInferences(std::int32_t network);

    /// Gives all that `from` took to `to`.
    void move(RowId from, RowId to);
    /// Turns all cycles since the last call into time at `hertz`.
    void settleTime(double hertz);
    /// Merges the layers of a network; ids of rows change.
    void renumberLayers(std::int32_t network, const Renumbering& numbers);

private:
    std::vector<LedgerRow> m_rows;
    std::map<LedgerKey, RowId> m_ids;
    bool m_begun = false; ///< an inference
};

} // namespace simprof
