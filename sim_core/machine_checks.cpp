// SPDX-License-Identifier: GPL-2.0-or-later
/// Blocks that need a look before they run: what silicon refuses or does otherwise than the engine.
#include "sim_core/machine.h"

#include <fmt/format.h>

namespace simprof {

namespace fs = fault_status;

/// Runs [from, until) of a block; false when something else happened instead.
bool Machine::runHead(const Block& block, Address from, Address until) {
    const AddressRange range{block.begin, block.size};
    m_cpu.forgetCode(range);
    m_passAll = true;
    m_stopped = false;
    m_cpu.run(from, until);
    m_passAll = false;
    m_cpu.forgetCode(range);
    if (m_fault) {
        finishFaultedBlock();
        return false;
    }
    if (m_current != nullptr) {
        retire(until);
    }
    m_pc = until;
    return true;
}

bool Machine::divisorIsZero(const DecodedInsn& insn) const {
    const unsigned rm = insn.opcode & 0xFU;
    const CoreRegisters registers = m_cpu.registers();
    return (rm == 13 ? registers.sp : rm == 14 ? registers.lr : rm < 13 ? registers.r[rm] : 1) == 0;
}

/// A condition code on the flags as they are (Armv7-M ARM, table A7-1).
bool Machine::conditionHolds(unsigned condition) const {
    const std::uint32_t xpsr = m_cpu.read(Reg::XPSR);
    const bool n = (xpsr >> 31 & 1U) != 0, z = (xpsr >> 30 & 1U) != 0, c = (xpsr >> 29 & 1U) != 0,
               v = (xpsr >> 28 & 1U) != 0;
    const bool holds[] = {z, c, n, v, c && !z, n == v, n == v && !z, true};
    return holds[condition >> 1 & 7U] != ((condition & 1U) != 0 && condition < 14);
}

/// Must this instruction be stopped before, with the machine set up as it is?
bool Machine::isChecked(const DecodedInsn& insn) const {
    if (insn.undefinedOnCore || (insn.usesFpu && !m_scs.fpuEnabled(privileged()))) {
        return true;
    }
    if (insn.kind == InsnClass::StatusMove) {
        return (statusMoveChecks(insn, m_mcu.core) & m_strictMask) != 0;
    }
    return insn.kind == InsnClass::Divide && (m_strictMask & BlockRecord::kDivides) != 0;
}

/// Looks at the instruction at m_pc; false when it faulted or was done here.
bool Machine::mayExecute(const DecodedInsn& insn, Address pc) {
    if (insn.kind == InsnClass::StatusMove && !insn.undefinedOnCore) {
        BlockRecord& alone = decoded(pc, insn.size, m_itState);
        moveStatus(insn);
        m_current = &alone;
        retire(pc + insn.size);
        m_pc = pc + insn.size;
        return false;
    }
    if (insn.kind == InsnClass::Divide && !insn.undefinedOnCore) {
        if (!divisorIsZero(insn)) {
            return true;
        }
        takeFault({exception::kUsageFault, fs::kDivbyzero, std::nullopt, pc, pc,
                   fmt::format("division by zero at 0x{:08x}", pc)});
        return false;
    }
    const bool fpuOff = insn.usesFpu && !insn.undefinedOnCore;
    const bool coprocessor = fpuOff || insn.noCoprocessor;
    takeFault({exception::kUsageFault, coprocessor ? fs::kNocp : fs::kUndefinstr, std::nullopt, pc, pc,
               fpuOff ? fmt::format("FPU instruction at 0x{:08x} while CPACR keeps the FPU off", pc)
                      : fmt::format("undefined instruction at 0x{:08x}", pc)});
    return false;
}

/// Looks at a block the engine was stopped before; false when something else happened instead of it.
bool Machine::mayRun(BlockRecord& record) {
    const Block& block = record.block;
    if (m_mpuOn && record.fetchEpoch != m_fetchEpoch) {
        const bool belowZero = (m_fetchEpoch & 2U) != 0;
        if (!m_scs.mpu().allowsFetch(block.begin, (m_fetchEpoch & 1U) != 0, belowZero)) {
            takeFault({exception::kMemManage, fs::kIaccviol, std::nullopt, block.begin, block.begin,
                       fmt::format("the MPU forbids to execute 0x{:08x}", block.begin)});
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
    Address from = block.begin; // moves only inside an IT block, where the engine cannot be stopped again
    for (const DecodedInsn& insn : block.insns) {
        const Address pc = block.begin + insn.offset;
        if (isChecked(insn)) {
            if (pc != from) {
                if (!runHead(block, from, pc) || m_itState == 0) {
                    return false; // its effects count: come back with this instruction first
                }
                updateStrictness();
            }
            from = pc;
            if (insn.predicated && !conditionHolds(insn.condition)) {
                continue;
            }
            if (!mayExecute(insn, pc)) {
                return false;
            }
        } else if (insn.usesFpu && (m_strictMask & BlockRecord::kUsesFpu) != 0 && !startFpContext(pc)) {
            return false;
        }
    }
    return from == block.begin; // otherwise execution goes on behind the head that ran here
}

} // namespace simprof
