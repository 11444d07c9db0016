// SPDX-License-Identifier: GPL-2.0-or-later
// Winbond W25Q16JV data sheet, 8.1.2 (commands) and 9.6 (times). RP2040 data sheet 4.10.13 (SSI), 2.20 (SYSINFO), 2.8
// (what the boot ROM's functions do).
#include "peripherals/rp2040/rp2040_flash.h"

#include "peripherals/makers.h"
#include "peripherals/mcus/rp2040_rom.h"
#include "peripherals/rp2040/rp2040_device.h"
#include "peripherals/rp2040/rp2040_float.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>

namespace simprof {
namespace {

constexpr Address kXip = 0x10000000;
constexpr std::uint32_t kPage = 256;
/// The four views of the flash; code may have been translated from each.
constexpr std::array<Address, 4> kViews = {0x10000000, 0x11000000, 0x12000000, 0x13000000};

enum Command : std::uint8_t {
    kWriteStatus1 = 0x01,
    kPageProgram = 0x02,
    kRead = 0x03,
    kWriteDisable = 0x04,
    kReadStatus1 = 0x05,
    kWriteEnable = 0x06,
    kFastRead = 0x0B,
    kErase4K = 0x20,
    kWriteStatus2 = 0x31,
    kReadStatus2 = 0x35,
    kUniqueId = 0x4B,
    kErase32K = 0x52,
    kEraseChip60 = 0x60,
    kJedecId = 0x9F,
    kEraseChip = 0xC7,
    kErase64K = 0xD8,
};

} // namespace

std::uint8_t Rp2040Flash::transfer(std::uint8_t byte) {
    m_command.push_back(byte);
    const std::size_t position = m_command.size() - 1;
    if ((m_command[0] == kWriteStatus1 && position == 2) || (m_command[0] == kWriteStatus2 && position == 1)) {
        m_status2 = byte;
    }
    return position == 0 ? 0 : answer(position);
}

std::uint8_t Rp2040Flash::answer(std::size_t position) const {
    static constexpr std::array<std::uint8_t, 3> kJedec = {0xEF, 0x40, 0x15};
    switch (m_command[0]) {
    case kJedecId: return position > kJedec.size() ? 0 : kJedec[position - 1];
    case kUniqueId: return position < 5 ? 0 : static_cast<std::uint8_t>(0xE0 + position); // eight bytes of our own
    case kReadStatus1: return m_writeEnabled ? 2 : 0;
    case kReadStatus2: return m_status2;
    case kRead: return position < 4 ? 0 : memoryByte(position - 4);
    case kFastRead: return position < 5 ? 0 : memoryByte(position - 5);
    default: return 0;
    }
}

std::uint32_t Rp2040Flash::address() const {
    return m_command.size() < 4 ? 0
                                : std::uint32_t{m_command[1]} << 16 | std::uint32_t{m_command[2]} << 8 | m_command[3];
}

std::uint8_t Rp2040Flash::memoryByte(std::size_t index) const {
    std::array<std::byte, 1> one{std::byte{0xFF}};
    m_services.busRead("XIP_SSI", kXip + ((address() + static_cast<Address>(index)) & 0xFFFFFF), one);
    return std::to_integer<std::uint8_t>(one[0]);
}

void Rp2040Flash::deselect() {
    if (!m_command.empty()) {
        carryOut();
    }
    m_command.clear();
}

void Rp2040Flash::carryOut() {
    constexpr std::uint32_t kChipBytes = 2U << 20;
    const std::uint8_t command = m_command[0];
    if (command == kWriteEnable || command == kWriteDisable) {
        m_writeEnabled = command == kWriteEnable;
        return;
    }
    const std::uint32_t block = command == kErase4K    ? 4096
                                : command == kErase32K ? 32768
                                : command == kErase64K ? 65536
                                                       : 0;
    const bool chip = command == kEraseChip || command == kEraseChip60;
    const bool programs = command == kPageProgram && m_command.size() > 4;
    if (!m_writeEnabled || (!programs && !chip && (block == 0 || m_command.size() < 4))) {
        return;
    }
    m_writeEnabled = false;
    if (programs) { // addresses wrap within the page
        const std::uint32_t at = address();
        for (std::size_t i = 4; i < m_command.size(); ++i) {
            const std::uint32_t offset = (at + static_cast<std::uint32_t>(i - 4)) % kPage;
            program(at / kPage * kPage + offset, std::as_bytes(std::span(&m_command[i], 1)));
        }
    } else {
        erase(chip ? 0 : address() / block * block, chip ? kChipBytes : block);
    }
}

void Rp2040Flash::reset() {
    m_command.clear();
    m_writeEnabled = false;
    m_status2 = 0;
}

bool Rp2040Flash::erase(std::uint32_t offset, std::uint32_t size) {
    const std::vector<std::byte> erased(size, std::byte{0xFF});
    return std::ranges::all_of(kViews, [&](Address view) { return m_services.program(view + offset, erased); });
}

bool Rp2040Flash::program(std::uint32_t offset, std::span<const std::byte> bytes) {
    std::vector<std::byte> result(bytes.size());
    if (!m_services.busRead("XIP_SSI", kXip + offset, result)) {
        return false;
    }
    std::ranges::transform(result, bytes, result.begin(), [](std::byte old, std::byte set) { return old & set; });
    return std::ranges::all_of(kViews, [&](Address view) { return m_services.program(view + offset, result); });
}

unsigned ssiLineClocks(const SsiRead& read) {
    const auto bits = [](std::uint32_t from, unsigned at, unsigned width) { return from >> at & ((1U << width) - 1); };
    const unsigned divider = read.baudr & 0xFFFE;                        // SCKDV: an odd value is rounded down
    const unsigned lanes = 1U << std::min(bits(read.ctrlr0, 21, 2), 2U); // SPI_FRF: one, two or four lines
    const unsigned transfer = bits(read.spiCtrlr0, 0, 2);                // TRANS_TYPE
    const unsigned command = bits(read.spiCtrlr0, 8, 2) == 0 ? 0         // INST_L: none, 4, 8, 16 bits
                                                             : 2U << bits(read.spiCtrlr0, 8, 2);
    const unsigned address = 4 * bits(read.spiCtrlr0, 2, 4);            // ADDR_L: mode bits included
    const unsigned wait = lanes == 1 ? 0 : bits(read.spiCtrlr0, 11, 5); // WAIT_CYCLES: of dual and quad reads
    constexpr unsigned kLineBits = 64;
    return divider *
           (command / (transfer >= 2 ? lanes : 1) + address / (transfer == 0 ? 1 : lanes) + wait + kLineBits / lanes);
}

namespace {

/// The serial interface to the flash chip: second stages, unique identifiers, drivers of file systems.
class Rp2040Ssi final : public Rp2040Device, public Rp2040FlashBus {
public:
    Rp2040Ssi(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Rp2040Device(desc, services,
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
                        {0xF8, "TXD_DRIVE_EDGE"}})
        , m_flash(services) {}

    void overrideSelect(std::uint32_t mode) override {
        constexpr std::uint32_t kLow = 2;
        if (m_heldLow && mode != kLow) {
            m_flash.deselect();
        }
        m_heldLow = mode == kLow;
    }
    unsigned lineClocks() const override { return ssiLineClocks({value(kControl), value(kSpiControl), value(kBaud)}); }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset == kStatus) {
            if (!m_heldLow) {
                m_flash.deselect(); // the transmitter has run empty
            }
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
            m_answers.push_back(m_flash.transfer(static_cast<std::uint8_t>(written)));
            return;
        }
        store(offset, written, lanes);
        if (offset == kEnable && (written & 1U) == 0) {
            m_flash.deselect();
            m_answers.clear();
        } else if (offset == kEnable) { // the other registers are only written while it is off
            tellCache();
        }
    }
    void onReset() override {
        m_flash.reset();
        m_answers.clear();
        m_heldLow = false;
        tellCache();
    }

private:
    static constexpr std::uint32_t kControl = 0x00, kEnable = 0x08, kBaud = 0x14, kRxLevel = 0x24, kStatus = 0x28,
                                   kData = 0x60, kSpiControl = 0xF4;

    void tellCache() {
        if (auto* cache = dynamic_cast<Rp2040XipCache*>(services().peripheral("XIP_CTRL"))) {
            cache->busChanged();
        }
    }

    Rp2040Flash m_flash;
    std::deque<std::uint8_t> m_answers;
    bool m_heldLow = false; ///< the chip select's pin is driven by software
};

/// Besides its registers it does what the stubs of our boot ROM ask for.
class Rp2040Sysinfo final : public Rp2040Device {
public:
    Rp2040Sysinfo(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Rp2040Device(desc, services,
                       {{0x00, "CHIP_ID", 0x20002927, 0}, // revision B2, ASIC
                        {0x04, "PLATFORM", 2, 0},
                        {0x40, "GITREF_RP2040", 0, 0},
                        {kRp2040RomData, "boot ROM"},
                        {kRp2040RomData + 4, "boot ROM"},
                        {kRp2040RomData + 8, "boot ROM"},
                        {kRp2040RomData + 12, "boot ROM"},
                        {kRp2040RomCall, "boot ROM"},
                        {kRp2040RomRounds, "boot ROM", 0, 0},
                        {kRp2040RomReport, "boot ROM", 0, 0}})
        , m_flash(services) {}

protected:
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        store(offset, written, lanes);
        if (offset == kRp2040RomCall) {
            RomRegisters registers{};
            for (unsigned i = 0; i < registers.size(); ++i) {
                registers[i] = value(kRp2040RomData + 4 * i);
            }
            setValue(kRp2040RomRounds, 0);
            registers = call(written, registers);
            for (unsigned i = 0; i < registers.size(); ++i) {
                setValue(kRp2040RomData + 4 * i, registers[i]);
            }
        } else if (offset == kRp2040RomReport && written == kRp2040RomRefusal) { // a report's line shows all of each
            services().reportEvent("boot ROM: " + wrongSecondStage());
            services().reportEvent("boot ROM: link boot2 with its CRC-32 to 0x10000000");
        } else if (offset == kRp2040RomReport && written == kRp2040RomUsbBoot) {
            services().reportEvent("boot ROM: firmware asked for USB boot, core sleeps");
        }
    }

private:
    RomRegisters call(std::uint32_t number, const RomRegisters& registers) {
        if (number < kRp2040RomErase) {
            const unsigned index = number % kRp2040FloatFunctions;
            if (!romFloatIsDocumented(index)) {
                services().reportEvent(
                    fmt::format("boot ROM: firmware calls entry 0x{:02X} of a float table, not documented", 4 * index));
                return {};
            }
            return number < kRp2040RomDouble ? romFloat(index, registers) : romDouble(index, registers);
        }
        switch (number) {
        case kRp2040RomErase: erase(registers[0], registers[1]); break;
        case kRp2040RomProgram: program(registers[0], registers[1], registers[2]); break;
        case kRp2040RomUnknown:
            services().reportEvent(
                fmt::format("boot ROM: firmware asks for {}, which it does not have", codeText(registers[0])));
            return {};
        case kRp2040RomWaitForVector:
            services().reportEvent("boot ROM: wait_for_vector is for the second core, which is not modelled");
            break;
        default: break;
        }
        return registers;
    }

    static std::string codeText(std::uint32_t code) {
        const char first = static_cast<char>(code), second = static_cast<char>(code >> 8);
        const auto printable = [](char c) { return c > 0x20 && c < 0x7F; };
        return code < 0x10000 && printable(first) && printable(second) ? fmt::format("'{}{}'", first, second)
                                                                       : fmt::format("0x{:04X}", code);
    }

    /// flash_range_erase: whole sectors of 4 KiB, by larger blocks where they fit.
    void erase(std::uint32_t offset, std::uint32_t size) {
        constexpr std::uint32_t kSector = 4096, kBlock = 65536;
        if (!m_flash.erase(offset, size)) {
            services().reportEvent(
                fmt::format("boot ROM: erasing {} bytes at flash offset 0x{:X} is beyond the flash", size, offset));
            return;
        }
        constexpr std::uint64_t kSectorTime = 45'000'000, kBlockTime = 150'000'000; // ns, typical
        std::uint64_t time = 0;
        for (std::uint64_t at = offset, end = at + size; at < end;) {
            const bool block = at % kBlock == 0 && end - at >= kBlock;
            time += block ? kBlockTime : kSectorTime;
            at += block ? kBlock : kSector;
        }
        takes(time);
    }

    /// flash_range_program: whole pages.
    void program(std::uint32_t offset, Address source, std::uint32_t size) {
        std::vector<std::byte> bytes(std::min<std::uint32_t>(size, 16U << 20));
        if (!services().busRead("boot ROM", source, bytes) || !m_flash.program(offset, bytes)) {
            services().reportEvent(fmt::format(
                "boot ROM: programming {} bytes at flash offset 0x{:X} is beyond the flash or its data", size, offset));
            return;
        }
        constexpr std::uint64_t kPageTime = 400'000; // ns, typical
        takes((size + kPage - 1) / kPage * kPageTime);
    }

    /// The stub waits as long in rounds of three cycles.
    void takes(std::uint64_t nanoseconds) {
        const std::uint64_t rounds = nanoseconds * (services().coreClock() / 1000) / 3'000'000;
        setValue(kRp2040RomRounds, static_cast<std::uint32_t>(std::min<std::uint64_t>(rounds, 0x7FFFFFFF)));
    }

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

    Rp2040Flash m_flash;
};

} // namespace

std::span<const PeripheralMaker> rp2040FlashMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"rp2040_ssi", "flash commands: identify, read, erase, program", makeDevice<Rp2040Ssi>},
        {"rp2040_sysinfo", "chip revision; what the boot ROM refuses", makeDevice<Rp2040Sysinfo>},
    };
    return kMakers;
}

} // namespace simprof
