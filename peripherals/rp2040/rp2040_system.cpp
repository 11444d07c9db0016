// SPDX-License-Identifier: GPL-2.0-or-later
// System blocks, RP2040 data sheet: XIP cache control 2.6.3, SYSCFG 2.21, RESETS 2.14, PSM 2.13, pads and IO
// banks 2.19, voltage regulator 2.10, TBMAN 2.22, bus control 2.1.5, UART 4.2.
#include "peripherals/clock_tree.h"
#include "peripherals/makers.h"
#include "peripherals/rp2040/rp2040_device.h"
#include "peripherals/rp2040/rp2040_flash.h"
#include "peripherals/uart/pl011.h"
#include "sim_core/timing/memory_table.h"

#include <algorithm>
#include <array>

namespace simprof {
namespace {

class Rp2040Uart final : public Rp2040Aliases<Pl011> {
public:
    Rp2040Uart(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Rp2040Aliases<Pl011>(desc, services,
                               std::vector<RegisterRow>{{0x48, "DMACR", 0, 7},
                                                        {0xFE0, "PERIPHID0", 0x11, 0},
                                                        {0xFE4, "PERIPHID1", 0x10, 0},
                                                        {0xFE8, "PERIPHID2", 0x34, 0},
                                                        {0xFEC, "PERIPHID3", 0, 0},
                                                        {0xFF0, "PCELLID0", 0x0D, 0},
                                                        {0xFF4, "PCELLID1", 0xF0, 0},
                                                        {0xFF8, "PCELLID2", 0x05, 0},
                                                        {0xFFC, "PCELLID3", 0xB1, 0}}) {}

protected:
    Hertz uartClock() const override { return inputClock(); }
};

class Rp2040XipCtrl final : public Rp2040Device, public Rp2040XipCache {
public:
    Rp2040XipCtrl(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Rp2040Device(desc, services,
                       {{0x00, "CTRL", 3, 0xB},
                        {0x04, "FLUSH"},
                        {0x08, "STAT", 3, 0},
                        {0x0C, "CTR_HIT"},
                        {0x10, "CTR_ACC"},
                        {0x14, "STREAM_ADDR"},
                        {0x18, "STREAM_CTR"},
                        {0x1C, "STREAM_FIFO", 0, 0}}) {}

    void busChanged() override { apply(); }

protected:
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == 0x0C || offset == 0x10) {
            setValue(offset, 0);
            return;
        }
        store(offset, written, lanes);
        if (offset == 0x00) {
            apply();
        } else if (offset == 0x04) { // the cache forgets all lines
            services().setMemory("rp2040_xip", {});
            apply();
        } else if (offset == 0x18 && written != 0) {
            services().reportEvent(name() + ": streaming reads are not modelled");
        }
    }
    void onReset() override { apply(); }

private:
    /// A bus that firmware has not set up is taken for set up as it is in most programs.
    void apply() {
        const auto* bus = dynamic_cast<Rp2040FlashBus*>(services().peripheral("XIP_SSI"));
        const unsigned clocks = bus == nullptr ? 0 : bus->lineClocks();
        constexpr unsigned kMost = 10'000; // longer than any read that works
        services().setMemory("rp2040_xip", {.waitStates = clocks == 0 ? findFlashRow("rp2040_xip")->reset.waitStates
                                                                      : std::min(clocks, kMost),
                                            .prefetch = false,
                                            .icache = bit(0, 0),
                                            .dcache = bit(0, 0)});
    }
};

/// Asserting a reset bit puts the block back to its reset values.
class Rp2040Resets final : public Rp2040Device {
public:
    Rp2040Resets(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Rp2040Device(desc, services,
                       {{0x00, "RESET", kAll, kAll}, {0x04, "WDSEL", 0, kAll}, {0x08, "RESET_DONE", 0, 0}}) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override { return offset == 8 ? ~value(0) & kAll : value(offset); }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        const std::uint32_t before = value(0);
        store(offset, written, lanes);
        const std::uint32_t asserted = value(0) & ~before;
        for (unsigned block = 0; block < kBlocks.size(); ++block) {
            if ((asserted >> block & 1U) != 0) {
                if (Peripheral* device = services().peripheral(kBlocks[block])) {
                    device->reset();
                }
            }
        }
    }

private:
    static constexpr std::uint32_t kAll = 0x1FFFFFF;
    static constexpr std::array<std::string_view, 25> kBlocks = {
        "ADC",       "BUSCTRL", "DMA",   "I2C0",    "I2C1",    "IO_BANK0", "IO_QSPI",     "JTAG", "PADS_BANK0",
        "PADS_QSPI", "PIO0",    "PIO1",  "PLL_SYS", "PLL_USB", "PWM",      "RTC",         "SPI0", "SPI1",
        "SYSCFG",    "SYSINFO", "TBMAN", "TIMER",   "UART0",   "UART1",    "USBCTRL_REGS"};
};

class Rp2040Psm final : public Rp2040Device {
public:
    Rp2040Psm(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Rp2040Device(desc, services,
                       {{0x00, "FRCE_ON", 0, 0x1FFFF},
                        {0x04, "FRCE_OFF", 0, 0x1FFFF},
                        {0x08, "WDSEL", 0, 0x1FFFF},
                        {0x0C, "DONE", 0x1FFFF, 0}}) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override { return offset == 0xC ? 0x1FFFFU & ~value(4) : value(offset); }
};

template<class Rows>
class Rp2040Fixed final : public Rp2040Device {
public:
    Rp2040Fixed(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Rp2040Device(desc, services, Rows::rows(desc)) {}
};

struct SyscfgRows {
    static std::vector<RegisterRow> rows(const PeripheralDesc&) {
        return {{0x00, "PROC0_NMI_MASK"},      {0x04, "PROC1_NMI_MASK"},         {0x08, "PROC_CONFIG", 0x10000000},
                {0x0C, "PROC_IN_SYNC_BYPASS"}, {0x10, "PROC_IN_SYNC_BYPASS_HI"}, {0x14, "DBGFORCE", 0x66},
                {0x18, "MEMPOWERDOWN"}};
    }
};
struct VregRows {
    static std::vector<RegisterRow> rows(const PeripheralDesc&) {
        return {{0x00, "VREG", 0x10B1, 0xF3},
                {0x04, "BOD", 0x91, 0xF1},
                {0x08, "CHIP_RESET", 0x100, 0x1000000}}; // in regulation; power-on reset
    }
};
struct TbmanRows {
    static std::vector<RegisterRow> rows(const PeripheralDesc&) { return {{0x00, "PLATFORM", 1, 0}}; }
};
struct PadsRows {
    static std::vector<RegisterRow> rows(const PeripheralDesc& desc) {
        const unsigned pads = static_cast<unsigned>(std::stoul(desc.options.at("pads")));
        std::vector<RegisterRow> result = {{0x00, "VOLTAGE_SELECT", 0, 1}};
        for (unsigned pad = 0; pad < pads; ++pad) {
            result.push_back({4 + 4 * pad, "PAD", 0x56, 0xFF});
        }
        if (pads > 6) {
            result.push_back({4 + 4 * pads, "SWCLK", 0xDA, 0xFF});
            result.push_back({8 + 4 * pads, "SWD", 0x5A, 0xFF});
        }
        return result;
    }
};

/// Priorities and access counters; the counters stay 0.
class Rp2040Busctrl final : public Rp2040Device {
public:
    Rp2040Busctrl(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Rp2040Device(desc, services,
                       {{0x00, "BUS_PRIORITY", 0, 0x1111},
                        {0x04, "BUS_PRIORITY_ACK", 1, 0},
                        {0x08, "PERFCTR0", 0, 0}, // the counters stay at 0
                        {0x0C, "PERFSEL0", kNothing, kNothing},
                        {0x10, "PERFCTR1", 0, 0},
                        {0x14, "PERFSEL1", kNothing, kNothing},
                        {0x18, "PERFCTR2", 0, 0},
                        {0x1C, "PERFSEL2", kNothing, kNothing},
                        {0x20, "PERFCTR3", 0, 0},
                        {0x24, "PERFSEL3", kNothing, kNothing}}) {}

private:
    static constexpr std::uint32_t kNothing = 0x1F; ///< PERFSEL after reset: a free counter (data sheet 2.1.5)
};

/// Functions and overrides of the pins; their interrupts are not modelled. The flash's chip select is one of the QSPI
/// pins.
template<unsigned pins>
class Rp2040IoBank final : public Rp2040Device {
public:
    Rp2040IoBank(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Rp2040Device(desc, services, rows()) {}

protected:
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        store(offset, written, lanes);
        constexpr std::uint32_t kSelectCtrl = 0x0C;
        if (pins == 6 && offset == kSelectCtrl) {
            if (auto* flash = dynamic_cast<Rp2040FlashBus*>(services().peripheral("XIP_SSI"))) {
                flash->overrideSelect(field(kSelectCtrl, 8, 2));
            }
        }
    }

private:
    static std::vector<RegisterRow> rows() {
        std::vector<RegisterRow> result;
        for (unsigned pin = 0; pin < pins; ++pin) {
            result.push_back({8 * pin, "STATUS", 0, 0});
            result.push_back({8 * pin + 4, "CTRL", 0x1F, 0x3003331F});
        }
        return result;
    }
};

} // namespace

std::span<const PeripheralMaker> rp2040SystemMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"rp2040_uart", "PL011: FIFOs of 32, interrupts, receive time-out", makeDevice<Rp2040Uart>},
        {"rp2040_xip_ctrl", "XIP cache on and off, flush", makeDevice<Rp2040XipCtrl>},
        {"rp2040_resets", "reset and release of blocks", makeDevice<Rp2040Resets>},
        {"rp2040_psm", "power-on state machine", makeDevice<Rp2040Psm>},
        {"rp2040_syscfg", "registers", makeDevice<Rp2040Fixed<SyscfgRows>>},
        {"rp2040_vreg", "regulator in regulation, power-on reset", makeDevice<Rp2040Fixed<VregRows>>},
        {"rp2040_tbman", "platform word", makeDevice<Rp2040Fixed<TbmanRows>>},
        {"rp2040_pads", "registers", makeDevice<Rp2040Fixed<PadsRows>>},
        {"rp2040_busctrl", "priorities", makeDevice<Rp2040Busctrl>},
        {"rp2040_io_bank0", "pin functions", makeDevice<Rp2040IoBank<30>>},
        {"rp2040_io_qspi", "pin functions", makeDevice<Rp2040IoBank<6>>},
    };
    return kMakers;
}

} // namespace simprof
