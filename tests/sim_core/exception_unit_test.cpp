// SPDX-License-Identifier: GPL-2.0-or-later
// Exception entry and return without firmware: a tape of what happens to the core in, what it did out.
#include "sim_core/cores.h"
#include "sim_core/exceptions/exception_unit.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iomanip>
#include <sstream>

namespace simprof::test {

namespace {

constexpr Address kTable = 0x20000000, kTop = 0x20001000, kProcessTop = 0x20000800, kThread = 0x20000400;

/// A core without firmware, and the exception unit at work on it. Vector n leads to kTable + 16 n; MSP starts at kTop,
/// PSP at kProcessTop, the thread at kThread.
class ExceptionBench : CpuClient, PpbHost, BusCore, EventListener {
public:
    explicit ExceptionBench(const CoreKind& kind = kCortexM4, std::uint32_t memory = 0x1000)
        : m_mcu(describe(kind, memory)) {
        m_clock.setListener(this);
        m_scs.reset();
        m_scs.setVtor(kTable);
        for (unsigned number = 0; number < 64; ++number) {
            m_space.setWord(kTable + 4 * number, (kTable + 16 * number) | 1U);
        }
        for (const auto& region : m_space.regions()) {
            m_cpu.mapMemory(region.range.begin, region.bytes, true, true);
        }
        m_core.reset(kThread, kTop);
        m_cpu.write(Reg::PSP, kProcessTop);
        m_control.begin({}, m_clock);
    }

    /// Plays "pend 16; take; return": one row for each exception entered ("+IRQ0 12 frame 20000fe0"), returned from
    /// ("-IRQ0 10 to 20000400") and chained ("~"), then where the core ends: "IRQ0 at 20000100 lr fffffff9".
    std::string play(const std::string& tape) {
        m_rows.clear();
        std::istringstream steps(tape);
        for (std::string step; std::getline(steps, step, ';');) {
            std::istringstream words(step);
            std::string verb;
            words >> verb;
            std::uint32_t value = 0, other = 0;
            words >> std::setbase(0) >> value >> other;
            act(verb, value, other);
        }
        const std::string mode = m_core.exceptionName(m_core.state.exception);
        return m_rows + (m_control.halted()
                             ? m_control.halted()->what
                             : fmt::format("{} at {:x} lr {:x}", mode, m_core.state.pc, m_cpu.read(Reg::LR)));
    }

    /// The words of the frame that SP points to: "0 0 0 0 0 ffffffff 20000400 1000000".
    std::string frame() const {
        std::string text;
        for (unsigned i = 0; i < 8; ++i) {
            text += fmt::format("{}{:x}", i == 0 ? "" : " ", m_space.word(m_cpu.read(Reg::SP) + 4 * i).value_or(0));
        }
        return text;
    }
    const std::optional<FaultReport>& fault() const { return m_unit.firstFault(); }

private:
    static McuDesc describe(const CoreKind& kind, std::uint32_t memory) {
        McuDesc mcu;
        mcu.core.kind = &kind;
        mcu.core.fpu = kind.isV7();
        mcu.core.nvicPriorityBits = 4;
        mcu.memories = {{"SRAM", MemoryKind::Sram, {kTable, memory}, "", {}, {}}};
        return mcu;
    }

    /// Exceptions by number, everything else as registers hold it.
    void act(const std::string& verb, std::uint32_t value, std::uint32_t other) {
        Nvic& nvic = m_scs.nvic();
        if (verb == "enable") {
            nvic.setEnabled(value, true);
            nvic.setPriority(value, static_cast<std::uint8_t>(other));
        } else if (verb == "pend") {
            nvic.setPending(value);
        } else if (verb == "pend-in") { // pend-in CYCLES NUMBER
            m_scheduler.schedule(m_clock.now() + value, [&nvic, other] { nvic.setPending(other); });
        } else if (verb == "take") {
            m_rows += m_unit.takePending() ? "" : "nothing; ";
        } else if (verb == "svc") {
            m_unit.supervisorCall(m_core.state.pc + 2);
        } else if (verb == "fault") { // fault EXCEPTION CFSR
            m_unit.takeFault(faultAt(m_core.state.pc, value, other, "a fault"));
        } else if (verb == "return") { // with this EXC_RETURN, or the one in LR
            const bool sleeps = m_unit.leave(value == 0 ? m_cpu.read(Reg::LR) : value, m_core.state.pc);
            m_rows += sleeps ? "sleeps; " : "";
        } else if (verb == "control") {
            m_cpu.write(Reg::CONTROL, value);
            m_core.syncSpecialRegisters();
        } else if (verb == "primask") {
            m_cpu.write(Reg::PRIMASK, value);
        } else if (verb == "sp") {
            m_cpu.write(Reg::SP, value);
        } else if (verb == "it") {
            m_core.state.itState = static_cast<std::uint8_t>(value);
        } else if (verb == "scs") { // scs ADDRESS VALUE
            m_scs.write(value, 4, other);
        } else if (verb == "word") { // word ADDRESS VALUE
            m_space.setWord(value, other);
        } else {
            ADD_FAILURE() << "no such step: " << verb;
        }
    }

    // EventListener
    void blockRetired(const BlockEvent&) override {}
    void exceptionEntered(unsigned number, Address, Address sp, Cycles, std::uint32_t cycles) override {
        m_rows += fmt::format("+{} {} frame {:x}; ", m_core.exceptionName(number), cycles, m_cpu.read(Reg::SP));
        m_rows += sp == 0 ? "chained; " : "";
    }
    void exceptionReturned(unsigned number, Address, Address, Cycles, std::uint32_t cycles, bool chained) override {
        m_rows += fmt::format("-{} {}{}; ", m_core.exceptionName(number), chained ? "~" : "", cycles);
    }
    void exceptionStall(Cycles, std::uint32_t) override {}
    void slept(Cycles, Cycles, bool) override {}
    // CpuClient
    void onBlock(Address, std::uint32_t) override {}
    void onCheckedAccess(Address, unsigned, bool) override {}
    void onUnmapped(Address, unsigned, bool) override {}
    std::uint32_t onMmioRead(Address, unsigned) override { return 0; }
    void onMmioWrite(Address, unsigned, std::uint32_t) override {}
    // BusCore
    Address currentPc() const override { return m_core.state.pc; }
    std::uint32_t currentBlock() const override { return 0; }
    void bytesChanged(std::span<const std::byte>) override {}
    void programmed(AddressRange) override {}
    // PpbHost
    Cycles now() const override { return m_clock.now(); }
    EventId scheduleAt(Cycles at, std::function<void()> action) override {
        return m_scheduler.schedule(at, std::move(action));
    }
    void cancel(EventId id) override { m_scheduler.cancel(id); }
    void exceptionsChanged() override {}
    unsigned currentException() const override { return m_core.state.exception; }
    void requestReset(std::string) override {}
    void l1Changed() override {}
    void invalidateCaches(bool, bool) override {}
    void traceOutput(unsigned, std::uint32_t, unsigned) override {}
    Cycles cyclesBecauseOf(Stall) override { return 0; }

    McuDesc m_mcu;
    std::string m_rows;
    AddressSpace m_space{m_mcu};
    std::unique_ptr<CoreTiming> m_timing = makeCoreTiming(m_mcu);
    Clock m_clock{1'000'000};
    Scheduler m_scheduler;
    RunControl m_control;
    Cpu m_cpu{m_mcu.core, *this};
    SystemControl m_scs{m_mcu.core, *this};
    Core m_core{m_mcu, m_mcu.core.kind->isV7(), m_cpu, m_scs, {}};
    AccessGuard m_guard{m_core, m_space};
    FpContext m_fp{m_core, m_guard, m_space, *this, *m_timing, m_clock};
    ExceptionUnit m_unit{m_core, {m_guard, m_fp, m_space, *this, *m_timing, m_clock, m_scheduler, m_control}};
};

} // namespace

TEST(ExceptionUnit, NothingPending) {
    EXPECT_EQ(ExceptionBench().play("take"), "nothing; thread at 20000400 lr ffffffff");
}

TEST(ExceptionUnit, EntryAndReturn) {
    EXPECT_EQ(ExceptionBench().play("enable 16 0x40; pend 16; take; return"),
              "+IRQ0 12 frame 20000fe0; -IRQ0 10; thread at 20000400 lr ffffffff");
}

TEST(ExceptionUnit, EntryOfAnM0) {
    EXPECT_EQ(ExceptionBench(kCortexM0Plus).play("enable 16 0x40; pend 16; take; return"),
              "+IRQ0 15 frame 20000fe0; -IRQ0 13; thread at 20000400 lr ffffffff");
}

TEST(ExceptionUnit, Frame) {
    ExceptionBench bench;
    bench.play("svc");
    EXPECT_EQ(bench.frame(), "0 0 0 0 0 ffffffff 20000402 1000000");
}

TEST(ExceptionUnit, StackedItStateAndPadding) {
    ExceptionBench bench;
    bench.play("scs 0xE000ED14 0x200; sp 0x20000FFC; it 0x2B; svc");
    EXPECT_EQ(bench.frame(), "0 0 0 0 0 ffffffff 20000402 7002a00");
}

TEST(ExceptionUnit, ProcessStack) {
    EXPECT_EQ(ExceptionBench().play("control 2; svc; return"),
              "+SVCall 12 frame 20001000; -SVCall 10; thread at 20000402 lr ffffffff");
}

TEST(ExceptionUnit, NestedByPriority) {
    EXPECT_EQ(ExceptionBench().play("enable 16 0x80; enable 17 0x40; pend 16; take; pend 17; take; return; return"),
              "+IRQ0 12 frame 20000fe0; +IRQ1 12 frame 20000fc0; -IRQ1 10; -IRQ0 10; thread at 20000400 lr ffffffff");
}

TEST(ExceptionUnit, EqualPriorityWaitsAndIsChained) {
    EXPECT_EQ(ExceptionBench().play("enable 16 0x40; enable 17 0x40; pend 16; take; pend 17; take; return; return"),
              "+IRQ0 12 frame 20000fe0; nothing; -IRQ0 ~0; +IRQ1 6 frame 20000fe0; chained; -IRQ1 10; thread at "
              "20000400 lr ffffffff");
}

TEST(ExceptionUnit, LateArrivalIsServedOnTheSameFrame) {
    EXPECT_EQ(
        ExceptionBench().play("enable 16 0x80; enable 17 0x40; pend 16; pend-in 5 17; take; return; return"),
        "+IRQ1 12 frame 20000fe0; -IRQ1 ~0; +IRQ0 6 frame 20000fe0; chained; -IRQ0 10; thread at 20000400 lr ffffffff");
}

TEST(ExceptionUnit, ComesWhileTheFrameIsPopped) {
    EXPECT_EQ(
        ExceptionBench().play("enable 16 0x40; enable 17 0x40; pend 16; take; pend-in 4 17; return; return"),
        "+IRQ0 12 frame 20000fe0; -IRQ0 ~4; +IRQ1 6 frame 20000fe0; chained; -IRQ1 10; thread at 20000400 lr ffffffff");
}

TEST(ExceptionUnit, MaskedByPrimask) {
    EXPECT_EQ(ExceptionBench().play("enable 16 0x40; primask 1; pend 16; take"),
              "nothing; thread at 20000400 lr ffffffff");
}

TEST(ExceptionUnit, SleepOnExit) {
    EXPECT_EQ(ExceptionBench().play("scs 0xE000ED10 2; svc; return"),
              "+SVCall 12 frame 20000fe0; -SVCall 10; sleeps; thread at 20000402 lr ffffffff");
}

TEST(ExceptionUnit, SupervisorCallUnderPrimaskIsAHardFault) {
    EXPECT_EQ(ExceptionBench().play("primask 1; svc"),
              "+HardFault 12 frame 20000fe0; HardFault at 20000030 lr fffffff9");
}

TEST(ExceptionUnit, FpFrameIsReservedAndPoppedUnused) {
    EXPECT_EQ(ExceptionBench().play("control 4; svc; return"),
              "+SVCall 12 frame 20000f98; -SVCall 10; thread at 20000402 lr ffffffff");
}

TEST(ExceptionUnit, FaultOfItsOwnHandler) {
    EXPECT_EQ(ExceptionBench().play("enable 6 0x40; fault 6 0x10000; return"),
              "+UsageFault 12 frame 20000fe0; -UsageFault 10; thread at 20000400 lr ffffffff");
}

TEST(ExceptionUnit, FaultWithoutHandlerIsForced) {
    EXPECT_EQ(ExceptionBench().play("fault 6 0x10000"),
              "+HardFault 12 frame 20000fe0; HardFault at 20000030 lr fffffff9");
}

TEST(ExceptionUnit, FaultInHardFaultLocksUp) {
    EXPECT_EQ(ExceptionBench().play("fault 6 0x10000; fault 6 0x10000"),
              "+HardFault 12 frame 20000fe0; locked up in HardFault: a fault; the fault before it: a fault");
}

TEST(ExceptionUnit, ReturnThatIsNone) {
    EXPECT_EQ(ExceptionBench().play("enable 6 0; svc; return 0xFFFFFFF5"),
              "+SVCall 12 frame 20000fe0; -SVCall ~0; +UsageFault 6 frame 20000fe0; chained; UsageFault at 20000060 lr "
              "fffffff5");
}

TEST(ExceptionUnit, ReturnToThreadWhileNested) {
    EXPECT_EQ(ExceptionBench().play("enable 6 0; enable 16 0x80; pend 16; take; svc; return 0xFFFFFFF9"),
              "+IRQ0 12 frame 20000fe0; +SVCall 12 frame 20000fc0; -SVCall ~0; +UsageFault 6 frame 20000fc0; chained; "
              "UsageFault at 20000060 lr fffffff9");
}

TEST(ExceptionUnit, FrameThatDoesNotFitTheReturn) {
    EXPECT_EQ(ExceptionBench().play("enable 6 0; svc; word 0x20000FFC 0x0100000B; return"),
              "+SVCall 12 frame 20000fe0; -SVCall ~0; +UsageFault 6 frame 20000fe0; chained; UsageFault at 20000060 lr "
              "fffffff9");
}

TEST(ExceptionUnit, StackOutsideMemory) {
    EXPECT_EQ(ExceptionBench().play("enable 5 0; sp 0x20000008; svc"),
              "+BusFault 12 frame 1fffffe8; BusFault at 20000050 lr fffffff9");
}

TEST(ExceptionUnit, VectorWithoutThumbBit) {
    EXPECT_EQ(ExceptionBench().play("enable 6 0; word 0x2000002C 0x20000100; svc"),
              "+SVCall 12 frame 20000fe0; +HardFault 12 frame 20000fc0; HardFault at 20000030 lr fffffff1");
}

TEST(ExceptionUnit, FaultKeepsRegistersAndStatus) {
    ExceptionBench bench;
    bench.play("fault 6 0x10000");
    ASSERT_TRUE(bench.fault());
    EXPECT_EQ(fmt::format("{} {:x} {:x} {:x}", bench.fault()->exception, bench.fault()->cfsr, bench.fault()->hfsr,
                          bench.fault()->pc),
              "HardFault 10000 40000000 20000400");
}

} // namespace simprof::test
