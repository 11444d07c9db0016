// SPDX-License-Identifier: GPL-2.0-or-later
/// Text of instructions; the only file that includes Capstone. What the timing needs comes from the opcode bits
/// instead, because Capstone 4 reports memory operands and control flow of Thumb code incompletely.
#include "sim_core/decode/decoder.h"
#include "sim_core/error.h"

#include <capstone/capstone.h>

#include <fmt/format.h>

namespace simprof {
namespace {

/// A Capstone handle; `extra` adds CS_MODE_V8, without which Capstone does not know VSEL, VRINTA and their like.
class Handle {
public:
    explicit Handle(bool v8) {
        const auto mode = static_cast<cs_mode>(CS_MODE_THUMB | CS_MODE_MCLASS | (v8 ? CS_MODE_V8 : 0));
        if (const cs_err error = cs_open(CS_ARCH_ARM, mode, &m_handle); error != CS_ERR_OK) {
            throw Error(fmt::format("the disassembler does not start: {}", cs_strerror(error)));
        }
    }
    ~Handle() { cs_close(&m_handle); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    csh get() const { return m_handle; }

private:
    csh m_handle = 0;
};

/// Disassembles a run of decodable code in one call, because Capstone forgets the IT state between calls.
std::size_t disassembleRun(const Handle& handle, Address begin, std::span<const std::byte> code, std::size_t limit,
                           std::vector<DisassembledInsn>& lines) {
    cs_insn* insns = nullptr;
    const std::size_t count =
        cs_disasm(handle.get(), reinterpret_cast<const std::uint8_t*>(code.data()), code.size(), begin, limit, &insns);
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < count; ++i) {
        std::string text = insns[i].mnemonic;
        if (insns[i].op_str[0] != '\0') {
            text += std::string(" ") + insns[i].op_str;
        }
        lines.push_back(
            {static_cast<Address>(insns[i].address), static_cast<std::uint8_t>(insns[i].size), std::move(text)});
        bytes += insns[i].size;
    }
    cs_free(insns, count);
    return bytes;
}

} // namespace

std::vector<DisassembledInsn> disassemble(Address begin, std::span<const std::byte> code) {
    const Handle v7(false), v8(true);
    std::vector<DisassembledInsn> lines;
    std::size_t at = 0;
    while (at + 2 <= code.size()) {
        const Address address = begin + static_cast<Address>(at);
        std::size_t bytes = disassembleRun(v7, address, code.subspan(at), 0, lines);
        if (bytes == 0) {
            bytes = disassembleRun(v8, address, code.subspan(at), 1, lines);
        }
        if (bytes == 0) {
            const unsigned value = std::to_integer<unsigned>(code[at]) | std::to_integer<unsigned>(code[at + 1]) << 8;
            lines.push_back({address, 2, fmt::format(".hword 0x{:04x}", value)});
            bytes = 2;
        }
        at += bytes;
    }
    return lines;
}

} // namespace simprof
