// SPDX-License-Identifier: GPL-2.0-or-later
/// The rooms of buildProfile; each fills its part of the profile.
#pragma once
#include "profiler/analysis/ran_network.h"
#include "profiler/profile_builder.h"

#include <string>
#include <vector>

namespace simprof {

/// The networks that ran, in the profile's order.
std::vector<RanNetwork> ranNetworks(const RunRecord& record);

/// Tool, firmware, board, clocks and how the run ended.
void addHeader(const RunRecord& record, Profile& profile);

/// Network, layers and inferences; then what no layer owns, and the totals.
void addLayers(const RunRecord& record, Profile& profile);

/// Functions, call tree and call spans, and instructions when they are wanted.
void addCode(const RunRecord& record, Profile& profile);

/// Of the layers where a network ran, else of all functions; after addLayers() and addCode().
CodeClass codeClassOf(const RunRecord& record, const Profile& profile);

/// "main+0x12 (main.cpp:7)", as far as it is known.
std::string describePlace(const RunRecord& record, Address address);

} // namespace simprof
