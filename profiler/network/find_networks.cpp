// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/network/network.h"

#include "sim_core/error.h"

#include <algorithm>
#include <cstring>

namespace simprof {
namespace {

/// Each candidate may cost some milliseconds; an image made of nothing else must not take forever.
constexpr int kMaxCandidates = 256;

/// The four letters also occur in code: does the word before them point to a place where a network can start?
bool looksLikeNetwork(std::span<const std::byte> bytes) {
    std::uint32_t rootOffset = 0;
    std::memcpy(&rootOffset, bytes.data(), sizeof rootOffset);
    return std::memcmp(bytes.data() + 4, "TFL3", 4) == 0 && rootOffset >= 8 && rootOffset % 4 == 0 &&
           rootOffset < bytes.size();
}

} // namespace

std::vector<NetworkImage> findNetworks(std::span<const std::byte> flash, Address base,
                                       std::vector<DamagedNetwork>* damaged) {
    // A network stands on a multiple of four; copied once here if the caller's bytes do not, not once per candidate.
    const std::size_t lead = std::min<std::size_t>((4 - base % 4) % 4, flash.size());
    flash = flash.subspan(lead);
    std::vector<std::uint32_t> aligned;
    if (reinterpret_cast<std::uintptr_t>(flash.data()) % alignof(std::uint32_t) != 0) {
        aligned.resize(flash.size() / 4 + 1);
        std::memcpy(aligned.data(), flash.data(), flash.size());
        flash = std::as_bytes(std::span(aligned)).first(flash.size());
    }

    std::vector<NetworkImage> found;
    int candidates = 0;
    for (std::size_t offset = 0; offset + 8 <= flash.size() && candidates < kMaxCandidates; offset += 4) {
        const std::span<const std::byte> rest = flash.subspan(offset);
        if (!looksLikeNetwork(rest)) {
            continue;
        }
        ++candidates;
        try {
            Network network = readNetwork(rest);
            const std::size_t used = network.usedBytes;
            found.push_back({base + static_cast<Address>(lead + offset), std::move(network)});
            offset += (used - 1) / 4 * 4; // the loop adds the last word
        } catch (const Error& error) {
            if (damaged != nullptr) {
                damaged->push_back({base + static_cast<Address>(lead + offset), error.what()});
            }
        }
    }
    return found;
}

} // namespace simprof
