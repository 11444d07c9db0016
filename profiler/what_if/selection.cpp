// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/what_if/selection.h"

#include "profiler/text/names.h"
#include "profiler/text/numbers.h"
#include "sim_core/image/vector_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <set>

namespace simprof {

namespace {

/// Words of a tensor that no kernel reads lie between those that are.
constexpr std::uint32_t kUnreadGap = 64;

/// `*` is any text, `?` any character.
bool matches(std::string_view glob, std::string_view name) {
    std::size_t star = std::string_view::npos;
    std::size_t retry = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < name.size();) {
        if (at < glob.size() && glob[at] == '*') {
            star = at++;
            retry = i;
        } else if (at < glob.size() && (glob[at] == '?' || glob[at] == name[i])) {
            ++at;
            ++i;
        } else if (star != std::string_view::npos) {
            at = star + 1;
            i = ++retry;
        } else {
            return false;
        }
    }
    return glob.find_first_not_of('*', at) == std::string_view::npos;
}

bool matches(std::string_view glob, const Symbol& symbol) {
    return matches(glob, symbol.name) || matches(glob, symbol.rawName) ||
           matches(glob, shortName(symbol.name, Short::Function)) ||
           matches(glob, shortName(symbol.name, Short::ScopedFunction)) ||
           matches(glob, shortName(symbol.name, Short::BareFunction));
}

std::string counted(std::size_t count, const char* what) {
    return count == 1 ? fmt::format("1 {}", what) : fmt::format("{} {}s", grouped(count), what);
}

Selection ofSymbols(std::string_view glob, Symbol::Kind kind, const WhatIfFacts& facts) {
    Selection found;
    std::size_t count = 0;
    std::string name;
    for (const Symbol& symbol : facts.symbols.symbols()) {
        if (symbol.kind == kind && symbol.size != 0 && !symbol.discovered && matches(glob, symbol)) {
            found.ranges.push_back(symbol.range());
            name = shortName(symbol.name, Short::ScopedFunction);
            ++count;
        }
    }
    found.fetched = kind == Symbol::Kind::Function;
    found.what = count == 1 ? name : counted(count, found.fetched ? "function" : "object");
    return found;
}

AddressRange rangeIn(const NetworkImage& image, const FileRange& range) {
    return {image.address + range.offset, range.bytes};
}

/// The flatbuffer that the layers of a network read.
const NetworkImage* imageOf(std::int32_t network, const WhatIfFacts& facts) {
    for (const auto& [layer, ranges] : facts.constants) {
        if (facts.plain.layers.at(static_cast<std::size_t>(layer)).network != network) {
            continue;
        }
        for (const NetworkImage& image : facts.networks) {
            const AddressRange whole{image.address, image.network.usedBytes};
            if (std::ranges::any_of(ranges, [&](const AddressRange& one) { return whole.contains(one.begin); })) {
                return &image;
            }
        }
    }
    return nullptr;
}

Selection allWeights(const WhatIfFacts& facts) {
    Selection found{{}, "the weights", false, false};
    std::set<std::int32_t> withImage;
    for (std::size_t i = 0; i < facts.plain.networks.size(); ++i) {
        const auto network = static_cast<std::int32_t>(i);
        if (const NetworkImage* image = imageOf(network, facts)) {
            found.ranges.push_back({image->address, image->network.usedBytes});
            found.what = "the flatbuffer with the weights";
            withImage.insert(network);
        }
    }
    for (const auto& [layer, ranges] : facts.constants) {
        if (!withImage.contains(facts.plain.layers.at(static_cast<std::size_t>(layer)).network)) {
            found.ranges.insert(found.ranges.end(), ranges.begin(), ranges.end());
        }
    }
    return found;
}

/// The constants of one layer: by the flatbuffer, else as measured.
Selection weightsOf(const WhatIfRequest& request, std::string_view number, const WhatIfFacts& facts) {
    std::size_t layer = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), layer);
    if (error != std::errc{} || end != number.data() + number.size()) {
        throw request.refused("weights:N takes the number of a layer, as the report counts them from 0");
    }
    const std::vector<LayerInfo>& layers = facts.plain.layers;
    if (layer >= layers.size()) {
        throw request.refused(
            fmt::format("there is no layer {}: the run has {}", layer, counted(layers.size(), "layer")));
    }
    Selection found{
        {},
        fmt::format("the weights of {}", layerTitle(layers[layer].id, layers[layer].op, layers[layer].name)),
        false,
        false};
    const auto first = std::ranges::find(layers, layers[layer].network, &LayerInfo::network);
    const auto position = layer - static_cast<std::size_t>(first - layers.begin());
    const auto count = std::ranges::count(layers, layers[layer].network, &LayerInfo::network);
    const NetworkImage* image = imageOf(layers[layer].network, facts);
    if (image != nullptr && image->network.operators.size() == static_cast<std::size_t>(count)) {
        for (const std::int32_t input : image->network.operators[position].inputs) {
            const auto index = static_cast<std::size_t>(input);
            if (input >= 0 && index < image->network.tensors.size() && image->network.tensors[index].constant) {
                found.ranges.push_back(rangeIn(*image, *image->network.tensors[index].constant));
            }
        }
    } else if (const auto measured = facts.constants.find(static_cast<std::int32_t>(layer));
               measured != facts.constants.end()) {
        found.ranges = measured->second;
    }
    return found;
}

/// A tensor of the run, a constant of a flatbuffer, or an object of the firmware.
Selection ofTensors(std::string_view glob, const WhatIfFacts& facts) {
    Selection found{{}, "", false, false};
    std::size_t count = 0;
    for (const TensorLife& tensor : facts.plain.memory.tensors) {
        if (matches(glob, tensor.name) || matches(glob, shortName(tensor.name, Short::Tensor))) {
            found.ranges.push_back({tensor.address, static_cast<std::uint32_t>(tensor.sizeBytes)});
            found.written = true;
            ++count;
        }
    }
    for (const NetworkImage& image : facts.networks) {
        for (const NetworkTensor& tensor : image.network.tensors) {
            if (tensor.constant && matches(glob, tensor.name)) {
                found.ranges.push_back(rangeIn(image, *tensor.constant));
                ++count;
            }
        }
    }
    found.what = counted(count, "tensor");
    return count != 0 ? found : ofSymbols(glob, Symbol::Kind::Object, facts);
}

Selection arenasOf(const WhatIfFacts& facts) {
    Selection found{{}, "the arena", false, true};
    const auto add = [&found](const std::optional<Arena>& arena) {
        if (arena) {
            found.ranges.push_back({arena->base, static_cast<std::uint32_t>(arena->sizeBytes)});
            found.ranges.push_back({arena->persistentBase, static_cast<std::uint32_t>(arena->persistentBytes)});
        }
    };
    add(facts.plain.memory.arena);
    for (const NetworkMemory& further : facts.plain.memory.further) {
        add(further.arena);
    }
    return found;
}

Selection stackOf(const WhatIfFacts& facts) {
    const StackUse& stack = facts.plain.memory.stack;
    const Bytes bytes = stack.sizeBytes != 0 ? stack.sizeBytes : stack.highWaterBytes;
    return {{{static_cast<Address>(stack.top - bytes), static_cast<std::uint32_t>(bytes)}}, "the stack", false, true};
}

Selection vectorsOf(const WhatIfFacts& facts) {
    const auto count = static_cast<std::uint32_t>(16 + facts.board.mcu->core.irqCount);
    return {{{startTable(facts.image, facts.board), 4 * count}}, "the vector table", false, false};
}

std::optional<Address> hexadecimal(std::string_view text) {
    Address address = 0;
    if (!text.starts_with("0x")) {
        return std::nullopt;
    }
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), address, 16);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(address) : std::nullopt;
}

Selection addresses(const WhatIfRequest& request) {
    const std::string_view text = request.select;
    const std::size_t dots = text.find("..");
    const auto begin = hexadecimal(text.substr(0, std::min(dots, text.size())));
    const auto end = dots == std::string_view::npos ? std::nullopt : hexadecimal(text.substr(dots + 2));
    if (!begin || !end || *begin >= *end) {
        throw request.refused("addresses are 0xA..0xB, the second behind the last byte");
    }
    return {{{*begin, *end - *begin}}, "what lies there", true, true};
}

Selection found(const WhatIfRequest& request, const WhatIfFacts& facts) {
    const std::string_view select = request.select;
    const auto rest = select.substr(std::min(select.find(':') + 1, select.size()));
    if (select.starts_with("fn:")) {
        return ofSymbols(rest, Symbol::Kind::Function, facts);
    }
    if (select.starts_with("weights:")) {
        return weightsOf(request, rest, facts);
    }
    if (select.starts_with("tensor:")) {
        return ofTensors(rest, facts);
    }
    return select == "weights"   ? allWeights(facts)
           : select == "arena"   ? arenasOf(facts)
           : select == "stack"   ? stackOf(facts)
           : select == "vectors" ? vectorsOf(facts)
                                 : addresses(request);
}

std::string whyNothing(const WhatIfRequest& request, const WhatIfFacts& facts) {
    if (request.select.starts_with("fn:")) {
        return facts.image.symbols.empty() ? "the firmware has no symbols: select functions by address, 0xA..0xB"
                                           : "no function of the firmware has that name";
    }
    if (request.select.starts_with("tensor:")) {
        return "no tensor and no object of the firmware has that name";
    }
    if (request.select.starts_with("weights:")) {
        return "that layer reads no constants";
    }
    return request.select == "stack" ? "the run shows no stack" : "no network was recognised, or it has none";
}

} // namespace

Bytes Selection::bytes() const {
    return std::accumulate(ranges.begin(), ranges.end(), Bytes{0},
                           [](Bytes sum, const AddressRange& range) { return sum + range.size; });
}

std::vector<AddressRange> joinedRanges(std::vector<AddressRange> ranges, std::uint32_t gap) {
    std::erase_if(ranges, [](const AddressRange& range) { return range.size == 0; });
    std::ranges::sort(ranges, {}, &AddressRange::begin);
    std::vector<AddressRange> joined;
    for (const AddressRange& range : ranges) {
        if (!joined.empty() && range.begin <= joined.back().end() + gap) {
            const std::uint64_t end = std::max(joined.back().end(), range.end());
            joined.back().size = static_cast<std::uint32_t>(end - joined.back().begin);
        } else {
            joined.push_back(range);
        }
    }
    return joined;
}

Selection select(const WhatIfRequest& request, const WhatIfFacts& facts) {
    Selection selection = found(request, facts);
    selection.ranges =
        joinedRanges(std::move(selection.ranges), request.select.starts_with("weights") ? kUnreadGap : 0);
    if (selection.ranges.empty()) {
        throw request.refused(whyNothing(request, facts));
    }
    return selection;
}

} // namespace simprof
