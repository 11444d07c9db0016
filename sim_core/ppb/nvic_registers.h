// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/ppb/nvic.h"
#include "sim_core/ppb/ppb_host.h"

#include <cstdint>

namespace simprof {

/// The registers through which software sees the NVIC: ISER to IPR and STIR, and of the system control block ICSR,
/// SHPR1 to SHPR3 and SHCSR (Armv7-M ARM, B3.2.4, B3.2.10 to B3.2.13 and B3.4).
class NvicRegisters {
public:
    NvicRegisters(const CoreDesc& core, Nvic& nvic, PpbHost& host)
        : m_v7(core.kind->isV7())
        , m_nvic(nvic)
        , m_host(host) {}

    /// Is this offset from the system control space one of these registers?
    static bool holds(std::uint32_t offset);
    std::uint32_t read(std::uint32_t offset) const;
    void write(std::uint32_t offset, std::uint32_t value);

private:
    std::uint32_t bits(std::uint32_t offset, bool (Nvic::*get)(unsigned) const) const;
    template<class Action>
    void forBits(std::uint32_t offset, std::uint32_t value, Action&& action);
    std::uint32_t priorities(unsigned first) const;
    void setPriorities(unsigned first, std::uint32_t value);
    std::uint32_t icsr() const;
    void writeIcsr(std::uint32_t value);
    std::uint32_t shcsr() const;
    void writeShcsr(std::uint32_t value);

    bool m_v7;
    Nvic& m_nvic;
    PpbHost& m_host;
};

} // namespace simprof
