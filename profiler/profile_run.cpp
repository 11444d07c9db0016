// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/profile_run.h"

#include "profiler/analysis/energy.h"
#include "profiler/profile_builder.h"
#include "profiler/run/board_choice.h"
#include "profiler/run/network_choice.h"
#include "profiler/run/pass.h"
#include "profiler/run/search.h"
#include "profiler/run_until.h"
#include "sim_core/image/exit_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

namespace simprof {

namespace {

/// Makes ready what all passes have in common, lets the search run them and builds the profile of the best one.
class ProfileRun {
public:
    ProfileRun(const FirmwareImage& image, const RunOptions& options)
        : m_image(image)
        , m_options(options)
        , m_watch(options.limits, options.cancel)
        , m_board(chooseBoard(image, options))
        , m_symbols(image)
        , m_lines(image) {
        (void)chooseSupply(*m_board.board, options.supply); // throws for a wrong name before the run
        for (const UartAttachment& attachment : options.uarts) {
            m_uarts.add(attachment.uart, attachment.target);
        }
        if (options.vcd) {
            m_edges.emplace(*options.vcd);
        }
        if (options.untilSymbol) {
            m_until = symbolAddress(m_symbols, *options.untilSymbol, image.name, "--until",
                                    "a symbol, an address (0x...), inferences:N, cycles:N or time:T");
        }
        for (const std::string& function : options.asNetwork) {
            m_hosts.push_back(
                symbolAddress(m_symbols, function, image.name, "--as-network", "a function or its address (0x...)") &
                ~Address{1});
        }
    }

    Profile run(std::span<const Runtime> known) {
        const PassSetup setup{
            m_image, m_options, *m_board.board,         m_symbols, m_uarts, m_edges ? &*m_edges : nullptr, m_until,
            m_watch, m_shown,   holdsExitCall(m_image), m_hosts};
        const NetworkChoice networks = chooseNetworks(m_image, m_options.model);
        return profile(Search(setup, networks).run(known));
    }

private:
    /// Adds what became of the model that the user gave.
    void addModel(Search::Result& found) const {
        if (m_options.model) {
            ProfileNetwork& network = found.recognised ? found.networks.front().info : found.none;
            const char* unused = found.recognised ? "is not used: the firmware holds its network"
                                                  : "is not used: no layers were recognised";
            network.model = fmt::format("{} {}", m_options.model->filename().string(),
                                        network.model.empty() ? unused : network.model);
        }
    }

    Profile profile(Search::Result found) {
        if (m_edges) {
            m_edges->write();
        }
        m_uarts.finish();
        Pass& pass = *found.pass;
        ThreadWatch::Result threads = pass.threads();
        HaltReason halt = pass.halt();
        if (found.cutIn != 0) {
            halt.kind = HaltReason::Kind::Cancelled;
            halt.what = fmt::format("{} in pass {}; what pass {} measured is kept",
                                    m_watch.why().value_or("by request"), found.cutIn, pass.number());
        }
        if (halt.kind == HaltReason::Kind::Fault || halt.kind == HaltReason::Kind::Lockup) {
            halt.what += m_board.doubt.empty() ? "" : "; " + m_board.doubt;
        }
        addModel(found);
        Profile made = buildProfile(
            {m_image, m_options, *m_board.board, m_board.why, m_board.doubt, pass.machine(), pass.collector(),
             m_symbols, m_lines, halt, found.recognised ? pass.recogniser() : nullptr, std::move(found.networks),
             std::move(found.none), pass.console().text(), pass.console().prints(), pass.channels().unwatched(),
             std::move(threads.threads), std::move(threads.spans)});
        const std::vector<LeftOut> ofRun = {{"turns of threads in the timeline", threads.spansLeftOut},
                                            {ConsoleCapture::kLeftOut, pass.console().leftOut()},
                                            {"edges in the VCD file", m_edges ? m_edges->leftOut() : 0}};
        std::ranges::copy_if(ofRun, std::back_inserter(made.leftOut),
                             [](const LeftOut& leftOut) { return leftOut.count != 0; });
        return made;
    }

    const FirmwareImage& m_image;
    const RunOptions& m_options;
    HostWatch m_watch;
    ChosenBoard m_board;
    SymbolTable m_symbols;
    LineTable m_lines;
    std::optional<Address> m_until;
    std::vector<Address> m_hosts; ///< as the user says
    NewPart m_shown;
    SerialAttachments m_uarts; ///< before the passes, whose machines they are connected to
    std::optional<EdgeRecorder> m_edges;
};

} // namespace

Profile profileRun(const FirmwareImage& firmware, const RunOptions& options, std::span<const Runtime> known) {
    return ProfileRun(firmware, options).run(known);
}

Profile profileRun(const FirmwareImage& firmware, const RunOptions& options) {
    return profileRun(firmware, options, runtimes());
}

} // namespace simprof
