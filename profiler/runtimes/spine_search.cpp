// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/spine_search.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

namespace simprof {

namespace {

constexpr double kSpineShare = 0.85;           ///< found to fit the runtimes in use
constexpr double kSignificantShare = 0.005;    ///< of a node's time: smaller calls are no layers of their own
constexpr std::uint64_t kFewestMultiplies = 8; ///< a call; helpers of arithmetic make fewer
constexpr std::uint64_t kMostLayers = 200; ///< that a loop calls from one place; a kernel calls its helper more often

constexpr std::uint64_t kFewestLooped = 3; ///< layers of a network that are all of one kind

using Nodes = std::vector<std::size_t>;

bool isIn(std::span<const AddressRange> rom, Address address) {
    return std::ranges::any_of(rom, [address](const AddressRange& range) { return range.contains(address); });
}

/// The calls of each node, without what runs in a boot ROM, which runs no network.
std::vector<Nodes> childrenOf(const CallTree& tree, std::span<const AddressRange> rom) {
    const auto& nodes = tree.nodes();
    std::vector<Nodes> children(nodes.size());
    for (std::size_t i = 1; i < nodes.size(); ++i) {
        if (!isIn(rom, nodes[i].entry)) {
            children[static_cast<std::size_t>(nodes[i].parent)].push_back(i);
        }
    }
    return children;
}

// ---- by the shape of each function ---------------------------------------------------------------------------------

/// All calls that a function makes from one place.
struct Place {
    std::uint64_t calls = 0;
    std::uint64_t work = 0;
    bool indirect = false;
};

/// A function, wherever it was called.
struct Function {
    std::uint64_t calls = 0;
    std::uint64_t work = 0;                              ///< with what it calls
    std::map<std::pair<Address, Address>, Place> places; ///< that work, by callee and call site
    std::map<Address, std::uint64_t> callers;            ///< its calls by calling function

    /// It hands its calls on to one of several functions; the last call may have called none yet.
    bool dispatches() const {
        return places.size() > 1 &&
               std::ranges::all_of(places, [this](const auto& place) { return place.second.calls + 1 < calls; });
    }
};

class Functions {
public:
    Functions(const CallTree& tree, std::span<const AddressRange> rom)
        : m_tree(tree) {
        const auto& nodes = tree.nodes();
        const std::vector<std::uint64_t> work = tree.inclusive(&CallTreeNode::multiplies);
        m_whole = work[0];
        for (std::size_t i = 1; i < nodes.size(); ++i) {
            const CallTreeNode& node = nodes[i];
            if (isIn(rom, node.entry)) {
                continue;
            }
            Function& function = m_functions[node.entry];
            function.calls += node.calls;
            function.work += work[i];
            const Address caller = nodes[static_cast<std::size_t>(node.parent)].entry;
            function.callers[caller] += node.calls;
            if (work[i] > 0) {
                Place& place = m_functions[caller].places[{node.entry, node.site}];
                place.calls += node.calls;
                place.work += work[i];
                place.indirect |= node.indirect;
            }
        }
    }

    /// Functions that look like a network, without those that call another one; with `share`, without those instead
    /// that do less than this part of the work of a caller that looks like one.
    Hosts networks(std::optional<double> share) const {
        std::set<Address> found;
        for (const auto& [entry, function] : m_functions) {
            if (entry != 0 && looksLikeNetwork(function) && !isPart(function)) {
                found.insert(entry);
            }
        }
        std::map<Address, std::set<Address>> below; // those below each
        const auto& nodes = m_tree.nodes();
        for (std::size_t i = 1; i < nodes.size(); ++i) {
            if (!found.contains(nodes[i].entry)) {
                continue;
            }
            for (auto at = static_cast<std::size_t>(nodes[i].parent); at != 0;
                 at = static_cast<std::size_t>(nodes[at].parent)) {
                if (found.contains(nodes[at].entry) && nodes[at].entry != nodes[i].entry) {
                    below[nodes[at].entry].insert(nodes[i].entry);
                }
            }
        }
        std::set<Address> dropped;
        for (const auto& [entry, others] : below) {
            if (m_functions.at(entry).calls > 1 && interprets(m_functions.at(entry))) { // no loop over tasks
                dropped.insert(others.begin(), others.end());
                continue;
            }
            std::uint64_t theirs = 0;
            for (const Address other : others) {
                theirs += below.contains(other) ? 0 : m_functions.at(other).work; // each once
            }
            const auto own = static_cast<double>(m_functions.at(entry).work);
            if (!share || static_cast<double>(theirs) >= *share * own) {
                dropped.insert(entry);
            } else {
                dropped.insert(others.begin(), others.end());
            }
        }
        Hosts hosts;
        std::ranges::set_difference(found, dropped, std::back_inserter(hosts));
        return hosts;
    }

    /// Functions that do nearly all of their work by calls from one place, several each time, as a network does whose
    /// layers are of one kind; a kernel that calls another one does so as well, with the same constants.
    std::vector<Address> loops() const {
        std::vector<std::pair<std::uint64_t, Address>> found;
        for (const auto& known : m_functions) {
            const Address entry = known.first;
            const Function& function = known.second;
            const bool loops = std::ranges::any_of(function.places, [&function](const auto& place) {
                return isWork(place.second) && isRegular(place.second, function) &&
                       place.second.calls >= kFewestLooped * function.calls &&
                       static_cast<double>(place.second.work) >= kSpineShare * static_cast<double>(function.work);
            });
            if (entry != 0 && loops && function.calls > 1 && !isPart(function) &&
                static_cast<double>(function.work) >= kSpineShare * static_cast<double>(m_whole)) {
                found.emplace_back(function.work, entry);
            }
        }
        std::ranges::sort(found, std::ranges::greater{});
        std::vector<Address> hosts;
        for (const auto& [work, entry] : found) {
            hosts.push_back(entry);
        }
        return hosts;
    }

private:
    /// It calls what works as often in each of its own calls.
    static bool isRegular(const Place& place, const Function& function) {
        const std::uint64_t each = (place.calls + function.calls - 1) / std::max<std::uint64_t>(function.calls, 1);
        return each <= kMostLayers && place.calls > each * (function.calls - 1);
    }

    /// It calls nodes of a graph, through a pointer or by a function that tells them apart.
    bool interprets(const Function& function) const {
        return std::ranges::any_of(function.places, [&](const auto& place) {
            const auto callee = m_functions.find(place.first.first);
            return isWork(place.second) && place.second.calls >= 2 * function.calls &&
                   (place.second.indirect || (callee != m_functions.end() && callee->second.dispatches()));
        });
    }

    static bool isWork(const Place& place) { return place.work >= kFewestMultiplies * place.calls; }

    bool looksLikeNetwork(const Function& function) const {
        if (function.calls == 0 || function.dispatches() ||
            static_cast<double>(function.work) < kSignificantShare * static_cast<double>(m_whole)) {
            return false;
        }
        if (interprets(function)) {
            return true;
        }
        std::size_t regular = 0, once = 0;
        for (const auto& [key, place] : function.places) {
            if (isWork(place) && isRegular(place, function)) {
                ++regular;
                once += place.calls <= function.calls ? 1 : 0;
            }
        }
        return once == regular ? regular > 1 : once != 0 && regular > 2; // a kernel calls its helpers in a loop only
    }

    /// Its caller, itself called several times, calls it several times each: as a network does with a block of layers,
    /// and a recurrent layer with its cell.
    bool isPart(const Function& function) const {
        return std::ranges::any_of(function.callers, [this](const auto& caller) {
            const auto from = m_functions.find(caller.first);
            return from != m_functions.end() && from->second.calls > 1 && caller.second >= 2 * from->second.calls;
        });
    }

    const CallTree& m_tree;
    std::map<Address, Function> m_functions; ///< by entry, 0: whoever calls what nobody was seen to call
    std::uint64_t m_whole = 0;
};

// ---- by where the work is ------------------------------------------------------------------------------------------

/// From the root down while the calls of one kind hold most of the work: calls from one place, or with `anyPlace` calls
/// of one function.
std::optional<Address> descend(const CallTree& tree, std::span<const AddressRange> rom, bool anyPlace) {
    const auto& nodes = tree.nodes();
    const std::vector<std::uint64_t> work = tree.inclusive(&CallTreeNode::multiplies);
    const std::vector<Nodes> children = childrenOf(tree, rom);
    const auto workOf = [&](const Nodes& group) {
        return std::accumulate(group.begin(), group.end(), std::uint64_t{0},
                               [&](std::uint64_t sum, std::size_t node) { return sum + work[node]; });
    };
    Nodes at{0};
    std::optional<Address> best;
    while (true) {
        std::map<std::pair<Address, Address>, Nodes> places; // by callee and call site
        std::map<Address, Nodes> callees;
        std::uint64_t sum = 0;
        for (const std::size_t node : at) {
            for (const std::size_t child : children[node]) {
                places[{nodes[child].entry, nodes[child].site}].push_back(child);
                callees[nodes[child].entry].push_back(child);
                sum += work[child];
            }
        }
        const auto calls = [&nodes](const Nodes& group) {
            return std::accumulate(group.begin(), group.end(), std::uint64_t{0},
                                   [&](std::uint64_t total, std::size_t node) { return total + nodes[node].calls; });
        };
        std::size_t significant = 0;
        bool dispatches = true;
        for (const auto& [key, group] : places) {
            const std::uint64_t part = workOf(group);
            dispatches = dispatches && (part == 0 || calls(group) + 1 < calls(at)); // the last may be running
            significant +=
                part > 0 && static_cast<double>(part) >= kSignificantShare * static_cast<double>(workOf(at)) ? 1 : 0;
        }
        const bool interprets = std::any_of(places.begin(), places.end(), [&](const auto& place) {
            return nodes[place.second.front()].indirect && workOf(place.second) > 0 &&
                   calls(place.second) >= 2 * calls(at);
        });
        if (at.front() != 0 && ((significant >= 2 && !dispatches) || interprets)) {
            best = nodes[at.front()].entry;
        }
        Nodes biggest;
        const auto consider = [&](const auto& groups) {
            for (const auto& [key, group] : groups) {
                biggest = biggest.empty() || workOf(group) > workOf(biggest) ? group : biggest;
            }
        };
        anyPlace ? consider(callees) : consider(places);
        std::uint64_t own = 0;
        for (const std::size_t node : biggest) {
            own += nodes[node].multiplies;
        }
        if (biggest.empty() || static_cast<double>(workOf(biggest)) < kSpineShare * static_cast<double>(sum) ||
            workOf(biggest) < 2 * own) {
            return best; // several calls share the work, or the one that has it does it itself
        }
        at = biggest;
    }
}

/// How often a function was called, and called what works, by call site: one of an interpreter calls all kinds.
struct CallsOf {
    std::uint64_t calls = 0;
    std::map<Address, std::uint64_t> layers;
};

CallsOf callsOf(const CallTree& tree, Address host) {
    const auto& nodes = tree.nodes();
    const std::vector<std::uint64_t> work = tree.inclusive(&CallTreeNode::multiplies);
    CallsOf made;
    for (std::size_t i = 1; i < nodes.size(); ++i) {
        made.calls += nodes[i].entry == host ? nodes[i].calls : 0;
        if (work[i] > 0 && nodes[static_cast<std::size_t>(nodes[i].parent)].entry == host) {
            made.layers[nodes[i].site] += nodes[i].calls;
        }
    }
    return made;
}

} // namespace

std::vector<Hosts> findSpines(const CallTree& tree, std::span<const AddressRange> rom) {
    std::vector<Hosts> spines;
    const auto add = [&spines](Hosts hosts) {
        if (!hosts.empty() && std::ranges::count(spines, hosts) == 0) {
            spines.push_back(std::move(hosts));
        }
    };
    const Functions functions(tree, rom);
    add(functions.networks(std::nullopt));
    add(functions.networks(0.5));
    for (const bool anyPlace : {true, false}) { // the deeper one first; it is refused when it is a kernel
        if (const auto spine = descend(tree, rom, anyPlace)) {
            add({*spine});
        }
    }
    for (const Address host : functions.loops()) {
        add({host});
    }
    return spines;
}

bool repeats(const CallTree& tree, Address host) {
    const CallsOf made = callsOf(tree, host);
    return made.calls > 1 || (made.layers.size() > 1 &&
                              std::ranges::all_of(made.layers, [](const auto& layer) { return layer.second > 1; }));
}

bool infersOncePerCall(const CallTree& tree, Address host) {
    return callsOf(tree, host).calls > 1 && mayInferOncePerCall(tree, host);
}

bool mayInferOncePerCall(const CallTree& tree, Address host) {
    const CallsOf made = callsOf(tree, host);
    return made.layers.size() == 1 ||
           std::ranges::any_of(made.layers, [&made](const auto& layer) { return layer.second <= made.calls; });
}

} // namespace simprof
