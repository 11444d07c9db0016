// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/machine_desc.h"

#include <cstdint>

namespace simprof {

/// The floating-point extension's registers: CPACR, FPCCR, FPCAR, FPDSCR and MVFR0 to MVFR2 (Armv7-M ARM, B3.2.20 to
/// B3.2.23, B4.7).
class FpRegisters {
public:
    explicit FpRegisters(const CoreDesc& core)
        : m_core(core) {}
    void reset();

    bool enabled(bool privileged) const;
    std::uint32_t fpccr() const { return m_fpccr; }
    void setFpccr(std::uint32_t value) { m_fpccr = value; }
    std::uint32_t fpcar() const { return m_fpcar; }
    void setFpcar(std::uint32_t value) { m_fpcar = value; }
    std::uint32_t fpdscr() const { return m_fpdscr; }

    std::uint32_t read(std::uint32_t offset) const; ///< offset from the system control space: 0xD88, 0xF34 to 0xF48
    /// True when what the core may execute changed.
    bool write(std::uint32_t offset, std::uint32_t value);

private:
    CoreDesc m_core;
    std::uint32_t m_cpacr = 0, m_fpccr = 0, m_fpcar = 0, m_fpdscr = 0;
};

} // namespace simprof
