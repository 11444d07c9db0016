// SPDX-License-Identifier: GPL-2.0-or-later
// Flash controller and factory information: nRF51 series reference manual v3.0, 6.2 (NVMC) and 7.1 (FICR); nRF52840
// product specification v1.7, 4.3 (NVMC) and 4.4 (FICR). Wait states of the nRF52840 flash: PS 5.3 (CPU runs CoreMark
// from flash with and without cache); the same figure as the reset row of the memory table.
#include "peripherals/makers.h"
#include "peripherals/nrf/nrf_device.h"
#include "peripherals/wiring.h"

#include <algorithm>
#include <array>
#include <vector>

namespace simprof {
namespace {

class NrfNvmc final : public RegisterFile, public FlashController {
public:
    NrfNvmc(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : RegisterFile(desc, services,
                       {{kReady, "READY", 1, 0},
                        {0x408, "READYNEXT", 1, 0},
                        {kConfig, "CONFIG", 0, 3},
                        {kErasePage, "ERASEPAGE"},
                        {kEraseAll, "ERASEALL"},
                        {0x510, "ERASEPCR0"},
                        {kEraseUicr, "ERASEUICR"},
                        {kIcache, "ICACHECNF", 0, 0x101},
                        {0x548, "IHIT"},
                        {0x54C, "IMISS"}})
        , m_cached(board.mcu->family == McuFamily::Nrf52)
        , m_page(numberOf(desc, "page", 4096))
        , m_flash(flashSize(*board.mcu))
        , m_writeNanoseconds(board.mcu->family == McuFamily::Nrf51 ? 46'300 : 41'000)
        , m_eraseNanoseconds(board.mcu->family == McuFamily::Nrf51 ? 22'300'000 : 85'000'000) {}

    bool storeToFlash(Address address, unsigned size, std::uint32_t value) override {
        if ((this->value(kConfig) & 3U) != 1 || size != 4) {
            services().reportEvent(name() + ": write to flash without CONFIG.WEN = write");
            return false;
        }
        std::array<std::byte, 4> bytes{};
        services().busRead(name(), address, bytes);
        for (unsigned index = 0; index < 4; ++index) { // programming only clears bits
            bytes[index] &= static_cast<std::byte>(value >> (8 * index));
        }
        occupy(m_writeNanoseconds);
        return services().program(address, bytes);
    }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        return offset == kReady || offset == 0x408 ? (services().nowNanoseconds() >= m_readyAt ? 1 : 0) : value(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        store(offset, written, lanes);
        if (offset == kIcache && m_cached) {
            applyCache();
        } else if (offset == kErasePage || offset == 0x510) {
            erase(written & ~(m_page - 1U), m_page);
        } else if (offset == kEraseAll && (written & 1U) != 0) {
            erase(0, m_flash);
        } else if (offset == kEraseUicr && (written & 1U) != 0) {
            erase(0x10001000, 0x400);
        }
    }
    void onReset() override {
        m_readyAt = 0;
        if (m_cached) {
            applyCache();
        }
    }

private:
    static constexpr std::uint32_t kReady = 0x400, kConfig = 0x504, kErasePage = 0x508, kEraseAll = 0x50C,
                                   kEraseUicr = 0x514, kIcache = 0x540;

    static std::uint32_t flashSize(const McuDesc& mcu) {
        for (const MemoryDesc& memory : mcu.memories) {
            if (memory.kind == MemoryKind::Flash && memory.range.begin == 0) {
                return static_cast<std::uint32_t>(memory.range.size);
            }
        }
        return 0;
    }
    void applyCache() {
        services().setMemory("nrf52_flash",
                             {.waitStates = 2, .prefetch = false, .icache = bit(kIcache, 0), .dcache = false});
    }

    void erase(Address begin, std::uint32_t size) {
        if ((value(kConfig) & 3U) != 2) {
            services().reportEvent(name() + ": erase without CONFIG.WEN = erase ignored");
            return;
        }
        const std::vector<std::byte> blank(size, std::byte{0xFF});
        if (!services().program(begin, blank)) {
            services().reportEvent(name() + ": erase outside the flash");
        }
        occupy(m_eraseNanoseconds);
    }
    void occupy(std::uint64_t nanoseconds) {
        m_readyAt = std::max(m_readyAt, services().nowNanoseconds()) + nanoseconds;
    }

    bool m_cached;
    std::uint32_t m_page;
    std::uint32_t m_flash;
    std::uint64_t m_writeNanoseconds, m_eraseNanoseconds; ///< typical: nRF51822 PS 8.10; nRF52840 PS 4.3.9
    std::uint64_t m_readyAt = 0;
};

/// Read-only words of the factory; identifiers are fixed ones of our own.
class NrfFicr final : public RegisterFile {
public:
    NrfFicr(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services, rows(desc)) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override { return models(offset) ? value(offset) : 0xFFFFFFFF; }
    void onWrite(std::uint32_t, std::uint32_t, std::uint32_t) override {
        services().reportEvent(name() + ": write to the factory area ignored");
    }

private:
    static std::vector<RegisterRow> rows(const PeripheralDesc& desc) {
        const std::uint32_t page = numberOf(desc, "page", 4096);
        const std::uint32_t flash = numberOf(desc, "flash_kb", 0) * 1024;
        const std::uint32_t ram = numberOf(desc, "ram_kb", 0);
        std::vector<RegisterRow> result = {{0x10, "CODEPAGESIZE", page, 0},
                                           {0x14, "CODESIZE", flash / page, 0},
                                           {0x60, "DEVICEID0", 0x51F00D01, 0},
                                           {0x64, "DEVICEID1", 0x5E1F1D02, 0},
                                           {0x80, "ER0", 0x01234567, 0},
                                           {0x84, "ER1", 0x89ABCDEF, 0},
                                           {0x88, "ER2", 0x76543210, 0},
                                           {0x8C, "ER3", 0xFEDCBA98, 0},
                                           {0x90, "IR0", 0x10325476, 0},
                                           {0x94, "IR1", 0x98BADCFE, 0},
                                           {0x98, "IR2", 0x67452301, 0},
                                           {0x9C, "IR3", 0xEFCDAB89, 0},
                                           {0xA0, "DEVICEADDRTYPE", 0xFFFFFFFF, 0},
                                           {0xA4, "DEVICEADDR0", 0x5A17C0DE, 0},
                                           {0xA8, "DEVICEADDR1", 0xFFFFD00D, 0}};
        if (numberOf(desc, "part", 0) == 0) { // nRF51
            const std::uint32_t blocks = ram / 8;
            for (const RegisterRow& row : {RegisterRow{0x28, "CLENR0", 0xFFFFFFFF, 0},
                                           {0x2C, "PPFC", 0xFF, 0},
                                           {0x34, "NUMRAMBLOCK", blocks, 0},
                                           {0x38, "SIZERAMBLOCK0", 8192, 0},
                                           {0x3C, "SIZERAMBLOCK1", 8192, 0},
                                           {0x40, "SIZERAMBLOCK2", 0, 0},
                                           {0x44, "SIZERAMBLOCK3", 0, 0},
                                           {0x5C, "CONFIGID", 0xFFFF0083, 0},
                                           {0xAC, "OVERRIDEEN", 0xFFFFFFFF, 0}}) {
                result.push_back(row);
            }
        } else {
            for (const RegisterRow& row : {RegisterRow{0x100, "INFO.PART", numberOf(desc, "part", 0), 0},
                                           {0x104, "INFO.VARIANT", numberOf(desc, "variant", 0), 0},
                                           {0x108, "INFO.PACKAGE", 0x2004, 0},
                                           {0x10C, "INFO.RAM", ram, 0},
                                           {0x110, "INFO.FLASH", flash / 1024, 0},
                                           {0x130, "PARTNO", numberOf(desc, "partno", 0), 0},
                                           {0x134, "REVISION", numberOf(desc, "revision", 0), 0}}) {
                result.push_back(row);
            }
        }
        return result;
    }
};

} // namespace

std::span<const PeripheralMaker> nrfMemoryMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"nrf_nvmc", "erase and write with their durations, instruction cache", makeDevice<NrfNvmc>},
        {"nrf_ficr", "page size, memory sizes, identifiers", makeDevice<NrfFicr>},
    };
    return kMakers;
}

} // namespace simprof
