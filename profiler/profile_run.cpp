// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/profile_run.h"

#include "profiler/analysis/energy.h"
#include "profiler/profile_builder.h"
#include "profiler/run/board_choice.h"
#include "profiler/run/network_choice.h"
#include "profiler/run/pass.h"
#include "profiler/run/search.h"
#include "profiler/run_until.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

namespace simprof {

namespace {

constexpr const char* kCancelledEarly = "the run was cancelled before layers were known";

/// Finds the network's layers and runs as often as that takes.
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
            m_until = untilAddress(m_symbols, *options.untilSymbol, image.name);
        }
    }

    /// Tries the runtimes until one concludes that its layers ran; a pass that shows none shows the calls still.
    Profile run(std::span<const Runtime> known) {
        const NetworkChoice choice = chooseNetwork(m_image, m_options.model);
        const FirmwareFacts facts{choice.network && choice.inImage ? &*choice.network : nullptr, choice.why, m_symbols,
                                  [this]() -> const CallTree& { return anyPass().collector().recording().tree; }};
        std::string why; // none of the runtimes so far
        const auto add = [&why](const char* separator, const std::string& clause) {
            return why.empty() ? clause : why + separator + clause;
        };
        for (const Runtime& runtime : known) {
            Candidates candidates = runtime.look(facts);
            for (const MakeRecogniser& makeRecogniser : candidates.recognisers) {
                if (cancelled()) { // another pass would measure nothing
                    return withoutLayers(add("; ", kCancelledEarly));
                }
                std::unique_ptr<Pass> before = std::move(m_pass);
                simulate(makeRecogniser);
                Recording& recording = m_pass->collector().recording();
                if (auto objection = m_pass->recogniser()->conclude(recording)) {
                    if (before && cancelled()) { // the pass before ran to its end
                        m_cut = std::exchange(m_pass, std::move(before));
                        return withoutLayers(add("; ", kCancelledEarly));
                    }
                    candidates.whyNone = std::move(*objection);
                    dropInferences(recording);
                    continue;
                }
                Evidence evidence = m_pass->recogniser()->evidence();
                return profile(m_pass->recogniser(), {runtime.name, add("; ", evidence.why), std::move(evidence.source),
                                                      std::move(evidence.name), 0});
            }
            why = add("; and ", candidates.whyNone);
        }
        anyPass();
        return withoutLayers(why);
    }

private:
    bool cancelled() const { return m_pass && m_pass->halt().kind == HaltReason::Kind::Cancelled; }

    void simulate(const MakeRecogniser& makeRecogniser) {
        ++m_passes;
        m_pass = std::make_unique<Pass>(PassSetup{m_image, m_options, *m_board.board, m_symbols, m_uarts,
                                                  m_edges ? &*m_edges : nullptr, m_until, m_watch},
                                        makeRecogniser, m_passes);
        m_pass->run();
    }

    /// The newest pass, a first one when there was none.
    Pass& anyPass() {
        if (!m_pass) {
            simulate({});
        }
        return *m_pass;
    }

    Profile withoutLayers(std::string why) { return profile(nullptr, {"none", std::move(why), "", "", 0}); }

    Profile profile(const Recogniser* recogniser, ProfileNetwork info) {
        if (m_edges) {
            m_edges->write();
        }
        ThreadWatch::Result threads = m_pass->threads();
        HaltReason halt = m_pass->halt();
        if (m_cut) {
            halt.kind = HaltReason::Kind::Cancelled;
            halt.what = fmt::format("{} in pass {}; what pass {} measured is kept",
                                    m_watch.why().value_or("by request"), m_passes, m_passes - 1);
        }
        if (halt.kind == HaltReason::Kind::Fault || halt.kind == HaltReason::Kind::Lockup) {
            halt.what += m_board.doubt.empty() ? "" : "; " + m_board.doubt;
        }
        Profile made =
            buildProfile({m_image, m_options, *m_board.board, m_board.why, m_pass->machine(), m_pass->collector(),
                          m_symbols, m_lines, halt, recogniser, std::move(info), m_pass->console().text(),
                          m_pass->console().prints(), std::move(threads.threads), std::move(threads.spans)});
        const std::vector<LeftOut> ofRun = {{"turns of threads in the timeline", threads.spansLeftOut},
                                            {"bytes of console text", m_pass->console().leftOut()},
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
    std::uint32_t m_passes = 0;
    SerialAttachments m_uarts; ///< before the passes, whose machines they are connected to
    std::optional<EdgeRecorder> m_edges;
    std::unique_ptr<Pass> m_pass;
    std::unique_ptr<Pass> m_cut; ///< a later one that was cancelled before it showed layers
};

} // namespace

Profile profileRun(const FirmwareImage& firmware, const RunOptions& options, std::span<const Runtime> known) {
    return ProfileRun(firmware, options).run(known);
}

Profile profileRun(const FirmwareImage& firmware, const RunOptions& options) {
    return profileRun(firmware, options, runtimes());
}

} // namespace simprof
