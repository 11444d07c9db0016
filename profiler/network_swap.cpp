// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/network_swap.h"

#include "profiler/files.h"
#include "profiler/network/network.h"
#include "profiler/run/network_choice.h"
#include "sim_core/error.h"
#include "sim_core/image/sha256.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <span>
#include <string_view>
#include <utility>

namespace simprof {

namespace {

constexpr Address kAlignment = 64;    ///< more than any kernel asks for, and what an added plan keeps
constexpr unsigned kMemoryShift = 24; ///< different memories differ above these bits of an address

std::size_t segmentOf(const FirmwareImage& firmware, Address address) {
    const auto found = std::ranges::find_if(firmware.segments, [address](const ImageSegment& segment) {
        return address >= segment.address && address - segment.address < segment.bytes.size();
    });
    if (found == firmware.segments.end()) {
        throw Error("the flatbuffer lies in no segment of the image");
    }
    return static_cast<std::size_t>(found - firmware.segments.begin());
}

/// "N=FILE": the number and the file; 0 without one.
std::pair<std::size_t, std::string> parse(const std::string& what) {
    std::size_t number = 0;
    const char* const end = what.data() + what.size();
    const auto [rest, error] = std::from_chars(what.data(), end, number);
    return error == std::errc{} && rest != end && *rest == '=' ? std::pair(number, std::string(rest + 1, end))
                                                               : std::pair(std::size_t{0}, what);
}

const NetworkImage& chosen(const std::vector<NetworkImage>& networks, std::size_t number, const std::string& firmware) {
    if (networks.empty()) {
        throw Error(fmt::format("--replace-model: '{}' holds no TFLite flatbuffer that could be replaced", firmware));
    }
    if (number == 0 && networks.size() > 1) {
        throw Error(fmt::format("--replace-model: '{}' holds {} networks: say which, as in 1=NEW.tflite", firmware,
                                networks.size()));
    }
    if (number > networks.size()) {
        throw Error(fmt::format("--replace-model: '{}' holds {} network{}, there is no number {}", firmware,
                                networks.size(), networks.size() == 1 ? "" : "s", number));
    }
    return networks[std::max<std::size_t>(number, 1) - 1];
}

/// Names of operators that `network` has and `other` has not, each once.
std::vector<std::string> operatorsBeyond(const Network& network, const Network& other) {
    std::vector<std::string> names;
    for (const NetworkOperator& op : network.operators) {
        const bool known =
            std::ranges::any_of(other.operators, [&op](const NetworkOperator& its) { return its.name == op.name; });
        if (!known && std::ranges::count(names, op.name) == 0) {
            names.push_back(op.name);
        }
    }
    return names;
}

} // namespace

FirmwareImage withNetwork(const FirmwareImage& firmware, const NewNetwork& network) {
    FirmwareImage image = firmware;
    ImageSegment& segment = image.segments[segmentOf(firmware, network.address)];
    const std::size_t at = network.address - segment.address;
    const Bytes there = readNetwork(std::span(segment.bytes).subspan(at)).usedBytes;
    if (network.file.size() <= there) {
        std::ranges::copy(network.file, segment.bytes.begin() + static_cast<std::ptrdiff_t>(at));
        return image;
    }
    if (segment.runAddress != segment.address) {
        throw Error(
            fmt::format("the flatbuffer at 0x{:08x} is copied by start-up code, and the new one, of {} bytes, is "
                        "larger than its {}: declare the array const",
                        network.address, network.file.size(), there));
    }
    const auto append = [&segment](Address address, const std::vector<std::byte>& bytes) {
        segment.bytes.resize(address - segment.address, std::byte{0xFF}); // as erased flash
        segment.bytes.insert(segment.bytes.end(), bytes.begin(), bytes.end());
    };
    const auto endOf = [&segment] { return segment.address + static_cast<Address>(segment.bytes.size()); };
    for (ImageSegment& other : image.segments) {
        if (!other.bytes.empty() && other.address >= endOf() &&
            other.address >> kMemoryShift == endOf() >> kMemoryShift) {
            append(other.address, std::exchange(other.bytes, {}));
        }
    }
    const Address place = (endOf() + kAlignment - 1) / kAlignment * kAlignment;
    append(place, network.file);
    segment.memorySize = std::max<Bytes>(segment.memorySize, segment.bytes.size());
    // The first word of a flatbuffer leads to its root table.
    std::uint32_t root = 0;
    std::memcpy(&root, network.file.data(), sizeof root);
    root += place - network.address;
    std::memcpy(segment.bytes.data() + at, &root, sizeof root);
    return image;
}

FirmwareImage replaceNetwork(const FirmwareImage& firmware, const std::string& what) {
    const auto [number, path] = parse(what);
    const std::string text = readFile(path);
    const std::span<const std::byte> file = std::as_bytes(std::span(text));
    Network network;
    try {
        network = readNetwork(file);
    } catch (const Error& error) {
        throw Error(fmt::format("--replace-model '{}': {}", path, error.what()));
    }
    const std::vector<NetworkImage> networks = chooseNetworks(firmware, std::nullopt).inImage;
    const NetworkImage& old = chosen(networks, number, firmware.name);
    FirmwareImage image = withNetwork(firmware, {old.address, {file.begin(), file.end()}});
    const std::vector<std::string> beyond = operatorsBeyond(network, old.network);
    image.changed =
        fmt::format("its network at 0x{:08x} is replaced by {} (SHA-256 {:.12}…){}", old.address,
                    std::filesystem::path(path).filename().string(), sha256Hex(file),
                    beyond.empty() ? ""
                                   : fmt::format(", whose {} the firmware's own does not have: it may not "
                                                 "have registered what runs {}",
                                                 fmt::join(beyond, ", "), beyond.size() == 1 ? "it" : "them"));
    image.notes.push_back(image.changed);
    return image;
}

} // namespace simprof
