// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/board_guess.h"

#include "peripherals/boards.h"
#include "peripherals/boards/board_values.h"
#include "peripherals/uf2_families.h"
#include "sim_core/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace simprof {
namespace {

/// Scores this close are a tie: less than any finding but chance explains.
constexpr int kTie = 3;

bool isRam(MemoryKind kind) { return kind == MemoryKind::Sram || kind == MemoryKind::Dtcm || kind == MemoryKind::Itcm; }

std::uint64_t ramBytes(const McuDesc& mcu) {
    std::uint64_t bytes = 0;
    for (const MemoryDesc& memory : mcu.memories) {
        bytes += isRam(memory.kind) && !memory.aliasOf ? memory.range.size : 0;
    }
    return bytes;
}

BoardVerdict judge(const ImageFacts& facts, const BoardDesc& board) {
    BoardVerdict verdict{&board, evidenceFor(facts, board), 0, false};
    for (const BoardEvidence& evidence : verdict.evidence) {
        verdict.score += evidence.weight;
        verdict.excluded |= evidence.veto;
    }
    return verdict;
}

std::string explain(const BoardVerdict& verdict) {
    std::vector<std::string> sentences;
    for (const BoardEvidence& evidence : verdict.evidence) {
        if (evidence.inSummary) {
            sentences.push_back(evidence.sentence);
        }
    }
    return fmt::format("{}: {}", verdict.board->name, fmt::join(sentences, ", "));
}

std::string names(const std::vector<BoardVerdict>& verdicts) {
    std::vector<std::string> texts;
    for (const BoardVerdict& verdict : verdicts) {
        if (!verdict.excluded) {
            texts.push_back(verdict.board->name);
        }
    }
    return fmt::format("{}", fmt::join(texts, ", "));
}

/// Nothing simulated here runs this code: says what it is built for.
void refuseForeignCore(const ImageFacts& facts) {
    if (facts.image.attributes.cpuArch) {
        return; // refused when the file was read
    }
    for (const CodeNeed need : {CodeNeed::ArmV8_1M, CodeNeed::ArmV8M}) {
        if (const auto& witness = facts.code.need(need)) {
            throw Error(fmt::format(
                "'{}' is built for {} ('{}' at 0x{:08x}); simprof runs Cortex-M0, M0+, M4 and M7", facts.image.name,
                need == CodeNeed::ArmV8M ? "Armv8-M (Cortex-M23, M33 and their kin)" : "Armv8.1-M (Cortex-M55, M85)",
                witness->text, witness->address));
        }
    }
}

/// Says what keeps the nearest board from running the image, or that no core here does.
[[noreturn]] void refuse(const ImageFacts& facts, const std::vector<BoardVerdict>& verdicts) {
    const FirmwareImage& image = facts.image;
    const auto vetoOf = [](const BoardVerdict& verdict, std::string_view rule) {
        return std::ranges::any_of(verdict.evidence, [&](const auto& e) { return e.veto && e.rule == rule; });
    };
    const auto all = [&](std::string_view rule) {
        return std::ranges::all_of(verdicts, [&](const auto& verdict) { return vetoOf(verdict, rule); });
    };
    if (image.segments.empty()) {
        throw Error(fmt::format("{} has nothing to load", image.name));
    }
    if (all("core")) {
        throw Error(
            fmt::format("{} is built for {}, no built-in board runs it: Cortex-M0, M0+, M4 and M7 are simulated",
                        image.name, builtFor(facts).empty() ? "another core" : builtFor(facts)));
    }
    const auto vetoes = [](const BoardVerdict& verdict) {
        return std::ranges::count_if(verdict.evidence, &BoardEvidence::veto);
    };
    const BoardVerdict& nearest = *std::ranges::min_element(verdicts, {}, vetoes); // the best of them
    throw Error(fmt::format("{}: {}, and no built-in board fits ({} is nearest); give --board (simprof boards lists "
                            "them, ./my.toml describes your own)",
                            image.name, nearest.evidence.front().sentence, nearest.board->name));
}

/// A UF2 file names its microcontroller.
void refuseForeignFamily(const FirmwareImage& image) {
    if (const Uf2Family* const family = uf2Family(image.family); family != nullptr && family->mcu.empty()) {
        throw Error(fmt::format("{} is for the {}, which no built-in board has: describe it in a board file "
                                "(docs/BOARDS.md), or name a board like it with --board",
                                image.name, family->name));
    }
}

/// The code accesses more device registers that the best board lacks than such as it has.
void refuseForeignDevices(const ImageFacts& facts, const BoardDesc& best) {
    constexpr std::size_t kEnough = 3;
    const auto missing = deviceBlocks(facts, *best.mcu, false);
    if (missing.size() < kEnough || missing.size() <= deviceBlocks(facts, *best.mcu, true).size()) {
        return;
    }
    throw Error(
        fmt::format("{} uses device registers that no built-in board has (0x{:08x}, 0x{:08x}, 0x{:08x} …; {} is "
                    "nearest): describe the microcontroller in a board file (docs/BOARDS.md), or try --board {}",
                    facts.image.name, missing[0], missing[1], missing[2], best.name, best.name));
}

/// Addresses fit by chance, too: nothing tells that core and memories are those of this board.
bool isWeak(const BoardVerdict& verdict) {
    constexpr int kManyDevices = 24;
    return std::ranges::none_of(verdict.evidence, [](const BoardEvidence& evidence) {
        const bool tells = evidence.rule == "stack" || evidence.rule == "built for" || evidence.rule == "FPU" ||
                           evidence.rule == "family" || evidence.rule == "caches";
        return (tells && evidence.weight > 0) || (evidence.rule == "devices" && evidence.weight >= kManyDevices);
    });
}

} // namespace

std::vector<BoardVerdict> judgeBoards(const ImageFacts& facts) {
    std::vector<BoardVerdict> verdicts;
    for (const BoardDesc& board : boards()) {
        verdicts.push_back(judge(facts, board));
    }
    // Of boards that fit equally the one with the least RAM is the closest; then the first listed.
    std::ranges::stable_sort(verdicts, [](const BoardVerdict& a, const BoardVerdict& b) {
        if (a.excluded != b.excluded) {
            return b.excluded;
        }
        return a.score != b.score ? a.score > b.score : ramBytes(*a.board->mcu) < ramBytes(*b.board->mcu);
    });
    return verdicts;
}

BoardGuess guessBoard(const FirmwareImage& image) {
    const ImageFacts facts = factsOf(image);
    refuseForeignCore(facts);
    refuseForeignFamily(image);
    const std::vector<BoardVerdict> verdicts = judgeBoards(facts);
    const BoardVerdict& best = verdicts.front();
    if (best.excluded || image.segments.empty()) {
        refuse(facts, verdicts);
    }
    refuseForeignDevices(facts, *best.board);
    std::vector<BoardVerdict> tied;
    std::ranges::copy_if(verdicts, std::back_inserter(tied), [&](const BoardVerdict& verdict) {
        return !verdict.excluded && verdict.score + kTie > best.score;
    });
    const auto otherCore = [&](const BoardVerdict& verdict) {
        return verdict.board->mcu->core.kind != best.board->mcu->core.kind;
    };
    if (std::ranges::any_of(tied, otherCore)) {
        std::vector<std::string> texts;
        for (const BoardVerdict& verdict : tied) {
            texts.push_back(fmt::format("{} ({})", verdict.board->name, verdict.board->mcu->core.kind->name));
        }
        throw Error(fmt::format("{} fits boards with different cores equally well: {}; choose one with --board NAME "
                                "('simprof boards --explain {}' shows what speaks for each)",
                                image.name, fmt::join(texts, ", "), image.name));
    }
    BoardGuess guess{best.board, explain(best), ""};
    if (tied.size() > 1) {
        guess.doubt = fmt::format("the board is a guess, these fit as well: {}; choose with --board",
                                  names({tied.begin() + 1, tied.end()}));
    } else if (isWeak(best)) {
        guess.doubt = "the board is a guess, only addresses speak for it; choose with --board";
    }
    if (!guess.doubt.empty()) {
        guess.why = guess.doubt + "; " + guess.why;
    }
    return guess;
}

void checkBoard(const FirmwareImage& image, const BoardDesc& board) {
    const ImageFacts facts = factsOf(image);
    refuseForeignCore(facts);
    const BoardVerdict verdict = judge(facts, board);
    if (!verdict.excluded) {
        return;
    }
    const BoardEvidence& veto = verdict.evidence.front();
    const std::string fitting = names(judgeBoards(facts));
    throw Error(fmt::format("{} cannot run on {}: {}; {}", image.name, board.name, veto.sentence,
                            fitting.empty() ? "no built-in board fits, describe yours in a file (docs/BOARDS.md)"
                                            : "it fits " + fitting));
}

CortexM3Board asCortexM3(const FirmwareImage& image, const BoardDesc& board) {
    constexpr unsigned kArchV7 = 10;
    if (image.attributes.cpuArch != kArchV7) {
        return {};
    }
    auto mcu = std::make_shared<McuDesc>(*board.mcu);
    mcu->core.fpu = mcu->core.doublePrecision = mcu->core.dsp = false;
    auto own = std::make_shared<BoardDesc>(board);
    own->mcu = std::move(mcu);
    return {std::move(own),
            fmt::format("built for a Cortex-M3: it runs as on a {} without DSP extension and FPU, whose "
                        "instructions fault",
                        board.mcu->core.kind->name)};
}

} // namespace simprof
