// SPDX-License-Identifier: GPL-2.0-or-later
// Encodings of Armv8-M that Armv7-M lacks: Armv8-M ARM (DDI 0553), C2.
#include "sim_core/image/code_step.h"

namespace simprof {
namespace {

CoreDesc largestCore() {
    CoreDesc core;
    core.kind = &kCortexM7;
    core.fpu = core.doublePrecision = true;
    return core;
}

} // namespace

std::optional<std::uint32_t> codeHalfAt(const FirmwareImage& image, Address address) {
    const auto bytes = image.runBytesAt(address, 2);
    if (bytes.size() != 2) {
        return std::nullopt;
    }
    return std::to_integer<std::uint32_t>(bytes[0]) | std::to_integer<std::uint32_t>(bytes[1]) << 8;
}

CodeStep codeStepAt(const FirmwareImage& image, Address address) {
    static const CoreDesc core = largestCore();
    CodeStep step;
    const auto first = codeHalfAt(image, address);
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
    step.second = size == 4 ? codeHalfAt(image, address + 2).value_or(0) : 0;
    step.end = block.end;
    step.target = block.target;
    step.valid = step.insn.kind != InsnClass::Undefined;
    return step;
}

bool isTrap(const CodeStep& step) {
    return step.insn.size == 2 ? step.first >> 8 == 0xDE
                               : (step.first & 0xFFF0) == 0xF7F0 && (step.second & 0xF000) == 0xA000;
}

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

bool decodesAsCode(const FirmwareImage& image, Address address) {
    constexpr unsigned kEnough = 16;
    for (unsigned i = 0; i < kEnough; ++i) {
        const CodeStep step = codeStepAt(image, address);
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
