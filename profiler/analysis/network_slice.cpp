// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/network_slice.h"

#include "profiler/analysis/findings.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace simprof {

namespace {

constexpr std::size_t kLongestName = 32; ///< of a network, in titles

/// The name, or what fits of it: no character of several bytes is cut in two.
std::string beginningOf(const std::string& name) {
    std::size_t end = std::min(name.size(), kLongestName);
    while (end > 0 && end < name.size() && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) {
        --end;
    }
    return name.substr(0, end) + (end < name.size() ? "…" : "");
}

/// New numbers of what is kept of a list; -1: it is left out.
class Renumbered {
public:
    explicit Renumbered(std::size_t size)
        : m_to(size, -1) {}
    void keep(std::size_t old) { m_to[old] = m_next++; }
    std::int32_t operator()(std::int32_t old) const { return old < 0 ? -1 : m_to[static_cast<std::size_t>(old)]; }

private:
    std::vector<std::int32_t> m_to;
    std::int32_t m_next = 0;
};

Owner asOwner(const Profile& profile, std::size_t network) {
    Owner owner{fmt::format("[network {}]", networkTitle(profile, network)), 0, 0, 0, 0, {}};
    for (const LayerInfo& layer : profile.layers) {
        if (layer.network != static_cast<std::int32_t>(network)) {
            continue;
        }
        owner.cycles += layer.cycles;
        owner.instructions += layer.instructions;
        owner.timeUs += layer.timeUs;
        owner.energyUj += layer.energyUj;
        for (std::size_t i = 0; i < kStallCount; ++i) {
            owner.stalls[i] += layer.stalls[i];
        }
    }
    return owner;
}

/// Makes a profile of one network of another one.
class Slice {
public:
    Slice(const Profile& profile, std::size_t index)
        : m_whole(profile)
        , m_index(static_cast<std::int32_t>(index))
        , m_made(profile)
        , m_layers(profile.layers.size())
        , m_inferences(profile.inferences.size()) {}

    Profile make() {
        m_made.network = m_whole.networks[static_cast<std::size_t>(m_index)];
        m_made.networks = {m_made.network};
        owners();
        layers();
        inferences();
        memory();
        for (CallNode& node : m_made.callTree) {
            node.layer = m_layers(node.layer);
        }
        m_made.findings = makeFindings(m_made);
        return std::move(m_made);
    }

private:
    template<class T>
    bool belongs(const T& part) const {
        return part.network == m_index;
    }

    void owners() {
        for (std::size_t other = 0; other < networksThatRan(m_whole); ++other) {
            if (static_cast<std::int32_t>(other) != m_index) {
                m_made.owners.push_back(asOwner(m_whole, other));
            }
        }
    }

    void layers() {
        m_made.layers.clear();
        for (std::size_t i = 0; i < m_whole.layers.size(); ++i) {
            if (belongs(m_whole.layers[i])) {
                m_layers.keep(i);
                LayerInfo& layer = m_made.layers.emplace_back(m_whole.layers[i]);
                layer.id = m_layers(layer.id);
                layer.bodyOf = m_layers(layer.bodyOf);
                layer.network = 0;
            }
        }
    }

    void inferences() {
        m_made.inferences.clear();
        for (std::size_t i = 0; i < m_whole.inferences.size(); ++i) {
            if (belongs(m_whole.inferences[i])) {
                m_inferences.keep(i);
                Inference& inference = m_made.inferences.emplace_back(m_whole.inferences[i]);
                inference.index = static_cast<std::uint32_t>(m_made.inferences.size() - 1);
                inference.network = 0;
                for (Span& span : inference.spans) {
                    span.layer = m_layers(span.layer);
                }
            }
        }
        for (LeftOut& leftOut : m_made.leftOut) {
            if (leftOut.what == kInferencesLeftOut) {
                leftOut.count = m_made.network.inferences - m_made.inferences.size();
            }
        }
        std::erase_if(m_made.leftOut, [](const LeftOut& leftOut) { return leftOut.count == 0; });
    }

    void memory() {
        ProfileMemory& memory = m_made.memory;
        const auto further = std::ranges::find_if(memory.further, [this](const auto& each) { return belongs(each); });
        if (further != memory.further.end()) {
            memory.arena = further->arena;
            memory.live = std::move(further->live);
            memory.inference = further->inference;
        }
        memory.further.clear();
        memory.inference =
            static_cast<std::uint32_t>(std::max(0, m_inferences(static_cast<std::int32_t>(memory.inference))));
        std::erase_if(memory.tensors, [this](const TensorLife& tensor) { return !belongs(tensor); });
        for (TensorLife& tensor : memory.tensors) {
            tensor.network = 0;
            tensor.writer = m_layers(tensor.writer);
            for (std::int32_t& reader : tensor.readers) {
                reader = m_layers(reader);
            }
        }
    }

    const Profile& m_whole;
    std::int32_t m_index;
    Profile m_made;
    Renumbered m_layers;
    Renumbered m_inferences;
};

} // namespace

std::size_t networksThatRan(const Profile& profile) {
    return static_cast<std::size_t>(std::ranges::count(profile.networks, NetworkState::Ran, &ProfileNetwork::state));
}

void expectOneNetwork(const Profile& profile, const char* what) {
    const std::size_t networks = networksThatRan(profile);
    if (networks < 2) {
        return;
    }
    std::string titles;
    for (std::size_t i = 0; i < networks; ++i) {
        titles += (i == 0 ? "" : ", ") + networkTitle(profile, i);
    }
    throw Error(fmt::format("{} networks ran ({}), and {} is of one", networks, titles, what));
}

std::string networkTitle(const Profile& profile, std::size_t index) {
    const std::string& name = profile.networks[index].name;
    if (name.empty()) {
        return fmt::format("network {}", index + 1);
    }
    return fmt::format("{} {}", index + 1, beginningOf(name));
}

std::vector<NetworkArena> arenas(const Profile& profile) {
    std::vector<NetworkArena> all;
    const auto add = [&](const std::optional<Arena>& arena, std::size_t network) {
        if (arena) {
            all.push_back({*arena, networksThatRan(profile) < 2 ? "" : networkTitle(profile, network)});
        }
    };
    add(profile.memory.arena, 0);
    for (const NetworkMemory& further : profile.memory.further) {
        add(further.arena, static_cast<std::size_t>(further.network));
    }
    return all;
}

std::size_t findNetwork(const Profile& profile, std::string_view nameOrNumber) {
    const std::size_t count = networksThatRan(profile);
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(nameOrNumber.data(), nameOrNumber.data() + nameOrNumber.size(), number);
    const bool isNumber = error == std::errc{} && end == nameOrNumber.data() + nameOrNumber.size();
    std::vector<std::string> titles;
    for (std::size_t i = 0; i < count; ++i) {
        titles.push_back(networkTitle(profile, i));
        if (titles.back() == nameOrNumber || profile.networks[i].name == nameOrNumber ||
            (isNumber && number == i + 1)) {
            return i;
        }
    }
    throw Error(count == 0 ? fmt::format("there is no network '{}': none was recognised", nameOrNumber)
                           : fmt::format("there is no network '{}': those that ran are {}", nameOrNumber,
                                         fmt::join(titles, ", ")));
}

Profile ofNetwork(const Profile& profile, std::size_t index) { return Slice(profile, index).make(); }

Profile chosenNetwork(Profile profile, const std::string& nameOrNumber) {
    return nameOrNumber.empty() ? std::move(profile) : ofNetwork(profile, findNetwork(profile, nameOrNumber));
}

} // namespace simprof
