// SPDX-License-Identifier: GPL-2.0-or-later
/// Thumb instructions by their opcode bits: what timing, control flow and the strict checks need to know, once per
/// block.
#pragma once
#include "sim_core/access.h"
#include "sim_core/machine_desc.h"
#include "sim_core/units.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// What an instruction does to the pipeline; the rows of the core tables (sim_core/timing) are keyed by it.
enum class InsnClass : std::uint8_t {
    Alu,        ///< data processing with an immediate or plain register operand, MOV, CMP, ADR, REV, CLZ
    AluShifted, ///< data processing whose second operand goes through the shifter (non-zero shift)
    Shift,      ///< LSL, LSR, ASR, ROR, RRX as an instruction of its own
    Bitfield,   ///< BFI, BFC, UBFX, SBFX
    Extend,     ///< SXTB, UXTH, SXTB16 …; ExtendAdd adds a register
    ExtendAdd,
    Dsp,      ///< parallel add/sub, SEL, USAD8, PKH
    Saturate, ///< SSAT, USAT, QADD …
    Mul,      ///< MUL
    Mac,      ///< MLA, MLS, SMLAD, SMUAD, SMLABB …
    MulLong,  ///< SMULL, UMULL
    MacLong,  ///< SMLAL, UMLAL, UMAAL, SMLALD
    Divide,   ///< SDIV, UDIV
    Load,
    Store, ///< one register
    LoadPair,
    StorePair, ///< LDRD, STRD
    LoadMultiple,
    StoreMultiple, ///< LDM, POP, STM, PUSH
    LoadExclusive,
    StoreExclusive,
    Preload,
    Branch,         ///< B
    CondBranch,     ///< Bcc, CBZ, CBNZ
    Call,           ///< BL
    IndirectBranch, ///< BX, MOV PC, ADD PC
    IndirectCall,   ///< BLX register
    TableBranch,    ///< TBB, TBH
    It,
    Nop,
    Hint,       ///< Hint: WFI, WFE, SEV, YIELD
    Barrier,    ///< DMB, DSB, ISB
    StatusMove, ///< MRS, MSR, CPS
    Svc,
    Bkpt,
    Undefined,
    FpAlu, ///< VADD, VSUB, VCMP, VCVT, VABS, VNEG, VMOV between FP registers
    FpMul,
    FpMac,
    FpDivide,
    FpSqrt,
    FpMoveCore, ///< VMOV, VMRS, VMSR between core and FP registers
    FpLoad,
    FpStore,
    FpLoadMultiple,
    FpStoreMultiple,
};

/// One decoded instruction. Register sets are bit masks: bit n is Rn; FP registers as single-precision S0…S31.
struct DecodedInsn {
    std::uint16_t offset = 0; ///< from the block's first byte
    std::uint8_t size = 2;    ///< 2 or 4 bytes
    InsnClass kind = InsnClass::Undefined;
    std::uint8_t condition = 14; ///< 0…13 when conditional (IT block or Bcc), else 14
    std::uint32_t opcode = 0;    ///< 16-bit: the halfword; 32-bit: first halfword in the upper half
    std::uint16_t reads = 0;
    std::uint16_t writes = 0;
    std::uint32_t fpReads = 0;
    std::uint32_t fpWrites = 0;
    std::uint16_t addressRegs = 0;     ///< of reads: those that make an address
    std::uint16_t shiftedRegs = 0;     ///< of reads: those that go through the shifter
    std::uint16_t accumulatorRegs = 0; ///< of reads: those added last by a MAC
    std::uint32_t fpAccumulators = 0;  ///< of fpReads: those added last by VMLA, VFMA
    std::uint16_t storeDataRegs = 0;
    std::int8_t baseWriteBack = -1; ///< register that an access writes back, or -1
    std::uint8_t accessCount =
        0; ///< accesses as the engine reports them: a word each, VLDR.64 and VLDM {d…} 8 bytes each
    std::uint8_t accessSize = 0; ///< bytes of each
    bool store = false;
    bool literal = false;        ///< PC-relative load
    bool registerOffset = false; ///< address is base plus register
    bool alignedOnly = false; ///< faults unless aligned to accessSize, at most 4 (LDM, LDRD, VLDR …; on M0/M0+ all)
    bool setsFlags = false;
    bool readsFlags = false; ///< conditional, ADC, SEL …
    bool predicated = false; ///< inside an IT block
    bool loadsPc = false;    ///< POP {…, pc}, LDR pc, LDM with pc
    bool usesFpu = false;
    bool doublePrecision = false;
    bool unaligned = false;       ///< 32-bit instruction that straddles a word boundary
    bool undefinedOnCore = false; ///< silicon raises UNDEFINSTR (or HardFault) for it on this core
    bool noCoprocessor = false;   ///< with undefinedOnCore: UsageFault NOCP rather than UNDEFINSTR

    unsigned words() const { return accessSize == 8 ? 2u * accessCount : accessCount; } ///< bus transfers when aligned
};

/// How a block hands over control.
enum class BlockEnd : std::uint8_t {
    FallThrough,    ///< split by the engine: page, length, barrier
    Branch,         ///< direct, always taken
    CondBranch,     ///< direct, may fall through
    Call,           ///< BL
    IndirectCall,   ///< BLX register
    IndirectBranch, ///< BX register other than LR, MOV PC, LDR PC (jump table), TBB
    Return,         ///< BX LR, MOV PC LR, POP/LDM/LDR PC from the stack
    Exception,      ///< SVC, BKPT, UDF, WFI, WFE: the engine comes back
};

/// One word or element of a block's memory traffic in the order the engine reports it.
struct AccessSlot {
    std::uint16_t insn = 0; ///< index into Block::insns
    std::uint8_t size = 0;  ///< bytes
    bool write = false;
};

/// A translation block: straight-line code as the engine runs it, decoded once.
struct Block {
    std::uint32_t id = 0;      ///< dense, in order of first execution
    std::uint32_t version = 1; ///< counts the blocks that had this number, one after the other
    Address begin = 0;
    std::uint32_t size = 0; ///< bytes
    BlockEnd end = BlockEnd::FallThrough;
    bool conditionalEnd = false; ///< the last instruction is predicated
    bool usesFpu = false;
    bool undefinedOnCore = false;
    bool endsInsideIt = false;       ///< the next block starts inside an IT block
    std::uint8_t itStateAtBegin = 0; ///< ITSTATE in force at the first instruction
    std::uint8_t itStateAtEnd = 0;
    Address target = 0; ///< of a direct branch or call, else 0
    std::vector<DecodedInsn> insns;
    std::vector<AccessSlot> slots;

    std::uint64_t executions = 0;
    Cycles cycles = 0; ///< all executions together

    Address fallThrough() const { return begin + size; }
};

/// Does it belong to the DSP extension, which an Armv7E-M core has and an Armv7-M core does not (DDI 0403E, A1.3)?
bool needsDsp(const DecodedInsn& insn);

/// Decodes `code`, which starts at `begin` with `itState` in force, for the given core.
Block decodeBlock(Address begin, std::span<const std::byte> code, const CoreDesc& core, std::uint8_t itState = 0);

/// The instruction that made the last of `accesses`, which are those of one execution of `block`; its begin if there
/// are none.
Address accessPc(const Block& block, std::span<const Access> accesses);

/// One line of disassembly.
struct DisassembledInsn {
    Address address = 0;
    std::uint8_t size = 2;
    std::string text; ///< "ldr r0, [r1, #4]"
};

/// Disassembles `code` at `begin` (Capstone); undecodable halfwords come as ".hword 0x…".
std::vector<DisassembledInsn> disassemble(Address begin, std::span<const std::byte> code);

} // namespace simprof
