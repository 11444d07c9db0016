// SPDX-License-Identifier: GPL-2.0-or-later
// Encodings of Armv8-M that Armv7-M lacks: Armv8-M ARM (DDI 0553), C2.
#include "sim_core/image/code_survey.h"

#include "sim_core/decode/decoder.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_set>
#include <vector>

namespace simprof {
namespace {

constexpr unsigned kSp = 13, kPc = 15;
constexpr std::size_t kMostInstructions = 60'000; ///< a survey of more takes as long as a short run

CoreDesc largestCore() {
    CoreDesc core;
    core.kind = &kCortexM7;
    core.fpu = core.doublePrecision = true;
    return core;
}
CoreDesc smallestCore() {
    CoreDesc core;
    core.kind = &kCortexM0Plus;
    return core;
}

unsigned bits(std::uint32_t value, unsigned high, unsigned low) { return (value >> low) & ((2U << (high - low)) - 1U); }

std::optional<std::uint32_t> halfAt(const FirmwareImage& image, Address address) {
    const auto bytes = image.runBytesAt(address, 2);
    if (bytes.size() != 2) {
        return std::nullopt;
    }
    return std::to_integer<std::uint32_t>(bytes[0]) | std::to_integer<std::uint32_t>(bytes[1]) << 8;
}

/// One instruction and where it leads.
struct Step {
    DecodedInsn insn;
    std::uint32_t first = 0, second = 0;
    BlockEnd end = BlockEnd::FallThrough;
    Address target = 0;
    bool valid = false;
};

Step stepAt(const FirmwareImage& image, Address address) {
    static const CoreDesc core = largestCore();
    Step step;
    const auto first = halfAt(image, address);
    if (!first) {
        return step;
    }
    const std::size_t size = *first >= 0xE800 ? 4 : 2;
    const auto code = image.runBytesAt(address, size);
    if (code.size() != size) {
        return step;
    }
    const Block block = decodeBlock(address, code, core);
    step.insn = block.insns.front();
    step.first = *first;
    step.second = size == 4 ? halfAt(image, address + 2).value_or(0) : 0;
    step.end = block.end;
    step.target = block.target;
    step.valid = step.insn.kind != InsnClass::Undefined;
    return step;
}

/// UDF, by which compilers end what cannot be reached.
bool isTrap(const Step& step) {
    return step.insn.size == 2 ? step.first >> 8 == 0xDE
                               : (step.first & 0xFFF0) == 0xF7F0 && (step.second & 0xF000) == 0xA000;
}

bool isDsp(const DecodedInsn& insn) {
    const bool halves = insn.kind == InsnClass::Mac || insn.kind == InsnClass::Mul;
    return insn.kind == InsnClass::Dsp || insn.kind == InsnClass::ExtendAdd ||
           (halves && insn.size == 4 && bits(insn.opcode, 22, 20) != 0);
}

/// Values of registers that follow from constants, along one run.
class Constants {
public:
    explicit Constants(const FirmwareImage& image)
        : m_image(image) {}

    std::set<Address> constants, accessed, literals; ///< found so far; literals by their addresses

    std::optional<std::uint32_t> of(unsigned reg) const { return reg < kPc ? m_value[reg] : std::nullopt; }
    void follow(const Step& step, Address address) {
        noteAccess(step);
        const std::optional<unsigned> target = writes(step, address);
        for (unsigned reg = 0; reg < kPc; ++reg) {
            if ((step.insn.writes >> reg & 1U) != 0 && target != reg) {
                m_value[reg].reset();
            }
        }
    }

private:
    void noteAccess(const Step& step) {
        const std::uint32_t op = step.insn.opcode;
        unsigned base = kPc, offset = 0;
        if (step.insn.size == 2 && step.first >> 12 >= 6 && step.first >> 12 <= 8) {
            static constexpr unsigned kShift[] = {2, 0, 1};
            base = bits(op, 5, 3);
            offset = bits(op, 10, 6) << kShift[(step.first >> 12) - 6];
        } else if (step.insn.size == 4 && (step.first & 0xFE80) == 0xF880) { // 12-bit offset
            base = bits(op, 19, 16);
            offset = bits(op, 11, 0);
        }
        if (const auto value = of(base)) {
            accessed.insert(*value + offset);
        }
    }

    std::optional<std::uint32_t> literal(Address address) {
        const auto bytes = m_image.runBytesAt(address, 4);
        literals.insert(address);
        if (bytes.size() != 4) {
            return std::nullopt;
        }
        std::uint32_t value = 0;
        for (std::size_t i = 4; i-- > 0;) {
            value = value << 8 | std::to_integer<std::uint32_t>(bytes[i]);
        }
        constants.insert(value);
        return value;
    }

    /// The register whose value follows; nothing when none does.
    std::optional<unsigned> writes(const Step& step, Address address) {
        return step.insn.size == 2 ? writes16(step, address) : writes32(step, address);
    }

    std::optional<unsigned> put(unsigned reg, std::optional<std::uint32_t> value) {
        m_value[reg] = value;
        return reg;
    }
    static std::optional<std::uint32_t> sum(std::optional<std::uint32_t> value, std::uint32_t with) {
        return value ? std::optional(*value + with) : std::nullopt;
    }

    std::optional<unsigned> writes16(const Step& step, Address address) {
        const std::uint32_t op = step.first;
        const unsigned low = bits(op, 2, 0), second = bits(op, 5, 3), rd8 = bits(op, 10, 8);
        switch (op >> 11) {
        case 0x00: { // LSLS
            const auto value = m_value[second];
            return put(low, value ? std::optional(*value << bits(op, 10, 6)) : std::nullopt);
        }
        case 0x03: // ADDS, SUBS with a 3-bit immediate
            if (bits(op, 10, 10) == 0) {
                return std::nullopt;
            }
            return put(low, sum(m_value[second], bits(op, 9, 9) != 0 ? 0U - bits(op, 8, 6) : bits(op, 8, 6)));
        case 0x04: return put(rd8, bits(op, 7, 0));
        case 0x06: return put(rd8, sum(m_value[rd8], bits(op, 7, 0)));
        case 0x07: return put(rd8, sum(m_value[rd8], 0U - bits(op, 7, 0)));
        case 0x09: return put(rd8, literal(((address + 4) & ~3U) + 4 * bits(op, 7, 0)));
        default: break;
        }
        if (op >> 8 == 0x46) { // MOV
            const unsigned rd = low | (bits(op, 7, 7) << 3), rm = bits(op, 6, 3);
            return rd == kPc ? std::nullopt : put(rd, of(rm));
        }
        return std::nullopt;
    }

    std::optional<unsigned> writes32(const Step& step, Address address) {
        const std::uint32_t op = step.insn.opcode;
        const unsigned rd = bits(op, 11, 8);
        const std::uint32_t wide =
            bits(op, 19, 16) << 12 | bits(op, 26, 26) << 11 | bits(op, 14, 12) << 8 | bits(op, 7, 0);
        if ((op & 0xFBF08000) == 0xF2400000 && rd != kPc) { // MOVW
            return put(rd, wide);
        }
        if ((op & 0xFBF08000) == 0xF2C00000 && rd != kPc && m_value[rd]) { // MOVT
            constants.insert(wide << 16 | (*m_value[rd] & 0xFFFF));
            return put(rd, wide << 16 | (*m_value[rd] & 0xFFFF));
        }
        if ((op & 0xFBEF8000) == 0xF04F0000 && rd != kPc) { // MOV with a modified immediate
            return put(rd, expanded(bits(op, 26, 26) << 11 | bits(op, 14, 12) << 8 | bits(op, 7, 0)));
        }
        if ((op & 0xFF7F0000) == 0xF85F0000) { // LDR literal
            const unsigned rt = bits(op, 15, 12);
            const Address base = (address + 4) & ~3U;
            const auto value = literal(bits(op, 23, 23) != 0 ? base + bits(op, 11, 0) : base - bits(op, 11, 0));
            return rt == kPc ? std::nullopt : put(rt, value);
        }
        return std::nullopt;
    }

    /// ThumbExpandImm (Armv7-M ARM, A5.3.2).
    static std::uint32_t expanded(std::uint32_t imm12) {
        const std::uint32_t byte = imm12 & 0xFF;
        switch (imm12 >> 8) {
        case 0: return byte;
        case 1: return byte << 16 | byte;
        case 2: return byte << 24 | byte << 8;
        case 3: return byte * 0x01010101U;
        default: break;
        }
        const std::uint32_t rotated = 0x80U | (imm12 & 0x7F);
        const unsigned by = imm12 >> 7;
        return rotated >> by | rotated << (32 - by);
    }

    const FirmwareImage& m_image;
    std::array<std::optional<std::uint32_t>, kPc> m_value{};
};

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
        Constants constants(m_image);
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
            m_step = stepAt(m_image, at);
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
                m_found.stackSet = constants.of(kSp);
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
    void keep(Constants& constants, Pending& pending) {
        for (const std::uint32_t value : constants.constants) {
            const auto half = (value & 1U) != 0 ? halfAt(m_image, value & ~1U) : std::nullopt;
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

    unsigned jumpRegister() const { return bits(m_step.first, 6, 3); }

    /// MOV SP, LDR SP from a literal.
    bool writesStackPointer() const {
        const DecodedInsn& insn = m_step.insn;
        return insn.size == 2 ? m_step.first >> 8 == 0x46 && (m_step.first & 0x87) == 0x85
                              : (m_step.first & 0xFF7F) == 0xF85F && m_step.second >> 12 == kSp;
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

    /// Helpers for switch statements of Armv6-M take the table behind their call by the return address.
    bool readsItsReturnAddress(Address function) const {
        for (unsigned i = 0; i < 3; ++i) {
            const auto half = halfAt(m_image, function + 2 * i);
            if (half && (*half & 0xFF78) == 0x4670) { // MOV Rd, LR
                return true;
            }
        }
        return false;
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
        if (isDsp(insn)) {
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
        const Step found = stepAt(m_image, address);
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
    Step m_step;
    std::vector<Address> m_waiting;
    std::unordered_set<Address> m_seen;
};

} // namespace

std::string armv8mInstruction(std::uint32_t first, std::uint32_t second) {
    if ((first & 0xFF07) == 0x4704) {
        return (first & 0x80) != 0 ? "blxns" : "bxns";
    }
    if (first == 0xE97F && second == 0xE97F) {
        return "sg";
    }
    if ((first & 0xFFF0) == 0xE840 && (second & 0xF03F) == 0xF000) {
        return "tt";
    }
    const bool load = (first & 0xFFF0) == 0xE8D0, store = (first & 0xFFF0) == 0xE8C0;
    const std::uint32_t order = second >> 4 & 0xFF; // F8, F9, FA: LDAB, LDAH, LDA; FC to FE: the exclusive ones
    if ((load || store) && order >= 0xF8 && order <= 0xFE && order != 0xFB &&
        (order >= 0xFC || (second & 0xF) == 0xF)) {
        return order < 0xFC ? (load ? "lda" : "stl") : (load ? "ldaex" : "stlex");
    }
    const std::uint32_t special = second & 0xFF; // MSPLIM, PSPLIM and the non-secure registers
    const bool onlyV8 = special == 10 || special == 11 || (special >= 0x88 && special <= 0x98);
    if (onlyV8 && (first & 0xFFF0) == 0xF380 && second >> 8 == 0x88) {
        return special == 10 ? "msr msplim" : special == 11 ? "msr psplim" : "msr of a non-secure register";
    }
    if (onlyV8 && first == 0xF3EF && (second & 0xF000) == 0x8000) {
        return special == 10 ? "mrs msplim" : special == 11 ? "mrs psplim" : "mrs of a non-secure register";
    }
    if (((first & 0xFFF0) == 0xEC20 || (first & 0xFFF0) == 0xEC30) && second == 0x0A00) {
        return (first & 0x10) != 0 ? "vlldm" : "vlstm";
    }
    if ((first & 0xFFF0) == 0xF040 && (second & 0xF001) == 0xC001) {
        return "wls";
    }
    if ((first & 0xFFF0) == 0xF040 && second == 0xE001) {
        return "dls";
    }
    return (first == 0xF00F || first == 0xF02F) && (second & 0xF001) == 0xC001 ? "le" : "";
}

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

bool decodesAsCode(const FirmwareImage& image, Address address) {
    constexpr unsigned kEnough = 16;
    for (unsigned i = 0; i < kEnough; ++i) {
        const Step step = stepAt(image, address);
        if (isTrap(step)) {
            return i != 0;
        }
        const bool filler = step.first == 0 || step.first == 0xFFFF;
        if ((!step.valid && armv8mInstruction(step.first, step.second).empty()) || filler) {
            return false;
        }
        if (step.end == BlockEnd::Branch || step.end == BlockEnd::Return || step.end == BlockEnd::IndirectBranch ||
            step.end == BlockEnd::Call || step.insn.kind == InsnClass::Bkpt) {
            return true;
        }
        address += step.insn.size;
    }
    return true;
}

} // namespace simprof
