// SPDX-License-Identifier: GPL-2.0-or-later
/// Faults as silicon raises them. The engine accepts much that silicon refuses, so blocks and accesses are looked at
/// here.
#include "sim_core/machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace simprof {

namespace {

namespace fs = fault_status;

/// By how much a store moves the base that it writes back (Armv7-M ARM, A7.7: PUSH, STM, STR, STRD, VSTM).
std::int32_t storeWriteBack(std::uint32_t opcode) {
    const auto words = [](std::uint32_t list) { return 4 * std::popcount(list); };
    if (opcode >> 16 == 0) {
        return opcode >> 12 == 0xB ? -words(opcode & 0x1FFU) : words(opcode & 0xFFU);
    }
    const auto imm8 = static_cast<std::int32_t>(opcode & 0xFFU);
    const bool up = (opcode >> 23 & 1U) != 0;
    if (opcode >> 24 == 0xF8) { // STR, STRB, STRH: U is bit 9
        return (opcode >> 9 & 1U) != 0 ? imm8 : -imm8;
    }
    if (opcode >> 25 == 0x74 && (opcode >> 22 & 1U) == 0) { // STM, STMDB
        return up ? words(opcode & 0xFFFFU) : -words(opcode & 0xFFFFU);
    }
    return 4 * (up ? imm8 : -imm8); // STRD, VSTM
}

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

/// The same for a whole range and a given privilege, at the priority in force now.
bool Machine::mpuAllowsRange(AddressRange range, bool write, bool asPrivileged) const {
    const bool belowZero = m_scs.nvic().executionPriority(masks()) < 0;
    constexpr std::uint32_t kGranule = 32;
    for (std::uint64_t at = range.begin; at < range.end(); at = (at / kGranule + 1) * kGranule) {
        if (!m_scs.mpu().allowsData(static_cast<Address>(at), write, asPrivileged, belowZero)) {
            return false;
        }
    }
    return true;
}

/// Unprivileged code reaches only the ITM and, when allowed, STIR on the private peripheral bus (Armv7-M ARM, B3.1).
bool Machine::ppbAllows(Address address, bool write) {
    constexpr Address kItmEnd = 0xE0001000, kStir = 0xE000EF00;
    if (address < kItmEnd || privileged() || (address == kStir && m_scs.userMayPend())) {
        return true;
    }
    beginFault(
        exception::kBusFault, fs::kPreciserr | fs::kBfarvalid, address,
        fmt::format("unprivileged {} at 0x{:08x} of the private peripheral bus", write ? "store" : "load", address));
    return false;
}

void Machine::onCheckedAccess(Address address, unsigned size, bool write) {
    if (m_current == nullptr) {
        return;
    }
    if (m_fault) {
        for (unsigned i = 0; write && i < size; ++i) {
            if (const auto byte = m_space.at(address + i, 1); !byte.empty()) {
                m_fault->undo.emplace_back(address + i, byte[0]);
            }
        }
        return;
    }
    if ((address & (std::min(size, 4U) - 1)) != 0) {
        const Address pc = accessPc();
        const auto insn = std::find_if(m_current->block.insns.begin(), m_current->block.insns.end(),
                                       [&](const DecodedInsn& i) { return m_current->block.begin + i.offset == pc; });
        if (m_scs.trapUnaligned() || (insn != m_current->block.insns.end() && insn->alignedOnly) || isDevice(address)) {
            beginFault(exception::kUsageFault, fs::kUnaligned, std::nullopt,
                       fmt::format("unaligned {} of {} bytes at 0x{:08x}", write ? "store" : "load", size, address));
            return;
        }
    }
    for (const Address end : {address, address + size - 1}) {
        if (m_mpuOn && !m_fault && !mpuAllows(end, write)) {
            beginFault(exception::kMemManage, fs::kDaccviol | fs::kMmarvalid, end,
                       fmt::format("the MPU forbids the {} at 0x{:08x}", write ? "store" : "load", end));
        }
    }
}

void Machine::onUnmapped(Address address, unsigned size, bool write) {
    if (m_fault || m_current == nullptr) {
        return;
    }
    // A store to memory leaves the pipeline through the write buffer: the fault comes late, without an address.
    const bool imprecise = write && m_v7;
    const AddressSpace::Region* region = m_space.find(address);
    const std::string where =
        region != nullptr ? fmt::format("{} is read-only", region->desc->name) : "nothing answers there";
    beginFault(exception::kBusFault, imprecise ? fs::kImpreciserr : fs::kPreciserr | fs::kBfarvalid,
               imprecise ? std::nullopt : std::optional(address),
               fmt::format("{} of {} bytes at 0x{:08x}: {}", write ? "store" : "load", size, address, where));
    m_fault->imprecise = imprecise;
}

/// Keeps the state before the faulting instruction; what the engine still does before it stops is undone.
void Machine::beginFault(unsigned exception, std::uint32_t cfsr, std::optional<Address> address, std::string what) {
    const Address pc = accessPc();
    m_fault.emplace();
    m_fault->fault = {exception, cfsr, address, pc, pc, fmt::format("{} by the instruction at 0x{:08x}", what, pc)};
    const Access last = m_cpu.accesses().back();
    m_fault->accesses = m_cpu.accesses().size() - 1;
    m_cpu.saveState();
    m_cpu.setCheckAllAccesses(true);
    onCheckedAccess(last.address, last.size, last.write); // the faulting store itself must not happen either
    m_cpu.stop();
}

void Machine::finishFaultedBlock() {
    PendingFault pending = std::move(*m_fault);
    Fault& fault = pending.fault;
    m_fault.reset();
    for (auto entry = pending.undo.rbegin(); entry != pending.undo.rend(); ++entry) {
        m_space.at(entry->first, 1)[0] = entry->second;
    }
    m_cpu.restoreState();
    if (pending.imprecise && m_current != nullptr) {
        const Block& block = m_current->block;
        const auto insn = std::find_if(block.insns.begin(), block.insns.end(),
                                       [&](const DecodedInsn& i) { return block.begin + i.offset == fault.pc; });
        if (insn != block.insns.end()) {
            // The store itself is done: it left through the write buffer.
            if (insn->baseWriteBack >= 0) {
                m_cpu.addTo(static_cast<unsigned>(insn->baseWriteBack), storeWriteBack(insn->opcode));
            }
            fault.returnAddress = fault.pc + insn->size;
            ++pending.accesses;
        }
    }
    m_cpu.keepAccesses(pending.accesses);
    retireHead(fault.returnAddress);
    m_candidate = nullptr;
    takeFault(fault);
}

void Machine::noteFault(unsigned exception, const Fault& fault) {
    if (m_firstFault) {
        return;
    }
    FaultReport report;
    report.exception = exceptionName(exception);
    report.cfsr = m_scs.cfsr();
    report.hfsr = m_scs.hfsr();
    report.status = m_v7 ? faultStatusNames(report.cfsr, report.hfsr) : std::vector<std::string>{};
    report.address = m_v7 ? m_scs.faultAddress() : std::nullopt;
    report.pc = fault.pc;
    report.what = fault.what;
    const CoreRegisters registers = m_cpu.registers();
    std::copy(registers.r.begin(), registers.r.end(), report.registers.begin());
    report.registers[13] = registers.sp;
    report.registers[14] = registers.lr;
    report.registers[15] = fault.pc;
    report.registers[16] = registers.xpsr;
    m_firstFault = std::move(report);
}

void Machine::takeFault(const Fault& fault) {
    Nvic& nvic = m_scs.nvic();
    m_scs.addFaultStatus(m_v7 ? fault.cfsr : 0, 0, fault.address);
    const bool allowed =
        m_v7 && nvic.enabled(fault.exception) && nvic.groupPriority(fault.exception) < nvic.executionPriority(masks());
    if (!allowed) {
        escalate(fault);
        return;
    }
    noteFault(fault.exception, fault);
    enterException(fault.exception, fault.returnAddress, false, fault.pc);
}

void Machine::escalate(const Fault& fault) {
    if (m_scs.nvic().executionPriority(masks()) < 0) {
        lockup(fault);
        return;
    }
    m_scs.addFaultStatus(0, m_v7 ? fs::kHfsrForced : 0, std::nullopt);
    noteFault(exception::kHardFault, fault);
    enterException(exception::kHardFault, fault.returnAddress, false, fault.pc);
}

/// A fault that no priority is left for; the report shows it and says what the first one was.
void Machine::lockup(const Fault& fault) {
    const std::string first = m_firstFault ? fmt::format("; the fault before it: {}", m_firstFault->what) : "";
    m_firstFault.reset();
    noteFault(exception::kHardFault, fault);
    m_firstFault->exception = "Lockup";
    m_firstFault->what += first;
    m_pc = fault.pc;
    halt(HaltReason::Kind::Lockup, fmt::format("locked up in {}: {}{}", exceptionName(m_exception), fault.what, first));
}

/// Execution went to where it cannot go on; `from`: the instruction that jumped there.
void Machine::jumpFault(Address target, Address from) {
    const bool device = target >= 0x40000000U && target < 0x60000000U;
    const std::string jump = fmt::format("jump to 0x{:08x} by the instruction at 0x{:08x}", target, from);
    if (!m_cpu.thumb()) {
        takeFault({exception::kUsageFault, fs::kInvstate, std::nullopt, target, target,
                   jump + ", without the Thumb bit set"});
    } else if (device || target >= 0xA0000000U) {
        takeFault({exception::kMemManage, fs::kIaccviol, std::nullopt, target, target,
                   jump + ", where nothing may be executed"});
    } else {
        takeFault(
            {exception::kBusFault, fs::kIbuserr, std::nullopt, target, target, jump + ", where there is no memory"});
    }
}

} // namespace simprof
