// SPDX-License-Identifier: GPL-2.0-or-later
/// Faults as silicon raises them. The engine accepts much that silicon refuses, so blocks and accesses are looked at here.
#include "sim_core/machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace simprof {

namespace {

namespace fs = fault_status;

bool isV7(CoreKind kind) { return kind == CoreKind::CortexM4 || kind == CoreKind::CortexM7; }
bool isDevice(Address address) { return (address >= 0x40000000U && address < 0x60000000U) || address >= 0xA0000000U; }

} // namespace

/// The instruction behind the access that was reported last.
Address Machine::accessPc() const {
    const Block& block = m_current->block;
    const auto accesses = m_cpu.accesses();
    if (accesses.empty() || block.slots.empty()) {
        return block.begin;
    }
    // Predicated accesses may be missing: match in order by size and direction.
    std::size_t slot = 0;
    for (std::size_t i = 0; i < accesses.size() && slot < block.slots.size(); ++i) {
        std::size_t found = slot;
        while (found < block.slots.size() &&
               (block.slots[found].size != accesses[i].size || block.slots[found].write != accesses[i].write)) {
            ++found;
        }
        slot = found < block.slots.size() ? found : slot;
        if (i + 1 < accesses.size()) {
            ++slot;
        }
    }
    const std::size_t insn = block.slots[std::min(slot, block.slots.size() - 1)].insn;
    return block.begin + block.insns[insn].offset;
}

bool Machine::mpuAllows(Address address, bool write) {
    const std::uint32_t granule = address >> 5;
    const std::uint32_t key = granule << 1 | (write ? 1U : 0U);
    MpuVerdict& verdict = m_mpuVerdicts[(granule ^ granule >> 12 ^ (write ? 2048U : 0U)) & 4095U];
    if (verdict.key != key || verdict.epoch != m_fetchEpoch) {
        const bool belowZero = (m_fetchEpoch & 2U) != 0;
        verdict = {key, m_fetchEpoch, m_scs.mpu().allowsData(address, write, (m_fetchEpoch & 1U) != 0, belowZero)};
    }
    return verdict.allowed;
}

void Machine::onCheckedAccess(Address address, unsigned size, bool write) {
    if (m_current == nullptr) {
        return;
    }
    if (m_fault) {
        if (write) {
            for (unsigned i = 0; i < size; ++i) {
                if (const auto byte = m_space.at(address + i, 1); !byte.empty()) {
                    m_fault->undo.emplace_back(address + i, byte[0]);
                }
            }
        }
        return;
    }
    if ((address & (std::min(size, 4U) - 1)) != 0) {
        const Address pc = accessPc();
        const auto insn = std::find_if(m_current->block.insns.begin(), m_current->block.insns.end(), [&](const DecodedInsn& i) {
            return m_current->block.begin + i.offset == pc;
        });
        if (m_scs.trapUnaligned() || (insn != m_current->block.insns.end() && insn->alignedOnly) || isDevice(address)) {
            beginFault(exception::kUsageFault, fs::kUnaligned, std::nullopt,
                       fmt::format("unaligned {} of {} bytes at 0x{:08x}", write ? "store" : "load", size, address));
            return;
        }
    }
    if (m_mpuOn && !mpuAllows(address, write)) {
        beginFault(exception::kMemManage, fs::kDaccviol | fs::kMmarvalid, address,
                   fmt::format("the MPU forbids the {} at 0x{:08x}", write ? "store" : "load", address));
    }
}

void Machine::onUnmapped(Address address, unsigned size, bool write) {
    if (m_fault || m_current == nullptr) {
        return;
    }
    // A store to memory leaves the pipeline through the write buffer: the fault comes late, without an address.
    const bool imprecise = write && isV7(m_mcu.core.kind);
    const AddressSpace::Region* region = m_space.find(address);
    const std::string where = region != nullptr ? fmt::format("{} is read-only", region->desc->name) : "nothing answers there";
    beginFault(exception::kBusFault, imprecise ? fs::kImpreciserr : fs::kPreciserr | fs::kBfarvalid,
               imprecise ? std::nullopt : std::optional(address),
               fmt::format("{} of {} bytes at 0x{:08x}: {}", write ? "store" : "load", size, address, where));
    m_fault->imprecise = imprecise;
}

/// Keeps the state before the faulting instruction; the engine runs on to the block's end, which is then undone.
void Machine::beginFault(unsigned exception, std::uint32_t cfsr, std::optional<Address> address, std::string what) {
    m_fault.emplace();
    m_fault->exception = exception;
    m_fault->cfsr = cfsr;
    m_fault->address = address;
    m_fault->pc = accessPc();
    m_fault->what = fmt::format("{} by the instruction at 0x{:08x}", what, m_fault->pc);
    m_fault->registers = m_cpu.registers();
    m_cpu.setCheckAllAccesses(true);
    // The faulting store itself must not happen either.
    onCheckedAccess(m_cpu.accesses().back().address, m_cpu.accesses().back().size, m_cpu.accesses().back().write);
    m_cpu.stop();
}

void Machine::finishFaultedBlock() {
    PendingFault fault = std::move(*m_fault);
    m_fault.reset();
    if (fault.imprecise) {
        const Address next = m_stopped ? m_pc : m_cpu.read(Reg::PC) & ~1U;
        if (m_current != nullptr) {
            retire(next);
        }
        fault.pc = next;
    } else {
        for (auto entry = fault.undo.rbegin(); entry != fault.undo.rend(); ++entry) {
            m_space.at(entry->first, 1)[0] = entry->second;
        }
        if (m_current != nullptr) {
            retire(fault.pc);
        }
        m_cpu.setRegisters(fault.registers);
    }
    m_candidate = nullptr;
    m_itState = 0;
    takeFault(fault.exception, fault.cfsr, fault.address, fault.pc, fault.what);
}

void Machine::noteFault(unsigned exception, Address pc, const std::string& what) {
    if (m_firstFault) {
        return;
    }
    FaultReport report;
    report.exception = exceptionName(exception);
    report.cfsr = m_scs.cfsr();
    report.hfsr = m_scs.hfsr();
    report.status = isV7(m_mcu.core.kind) ? faultStatusNames(report.cfsr, report.hfsr) : std::vector<std::string>{};
    report.address = isV7(m_mcu.core.kind) ? m_scs.faultAddress() : std::nullopt;
    report.pc = pc;
    report.what = what;
    const CoreRegisters registers = m_cpu.registers();
    std::copy(registers.r.begin(), registers.r.end(), report.registers.begin());
    report.registers[13] = registers.sp;
    report.registers[14] = registers.lr;
    report.registers[15] = pc;
    report.registers[16] = registers.xpsr;
    m_firstFault = std::move(report);
}

void Machine::takeFault(unsigned exception, std::uint32_t cfsr, std::optional<Address> address, Address pc, std::string what) {
    Nvic& nvic = m_scs.nvic();
    m_scs.addFaultStatus(isV7(m_mcu.core.kind) ? cfsr : 0, 0, address);
    const bool allowed = isV7(m_mcu.core.kind) && nvic.enabled(exception) &&
                         nvic.groupPriority(exception) < nvic.executionPriority(masks());
    if (!allowed) {
        escalate(exception, cfsr, pc, what);
        return;
    }
    noteFault(exception, pc, what);
    enterException(exception, pc, false);
}

void Machine::escalate(unsigned, std::uint32_t, Address pc, const std::string& what) {
    if (m_scs.nvic().executionPriority(masks()) < 0) {
        lockup(pc, what);
        return;
    }
    m_scs.addFaultStatus(0, isV7(m_mcu.core.kind) ? fs::kHfsrForced : 0, std::nullopt);
    noteFault(exception::kHardFault, pc, what);
    enterException(exception::kHardFault, pc, false);
}

void Machine::lockup(Address pc, const std::string& what) {
    noteFault(exception::kHardFault, pc, what);
    m_firstFault->status = isV7(m_mcu.core.kind) ? faultStatusNames(m_scs.cfsr(), m_scs.hfsr()) : std::vector<std::string>{};
    m_firstFault->cfsr = m_scs.cfsr();
    m_firstFault->hfsr = m_scs.hfsr();
    m_pc = pc;
    halt(HaltReason::Kind::Lockup, fmt::format("locked up: {}", what));
}

// ---- blocks that need a look before they run -------------------------------------------------------------------------

void Machine::runHead(const Block& block, Address until) {
    if (until == block.begin) {
        return;
    }
    const AddressRange range{block.begin, block.size};
    m_cpu.forgetCode(range);
    m_passAll = true;
    m_stopped = false;
    m_cpu.run(block.begin, until);
    m_passAll = false;
    m_cpu.forgetCode(range);
    if (m_fault) {
        finishFaultedBlock();
        return;
    }
    if (m_current != nullptr) {
        retire(until);
    }
    m_pc = until;
}

bool Machine::divisorIsZero(const DecodedInsn& insn, Address pc) const {
    const auto code = m_space.at(pc, insn.size);
    if (code.size() != 4) {
        return false;
    }
    const unsigned rm = std::to_integer<unsigned>(code[2]) & 0xFU; // Rm: bits 3…0 of the second halfword
    const CoreRegisters registers = m_cpu.registers();
    return (rm == 13 ? registers.sp : rm == 14 ? registers.lr : rm < 13 ? registers.r[rm] : 1) == 0;
}

/// Looks at a block the engine was stopped before; false when something else happened instead of it.
bool Machine::mayRun(BlockRecord& record) {
    const Block& block = record.block;
    if (m_mpuOn && record.fetchEpoch != m_fetchEpoch) {
        const bool belowZero = (m_fetchEpoch & 2U) != 0;
        if (!m_scs.mpu().allowsFetch(block.begin, (m_fetchEpoch & 1U) != 0, belowZero)) {
            takeFault(exception::kMemManage, fs::kIaccviol, std::nullopt, block.begin,
                      fmt::format("the MPU forbids to execute 0x{:08x}", block.begin));
            return false;
        }
        record.fetchEpoch = m_fetchEpoch;
    }
    if (record.idleLoop) {
        return spinIdle(record);
    }
    if ((record.checks & m_strictMask) == 0) {
        return true;
    }
    const bool fpuOff = !m_scs.fpuEnabled(privileged());
    for (const DecodedInsn& insn : block.insns) {
        const Address pc = block.begin + insn.offset;
        const bool noCoprocessor = insn.usesFpu && fpuOff;
        const bool divides = insn.kind == InsnClass::Divide && (m_strictMask & BlockRecord::kDivides) != 0;
        if (insn.usesFpu && !fpuOff && m_lazyFp) {
            saveLazyFpState();
        }
        if (!insn.undefinedOnCore && !noCoprocessor && !divides) {
            continue;
        }
        if (pc != block.begin) {
            runHead(block, pc);
            return false; // come back with this instruction first
        }
        if (divides && !divisorIsZero(insn, pc)) {
            continue;
        }
        const bool coprocessor = noCoprocessor && !insn.undefinedOnCore;
        const std::uint32_t status = divides ? fs::kDivbyzero : coprocessor ? fs::kNocp : fs::kUndefinstr;
        takeFault(exception::kUsageFault, status, std::nullopt, pc,
                  divides       ? fmt::format("division by zero at 0x{:08x}", pc)
                  : coprocessor ? fmt::format("FPU instruction at 0x{:08x} while CPACR keeps the FPU off", pc)
                                : fmt::format("undefined instruction at 0x{:08x}", pc));
        return false;
    }
    return true;
}

} // namespace simprof
