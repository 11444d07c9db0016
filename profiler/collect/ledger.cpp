// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/ledger.h"

#include <algorithm>
#include <utility>

namespace simprof {

Ledger::Ledger() {
    for (const OwnerKind kind : {OwnerKind::StartUp, OwnerKind::Between, OwnerKind::Unattributed, OwnerKind::Sleep}) {
        row({kind});
    }
}

RowId Ledger::row(const LedgerKey& key) {
    const auto [found, isNew] = m_ids.try_emplace(key, static_cast<RowId>(m_rows.size()));
    if (isNew) {
        m_rows.push_back({key, 0, {}});
    }
    return found->second;
}

RowId Ledger::layer(std::int32_t network, std::int32_t number) {
    if (const auto found = m_ids.find({OwnerKind::Layer, network, number}); found != m_ids.end()) {
        return found->second;
    }
    for (std::int32_t before = 0; before < number; ++before) {
        row({OwnerKind::Layer, network, before});
    }
    return row({OwnerKind::Layer, network, number});
}

std::vector<const LedgerRow*> Ledger::of(OwnerKind kind) const {
    std::vector<const LedgerRow*> rows;
    for (const auto& [key, id] : m_ids) {
        if (key.kind == kind) {
            rows.push_back(&(*this)[id]);
        }
    }
    return rows;
}

std::vector<const LedgerRow*> Ledger::layersOf(std::int32_t network) const {
    std::vector<const LedgerRow*> rows = of(OwnerKind::Layer);
    std::erase_if(rows, [network](const LedgerRow* row) { return row->key.network != network; });
    return rows;
}

Tally Ledger::sum(OwnerKind kind) const {
    Tally sum;
    for (const LedgerRow* row : of(kind)) {
        sum += row->tally;
    }
    return sum;
}

void Ledger::move(RowId from, RowId to) {
    (*this)[to].tally += (*this)[from].tally;
    (*this)[from].tally = {};
}

void Ledger::dropInferences(std::int32_t network) {
    const bool othersRan = std::ranges::any_of(m_rows, [network](const LedgerRow& row) {
        return row.key.kind == OwnerKind::Layer && row.key.network != network && row.count != 0;
    });
    for (const auto& [key, id] : m_ids) {
        if ((key.kind == OwnerKind::Layer || key.kind == OwnerKind::Gap) && key.network == network) {
            move(id, othersRan ? kBetween : kStartUp);
            (*this)[id].count = 0;
        }
    }
    if (!othersRan) {
        move(kUnattributed, kStartUp);
        move(kBetween, kStartUp);
        m_begun = false;
    }
}

void Ledger::settleTime(double hertz) {
    for (LedgerRow& row : m_rows) {
        row.tally.settleTime(hertz);
    }
}

void Ledger::renumberLayers(std::int32_t network, const Renumbering& numbers) {
    const std::vector<LedgerRow> before = std::exchange(m_rows, {});
    const std::map<LedgerKey, RowId> ids = std::exchange(m_ids, {});
    const auto isOld = [network](const LedgerKey& key) {
        return key.kind == OwnerKind::Layer && key.network == network;
    };
    for (const LedgerRow& old : before) {
        if (!isOld(old.key)) {
            (*this)[row(old.key)] = old;
        }
    }
    for (std::size_t number = 0; number < numbers.principals.size(); ++number) {
        const auto principal = ids.find({OwnerKind::Layer, network, numbers.principals[number]});
        (*this)[layer(network, static_cast<std::int32_t>(number))].count =
            principal == ids.end() ? 0 : before[static_cast<std::size_t>(principal->second)].count;
    }
    for (const auto& [key, id] : ids) {
        if (isOld(key)) {
            const std::int32_t to = numbers.to[static_cast<std::size_t>(key.layer)];
            (*this)[to >= 0 ? layer(network, to) : kUnattributed].tally += before[static_cast<std::size_t>(id)].tally;
        }
    }
}

} // namespace simprof
