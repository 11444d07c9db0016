// SPDX-License-Identifier: GPL-2.0-or-later
// Threads by the variables of FreeRTOS, RTX and Zephyr, in a memory that the test fills as they would.
#include "profiler/collect/thread_watch.h"
#include "tests/support/elf_builder.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace simprof {
namespace {

constexpr Address kRam = 0x20000000;

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
    void text(Address address, std::string_view value) {
        for (const char c : value) {
            poke(address++, static_cast<std::uint8_t>(c));
        }
        poke(address, 0);
    }

private:
    std::array<std::uint8_t, 1024> m_bytes{};
};

struct Variable {
    const char* name;
    Address address;
    std::uint32_t size;
};

SymbolTable symbolsOf(std::initializer_list<Variable> variables) {
    test::ElfBuilder elf;
    elf.segment(0x08000000, test::Blob(256));
    elf.segments.push_back({0x08000100, kRam, {}, 1024, 6});
    for (const Variable& variable : variables) {
        elf.symbol({.name = variable.name,
                    .value = variable.address,
                    .size = variable.size,
                    .type = test::ElfBuilder::Object});
    }
    return SymbolTable(parseFirmware("fw.elf", elf.build(), std::nullopt));
}

/// The first thread runs from 100 to 400 and from 450 to 1000, the second between.
std::vector<ThreadInfo> switched(ThreadWatch& watch, Ram& ram, Address current, Address first, Address second) {
    watch.threadMode(50); // no thread yet
    ram.word(current, first);
    watch.threadMode(100);
    watch.threadMode(200); // an interrupt that switched nothing
    ram.word(current, second);
    watch.threadMode(400);
    ram.word(current, first);
    watch.threadMode(450);
    return watch.finish(1000);
}

TEST(ThreadWatch, FreeRtosNamesLieInTheTaskControlBlock) {
    const SymbolTable symbols = symbolsOf({{"pxCurrentTCB", kRam, 4}});
    Ram ram;
    ram.text(kRam + 0x100 + 52, "main");
    ram.text(kRam + 0x200 + 52, "IDLE");
    auto watch = ThreadWatch::of(symbols, ram);
    ASSERT_TRUE(watch);
    const std::vector<ThreadInfo> expected = {{"main", "FreeRTOS", kRam + 0x100, 850, 2},
                                              {"IDLE", "FreeRTOS", kRam + 0x200, 50, 1}};
    EXPECT_EQ(switched(*watch, ram, kRam, kRam + 0x100, kRam + 0x200), expected);
}

TEST(ThreadWatch, RtxThreadsPointToTheirNames) {
    const SymbolTable symbols = symbolsOf({{"osRtxInfo", kRam, 164}, {"idle_thread_cb", kRam + 0x200, 72}});
    Ram ram;
    ram.word(kRam + 0x100 + 4, kRam + 0x180);
    ram.text(kRam + 0x180, "sampling");
    auto watch = ThreadWatch::of(symbols, ram); // the second thread has no name: its variable has one
    ASSERT_TRUE(watch);
    const std::vector<ThreadInfo> expected = {{"sampling", "RTX", kRam + 0x100, 850, 2},
                                              {"idle_thread_cb", "RTX", kRam + 0x200, 50, 1}};
    EXPECT_EQ(switched(*watch, ram, kRam + 20, kRam + 0x100, kRam + 0x200), expected);
}

TEST(ThreadWatch, ZephyrSaysWhereItsFieldsAre) {
    const SymbolTable symbols = symbolsOf({{"_kernel", kRam, 40}, {"_kernel_thread_info_offsets", kRam + 0x300, 40}});
    Ram ram;
    ram.word(kRam + 0x300 + 4, 12);
    ram.word(kRam + 0x300 + 36, 0x58);
    ram.text(kRam + 0x100 + 0x58, "main");
    auto watch = ThreadWatch::of(symbols, ram);
    ASSERT_TRUE(watch);
    const std::vector<ThreadInfo> expected = {{"main", "Zephyr", kRam + 0x100, 850, 2},
                                              {"thread at 0x20000200", "Zephyr", kRam + 0x200, 50, 1}};
    EXPECT_EQ(switched(*watch, ram, kRam + 12, kRam + 0x100, kRam + 0x200), expected);
}

TEST(ThreadWatch, ZephyrWithoutTheTableNamesThreadsByTheirVariables) {
    const SymbolTable symbols =
        symbolsOf({{"_kernel", kRam, 40}, {"z_main_thread", kRam + 0x100, 128}, {"pool", kRam + 0x1F0, 128}});
    Ram ram;
    auto watch = ThreadWatch::of(symbols, ram);
    ASSERT_TRUE(watch);
    const std::vector<ThreadInfo> expected = {{"z_main_thread", "Zephyr", kRam + 0x100, 850, 2},
                                              {"pool+0x10", "Zephyr", kRam + 0x200, 50, 1}};
    EXPECT_EQ(switched(*watch, ram, kRam + 8, kRam + 0x100, kRam + 0x200), expected);
}

TEST(ThreadWatch, OtherFirmwareHasNoThreads) {
    const SymbolTable symbols = symbolsOf({{"main_loop", kRam, 4}});
    Ram ram;
    EXPECT_FALSE(ThreadWatch::of(symbols, ram));
}

} // namespace
} // namespace simprof
