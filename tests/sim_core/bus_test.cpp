// SPDX-License-Identifier: GPL-2.0-or-later
/// The bus without a core: who answers an address, and what is counted.
#include "sim_core/memory/bus.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace simprof::test {

namespace {

constexpr Address kFlash = 0x08000000, kSram = 0x20000000, kTimer = 0x40000000, kPlain = 0x40001000;

class QuietHost final : public PpbHost {
    Cycles now() const override { return 0; }
    EventId scheduleAt(Cycles, std::function<void()>) override { return EventId::None; }
    void cancel(EventId) override {}
    void exceptionsChanged() override {}
    unsigned currentException() const override { return 0; }
    void requestReset(std::string) override {}
    void l1Changed() override {}
    void invalidateCaches(bool, bool) override {}
    void traceOutput(unsigned, std::uint32_t, unsigned) override {}
    Cycles cyclesBecauseOf(Stall) override { return 0; }
};

class FakeCore final : public BusCore {
public:
    Address currentPc() const override { return 0x0800'0123; }
    std::uint32_t currentBlock() const override { return block; }
    void bytesChanged(std::span<const std::byte> bytes) override { changed += bytes.size(); }
    void programmed(AddressRange range) override { changed += range.size; }
    std::uint32_t block = 1;
    std::size_t changed = 0;
};

/// Keeps the word at 0, models no register behind 0x10, takes stores to flash when `unlocked`.
class Timer final : public Peripheral, public FlashController {
public:
    std::uint32_t read(std::uint32_t offset, unsigned) override { return offset == 0 ? value : 0; }
    void write(std::uint32_t offset, unsigned, std::uint32_t v) override { value = offset == 0 ? v : value; }
    void reset() override { value = 0; }
    void deepSleep(bool asleep) override { sleeping = asleep; }
    bool models(std::uint32_t offset) const override { return offset < 0x10; }
    bool storeToFlash(Address, unsigned, std::uint32_t) override { return unlocked; }
    std::uint32_t value = 0;
    bool sleeping = false;
    bool unlocked = false;
};

class BusTest : public testing::Test {
protected:
    static McuDesc part() {
        McuDesc mcu;
        mcu.core.bitBand = true;
        mcu.memories = {{"flash", MemoryKind::Flash, {kFlash, 0x1000}, "", {}, {}},
                        {"SRAM", MemoryKind::Sram, {kSram, 0x1000}, "", {}, {}}};
        return mcu;
    }
    static PeripheralDesc peripheral(const char* name, Address base) {
        PeripheralDesc desc;
        desc.name = name;
        desc.range = {base, 0x400};
        return desc;
    }
    BusTest() {
        auto device = std::make_unique<Timer>();
        timer = device.get();
        bus.addDevice(plainDesc, nullptr);
        bus.addDevice(timerDesc, std::move(device));
    }
    McuDesc mcu = part();
    PeripheralDesc timerDesc = peripheral("TIM2", kTimer), plainDesc = peripheral("CRC", kPlain);
    AddressSpace space{mcu};
    QuietHost host;
    SystemControl scs{mcu.core, host};
    FakeCore core;
    Bus bus{mcu, space, scs, core};
    Timer* timer = nullptr;
};

} // namespace

TEST_F(BusTest, ADeviceAnswersInItsRange) {
    bus.write(kTimer, 4, 7);
    EXPECT_EQ(bus.read(kTimer, 4), 7U);
    EXPECT_EQ(bus.peripheral("TIM2"), timer);
    EXPECT_EQ(bus.peripheral("TIM9"), nullptr);
    EXPECT_TRUE(bus.unmodelled().empty());
}

TEST_F(BusTest, UnmodelledRegistersKeepWhatIsWritten) {
    bus.write(kPlain + 8, 4, 0x11223344);
    bus.write(kPlain + 9, 1, 0xAA);
    EXPECT_EQ(bus.read(kPlain + 8, 4), 0x1122AA44U);
    EXPECT_EQ(bus.read(kPlain + 10, 2), 0x1122U);
    const UnmodelledRegister& reg = bus.unmodelled().at(kPlain + 8);
    EXPECT_EQ(fmt::format("{} {} reads {} writes {:x}", reg.peripheral, reg.reads, reg.writes, reg.firstPc),
              "CRC 2 reads 2 writes 8000123");
}

TEST_F(BusTest, ARegisterThatItsDeviceDoesNotModelIsCounted) {
    bus.read(kTimer + 0x20, 4);
    EXPECT_EQ(bus.unmodelled().at(kTimer + 0x20).peripheral, "TIM2");
}

TEST_F(BusTest, ALoopThatWaitsOnAnUnmodelledRegisterIsLetGo) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < 2001; ++i) {
        value = bus.read(kPlain, 4);
    }
    EXPECT_EQ(value, ~0U);
    EXPECT_TRUE(bus.unmodelled().at(kPlain).pollSatisfied);
    core.block = 2; // another loop waits anew
    EXPECT_EQ(bus.read(kPlain, 4), 0U);
}

TEST_F(BusTest, PrivateBusUnits) {
    EXPECT_EQ(bus.read(0xE000ED08, 4), 0U); // VTOR
    bus.write(0xE0042004, 4, 5);            // DBGMCU, which nobody models here
    EXPECT_EQ(bus.read(0xE0042004, 4), 5U);
    EXPECT_EQ(bus.unmodelled().at(0xE0042004).writes, 1U);
}

TEST_F(BusTest, BitBandOfMemoryAndOfDevices) {
    bus.write(0x22000000 + 5 * 32 + 3 * 4, 4, 1); // byte 5, bit 3
    EXPECT_EQ(bus.peek(kSram + 5), 8);
    EXPECT_EQ(core.changed, 1U);
    bus.write(0x42000000 + 0 * 32 + 4 * 4, 4, 1); // word at kTimer, bit 4
    EXPECT_EQ(timer->value, 16U);
    EXPECT_EQ(bus.read(0x42000000 + 4 * 4, 4), 1U);
}

TEST_F(BusTest, MastersReachMemoryAndDevices) {
    std::array<std::byte, 4> bytes{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
    EXPECT_TRUE(bus.masterWrite(kSram, bytes));
    EXPECT_TRUE(bus.masterWrite(kTimer, bytes));
    EXPECT_EQ(timer->value, 0x04030201U);
    std::array<std::byte, 4> back{};
    EXPECT_TRUE(bus.masterRead(kSram, back));
    EXPECT_EQ(back, bytes);
    EXPECT_FALSE(bus.masterWrite(kFlash, bytes)) << "flash is read-only for a DMA";
    EXPECT_FALSE(bus.masterRead(0x60000000, back)) << "nothing answers";
    EXPECT_FALSE(bus.masterRead(kTimer, std::span(back).first(3))) << "no register has three bytes";
}

TEST_F(BusTest, FlashTakesStoresWhenItsControllerIsUnlocked) {
    EXPECT_FALSE(bus.storeToFlash(kFlash, 4, 1));
    timer->unlocked = true;
    EXPECT_TRUE(bus.storeToFlash(kFlash, 4, 1));
    EXPECT_FALSE(bus.storeToFlash(kFlash + 0x1000, 4, 1)) << "behind the flash";
}

TEST_F(BusTest, ProgramChangesFlashAndPokeDoesNot) {
    const std::array<std::byte, 1> byte{std::byte{0x5A}};
    EXPECT_FALSE(bus.poke(kFlash, 1));
    EXPECT_TRUE(bus.program(kFlash, byte));
    EXPECT_EQ(bus.peek(kFlash), 0x5A);
    EXPECT_FALSE(bus.program(0x30000000, byte));
}

TEST_F(BusTest, ResetAndDeepSleepReachEachDevice) {
    bus.write(kTimer, 4, 7);
    bus.resetDevices();
    EXPECT_EQ(timer->value, 0U);
    bus.deepSleep(true);
    EXPECT_TRUE(timer->sleeping);
}

} // namespace simprof::test
