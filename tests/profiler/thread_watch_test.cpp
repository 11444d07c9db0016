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
    watch.switched({50, {}}); // no thread yet
    ram.word(current, first);
    watch.switched({100, {}});
    watch.switched({200, {}}); // an interrupt that switched nothing
    ram.word(current, second);
    watch.switched({400, {}});
    ram.word(current, first);
    watch.switched({450, {}});
    ThreadWatch::Result result = watch.finish(1000, {});
    const std::vector<ThreadSpan> spans = {{0, 100, 300}, {1, 400, 50}, {0, 450, 550}};
    EXPECT_EQ(result.spans, spans);
    return result.threads;
}

TEST(ThreadWatch, FreeRtosNamesLieInTheTaskControlBlock) {
    const SymbolTable symbols = symbolsOf({{"pxCurrentTCB", kRam, 4}});
    Ram ram;
    ram.text(kRam + 0x100 + 52, "main");
    ram.text(kRam + 0x200 + 52, "IDLE");
    auto watch = ThreadWatch::of(symbols, ram);
    ASSERT_TRUE(watch);
    const std::vector<ThreadInfo> expected = {{"main", "FreeRTOS", kRam + 0x100, 850, 2, 0, 0},
                                              {"IDLE", "FreeRTOS", kRam + 0x200, 50, 1, 0, 0}};
    EXPECT_EQ(switched(*watch, ram, kRam, kRam + 0x100, kRam + 0x200), expected);
}

/// A task control block as FreeRTOS lays it out: `settings` words of the MPU port, items of `item` bytes.
void taskBlock(Ram& ram, Address block, std::uint32_t settings, std::uint32_t item, Address stack,
               std::string_view name) {
    const Address first = block + 4 + 4 * settings, ownerInItem = item - 8 - (item == 28 ? 4 : 0);
    ram.word(first + ownerInItem, block);
    ram.word(first + item + ownerInItem, block);
    ram.word(first + 2 * item + 4, stack);
    ram.text(first + 2 * item + 8, name);
}

TEST(ThreadWatch, FreeRtosNamesAreFoundBehindMpuSettingsAndCheckedOrWideListItems) {
    struct Row {
        std::uint32_t settings, item;
    };
    for (const auto& [settings, item] : {Row{0, 20}, Row{0, 24}, Row{0, 28}, Row{40, 20}, Row{62, 28}}) {
        const SymbolTable symbols = symbolsOf({{"pxCurrentTCB", kRam, 4}});
        Ram ram;
        taskBlock(ram, kRam + 0x40, settings, item, kRam + 0x300, "main");
        taskBlock(ram, kRam + 0x1A0, settings, item, kRam + 0x380, "IDLE");
        auto watch = ThreadWatch::of(symbols, ram);
        ASSERT_TRUE(watch);
        const std::vector<ThreadInfo> expected = {{"main", "FreeRTOS", kRam + 0x40, 850, 2, 0, 0},
                                                  {"IDLE", "FreeRTOS", kRam + 0x1A0, 50, 1, 0, 0}};
        EXPECT_EQ(switched(*watch, ram, kRam, kRam + 0x40, kRam + 0x1A0), expected) << settings << " " << item;
    }
}

TEST(ThreadWatch, StacksCountWhatInterruptsAndSwitchesPutThere) {
    const SymbolTable symbols = symbolsOf({{"pxCurrentTCB", kRam, 4}});
    Ram ram;
    taskBlock(ram, kRam + 0x40, 0, 20, kRam + 0x200, "main");
    taskBlock(ram, kRam + 0xC0, 0, 20, kRam + 0x300, "IDLE");
    auto watch = ThreadWatch::of(symbols, ram);
    ASSERT_TRUE(watch);
    ram.word(kRam, kRam + 0x40);
    watch->switched({100, ThreadStack{kRam + 0x300, kRam + 0x200}}); // nobody's
    watch->switched({120, ThreadStack{kRam + 0x2F8, kRam + 0x2A0}});
    watch->switched({140, ThreadStack{kRam + 0x3F0, kRam + 0x3A0}}); // a system call's own
    ram.word(kRam + 0x40, kRam + 0x280);                             // eight registers below the frame
    ram.word(kRam, kRam + 0xC0);
    watch->switched({200, ThreadStack{kRam + 0x2F8, kRam + 0x2A8}});
    const std::vector<ThreadInfo> expected = {{"IDLE", "FreeRTOS", kRam + 0xC0, 800, 1, 0, 0},
                                              {"main", "FreeRTOS", kRam + 0x40, 100, 1, 0xF8, 0x78}};
    const ThreadWatch::Result result = watch->finish(1000, {});
    EXPECT_EQ(result.threads, expected);
    const std::vector<ThreadSpan> spans = {{1, 100, 100}, {0, 200, 800}};
    EXPECT_EQ(result.spans, spans) << "numbers are those of the sorted threads";
}

TEST(ThreadWatch, ThreadXPointsToNames) {
    const SymbolTable symbols = symbolsOf({{"_tx_thread_current_ptr", kRam, 4}});
    Ram ram;
    ram.word(kRam + 0x100 + 40, kRam + 0x180);
    ram.text(kRam + 0x180, "sampling");
    ram.word(kRam + 0x200 + 40, kRam + 0x190);
    ram.text(kRam + 0x190, "radio");
    auto watch = ThreadWatch::of(symbols, ram);
    ASSERT_TRUE(watch);
    const std::vector<ThreadInfo> expected = {{"sampling", "ThreadX", kRam + 0x100, 850, 2, 0, 0},
                                              {"radio", "ThreadX", kRam + 0x200, 50, 1, 0, 0}};
    EXPECT_EQ(switched(*watch, ram, kRam, kRam + 0x100, kRam + 0x200), expected);
}

TEST(ThreadWatch, RtxThreadsPointToTheirNames) {
    const SymbolTable symbols = symbolsOf({{"osRtxInfo", kRam, 164}, {"idle_thread_cb", kRam + 0x200, 72}});
    Ram ram;
    ram.word(kRam + 0x100 + 4, kRam + 0x180);
    ram.text(kRam + 0x180, "sampling");
    auto watch = ThreadWatch::of(symbols, ram); // the second thread has no name: its variable has one
    ASSERT_TRUE(watch);
    const std::vector<ThreadInfo> expected = {{"sampling", "RTX", kRam + 0x100, 850, 2, 0, 0},
                                              {"idle_thread_cb", "RTX", kRam + 0x200, 50, 1, 0, 0}};
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
    const std::vector<ThreadInfo> expected = {{"main", "Zephyr", kRam + 0x100, 850, 2, 0, 0},
                                              {"thread at 0x20000200", "Zephyr", kRam + 0x200, 50, 1, 0, 0}};
    EXPECT_EQ(switched(*watch, ram, kRam + 12, kRam + 0x100, kRam + 0x200), expected);
}

TEST(ThreadWatch, ZephyrWithoutTheTableNamesThreadsByTheirVariables) {
    const SymbolTable symbols =
        symbolsOf({{"_kernel", kRam, 40}, {"z_main_thread", kRam + 0x100, 128}, {"pool", kRam + 0x1F0, 128}});
    Ram ram;
    auto watch = ThreadWatch::of(symbols, ram);
    ASSERT_TRUE(watch);
    const std::vector<ThreadInfo> expected = {{"z_main_thread", "Zephyr", kRam + 0x100, 850, 2, 0, 0},
                                              {"pool+0x10", "Zephyr", kRam + 0x200, 50, 1, 0, 0}};
    EXPECT_EQ(switched(*watch, ram, kRam + 8, kRam + 0x100, kRam + 0x200), expected);
}

/// An RTOS is one row, which no other file knows: the running thread is the second word of its kernel.
TEST(ThreadWatch, AnotherRtosIsARow) {
    static constexpr Rtos kToys[] = {{"ToyOS", "toy_kernel", 4, {.name = 8, .stackBase = 0}}};
    const SymbolTable symbols = symbolsOf({{"toy_kernel", kRam, 8}});
    EXPECT_FALSE(ThreadWatch::of(symbols, Ram()));
    Ram ram;
    ram.word(kRam + 0x100, kRam + 0x300);
    ram.text(kRam + 0x108, "play");
    ram.text(kRam + 0x208, "sleep");
    auto watch = ThreadWatch::of(symbols, ram, kToys);
    ASSERT_TRUE(watch);
    ram.word(kRam + 4, kRam + 0x100);
    watch->switched({100, {}});
    watch->switched({150, ThreadStack{kRam + 0x380, kRam + 0x340}});
    ram.word(kRam + 4, kRam + 0x200);
    watch->switched({200, ThreadStack{kRam + 0x380, kRam + 0x350}});
    const std::vector<ThreadInfo> expected = {{"sleep", "ToyOS", kRam + 0x200, 800, 1, 0, 0},
                                              {"play", "ToyOS", kRam + 0x100, 100, 1, 0x80, 0x40}};
    EXPECT_EQ(watch->finish(1000, {}).threads, expected);
}

TEST(ThreadWatch, OtherFirmwareHasNoThreads) {
    const SymbolTable symbols = symbolsOf({{"main_loop", kRam, 4}});
    Ram ram;
    EXPECT_FALSE(ThreadWatch::of(symbols, ram));
}

} // namespace
} // namespace simprof
