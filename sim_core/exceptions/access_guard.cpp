// SPDX-License-Identifier: GPL-2.0-or-later
/// Where the engine does more than silicon allows, blocks and accesses are looked at here.
#include "sim_core/exceptions/access_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

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

const DecodedInsn* insnAt(const Block& block, Address pc) {
    const auto insn = std::ranges::lower_bound(block.insns, pc - block.begin, {}, &DecodedInsn::offset);
    return insn != block.insns.end() && block.begin + insn->offset == pc ? &*insn : nullptr;
}

/// LDRT, STRT and their like, which access memory as unprivileged code does (Armv7-M ARM, A7.7.64 and A7.7.165).
bool accessesUnprivileged(const DecodedInsn* insn) {
    constexpr std::uint32_t kLiteral = 15;
    return insn != nullptr && (insn->opcode & 0xFE800F00U) == 0xF8000E00U && (insn->opcode >> 16 & 0xFU) != kLiteral;
}

/// Of coprocessors 10 and 11, whose access is checked first, whether the core knows the instruction or not (Armv7-M
/// ARM, A4.11 and B1.4.7).
bool isFpEncoding(const DecodedInsn& insn) { return insn.size == 4 && (insn.opcode & 0xEC000E00U) == 0xEC000A00U; }

const char* verb(bool write) { return write ? "store" : "load"; }

} // namespace

void AccessGuard::update() {
    m_core.syncSpecialRegisters();
    const SystemControl& scs = m_core.scs;
    const bool privileged = m_core.privileged();
    m_strictMask = BlockRecord::kUndefined | BlockRecord::kStop | BlockRecord::kMovesStack;
    if (!scs.fpuEnabled(privileged) || !m_core.state.fpReady || (scs.fpccr() & fpccr::kLspact) != 0) {
        m_strictMask |= BlockRecord::kUsesFpu;
    }
    if (scs.trapDivideByZero()) {
        m_strictMask |= BlockRecord::kDivides;
    }
    if (m_core.mcu.core.fpu && (m_core.cpu.read(Reg::FPSCR) & kRoundingMode) != 0) {
        m_strictMask |= BlockRecord::kFromFixed;
    }
    if (m_core.mcu.core.kind->checksStatusMoves()) {
        m_strictMask |= BlockRecord::kControl | (privileged ? 0 : BlockRecord::kPrivileged);
    }
    m_mpuOn = scs.mpu().enabled();
    if (m_mpuOn) {
        m_fetchEpoch = scs.mpu().generation() * 4 + (privileged ? 1 : 0) + (m_core.priority() < 0 ? 2 : 0);
    }
    m_core.cpu.setCheckAllAccesses(m_mpuOn || m_fault.has_value());
}

// ---- blocks and instructions ---------------------------------------------------------------------------------------

bool AccessGuard::mayFetch(BlockRecord& record) {
    if (!m_mpuOn || record.fetchEpoch == m_fetchEpoch) {
        return true;
    }
    if (!m_core.scs.mpu().allowsFetch(record.block.begin, epochIsPrivileged(), epochIsBelowZero())) {
        return false;
    }
    record.fetchEpoch = m_fetchEpoch;
    return true;
}

bool AccessGuard::isChecked(const DecodedInsn& insn) const {
    if (insn.undefinedOnCore || (insn.usesFpu && !m_core.scs.fpuEnabled(m_core.privileged()))) {
        return true;
    }
    if (insn.kind == InsnClass::StatusMove) {
        return (statusMoveChecks(insn, m_core.mcu.core) & m_strictMask) != 0;
    }
    return insn.kind == InsnClass::Divide && (m_strictMask & BlockRecord::kDivides) != 0;
}

bool AccessGuard::roundsOtherwise(const DecodedInsn& insn) const {
    return isFromFixed(insn.opcode) && !insn.undefinedOnCore &&
           ((m_strictMask & BlockRecord::kFromFixed) != 0 || (m_core.scs.fpdscr() & kRoundingMode) != 0);
}

std::optional<Fault> AccessGuard::faultOf(const DecodedInsn& insn, Address pc) const {
    if (insn.kind == InsnClass::Divide && !insn.undefinedOnCore) {
        if (!m_core.divisorIsZero(insn)) {
            return std::nullopt;
        }
        return faultAt(pc, exception::kUsageFault, fs::kDivbyzero, fmt::format("division by zero at 0x{:08x}", pc));
    }
    const bool fpuOff = m_core.mcu.core.fpu && isFpEncoding(insn) && !m_core.scs.fpuEnabled(m_core.privileged());
    const bool coprocessor = fpuOff || insn.noCoprocessor;
    return faultAt(pc, exception::kUsageFault, coprocessor ? fs::kNocp : fs::kUndefinstr,
                   fpuOff ? fmt::format("FPU instruction at 0x{:08x} while CPACR keeps the FPU off", pc)
                          : fmt::format("undefined instruction at 0x{:08x}", pc));
}

// ---- accesses ------------------------------------------------------------------------------------------------------

bool AccessGuard::mpuAllows(Address address, bool write, bool privileged) {
    const std::uint32_t epoch = privileged ? m_fetchEpoch : m_fetchEpoch & ~1U;
    const std::uint32_t granule = address >> 5;
    const std::uint32_t key = granule << 1 | (write ? 1U : 0U);
    MpuVerdict& verdict = m_mpuVerdicts[(granule ^ granule >> 12 ^ (write ? 2048U : 0U)) & 4095U];
    if (verdict.key != key || verdict.epoch != epoch) {
        verdict = {key, epoch, m_core.scs.mpu().allowsData(address, write, privileged, epochIsBelowZero())};
    }
    return verdict.allowed;
}

bool AccessGuard::mpuAllowsRange(AddressRange range, bool write, bool privileged) const {
    if (!m_mpuOn) {
        return true;
    }
    const bool belowZero = m_core.priority() < 0;
    constexpr std::uint32_t kGranule = 32;
    for (std::uint64_t at = range.begin; at < range.end(); at = (at / kGranule + 1) * kGranule) {
        if (!m_core.scs.mpu().allowsData(static_cast<Address>(at), write, privileged, belowZero)) {
            return false;
        }
    }
    return true;
}

/// Unprivileged code reaches only the ITM and, when allowed, STIR on the private peripheral bus (Armv7-M ARM, B3.1).
bool AccessGuard::mayUsePpb(const Block& block, Address address, bool write) {
    constexpr Address kItmEnd = 0xE0001000, kStir = 0xE000EF00;
    const bool privileged =
        m_core.privileged() && !accessesUnprivileged(insnAt(block, accessPc(block, m_core.cpu.accesses())));
    if (address < kItmEnd || privileged || (address == kStir && m_core.scs.userMayPend())) {
        return true;
    }
    begin(block, exception::kBusFault, fs::kPreciserr | fs::kBfarvalid, address,
          fmt::format("unprivileged {} at 0x{:08x} of the private peripheral bus", verb(write), address));
    return false;
}

bool AccessGuard::trapsAlignment(const Block& block, Access access) const {
    if ((access.address & (std::min<unsigned>(access.size, 4U) - 1)) == 0) {
        return false;
    }
    const DecodedInsn* insn = insnAt(block, accessPc(block, m_core.cpu.accesses()));
    return m_core.scs.trapUnaligned() || (insn != nullptr && insn->alignedOnly) || isDevice(access.address);
}

void AccessGuard::checkAccess(const Block& block, Access access) {
    if (m_fault) {
        keepForUndo(access);
        return;
    }
    if (trapsAlignment(block, access)) {
        begin(block, exception::kUsageFault, fs::kUnaligned, std::nullopt,
              fmt::format("unaligned {} of {} bytes at 0x{:08x}", verb(access.write), access.size, access.address));
        return;
    }
    const bool privileged =
        m_mpuOn && epochIsPrivileged() && !accessesUnprivileged(insnAt(block, accessPc(block, m_core.cpu.accesses())));
    for (const Address end : {access.address, access.address + access.size - 1}) {
        if (m_mpuOn && !m_fault && !mpuAllows(end, access.write, privileged)) {
            begin(block, exception::kMemManage, fs::kDaccviol | fs::kMmarvalid, end,
                  fmt::format("the MPU forbids the {} at 0x{:08x}", verb(access.write), end));
        }
    }
}

void AccessGuard::keepForUndo(Access access) {
    for (unsigned i = 0; access.write && i < access.size; ++i) {
        if (const auto byte = m_space.at(access.address + i, 1); !byte.empty()) {
            m_fault->undo.emplace_back(access.address + i, byte[0]);
        }
    }
}

void AccessGuard::unmapped(const Block& block, Access access) {
    // A store to memory leaves the pipeline through the write buffer: the fault comes late, without an address.
    const bool imprecise = access.write && m_core.v7;
    const AddressSpace::Region* region = m_space.find(access.address);
    const std::string where =
        region != nullptr ? fmt::format("{} is read-only", region->desc->name) : "nothing answers there";
    begin(block, exception::kBusFault, imprecise ? fs::kImpreciserr : fs::kPreciserr | fs::kBfarvalid,
          imprecise ? std::nullopt : std::optional(access.address),
          fmt::format("{} of {} bytes at 0x{:08x}: {}", verb(access.write), access.size, access.address, where));
    m_fault->imprecise = imprecise;
}

// ---- the fault of the running block --------------------------------------------------------------------------------

/// Keeps the state before the faulting instruction; what the engine still does before it stops is undone.
void AccessGuard::begin(const Block& block, unsigned exception, std::uint32_t cfsr, std::optional<Address> address,
                        const std::string& what) {
    const Address pc = accessPc(block, m_core.cpu.accesses());
    m_fault.emplace();
    m_fault->fault = faultAt(pc, exception, cfsr, fmt::format("{} by the instruction at 0x{:08x}", what, pc), address);
    m_fault->accesses = m_core.cpu.accesses().size() - 1;
    m_core.cpu.saveState();
    m_core.cpu.setCheckAllAccesses(true);
    keepForUndo(m_core.cpu.accesses().back()); // the faulting store itself must not happen either
    m_core.cpu.stop();
}

Fault AccessGuard::finish(const Block* block) {
    PendingFault pending = std::move(*m_fault);
    Fault& fault = pending.fault;
    m_fault.reset();
    for (auto entry = pending.undo.rbegin(); entry != pending.undo.rend(); ++entry) {
        m_space.at(entry->first, 1)[0] = entry->second;
    }
    m_core.cpu.restoreState();
    const DecodedInsn* insn = pending.imprecise && block != nullptr ? insnAt(*block, fault.pc) : nullptr;
    if (insn != nullptr) {
        // The store itself is done: it left through the write buffer.
        if (insn->baseWriteBack >= 0) {
            m_core.cpu.addTo(static_cast<unsigned>(insn->baseWriteBack), storeWriteBack(insn->opcode));
        }
        fault.returnAddress = fault.pc + insn->size;
        ++pending.accesses;
    }
    m_core.cpu.keepAccesses(pending.accesses);
    return fault;
}

} // namespace simprof
