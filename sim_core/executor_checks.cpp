// SPDX-License-Identifier: GPL-2.0-or-later
/// Blocks that need a look before they run: what silicon refuses or does otherwise than the engine.
#include "sim_core/executor.h"

#include <fmt/format.h>

namespace simprof {

namespace {

/// MRS of CONTROL (Armv7-M ARM, B5.2.2: SYSm 20).
bool readsControlRegister(const DecodedInsn& insn) {
    constexpr std::uint32_t kMask = 0xFFFFF0FFU, kMrsControl = 0xF3EF8014U;
    return (insn.opcode & kMask) == kMrsControl;
}

} // namespace

/// Runs [from, until) of a block; what happened instead, if something did.
std::optional<ExecutorExit> Executor::runHead(const Block& block, Address from, Address until) {
    // What begins behind the block too: `until` may lie there, and ends a run only where code is translated for it.
    const AddressRange range{block.begin, block.size + 2};
    m_cpu.forgetCode(range);
    m_passAll = true;
    m_core.restoreItState();
    m_cpu.run(from, until);
    m_passAll = false;
    m_cpu.forgetCode(range);
    if (m_parts.guard.faulted()) {
        return finishFault();
    }
    if (m_current != nullptr) {
        retire(until);
    }
    m_core.state.pc = until;
    return std::nullopt;
}

/// VCVT from fixed point rounds to nearest (Armv7-M ARM, A7.7.228); the engine does as FPSCR says.
std::optional<ExecutorExit> Executor::runToNearest(const Block& block, const DecodedInsn& insn) {
    const Address pc = block.begin + insn.offset;
    const std::uint32_t mode = m_cpu.read(Reg::FPSCR) & kRoundingMode;
    m_cpu.write(Reg::FPSCR, m_cpu.read(Reg::FPSCR) & ~kRoundingMode);
    const std::optional<ExecutorExit> instead = runHead(block, pc, pc + insn.size);
    m_cpu.write(Reg::FPSCR, m_cpu.read(Reg::FPSCR) | mode);
    return instead;
}

/// MRS, MSR or CPS at `pc`, done here.
void Executor::moveStatus(const DecodedInsn& insn, Address pc) {
    BlockRecord& alone = decoded(pc, insn.size, m_core.state.itState);
    m_core.moveStatus(insn);
    m_current = &alone;
    retire(pc + insn.size);
    m_core.state.pc = pc + insn.size;
}

/// SP keeps bits 1:0 clear whatever this block writes to it.
void Executor::alignStackIn(const Block& block) {
    for (const DecodedInsn& insn : block.insns) {
        if (const StackMove move = stackMove(insn); move != StackMove::None) {
            m_cpu.alignStackBefore(block.begin + insn.offset + insn.size, move == StackMove::Banked);
        }
    }
}

/// Looks at a block the engine was stopped before; what is to happen instead of it, if anything is.
std::optional<ExecutorExit> Executor::lookAt(BlockRecord& record) {
    const Block& block = record.block;
    if (!m_parts.guard.mayFetch(record)) {
        return ExecutorExit{ExecutorExit::Kind::Fault,
                            faultAt(block.begin, exception::kMemManage, fault_status::kIaccviol,
                                    fmt::format("the MPU forbids to execute 0x{:08x}", block.begin))};
    }
    if (record.idleLoop) {
        m_candidate = &record;
        return ExecutorExit{ExecutorExit::Kind::Idle};
    }
    if ((record.checks & BlockRecord::kMovesStack) != 0) { // translated before alignStackIn()
        record.checks &= static_cast<std::uint8_t>(~BlockRecord::kMovesStack);
        m_cpu.forgetCode({block.begin, block.size + 2});
    }
    return m_parts.guard.checks(record) != 0 ? lookAtInstructions(block) : std::nullopt;
}

std::optional<ExecutorExit> Executor::lookAtInstructions(const Block& block) {
    Address from = block.begin; // moves only inside an IT block, where the engine cannot be stopped again
    bool readsControl = false;  // which shows FPCA
    for (const DecodedInsn& insn : block.insns) {
        const Address pc = block.begin + insn.offset;
        const bool refused = m_parts.guard.isChecked(insn);
        const bool startsFp = insn.usesFpu && m_parts.guard.checksFpu() && !refused;
        const bool toNearest = m_parts.guard.roundsOtherwise(insn) && !refused;
        const bool startsHere = startsFp && (insn.predicated || readsControl);
        readsControl |= readsControlRegister(insn);
        if (refused || startsHere || toNearest) {
            if (pc != from) {
                if (const auto instead = runHead(block, from, pc)) {
                    return instead;
                }
                if (m_core.state.itState == 0) {
                    return ExecutorExit{}; // its effects count: come back with this instruction first
                }
                m_parts.guard.update();
            }
            from = pc;
            if (insn.predicated && !m_core.conditionHolds(insn.condition)) {
                continue;
            }
            if (startsFp) {
                if (const auto fault = m_parts.fp.start(pc)) {
                    return ExecutorExit{ExecutorExit::Kind::Fault, fault};
                }
            }
            if (toNearest) {
                const auto instead = runToNearest(block, insn);
                return instead ? instead : ExecutorExit{};
            }
            if (startsFp) {
                continue;
            }
            if (insn.kind == InsnClass::StatusMove && !insn.undefinedOnCore) {
                moveStatus(insn, pc);
                return ExecutorExit{};
            }
            if (const auto fault = m_parts.guard.faultOf(insn, pc)) {
                return ExecutorExit{ExecutorExit::Kind::Fault, fault};
            }
        } else if (startsFp) {
            if (const auto fault = m_parts.fp.start(pc)) {
                return ExecutorExit{ExecutorExit::Kind::Fault, fault};
            }
        }
    }
    // Otherwise execution continues behind the head that ran here.
    return from == block.begin ? std::nullopt : std::optional(ExecutorExit{});
}

} // namespace simprof
