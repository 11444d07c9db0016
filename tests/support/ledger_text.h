// SPDX-License-Identifier: GPL-2.0-or-later
/// A ledger as text: one line for each row that is not empty, in the order of the keys.
#pragma once
#include "profiler/collect/ledger.h"

#include <fmt/format.h>

#include <string>

namespace simprof::test {

/// "layer 0.2", "interrupt 15", "start-up"; numbers that do not matter are left out.
inline std::string ownerText(const LedgerKey& key) {
    switch (key.kind) {
    case OwnerKind::StartUp: return "start-up";
    case OwnerKind::Between: return "between";
    case OwnerKind::Unattributed: return "unattributed";
    case OwnerKind::Sleep: return "sleep";
    case OwnerKind::Gap: return fmt::format("gap {}", key.network);
    case OwnerKind::Exception: return fmt::format("interrupt {}", key.exception);
    case OwnerKind::Layer: return fmt::format("layer {}.{}", key.network, key.layer);
    }
    return "";
}

/// "layer 0.2: 40 cycles x3" for 40 cycles in three calls.
inline std::string ledgerText(const Ledger& ledger) {
    std::string text;
    for (const OwnerKind kind : {OwnerKind::StartUp, OwnerKind::Between, OwnerKind::Unattributed, OwnerKind::Sleep,
                                 OwnerKind::Gap, OwnerKind::Exception, OwnerKind::Layer}) {
        for (const LedgerRow* row : ledger.of(kind)) {
            if (row->tally.cycles != 0 || row->count != 0) {
                text += fmt::format("{}: {} cycles", ownerText(row->key), row->tally.cycles);
                text += row->count != 0 ? fmt::format(" x{}\n", row->count) : "\n";
            }
        }
    }
    return text;
}

} // namespace simprof::test
