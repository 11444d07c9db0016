// SPDX-License-Identifier: GPL-2.0-or-later
// Low-power timer of STM32: RM0432 41, RM0385 25, RM0444 29. One-shot and continuous counting of the internal clock,
// compare, auto-reload, interrupts; external counting, encoder mode and triggers are not modelled. Written values are
// taken over at once.
#include "peripherals/clock_tree.h"
#include "peripherals/makers.h"
#include "peripherals/pending_step.h"
#include "peripherals/register_file.h"
#include "peripherals/tick_counter.h"

#include <algorithm>

namespace simprof {
namespace {

constexpr std::uint32_t kIsr = 0x00, kIcr = 0x04, kIer = 0x08, kCfgr = 0x0C, kCr = 0x10, kCmp = 0x14, kArr = 0x18,
                        kCnt = 0x1C;
constexpr std::uint32_t kCmpm = 1U << 0, kArrm = 1U << 1, kCmpok = 1U << 3, kArrok = 1U << 4;
constexpr unsigned kEnable = 0, kSngstrt = 1, kCntstrt = 2, kCountrst = 3;

class Stm32Lptim final : public RegisterFile, public ClockListener {
public:
    Stm32Lptim(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services,
                       {{kIsr, "ISR", 0, 0},
                        {kIcr, "ICR", 0, 0},
                        {kIer, "IER", 0, 0x1FF},
                        {kCfgr, "CFGR"},
                        {kCr, "CR", 0, 0x1F},
                        {kCmp, "CMP", 0, 0xFFFF},
                        {kArr, "ARR", 1, 0xFFFF},
                        {kCnt, "CNT", 0, 0},
                        {0x20, "OR"},
                        {0x24, "CFGR2"},
                        {0x28, "RCR"}})
        , m_ticks(services)
        , m_irq(irqLine()) {}

    void clockWillChange() override {
        sync();
        m_ticks.settle();
    }
    void clockChanged() override {
        m_ticks.setRate(rate());
        plan();
    }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        sync();
        return offset == kCnt ? count() : value(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        sync();
        switch (offset) {
        case kIcr: clearBits(kIsr, written); break;
        case kCr: control(written, lanes); break;
        case kCmp:
        case kArr:
            if (bit(kCr, kEnable)) { // RM0432 41.7: only while enabled
                store(offset, written, lanes);
                setBits(kIsr, offset == kCmp ? kCmpok : kArrok);
            }
            break;
        case kCfgr:
            store(offset, written, lanes);
            m_ticks.setRate(rate());
            break;
        default: store(offset, written, lanes); break;
        }
        drive();
        plan();
    }
    void onReset() override {
        followClocks(services(), *this);
        m_step.cancel();
        m_ticks.restart();
        m_ticks.setRate(rate());
        m_start = m_seen = 0;
        m_running = m_once = false;
        drive();
    }

private:
    Hertz rate() const { return inputClock() >> field(kCfgr, 9, 3); }
    std::uint64_t period() const { return std::uint64_t{value(kArr)} + 1; }
    std::uint32_t count() const {
        return m_running ? static_cast<std::uint32_t>((m_ticks.now() - m_start) % period()) : 0;
    }

    void control(std::uint32_t written, std::uint32_t lanes) {
        const bool was = bit(kCr, kEnable);
        store(kCr, written, lanes);
        if (!bit(kCr, kEnable)) {
            m_running = false;
            clearBits(kCr, 0x1F);
            return;
        }
        if (!was) {
            setValue(kIsr, 0);
        }
        if ((written & (1U << kSngstrt | 1U << kCntstrt)) != 0 && !m_running) {
            m_running = true;
            m_start = m_seen = m_ticks.now();
        }
        m_once = m_running && (written & 1U << kCntstrt) == 0 && (m_once || (written & 1U << kSngstrt) != 0);
        if ((written & 1U << kCountrst) != 0) {
            m_start = m_seen = m_ticks.now();
        }
        clearBits(kCr, 1U << kSngstrt | 1U << kCntstrt | 1U << kCountrst);
    }

    /// The tick behind `after` at which the count next reaches `at`.
    std::uint64_t nextAt(std::uint64_t after, std::uint32_t at) const {
        const std::uint64_t done = (after - m_start) / period();
        const std::uint64_t candidate = m_start + done * period() + at;
        return candidate > after ? candidate : candidate + period();
    }
    void sync() {
        if (!m_running || m_ticks.rate() == 0) {
            return;
        }
        const std::uint64_t now = m_ticks.now();
        if (value(kCmp) <= value(kArr) && nextAt(m_seen, value(kCmp)) <= now) {
            setBits(kIsr, kCmpm);
        }
        if (nextAt(m_seen, value(kArr)) <= now) {
            setBits(kIsr, kArrm);
            m_running = !m_once;
        }
        m_seen = now;
        drive();
    }
    void plan() {
        m_step.cancel();
        const std::uint32_t wanted = value(kIer) & ~value(kIsr);
        if (!m_running || m_ticks.rate() == 0 || (wanted & (kCmpm | kArrm)) == 0) {
            return;
        }
        std::uint64_t next = nextAt(m_seen, value(kArr));
        if ((wanted & kCmpm) != 0 && value(kCmp) <= value(kArr)) {
            next = std::min(next, nextAt(m_seen, value(kCmp)));
        }
        m_step.at(m_ticks.cycleAt(next), [this] {
            sync();
            plan();
        });
    }
    void drive() { m_irq.set((value(kIsr) & value(kIer)) != 0); }

    TickCounter m_ticks;
    IrqLine m_irq;
    PendingStep m_step{services()};
    std::uint64_t m_start = 0; ///< tick at which the count was 0
    std::uint64_t m_seen = 0;  ///< flags are up to date with this tick
    bool m_running = false, m_once = false;
};

} // namespace

std::span<const PeripheralMaker> stm32LptimMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32_lptim", "one-shot and continuous counting, compare, reload, interrupts", makeDevice<Stm32Lptim>},
    };
    return kMakers;
}

} // namespace simprof
