// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/differential/campaign.h"

#include "tests/differential/compare.h"
#include "tests/differential/run.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof::differential {

namespace {

constexpr std::uint32_t kNever = ~0U;

/// The case of the first run that a side did not write out.
std::uint32_t stoppedIn(const Outcome& outcome, const GuestImage& image) {
    std::uint32_t number = image.cases.front().number;
    std::size_t at = 0;
    while (const std::optional<Record> record = nextRecord(outcome.output, at)) {
        number = record->number + (record->runsLeft == 1 ? 1 : 0);
    }
    return number;
}

std::uint32_t lockedUpIn(const Outcome& outcome, const GuestImage& image) {
    return outcome.lockedUp ? stoppedIn(outcome, image) : kNever;
}

/// Runs the image on both sides and adds what differs; answers the case in which one of them locked up, behind which
/// nothing was compared.
std::uint32_t runOnce(const Target& target, const GuestImage& image, Comparison& result, std::uint64_t& instructions) {
    const Outcome qemu = runQemu(target, image), simprof = runSimprof(target, image);
    for (const auto& [side, outcome] : {std::pair{"QEMU", &qemu}, std::pair{"simprof", &simprof}}) {
        if (!outcome->end.empty()) {
            const std::string what = fmt::format("    {} gave no answer: {}\n", side, outcome->end);
            result.unlisted.push_back({stoppedIn(*outcome, image), 0, what});
        }
    }
    instructions += simprof.instructions;
    const std::uint32_t theirs = lockedUpIn(qemu, image), ours = lockedUpIn(simprof, image);
    const std::uint32_t first = std::min(theirs, ours);
    if (theirs == ours || first > image.cases.front().number) {
        compare(target, qemu.output, simprof.output, theirs == ours ? first : first - 1, result);
    }
    if (theirs != ours) {
        result.unlisted.push_back(
            {first, 0, fmt::format("    {} locks up, the other side does not\n", theirs < ours ? "QEMU" : "simprof")});
    } else if (first != kNever) {
        ++result.lockups;
    }
    return first;
}

/// The same with all cases: behind one that locked up the next is begun anew.
std::uint64_t runBoth(const Target& target, std::uint64_t seed, GuestImage image, Comparison& result) {
    std::uint64_t instructions = 0;
    for (;;) {
        const std::uint32_t stopped = runOnce(target, image, result, instructions);
        const std::uint32_t first = image.cases.front().number;
        if (stopped == kNever || stopped - first + 1 >= image.cases.size()) {
            return instructions;
        }
        std::vector<Case> rest(image.cases.begin() + (stopped - first + 1), image.cases.end());
        image = buildImage(target, seed, std::move(rest));
    }
}

/// Prints the code of a case up to the instruction behind which the two sides first differ: each prefix is run by
/// itself.
void explain(const Target& target, const CampaignOptions& options, const Difference& difference) {
    Case whole = makeCase(target, options.seed, difference.number);
    const std::size_t run = std::min<std::size_t>(target.runs - difference.runsLeft, whole.inputs.size() - 1);
    whole.inputs = {whole.inputs[run]};
    fmt::print("case {}, run {}, flags {:x}: QEMU, simprof\n{}", difference.number, run, whole.flags, difference.what);
    std::vector<Case> prefixes;
    const std::vector<std::size_t> starts = instructionsOf(whole);
    for (const std::size_t at : starts) {
        prefixes.push_back(whole);
        prefixes.back().code[at] = 0xDF01;
        prefixes.back().number = static_cast<std::uint32_t>(whole.number + prefixes.size() - 1);
    }
    prefixes.push_back(whole);
    prefixes.back().number = static_cast<std::uint32_t>(whole.number + prefixes.size() - 1);
    const GuestImage image = buildImage(target, options.seed, prefixes);
    Comparison result;
    runBoth(target, options.seed, image, result);
    if (result.unlisted.empty()) {
        fmt::print("  no prefix of it differs\n{}", listing(image, whole, whole.code.size()));
        return;
    }
    const Difference& first = *std::ranges::min_element(result.unlisted, {}, &Difference::number);
    const std::size_t prefix = first.number - whole.number;
    fmt::print("  first seen when it ends behind this:\n{}{}", first.what,
               listing(image, image.cases[prefix], prefix < starts.size() ? starts[prefix] : whole.code.size()));
}

} // namespace

bool runCampaign(const Target& target, const CampaignOptions& options) {
    Comparison result;
    std::uint64_t instructions = 0;
    std::uint32_t next = options.first;
    while (instructions < options.instructions && next < options.first + options.count) {
        const std::uint64_t left = options.instructions - instructions;
        const auto wanted = static_cast<std::uint32_t>(left / (60 * target.runs) + 1);
        const GuestImage image =
            buildImage(target, options.seed, next, std::min(wanted, options.first + options.count - next));
        next += static_cast<std::uint32_t>(image.cases.size());
        instructions += runBoth(target, options.seed, image, result);
    }
    fmt::print("{}: {} instructions in {} cases, {} runs, {} lock-ups; {} unlisted differences\n", target.name,
               instructions, next - options.first, result.records, result.lockups, result.unlisted.size());
    for (const auto& [name, count] : result.listed) {
        fmt::print("  listed: {} ({} runs)\n", name, count);
    }
    std::uint32_t last = ~0U;
    unsigned shown = 0;
    for (const Difference& difference : result.unlisted) {
        if (difference.number != last && shown++ < options.show) {
            explain(target, options, difference);
        }
        last = difference.number;
    }
    return result.unlisted.empty();
}

} // namespace simprof::differential
