// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/image/code_survey.h"

#include "sim_core/image/code_constants.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_set>
#include <vector>

namespace simprof {
namespace {

constexpr unsigned kSp = 13;
constexpr std::size_t kMostInstructions = 60'000; ///< a survey of more takes as long as a short run

CoreDesc smallestCore() {
    CoreDesc core;
    core.kind = &kCortexM0Plus;
    return core;
}

/// Follows code run by run: a run ends at a call or where control leaves, so that data behind a call that does not
/// return spoils nothing but its own run.
class Survey {
public:
    /// `data`: literals that were found before; no code lies there.
    Survey(const FirmwareImage& image, const std::set<Address>& data)
        : m_image(image)
        , m_data(data) {}

    /// The literals found; empty when none of them was followed as code.
    std::set<Address> literalsInCode() const {
        const auto followed = [&](Address literal) { return m_seen.contains(literal) || m_seen.contains(literal + 2); };
        return std::ranges::any_of(m_literals, followed) ? m_literals : std::set<Address>{};
    }

    CodeSurvey from(std::span<const Address> entries) {
        for (const Address entry : entries) {
            m_waiting.push_back(entry & ~1U);
        }
        std::reverse(m_waiting.begin(), m_waiting.end()); // the first entry first
        bool first = true;
        while (!m_waiting.empty() && m_found.instructions < kMostInstructions) {
            const Address at = m_waiting.back();
            m_waiting.pop_back();
            if (m_seen.contains(at)) {
                continue;
            }
            const bool good = run(at, first);
            m_found.entryIsCode |= first && good;
            m_found.badRuns += good ? 0 : 1;
            first = false;
        }
        return std::move(m_found);
    }

private:
    /// What a run found, kept when it decodes to its end.
    struct Pending {
        std::vector<std::pair<CodeNeed, Address>> needs;
        std::vector<Address> next;
        std::size_t instructions = 0;
        bool usesStack = false;
    };

    bool run(Address at, bool isEntry) {
        CodeConstants constants(m_image);
        Pending pending;
        unsigned itLeft = 0;
        bool stackUsed = false;
        for (unsigned fill = 0;; at += m_step.insn.size) {
            if (!m_seen.insert(at).second) {
                break; // joins code that was followed before
            }
            if (m_data.contains(at & ~3U) || constants.literals.contains(at & ~3U)) {
                if (pending.instructions == 0) {
                    return false;
                }
                break; // what is before a literal does not come back: a semihosting exit, an SVC
            }
            m_step = codeStepAt(m_image, at);
            const std::string newer = armv8mInstruction(m_step.first, m_step.second);
            if (isTrap(m_step)) {
                break;
            }
            fill = m_step.first == 0 || m_step.first == 0xFFFF ? fill + 1 : 0;
            if ((!m_step.valid && newer.empty()) || fill > 1) {
                return false;
            }
            ++pending.instructions;
            pending.usesStack |= (m_step.insn.addressRegs >> kSp & 1U) != 0;
            noteNeeds(at, newer, pending);
            if (newer == "bxns") {
                break;
            }
            const bool setsStack = isEntry && !stackUsed && writesStackPointer();
            stackUsed |= setsStack || usesStack();
            const auto jumps = m_step.insn.reads != 0 ? constants.of(jumpRegister()) : std::nullopt;
            constants.follow(m_step, at);
            if (setsStack) {
                m_found.setsStackItself = true;
                m_found.stackSet = constants.of(movesToMsp() ? m_step.first & 0xFU : kSp);
            }
            const bool conditional = itLeft != 0;
            itLeft = m_step.insn.kind == InsnClass::It ? itLength(m_step.first) : itLeft - (conditional ? 1U : 0U);
            if (!goesOn(at, conditional, jumps, pending)) {
                break;
            }
        }
        keep(constants, pending);
        return true;
    }

    /// Functions whose address is taken are followed, too: tasks, callbacks.
    void keep(CodeConstants& constants, Pending& pending) {
        for (const std::uint32_t value : constants.constants) {
            const auto half = (value & 1U) != 0 ? codeHalfAt(m_image, value & ~1U) : std::nullopt;
            if (half && (*half >> 8 == 0xB5 || *half == 0xE92D)) { // PUSH with LR
                pending.next.push_back(value & ~1U);
            }
        }
        m_found.constants.merge(constants.constants);
        m_found.accessed.merge(constants.accessed);
        m_literals.merge(constants.literals);
        m_found.instructions += pending.instructions;
        m_found.usesStack |= pending.usesStack;
        for (const auto& [need, address] : pending.needs) {
            auto& witness = m_found.needs[static_cast<std::size_t>(need)];
            if (!witness) {
                witness = {address, textAt(address)};
            }
        }
        m_waiting.insert(m_waiting.end(), pending.next.rbegin(), pending.next.rend());
    }

    static unsigned itLength(std::uint32_t op) { return 4 - static_cast<unsigned>(std::countr_zero(op & 0xFU)); }

    unsigned jumpRegister() const { return m_step.first >> 3 & 0xFU; }

    /// MSR MSP.
    bool movesToMsp() const {
        constexpr unsigned kMsp = 8;
        return m_step.insn.size == 4 && (m_step.first & 0xFFF0) == 0xF380 && (m_step.second & 0xFF) == kMsp;
    }
    /// MOV SP, LDR SP from a literal, MSR MSP.
    bool writesStackPointer() const {
        const DecodedInsn& insn = m_step.insn;
        return movesToMsp() || (insn.size == 2 ? m_step.first >> 8 == 0x46 && (m_step.first & 0x87) == 0x85
                                               : (m_step.first & 0xFF7F) == 0xF85F && m_step.second >> 12 == kSp);
    }
    bool usesStack() const {
        return (m_step.insn.addressRegs >> kSp & 1U) != 0 || m_step.end == BlockEnd::Call ||
               m_step.end == BlockEnd::IndirectCall;
    }

    /// Where control goes from the instruction at `at`; false when the run ends with it.
    bool goesOn(Address at, bool conditional, std::optional<std::uint32_t> jumps, Pending& pending) {
        const Address after = at + m_step.insn.size;
        switch (m_step.end) {
        case BlockEnd::FallThrough: return true;
        case BlockEnd::CondBranch: pending.next.push_back(m_step.target); return true;
        case BlockEnd::Branch:
            pending.next.push_back(m_step.target);
            if (conditional) {
                pending.next.push_back(after);
            }
            return false;
        case BlockEnd::Call:
            pending.next.push_back(m_step.target);
            if (!readsItsReturnAddress(m_step.target)) {
                pending.next.push_back(after);
            }
            return false;
        case BlockEnd::IndirectCall:
        case BlockEnd::IndirectBranch:
            if (jumps && (*jumps & 1U) != 0 && m_step.insn.size == 2 &&
                m_image.runBytesAt(*jumps & ~1U, 2).size() == 2) {
                pending.next.push_back(*jumps & ~1U);
            }
            if (conditional || m_step.end == BlockEnd::IndirectCall) {
                pending.next.push_back(after);
            }
            return false;
        case BlockEnd::Return:
            if (conditional) {
                pending.next.push_back(after);
            }
            return false;
        case BlockEnd::Exception: // SVC, BKPT and hints come back
            return true;
        }
        return false;
    }

    /// Helpers for switch statements of Armv6-M take the table behind their call by the return address. One that a
    /// veneer leads to may lie in RAM, where the image does not show it.
    bool readsItsReturnAddress(Address function) const {
        if (const auto target = veneerTarget(function)) {
            function = *target & ~1U;
            if (!codeHalfAt(m_image, function)) {
                return true;
            }
        }
        for (unsigned i = 0; i < 3; ++i) {
            const auto half = codeHalfAt(m_image, function + 2 * i);
            if (half && (*half & 0xFF78) == 0x4670) { // MOV Rd, LR
                return true;
            }
        }
        return false;
    }

    /// A linker's long call on Armv6-M: PUSH {R0}; LDR R0, =target; MOV IP, R0; POP {R0}; BX IP.
    std::optional<std::uint32_t> veneerTarget(Address at) const {
        const auto half = [&](unsigned index) { return codeHalfAt(m_image, at + 2 * index).value_or(0); };
        if (half(0) != 0xB401 || half(1) >> 8 != 0x48 || half(2) != 0x4684 || half(3) != 0xBC01 || half(4) != 0x4760) {
            return std::nullopt;
        }
        const Address literal = ((at + 2 + 4) & ~3U) + 4 * (half(1) & 0xFFU);
        const auto low = codeHalfAt(m_image, literal), high = codeHalfAt(m_image, literal + 2);
        return low && high ? std::optional(*low | *high << 16) : std::nullopt;
    }

    void noteNeeds(Address at, const std::string& newer, Pending& pending) const {
        static const CoreDesc smallest = smallestCore();
        const auto add = [&](CodeNeed need) { pending.needs.emplace_back(need, at); };
        if (!newer.empty()) {
            add(newer == "le" || newer == "dls" || newer == "wls" ? CodeNeed::ArmV8_1M : CodeNeed::ArmV8M);
            return;
        }
        const DecodedInsn& insn = m_step.insn;
        if (insn.usesFpu) {
            add(CodeNeed::Fpu);
            if (insn.doublePrecision) {
                add(CodeNeed::Double);
            }
            if (m_step.first >> 12 == 0xF) {
                add(CodeNeed::FpV5);
            }
            return;
        }
        if (needsDsp(insn)) {
            add(CodeNeed::Dsp);
        }
        const bool candidate = insn.size == 4 || m_step.first >> 12 == 0xB;
        if (candidate && !m_found.need(CodeNeed::Thumb2)) {
            const auto code = m_image.runBytesAt(at, insn.size);
            if (decodeBlock(at, code, smallest).undefinedOnCore) {
                add(CodeNeed::Thumb2);
            }
        }
    }

    std::string textAt(Address address) const {
        const CodeStep found = codeStepAt(m_image, address);
        if (const std::string newer = armv8mInstruction(found.first, found.second); !newer.empty()) {
            return newer;
        }
        const auto lines = disassemble(address, m_image.runBytesAt(address, found.insn.size));
        return lines.empty() ? "" : lines.front().text;
    }

    const FirmwareImage& m_image;
    const std::set<Address>& m_data;
    std::set<Address> m_literals;
    CodeSurvey m_found;
    CodeStep m_step;
    std::vector<Address> m_waiting;
    std::unordered_set<Address> m_seen;
};

} // namespace

CodeSurvey surveyCode(const FirmwareImage& image, std::span<const Address> entries) {
    // Literals are known only after the code that loads them was followed: again, until none is taken for code.
    std::set<Address> data;
    for (unsigned pass = 0;; ++pass) {
        Survey survey(image, data);
        CodeSurvey found = survey.from(entries);
        std::set<Address> more = survey.literalsInCode();
        if (more.empty() || pass == 2) {
            return found;
        }
        data.merge(more);
    }
}

} // namespace simprof