// SPDX-License-Identifier: GPL-2.0-or-later
// Power controllers: what start-up code waits for. L4 RM0432 5.4, F4 RM0090 5.4, F7 RM0385 4.4, H7 RM0399 7.8, H7A3
// RM0455 6.8, G0 RM0444 4.4, L0 RM0367 6.4. Voltage scaling and over-drive are ready at once.
#include "peripherals/makers.h"
#include "peripherals/register_file.h"

#include <algorithm>
#include <string>
#include <utility>

namespace simprof {
namespace {

/// A status bit and the control bit it follows; `always` bits stay set.
struct Follow {
    std::uint32_t offset;
    unsigned status;
    std::uint32_t from;
    unsigned control;
    bool always;
};

class Stm32Pwr : public RegisterFile {
public:
    Stm32Pwr(const PeripheralDesc& desc, MachineServices& services, std::vector<RegisterRow> rows,
             std::vector<Follow> follows)
        : RegisterFile(desc, services, std::move(rows))
        , m_follows(std::move(follows)) {}

protected:
    void onWrite(std::uint32_t offset, std::uint32_t value, std::uint32_t lanes) override {
        store(offset, value, lanes);
        settle();
        services().setPower(setting());
    }
    void onReset() override {
        settle();
        services().setPower(setting());
    }
    /// What its registers make of the running core and of SLEEPDEEP.
    virtual PowerSetting setting() const = 0;

    virtual void settle() {
        for (const Follow& follow : m_follows) {
            if (follow.always || bit(follow.from, follow.control)) {
                setBits(follow.offset, 1U << follow.status);
            } else {
                clearBits(follow.offset, 1U << follow.status);
            }
        }
    }

private:
    std::vector<Follow> m_follows;
};

/// PWR_CR1 as the L4+ and the G0 have it: VOS, LPR and LPMS (RM0432 5.4.1, RM0444 4.4.1).
PowerSetting rangeSetting(std::uint32_t cr1, const char* range1) {
    constexpr std::uint32_t kVos = 3U << 9, kVosRange2 = 2U << 9, kLpr = 1U << 14, kLpms = 7;
    const std::string run = (cr1 & kLpr) != 0 ? "low-power run" : (cr1 & kVos) == kVosRange2 ? "range 2" : range1;
    switch (cr1 & kLpms) {
    case 0: return {run, PowerState::Stop, "Stop 0"};
    case 1: return {run, PowerState::Stop, "Stop 1"};
    case 2: return {run, PowerState::Stop, "Stop 2"};
    case 3: return {run, PowerState::Standby, "Standby"};
    default: return {run, PowerState::Standby, "Shutdown"};
    }
}

/// PDDS, LPDS and FPDS of the F4 and F7 (RM0090 5.4.1, RM0385 4.4.1).
PowerSetting scaleSetting(std::uint32_t cr, std::string run) {
    constexpr std::uint32_t kLpds = 1, kPdds = 2, kFpds = 1U << 9;
    if ((cr & kPdds) != 0) {
        return {std::move(run), PowerState::Standby, "Standby"};
    }
    return {std::move(run), PowerState::Stop,
            std::string((cr & kLpds) != 0 ? "low-power regulator" : "main regulator") +
                ((cr & kFpds) != 0 ? ", flash off" : "")};
}

class Stm32L4Pwr final : public Stm32Pwr {
public:
    Stm32L4Pwr(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Pwr(desc, services,
                   {{0x00, "CR1", 0x200}, {0x04, "CR2"},           {0x08, "CR3", 0x8000}, {0x0C, "CR4"},
                    {0x10, "SR1", 0, 0},  {0x14, "SR2", 0x100, 0}, {0x18, "SCR", 0, 0},   {0x20, "PUCRA"},
                    {0x24, "PDCRA"},      {0x28, "PUCRB"},         {0x2C, "PDCRB"},       {0x30, "PUCRC"},
                    {0x34, "PDCRC"},      {0x38, "PUCRD"},         {0x3C, "PDCRD"},       {0x40, "PUCRE"},
                    {0x44, "PDCRE"},      {0x48, "PUCRF"},         {0x4C, "PDCRF"},       {0x50, "PUCRG"},
                    {0x54, "PDCRG"},      {0x58, "PUCRH"},         {0x5C, "PDCRH"},       {0x60, "PUCRI"},
                    {0x64, "PDCRI"},      {0x80, "CR5", 0x100}},
                   {{0x14, 8, 0, 0, true}, {0x14, 9, 0x00, 14, false}}) {} // REGLPS; REGLPF follows CR1.LPR

protected:
    PowerSetting setting() const override {
        return rangeSetting(value(0x00), bit(0x80, 8) ? "range 1" : "range 1 boost"); // CR5.R1MODE
    }
};

class Stm32G0Pwr final : public Stm32Pwr {
public:
    Stm32G0Pwr(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Pwr(desc, services,
                   {{0x00, "CR1", 0x208},
                    {0x04, "CR2"},
                    {0x08, "CR3", 0x8000},
                    {0x0C, "CR4"},
                    {0x10, "SR1", 0, 0},
                    {0x14, "SR2", 0x180, 0},
                    {0x18, "SCR", 0, 0},
                    {0x20, "PUCRA"},
                    {0x24, "PDCRA"},
                    {0x28, "PUCRB"},
                    {0x2C, "PDCRB"},
                    {0x30, "PUCRC"},
                    {0x34, "PDCRC"},
                    {0x38, "PUCRD"},
                    {0x3C, "PDCRD"},
                    {0x40, "PUCRE"},
                    {0x44, "PDCRE"},
                    {0x48, "PUCRF"},
                    {0x4C, "PDCRF"}},
                   {{0x14, 7, 0, 0, true}, {0x14, 8, 0, 0, true}, {0x14, 9, 0x00, 14, false}}) {
    } // FLASH_RDY, REGLPS, REGLPF

protected:
    PowerSetting setting() const override { return rangeSetting(value(0x00), "range 1"); }
};

class Stm32F4Pwr final : public Stm32Pwr {
public:
    Stm32F4Pwr(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Pwr(desc, services, {{0x00, "CR", 0x4000}, {0x04, "CSR", 0x4000, 0x300}},
                   {{0x04, 14, 0, 0, true}, {0x04, 3, 0x04, 9, false}}) {} // VOSRDY; BRR follows BRE

protected:
    PowerSetting setting() const override {
        return scaleSetting(value(0x00), bit(0x00, 14) ? "scale 1" : "scale 2"); // CR.VOS
    }
};

class Stm32F7Pwr final : public Stm32Pwr {
public:
    Stm32F7Pwr(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Pwr(desc, services,
                   {{0x00, "CR1", 0xC000}, {0x04, "CSR1", 0x4000, 0x300}, {0x08, "CR2"}, {0x0C, "CSR2", 0, 0x3F00}},
                   // VOSRDY; ODRDY follows ODEN; ODSWRDY follows ODSWEN; BRR follows BRE
                   {{0x04, 14, 0, 0, true},
                    {0x04, 16, 0x00, 16, false},
                    {0x04, 17, 0x00, 17, false},
                    {0x04, 3, 0x04, 9, false}}) {}

protected:
    PowerSetting setting() const override {
        const std::uint32_t scale = field(0x00, 14, 2); // CR1.VOS
        return scaleSetting(value(0x00), scale == 3 ? "scale 1" : scale == 2 ? "scale 2" : "scale 3");
    }
};

class Stm32L0Pwr final : public Stm32Pwr {
public:
    Stm32L0Pwr(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Pwr(desc, services, {{0x00, "CR", 0x1000}, {0x04, "CSR", 0x8, 0x700}},
                   {{0x04, 3, 0, 0, true}, {0x04, 5, 0x00, 14, false}}) {} // VREFINTRDYF; REGLPF follows LPRUN

protected:
    /// RM0367 6.4.1: LPRUN, VOS, PDDS, LPSDSR.
    PowerSetting setting() const override {
        const std::string run = bit(0x00, 14) ? "low-power run" : "range " + std::to_string(field(0x00, 11, 2));
        if (bit(0x00, 1)) {
            return {run, PowerState::Standby, "Standby"};
        }
        return {run, PowerState::Stop, bit(0x00, 0) ? "low-power regulator" : "main regulator"};
    }
};

class Stm32H7Pwr final : public Stm32Pwr {
public:
    Stm32H7Pwr(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Pwr(desc, services,
                   {{0x00, "CR1", 0xF000C000},
                    {0x04, "CSR1", 0x6000, 0},
                    {0x08, "CR2"},
                    {0x0C, "CR3", 0x6},
                    {0x10, "CPUCR"},
                    {0x14, "CPU2CR"},
                    {0x18, "D3CR", 0x6000, 0xC000},
                    {0x20, "WKUPCR"},
                    {0x24, "WKUPFR", 0, 0},
                    {0x28, "WKUPEPR"}},
                   {{0x08, 16, 0x08, 0, false}, {0x0C, 26, 0x0C, 24, false}}) {} // BRRDY follows BREN; USB33RDY

protected:
    void settle() override {
        Stm32Pwr::settle();
        setBits(0x18, 1U << 13);                                                    // VOSRDY
        setValue(0x04, (value(0x04) & ~0xE000U) | (value(0x18) & 0xC000) | 0x2000); // ACTVOS follows VOS, ACTVOSRDY
    }
    /// D3CR.VOS counts the other way round on the H7A3 (RM0399 7.8.8, RM0455 6.8.8); CPUCR.PDDS and CR1.SVOS. VOS0 of
    /// the H747 is SYSCFG_PWRCR.ODEN on top of VOS1, and looks like VOS1 here.
    PowerSetting setting() const override {
        const std::uint32_t vos = field(0x18, 14, 2);
        const std::uint32_t scale = desc().type == "stm32h7a3_pwr" ? 3 - vos : vos == 0 ? 3 : 4 - vos;
        const std::string run = "VOS" + std::to_string(scale);
        if (field(0x10, 0, 3) == 7) { // all domains may go to Standby
            return {run, PowerState::Standby, "Standby"};
        }
        return {run, PowerState::Stop, "SVOS" + std::to_string(6 - std::max(field(0x00, 14, 2), 1U))};
    }
};

} // namespace

std::span<const PeripheralMaker> stm32PwrMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32l4_pwr", "voltage ranges and their ready bits", makeDevice<Stm32L4Pwr>},
        {"stm32g0_pwr", "voltage ranges and their ready bits", makeDevice<Stm32G0Pwr>},
        {"stm32f4_pwr", "voltage scaling and its ready bits", makeDevice<Stm32F4Pwr>},
        {"stm32f7_pwr", "voltage scaling, over-drive and their ready bits", makeDevice<Stm32F7Pwr>},
        {"stm32l0_pwr", "voltage ranges and their ready bits", makeDevice<Stm32L0Pwr>},
        {"stm32h7_pwr", "voltage scaling and its ready bits", makeDevice<Stm32H7Pwr>},
        {"stm32h7a3_pwr", "voltage scaling and its ready bits", makeDevice<Stm32H7Pwr>},
    };
    return kMakers;
}

} // namespace simprof
