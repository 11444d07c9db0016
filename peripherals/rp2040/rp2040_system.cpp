// SPDX-License-Identifier: GPL-2.0-or-later
// System blocks, RP2040 data sheet: XIP cache control 2.6.3, SSI 4.10.13, SYSINFO and SYSCFG 2.20 to 2.21, RESETS 2.14,
// PSM 2.13, pads and IO banks 2.19, voltage regulator 2.10, TBMAN 2.22, bus control 2.1.5, UART 4.2. Flash commands:
// W25Q16JV data sheet 8.1.2.
#include "peripherals/clock_tree.h"
#include "peripherals/makers.h"
#include "peripherals/mcus/rp2040_rom.h"
#include "peripherals/rp2040/rp2040_device.h"
#include "peripherals/uart/pl011.h"

#include <algorithm>
#include <array>
#include <deque>

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

class Rp2040XipCtrl final : public Rp2040Device {
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
    void apply() {
        services().setMemory("rp2040_xip",
                             {.waitStates = 0, .prefetch = false, .icache = bit(0, 0), .dcache = bit(0, 0)});
    }
};

/// The serial interface to the flash chip as second stages use it: commands are answered at once by a W25Q16JV.
class Rp2040Ssi final : public RegisterFile {
public:
    Rp2040Ssi(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services,
                       {{0x00, "CTRLR0"},
                        {0x04, "CTRLR1"},
                        {kEnable, "SSIENR", 0, 1},
                        {0x0C, "MWCR"},
                        {0x10, "SER"},
                        {0x14, "BAUDR"},
                        {0x18, "TXFTLR"},
                        {0x1C, "RXFTLR"},
                        {0x20, "TXFLR", 0, 0},
                        {kRxLevel, "RXFLR", 0, 0},
                        {kStatus, "SR", 6, 0},
                        {0x2C, "IMR"},
                        {0x30, "ISR", 0, 0},
                        {0x34, "RISR", 0, 0},
                        {0x48, "ICR", 0, 0},
                        {0x58, "IDR", 0x51535049, 0},
                        {0x5C, "SSI_VERSION_ID", 0x3430312A, 0},
                        {kData, "DR0"},
                        {0xF0, "RX_SAMPLE_DLY"},
                        {0xF4, "SPI_CTRLR0", 0x3000000},
                        {0xF8, "TXD_DRIVE_EDGE"}}) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset == kStatus) {
            m_command.clear(); // the transmitter has run empty: chip select was released
            return 6U | (m_answers.empty() ? 0 : 8U);
        }
        if (offset == kRxLevel) {
            return static_cast<std::uint32_t>(m_answers.size());
        }
        if (offset == kData && !m_answers.empty()) {
            const std::uint32_t result = m_answers.front();
            m_answers.pop_front();
            return result;
        }
        return offset == kData ? 0 : value(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == kData) {
            m_answers.push_back(transfer(static_cast<std::uint8_t>(written)));
            return;
        }
        store(offset, written, lanes);
        if (offset == kEnable && (written & 1U) == 0) {
            m_command.clear();
            m_answers.clear();
        }
    }
    void onReset() override {
        m_command.clear();
        m_answers.clear();
    }

private:
    static constexpr std::uint32_t kEnable = 0x08, kRxLevel = 0x24, kStatus = 0x28, kData = 0x60;

    std::uint8_t transfer(std::uint8_t byte) {
        m_command.push_back(byte);
        const std::size_t position = m_command.size() - 1;
        static constexpr std::array<std::uint8_t, 3> kJedec = {0xEF, 0x40, 0x15};
        switch (m_command[0]) {
        case 0x9F: return position == 0 || position > 3 ? 0 : kJedec[position - 1];
        case 0x35: return position == 0 ? 0 : m_status2;
        case 0x05: return 0; // never busy: writing takes no time
        case 0x01:
            if (position == 2) {
                m_status2 = byte;
            }
            return 0;
        case 0x31:
            if (position == 1) {
                m_status2 = byte;
            }
            return 0;
        case 0x03: return position < 4 ? 0 : memoryByte(position - 4);
        case 0x0B: return position < 5 ? 0 : memoryByte(position - 5);
        case 0x02:
        case 0x20:
        case 0x52:
        case 0xD8:
        case 0xC7:
            if (position == 0) {
                services().reportEvent(name() +
                                       ": the flash chip was told to program or erase; its contents are fixed");
            }
            return 0;
        default: return 0;
        }
    }
    std::uint8_t memoryByte(std::size_t index) {
        std::array<std::byte, 1> one{std::byte{0xFF}};
        const Address start = Address{m_command[1]} << 16 | Address{m_command[2]} << 8 | m_command[3];
        services().busRead(name(), 0x10000000 + ((start + static_cast<Address>(index)) & 0xFFFFFF), one);
        return std::to_integer<std::uint8_t>(one[0]);
    }

    std::deque<std::uint8_t> m_command;
    std::deque<std::uint8_t> m_answers;
    std::uint8_t m_status2 = 0;
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

/// Besides its registers it takes the word of our boot ROM that goes on to USB boot.
class Rp2040Sysinfo final : public Rp2040Device {
public:
    Rp2040Sysinfo(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Rp2040Device(desc, services,
                       {{0x00, "CHIP_ID", 0x20002927, 0}, // revision B2, ASIC
                        {0x04, "PLATFORM", 2, 0},
                        {0x40, "GITREF_RP2040", 0, 0},
                        {kRp2040RomReport, "boot ROM", 0, 0}}) {}

protected:
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t) override {
        if (offset == kRp2040RomReport && written == kRp2040RomRefusal) { // short: a report's line shows all of each
            services().reportEvent("boot ROM: " + wrongSecondStage());
            services().reportEvent("boot ROM: link boot2 with its CRC-32 to 0x10000000");
        } else if (offset == kRp2040RomReport && written == kRp2040RomUsbBoot) {
            services().reportEvent("boot ROM: firmware asked for USB boot, core sleeps");
        }
    }

private:
    /// What stands in flash in place of a second stage of 252 bytes and their CRC-32 (2.8.1.3.1).
    std::string wrongSecondStage() const {
        std::array<std::byte, 256> stage{};
        services().busRead("boot ROM", 0x10000000, stage);
        if (std::ranges::all_of(stage, [&](std::byte byte) { return byte == stage[0]; })) {
            return "no boot2, the first 256 bytes are empty";
        }
        const auto at = [&](std::size_t index) { return std::to_integer<std::uint32_t>(stage[index]); };
        const std::uint32_t first = at(0) | at(1) << 8 | at(2) << 16 | at(3) << 24;
        return first > 0x20000000 && first <= 0x20042000 ? "a vector table stands in place of boot2"
                                                         : "the CRC-32 of boot2 in flash is wrong";
    }
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
        : Rp2040Device(desc, services, {{0x00, "BUS_PRIORITY", 0, 0x1111}, {0x04, "BUS_PRIORITY_ACK", 1, 0}}) {}
};

/// Functions and overrides of the pins; their interrupts are not modelled.
template<unsigned pins>
class Rp2040IoBank final : public Rp2040Device {
public:
    Rp2040IoBank(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Rp2040Device(desc, services, rows()) {}

private:
    static std::vector<RegisterRow> rows() {
        std::vector<RegisterRow> result;
        for (unsigned pin = 0; pin < pins; ++pin) {
            result.push_back({8 * pin, "STATUS", 0, 0});
            result.push_back({8 * pin + 4, "CTRL", 0x1F});
        }
        return result;
    }
};

} // namespace

std::span<const PeripheralMaker> rp2040SystemMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"rp2040_uart", "PL011: FIFOs of 32, interrupts, receive time-out", makeDevice<Rp2040Uart>},
        {"rp2040_xip_ctrl", "XIP cache on and off, flush", makeDevice<Rp2040XipCtrl>},
        {"rp2040_ssi", "flash commands of a second stage", makeDevice<Rp2040Ssi>},
        {"rp2040_resets", "reset and release of blocks", makeDevice<Rp2040Resets>},
        {"rp2040_psm", "power-on state machine", makeDevice<Rp2040Psm>},
        {"rp2040_sysinfo", "chip revision; what the boot ROM refuses", makeDevice<Rp2040Sysinfo>},
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
