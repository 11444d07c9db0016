// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/profile_json.h"
#include "sim_core/error.h"

#include <fmt/format.h>

namespace simprof {
namespace {

/// Adds without wrapping around; a hostile file may hold any number.
class ExactSum {
public:
    void add(Cycles cycles) { m_overflow |= __builtin_add_overflow(m_sum, cycles, &m_sum); }
    bool equals(Cycles cycles) const { return !m_overflow && m_sum == cycles; }
    std::string text() const { return m_overflow ? "more than 2^64" : fmt::format("{}", m_sum); }

private:
    Cycles m_sum = 0;
    bool m_overflow = false;
};

/// Throws when `index` is neither -1 (where that is allowed) nor an index of a list with `count` entries.
void checkIndex(std::int64_t index, std::size_t count, bool noneAllowed, const char* list, std::size_t at,
                const char* key) {
    const bool none = index == -1 && noneAllowed;
    if (!none && (index < 0 || static_cast<std::uint64_t>(index) >= count)) {
        throw Error(fmt::format("{}[{}].{} is {}, but there are {} of them", list, at, key, index, count));
    }
}

/// Throws when a time span ends behind the largest cycle number.
void checkSpan(Cycles start, Cycles cycles, const char* list, std::size_t at) {
    Cycles end = 0;
    if (__builtin_add_overflow(start, cycles, &end)) {
        throw Error(fmt::format("{}[{}] ends behind the last cycle there can be", list, at));
    }
}

void checkSums(const Profile& profile) {
    ExactSum sum;
    for (const LayerInfo& layer : profile.layers) {
        sum.add(layer.cycles);
    }
    for (const Owner& owner : profile.owners) {
        sum.add(owner.cycles);
    }
    if (!sum.equals(profile.totals.cycles)) {
        throw Error(fmt::format("the cycles of layers and owners add up to {}, but totals.cycles is {}", sum.text(),
                                profile.totals.cycles));
    }
}

void checkLayers(const Profile& profile) {
    for (std::size_t i = 0; i < profile.layers.size(); ++i) {
        if (profile.layers[i].id != static_cast<std::int64_t>(i)) {
            throw Error(fmt::format("layers[{}].id is {}, not its position", i, profile.layers[i].id));
        }
        checkIndex(profile.layers[i].bodyOf, i, true, "layers", i, "body_of");
    }
    for (std::size_t i = 0; i < profile.inferences.size(); ++i) {
        const Inference& inference = profile.inferences[i];
        checkSpan(inference.startCycle, inference.cycles, "inferences", i);
        for (std::size_t k = 0; k < inference.spans.size(); ++k) {
            checkIndex(inference.spans[k].layer, profile.layers.size(), true, "spans", k, "layer");
            checkSpan(inference.spans[k].startCycle, inference.spans[k].cycles, "spans", k);
        }
    }
}

/// Those that ran come first; what a part says of its network is true.
void checkNetworks(const Profile& profile) {
    const std::size_t networks = profile.networks.size();
    for (std::size_t i = 1; i < networks; ++i) {
        if (profile.networks[i].state == NetworkState::Ran && profile.networks[i - 1].state != NetworkState::Ran) {
            throw Error(fmt::format("networks[{}] ran, but the one in front of it did not", i));
        }
    }
    const auto check = [networks](const auto& parts, const char* list) {
        for (std::size_t i = 0; i < parts.size(); ++i) {
            checkIndex(parts[i].network, networks, false, list, i, "network");
        }
    };
    check(profile.layers, "layers");
    check(profile.inferences, "inferences");
    check(profile.memory.tensors, "memory.tensors");
    check(profile.memory.further, "memory.further");
    for (std::size_t i = 0; i < profile.memory.further.size(); ++i) {
        const NetworkMemory& further = profile.memory.further[i];
        checkIndex(further.inference, profile.inferences.size(), false, "memory.further", i, "inference");
        if (further.arena &&
            (further.arena->sizeBytes > 0x1'0000'0000 || further.arena->persistentBytes > 0x1'0000'0000)) {
            throw Error(fmt::format("memory.further[{}].arena has more bytes than 32 bits can address", i));
        }
    }
}

void checkMemory(const Profile& profile) {
    const auto& tensors = profile.memory.tensors;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        checkIndex(tensors[i].writer, profile.layers.size(), true, "memory.tensors", i, "writer");
        for (const std::int32_t reader : tensors[i].readers) {
            checkIndex(reader, profile.layers.size(), true, "memory.tensors", i, "readers");
        }
        if (tensors[i].diedCycle < tensors[i].bornCycle) {
            throw Error(fmt::format("memory.tensors[{}] dies before it is born", i));
        }
        for (const LifePart& part : tensors[i].parts) {
            if (part.diedCycle < part.bornCycle || part.offset > tensors[i].sizeBytes ||
                part.sizeBytes > tensors[i].sizeBytes - part.offset) {
                throw Error(
                    fmt::format("memory.tensors[{}].parts lie outside of the tensor or die before they are born", i));
            }
        }
        if (tensors[i].sizeBytes > 0x1'0000'0000) {
            throw Error(fmt::format("memory.tensors[{}].size_bytes is more than 32 bits can address", i));
        }
    }
    for (std::size_t i = 0; i < profile.memory.regions.size(); ++i) {
        if (profile.memory.regions[i].sizeBytes > 0x1'0000'0000) {
            throw Error(fmt::format("memory.regions[{}].size_bytes is more than 32 bits can address", i));
        }
    }
    const HeapUse& heap = profile.memory.heap;
    for (std::size_t i = 0; i < heap.blocks.size(); ++i) {
        checkIndex(heap.blocks[i].caller, heap.callers.size(), false, "memory.heap.blocks", i, "caller");
        if (heap.blocks[i].diedCycle != 0 && heap.blocks[i].diedCycle < heap.blocks[i].bornCycle) {
            throw Error(fmt::format("memory.heap.blocks[{}] is freed before it is born", i));
        }
    }
    const auto& arena = profile.memory.arena;
    if (arena && (arena->sizeBytes > 0x1'0000'0000 || arena->persistentBytes > 0x1'0000'0000)) {
        throw Error("memory.arena has more bytes than 32 bits can address");
    }
}

void checkFunctions(const Profile& profile) {
    const std::size_t functions = profile.functions.size();
    for (std::size_t i = 0; i < profile.callTree.size(); ++i) {
        const CallNode& node = profile.callTree[i];
        checkIndex(node.parent, i, true, "call_tree", i, "parent");
        checkIndex(node.function, functions, false, "call_tree", i, "function");
        checkIndex(node.layer, profile.layers.size(), true, "call_tree", i, "layer");
    }
    for (std::size_t i = 0; i < profile.callSpans.size(); ++i) {
        const CallSpan& span = profile.callSpans[i];
        checkIndex(span.function, functions, false, "call_spans", i, "function");
        checkSpan(span.startCycle, span.cycles, "call_spans", i);
        if (i > 0 && span.startCycle < profile.callSpans[i - 1].startCycle) {
            throw Error(fmt::format("call_spans[{}] starts before the one in front of it", i));
        }
    }
    for (std::size_t i = 0; i < profile.instructions.size(); ++i) {
        checkIndex(profile.instructions[i].function, functions, true, "instructions", i, "function");
    }
}

} // namespace

void checkProfile(const Profile& profile) {
    checkSums(profile);
    checkLayers(profile);
    checkNetworks(profile);
    checkMemory(profile);
    checkFunctions(profile);
    for (std::size_t i = 0; i < profile.exceptionSpans.size(); ++i) {
        checkSpan(profile.exceptionSpans[i].startCycle, profile.exceptionSpans[i].cycles, "exception_spans", i);
    }
    for (std::size_t i = 0; i < profile.threadSpans.size(); ++i) {
        const ThreadSpan& span = profile.threadSpans[i];
        checkIndex(span.thread, profile.threads.size(), false, "thread_spans", i, "thread");
        checkSpan(span.startCycle, span.cycles, "thread_spans", i);
    }
    for (std::size_t i = 0; i < profile.prints.size(); ++i) {
        checkSpan(profile.prints[i].startCycle, profile.prints[i].cycles, "prints", i);
    }
    for (std::size_t i = 0; i < profile.power.size(); ++i) {
        checkSpan(profile.power[i].startCycle, profile.power[i].cycles, "power", i);
    }
}

} // namespace simprof
