// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/byte_lives.h"

#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

namespace simprof {
namespace {

constexpr std::size_t kRun = 3; ///< numbers a run

bool hasLives(const TensorLife& tensor) { return tensor.kind != TensorKind::Persistent && tensor.sizeBytes > 0; }

/// As the log has them.
std::vector<ByteSpan> loggedLives(const MemoryLog& log, const RanNetwork& network, const TensorLife& tensor) {
    std::vector<ByteSpan> bytes(tensor.sizeBytes);
    const auto found = log.bytes.find(network.accessorOf(tensor.writer));
    if (found != log.bytes.end()) {
        auto life = std::ranges::lower_bound(found->second, tensor.address, {}, &ByteLife::address);
        for (; life != found->second.end() && life->address - tensor.address < tensor.sizeBytes; ++life) {
            bytes[life->address - tensor.address] = {life->first, life->last};
        }
    }
    return bytes;
}

std::uint64_t accessesOf(const MemoryLog& log, const RanNetwork& network, const TensorLife& tensor) {
    std::uint64_t accesses = 0;
    if (const auto found = log.traffic.find(network.accessorOf(tensor.writer)); found != log.traffic.end()) {
        const std::uint64_t end = std::uint64_t{tensor.address} + tensor.sizeBytes;
        auto line = std::ranges::lower_bound(found->second, tensor.address / LineTraffic::kBytes * LineTraffic::kBytes,
                                             {}, &LineTraffic::address);
        for (; line != found->second.end() && line->address < end; ++line) {
            accesses += line->accesses;
        }
    }
    return accesses;
}

/// Adds what the application does before and after the inference.
void extend(const TensorLife& tensor, std::uint32_t end, std::vector<ByteSpan>& bytes) {
    for (ByteSpan& byte : bytes) {
        if (tensor.kind == TensorKind::Input) {
            byte = {0, byte.last};
        } else if (tensor.kind == TensorKind::Output) {
            byte = {byte.isNeeded() ? byte.first : 0, end};
        } else if (tensor.kind == TensorKind::State) {
            byte = {0, end};
        }
    }
}

} // namespace

std::vector<std::int64_t> codeLives(const std::vector<ByteSpan>& bytes) {
    std::vector<std::int64_t> runs;
    ByteSpan before{0, 0};
    for (const ByteSpan& byte : bytes) {
        const std::int64_t first = std::int64_t{byte.first} - before.first;
        const std::int64_t last = std::int64_t{byte.last} - before.last;
        if (!runs.empty() && runs[runs.size() - 2] == first && runs.back() == last) {
            ++runs[runs.size() - kRun];
        } else {
            runs.insert(runs.end(), {1, first, last});
        }
        before = byte;
    }
    return runs;
}

std::vector<ByteSpan> decodeLives(const std::vector<std::int64_t>& runs, Bytes size, const std::string& what) {
    static constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
    const auto check = [&what](bool isRight) {
        if (!isRight) {
            throw Error(
                fmt::format("the lives of the bytes of {} are not as long as it, or not from 0 to {}", what, kMost));
        }
    };
    check(size <= kMostLifeBytes && runs.size() % kRun == 0);
    std::vector<ByteSpan> bytes;
    bytes.reserve(size);
    std::int64_t first = 0;
    std::int64_t last = 0;
    for (std::size_t i = 0; i < runs.size(); i += kRun) {
        check(runs[i] > 0 && static_cast<std::uint64_t>(runs[i]) <= size - bytes.size());
        check(std::ranges::all_of(std::span(runs).subspan(i + 1, 2),
                                  [](std::int64_t step) { return -kMost <= step && step <= kMost; }));
        for (std::int64_t k = 0; k < runs[i]; ++k) {
            first += runs[i + 1];
            last += runs[i + 2];
            check(first >= 0 && first <= kMost && last >= 0 && last <= kMost);
            bytes.push_back({static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last)});
        }
    }
    check(bytes.size() == size);
    return bytes;
}

void addByteLives(const MemoryLog& log, const RanNetwork& network, std::vector<TensorLife>& tensors) {
    Bytes total = 0;
    for (const TensorLife& tensor : tensors) {
        total += hasLives(tensor) ? tensor.sizeBytes : 0;
    }
    if (log.bytes.empty() || total > kMostLifeBytes) {
        return;
    }
    std::vector<std::vector<ByteSpan>> lives;
    std::vector<std::uint32_t> times; // at which a life begins or ends
    for (const TensorLife& tensor : tensors) {
        lives.push_back(hasLives(tensor) ? loggedLives(log, network, tensor) : std::vector<ByteSpan>());
        for (const ByteSpan& byte : lives.back()) {
            if (byte.isNeeded()) {
                times.insert(times.end(), {byte.first, byte.last});
            }
        }
    }
    times.push_back(0); // what was there before
    std::ranges::sort(times);
    times.erase(std::unique(times.begin(), times.end()), times.end());
    const auto rank = [&times](std::uint32_t time) {
        return static_cast<std::uint32_t>(std::ranges::lower_bound(times, time) - times.begin());
    };
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        for (ByteSpan& byte : lives[i]) {
            byte = byte.isNeeded() ? ByteSpan{rank(byte.first), rank(byte.last)} : ByteSpan{};
        }
        extend(tensors[i], static_cast<std::uint32_t>(times.size()), lives[i]);
        tensors[i].lives = codeLives(lives[i]);
        tensors[i].accesses = hasLives(tensors[i]) ? accessesOf(log, network, tensors[i]) : 0;
    }
}

} // namespace simprof
