// SPDX-License-Identifier: GPL-2.0-or-later
/// Replays tests/isa/*.txt: code, conditions, cycles.
#include "sim_core/timing/core_timing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace simprof {
namespace {

struct IsaCase {
    std::string name, source;
    const CoreKind* core = &kCortexM4;
    Address at = 0x08000000;
    std::string memory;
    MemorySettings settings;
    bool l1 = false, taken = false, takenIn = false;
    unsigned warm = 0, mulCycles = 1;
    std::vector<Address> data;
    std::vector<std::size_t> absent;
    std::vector<std::vector<std::byte>> blocks{1};
    std::vector<std::string> mnemonics;
    std::uint64_t cycles = 0;
};

void readSettings(std::istringstream& words, IsaCase& c) {
    words >> c.memory;
    for (std::string word; words >> word;) {
        if (word.starts_with("waits=")) {
            c.settings.waitStates = static_cast<unsigned>(std::stoul(word.substr(6)));
        }
        c.settings.prefetch |= word == "prefetch";
        c.settings.icache |= word == "icache";
        c.settings.dcache |= word == "dcache";
    }
}

/// A line of code: halfwords in hexadecimal, then the mnemonic.
void readCode(const std::string& line, IsaCase& c) {
    std::istringstream words(line);
    std::string word;
    while (words >> word && word.size() == 4 && word.find_first_not_of("0123456789abcdef") == std::string::npos) {
        const unsigned half = static_cast<unsigned>(std::stoul(word, nullptr, 16));
        c.blocks.back().push_back(static_cast<std::byte>(half & 0xFF));
        c.blocks.back().push_back(static_cast<std::byte>(half >> 8));
    }
    c.mnemonics.push_back(word);
}

bool readOption(const std::string& line, IsaCase& c) {
    std::istringstream words(line);
    std::string key;
    words >> key;
    if (key == "at") {
        words >> std::hex >> c.at;
    } else if (key == "memory") {
        readSettings(words, c);
    } else if (key == "l1") {
        c.l1 = true;
    } else if (key == "data") {
        for (Address address = 0; words >> std::hex >> address;) {
            c.data.push_back(address);
        }
    } else if (key == "absent") {
        for (std::size_t slot = 0; words >> slot;) {
            c.absent.push_back(slot);
        }
    } else if (key == "mulcycles") {
        words >> c.mulCycles;
    } else if (key == "taken") {
        c.taken = true;
    } else if (key == "taken-in") {
        c.takenIn = true;
    } else if (key == "warm") {
        words >> c.warm;
    } else if (key == "then") {
        c.blocks.emplace_back();
    } else {
        return false;
    }
    return true;
}

std::vector<IsaCase> readCases(const std::filesystem::path& path) {
    static const std::map<std::string, const CoreKind*> kNames = {
        {"m0", &kCortexM0}, {"m0plus", &kCortexM0Plus}, {"m4", &kCortexM4}, {"m7", &kCortexM7}};
    std::vector<IsaCase> cases;
    std::ifstream file(path);
    const CoreKind* core = &kCortexM4;
    for (std::string line; std::getline(file, line);) {
        const std::size_t text = line.find_first_not_of(' ');
        if (text == std::string::npos || line[0] == '#') {
            continue;
        }
        const std::string rest = line.find(' ') == std::string::npos ? "" : line.substr(line.find(' ') + 1);
        if (line.starts_with("core ")) {
            core = kNames.at(rest);
        } else if (line.starts_with("case ")) {
            cases.emplace_back();
            cases.back().name = rest;
            cases.back().core = core;
        } else if (line.starts_with("cycles ")) {
            cases.back().cycles = std::stoull(rest);
        } else if (line.starts_with("source ")) {
            cases.back().source = rest;
        } else if (!readOption(line.substr(text), cases.back())) {
            readCode(line.substr(text), cases.back());
        }
    }
    return cases;
}

McuDesc mcuOf(const IsaCase& c) {
    McuDesc mcu;
    mcu.core.kind = c.core;
    mcu.core.fpu = c.core == &kCortexM4 || c.core == &kCortexM7;
    mcu.core.doublePrecision = c.core == &kCortexM7;
    mcu.core.mulCycles = c.mulCycles;
    mcu.core.icacheBytes = mcu.core.dcacheBytes = c.core == &kCortexM7 ? 4096 : 0;
    mcu.core.ioPort = {0x50000000, 0x10000000};
    const auto add = [&mcu](std::string name, MemoryKind kind, AddressRange range, std::string timing) {
        MemoryDesc memory;
        memory.name = std::move(name);
        memory.kind = kind;
        memory.range = range;
        memory.timing = std::move(timing);
        mcu.memories.push_back(memory);
    };
    add("flash", MemoryKind::Flash, {0x08000000, 0x100000}, c.memory);
    add("CCM", MemoryKind::Sram, {0x10000000, 0x10000}, "");
    add("SRAM", MemoryKind::Dtcm, {0x20000000, 0x20000}, "");
    return mcu;
}

std::vector<Access> accessesOf(const IsaCase& c, const Block& block) {
    std::vector<Access> accesses;
    for (std::size_t slot = 0; slot < block.slots.size(); ++slot) {
        if (std::find(c.absent.begin(), c.absent.end(), slot) != c.absent.end()) {
            continue;
        }
        const Address address = slot < c.data.size() ? c.data[slot] : 0x20000000 + 4 * static_cast<Address>(slot);
        accesses.push_back({address, block.slots[slot].size, block.slots[slot].write});
    }
    return accesses;
}

std::uint64_t run(const IsaCase& c) {
    const McuDesc mcu = mcuOf(c);
    const auto timing = makeCoreTiming(mcu);
    if (!c.memory.empty()) {
        timing->setMemory(c.memory, c.settings);
    }
    timing->setL1({c.l1, c.l1});
    std::vector<Block> blocks;
    Address at = c.at;
    for (const auto& code : c.blocks) {
        blocks.push_back(decodeBlock(at, code, mcu.core));
        blocks.back().id = static_cast<std::uint32_t>(blocks.size() - 1);
        at += static_cast<Address>(code.size());
    }
    const std::vector<std::byte> jumpCode = {std::byte{0x00}, std::byte{0xE0}}; // B, in zero-wait memory
    Block jump = decodeBlock(0x10000000, jumpCode, mcu.core);
    jump.id = static_cast<std::uint32_t>(blocks.size());
    for (const Block& block : blocks) {
        timing->addBlock(block);
    }
    timing->addBlock(jump);
    if (c.takenIn) {
        timing->retire(jump, {}, c.at);
    }
    std::uint64_t cycles = 0;
    for (unsigned turn = 0; turn <= c.warm; ++turn) {
        cycles = 0;
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            const bool last = i + 1 == blocks.size();
            cycles +=
                timing->retire(blocks[i], accessesOf(c, blocks[i]), last && c.taken ? c.at : blocks[i].fallThrough());
        }
    }
    return cycles;
}

class TimingIsa : public testing::TestWithParam<const char*> {
protected:
    std::filesystem::path path() const {
        return std::filesystem::path(SIMPROF_SOURCE_DIR) / "tests/isa" / (std::string(GetParam()) + ".txt");
    }
};

TEST_P(TimingIsa, EachCaseTakesTheCyclesOfItsSource) {
    const std::vector<IsaCase> cases = readCases(path());
    ASSERT_FALSE(cases.empty());
    for (const IsaCase& c : cases) {
        EXPECT_EQ(run(c), c.cycles) << c.name << ": " << c.source;
    }
}

TEST_P(TimingIsa, TheHalfwordsAreTheMnemonic) {
    for (const IsaCase& c : readCases(path())) {
        std::vector<std::byte> code;
        for (const auto& block : c.blocks) {
            code.insert(code.end(), block.begin(), block.end());
        }
        const std::vector<DisassembledInsn> lines = disassemble(c.at, code);
        ASSERT_EQ(lines.size(), c.mnemonics.size()) << c.name;
        const auto base = [](const std::string& text) { return text.substr(0, text.find_first_of(". ")); };
        for (std::size_t i = 0; i < lines.size(); ++i) {
            EXPECT_EQ(base(lines[i].text), base(c.mnemonics[i])) << c.name;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Cores, TimingIsa, testing::Values("cortex_m0plus", "cortex_m0", "cortex_m4", "cortex_m7"));

} // namespace
} // namespace simprof
