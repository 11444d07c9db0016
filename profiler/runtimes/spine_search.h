// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/call_tree.h"

#include <span>
#include <vector>

namespace simprof {

/// Functions each of which may call the layers of a network of its own; none of them calls another.
using Hosts = std::vector<Address>;

/// The functions whose calls may be layers, in the order in which to try them, found from the call tree of a first
/// run. Work is counted in multiplications, so that waiting for a UART does not lead astray; what runs in `rom` is left
/// out.
/// - All functions that look like a network by themselves (they call several others that work, each as often in each of
///   their own calls, or they call through a pointer several times) and call no other such function: an image may hold
///   several networks.
/// - The same without those that do less than half of the work of a caller that looks like a network too: they may be
///   its layers.
/// - From the root down while one child holds at least 85 % of the work, the last one that calls several others that
///   work. A child is, for firmware that runs its network from several places (a warm-up, then the measurement), all
///   calls of one function; then, for networks of one kernel only, a call from one place.
std::vector<Hosts> findSpines(const CallTree& tree, std::span<const AddressRange> rom = {});

/// Whether the function has run its layers more than once: it was called again, or it makes several calls that work
/// and has made each of them again.
bool repeats(const CallTree& tree, Address host);

/// Whether one call of the function is one inference, and not a loop of them: it was called again and makes some call
/// that works only once each time.
bool infersOncePerCall(const CallTree& tree, Address host);

/// Whether it may be so once the function is called again: it makes some call that works not more often than it was
/// called.
bool mayInferOncePerCall(const CallTree& tree, Address host);

} // namespace simprof
