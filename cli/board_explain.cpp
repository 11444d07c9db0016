// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/board_explain.h"

#include "cli/run_arguments.h"
#include "peripherals/board_guess.h"
#include "peripherals/boards/board_values.h"
#include "profiler/json/writer.h"
#include "profiler/report/escape.h"
#include "sim_core/error.h"

#include <fmt/format.h>

namespace simprof::cli {
namespace {

std::string weightText(const BoardEvidence& evidence) {
    return evidence.veto ? "veto" : evidence.weight == 0 ? "" : fmt::format("{:+d}", evidence.weight);
}

std::string factsText(const ImageFacts& facts) {
    std::string out = fmt::format("{}  {}", plain(facts.image.name), nameOf(facts.image.format));
    if (facts.table) {
        out += fmt::format(", vector table at 0x{:08x}, SP 0x{:08x}, reset handler at 0x{:08x}", facts.table->at,
                           facts.table->stack, facts.table->reset);
    } else {
        out += ", no vector table found";
    }
    const std::string built = builtFor(facts);
    out += fmt::format(", {} instructions followed{}\n", facts.code.instructions,
                       built.empty() ? "" : ", built for " + plain(built));
    if (!facts.image.baseNote.empty()) {
        out += facts.image.baseNote + "\n";
    }
    for (const std::string& note : facts.image.notes) {
        out += note + "\n";
    }
    return out;
}

std::string asText(const ImageFacts& facts, const std::vector<BoardVerdict>& verdicts) {
    std::string out = factsText(facts);
    for (const BoardVerdict& verdict : verdicts) {
        const std::string result = verdict.excluded ? "excluded" : fmt::format("score {}", verdict.score);
        out += fmt::format("\n{} ({}): {}\n", verdict.board->name, verdict.board->mcu->core.kind->name, result);
        for (const BoardEvidence& evidence : verdict.evidence) {
            out += fmt::format("  {:>4}  {:<11}  {}\n", weightText(evidence), evidence.rule, plain(evidence.sentence));
        }
    }
    try {
        const BoardGuess guess = guessBoard(facts.image);
        out += fmt::format("\nchosen: {}{}\n", guess.board->name, guess.doubt.empty() ? "" : "; " + guess.doubt);
    } catch (const Error& error) {
        out += fmt::format("\nnone chosen: {}\n", plain(error.what()));
    }
    return out;
}

std::string asJson(const ImageFacts& facts, const std::vector<BoardVerdict>& verdicts) {
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Lines);
    json.member("schema", "simprof-board-evidence/1");
    json.member("firmware", facts.image.name);
    json.member("instructions_followed", std::uint64_t{facts.code.instructions});
    json.key("boards");
    json.beginArray(JsonWriter::Layout::Lines);
    for (const BoardVerdict& verdict : verdicts) {
        json.beginObject();
        json.member("name", verdict.board->name);
        json.member("score", std::int64_t{verdict.score});
        json.member("excluded", verdict.excluded);
        json.key("evidence");
        json.beginArray();
        for (const BoardEvidence& evidence : verdict.evidence) {
            json.beginObject();
            json.member("rule", evidence.rule);
            json.member("weight", std::int64_t{evidence.weight});
            json.member("veto", evidence.veto);
            json.member("sentence", evidence.sentence);
            json.endObject();
        }
        json.endArray();
        json.endObject();
    }
    json.endArray();
    json.endObject();
    return json.take();
}

} // namespace

std::string explainBoards(const std::string& firmware, const std::string& base, bool json) {
    const FirmwareImage image =
        readFirmware(firmware, base.empty() ? std::nullopt : std::optional(parseAddress(base, "--base")));
    const ImageFacts facts = factsOf(image);
    const std::vector<BoardVerdict> verdicts = judgeBoards(facts);
    return json ? asJson(facts, verdicts) : asText(facts, verdicts);
}

} // namespace simprof::cli
