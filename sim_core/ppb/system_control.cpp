// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/ppb/system_control.h"

#include <array>

namespace simprof {

namespace {

constexpr Address kItm = 0xE0000000, kDwt = 0xE0001000, kScs = 0xE000E000;
constexpr std::uint32_t kVectKey = 0x05FA;

struct StatusBit {
    std::uint32_t mask;
    const char* name;
};
namespace fs = fault_status;
constexpr std::array kCfsrBits = {
    StatusBit{fs::kIaccviol, "CFSR.IACCVIOL"},
    StatusBit{fs::kDaccviol, "CFSR.DACCVIOL"},
    StatusBit{fs::kMunstkerr, "CFSR.MUNSTKERR"},
    StatusBit{fs::kMstkerr, "CFSR.MSTKERR"},
    StatusBit{fs::kMlsperr, "CFSR.MLSPERR"},
    StatusBit{fs::kMmarvalid, "CFSR.MMARVALID"},
    StatusBit{fs::kIbuserr, "CFSR.IBUSERR"},
    StatusBit{fs::kPreciserr, "CFSR.PRECISERR"},
    StatusBit{fs::kImpreciserr, "CFSR.IMPRECISERR"},
    StatusBit{fs::kUnstkerr, "CFSR.UNSTKERR"},
    StatusBit{fs::kStkerr, "CFSR.STKERR"},
    StatusBit{fs::kLsperr, "CFSR.LSPERR"},
    StatusBit{fs::kBfarvalid, "CFSR.BFARVALID"},
    StatusBit{fs::kUndefinstr, "CFSR.UNDEFINSTR"},
    StatusBit{fs::kInvstate, "CFSR.INVSTATE"},
    StatusBit{fs::kInvpc, "CFSR.INVPC"},
    StatusBit{fs::kNocp, "CFSR.NOCP"},
    StatusBit{fs::kUnaligned, "CFSR.UNALIGNED"},
    StatusBit{fs::kDivbyzero, "CFSR.DIVBYZERO"},
};
constexpr std::array kHfsrBits = {StatusBit{fs::kHfsrVecttbl, "HFSR.VECTTBL"},
                                  StatusBit{fs::kHfsrForced, "HFSR.FORCED"},
                                  StatusBit{fs::kHfsrDebugevt, "HFSR.DEBUGEVT"}};

/// CCSIDR of a cache with 32-byte lines (Armv7-M ARM, B4.8.4).
std::uint32_t ccsidr(std::uint32_t bytes, unsigned ways) {
    const std::uint32_t sets = bytes / (32 * ways);
    return 0xF0000000U | (sets - 1) << 13 | (ways - 1) << 3 | 1U;
}

} // namespace

std::vector<std::string> faultStatusNames(std::uint32_t cfsr, std::uint32_t hfsr) {
    std::vector<std::string> names;
    for (const StatusBit& bit : kCfsrBits) {
        if ((cfsr & bit.mask) != 0) {
            names.emplace_back(bit.name);
        }
    }
    for (const StatusBit& bit : kHfsrBits) {
        if ((hfsr & bit.mask) != 0) {
            names.emplace_back(bit.name);
        }
    }
    return names;
}

SystemControl::SystemControl(const CoreDesc& core, PpbHost& host)
    : m_core(core)
    , m_v7(core.kind->isV7())
    , m_host(host)
    , m_nvic(core)
    , m_mpu(core.mpuRegions)
    , m_sysTick(m_nvic, host, core.sysTickRefDivider)
    , m_debug(core, host) {
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
    m_cpacr = m_cfsr = m_hfsr = m_dfsr = m_mmfar = m_bfar = m_afsr = m_actlr = m_csselr = 0;
    m_fpccr = m_core.fpu ? 0xC0000000U : 0; // ASPEN and LSPEN
    m_fpcar = m_fpdscr = 0;
}

bool SystemControl::fpuEnabled(bool privileged) const {
    const std::uint32_t cp10 = m_cpacr >> 20 & 3U;
    return m_core.fpu && (cp10 == 3 || (cp10 == 1 && privileged));
}

void SystemControl::addFaultStatus(std::uint32_t cfsr, std::uint32_t hfsr, std::optional<Address> address) {
    m_cfsr |= cfsr;
    m_hfsr |= hfsr;
    if (address && (cfsr & fs::kMmarvalid) != 0) {
        m_mmfar = *address;
    }
    if (address && (cfsr & fs::kBfarvalid) != 0) {
        m_bfar = *address;
    }
}

std::optional<Address> SystemControl::faultAddress() const {
    if ((m_cfsr & fs::kBfarvalid) != 0) {
        return m_bfar;
    }
    if ((m_cfsr & fs::kMmarvalid) != 0) {
        return m_mmfar;
    }
    return std::nullopt;
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

std::uint32_t SystemControl::nvicBits(std::uint32_t offset, bool (Nvic::*get)(unsigned) const) const {
    std::uint32_t bits = 0;
    for (unsigned i = 0; i < 32; ++i) {
        const unsigned irq = offset / 4 * 32 + i;
        if (irq < m_nvic.irqCount() && (m_nvic.*get)(16 + irq)) {
            bits |= 1U << i;
        }
    }
    return bits;
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
    if (offset >= 0x100 && offset < 0x140) {
        return nvicBits(offset - 0x100, &Nvic::enabled);
    }
    if (offset >= 0x180 && offset < 0x1C0) {
        return nvicBits(offset - 0x180, &Nvic::enabled);
    }
    if (offset >= 0x200 && offset < 0x240) {
        return nvicBits(offset - 0x200, &Nvic::pending);
    }
    if (offset >= 0x280 && offset < 0x2C0) {
        return nvicBits(offset - 0x280, &Nvic::pending);
    }
    if (offset >= 0x300 && offset < 0x340) {
        return nvicBits(offset - 0x300, &Nvic::active);
    }
    if (offset >= 0x400 && offset < 0x400 + 240) {
        std::uint32_t value = 0;
        for (unsigned i = 0; i < 4; ++i) {
            value |= static_cast<std::uint32_t>(m_nvic.priority(16 + (offset - 0x400) + i)) << (8 * i);
        }
        return value;
    }
    if (offset >= 0xD90 && offset < 0xDC0) {
        return m_mpu.read(offset - 0xD90);
    }
    return readScb(offset);
}

std::uint32_t SystemControl::icsr() const {
    std::uint32_t value = m_host.currentException();
    unsigned actives = 0;
    for (unsigned i = 1; i < 16 + m_nvic.irqCount(); ++i) {
        actives += m_nvic.active(i) ? 1 : 0;
    }
    value |= actives <= 1 && m_v7 ? 1U << 11 : 0; // RETTOBASE
    const unsigned pending = m_nvic.highestPending();
    value |= pending << 12;
    bool irqPending = false;
    for (unsigned i = 16; i < 16 + m_nvic.irqCount(); ++i) {
        irqPending |= m_nvic.pending(i);
    }
    value |= irqPending ? 1U << 22 : 0;
    value |= m_nvic.pending(exception::kSysTick) ? 1U << 26 : 0;
    value |= m_nvic.pending(exception::kPendSv) ? 1U << 28 : 0;
    value |= m_nvic.pending(exception::kNmi) ? 1U << 31 : 0;
    return value;
}

void SystemControl::writeIcsr(std::uint32_t value) {
    if ((value & (1U << 31)) != 0) {
        m_nvic.setPending(exception::kNmi);
    }
    if ((value & (1U << 28)) != 0) {
        m_nvic.setPending(exception::kPendSv);
    } else if ((value & (1U << 27)) != 0) {
        m_nvic.clearPending(exception::kPendSv);
    }
    if ((value & (1U << 26)) != 0) {
        m_nvic.setPending(exception::kSysTick);
    } else if ((value & (1U << 25)) != 0) {
        m_nvic.clearPending(exception::kSysTick);
    }
}

std::uint32_t SystemControl::shcsr() const {
    using namespace exception;
    std::uint32_t value = m_nvic.pending(kSvCall) ? 1U << 15 : 0;
    if (!m_v7) {
        return value;
    }
    const auto bit = [&value](bool on, unsigned position) { value |= on ? 1U << position : 0; };
    bit(m_nvic.active(kMemManage), 0);
    bit(m_nvic.active(kBusFault), 1);
    bit(m_nvic.active(kUsageFault), 3);
    bit(m_nvic.active(kSvCall), 7);
    bit(m_nvic.active(kPendSv), 10);
    bit(m_nvic.active(kSysTick), 11);
    bit(m_nvic.pending(kUsageFault), 12);
    bit(m_nvic.pending(kMemManage), 13);
    bit(m_nvic.pending(kBusFault), 14);
    bit(m_nvic.enabled(kMemManage), 16);
    bit(m_nvic.enabled(kBusFault), 17);
    bit(m_nvic.enabled(kUsageFault), 18);
    return value;
}

void SystemControl::writeShcsr(std::uint32_t value) {
    using namespace exception;
    if (!m_v7) {
        return;
    }
    m_nvic.setEnabled(kMemManage, (value >> 16 & 1U) != 0);
    m_nvic.setEnabled(kBusFault, (value >> 17 & 1U) != 0);
    m_nvic.setEnabled(kUsageFault, (value >> 18 & 1U) != 0);
    const auto pend = [this](unsigned number, bool on) {
        on ? m_nvic.setPending(number) : m_nvic.clearPending(number);
    };
    pend(kUsageFault, (value >> 12 & 1U) != 0);
    pend(kMemManage, (value >> 13 & 1U) != 0);
    pend(kBusFault, (value >> 14 & 1U) != 0);
    pend(kSvCall, (value >> 15 & 1U) != 0);
}

void SystemControl::writeAircr(std::uint32_t value) {
    if (value >> 16 != kVectKey) {
        return;
    }
    if (m_v7) {
        m_nvic.setPriorityGrouping(value >> 8 & 7U);
    }
    if ((value & 4U) != 0) {
        m_host.requestReset("software reset (AIRCR.SYSRESETREQ)");
    }
}

std::uint32_t SystemControl::readScb(std::uint32_t offset) {
    const auto priorities = [this](unsigned first) {
        std::uint32_t value = 0;
        for (unsigned i = 0; i < 4; ++i) {
            value |= static_cast<std::uint32_t>(m_nvic.priority(first + i)) << (8 * i);
        }
        return value;
    };
    switch (offset) {
    case 0xD00: return m_core.kind->cpuid;
    case 0xD04: return icsr();
    case 0xD08: return m_vtor;
    case 0xD0C: return 0xFA050000U | m_nvic.priorityGrouping() << 8;
    case 0xD10: return m_scr;
    case 0xD14: return m_ccr;
    case 0xD18: return m_v7 ? priorities(4) : 0;
    case 0xD1C: return priorities(8);
    case 0xD20: return priorities(12);
    case 0xD24: return shcsr();
    case 0xD28: return m_cfsr;
    case 0xD2C: return m_hfsr;
    case 0xD30: return m_dfsr;
    case 0xD34: return m_mmfar;
    case 0xD38: return m_bfar;
    case 0xD3C: return m_afsr;
    case 0xD78: return m_core.kind->clidr;
    case 0xD7C: return m_core.kind->ctr;
    case 0xD80:
        if (!m_core.kind->hasL1() || m_core.dcacheBytes == 0) {
            return 0;
        }
        return (m_csselr & 1U) != 0 ? ccsidr(m_core.icacheBytes, 2) : ccsidr(m_core.dcacheBytes, 4);
    case 0xD84: return m_csselr;
    case 0xD88: return m_cpacr;
    case 0xDFC: return m_debug.demcr();
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

void SystemControl::writeWord(Address address, std::uint32_t value) {
    if (address >= kDwt && address < kDwt + 0x1000) {
        m_debug.writeDwt(address - kDwt, value);
        return;
    }
    if (address < kScs || address >= kScs + 0x1000) {
        return;
    }
    const std::uint32_t offset = address - kScs;
    const auto forBits = [&](std::uint32_t base, auto&& action) {
        for (unsigned i = 0; i < 32; ++i) {
            const unsigned irq = (offset - base) / 4 * 32 + i;
            if ((value >> i & 1U) != 0 && irq < m_nvic.irqCount()) {
                action(16 + irq);
            }
        }
        m_host.exceptionsChanged();
    };
    if (offset == 0x8) {
        m_actlr = value;
    } else if (offset >= 0x10 && offset < 0x20) {
        m_sysTick.write(offset - 0x10, value);
    } else if (offset >= 0x100 && offset < 0x140) {
        forBits(0x100, [this](unsigned n) { m_nvic.setEnabled(n, true); });
    } else if (offset >= 0x180 && offset < 0x1C0) {
        forBits(0x180, [this](unsigned n) { m_nvic.setEnabled(n, false); });
    } else if (offset >= 0x200 && offset < 0x240) {
        forBits(0x200, [this](unsigned n) { m_nvic.setPending(n); });
    } else if (offset >= 0x280 && offset < 0x2C0) {
        forBits(0x280, [this](unsigned n) { m_nvic.clearPending(n); });
    } else if (offset >= 0x400 && offset < 0x400 + 240) {
        for (unsigned i = 0; i < 4; ++i) {
            m_nvic.setPriority(16 + (offset - 0x400) + i, static_cast<std::uint8_t>(value >> (8 * i)));
        }
        m_host.exceptionsChanged();
    } else if (offset >= 0xD90 && offset < 0xDC0) {
        m_mpu.write(offset - 0xD90, value);
        m_host.l1Changed();
    } else if (offset == 0xF00) {
        if ((value & 0x1FFU) < m_nvic.irqCount()) {
            m_nvic.setPending(16 + (value & 0x1FFU));
        }
        m_host.exceptionsChanged();
    } else {
        writeScb(offset, value);
    }
}

void SystemControl::writeScb(std::uint32_t offset, std::uint32_t value) {
    const auto priorities = [&](unsigned first) {
        for (unsigned i = 0; i < 4; ++i) {
            m_nvic.setPriority(first + i, static_cast<std::uint8_t>(value >> (8 * i)));
        }
        m_host.exceptionsChanged();
    };
    switch (offset) {
    case 0xD04:
        writeIcsr(value);
        m_host.exceptionsChanged();
        break;
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
    case 0xD18:
        if (m_v7) {
            priorities(4);
        }
        break;
    case 0xD1C: priorities(8); break;
    case 0xD20: priorities(12); break;
    case 0xD24:
        writeShcsr(value);
        m_host.exceptionsChanged();
        break;
    case 0xD28: m_cfsr &= ~value; break;
    case 0xD2C: m_hfsr &= ~value; break;
    case 0xD30: m_dfsr &= ~value; break;
    case 0xD34: m_mmfar = value; break;
    case 0xD38: m_bfar = value; break;
    case 0xD3C: m_afsr &= ~value; break;
    case 0xD84: m_csselr = value & 0xFU; break;
    case 0xD88:
        if (m_core.fpu) {
            m_cpacr = value & 0x00F00000U;
            m_host.exceptionsChanged();
        }
        break;
    case 0xDFC: m_debug.setDemcr(value); break;
    case 0xF34:
        if (m_core.fpu) {
            m_fpccr = (m_fpccr & ~0xC0000001U) | (value & 0xC0000001U);
            m_host.exceptionsChanged();
        }
        break;
    case 0xF38: m_fpcar = value & ~7U; break;
    case 0xF3C: m_fpdscr = value & 0x07C00000U; break;
    case 0xF50: m_host.invalidateCaches(true, false); break; // ICIALLU
    case 0xF60:                                              // DCISW
    case 0xF74: m_host.invalidateCaches(false, true); break; // DCCISW: by set and way, always used over the whole cache
    default: break;
    }
}

} // namespace simprof
