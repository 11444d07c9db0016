// SPDX-License-Identifier: GPL-2.0-or-later
// Apollo3 Blue system blocks, data sheet: reset generator 3.9, cache controller 4.3, power control 5.3, clock
// generator 8.3, MCU control 3.10, GPIO 11.7, UART 12.6.
#include "peripherals/clock_tree.h"
#include "peripherals/gpio/gpio.h"
#include "peripherals/makers.h"
#include "peripherals/uart/pl011.h"

namespace simprof {
namespace {

class Apollo3Clkgen final : public RegisterFile, public ClockTree {
public:
    Apollo3Clkgen(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : RegisterFile(desc, services,
                       {{0x00, "CALXT"},
                        {0x04, "CALRC"},
                        {0x08, "ACALCTR", 0, 0},
                        {0x0C, "OCTRL"},
                        {0x10, "CLKOUT"},
                        {kKey, "CLKKEY"},
                        {kCctrl, "CCTRL", 1, 1},
                        {0x1C, "STATUS", 0, 0},
                        {0x20, "HFADJ", 0x25B800},
                        {kFreqctrl, "FREQCTRL", 0, 1},
                        {0x3C, "BLEBUCKTONADJ"},
                        {0x100, "INTRPTEN"},
                        {0x104, "INTRPTSTAT", 0, 0},
                        {0x108, "INTRPTCLR"},
                        {0x10C, "INTRPTSET"}})
        , m_hasCrystal(board.oscillators.contains("XT")) {}

    Hertz frequency(std::string_view line) override {
        return line == "HFRC"   ? 48'000'000
               : line == "XT"   ? (m_hasCrystal && !bit(0x0C, 0) ? 32'768 : 0)
               : line == "LFRC" ? 1024
                                : services().coreClock();
    }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        return offset == kKey        ? (m_unlocked ? 1 : 0)
               : offset == kFreqctrl ? (bit(kFreqctrl, 0) ? 7 : 0)
                                     : value(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == kKey) {
            m_unlocked = written == 0x47;
            return;
        }
        if (offset == kCctrl && !m_unlocked) {
            services().reportEvent(name() + ": write to the locked register CCTRL");
            return;
        }
        store(offset, written, lanes);
        if (offset == kCctrl || offset == kFreqctrl) {
            const Hertz hertz = bit(kFreqctrl, 0) ? 96'000'000 : bit(kCctrl, 0) ? 24'000'000 : 48'000'000;
            announceChange();
            if (hertz != services().coreClock()) {
                services().setCoreClock(hertz);
            }
            completeChange();
        }
    }
    void onReset() override { m_unlocked = false; }

private:
    static constexpr std::uint32_t kKey = 0x14, kCctrl = 0x18, kFreqctrl = 0x34;
    bool m_hasCrystal;
    bool m_unlocked = false;
};

class Apollo3Pwrctrl final : public RegisterFile {
public:
    Apollo3Pwrctrl(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services,
                       {{0x00, "SUPPLYSRC", 0, 1},
                        {0x04, "SUPPLYSTATUS", 1, 0},
                        {kEnable, "DEVPWREN", 0, 0x3FFF},
                        {0x0C, "MEMPWDINSLEEP", 0x6000},
                        {0x10, "MEMPWREN", 0xC0007FFF},
                        {0x14, "MEMPWRSTATUS", 0x1FFFF, 0},
                        {kStatus, "DEVPWRSTATUS", 3, 0},
                        {0x1C, "SRAMCTRL"},
                        {0x20, "ADCSTATUS", 0x3F, 0},
                        {0x24, "MISC"},
                        {0x28, "DEVPWREVENTEN"},
                        {0x2C, "MEMPWREVENTEN"}}) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        switch (offset) {
        case 0x04: return 1U | value(0x00) << 1;
        case 0x14: return (value(0x10) & 0x7FFFU) | (value(0x10) >> 30) << 15;
        case kStatus: return status();
        default: return value(offset);
        }
    }

private:
    static constexpr std::uint32_t kEnable = 0x08, kStatus = 0x18;
    /// Devices share power domains: HCPA slave, UARTs, smart card; HCPB masters 0 to 2; HCPC masters 3 to 5.
    std::uint32_t status() const {
        struct Domain {
            std::uint32_t devices;
            unsigned bit;
        };
        static constexpr Domain kDomains[] = {{0x581, 2}, {0x00E, 3},  {0x070, 4}, {0x200, 5},
                                              {0x800, 6}, {0x1000, 7}, {0x2000, 8}};
        std::uint32_t result = 3;
        for (const Domain& domain : kDomains) {
            result |= (value(kEnable) & domain.devices) != 0 ? 1U << domain.bit : 0;
        }
        return result;
    }
};

class Apollo3Cachectrl final : public RegisterFile {
public:
    Apollo3Cachectrl(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services,
                       {{0x00, "CACHECFG", 0x100C50, 0x1100FFF},
                        {0x04, "FLASHCFG", 0x873, 0x3FFF},
                        {0x08, "CTRL"},
                        {0x10, "NCR0START"},
                        {0x14, "NCR0END"},
                        {0x18, "NCR1START"},
                        {0x1C, "NCR1END"}}) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        return offset == 0x08 ? (bit(0x00, 0) ? 4U : 0U) : value(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        store(offset, written, lanes);
        if (offset == 0x08 && (written & 1U) != 0) { // INVALIDATE
            services().setMemory("apollo3_flash", {});
        }
        if (offset == 0x00 || offset == 0x08) {
            apply();
        }
    }
    void onReset() override { apply(); }

private:
    void apply() {
        const bool on = bit(0x00, 0);
        services().setMemory(
            "apollo3_flash",
            {.waitStates = 0, .prefetch = false, .icache = on && bit(0x00, 8), .dcache = on && bit(0x00, 9)});
    }
};

class Apollo3Mcuctrl final : public RegisterFile {
public:
    Apollo3Mcuctrl(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services,
                       {{0x00, "CHIPPN", 0x06672198, 0},
                        {0x04, "CHIPID0", 0x5EED0003, 0},
                        {0x08, "CHIPID1", 0xA0110003, 0},
                        {0x0C, "CHIPREV", 0x21, 0},
                        {0x10, "VENDORID", 0x414D4251, 0},
                        {0x14, "SKU", 3, 0},
                        {kFeatures, "FEATUREENABLE", 0, 0x11},
                        {0x20, "DEBUGGER"},
                        {0x100, "BODCTRL"},
                        {0x104, "ADCPWRDLY"},
                        {0x10C, "ADCCAL", 1},
                        {0x110, "ADCBATTLOAD"},
                        {0x118, "ADCTRIM", 0x200},
                        {0x11C, "ADCREFCOMP"},
                        {0x120, "XTALCTRL", 0x358},
                        {0x124, "XTALGENCTRL", 0x100},
                        {0x198, "MISCCTRL"},
                        {0x1A0, "BOOTLOADER", 7},
                        {0x1A4, "SHADOWVALID", 7, 0},
                        {0x1B0, "SCRATCH0"},
                        {0x1B4, "SCRATCH1"},
                        {0x1C0, "ICODEFAULTADDR", 0, 0},
                        {0x1C4, "DCODEFAULTADDR", 0, 0},
                        {0x1C8, "SYSFAULTADDR", 0, 0},
                        {0x1CC, "FAULTSTATUS", 0, 0},
                        {0x1D0, "FAULTCAPTUREEN"},
                        {0x200, "DBGR1", 0x12345678, 0},
                        {0x204, "DBGR2", 0xC001C0DE, 0},
                        {0x220, "PMUENABLE", 1},
                        {0x250, "TPIUCTRL"},
                        {0x280, "APBDMACTRL", 0x203},
                        {0x284, "SRAMMODE"},
                        {0x348, "KEXTCLKSEL"},
                        {0x354, "SIMOBUCK2", 0xAA0000},
                        {0x358, "SIMOBUCK3", 0x5000AAAA},
                        {0x35C, "SIMOBUCK4", 0x3C8D80AA},
                        {0x368, "BLEBUCK2", 0x4E},
                        {0x3A0, "FLASHWPROT0"},
                        {0x3A4, "FLASHWPROT1"},
                        {0x3B0, "FLASHRPROT0"},
                        {0x3B4, "FLASHRPROT1"},
                        {0x3C0, "DMASRAMWRITEPROTECT0"},
                        {0x3C4, "DMASRAMWRITEPROTECT1"},
                        {0x3D0, "DMASRAMREADPROTECT0"},
                        {0x3D4, "DMASRAMREADPROTECT1"}}) {}

protected:
    /// Burst mode and Bluetooth are acknowledged and available once requested.
    std::uint32_t onRead(std::uint32_t offset) override {
        return offset == kFeatures ? value(kFeatures) * 7U : value(offset);
    }

private:
    static constexpr std::uint32_t kFeatures = 0x18;
};

/// SWPOI and SWPOR reset the MCU with their keys.
class Apollo3Rstgen final : public RegisterFile {
public:
    Apollo3Rstgen(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services,
                       {{0x00, "CFG"},
                        {0x04, "SWPOI"},
                        {0x08, "SWPOR"},
                        {0x14, "TPIURST"},
                        {0x200, "INTEN"},
                        {0x204, "INTSTAT", 0, 0},
                        {0x208, "INTCLR"},
                        {0x20C, "INTSET"}}) {}

protected:
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if ((offset == 0x04 && written == 0x1B) || (offset == 0x08 && written == 0xD4)) {
            services().requestReset("software reset (" + name() + " " + std::string(registerName(offset)) + ")");
            return;
        }
        store(offset, written, lanes);
    }
};

class Apollo3Uart final : public Pl011 {
public:
    Apollo3Uart(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Pl011(desc, services, {}) {}

protected:
    /// CR.CLKSEL: 24, 12, 6, 3 MHz while CLKEN is set.
    Hertz uartClock() const override {
        const std::uint32_t selection = field(0x30, 4, 3);
        return bit(0x30, 3) && selection >= 1 && selection <= 4 ? 48'000'000U >> selection : 0;
    }
};

/// Pads 0 to 49: registers of 32 and 18 bits, PADKEY; pin interrupts are not modelled.
class Apollo3Gpio final : public RegisterFile, public GpioPort {
public:
    Apollo3Gpio(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services, rows()) {}

    void drive(unsigned pin, bool level) override {
        const std::uint64_t mask = std::uint64_t{1} << pin;
        m_driven |= mask;
        m_outside = level ? m_outside | mask : m_outside & ~mask;
    }
    bool output(unsigned pin) const override { return value(kWt + 4 * (pin / 32)) >> (pin % 32) & 1U; }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset == kRd || offset == kRd + 4) {
            const unsigned shift = offset == kRd ? 0 : 32;
            const auto outside = static_cast<std::uint32_t>((m_outside & m_driven) >> shift);
            const auto driven = static_cast<std::uint32_t>(m_driven >> shift);
            return (value(offset - kRd + kWt) & ~driven) | outside;
        }
        return offset == kPadkey ? (m_unlocked ? 1 : 0) : value(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == kPadkey) {
            m_unlocked = written == 0x73;
            return;
        }
        if ((offset < kPadkey || (offset >= 0xE0 && offset < 0x114)) && !m_unlocked) {
            services().reportEvent(name() + ": write to the locked register " + std::string(registerName(offset)));
            return;
        }
        const std::uint32_t half = offset & 4U;
        switch (offset & ~4U) {
        case 0x90: writeOutputs(half, value(kWt + half) | written); return;
        case 0x98: writeOutputs(half, value(kWt + half) & ~written); return;
        case 0xA8: setBits(0xA0 + half, written); return;
        default: break;
        }
        if (offset == 0xB4 || offset == 0xB8) {
            clearBits(0xA0 + (offset - 0xB4), written);
        } else if (offset == kWt || offset == kWt + 4) {
            writeOutputs(half, written);
        } else {
            store(offset, written, lanes);
        }
    }
    void onReset() override { m_unlocked = false; }

private:
    static constexpr std::uint32_t kPadkey = 0x60, kRd = 0x80, kWt = 0x88;

    static std::vector<RegisterRow> rows() {
        std::vector<RegisterRow> result;
        for (std::uint32_t offset = 0; offset < 0x34; offset += 4) {
            result.push_back({offset, "PADREG", offset == 0x14 ? 0x18180303U : 0x18181818U});
        }
        for (std::uint32_t offset = 0x40; offset <= 0x58; offset += 4) {
            result.push_back({offset, "CFG", offset == 0x48 ? 0x110000U : 0U});
        }
        for (std::uint32_t offset = 0xE0; offset < 0x114; offset += 4) {
            result.push_back({offset, "ALTPADCFG"});
        }
        for (const RegisterRow& row : {RegisterRow{kPadkey, "PADKEY"},
                                       {kRd, "RDA", 0, 0},
                                       {0x84, "RDB", 0, 0},
                                       {kWt, "WTA"},
                                       {0x8C, "WTB", 0, 0x3FFFF},
                                       {0x90, "WTSA"},
                                       {0x94, "WTSB"},
                                       {0x98, "WTCA"},
                                       {0x9C, "WTCB"},
                                       {0xA0, "ENA"},
                                       {0xA4, "ENB"},
                                       {0xA8, "ENSA"},
                                       {0xAC, "ENSB"},
                                       {0xB4, "ENCA"},
                                       {0xB8, "ENCB"}}) {
            result.push_back(row);
        }
        return result;
    }
    void writeOutputs(std::uint32_t half, std::uint32_t levels) {
        const std::uint32_t before = value(kWt + half);
        setValue(kWt + half, levels);
        if (half == 0) { // observers know the first 32 pads
            outputsChanged(before ^ levels, levels);
        }
    }

    bool m_unlocked = false;
    std::uint64_t m_driven = 0, m_outside = 0;
};

} // namespace

std::span<const PeripheralMaker> apollo3SystemMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"apollo3_clkgen", "core clock of 24, 48 or 96 MHz", makeDevice<Apollo3Clkgen>},
        {"apollo3_pwrctrl", "power domains", makeDevice<Apollo3Pwrctrl>},
        {"apollo3_cachectrl", "flash cache on and off", makeDevice<Apollo3Cachectrl>},
        {"apollo3_mcuctrl", "identification, features", makeDevice<Apollo3Mcuctrl>},
        {"apollo3_rstgen", "software resets", makeDevice<Apollo3Rstgen>},
        {"apollo3_uart", "PL011 with its own clock selection", makeDevice<Apollo3Uart>},
        {"apollo3_gpio", "pads, outputs and inputs", makeDevice<Apollo3Gpio>},
    };
    return kMakers;
}

} // namespace simprof
