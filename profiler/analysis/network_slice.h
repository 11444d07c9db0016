// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// How many networks ran; they come first in Profile::networks.
std::size_t networksThatRan(const Profile& profile);

/// Throws Error that lists the networks when several ran: `what` is of one.
void expectOneNetwork(const Profile& profile, const char* what);

/// "2 kws", of a long name the first 32 characters; "network 2" where it has no name of its own.
std::string networkTitle(const Profile& profile, std::size_t index);

/// An arena and, where several networks ran, whose it is; else "".
struct NetworkArena {
    const Arena& arena;
    std::string title;
};

/// The arenas of the networks that ran and have one.
std::vector<NetworkArena> arenas(const Profile& profile);

/// The network of this name, title or number, which counts from 1; throws Error that lists what there is.
std::size_t findNetwork(const Profile& profile, std::string_view nameOrNumber);

/// The profile as if only this network had run: its layers and inferences alone, each numbered from 0, its arena and
/// tensors. What the layers of each other network took is an owner, so that all cycles still have one.
Profile ofNetwork(const Profile& profile, std::size_t index);

/// The same by name or number; the profile as it is where `nameOrNumber` is "".
Profile chosenNetwork(Profile profile, const std::string& nameOrNumber);

} // namespace simprof
