// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/differential/cases.h"

#include <algorithm>
#include <bit>

namespace simprof::differential {

namespace {

constexpr std::uint32_t kUnconditional = 14;

/// Code as it grows.
class CodeWriter {
public:
    CodeWriter(const Target& target, const Setting& setting, const Roles& roles, Random& random)
        : m_target(target)
        , m_setting(setting)
        , m_roles(roles)
        , m_random(random) {
        for (const Form& form : forms()) {
            if ((form.cores & target.core) != 0) {
                m_byKind[static_cast<unsigned>(form.kind)].push_back(&form);
            }
        }
    }

    /// What may be skipped by the IT state that the case begins with; the first FP instruction.
    void begin() {
        for (unsigned i = 0; m_setting.beginsInIt && i < 4; ++i) {
            m_inIt = true;
            form(false);
        }
        m_inIt = false;
        if (m_setting.fpFirst) {
            wide(0xEEB00A40U); // VMOV.F32 S0, S0
        }
    }
    /// One instruction or a few that belong together.
    void unit() {
        const std::uint32_t dice = m_random.below(100);
        if (dice < 7) {
            skip();
        } else if (dice < 14 && m_target.isV7()) {
            itBlock();
        } else if (dice < 22) {
            list();
        } else if (dice < 24 && m_target.isV7()) {
            exclusivePair();
        } else if (dice < 26) {
            jump();
        } else if (dice < 30 && m_setting.exceptions) {
            exception();
        } else if (dice < 33 && m_setting.system) {
            systemChange();
        } else if (dice < 36 && m_setting.nowhere) {
            nowhere();
        } else {
            form();
        }
    }
    void end() { narrow(0xDF01); }
    const std::vector<std::uint16_t>& code() const { return m_code; }
    unsigned count() const { return m_count; }

private:
    void narrow(std::uint32_t bits) {
        m_code.push_back(static_cast<std::uint16_t>(bits));
        ++m_count;
    }
    void wide(std::uint32_t bits) {
        m_code.push_back(static_cast<std::uint16_t>(bits >> 16));
        m_code.push_back(static_cast<std::uint16_t>(bits));
        ++m_count;
    }

    void form(bool mayUseFpu = true) {
        const std::uint32_t dice = m_random.below(100);
        FormKind kind = FormKind::Alu;
        if (m_setting.fpu && mayUseFpu && dice < 40) {
            kind = dice < 24   ? FormKind::Fp
                   : dice < 34 ? FormKind::FpMemory
                   : dice < 39 ? (m_target.core == kOnM7 || dice == 38 ? FormKind::Double : FormKind::Fp)
                               : (m_setting.trapsUnaligned ? FormKind::FpMemory : FormKind::DoubleMemory);
        } else if (dice < 70) {
            kind = FormKind::Memory;
        } else if (dice < 73) {
            kind = FormKind::Status;
        } else if (dice == 99 && m_random.percent(40)) {
            kind = FormKind::Undefined;
        }
        const auto& choices = m_byKind[static_cast<unsigned>(kind)];
        const Encoding made = encode(*choices[m_random.below(choices.size())], m_roles, m_random);
        // The flags of FPSCR differ behind a context that began anew, as writes to CONTROL let it: see the listed rows.
        const bool readsFpscr = made.wide && (made.bits & 0xFFFF0FFFU) == 0xEEF10A10U;
        readsFpscr&& m_setting.system ? narrow(0xBF00) : write(made);
    }
    /// QEMU loses registers written ahead of a division that traps, in the same translation: ISB begins a new one.
    void write(const Encoding& made) {
        if (made.wide && (made.bits & 0xFFD0F0F0U) == 0xFB90F0F0U) {
            if (m_inIt) {
                return narrow(0xBF00);
            }
            wide(0xF3BF8F6FU);
        }
        made.wide ? wide(made.bits) : narrow(made.bits);
    }

    /// An access to where nothing answers. Stores there are imprecise on silicon, which shows in what they write back:
    /// those are left out.
    void nowhere(bool mayUseFpu = true) {
        Roles roles = m_roles;
        roles.accessesNowhere = true;
        const auto kind = m_setting.fpu && mayUseFpu && m_random.percent(20) ? FormKind::FpMemory : FormKind::Memory;
        const auto& choices = m_byKind[static_cast<unsigned>(kind)];
        for (;;) {
            const Form& chosen = *choices[m_random.below(choices.size())];
            if (chosen.bits.find('b') != std::string_view::npos && chosen.bits.find('s') == std::string_view::npos) {
                write(encode(chosen, roles, m_random));
                return;
            }
        }
    }

    /// Registers to load or store, `most` at most; a load leaves those alone that are kept.
    std::uint32_t registerList(bool load, bool low, unsigned most) {
        std::uint32_t list = 0;
        const unsigned count = 1 + m_random.below(most);
        while (static_cast<unsigned>(std::popcount(list)) < count) {
            list |= 1U << (load ? m_roles.destination(m_random, low) : m_roles.source(m_random, low));
        }
        return list;
    }

    void list(bool mayUseFpu = true) {
        const std::uint32_t base = m_roles.base(m_random, true);
        const bool load = m_random.percent(50);
        const std::uint32_t dice = m_random.below(m_target.isV7() ? (m_setting.fpu && mayUseFpu ? 8 : 6) : 2);
        if (dice == 0) { // LDM and STM of low registers write the base back
            narrow((load ? 0xC800U : 0xC000U) | base << 8 | (registerList(load, true, 3) & ~(1U << base)) |
                   1U << m_roles.destination(m_random, true));
        } else if (dice == 1) { // PUSH, POP
            const bool pop = load && m_depth > 0;
            const std::uint32_t registers = registerList(pop, true, 3);
            m_depth += (pop ? -1 : 1) * std::popcount(registers);
            narrow((pop ? 0xBC00U : 0xB400U) | registers);
        } else if (dice < 6) {
            const std::uint32_t any = m_roles.base(m_random, false);
            const std::uint32_t mode = m_random.of({0x08800000, 0x08A00000, 0x09000000, 0x09200000});
            std::uint32_t registers = registerList(load, false, 4) & ~(1U << any);
            while (std::popcount(registers) < 2) {
                registers |= 1U << m_roles.destination(m_random, false);
            }
            wide(0xE0000000U | mode | (load ? 1U << 20 : 0) | any << 16 | registers);
        } else { // VLDM and VSTM
            const std::uint32_t mode = m_random.of({0x0C800A00, 0x0CA00A00, 0x0D200A00});
            const std::uint32_t count = 1 + m_random.below(4);
            wide(0xE0000000U | mode | (load ? 1U << 20 : 0) | m_roles.base(m_random, false) << 16 |
                 m_random.below(14) << 12 | m_random.below(2) << 22 | count);
        }
    }

    void itBlock() {
        const std::uint32_t condition = m_random.below(15);
        const unsigned count = 1 + m_random.below(4);
        // Each following place: the condition (its lowest bit) or its opposite; then a 1 that ends the mask.
        std::uint32_t mask = 0;
        for (unsigned i = 1; i < count; ++i) {
            const std::uint32_t other = condition == kUnconditional ? 0 : m_random.below(2);
            mask |= ((condition & 1U) ^ other) << (4 - i);
        }
        mask |= 1U << (4 - count);
        narrow(0xBF00U | condition << 4 | mask);
        m_inIt = true;
        for (unsigned i = 0; i < count; ++i) {
            const std::uint32_t dice = m_random.below(100);
            if (dice < 15) {
                list(m_setting.fpFirst);
            } else if (dice < 18 && m_setting.exceptions) {
                narrow(0xDF00U | (2 + m_random.below(250)));
            } else if (dice < 24 && m_setting.nowhere) {
                nowhere(m_setting.fpFirst);
            } else {
                form(m_setting.fpFirst);
            }
        }
        m_inIt = false;
    }

    /// A branch over a few instructions, taken or not.
    void skip() {
        const std::size_t at = m_code.size();
        m_code.push_back(0);
        ++m_count;
        const unsigned count = 1 + m_random.below(3);
        for (unsigned i = 0; i < count; ++i) {
            m_random.percent(15) ? list() : form();
        }
        const auto halves = static_cast<std::uint32_t>(m_code.size() - at);
        if (m_target.isV7() && m_random.percent(30)) { // CBZ, CBNZ
            m_code[at] =
                static_cast<std::uint16_t>(0xB100U | m_random.below(2) << 11 | (halves - 2) << 3 | m_random.below(8));
        } else if (m_random.percent(20)) {
            m_code[at] = static_cast<std::uint16_t>(0xE000U | (halves - 2));
        } else {
            m_code[at] = static_cast<std::uint16_t>(0xD000U | m_random.below(14) << 8 | (halves - 2));
        }
    }

    /// A call or jump to what follows.
    void jump() {
        if (m_target.isV7() && m_random.percent(50)) {
            const std::uint32_t at = m_roles.destination(m_random, false);
            if (m_code.size() % 2 != 0) {
                narrow(0xBF00);
            }
            // ADR.W at, behind BX; ADR's base is its address plus 4, BX is one halfword
            wide(0xF20F0000U | at << 8 | 3U);
            narrow((m_random.percent(50) ? 0x4700U : 0x4780U) | at << 3);
        } else {
            wide(0xF000F800U); // BL to the next instruction
        }
    }

    void exclusivePair() {
        const std::uint32_t base = m_roles.base(m_random, false);
        const std::uint32_t value = m_roles.destination(m_random, false);
        wide(0xE8500F00U | base << 16 | value << 12);
        for (unsigned i = m_random.below(3); i-- > 0;) {
            m_setting.exceptions&& m_random.percent(20) ? exception() : form();
        }
        std::uint32_t status = value;
        const std::uint32_t stored = m_roles.source(m_random, false);
        while (status == value || status == stored) {
            status = m_roles.destination(m_random, false);
        }
        wide(0xE8400000U | base << 16 | stored << 12 | status << 8);
    }

    void loadConstant(std::uint32_t into, std::uint32_t value) {
        if (m_target.isV7()) {
            for (const std::uint32_t half : {0xF2400000U | (value & 0xFFFFU) << 16 >> 16, 0xF2C00000U | value >> 16}) {
                const std::uint32_t imm = half & 0xFFFFU;
                wide((half & 0xFFFF0000U) | imm >> 12 << 16 | (imm >> 11 & 1U) << 26 | (imm >> 8 & 7U) << 12 |
                     into << 8 | (imm & 0xFFU));
            }
            return;
        }
        narrow(0x2000U | into << 8 | value >> 24);
        for (const int shift : {16, 8, 0}) {
            narrow(0x0200U | into << 3 | into);
            narrow(0x3000U | into << 8 | (value >> shift & 0xFFU));
        }
    }

    /// Stores to a system register, and makes that effective.
    void systemWrite(Address address, std::uint32_t value) {
        const std::uint32_t at = m_roles.destination(m_random, true);
        std::uint32_t from = at;
        while (from == at) {
            from = m_roles.destination(m_random, true);
        }
        loadConstant(at, address);
        loadConstant(from, value);
        narrow(0x6000U | at << 3 | from);
        wide(0xF3BF8F4FU);
        wide(0xF3BF8F6FU);
    }

    void exception() {
        const std::uint32_t dice = m_random.below(10);
        if (dice < 6) {
            narrow(0xDF00U | (2 + m_random.below(250)));
        } else if (dice < 8) {
            systemWrite(0xE000ED04, 0x10000000); // PendSV
        } else {
            systemWrite(0xE000E200, 1U << m_random.below(4)); // NVIC_ISPR0
        }
    }

    void specialMove(std::uint32_t number, std::uint32_t value) {
        const std::uint32_t from = m_roles.destination(m_random, true);
        loadConstant(from, value);
        wide(0xF3808800U | from << 16 | number);
        wide(0xF3BF8F6FU);
    }

    /// Changes what the core is set up to.
    void systemChange() {
        constexpr std::uint32_t kPrimaskNumber = 16, kBasepriNumber = 17, kBasepriMaxNumber = 18, kControlNumber = 20;
        const std::uint32_t dice = m_random.below(m_target.isV7() ? 11 : 4);
        if (dice == 0) {
            narrow(m_random.percent(30) ? 0xB672 : 0xB662); // CPSID i, CPSIE i
        } else if (dice == 1) {
            specialMove(kPrimaskNumber, m_random.percent(20) ? 1 : 0);
        } else if (dice == 2) {
            specialMove(kControlNumber, m_random.of({0, 0, 2, 2, 0, 1, 3}));
        } else if (dice == 3) {
            systemWrite(0xE000ED1C, m_random.of({0x40U, 0x80U, 0xC0U, 0U}) << 24);
        } else if (dice == 4) {
            narrow(0xB671); // CPSID f, CPSIE f
            narrow(0xB661);
        } else if (dice == 5) {
            specialMove(m_random.percent(50) ? kBasepriNumber : kBasepriMaxNumber,
                        m_random.percent(50) ? 0 : m_random.below(256));
        } else if (dice == 6) {
            systemWrite(0xE000ED0C, 0x05FA0000U | m_random.below(8) << 8);
        } else if (dice == 7) {
            systemWrite(0xE000ED14, m_random.of({0x200, 0x208, 0x210, 0x218, m_setting.fpu ? 0x200U : 0U}) |
                                        (m_setting.trapsUnaligned ? 8U : 0U));
        } else if (dice == 8) {
            systemWrite(0xE000ED24, m_random.below(8) << 16 | (m_setting.inHandler ? 0x400U : 0U));
        } else if (dice == 9) {
            systemWrite(0xE000E400, m_random.word());
        } else if (m_setting.fpuMoves) {
            systemWrite(0xE000ED88, m_random.of({0, 0x500000, 0xF00000, 0xF00000}));
        }
    }

    const Target& m_target;
    const Setting& m_setting;
    const Roles& m_roles;
    Random& m_random;
    std::array<std::vector<const Form*>, 8> m_byKind;
    std::vector<std::uint16_t> m_code;
    unsigned m_count = 0;
    bool m_inIt = false;
    int m_depth = 0; ///< words pushed and not popped, when no branch is taken
};

} // namespace

std::vector<std::uint16_t> writeCode(const Target& target, const Setting& setting, const Roles& roles, unsigned length,
                                     Random& random) {
    CodeWriter writer(target, setting, roles, random);
    writer.begin();
    while (writer.count() < length) {
        writer.unit();
    }
    writer.end();
    return writer.code();
}

} // namespace simprof::differential
