// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile_builder.h"
#include "profiler/profile_run.h"
#include "profiler/run/network_choice.h"
#include "profiler/run/pass.h"
#include "profiler/runtimes/runtimes.h"

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// Finds the network's layers and runs the firmware as often as that takes.
class Search {
public:
    /// Both outlive it.
    Search(const PassSetup& setup, const NetworkChoice& networks);

    /// The pass that shows most, and what it shows.
    struct Result {
        std::unique_ptr<Pass> pass;
        bool recognised = false;            ///< by its recogniser
        std::vector<FoundNetwork> networks; ///< those that ran first, by first inference
        ProfileNetwork none;                ///< why no network was recognised
        std::uint32_t cutIn = 0;            ///< number of the later pass in which the run was cancelled; 0: it was not
    };
    /// Tries the runtimes until one concludes that its layers ran; a pass that shows none shows the calls still.
    Result run(std::span<const Runtime> known);

private:
    bool cancelled() const;
    Pass& anyPass();
    void simulate(const Candidate& candidate, std::function<PassPlan::Verdict(Pass&)> judge = nullptr);
    void scout(const Runtime& runtime);
    PassPlan::Verdict judge(const Runtime& runtime, Pass& pass);
    bool isConfirmed(const Runtime& runtime) const;
    bool concludes();
    bool find(const Runtime& runtime);
    std::vector<Candidate> inOrder(std::vector<Candidate> candidates) const;
    Result withoutLayers(std::string why);
    std::vector<FoundNetwork> networksOf(const Runtime& runtime) const;
    std::string clause(const char* separator, const std::string& text) const;

    const PassSetup& m_setup;
    FirmwareFacts m_facts;
    std::unique_ptr<Pass> m_pass;
    std::unique_ptr<Pass> m_before; ///< the pass before one that was cancelled
    CandidateId m_shown;            ///< by m_pass
    std::optional<Candidate> m_next;
    bool m_guesses = false;           ///< m_shown has not repeated yet
    std::set<CandidateId> m_tried;    ///< by passes that began while others were in progress
    std::set<CandidateId> m_refused;  ///< those of them that did not look right then
    std::string m_objection;          ///< to the newest candidate
    std::vector<FoundNetwork> m_idle; ///< networks in the image that did not run
    std::string m_why;                ///< none of the runtimes so far
    std::uint32_t m_passes = 0;
};

/// profileRun() that looks for these runtimes, in this order.
Profile profileRun(const FirmwareImage& firmware, const RunOptions& options, std::span<const Runtime> known);

} // namespace simprof
