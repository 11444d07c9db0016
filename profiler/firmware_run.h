// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/edge_recorder.h"
#include "peripherals/uart/attachments.h"
#include "peripherals/uart/new_part.h"
#include "profiler/profile_run.h"
#include "profiler/run/board_choice.h"
#include "profiler/run/host_watch.h"
#include "profiler/run/network_choice.h"
#include "profiler/run/search.h"
#include "profiler/symbols/line_table.h"
#include "profiler/symbols/symbol_table.h"
#include "profiler/what_if/what_if.h"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// Runs one firmware on one board: as it is, and as often as asked timed as if something were otherwise.
class FirmwareRun {
public:
    /// All of it outlives this; throws Error on bad input.
    FirmwareRun(const FirmwareImage& image, const RunOptions& options, std::span<const Runtime> known);
    FirmwareRun(const FirmwareRun&) = delete;
    FirmwareRun& operator=(const FirmwareRun&) = delete;

    /// The run as it is; the first call runs it.
    const Profile& plain();
    /// The run as its options ask for it: with --what-if changed, else as it is.
    Profile asAsked();
    /// The run with changes in the words of --what-if; throws Error for what makes no sense.
    Profile changed(const std::vector<std::string>& whatIf);
    /// The run with its functions `bytes` further on.
    Profile shifted(unsigned bytes);
    /// Nothing runs any more: writes what was recorded on pins and lines.
    void finish();

    const BoardDesc& board() const { return *m_board.board; }
    const SymbolTable& symbols() const { return m_symbols; }
    /// What selections are looked up in.
    WhatIfFacts facts();

private:
    Profile timedAs(TimingChanges timing);
    PassSetup setup(TimingChanges timing);
    Profile profile(Search::Result& found);
    void keepFacts();
    void addModel(Search::Result& found) const;

    const FirmwareImage& m_image;
    const RunOptions& m_options;
    std::span<const Runtime> m_known;
    HostWatch m_watch;
    ChosenBoard m_board;
    SymbolTable m_symbols;
    LineTable m_lines;
    std::optional<Address> m_until;
    std::vector<Address> m_hosts; ///< as the user says
    NewPart m_shown;
    SerialAttachments m_uarts; ///< before the passes, whose machines they are connected to
    std::optional<EdgeRecorder> m_edges;
    NetworkChoice m_networks;
    Search::Result m_plainRun; ///< without a pass once its facts were kept
    std::optional<Profile> m_plain;
    std::vector<AddressRange> m_used;
    std::map<std::int32_t, std::vector<AddressRange>> m_constants; ///< by layer
};

} // namespace simprof
