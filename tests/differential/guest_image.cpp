// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/differential/guest_image.h"

#include "tests/differential/monitor.h"
#include "tests/support/listing.h"

#include <map>
#include <string>

namespace simprof::differential {

namespace {

constexpr std::uint32_t kInitialSp = 0x20000880;
constexpr unsigned kPatterns = 64; ///< cases begin with different bytes in their memory

class Builder {
public:
    Address here() const { return static_cast<Address>(m_bytes.size()); }
    void half(std::uint32_t value) {
        m_bytes.push_back(static_cast<std::uint8_t>(value));
        m_bytes.push_back(static_cast<std::uint8_t>(value >> 8));
    }
    void word(std::uint32_t value) {
        half(value);
        half(value >> 16);
    }
    void align(std::uint32_t to) { m_bytes.resize((m_bytes.size() + to - 1) / to * to); }
    void patch(Address at, std::uint32_t value) {
        for (unsigned i = 0; i < 4; ++i) {
            m_bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
        }
    }
    std::vector<std::uint8_t> take() { return std::move(m_bytes); }

private:
    std::vector<std::uint8_t> m_bytes;
};

/// Of one input, as the monitor of this target reads it.
std::uint32_t inputBytes(const Target& target) {
    return target.isV7() ? std::uint32_t{sizeof(Input)} : std::uint32_t{4 * kInS0};
}

void writeMonitor(Builder& out, const Target& target) {
    static const std::map<unsigned, std::string> kVectors = {{1, "Reset"}, {11, "SVCall"}, {14, "PendSV"}};
    const test::ThumbCode monitor(kMonitor), calls(target.isV7() ? kMonitorV7 : kMonitorV6);
    out.word(kInitialSp);
    for (unsigned number = 1; number < kMonitorBegin / 4; ++number) {
        const auto vector = kVectors.find(number);
        const auto label = monitor.labels.find(vector == kVectors.end() ? "Common" : vector->second);
        out.word((kMonitorBegin + label->second) | 1U);
    }
    for (const std::uint16_t half : monitor.halfwords) {
        out.half(half);
    }
    out.align(4);
    const Address callsBegin = out.here();
    for (unsigned i = 0; i < std::size(kCallLabels); ++i) {
        out.patch(kCalls + 4 * i, (callsBegin + calls.labels.find(kCallLabels[i])->second) | 1U);
    }
    out.patch(kInputSize, inputBytes(target));
    for (const std::uint16_t half : calls.halfwords) {
        out.half(half);
    }
    out.align(4);
}

/// Writes the case; answers where the address of the next one belongs.
Address writeCase(Builder& out, const Target& target, const Case& made, Address pattern) {
    out.align(4);
    const Address entry = out.here();
    for (const std::uint16_t half : made.code) {
        out.half(half);
    }
    out.align(4);
    const Address inputs = out.here();
    for (const Input& input : made.inputs) {
        for (const std::uint32_t word : std::span(input).first(inputBytes(target) / 4)) {
            out.word(word);
        }
    }
    const Address descriptor = out.here();
    for (const std::uint32_t word :
         {0U, made.number, made.flags, entry | 1U, made.stack, made.masks,
          static_cast<std::uint32_t>(made.inputs.size()), inputs, pattern + 4 * (made.number % kPatterns)}) {
        out.word(word);
    }
    for (const auto& [address, value] : made.registers) {
        out.word(address);
        out.word(value);
    }
    out.word(0);
    return descriptor;
}

/// At most, in the image.
std::size_t sizeOf(const Target& target, const Case& made) {
    return 2 * made.code.size() + inputBytes(target) * made.inputs.size() + 8 * made.registers.size() + 64;
}

} // namespace

Address GuestImage::entryOf(std::uint32_t number) const {
    return cases.empty() || number < cases.front().number || number - cases.front().number >= entries.size()
               ? 0
               : entries[number - cases.front().number];
}

GuestImage buildImage(const Target& target, std::uint64_t seed, std::vector<Case> cases) {
    GuestImage image;
    Builder out;
    writeMonitor(out, target);
    const Address pattern = out.here();
    Random random(seed);
    for (unsigned i = 0; i < kWorkSize / 4 + kPatterns; ++i) {
        out.word(random.percent(20) ? random.below(256) : random.word());
    }
    image.casesBegin = out.here();
    image.cases = std::move(cases);
    Address link = kFirstCase;
    for (const Case& made : image.cases) {
        image.entries.push_back((out.here() + 3) / 4 * 4);
        const Address descriptor = writeCase(out, target, made, pattern);
        out.patch(link, descriptor);
        link = descriptor;
    }
    out.patch(link, 0);
    image.bytes = out.take();
    return image;
}

GuestImage buildImage(const Target& target, std::uint64_t seed, std::uint32_t first, std::uint32_t count) {
    constexpr std::uint32_t kMonitorAndPattern = 0x1000;
    std::vector<Case> cases;
    std::size_t size = kMonitorAndPattern;
    for (std::uint32_t number = first; number < first + count; ++number) {
        cases.push_back(makeCase(target, seed, number));
        size += sizeOf(target, cases.back());
        if (size > target.codeSize) {
            cases.pop_back();
            break;
        }
    }
    return buildImage(target, seed, std::move(cases));
}

} // namespace simprof::differential
