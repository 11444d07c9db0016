// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/unmodelled_blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

namespace simprof {

namespace {

constexpr Address kBlock = 0x1000;

/// Of registers whose peripheral nobody knows; see profile_builder.cpp.
bool isUnknown(const PeripheralNote& note) { return note.peripheral.starts_with("unknown at "); }

/// "TIM2" of "TIM2" and of "TIM2.CR1".
std::string blockOf(const PeripheralNote& note) {
    return isUnknown(note) ? fmt::format("unknown at 0x{:08x}", note.address & ~(kBlock - 1))
                           : note.peripheral.substr(0, note.peripheral.find('.'));
}

} // namespace

std::vector<PeripheralNote> notesByBlock(const Profile& profile) {
    std::vector<std::vector<const PeripheralNote*>> blocks;
    std::map<std::tuple<NoteKind, std::string>, std::size_t> index;
    std::vector<PeripheralNote> rows;
    for (const PeripheralNote& note : profile.peripherals) {
        if (note.kind == NoteKind::Event) {
            continue;
        }
        const auto [found, isNew] = index.try_emplace({note.kind, blockOf(note)}, blocks.size());
        if (isNew) {
            blocks.emplace_back();
        }
        blocks[found->second].push_back(&note);
    }
    for (const auto& block : blocks) {
        PeripheralNote row = *block.front();
        if (block.size() > 1) {
            row.peripheral = blockOf(row);
            row.count = 0;
            for (const PeripheralNote* note : block) {
                row.count += note->count;
            }
            row.what = fmt::format("{} registers up to 0x{:08x}; the first: {}", block.size(), block.back()->address,
                                   block.front()->what);
        }
        rows.push_back(std::move(row));
    }
    std::ranges::copy_if(profile.peripherals, std::back_inserter(rows),
                         [](const PeripheralNote& note) { return note.kind == NoteKind::Event; });
    return rows;
}

} // namespace simprof
