// SPDX-License-Identifier: GPL-2.0-or-later
// STM32 timers TIM1 to TIM22: RM0090 17 to 20, RM0432 37 to 40. Up-counting and down-counting, prescaler, auto-reload
// with preload, repetition counter, one-pulse mode, compare and PWM outputs, update/compare interrupts and DMA, master
// output to other timers' and the ADC's triggers. Centre-aligned counting is treated as up-counting with twice the
// period; capture inputs, encoder and slave modes are not modelled.
#include "peripherals/clock_tree.h"
#include "peripherals/dma/dma_request.h"
#include "peripherals/makers.h"
#include "peripherals/pending_step.h"
#include "peripherals/register_file.h"
#include "peripherals/tick_counter.h"
#include "peripherals/timer/trigger.h"

#include <algorithm>
#include <array>
#include <optional>

namespace simprof {

void TriggerSource::fire() {
    for (const auto& listener : m_listeners) {
        listener();
    }
}

namespace {

constexpr std::uint32_t kCr1 = 0x00, kCr2 = 0x04, kDier = 0x0C, kSr = 0x10, kEgr = 0x14, kCcmr1 = 0x18, kCcer = 0x20,
                        kCnt = 0x24, kPsc = 0x28, kArr = 0x2C, kRcr = 0x30, kCcr1 = 0x34, kBdtr = 0x44;
constexpr unsigned kCen = 0, kUdis = 1, kUrs = 2, kOpm = 3, kDirection = 4, kArpe = 7;

std::vector<RegisterRow> rows(const PeripheralDesc& desc) {
    const bool wide = desc.options.contains("bits") && desc.options.at("bits") == "32";
    const std::uint32_t mask = wide ? 0xFFFFFFFF : 0xFFFF;
    const int channels = desc.options.contains("channels") ? std::stoi(desc.options.at("channels")) : 4;
    std::vector<RegisterRow> result = {
        {kCr1, "CR1", 0, 0xFFFF}, {kCr2, "CR2"},          {kDier, "DIER", 0, 0xFFFF}, {kSr, "SR", 0, 0},
        {kEgr, "EGR", 0, 0},      {kCnt, "CNT", 0, mask}, {kPsc, "PSC", 0, 0xFFFF},   {kArr, "ARR", mask, mask}};
    if (channels > 0) {
        result.insert(result.end(), {{0x08, "SMCR"},
                                     {kCcmr1, "CCMR1"},
                                     {0x1C, "CCMR2"},
                                     {kCcer, "CCER"},
                                     {kRcr, "RCR", 0, 0xFFFF},
                                     {0x34, "CCR1", 0, mask},
                                     {0x38, "CCR2", 0, mask},
                                     {0x3C, "CCR3", 0, mask},
                                     {0x40, "CCR4", 0, mask},
                                     {kBdtr, "BDTR"},
                                     {0x50, "OR1"},
                                     {0x60, "OR2"}});
    }
    return result;
}

class Stm32Tim final : public RegisterFile, public ClockListener, public TriggerSource {
public:
    Stm32Tim(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services, rows(desc))
        , m_channels(static_cast<unsigned>(std::stoul(option("channels", "4"))))
        , m_kernel(services)
        , m_irqAll(irqLine())
        , m_irqUp(irqLine("up"))
        , m_irqCc(irqLine("cc"))
        , m_irqTrigger(irqLine("trg"))
        , m_dmaUp(services, option("dma_up")) {
        m_dmaCc.reserve(4);
        for (unsigned channel = 1; channel <= 4; ++channel) {
            m_dmaCc.emplace_back(services, option("dma_ch" + std::to_string(channel)));
        }
    }

    void clockWillChange() override {
        if (running()) {
            sync();
        }
        m_kernel.settle();
    }
    void clockChanged() override {
        m_kernel.setRate(inputClock());
        plan();
    }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset == kCnt || offset == kSr) {
            sync();
        }
        return value(offset);
    }

    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        sync();
        switch (offset) {
        case kSr: // rc_w0
            setValue(kSr, value(kSr) & (written | ~lanes));
            break;
        case kEgr: generate(written); break;
        case kCr1: {
            const bool was = running();
            store(offset, written, lanes);
            if (!was && running()) {
                m_base = m_kernel.now();
                fireIf(1); // MMS = enable
            }
            break;
        }
        case kPsc:
            store(offset, written, lanes); // taken over at the next update event
            break;
        case kArr:
            store(offset, written, lanes);
            if (!bit(kCr1, kArpe) || !running()) {
                m_arr = value(kArr);
            }
            break;
        case kCnt:
            store(offset, written, lanes);
            m_base = m_kernel.now();
            break;
        default: store(offset, written, lanes); break;
        }
        drive();
        plan();
    }

    void onReset() override {
        followClocks(services(), *this);
        m_step.cancel();
        m_kernel.restart();
        m_kernel.setRate(inputClock());
        m_base = 0;
        m_psc = 0;
        m_arr = value(kArr);
        m_repetition = 0;
        drive();
    }

private:
    bool running() const { return bit(kCr1, kCen); }
    bool down() const { return bit(kCr1, kDirection) && field(kCr1, 5, 2) == 0; }
    std::uint64_t period() const {
        const std::uint64_t top = std::uint64_t{m_arr} + 1;
        return field(kCr1, 5, 2) == 0 ? top : 2 * std::max<std::uint64_t>(m_arr, 1);
    }
    /// Counts until the next overflow or underflow, from the present count.
    std::uint64_t countsToUpdate() const {
        const std::uint64_t count = value(kCnt);
        if (down()) {
            return count + 1;
        }
        const std::uint64_t top = period();
        return count < top ? top - count : (std::uint64_t{1} << (option("bits") == "32" ? 32 : 16)) - count + top;
    }

    /// Brings the count and the flags up to the present.
    void sync() {
        if (!running()) {
            return;
        }
        const std::uint64_t kernel = m_kernel.now();
        while (running()) {
            const std::uint64_t divider = std::uint64_t{m_psc} + 1;
            std::uint64_t counts = (kernel - m_base) / divider;
            if (counts == 0) {
                break;
            }
            const std::uint64_t toUpdate = countsToUpdate();
            if (counts < toUpdate) {
                m_base += counts * divider;
                advance(counts);
                break;
            }
            m_base += toUpdate * divider;
            advance(toUpdate - 1); // up to the last count before the wrap
            setValue(kCnt, down() ? m_arr : 0);
            matches(value(kCnt), value(kCnt));
            overflow();
            // Whole periods in which nothing but the same flags happens again.
            const std::uint64_t cycle = period() * (std::uint64_t{m_psc} + 1);
            if (running() && m_repetition == 0 && value(kRcr) == 0 && kernel - m_base > 4 * cycle &&
                !wantsEveryPeriod()) {
                m_base += (kernel - m_base) / cycle * cycle - cycle;
            }
        }
        drive();
    }

    bool wantsEveryPeriod() const { return bit(kDier, 8) || field(kDier, 9, 4) != 0 || field(kCr2, 4, 3) >= 2; }

    void advance(std::uint64_t counts) {
        const std::uint32_t before = value(kCnt);
        if (counts == 0) {
            return;
        }
        if (down()) {
            setValue(kCnt, before - static_cast<std::uint32_t>(counts));
            matches(value(kCnt), before - 1);
        } else {
            setValue(kCnt, before + static_cast<std::uint32_t>(counts));
            matches(before + 1, value(kCnt));
        }
    }

    /// Sets the compare flags of channels whose value lies in [first, last].
    void matches(std::uint32_t first, std::uint32_t last) {
        for (unsigned channel = 0; channel < std::min(m_channels, 4U); ++channel) {
            const std::uint32_t compare = value(kCcr1 + 4 * channel);
            const bool isOutput = field(kCcmr1 + 4 * (channel / 2), 8 * (channel % 2), 2) == 0;
            if (isOutput && compare >= first && compare <= last) {
                setBits(kSr, 2U << channel);
                if (bit(kDier, 9 + channel)) {
                    m_dmaCc[channel].pulse();
                }
                fireIf(channel == 0 ? 3 : 4 + channel);
                if (channel == 0) {
                    fireIf(4);
                }
            }
        }
    }

    void overflow() {
        if (m_repetition != 0) {
            --m_repetition;
            return;
        }
        if (bit(kCr1, kUdis)) {
            return;
        }
        takeOver();
        setBits(kSr, 1U);
        if (bit(kDier, 8)) {
            m_dmaUp.pulse();
        }
        fireIf(2); // MMS = update
        if (bit(kCr1, kOpm)) {
            clearBits(kCr1, 1U << kCen);
        }
    }

    /// The update event: preloaded values come into force.
    void takeOver() {
        m_psc = value(kPsc);
        m_arr = value(kArr);
        m_repetition = value(kRcr);
    }

    void generate(std::uint32_t written) {
        if ((written & 1U) != 0) { // UG
            setValue(kCnt, down() ? value(kArr) : 0);
            m_base = m_kernel.now();
            takeOver();
            if (!bit(kCr1, kUdis) && !bit(kCr1, kUrs)) {
                setBits(kSr, 1U);
                if (bit(kDier, 8)) {
                    m_dmaUp.pulse();
                }
            }
            fireIf(bit(kCr1, kUdis) ? 99 : 2);
            fireIf(0);
        }
        setBits(kSr, written & 0xFE);
    }

    void fireIf(unsigned masterMode) {
        if (m_channels != 0 || masterMode < 3) {
            if (field(kCr2, 4, 3) == masterMode) {
                fire();
            }
        }
    }

    void drive() {
        const std::uint32_t active = value(kSr) & value(kDier) & 0xFF;
        m_irqAll.set(active != 0);
        m_irqUp.set((active & 1U) != 0);
        m_irqCc.set((active & 0x1E) != 0);
        m_irqTrigger.set((active & 0x60) != 0);
    }

    /// Schedules the next moment at which an interrupt, DMA request or trigger is due; the rest is counted on demand.
    void plan() {
        m_step.cancel();
        if (!running() || m_kernel.rate() == 0) {
            return;
        }
        std::optional<std::uint64_t> counts;
        const auto consider = [&](std::uint64_t candidate) {
            counts = std::min(counts.value_or(candidate), candidate);
        };
        const unsigned master = field(kCr2, 4, 3);
        const bool update = (bit(kDier, 0) && (value(kSr) & 1U) == 0) || bit(kDier, 8) || bit(kCr1, kOpm) ||
                            (master == 2 && hasListeners());
        if (update) {
            consider(countsToUpdate());
        }
        for (unsigned channel = 0; channel < std::min(m_channels, 4U); ++channel) {
            const bool wanted = (bit(kDier, 1 + channel) && !bit(kSr, 1 + channel)) || bit(kDier, 9 + channel) ||
                                (master >= 3 && hasListeners());
            if (wanted) {
                consider(countsToMatch(channel));
            }
        }
        if (counts) {
            m_step.at(m_kernel.cycleAt(m_base + *counts * (std::uint64_t{m_psc} + 1)), [this] {
                sync();
                plan();
            });
        }
    }

    std::uint64_t countsToMatch(unsigned channel) const {
        const std::uint64_t compare = value(kCcr1 + 4 * channel);
        const std::uint64_t count = value(kCnt);
        if (down()) {
            return count > compare ? count - compare : countsToUpdate();
        }
        // A value beyond the period never matches; looking again after an update is enough.
        return compare > count && compare < period() ? compare - count
                                                     : countsToUpdate() + (compare < period() ? compare : 0);
    }

    unsigned m_channels;
    TickCounter m_kernel;
    IrqLine m_irqAll, m_irqUp, m_irqCc, m_irqTrigger;
    DmaRequest m_dmaUp;
    std::vector<DmaRequest> m_dmaCc;
    std::uint64_t m_base = 0; ///< kernel tick at which the present count began
    std::uint32_t m_psc = 0;  ///< prescaler in force
    std::uint32_t m_arr = 0;  ///< auto-reload in force
    std::uint32_t m_repetition = 0;
    PendingStep m_step{services()};
};

} // namespace

std::span<const PeripheralMaker> stm32TimerMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32_tim", "timers: counting, update and compare interrupts and DMA, one-pulse, PWM compare, trigger output",
         makeDevice<Stm32Tim>},
    };
    return kMakers;
}

} // namespace simprof
