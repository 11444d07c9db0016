// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/run/search.h"

#include <algorithm>
#include <utility>

namespace simprof {

namespace {

constexpr const char* kCancelledEarly = "the run was cancelled before layers were known";
/// What repeats before this cycle may be start-up, and a run that ends before it costs little.
constexpr Cycles kSoonest = 10'000'000;
constexpr std::size_t kMostTries = 4; ///< passes that are given up for a better one

std::vector<AddressRange> bootRoms(const BoardDesc& board) {
    std::vector<AddressRange> rom;
    for (const MemoryDesc& memory : board.mcu->memories) {
        if (memory.kind == MemoryKind::Rom) {
            rom.push_back(memory.range);
        }
    }
    return rom;
}

bool isPrepared(const FoundNetwork& found) {
    return found.info.state == NetworkState::Prepared || found.info.state == NetworkState::Unplaced;
}

} // namespace

Search::Search(const PassSetup& setup, const NetworkChoice& networks)
    : m_setup(setup)
    , m_facts{networks.inImage,
              networks.why,
              setup.symbols,
              [this]() -> const CallTree& { return anyPass().collector().recording().tree; },
              networks.model ? &*networks.model : nullptr,
              bootRoms(setup.board),
              setup.options.untilInferences.has_value(),
              setup.hosts} {}

Search::Result Search::run(std::span<const Runtime> known) {
    for (const Runtime& runtime : known) {
        if (!m_facts.hosts.empty() && !runtime.byCalls) {
            continue; // the user knows better
        }
        if (find(runtime)) {
            std::vector<FoundNetwork> networks = networksOf(runtime);
            networks.insert(networks.end(), m_idle.begin(), m_idle.end());
            return {std::move(m_pass), true, std::move(networks), {}};
        }
        if (cancelled()) { // another pass would measure nothing
            return withoutLayers(clause("; ", kCancelledEarly));
        }
        m_why = clause("; and ", m_objection);
        if (std::ranges::any_of(m_idle, isPrepared)) { // its runtime is known: what else looks like layers prepares it
            break;
        }
    }
    anyPass();
    return withoutLayers(m_why);
}

/// The networks that the recogniser of m_pass knows; those that ran first, by first inference.
std::vector<FoundNetwork> Search::networksOf(const Runtime& runtime) const {
    const Recogniser& recogniser = *m_pass->recogniser();
    const auto describe = [&](std::int32_t number) {
        const Evidence evidence = recogniser.evidence(number);
        FoundNetwork found{{runtime.name, clause("; ", evidence.why), evidence.source, evidence.name, 0, evidence.model,
                            evidence.state, 0, 0, evidence.confidence},
                           number};
        found.info.shortage = evidence.shortage;
        found.info.missingBytes = evidence.missing;
        return found;
    };
    std::vector<std::int32_t> order;
    for (const Inference& inference : m_pass->collector().recording().inferences) {
        if (std::ranges::count(order, inference.network) == 0) {
            order.push_back(inference.network);
        }
    }
    std::vector<FoundNetwork> networks;
    for (const std::int32_t number : order) {
        networks.push_back(describe(number));
    }
    for (std::int32_t number = 0; number < recogniser.networks(); ++number) {
        if (std::ranges::count(order, number) == 0) {
            FoundNetwork idle = describe(number);
            if (idle.info.state != NetworkState::Ran) {
                networks.push_back(std::move(idle));
            }
        }
    }
    return networks;
}

/// Whether the layers of this runtime ran.
bool Search::find(const Runtime& runtime) {
    if (runtime.byCalls && !m_pass) {
        scout(runtime);
        if (!m_shown.empty() && isConfirmed(runtime) && concludes()) {
            return true;
        }
    }
    Candidates found = runtime.look(m_facts);
    m_objection = found.whyNone;
    for (const Candidate& candidate : inOrder(std::move(found.candidates))) {
        if (cancelled()) {
            return false;
        }
        if (m_shown.empty() || m_shown != candidate.id) {
            simulate(candidate);
        }
        if (concludes()) {
            return true;
        }
        const std::vector<FoundNetwork> idle = networksOf(runtime);
        m_idle.insert(m_idle.end(), idle.begin(), idle.end());
        m_shown.clear(); // it was asked
    }
    return false;
}

/// A pass to the end of the run. It begins anew with each function that may call the layers as soon as that is seen
/// twice, so that a run of N inferences takes about N + 1; the first time before, with what looks best, so that it
/// takes little more than N when that turns out to repeat.
void Search::scout(const Runtime& runtime) {
    Candidate candidate;
    do {
        simulate(candidate, [this, &runtime](Pass& pass) { return judge(runtime, pass); });
        candidate = m_next.value_or(Candidate{});
    } while (m_pass->abandoned());
    if (m_pass->missedEnd()) {
        m_shown.clear(); // it shows more than was asked for
    }
}

PassPlan::Verdict Search::judge(const Runtime& runtime, Pass& pass) {
    PassPlan::Verdict verdict;
    if (!m_shown.empty()) {
        verdict.credible = !pass.recogniser()->objection(pass.collector().recording());
        if (verdict.credible) {
            m_refused.erase(m_shown);
        } else {
            m_refused.insert(m_shown);
        }
    }
    if ((!m_shown.empty() && !m_guesses && verdict.credible) || m_tried.size() >= kMostTries) {
        return verdict;
    }
    const Candidates found = runtime.look(m_facts);
    const auto best = std::ranges::find_if(
        found.candidates, [this](const Candidate& candidate) { return !m_tried.contains(candidate.id); });
    const bool mayBegin = pass.machine().now() >= kSoonest;
    const auto beginWith = [&](const Candidate& next) {
        m_next = next;
        m_guesses = !next.repeats;
        verdict.abandon = true;
    };
    if (best == found.candidates.end()) {
        // the pass goes on as it is
    } else if (!best->repeats) {
        verdict.waitFor = best->awaited;
        if (mayBegin && m_passes == 1 && found.guess && m_setup.options.untilInferences != 1) {
            beginWith(*found.guess);
        }
    } else if (m_guesses && best->id == m_shown && !pass.missedEnd()) {
        m_guesses = false;
        m_tried.insert(best->id);
    } else if (mayBegin) {
        beginWith(*best);
        m_tried.insert(best->id);
    }
    verdict.mayEnd = !m_guesses;
    return verdict;
}

/// Whether the pass, which has ended, still shows its candidate for the one to try first. A pass that its inferences
/// ended may not have got far enough to show anything else.
bool Search::isConfirmed(const Runtime& runtime) const {
    if (m_pass->recogniser()->objection(m_pass->collector().recording())) {
        return false;
    }
    const std::vector<Candidate> candidates = inOrder(runtime.look(m_facts).candidates);
    return cancelled() || m_pass->sawEnough() || (!candidates.empty() && candidates.front().id == m_shown);
}

/// Those that looked wrong already come last.
std::vector<Candidate> Search::inOrder(std::vector<Candidate> candidates) const {
    std::stable_partition(candidates.begin(), candidates.end(),
                          [this](const Candidate& candidate) { return !m_refused.contains(candidate.id); });
    return candidates;
}

/// Once a pass: whether its layers are some.
bool Search::concludes() {
    Recording& recording = m_pass->collector().recording();
    if (auto objection = m_pass->recogniser()->conclude(recording)) {
        m_objection = std::move(*objection);
        dropInferences(recording);
        return false;
    }
    return true;
}

Search::Result Search::withoutLayers(std::string why) {
    Result result{nullptr, false, std::move(m_idle), {"none", std::move(why), "", "", 0, "", NetworkState::Unused}};
    if (m_before && m_before->machine().now() > m_pass->machine().now()) {
        result.cutIn = m_pass->number();
        m_pass = std::move(m_before);
    }
    dropInferences(m_pass->collector().recording());
    result.pass = std::move(m_pass);
    return result;
}

std::string Search::clause(const char* separator, const std::string& text) const {
    return m_why.empty() ? text : m_why + separator + text;
}

// ---- passes --------------------------------------------------------------------------------------------------------

bool Search::cancelled() const { return m_pass && m_pass->halt().kind == HaltReason::Kind::Cancelled; }

void Search::simulate(const Candidate& candidate, std::function<PassPlan::Verdict(Pass&)> judge) {
    m_before = std::move(m_pass);
    m_shown = candidate.id;
    m_pass =
        std::make_unique<Pass>(m_setup, PassPlan{++m_passes, candidate.makeRecogniser, std::move(judge), !m_guesses});
    m_pass->run();
    if (!cancelled()) {
        m_before.reset();
    }
}

/// The newest pass, a first one when there was none.
Pass& Search::anyPass() {
    if (!m_pass) {
        simulate({});
    }
    return *m_pass;
}

} // namespace simprof
