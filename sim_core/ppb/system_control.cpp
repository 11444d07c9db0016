// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/ppb/system_control.h"

namespace simprof {

namespace {

constexpr Address kItm = 0xE0000000, kDwt = 0xE0001000, kScs = 0xE000E000;
constexpr std::uint32_t kVectKey = 0x05FA;

} // namespace

SystemControl::SystemControl(const CoreDesc& core, PpbHost& host)
    : m_core(core)
    , m_v7(core.kind->isV7())
    , m_host(host)
    , m_nvic(core)
    , m_nvicRegisters(core, m_nvic, host)
    , m_mpu(core.mpuRegions)
    , m_sysTick(m_nvic, host, core.sysTickRefDivider)
    , m_debug(core, host)
    , m_fp(core) {
    reset();
}

void SystemControl::reset() {
    m_nvic.reset();
    m_mpu.reset();
    m_sysTick.reset();
    m_debug.reset();
    m_vtor = 0;
    m_scr = 0;
    m_ccr = m_core.kind->ccrReset;
    m_actlr = m_csselr = 0;
    m_faults.reset();
    m_fp.reset();
}

bool SystemControl::models(Address address) const {
    return (address >= kScs && address < kScs + 0x1000) || (address >= kItm && address < kDwt + 0x1000);
}

std::uint32_t SystemControl::read(Address address, unsigned size) {
    const std::uint32_t word = readWord(address & ~3U) >> (8 * (address & 3U));
    return size == 4 ? word : word & ((1U << (8 * size)) - 1);
}

void SystemControl::write(Address address, unsigned size, std::uint32_t value) {
    if (address >= kItm && address < kDwt) {
        m_debug.writeItm((address - kItm) & ~3U, value, size);
        return;
    }
    if (size == 4) {
        writeWord(address, value);
        return;
    }
    // Byte and halfword writes: priorities, system handler priorities and CFSR are defined for them.
    const unsigned shift = 8 * (address & 3U);
    const std::uint32_t mask = ((1U << (8 * size)) - 1) << shift;
    const Address aligned = address & ~3U;
    // Where a written 1 acts and a 0 does not, the other bytes must be 0: set and clear registers, ICSR, fault status.
    const std::uint32_t offset = aligned - kScs;
    const bool onesAct = (offset >= 0x100 && offset < 0x300) || offset == 0xD04 || (offset >= 0xD28 && offset <= 0xD30);
    const std::uint32_t old = onesAct ? 0 : readWord(aligned);
    writeWord(aligned, (old & ~mask) | (value << shift & mask));
}

std::uint32_t SystemControl::readWord(Address address) {
    if (address >= kItm && address < kDwt) {
        return m_debug.readItm(address - kItm);
    }
    if (address >= kDwt && address < kDwt + 0x1000) {
        return m_debug.readDwt(address - kDwt);
    }
    if (address < kScs || address >= kScs + 0x1000) {
        return 0;
    }
    const std::uint32_t offset = address - kScs;
    if (offset == 0x4) {
        return (m_nvic.irqCount() + 31) / 32 - 1;
    }
    if (offset == 0x8) {
        return m_actlr;
    }
    if (offset >= 0x10 && offset < 0x20) {
        return m_sysTick.read(offset - 0x10);
    }
    if (NvicRegisters::holds(offset)) {
        return m_nvicRegisters.read(offset);
    }
    if (offset >= 0xD90 && offset < 0xDC0) {
        return m_mpu.read(offset - 0xD90);
    }
    return readScb(offset);
}

void SystemControl::writeAircr(std::uint32_t value) {
    if (value >> 16 != kVectKey) {
        return;
    }
    if (m_v7) {
        m_nvic.setPriorityGrouping(value >> 8 & 7U);
        m_host.exceptionsChanged();
    }
    if ((value & 4U) != 0) {
        m_host.requestReset("software reset (AIRCR.SYSRESETREQ)");
    } else if ((value & 1U) != 0 && m_v7) {
        // Armv7-M leaves it open what this does outside Debug state (ARM DDI 0403, B3.2.6); cores reset.
        m_host.requestReset("reset of the core (AIRCR.VECTRESET), taken for one of the whole microcontroller");
    }
}

/// CCSIDR of the cache that CSSELR selects, with 32-byte lines (Armv7-M ARM, B4.8.4).
std::uint32_t SystemControl::ccsidr() const {
    if (!m_core.kind->hasL1() || m_core.dcacheBytes == 0) {
        return 0;
    }
    const bool instruction = (m_csselr & 1U) != 0;
    const std::uint32_t ways = instruction ? 2 : 4;
    const std::uint32_t sets = (instruction ? m_core.icacheBytes : m_core.dcacheBytes) / (32 * ways);
    return 0xF0000000U | (sets - 1) << 13 | (ways - 1) << 3 | 1U;
}

std::uint32_t SystemControl::readScb(std::uint32_t offset) {
    switch (offset) {
    case 0xD00: return m_core.kind->cpuid;
    case 0xD08: return m_vtor;
    case 0xD0C: return 0xFA050000U | m_nvic.priorityGrouping() << 8;
    case 0xD10: return m_scr;
    case 0xD14: return m_ccr;
    case 0xD28:
    case 0xD2C:
    case 0xD30:
    case 0xD34:
    case 0xD38:
    case 0xD3C: return m_faults.read(offset);
    case 0xD78: return m_core.kind->clidr;
    case 0xD7C: return m_core.kind->ctr;
    case 0xD80: return ccsidr();
    case 0xD84: return m_csselr;
    case 0xD88:
    case 0xF34:
    case 0xF38:
    case 0xF3C:
    case 0xF40:
    case 0xF44:
    case 0xF48: return m_fp.read(offset);
    case 0xDFC: return m_debug.demcr();
    default: return 0;
    }
}

void SystemControl::writeWord(Address address, std::uint32_t value) {
    if (address >= kDwt && address < kDwt + 0x1000) {
        m_debug.writeDwt(address - kDwt, value);
        return;
    }
    if (address < kScs || address >= kScs + 0x1000) {
        return;
    }
    const std::uint32_t offset = address - kScs;
    if (offset == 0x8) {
        m_actlr = value;
    } else if (offset >= 0x10 && offset < 0x20) {
        m_sysTick.write(offset - 0x10, value);
    } else if (NvicRegisters::holds(offset)) {
        m_nvicRegisters.write(offset, value);
    } else if (offset >= 0xD90 && offset < 0xDC0) {
        m_mpu.write(offset - 0xD90, value);
        m_host.l1Changed();
    } else {
        writeScb(offset, value);
    }
}

void SystemControl::writeScb(std::uint32_t offset, std::uint32_t value) {
    switch (offset) {
    case 0xD08:
        if (const std::uint32_t mask = m_core.kind->vtorMask; mask != 0) {
            m_vtor = value & mask;
        }
        break;
    case 0xD0C: writeAircr(value); break;
    case 0xD10: m_scr = value & 0x16U; break;
    case 0xD14:
        if (m_v7) {
            const std::uint32_t writable = m_core.kind->ccrWritable;
            m_ccr = (m_ccr & ~writable) | (value & writable);
            m_host.l1Changed();
        }
        break;
    case 0xD28:
    case 0xD2C:
    case 0xD30:
    case 0xD34:
    case 0xD38:
    case 0xD3C: m_faults.write(offset, value); break;
    case 0xD84: m_csselr = value & 0xFU; break;
    case 0xD88:
    case 0xF34:
    case 0xF38:
    case 0xF3C:
        if (m_fp.write(offset, value)) {
            m_host.exceptionsChanged();
        }
        break;
    case 0xDFC: m_debug.setDemcr(value); break;
    case 0xF50: m_host.invalidateCaches(true, false); break; // ICIALLU
    case 0xF60:                                              // DCISW
    case 0xF74: m_host.invalidateCaches(false, true); break; // DCCISW: by set and way, always used over the whole cache
    default: break;
    }
}

} // namespace simprof
