// SPDX-License-Identifier: GPL-2.0-or-later
// The boot ROM run by a core: it starts what has a second stage and says why it does not start the rest.
#include "peripherals/boards.h"
#include "peripherals/registry.h"
#include "sim_core/machine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace simprof::test {
namespace {

/// A Pico that ran with these bytes at the beginning of its flash.
class Pico {
public:
    explicit Pico(const std::vector<std::uint8_t>& flash, Cycles cycles = 100'000) {
        FirmwareImage image;
        ImageSegment segment;
        segment.address = segment.runAddress = 0x10000000;
        for (const std::uint8_t byte : flash) {
            segment.bytes.push_back(static_cast<std::byte>(byte));
        }
        segment.memorySize = segment.bytes.size();
        image.segments = {segment};
        MachineOptions options;
        options.peripherals = [](const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services) {
            return makePeripheral(desc, board, services);
        };
        m_machine = std::make_unique<Machine>(*findBoard("raspberry-pi-pico"), image, options);
        RunLimits limits;
        limits.cycles = cycles;
        m_halt = m_machine->run(limits);
    }
    std::vector<std::string> events() const {
        std::vector<std::string> texts;
        for (const auto& [cycle, text, count, last] : m_machine->events()) {
            texts.push_back(text);
        }
        return texts;
    }
    std::uint32_t word(Address address) const { return m_machine->memory().word(address).value_or(0); }
    const HaltReason& halt() const { return m_halt; }

private:
    std::unique_ptr<Machine> m_machine;
    HaltReason m_halt;
};

std::vector<std::string> eventsWith(const std::vector<std::uint8_t>& flash) { return Pico(flash).events(); }

/// A second stage of this code with its CRC (2.8.1.3.1: polynomial 0x04C11DB7, most significant bit first).
std::vector<std::uint8_t> secondStage(const std::vector<std::uint16_t>& code) {
    std::vector<std::uint8_t> stage;
    for (const std::uint16_t half : code) {
        stage.push_back(static_cast<std::uint8_t>(half));
        stage.push_back(static_cast<std::uint8_t>(half >> 8));
    }
    stage.resize(252, 0);
    std::uint32_t crc = 0xFFFFFFFF;
    for (const std::uint8_t byte : stage) {
        crc ^= static_cast<std::uint32_t>(byte) << 24;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc << 1) ^ ((crc >> 31) != 0 ? 0x04C11DB7U : 0);
        }
    }
    for (unsigned shift = 0; shift < 32; shift += 8) {
        stage.push_back(static_cast<std::uint8_t>(crc >> shift));
    }
    return stage;
}

/// Looks `code` up in the table that the halfword at `table` names, calls what is found there (for a data table: the
/// entry `offset` of the table found) with r0 to r3, and stores r0 and r1 to 0x20000000.
std::vector<std::uint8_t> calling(unsigned table, const char* code, int offset, std::array<std::uint32_t, 4> in) {
    std::vector<std::uint16_t> program = {0x480C, 0x8800, 0x490C, 0x4A0D, 0x8812, 0x4790}; // look-up: r0 is found
    // ldr r4, =offset; ldr r0, [r0, r4] for a data table, or two NOPs; then the call
    program.insert(program.end(), {0x4C0C});
    program.push_back(offset >= 0 ? 0x5900 : 0xBF00);
    program.insert(program.end(), {0x4604,                         // mov r4, r0
                                   0x480C, 0x490C, 0x4A0D, 0x4B0D, // r0 to r3
                                   0x47A0,                         // blx r4
                                   0x4C0D, 0x6020, 0x6061,         // ldr r4, =0x20000000; str r0; str r1
                                   0xE7FE});
    while (program.size() < 26) {
        program.push_back(0xBF00);
    }
    const auto literal = [&](std::uint32_t value) {
        program.push_back(static_cast<std::uint16_t>(value));
        program.push_back(static_cast<std::uint16_t>(value >> 16));
    };
    literal(table);
    literal(static_cast<std::uint32_t>(code[0] | code[1] << 8));
    literal(0x18);
    literal(static_cast<std::uint32_t>(std::max(offset, 0)));
    for (const std::uint32_t argument : in) {
        literal(argument);
    }
    literal(0x20000000);
    return secondStage(program);
}

TEST(Rp2040BootRom, RefusesAnImageWithoutASecondStage) {
    std::vector<std::uint8_t> flash(512, 0);
    flash[2] = 0x04; // stack pointer 0x20040000
    flash[3] = 0x20;
    flash[4] = 0x01;
    flash[7] = 0x10;
    const std::vector<std::string> events = eventsWith(flash);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0], "boot ROM: a vector table stands in place of boot2");
    EXPECT_EQ(events[1], "boot ROM: link boot2 with its CRC-32 to 0x10000000");
}

TEST(Rp2040BootRom, GoesToUsbBootWhenFirmwareAsks) {
    // ldr r0, =0x14; ldrh r0, [r0]; ldr r1, ='UB'; ldr r2, =0x18; ldrh r2, [r2]; blx r2; bx r0; b .
    const std::vector<std::uint8_t> stage = secondStage({0x4803, 0x8800, 0x4903, 0x4A04, 0x8812, 0x4790, 0x4700, 0xE7FE,
                                                         0x0014, 0x0000, 0x4255, 0x0000, 0x0018, 0x0000});
    const std::vector<std::string> events = eventsWith(stage);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0], "boot ROM: firmware asked for USB boot, core sleeps");
}

TEST(Rp2040BootRom, CallsItsFunctions) {
    struct Row {
        unsigned table;
        const char* code;
        int offset;
        std::array<std::uint32_t, 4> in;
        std::uint32_t r0;
    };
    const Row rows[] = {
        {0x14, "P3", -1, {0xF0F0}, 8},
        {0x14, "R3", -1, {1}, 0x80000000},
        {0x14, "L3", -1, {0x00010000}, 15},
        {0x14, "T3", -1, {0x00010000}, 16},
        {0x14, "MS", -1, {0x20000100, 0xAB, 3}, 0x20000100},
        {0x16, "SF", 0x00, {0x3F800000, 0x40000000}, 0x40400000}, // 1 + 2
        {0x16, "SF", 0x18, {0x41100000}, 0x40400000},             // sqrt 9
        {0x16, "SD", 0x7C, {0, 0x3FF00000}, 0x3F800000},          // a double 1 to a float
    };
    for (const Row& row : rows) {
        const Pico pico(calling(row.table, row.code, row.offset, row.in));
        EXPECT_EQ(pico.word(0x20000000), row.r0) << row.code << " " << row.offset;
        EXPECT_TRUE(pico.events().empty()) << pico.events().front();
    }
}

TEST(Rp2040BootRom, ErasesAndProgramsTheFlash) {
    // 0x10000 is FF already: program 8 bytes of the ROM (its header at 0x10) there, then see them in all views.
    const Pico programmed(calling(0x14, "RP", -1, {0x10000, 0x10, 8, 0}), 1'000'000);
    EXPECT_EQ(programmed.word(0x10010000) & 0xFFFFFF, 0x01754DU) << "'M', 'u', 1";
    EXPECT_EQ(programmed.word(0x13010000), programmed.word(0x10010000));
    std::vector<std::uint8_t> flash = calling(0x14, "RE", -1, {0x1000, 0x1000, 0x10000, 0xD8});
    flash.resize(0x3000, 0x55);
    const Pico erased(flash, 2'000'000);
    EXPECT_EQ(erased.word(0x10000FFC), 0x55555555U);
    EXPECT_EQ(erased.word(0x10001000), 0xFFFFFFFFU);
    EXPECT_EQ(erased.word(0x10001FFC), 0xFFFFFFFFU);
    EXPECT_EQ(erased.word(0x10002000), 0x55555555U);
    EXPECT_EQ(Pico(calling(0x14, "RE", -1, {0x300000, 0x1000, 0x10000, 0xD8})).events().at(0),
              "boot ROM: erasing 4096 bytes at flash offset 0x300000 is beyond the flash");
}

TEST(Rp2040BootRom, NamesWhatItDoesNotHave) {
    const Pico pico(calling(0x14, "ZZ", -1, {}));
    ASSERT_FALSE(pico.events().empty());
    EXPECT_EQ(pico.events()[0], "boot ROM: firmware asks for 'ZZ', which it does not have");
}

} // namespace
} // namespace simprof::test
