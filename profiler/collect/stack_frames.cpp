// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/stack_frames.h"

#include <algorithm>

namespace simprof {

namespace {

std::string nameOf(const StackHolder& holder, const SymbolTable& symbols) {
    switch (holder.kind) {
    case StackHolder::Kind::Function: return symbols.nameFor(holder.entry);
    case StackHolder::Kind::Exception: return "[exception frame]";
    case StackHolder::Kind::Outer: return "[outer functions]";
    case StackHolder::Kind::Unknown: return "[unknown]";
    }
    return {};
}

} // namespace

std::vector<StackFrame> namedFrames(const StackPath& path, Address top, const SymbolTable& symbols) {
    std::vector<StackFrame> frames;
    Address inner = path.lowest;
    for (std::size_t i = 0; i < path.marks.size(); ++i) {
        const bool isLast = i + 1 == path.marks.size();
        const Address begin = std::max(inner, isLast ? top : std::min(path.marks[i].sp, top));
        if (begin > inner) {
            frames.push_back({nameOf(path.marks[i].holder, symbols), begin - inner});
        }
        inner = begin;
    }
    std::ranges::reverse(frames);
    return frames;
}

} // namespace simprof
