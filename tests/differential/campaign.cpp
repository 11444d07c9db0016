// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/differential/campaign.h"

#include "tests/differential/compare.h"
#include "tests/differential/run.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof::differential {

namespace {

/// Runs the image on both sides and adds what differs.
std::uint64_t runBoth(const Target& target, const GuestImage& image, Comparison& result) {
    const Outcome qemu = runQemu(target, image), simprof = runSimprof(target, image);
    for (const auto& [side, end] : {std::pair{"QEMU", qemu.end}, std::pair{"simprof", simprof.end}}) {
        if (!end.empty()) {
            result.unlisted.push_back({image.cases.front().number, 0, fmt::format("    {}: {}\n", side, end)});
        }
    }
    compare(target, qemu.output, simprof.output, result);
    return simprof.instructions;
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
    runBoth(target, image, result);
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
        instructions += runBoth(target, image, result);
    }
    fmt::print("{}: {} instructions in {} cases, {} runs; {} unlisted differences\n", target.name, instructions,
               next - options.first, result.records, result.unlisted.size());
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
