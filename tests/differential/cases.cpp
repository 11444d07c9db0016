// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/differential/cases.h"

#include "tests/differential/monitor.h"

namespace simprof::differential {

namespace {

/// Core registers R0 to R12 and LR of an input, by number.
std::uint32_t& coreRegister(Input& input, unsigned number) {
    return input[number < 4 ? kInR0 + number : number == 12 ? kInR12 : number == 14 ? kInLr : kInR4 + number - 4];
}

/// Values with which arithmetic has its edges.
std::uint32_t interesting(Random& random) {
    static constexpr std::uint32_t kEdges[] = {0,          1,          2,          3,          0x7F,       0x80,
                                               0xFF,       0x7FFF,     0x8000,     0xFFFF,     0x10000,    0x7FFFFFFF,
                                               0x80000000, 0x80000001, 0xFFFFFFFE, 0xFFFFFFFF, 0x7FFF7FFF, 0x80008000};
    const std::uint32_t dice = random.below(10);
    return dice < 3   ? random.of(std::span<const std::uint32_t>(kEdges))
           : dice < 6 ? random.below(64)
           : dice < 7 ? random.word() >> random.below(32)
                      : random.word();
}

std::uint32_t interestingFloat(Random& random) {
    static constexpr std::uint32_t kEdges[] = {0,          0x80000000, 0x3F800000, 0xBF800000, 0x7F800000, 0xFF800000,
                                               0x7FC00000, 0x7F800001, 0xFFC12345, 0x00000001, 0x807FFFFF, 0x00800000,
                                               0x7F7FFFFF, 0x4F000000, 0xCF000000, 0x4EFFFFFF, 0x3F000000, 0x3FC00000};
    const std::uint32_t dice = random.below(10);
    return dice < 3   ? random.of(std::span<const std::uint32_t>(kEdges))
           : dice < 7 ? (random.word() & 0x80FFFFFFU) + 0x3C000000U // moderate sizes
                      : random.word();
}

Roles makeRoles(const Target& target, bool nowhere, Random& random) {
    Roles roles;
    roles.bases = {random.below(4), 4 + random.below(2)};
    if (target.isV7()) {
        roles.bases.push_back(8 + random.below(4));
    }
    roles.index = 6;
    roles.nowhere = nowhere ? 7 : 13;
    return roles;
}

Input makeInput(const Roles& roles, Random& random) {
    Input input{};
    for (unsigned number = 0; number < 15; ++number) {
        if (number != 13) {
            coreRegister(input, number) = interesting(random);
        }
    }
    const bool aligned = random.percent(70);
    for (const std::uint32_t base : roles.bases) {
        const std::uint32_t offset = 0x1C0 + random.below(0x60); // room for offsets and write-back on both sides
        coreRegister(input, base) = kWork + (aligned || random.percent(50) ? offset & ~3U : offset);
    }
    coreRegister(input, roles.index) = aligned ? random.below(8) * 4 : random.below(32);
    if (roles.nowhere != 13) {
        coreRegister(input, roles.nowhere) = 0x30000000U + random.below(0x1000) * (aligned ? 4 : 1);
    }
    input[kInXpsr] = (random.word() & 0xF80F0000U) | 0x01000000U;
    for (unsigned s = 0; s < 32; ++s) {
        input[kInS0 + s] = interestingFloat(random);
    }
    // The other bits belong to a context that is active (DDI 0403 B1.5.7).
    input[kInFpscr] = random.percent(60) ? 0 : random.word() & 0x07C00000U;
    return input;
}

constexpr Address kCpacr = 0xE000ED88, kCcr = 0xE000ED14, kShcsr = 0xE000ED24, kAircr = 0xE000ED0C, kShpr1 = 0xE000ED18,
                  kShpr2 = 0xE000ED1C, kShpr3 = 0xE000ED20, kFpccrRegister = 0xE000EF34, kFpdscr = 0xE000EF3C,
                  kMpuCtrl = 0xE000ED94, kMpuRbar = 0xE000ED9C, kMpuRasr = 0xE000EDA0, kIser0 = 0xE000E100,
                  kIpr0 = 0xE000E400;

/// A frame with FP registers is always aligned to 8 bytes (DDI 0403 B1.5.7: PushStack); QEMU asks CCR.STKALIGN, so that
/// bit is clear only in cases without them.
constexpr std::uint32_t kStkAlign = 0x200;

/// Priorities; PendSV, in whose handler some cases run, never preempts SVCall, which starts them.
void setPriorities(Case& made, const Target& target, Random& random) {
    const bool any = random.percent(30);
    const std::uint32_t low = target.isV7() ? 0xE0 : 0xC0;
    made.registers.emplace_back(kIser0, 0xF);
    made.registers.emplace_back(kIpr0, any ? random.word() : 0x80808080);
    made.registers.emplace_back(kShpr2, (any ? random.below(low) : 0x40) << 24);
    made.registers.emplace_back(kShpr3, (low | (any ? random.below(32) : 0)) << 16);
    if (target.isV7()) {
        made.registers.emplace_back(kShpr1, any ? random.word() & 0xFFFFFF : 0x202020);
        made.registers.emplace_back(kAircr, 0x05FA0000U | (any ? random.below(8) << 8 : 0));
        made.registers.emplace_back(kShcsr, random.percent(80) ? 0x70000 : random.below(8) << 16);
        made.masks = random.percent(15) ? random.below(256) << 8 : 0;
    }
    made.masks |= random.percent(5) ? 1 : 0;
}

/// Regions 0 and 1 let all code use RAM and read code; the next four carve up the memory that cases use, below the
/// stack. The last two change nothing: for QEMU the rights of a disabled subregion are those of its page unless a
/// region that lies elsewhere in the page has a higher number.
void setMpu(Case& made, Random& random) {
    constexpr std::uint32_t kValid = 0x10, kFull = 3U << 24, kReadOnly = 6U << 24, kXn = 1U << 28;
    constexpr std::uint32_t kEnable = 1, k4MiB = 21U << 1;
    made.registers.emplace_back(kMpuRbar, 0x20000000U | kValid);
    made.registers.emplace_back(kMpuRasr, kFull | kXn | k4MiB | kEnable);
    made.registers.emplace_back(kMpuRbar, kValid | 1U);
    made.registers.emplace_back(kMpuRasr, (random.percent(50) ? kReadOnly : kFull) | k4MiB | kEnable);
    constexpr std::uint32_t k32Bytes = 4U << 1;
    for (const std::uint32_t elsewhere : {(kWork & ~0x3FFU) | 6U, (kEvents + 0x1E0) | 7U}) {
        made.registers.emplace_back(kMpuRbar, elsewhere | kValid);
        made.registers.emplace_back(kMpuRasr, kFull | k32Bytes | kEnable);
    }
    for (std::uint32_t region = 2; region < 6; ++region) {
        const std::uint32_t sizeLog2 = 5 + random.below(4);
        const std::uint32_t base =
            sizeLog2 == 8 ? kWork + 0x100 : (kWork + 0x100 + random.below(0x140)) & ~((1U << sizeLog2) - 1);
        const std::uint32_t rights = random.of({0, 1, 2, 3, 5, 6});
        const std::uint32_t subregions = sizeLog2 == 8 ? random.below(256) << 8 : 0;
        made.registers.emplace_back(kMpuRbar, base | kValid | region);
        made.registers.emplace_back(kMpuRasr,
                                    random.percent(50) ? rights << 24 | subregions | (sizeLog2 - 1) << 1 | kEnable : 0);
    }
    made.registers.emplace_back(kMpuCtrl, 1U | random.below(4) << 1);
}

void setFpu(Case& made, Setting& setting, Random& random) {
    setting.fpu = random.percent(35);
    const std::uint32_t access = setting.fpu && random.percent(90) ? 0xF00000 : random.of({0, 0x500000});
    made.registers.emplace_back(kCpacr, access);
    if (access == 0xF00000) {
        const bool thread = (made.flags & kInHandler) == 0;
        made.flags |= (thread && random.percent(30) ? std::uint32_t{kExtendedFrame} : 0) |
                      (random.percent(50) ? std::uint32_t{kFpInEvents} : 0);
    }
    setting.fpFirst = setting.fpu && !setting.system && random.percent(60);
    setting.fpuMoves = setting.fpu && (made.flags & kFpInEvents) == 0;
    made.registers.emplace_back(kFpccrRegister, random.percent(80) ? 0xC0000000 : 0x80000000);
    made.registers.emplace_back(kFpdscr, random.percent(20) ? random.word() & 0x07C00000 : 0);
}

} // namespace

Case makeCase(const Target& target, std::uint64_t seed, std::uint32_t number) {
    Random random(seed * 0x100000000U + number);
    Case made;
    made.number = number;
    Setting setting;
    setting.exceptions = random.percent(30);
    setting.system = random.percent(20);
    setting.nowhere = random.percent(10);
    const Roles roles = makeRoles(target, setting.nowhere, random);
    const std::uint32_t dice = random.below(100);
    made.flags = dice < 20 ? std::uint32_t{kInHandler} : dice < 50 ? std::uint32_t{kOnPsp} : 0;
    setting.inHandler = (made.flags & kInHandler) != 0;
    made.stack = kWork + 0x380 + 4 * random.below(4);
    setPriorities(made, target, random);
    if (target.isV7()) {
        made.flags |= random.percent(25) ? std::uint32_t{kUnprivileged} : 0;
        setting.beginsInIt = dice >= 90;
        setFpu(made, setting, random);
        setting.trapsUnaligned = random.percent(20);
        made.registers.emplace_back(kCcr, (setting.fpu || random.percent(90) ? kStkAlign : 0) |
                                              (random.percent(20) ? 0x10U : 0) |
                                              (setting.trapsUnaligned || random.percent(10) ? 8U : 0));
        if (setting.trapsUnaligned) {
            setMpu(made, random);
        }
    }
    made.code = writeCode(target, setting, roles, 60 + random.below(60), random);
    for (unsigned run = 0; run < target.runs; ++run) {
        made.inputs.push_back(makeInput(roles, random));
        if (setting.beginsInIt) { // any ITSTATE with a condition, and two to four instructions to go
            const std::uint32_t state = random.below(14) << 4 | (random.below(16) & ~1U) | 1U << random.below(3);
            made.inputs.back()[kInXpsr] |= (state & 3U) << 25 | (state >> 2) << 10;
        }
    }
    return made;
}

} // namespace simprof::differential
