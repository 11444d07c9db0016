// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/machine.h"
#include "tests/differential/run.h"

#include <algorithm>

namespace simprof::differential {

namespace {

/// Counts the instructions of cases.
class Counter final : public EventListener {
public:
    explicit Counter(Address begin)
        : m_begin(begin) {}
    std::uint64_t instructions = 0;

    void blockRetired(const BlockEvent& event) override {
        if (event.block.begin >= m_begin) {
            instructions += event.block.insns.size();
        }
    }
    void exceptionEntered(unsigned, Address, Address, Cycles, std::uint32_t) override {}
    void exceptionReturned(unsigned, Address, Address, Cycles, std::uint32_t, bool) override {}
    void exceptionStall(Cycles, std::uint32_t) override {}
    void slept(Cycles, Cycles, bool) override {}

private:
    Address m_begin;
};

/// The memories and core options of QEMU's machine.
McuDesc describe(const Target& target) {
    McuDesc mcu;
    mcu.name = target.machine;
    mcu.core.kind = target.core == kOnM0 ? &kCortexM0 : target.core == kOnM4 ? &kCortexM4 : &kCortexM7;
    mcu.core.fpu = target.isV7();
    mcu.core.doublePrecision = target.core == kOnM7;
    mcu.core.nvicPriorityBits = target.isV7() ? 8 : 2;
    mcu.core.mpuRegions = target.isV7() ? 8 : 0;
    mcu.resetClock = mcu.maxClock = 16'000'000;
    const MemoryKind code = target.isV7() ? MemoryKind::Sram : MemoryKind::Flash;
    mcu.memories = {{"code", code, {0, target.isV7() ? 0x400000U : target.codeSize}, "", {}, {}},
                    {"SRAM", MemoryKind::Sram, {0x20000000, target.isV7() ? 0x400000U : 0x4000U}, "", {}, {}}};
    return mcu;
}

} // namespace

Outcome runSimprof(const Target& target, const GuestImage& image) {
    BoardDesc board;
    board.name = board.title = target.machine;
    board.mcu = std::make_shared<McuDesc>(describe(target));
    FirmwareImage firmware;
    firmware.name = "cases";
    ImageSegment segment;
    segment.executable = true;
    segment.memorySize = image.bytes.size();
    segment.bytes.resize(image.bytes.size());
    std::ranges::transform(image.bytes, segment.bytes.begin(), [](std::uint8_t byte) { return std::byte{byte}; });
    firmware.segments.push_back(std::move(segment));

    Outcome outcome;
    MachineOptions options;
    options.console = [&outcome](std::string_view text) { outcome.output += text; };
    Machine machine(board, firmware, options);
    Counter counter(image.casesBegin);
    machine.setListener(&counter);
    RunLimits limits;
    limits.cycles = 500'000'000; // an image takes a tenth
    const HaltReason halt = machine.run(limits);
    outcome.lockedUp = halt.kind == HaltReason::Kind::Lockup;
    if (halt.kind != HaltReason::Kind::Exit && !outcome.lockedUp) {
        outcome.end = halt.what;
    }
    outcome.instructions = counter.instructions;
    return outcome;
}

} // namespace simprof::differential
