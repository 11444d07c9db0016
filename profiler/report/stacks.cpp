// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/stacks.h"

#include "profiler/analysis/run_name.h"
#include "profiler/report/escape.h"
#include "profiler/report/report.h"
#include "profiler/text/numbers.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace simprof {
namespace {

constexpr std::size_t kDeepest = 256;

/// The file and line a function begins at; callgrind wants a name where none is known.
std::string fileOf(const FunctionInfo& function) { return function.file.empty() ? "???" : plain(function.file); }

} // namespace

std::vector<StackSample> stackSamples(const Profile& profile) {
    std::map<std::vector<std::int32_t>, Cycles> merged;
    std::vector<std::size_t> depth(profile.callTree.size());
    std::vector<std::size_t> shownAs(
        profile.callTree.size()); ///< the node itself, or its ancestor at the deepest level kept
    for (std::size_t i = 0; i < profile.callTree.size(); ++i) {
        const CallNode& node = profile.callTree[i];
        const auto parent = static_cast<std::size_t>(node.parent);
        depth[i] = node.parent < 0 ? 1 : depth[parent] + 1;
        shownAs[i] = depth[i] <= kDeepest ? i : shownAs[parent];
        if (node.selfCycles == 0) {
            continue;
        }
        std::vector<std::int32_t> functions;
        for (auto at = static_cast<std::int32_t>(shownAs[i]); at >= 0;
             at = profile.callTree[static_cast<std::size_t>(at)].parent) {
            functions.push_back(profile.callTree[static_cast<std::size_t>(at)].function);
        }
        std::reverse(functions.begin(), functions.end());
        merged[functions] += node.selfCycles;
    }
    std::vector<StackSample> samples;
    samples.reserve(merged.size());
    for (const auto& [functions, cycles] : merged) {
        samples.push_back({functions, cycles});
    }
    return samples;
}

std::string frameName(const FunctionInfo& function) {
    std::string name = plain(function.name);
    std::replace(name.begin(), name.end(), ';', ':');
    return name.empty() ? hexAddress(function.address) : name;
}

std::string reportCollapsed(const Profile& profile, const ReportOptions&) {
    std::vector<std::string> lines;
    for (const StackSample& sample : stackSamples(profile)) {
        std::string line;
        for (const std::int32_t function : sample.functions) {
            line += (line.empty() ? "" : ";") + frameName(profile.functions[static_cast<std::size_t>(function)]);
        }
        lines.push_back(fmt::format("{} {}\n", line, sample.cycles));
    }
    for (const auto& [name, cycles] : cyclesOutsideFunctions(profile)) {
        lines.push_back(fmt::format("{} {}\n", name, cycles));
    }
    std::sort(lines.begin(), lines.end());
    return fmt::format("{}", fmt::join(lines, ""));
}

std::string reportCallgrind(const Profile& profile, const ReportOptions&) {
    struct Edge {
        std::uint64_t calls = 0;
        Cycles inclusive = 0;
    };
    std::map<std::int32_t, std::map<std::int32_t, Edge>> edges;
    for (const CallNode& node : profile.callTree) {
        if (node.parent >= 0) {
            Edge& edge = edges[profile.callTree[static_cast<std::size_t>(node.parent)].function][node.function];
            edge.calls += node.calls;
            edge.inclusive += node.inclusiveCycles;
        }
    }
    std::map<std::int32_t, std::map<std::uint32_t, Cycles>> lines; // with instructions, costs fall on their own lines
    for (const InstructionInfo& instruction : profile.instructions) {
        if (instruction.function >= 0 &&
            instruction.file == profile.functions[static_cast<std::size_t>(instruction.function)].file) {
            lines[instruction.function][instruction.line] += instruction.cycles;
        }
    }
    std::string out = fmt::format("# callgrind format\nversion: 1\ncreator: simprof {}\ncmd: {}\npositions: "
                                  "line\nevent: Cy : core cycles\nevents: Cy\nsummary: {}\n",
                                  plain(profile.tool.version), plain(runName(profile)), profile.totals.cycles);
    for (std::size_t f = 0; f < profile.functions.size(); ++f) {
        const FunctionInfo& function = profile.functions[f];
        const auto id = static_cast<std::int32_t>(f);
        out += fmt::format("\nfl={}\nfn={}\n", fileOf(function), frameName(function));
        Cycles spread = 0;
        for (const auto& [line, cycles] : lines[id]) {
            if (spread + cycles <= function.selfCycles) {
                out += fmt::format("{} {}\n", line, cycles);
                spread += cycles;
            }
        }
        if (spread < function.selfCycles) {
            out += fmt::format("{} {}\n", function.line, function.selfCycles - spread);
        }
        for (const auto& [callee, edge] : edges[id]) {
            const FunctionInfo& called = profile.functions[static_cast<std::size_t>(callee)];
            out += fmt::format("cfi={}\ncfn={}\ncalls={} {}\n{} {}\n", fileOf(called), frameName(called), edge.calls,
                               called.line, function.line, edge.inclusive);
        }
    }
    for (const auto& [name, cycles] : cyclesOutsideFunctions(profile)) {
        out += fmt::format("\nfl=???\nfn={}\n0 {}\n", name, cycles);
    }
    return out;
}

} // namespace simprof
