// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/ppb/fp_registers.h"

namespace simprof {

void FpRegisters::reset() {
    m_cpacr = 0;
    m_fpccr = m_core.fpu ? 0xC0000000U : 0; // ASPEN and LSPEN
    m_fpcar = m_fpdscr = 0;
}

bool FpRegisters::enabled(bool privileged) const {
    const std::uint32_t cp10 = m_cpacr >> 20 & 3U;
    return m_core.fpu && (cp10 == 3 || (cp10 == 1 && privileged));
}

std::uint32_t FpRegisters::read(std::uint32_t offset) const {
    switch (offset) {
    case 0xD88: return m_cpacr;
    case 0xF34: return m_fpccr;
    case 0xF38: return m_fpcar;
    case 0xF3C: return m_fpdscr;
    // Media and VFP feature registers of FPv4-SP and FPv5 (Armv7-M ARM, table B4-9…11).
    case 0xF40: return m_core.fpu ? (m_core.doublePrecision ? 0x10110221U : 0x10110021U) : 0;
    case 0xF44: return m_core.fpu ? (m_core.doublePrecision ? 0x12000011U : 0x11000011U) : 0;
    case 0xF48: return m_core.fpu && m_core.kind->fpu == FpuVersion::V5 ? 0x00000040U : 0;
    default: return 0;
    }
}

bool FpRegisters::write(std::uint32_t offset, std::uint32_t value) {
    switch (offset) {
    case 0xD88:
        if (m_core.fpu) {
            m_cpacr = value & 0x00F00000U;
        }
        return m_core.fpu;
    case 0xF34:
        if (m_core.fpu) {
            constexpr std::uint32_t kFpccrBits = 0xC000017B; // Armv7-M ARM, B3.2.21
            m_fpccr = value & kFpccrBits;
        }
        return m_core.fpu;
    case 0xF38: m_fpcar = value & ~7U; return false;
    case 0xF3C: m_fpdscr = value & 0x07C00000U; return false;
    default: return false;
    }
}

} // namespace simprof
