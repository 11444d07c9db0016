// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/machine_desc.h"
#include "sim_core/ppb/debug_units.h"
#include "sim_core/ppb/fault_registers.h"
#include "sim_core/ppb/fp_registers.h"
#include "sim_core/ppb/mpu.h"
#include "sim_core/ppb/nvic.h"
#include "sim_core/ppb/nvic_registers.h"
#include "sim_core/ppb/ppb_host.h"
#include "sim_core/ppb/systick.h"

#include <optional>

namespace simprof {

/// The system control space with all units on the private peripheral bus (Armv7-M ARM, B3; Armv6-M ARM, B3).
class SystemControl {
public:
    SystemControl(const CoreDesc& core, PpbHost& host);
    void reset();

    std::uint32_t read(Address address, unsigned size);
    void write(Address address, unsigned size, std::uint32_t value);
    /// False for addresses the architecture does not define.
    bool models(Address address) const;

    Nvic& nvic() { return m_nvic; }
    const Nvic& nvic() const { return m_nvic; }
    Mpu& mpu() { return m_mpu; }
    const Mpu& mpu() const { return m_mpu; }

    Address vtor() const { return m_vtor; }
    void setVtor(Address vtor) { m_vtor = vtor; }
    bool trapUnaligned() const { return !m_v7 || (m_ccr & 8U) != 0; }
    bool trapDivideByZero() const { return (m_ccr & 16U) != 0; }
    bool stackAlign() const { return (m_ccr & (1U << 9)) != 0; }
    bool nonBaseThreadEnable() const { return (m_ccr & 1U) != 0; }
    bool userMayPend() const { return (m_ccr & 2U) != 0; }
    bool monitorEnabled() const { return (m_debug.demcr() & (1U << 16)) != 0; }
    bool ignoreBusFaults() const { return (m_ccr & (1U << 8)) != 0; }
    bool fpuEnabled(bool privileged) const { return m_fp.enabled(privileged); }
    bool sleepDeep() const { return (m_scr & 4U) != 0; }
    bool sleepOnExit() const { return (m_scr & 2U) != 0; }
    bool sevOnPend() const { return (m_scr & 16U) != 0; }
    L1Settings l1() const { return {(m_ccr & (1U << 17)) != 0, (m_ccr & (1U << 16)) != 0}; }

    /// Can SysTick still raise its exception?
    bool sysTickComes() const { return m_sysTick.interrupts() || m_nvic.pending(exception::kSysTick); }

    std::uint32_t fpccr() const { return m_fp.fpccr(); }
    void setFpccr(std::uint32_t value) { m_fp.setFpccr(value); }
    std::uint32_t fpcar() const { return m_fp.fpcar(); }
    void setFpcar(std::uint32_t value) { m_fp.setFpcar(value); }
    std::uint32_t fpdscr() const { return m_fp.fpdscr(); }

    std::uint32_t cfsr() const { return m_faults.cfsr(); }
    std::uint32_t hfsr() const { return m_faults.hfsr(); }
    void addFaultStatus(std::uint32_t cfsr, std::uint32_t hfsr, std::optional<Address> address) {
        m_faults.add(cfsr, hfsr, address);
    }
    std::optional<Address> faultAddress() const { return m_faults.address(); }

private:
    std::uint32_t readWord(Address address);
    void writeWord(Address address, std::uint32_t value);
    std::uint32_t readScb(std::uint32_t offset);
    void writeScb(std::uint32_t offset, std::uint32_t value);
    void writeAircr(std::uint32_t value);
    std::uint32_t ccsidr() const;

    CoreDesc m_core;
    bool m_v7;
    PpbHost& m_host;
    Nvic m_nvic;
    NvicRegisters m_nvicRegisters;
    Mpu m_mpu;
    SysTick m_sysTick;
    DebugUnits m_debug;
    FaultRegisters m_faults;
    FpRegisters m_fp;
    Address m_vtor = 0;
    std::uint32_t m_scr = 0, m_ccr = 0, m_actlr = 0, m_csselr = 0;
};

} // namespace simprof
