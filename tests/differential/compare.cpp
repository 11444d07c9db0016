// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/differential/compare.h"

#include "sim_core/decode/decoder.h"
#include "tests/differential/known_differences.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace simprof::differential {

namespace {

std::string nameOf(unsigned word) {
    static constexpr const char* kNames[] = {"IPSR", "EXC_RETURN", "CONTROL", "masks", "CFSR", "HFSR", "MMFAR", "BFAR",
                                             "ICSR", "SHCSR",      "FPCCR",   "FPCAR", "MSP",  "PSP",  "spare", "FPSCR",
                                             "r0",   "r1",         "r2",      "r3",    "r12",  "lr",   "pc",    "xPSR"};
    return word < kR4 ? kNames[word] : word < kS0 ? fmt::format("r{}", word - kR4 + 4) : fmt::format("s{}", word - kS0);
}

/// The differing words of two records: "event 2 pc 00000124 00000126".
std::string differences(const Record& qemu, const Record& simprof) {
    std::string text;
    unsigned lines = 0;
    const auto note = [&](const std::string& where, std::uint32_t a, std::uint32_t b) {
        if (a != b && ++lines <= 24) {
            text += fmt::format("    {} {:08x} {:08x}\n", where, a, b);
        }
    };
    note("events", static_cast<std::uint32_t>(qemu.events.size()), static_cast<std::uint32_t>(simprof.events.size()));
    for (std::size_t e = 0; e < std::min(qemu.events.size(), simprof.events.size()); ++e) {
        for (unsigned word = 0; word < kEventWords; ++word) {
            note(fmt::format("event {} {}", e, nameOf(word)), qemu.events[e][word], simprof.events[e][word]);
        }
    }
    for (unsigned word = 0; word < kWorkSize / 4; ++word) {
        note(fmt::format("work+0x{:x}", 4 * word), qemu.work[word], simprof.work[word]);
    }
    return text;
}

/// By case, in order, then by run.
using Records = std::map<std::pair<std::uint32_t, std::uint32_t>, Record>;

Records recordsOf(std::string_view output, std::uint32_t last) {
    Records records;
    std::size_t at = 0;
    std::optional<Record> record;
    while ((record = nextRecord(output, at)) && record->number <= last) {
        records.try_emplace({record->number, ~record->runsLeft}, std::move(*record));
    }
    return records;
}

} // namespace

std::vector<std::size_t> instructionsOf(const Case& made) {
    constexpr std::uint16_t kWide = 0xE800, kCpsidF = 0xB671;
    std::vector<std::size_t> starts;
    int inIt = 0;
    for (std::size_t at = 0; at < made.code.size(); at += made.code[at] >= kWide ? 2 : 1) {
        if (inIt-- <= 0) {
            starts.push_back(at);
        }
        if (made.code[at] == kCpsidF) {
            inIt = 1; // an SVC behind it would lock up
        }
        if (made.code[at] >> 8 == 0xBF && (made.code[at] & 0xFU) != 0) {
            inIt = 4 - std::countr_zero(made.code[at]);
        }
    }
    return starts;
}

std::string listing(const GuestImage& image, const Case& made, std::size_t end) {
    std::vector<std::byte> code;
    for (const std::uint16_t half : made.code) {
        code.push_back(static_cast<std::byte>(half));
        code.push_back(static_cast<std::byte>(half >> 8));
    }
    const Address entry = image.entryOf(made.number);
    std::string text;
    for (const DisassembledInsn& insn : disassemble(entry, code)) {
        const std::size_t at = (insn.address - entry) / 2;
        if (at >= end) {
            break;
        }
        const std::string halves = insn.size == 2 ? fmt::format("{:04x}", made.code[at])
                                                  : fmt::format("{:04x} {:04x}", made.code[at], made.code[at + 1]);
        text += fmt::format("    {:08x}  {:<9}  {}\n", insn.address, halves, insn.text);
    }
    return text;
}

void compare(const Target& target, std::string_view qemu, std::string_view simprof, std::uint32_t last,
             Comparison& result) {
    Records theirs = recordsOf(qemu, last), ours = recordsOf(simprof, last);
    for (auto& [key, record] : theirs) {
        ++result.records;
        const auto other = ours.find(key);
        if (other == ours.end()) {
            result.unlisted.push_back({record.number, record.runsLeft, "    simprof has no record\n"});
            continue;
        }
        if (record == other->second) {
            continue;
        }
        std::vector<std::string_view> rows;
        if (removeKnown(target, record, other->second, rows)) {
            for (const std::string_view row : rows) {
                ++result.listed[row];
            }
        } else {
            result.unlisted.push_back({record.number, record.runsLeft, differences(record, other->second)});
        }
    }
    for (const auto& [key, record] : ours) {
        if (!theirs.contains(key)) {
            result.unlisted.push_back({record.number, record.runsLeft, "    QEMU has no record\n"});
        }
    }
}

} // namespace simprof::differential
