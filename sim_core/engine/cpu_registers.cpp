// SPDX-License-Identifier: GPL-2.0-or-later
/// The engine's registers.
#include "sim_core/engine/cpu.h"

#include <unicorn/unicorn.h>

#include <cassert>

namespace simprof {

namespace {

int ucRegister(Reg reg) {
    switch (reg) {
    case Reg::R0: return UC_ARM_REG_R0;
    case Reg::R1: return UC_ARM_REG_R1;
    case Reg::R2: return UC_ARM_REG_R2;
    case Reg::R3: return UC_ARM_REG_R3;
    case Reg::R12: return UC_ARM_REG_R12;
    case Reg::SP: return UC_ARM_REG_SP;
    case Reg::LR: return UC_ARM_REG_LR;
    case Reg::PC: return UC_ARM_REG_PC;
    case Reg::XPSR: return UC_ARM_REG_XPSR_NZCVQG;
    case Reg::MSP: return UC_ARM_REG_MSP;
    case Reg::PSP: return UC_ARM_REG_PSP;
    case Reg::CONTROL: return UC_ARM_REG_CONTROL;
    case Reg::PRIMASK: return UC_ARM_REG_PRIMASK;
    case Reg::BASEPRI: return UC_ARM_REG_BASEPRI;
    case Reg::FAULTMASK: return UC_ARM_REG_FAULTMASK;
    case Reg::FPSCR: return UC_ARM_REG_FPSCR;
    }
    assert(false);
    return UC_ARM_REG_INVALID;
}

} // namespace

std::uint32_t Cpu::readRaw(Reg reg) const {
    std::uint32_t value = 0;
    uc_reg_read(m_engine, reg == Reg::XPSR ? static_cast<int>(UC_ARM_REG_XPSR) : ucRegister(reg), &value);
    return value;
}

void Cpu::writeRaw(Reg reg, std::uint32_t value) const { uc_reg_write(m_engine, ucRegister(reg), &value); }

namespace {

/// The engine refuses these to unprivileged code, and takes us for it.
bool isPrivilegedOnly(Reg reg) {
    return reg == Reg::MSP || reg == Reg::PSP || reg == Reg::PRIMASK || reg == Reg::BASEPRI || reg == Reg::FAULTMASK;
}

/// Handler mode, and with it privilege, for as long as this lives.
class Privilege {
public:
    explicit Privilege(uc_engine* engine)
        : m_engine(engine) {
        std::uint32_t control = 0, ipsr = 0;
        uc_reg_read(m_engine, UC_ARM_REG_CONTROL, &control);
        uc_reg_read(m_engine, UC_ARM_REG_IPSR, &ipsr);
        m_raised = (control & 1U) != 0 && ipsr == 0;
        set(3);
    }
    ~Privilege() { set(0); }
    Privilege(const Privilege&) = delete;
    Privilege& operator=(const Privilege&) = delete;

private:
    void set(std::uint32_t ipsr) {
        if (m_raised) {
            uc_reg_write(m_engine, UC_ARM_REG_IPSR, &ipsr);
        }
    }
    uc_engine* m_engine;
    bool m_raised = false;
};

} // namespace

std::uint32_t Cpu::read(Reg reg) const {
    if (isPrivilegedOnly(reg)) {
        const Privilege privilege(m_engine);
        return readRaw(reg);
    }
    return readRaw(reg);
}

void Cpu::write(Reg reg, std::uint32_t value) {
    if (isPrivilegedOnly(reg)) {
        const Privilege privilege(m_engine);
        writeRaw(reg, value);
    } else {
        writeRaw(reg, value);
    }
    if (reg == Reg::XPSR || reg == Reg::CONTROL) {
        // Privilege is part of the engine's cached translation flags; writing the condition flags makes them anew.
        std::uint32_t flags = 0;
        uc_reg_read(m_engine, UC_ARM_REG_APSR_NZCV, &flags);
        uc_reg_write(m_engine, UC_ARM_REG_APSR_NZCV, &flags);
    }
}

CoreRegisters Cpu::registers() const {
    CoreRegisters registers;
    for (unsigned i = 0; i < registers.r.size(); ++i) {
        uc_reg_read(m_engine, UC_ARM_REG_R0 + static_cast<int>(i), &registers.r[i]);
    }
    registers.sp = read(Reg::SP);
    registers.lr = read(Reg::LR);
    registers.pc = read(Reg::PC);
    registers.xpsr = read(Reg::XPSR);
    return registers;
}

void Cpu::setRegisters(const CoreRegisters& registers) {
    for (unsigned i = 0; i < registers.r.size(); ++i) {
        uc_reg_write(m_engine, UC_ARM_REG_R0 + static_cast<int>(i), &registers.r[i]);
    }
    write(Reg::SP, registers.sp);
    write(Reg::LR, registers.lr);
    write(Reg::XPSR, registers.xpsr);
}

void Cpu::addTo(unsigned number, std::int32_t delta) {
    const int id = number == 13   ? UC_ARM_REG_SP
                   : number == 14 ? UC_ARM_REG_LR
                                  : UC_ARM_REG_R0 + static_cast<int>(number);
    std::uint32_t value = 0;
    uc_reg_read(m_engine, id, &value);
    value += static_cast<std::uint32_t>(delta);
    uc_reg_write(m_engine, id, &value);
}

std::uint32_t Cpu::fpRegister(unsigned s) const {
    std::uint32_t value = 0;
    uc_reg_read(m_engine, UC_ARM_REG_S0 + static_cast<int>(s), &value);
    return value;
}

void Cpu::setFpRegister(unsigned s, std::uint32_t value) {
    uc_reg_write(m_engine, UC_ARM_REG_S0 + static_cast<int>(s), &value);
}

} // namespace simprof
