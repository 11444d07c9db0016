// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/tables.h"
#include "profiler/text/names.h"
#include "profiler/text/numbers.h"

#include <algorithm>
#include <fmt/format.h>
#include <span>

namespace simprof {
namespace {

using Kind = Column::Kind;

std::string layerName(const Profile& profile, std::int32_t layer) {
    if (layer < 0) {
        return "application";
    }
    const LayerInfo& info = profile.layers[static_cast<std::size_t>(layer)];
    return fmt::format("{} {}", layer, info.op.empty() ? info.name : info.op);
}

/// "main 24 · infer 40 · conv 200", from the outermost function to the innermost.
std::string heldBy(const std::vector<StackFrame>& frames) {
    std::string text;
    for (const StackFrame& frame : frames) {
        const bool isFunction = !frame.function.starts_with('[');
        text += fmt::format("{}{} {}", text.empty() ? "" : " · ",
                            isFunction ? shortName(frame.function, Short::ScopedFunction) : frame.function,
                            grouped(frame.bytes));
    }
    return text;
}

Table stackRows(const Profile& profile, std::span<const LayerInfo> layers) {
    Table table{"stacks",
                {{"stack", "stack", Kind::Name}, {"bytes", "bytes", Kind::Number}, {"held_by", "held by", Kind::Text}},
                {},
                {}};
    const auto add = [&table](const std::string& name, Bytes bytes, const std::vector<StackFrame>& frames) {
        if (!frames.empty()) {
            table.rows.push_back({Cell::name(name), Cell::count(bytes), Cell::name(heldBy(frames))});
        }
    };
    add("main", profile.memory.stack.highWaterBytes, profile.memory.stack.frames);
    for (const ThreadInfo& thread : profile.threads) {
        add("thread " + thread.name, thread.stackHighWaterBytes, thread.stackFrames);
    }
    for (const LayerInfo& layer : layers) {
        add("layer " + layerName(profile, layer.id), layer.stackBytes, layer.stackFrames);
    }
    return table;
}

} // namespace

Table regionTable(const Profile& profile) {
    Table table{"regions",
                {{"name", "memory", Kind::Name},
                 {"kind", "kind", Kind::Name},
                 {"base", "base", Kind::Name},
                 {"size_bytes", "bytes", Kind::Number},
                 {"image_bytes", "image", Kind::Number},
                 {"written_bytes", "written", Kind::Number},
                 {"read_bytes", "read", Kind::Number}},
                {},
                {}};
    for (const MemoryRegion& region : profile.memory.regions) {
        const bool counted =
            region.kind != MemoryKind::Flash && region.kind != MemoryKind::Rom && region.kind != MemoryKind::Xip;
        const auto touched = [counted](Bytes bytes) {
            return counted || bytes != 0 ? Cell::count(bytes) : Cell::none();
        };
        table.rows.push_back({Cell::name(region.name), Cell::name(nameOf(region.kind)), Cell::address(region.base),
                              Cell::count(region.sizeBytes), Cell::count(region.imageBytes),
                              touched(region.writtenBytes), touched(region.readBytes)});
    }
    return table;
}

Table stackTable(const Profile& profile) { return stackRows(profile, {profile.layers.begin(), profile.layers.end()}); }

Table deepestStackTable(const Profile& profile) {
    const auto deepest = std::ranges::max_element(profile.layers, {}, &LayerInfo::stackBytes);
    return stackRows(profile, deepest == profile.layers.end() ? std::span<const LayerInfo>() : std::span(deepest, 1));
}

Table heapTable(const Profile& profile) {
    Table table{"heap",
                {{"function", "allocated by", Kind::Name},
                 {"allocations", "blocks", Kind::Number},
                 {"bytes", "bytes", Kind::Number},
                 {"peak_bytes", "at the peak", Kind::Number},
                 {"peak_blocks", "blocks then", Kind::Number},
                 {"left_bytes", "not freed", Kind::Number},
                 {"failed", "failed", Kind::Number}},
                {},
                {}};
    for (const HeapCaller& caller : profile.memory.heap.callers) {
        table.rows.push_back({Cell::name(shortName(caller.function, Short::ScopedFunction)),
                              Cell::count(caller.allocations), Cell::count(caller.bytes), Cell::count(caller.peakBytes),
                              Cell::count(caller.peakBlocks), Cell::count(caller.leftBytes),
                              Cell::count(caller.failed)});
    }
    return table;
}

Table tensorTable(const Profile& profile) {
    Table table{"tensors",
                {{"address", "address", Kind::Name},
                 {"size_bytes", "bytes", Kind::Number},
                 {"name", "name", Kind::Text},
                 {"kind", "kind", Kind::Name},
                 {"shape", "shape", Kind::Name},
                 {"writer", "written by", Kind::Text},
                 {"readers", "read by", Kind::Text},
                 {"born_cycle", "first write", Kind::Number},
                 {"died_cycle", "last read", Kind::Number}},
                {},
                {}};
    const TensorNames names(profile);
    for (const TensorLife& tensor : profile.memory.tensors) {
        std::vector<std::string> readers;
        for (const std::int32_t reader : tensor.readers) {
            readers.push_back(layerName(profile, reader));
        }
        table.rows.push_back({Cell::address(tensor.address), Cell::count(tensor.sizeBytes),
                              Cell{tensor.name, names.title(tensor.name), 1}, Cell::name(nameOf(tensor.kind)),
                              Cell::name(shapeText(tensor.shape)), Cell::name(layerName(profile, tensor.writer)),
                              Cell::name(fmt::format("{}", fmt::join(readers, ", "))), Cell::count(tensor.bornCycle),
                              Cell::count(tensor.diedCycle)});
    }
    std::stable_sort(table.rows.begin(), table.rows.end(), [](const auto& a, const auto& b) {
        return std::get<Address>(a[0].value) < std::get<Address>(b[0].value);
    });
    return table;
}

Table stallTable(const Profile& profile) {
    Table table{"stalls",
                {{"reason", "reason", Kind::Name},
                 {"cycles", "cycles", Kind::Number},
                 {"percent", "%", Kind::Number},
                 {"bar", "", Kind::Bar}},
                {},
                {}};
    const StallSums& stalls = profile.totals.stalls;
    const Cycles longest = *std::max_element(stalls.begin(), stalls.end());
    for (std::size_t i = 0; i < kStallCount; ++i) {
        if (stalls[i] != 0) {
            table.rows.push_back(
                {Cell::name(stallTitle(i)), Cell::count(stalls[i]),
                 Cell::percent(static_cast<double>(stalls[i]), static_cast<double>(profile.totals.cycles)),
                 Cell{static_cast<double>(stalls[i]) / static_cast<double>(longest), "", 1}});
        }
    }
    return table;
}

Table threadTable(const Profile& profile) {
    Table table{"threads",
                {{"name", "thread", Kind::Name},
                 {"rtos", "RTOS", Kind::Name},
                 {"switches", "switches", Kind::Number},
                 {"cycles", "cycles", Kind::Number},
                 {"percent", "%", Kind::Number},
                 {"stack_size_bytes", "stack B", Kind::Number},
                 {"stack_high_water_bytes", "used", Kind::Number}},
                {},
                {}};
    for (const ThreadInfo& thread : profile.threads) {
        table.rows.push_back(
            {Cell::name(thread.name), Cell::name(thread.rtos), Cell::count(thread.switches), Cell::count(thread.cycles),
             Cell::percent(static_cast<double>(thread.cycles), static_cast<double>(profile.totals.cycles)),
             Cell::count(thread.stackBytes), Cell::count(thread.stackHighWaterBytes)});
    }
    return table;
}

Table exceptionTable(const Profile& profile) {
    Table table{"exceptions",
                {{"number", "#", Kind::Number},
                 {"name", "exception", Kind::Name},
                 {"entries", "entries", Kind::Number},
                 {"cycles", "cycles", Kind::Number},
                 {"percent", "%", Kind::Number}},
                {},
                {}};
    for (const ExceptionInfo& exception : profile.exceptions) {
        table.rows.push_back(
            {Cell::count(exception.number), Cell::name(exception.name), Cell::count(exception.entries),
             Cell::count(exception.cycles),
             Cell::percent(static_cast<double>(exception.cycles), static_cast<double>(profile.totals.cycles))});
    }
    return table;
}

} // namespace simprof
