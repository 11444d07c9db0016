// SPDX-License-Identifier: GPL-2.0-or-later
// SEGGER RTT as a probe reads it.
#include "sim_core/host/rtt.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace simprof {
namespace {

constexpr Address kRam = 0x20000000;
constexpr Address kBlock = kRam + 0x100, kData = kRam + 0x200;
constexpr std::uint32_t kSize = 8;

/// RAM with a control block and an up-buffer of eight bytes.
class Ram final : public SemihostingHost {
public:
    std::optional<std::uint8_t> peek(Address address) const override {
        return address >= kRam && address - kRam < m_bytes.size() ? std::optional(m_bytes[address - kRam])
                                                                  : std::nullopt;
    }
    bool poke(Address address, std::uint8_t value) override {
        m_bytes.at(address - kRam) = value;
        return true;
    }
    std::uint64_t nowNanoseconds() const override { return 0; }

    void word(Address address, std::uint32_t value) {
        for (unsigned i = 0; i < 4; ++i) {
            poke(address + i, static_cast<std::uint8_t>(value >> (8 * i)));
        }
    }
    void begin() {
        for (std::size_t i = 0; i < kMark.size(); ++i) {
            poke(kBlock + static_cast<Address>(i), static_cast<std::uint8_t>(kMark[i]));
        }
        word(kBlock + 16, 1);
        word(kBlock + 24 + 4, kData);
        word(kBlock + 24 + 8, kSize);
    }
    void print(std::string_view text) {
        for (const char c : text) {
            poke(kData + m_write, static_cast<std::uint8_t>(c));
            m_write = (m_write + 1) % kSize;
        }
        word(kBlock + 24 + 12, m_write);
    }
    std::uint32_t readOffset() const { return *peek(kBlock + 24 + 16); }

private:
    static constexpr std::string_view kMark = "SEGGER RTT";
    std::vector<std::uint8_t> m_bytes = std::vector<std::uint8_t>(1024);
    std::uint32_t m_write = 0;
};

TEST(Rtt, ReadsRoundTheEndOfTheBufferAndGivesItBack) {
    Ram ram;
    RttReader reader(ram, kBlock, {});
    EXPECT_EQ(reader.read(), "");
    EXPECT_FALSE(reader.found());
    ram.begin();
    ram.print("hello");
    EXPECT_EQ(reader.read(), "hello");
    EXPECT_EQ(ram.readOffset(), 5U);
    EXPECT_EQ(reader.read(), "");
    ram.print(" world");
    EXPECT_EQ(reader.read(), " world");
    EXPECT_EQ(ram.readOffset(), 3U);
}

TEST(Rtt, ReadsOtherBuffersToo) {
    Ram ram;
    ram.begin();
    ram.word(kBlock + 16, 2); // up-buffers
    const Address second = kBlock + 24 + 24, buffer = kBlock + 96;
    ram.word(second + 4, buffer);
    ram.word(second + 8, 8);
    ram.word(second + 12, 2);
    ram.word(second + 16, 0);
    ram.word(buffer, 'o' | 'k' << 8);
    RttReader reader(ram, kBlock, {});
    EXPECT_EQ(reader.readBuffer(1), "") << "the block is not known yet";
    EXPECT_EQ(reader.read(), "");
    EXPECT_EQ(reader.buffers(), 2U);
    EXPECT_EQ(reader.readBuffer(1), "ok");
    EXPECT_EQ(reader.readBuffer(1), "");
    EXPECT_EQ(reader.readBuffer(2), "") << "there is none";
}

TEST(Rtt, FindsItsBlockWithoutSymbols) {
    Ram ram;
    RttReader reader(ram, std::nullopt, {{kRam, 1024}});
    EXPECT_EQ(reader.read(), "");
    ram.begin();
    ram.print("x");
    std::string text;
    for (int i = 0; i < 4; ++i) {
        text += reader.read();
    }
    EXPECT_EQ(text, "x");
}

TEST(Rtt, ADamagedBlockIsNoText) {
    Ram ram;
    ram.begin();
    ram.print("abc");
    ram.word(kBlock + 24 + 12, kSize); // beyond the buffer
    RttReader reader(ram, kBlock, {});
    EXPECT_EQ(reader.read(), "");
    ram.word(kBlock + 24 + 12, 3);
    ram.word(kBlock + 24 + 4, 0x60000000); // nothing there
    EXPECT_EQ(reader.read(), "");
}

TEST(Rtt, ImagesThatMakeABlockAreKnown) {
    const auto bytes = [](std::string_view text) { return std::as_bytes(std::span(text)); };
    EXPECT_TRUE(RttReader::isIn(bytes("..TTR REGGES..")));
    EXPECT_TRUE(RttReader::isIn(bytes("SEGGER")));
    EXPECT_FALSE(RttReader::isIn(bytes("SEGGE R")));
}

} // namespace
} // namespace simprof
