// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/annotate.h"

#include "profiler/report/escape.h"
#include "profiler/report/tables.h"
#include "profiler/text/names.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <map>

namespace simprof {
namespace {

std::optional<Address> parseHex(const std::string& text) {
    if (!text.starts_with("0x")) {
        return std::nullopt;
    }
    Address address = 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), address, 16);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(address) : std::nullopt;
}

/// The stalls that matter: "load store 17 %, fetch 6 %".
std::string mainStalls(const StallSums& stalls, Cycles cycles) {
    std::vector<std::size_t> order;
    for (std::size_t i = 1; i < kStallCount; ++i) { // 0 is no stall
        if (stalls[i] != 0) {
            order.push_back(i);
        }
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return stalls[a] > stalls[b]; });
    order.resize(std::min<std::size_t>(order.size(), 2));
    std::vector<std::string> parts;
    parts.reserve(order.size());
    for (const std::size_t i : order) {
        parts.push_back(fmt::format("{} {} %", stallTitle(i),
                                    fixed(percentOf(static_cast<double>(stalls[i]), static_cast<double>(cycles)), 0)));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

} // namespace

std::vector<std::size_t> findFunctions(const Profile& profile, const std::string& symbol) {
    const auto matching = [&](const auto& matches) {
        std::vector<std::size_t> found;
        for (std::size_t i = 0; i < profile.functions.size(); ++i) {
            if (matches(profile.functions[i])) {
                found.push_back(i);
            }
        }
        return found;
    };
    if (const auto address = parseHex(symbol)) {
        return matching([&](const FunctionInfo& function) { return function.address == (*address & ~1u); });
    }
    auto found = matching([&](const FunctionInfo& function) { return function.name == symbol; });
    if (found.empty()) {
        found =
            matching([&](const FunctionInfo& function) { return shortName(function.name, Short::Function) == symbol; });
    }
    if (found.empty()) {
        found = matching(
            [&](const FunctionInfo& function) { return shortName(function.name, Short::BareFunction) == symbol; });
    }
    return found;
}

Annotation annotateFunction(const Profile& profile, std::size_t function, const SourceLines& sources) {
    if (profile.instructions.empty()) {
        throw Error("the profile holds no single instructions: run the firmware again with --instructions, or give the "
                    "firmware itself");
    }
    Annotation annotation;
    annotation.function = &profile.functions[function];
    annotation.totalCycles = profile.totals.cycles;
    std::vector<const InstructionInfo*> instructions;
    for (const InstructionInfo& instruction : profile.instructions) {
        if (instruction.function == static_cast<std::int64_t>(function)) {
            instructions.push_back(&instruction);
        }
    }
    if (instructions.empty()) {
        throw Error(
            fmt::format("the profile holds no instructions of {}: it was not run", plain(annotation.function->name)));
    }
    std::stable_sort(instructions.begin(), instructions.end(),
                     [](const auto* a, const auto* b) { return a->address < b->address; });
    std::map<std::string, std::optional<std::vector<std::string>>> files;
    for (const InstructionInfo* instruction : instructions) {
        annotation.cycles += instruction->cycles;
        if (annotation.lines.empty() || annotation.lines.back().file != instruction->file ||
            annotation.lines.back().line != instruction->line) {
            AnnotatedLine line;
            line.file = instruction->file;
            line.line = instruction->line;
            if (!line.file.empty() && !files.contains(line.file)) {
                files[line.file] = sources(line.file);
            }
            const auto& text = files[line.file];
            if (text && line.line > 0 && line.line <= text->size()) {
                line.source = (*text)[line.line - 1];
                annotation.sourceFound = true;
            }
            annotation.lines.push_back(std::move(line));
        }
        annotation.lines.back().cycles += instruction->cycles;
        annotation.lines.back().instructions.push_back(instruction);
    }
    return annotation;
}

std::string annotationText(const Annotation& annotation, const TextStyle& style) {
    const auto whole = static_cast<double>(annotation.cycles);
    std::string out = style.bold(plain(annotation.function->name)) +
                      style.dim(fmt::format("  {}", hexAddress(annotation.function->address))) + "\n";
    out += fmt::format("  {} cycles, {} % of the run, {} call{}\n", grouped(annotation.cycles),
                       percentText(whole, static_cast<double>(annotation.totalCycles)),
                       grouped(annotation.function->calls), annotation.function->calls == 1 ? "" : "s");
    if (!annotation.sourceFound && !annotation.lines.front().file.empty()) {
        out += style.dim(fmt::format("  the source {} was not found: name its folder with --source-root",
                                     plain(annotation.lines.front().file))) +
               "\n";
    }
    out += "\n" + style.bold(fmt::format("{:>12} {:>6} {:>7} {:>12}  ", "cycles", "%", "each", "executions")) + "\n";
    std::string file;
    for (const AnnotatedLine& line : annotation.lines) {
        if (line.file != file) {
            file = line.file;
            out += style.dim(fmt::format("{:>12} {:>6} {:>7} {:>12}  {}", "", "", "", "", plain(file))) + "\n";
        }
        if (line.line != 0) {
            const std::string source = fmt::format("{:>5}  {}", line.line, plain(line.source));
            out += fmt::format("{:>12} {:>6} {:>7} {:>12}  ", grouped(line.cycles),
                               percentText(static_cast<double>(line.cycles), whole), "", "") +
                   style.bold(source) + "\n";
        }
        for (const InstructionInfo* instruction : line.instructions) {
            const double each = instruction->executions == 0 ? 0
                                                             : static_cast<double>(instruction->cycles) /
                                                                   static_cast<double>(instruction->executions);
            const double share = percentOf(static_cast<double>(instruction->cycles), whole);
            std::string row =
                fmt::format("{:>12} {:>6} {:>7} {:>12}  {:08x}  {}", grouped(instruction->cycles),
                            percentText(static_cast<double>(instruction->cycles), whole), fixed(each, 2),
                            grouped(instruction->executions), instruction->address, plain(instruction->text));
            const std::string stalls = mainStalls(instruction->stalls, instruction->cycles);
            if (!stalls.empty()) {
                row += std::string(displayWidth(row) < 84 ? 84 - displayWidth(row) : 2, ' ') + stalls;
            }
            out += (share >= 10 ? style.red(row) : share >= 3 ? style.accent(row) : row) + "\n";
        }
    }
    return out;
}

std::string annotationJson(const Annotation& annotation) {
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Lines);
    json.member("schema", "simprof-annotation/1");
    json.member("function", annotation.function->name);
    json.member("address", annotation.function->address);
    json.member("calls", annotation.function->calls);
    json.member("cycles", annotation.cycles);
    json.key("lines");
    json.beginArray(JsonWriter::Layout::Lines);
    for (const AnnotatedLine& line : annotation.lines) {
        json.beginObject();
        json.member("file", line.file);
        json.member("line", line.line);
        json.member("source", line.source);
        json.member("cycles", line.cycles);
        json.key("instructions");
        json.beginArray(JsonWriter::Layout::Lines);
        for (const InstructionInfo* instruction : line.instructions) {
            json.beginObject();
            json.member("address", instruction->address);
            json.member("text", instruction->text);
            json.member("executions", instruction->executions);
            json.member("cycles", instruction->cycles);
            json.key("stalls");
            json.beginObject();
            for (std::size_t i = 0; i < kStallCount; ++i) {
                if (instruction->stalls[i] != 0) {
                    json.member(kStallNames[i], instruction->stalls[i]);
                }
            }
            json.endObject();
            json.endObject();
        }
        json.endArray();
        json.endObject();
    }
    json.endArray();
    json.endObject();
    return json.take();
}

} // namespace simprof
