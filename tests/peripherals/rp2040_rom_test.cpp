// SPDX-License-Identifier: GPL-2.0-or-later
// The boot ROM run by a core: it starts what has a second stage and says why it does not start the rest.
#include "peripherals/boards.h"
#include "peripherals/registry.h"
#include "sim_core/machine.h"

#include <gtest/gtest.h>

namespace simprof::test {
namespace {

/// What a Pico with these bytes at the beginning of its flash reports.
std::vector<std::string> eventsWith(const std::vector<std::uint8_t>& flash) {
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
    Machine machine(*findBoard("raspberry-pi-pico"), image, options);
    RunLimits limits;
    limits.cycles = 100'000;
    machine.run(limits);
    std::vector<std::string> texts;
    for (const auto& [cycle, text] : machine.events()) {
        texts.push_back(text);
    }
    return texts;
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
    std::vector<std::uint8_t> stage = {0x03, 0x48, 0x00, 0x88, 0x03, 0x49, 0x04, 0x4A, 0x12, 0x88,
                                       0x90, 0x47, 0x00, 0x47, 0xFE, 0xE7, 0x14, 0x00, 0x00, 0x00,
                                       0x55, 0x42, 0x00, 0x00, 0x18, 0x00, 0x00, 0x00};
    stage.resize(252, 0);
    std::uint32_t crc = 0xFFFFFFFF; // 2.8.1.3.1: polynomial 0x04C11DB7, most significant bit first
    for (const std::uint8_t byte : stage) {
        crc ^= static_cast<std::uint32_t>(byte) << 24;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc << 1) ^ ((crc >> 31) != 0 ? 0x04C11DB7U : 0);
        }
    }
    for (unsigned shift = 0; shift < 32; shift += 8) {
        stage.push_back(static_cast<std::uint8_t>(crc >> shift));
    }
    const std::vector<std::string> events = eventsWith(stage);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0], "boot ROM: firmware asked for USB boot, core sleeps");
}

} // namespace
} // namespace simprof::test
