// SPDX-License-Identifier: GPL-2.0-or-later
// DMA of twelve channels: RP2040 data sheet 2.5.7. Requests (DREQ), chains, rings, byte swap, quiet interrupts, pacing
// timers as permanent requests; the sniffer keeps its registers. A transfer takes kDmaItemCycles.
#include "peripherals/dma/dma_engine.h"
#include "peripherals/dma/dma_request.h"
#include "peripherals/makers.h"
#include "peripherals/rp2040/rp2040_device.h"

#include <algorithm>
#include <array>
#include <map>

namespace simprof {
namespace {

constexpr unsigned kChannels = 12;
constexpr std::uint32_t kReadAddr = 0x00, kWriteAddr = 0x04, kCount = 0x08, kCtrlTrig = 0x0C;
constexpr std::uint32_t kIntr = 0x400, kInte0 = 0x404, kIntf0 = 0x408, kInts0 = 0x40C, kInte1 = 0x414, kIntf1 = 0x418,
                        kInts1 = 0x41C, kTrigger = 0x430, kAbort = 0x444;
constexpr std::uint32_t kEnable = 1U << 0, kIncrRead = 1U << 4, kIncrWrite = 1U << 5, kRingWrite = 1U << 10,
                        kQuiet = 1U << 21, kBswap = 1U << 22, kBusy = 1U << 24, kErrors = 7U << 29;
constexpr unsigned kPermanent = 0x3B; ///< TREQ_SEL from here on: timers and permanent request

std::vector<RegisterRow> rows() {
    std::vector<RegisterRow> result = {{kIntr, "INTR", 0, 0},
                                       {kInte0, "INTE0", 0, 0xFFFF},
                                       {kIntf0, "INTF0", 0, 0xFFFF},
                                       {kInts0, "INTS0", 0, 0},
                                       {kInte1, "INTE1", 0, 0xFFFF},
                                       {kIntf1, "INTF1", 0, 0xFFFF},
                                       {kInts1, "INTS1", 0, 0},
                                       {0x420, "TIMER0"},
                                       {0x424, "TIMER1"},
                                       {0x428, "TIMER2"},
                                       {0x42C, "TIMER3"},
                                       {kTrigger, "MULTI_CHAN_TRIGGER", 0, 0},
                                       {0x434, "SNIFF_CTRL"},
                                       {0x438, "SNIFF_DATA"},
                                       {0x440, "FIFO_LEVELS", 0, 0},
                                       {kAbort, "CHAN_ABORT", 0, 0},
                                       {0x448, "N_CHANNELS", kChannels, 0}};
    static const std::array<const char*, 16> kNames = {
        "CHx_READ_ADDR", "CHx_WRITE_ADDR",      "CHx_TRANS_COUNT",     "CHx_CTRL_TRIG",
        "CHx_AL1_CTRL",  "CHx_AL1_READ_ADDR",   "CHx_AL1_WRITE_ADDR",  "CHx_AL1_TRANS_COUNT_TRIG",
        "CHx_AL2_CTRL",  "CHx_AL2_TRANS_COUNT", "CHx_AL2_READ_ADDR",   "CHx_AL2_WRITE_ADDR_TRIG",
        "CHx_AL3_CTRL",  "CHx_AL3_WRITE_ADDR",  "CHx_AL3_TRANS_COUNT", "CHx_AL3_READ_ADDR_TRIG"};
    for (std::uint32_t channel = 0; channel < kChannels; ++channel) {
        for (std::uint32_t index = 0; index < 16; ++index) {
            result.push_back({0x40 * channel + 4 * index, kNames[index]});
        }
    }
    return result;
}

/// Which of the four registers an alias word is (2.5.7, table of CHx aliases).
constexpr std::array<std::uint32_t, 16> kAlias = {kReadAddr,  kWriteAddr, kCount,    kCtrlTrig, kCtrlTrig, kReadAddr,
                                                  kWriteAddr, kCount,     kCtrlTrig, kCount,    kReadAddr, kWriteAddr,
                                                  kCtrlTrig,  kWriteAddr, kCount,    kReadAddr};

class Rp2040Dma final : public Rp2040Device, public DmaRequestSink {
public:
    Rp2040Dma(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Rp2040Device(desc, services, rows()) {
        m_irqs[0] = irqLine("0");
        m_irqs[1] = irqLine("1");
    }

    void setRequest(unsigned id, bool level) override {
        m_levels[id] = level;
        for (unsigned channel = 0; level && channel < kChannels; ++channel) {
            if (request(channel) == id) {
                plan(channel);
            }
        }
    }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset < 0x40 * kChannels) {
            const std::uint32_t base = offset & ~0x3FU;
            return value(base + kAlias[offset / 4 % 16]);
        }
        switch (offset) {
        case kInts0: return (value(kIntr) & value(kInte0)) | value(kIntf0);
        case kInts1: return (value(kIntr) & value(kInte1)) | value(kIntf1);
        default: return value(offset);
        }
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset < 0x40 * kChannels) {
            writeChannel(offset / 0x40, offset / 4 % 16, written, lanes);
        } else if (offset == kIntr || offset == kInts0 || offset == kInts1) {
            clearBits(kIntr, written);
        } else if (offset == kTrigger) {
            for (unsigned channel = 0; channel < kChannels; ++channel) {
                if ((written >> channel & 1U) != 0) {
                    trigger(channel);
                }
            }
        } else if (offset == kAbort) {
            for (unsigned channel = 0; channel < kChannels; ++channel) {
                if ((written >> channel & 1U) != 0) {
                    halt(channel);
                }
            }
        } else {
            store(offset, written, lanes);
        }
        drive();
    }
    void onReset() override {
        m_levels.clear();
        m_reload.fill(0);
        for (unsigned channel = 0; channel < kChannels; ++channel) {
            setValue(0x40 * channel + kCtrlTrig, channel << 11); // a chain to itself is none
            services().cancel(m_events[channel]);
            m_events[channel] = EventId::None;
        }
        drive();
    }

private:
    static std::uint32_t at(unsigned channel, std::uint32_t offset) { return 0x40 * channel + offset; }
    std::uint32_t control(unsigned channel) const { return value(at(channel, kCtrlTrig)); }
    unsigned request(unsigned channel) const { return control(channel) >> 15 & 0x3F; }
    bool busy(unsigned channel) const { return (control(channel) & kBusy) != 0; }
    bool requested(unsigned channel) const {
        const unsigned id = request(channel);
        const auto level = m_levels.find(id);
        return id >= kPermanent || (level != m_levels.end() && level->second);
    }

    void writeChannel(unsigned channel, unsigned word, std::uint32_t written, std::uint32_t) {
        const std::uint32_t target = kAlias[word];
        if (target == kCtrlTrig) {
            const std::uint32_t kept = control(channel) & (kBusy | kErrors) & ~(written & (3U << 29));
            setValue(at(channel, kCtrlTrig), kept | (written & 0x01FFFFFFU & ~kBusy));
        } else if (target == kCount) {
            m_reload[channel] = written;
            setValue(at(channel, kCount), written);
        } else {
            setValue(at(channel, target), written);
        }
        const bool triggers = word % 4 == 3;
        if (triggers && written == 0) { // a null trigger ends a chain
            if ((control(channel) & kQuiet) != 0) {
                setBits(kIntr, 1U << channel);
            }
        } else if (triggers) {
            trigger(channel);
        }
        plan(channel);
    }

    void trigger(unsigned channel) {
        if ((control(channel) & kEnable) == 0 || busy(channel)) {
            return;
        }
        setValue(at(channel, kCount), m_reload[channel]);
        setBits(at(channel, kCtrlTrig), kBusy);
        if (m_reload[channel] == 0) {
            finish(channel);
            return;
        }
        plan(channel);
    }
    void halt(unsigned channel) {
        services().cancel(m_events[channel]);
        m_events[channel] = EventId::None;
        clearBits(at(channel, kCtrlTrig), kBusy);
    }

    void plan(unsigned channel) {
        if (!busy(channel) || (control(channel) & kEnable) == 0 || m_events[channel] != EventId::None ||
            !requested(channel)) {
            return;
        }
        const std::uint32_t items =
            request(channel) >= kPermanent ? std::min<std::uint32_t>(value(at(channel, kCount)), 32) : 1;
        m_events[channel] = services().scheduleAt(
            services().now() + std::max<std::uint32_t>(items, 1) * kDmaItemCycles, [this, channel, items] {
                m_events[channel] = EventId::None;
                for (std::uint32_t item = 0; item < items && busy(channel) && requested(channel); ++item) {
                    transfer(channel);
                }
                plan(channel);
                drive();
            });
    }

    Address next(unsigned channel, Address address, unsigned size, bool write) const {
        const std::uint32_t ctrl = control(channel);
        if ((ctrl & (write ? kIncrWrite : kIncrRead)) == 0) {
            return address;
        }
        const unsigned ring = ctrl >> 6 & 0xF;
        const std::uint32_t mask = ring != 0 && ((ctrl & kRingWrite) != 0) == write ? (1U << ring) - 1 : 0xFFFFFFFFU;
        return (address & ~mask) | ((address + size) & mask);
    }

    void transfer(unsigned channel) {
        const std::uint32_t ctrl = control(channel);
        const unsigned size = 1U << std::min(ctrl >> 2 & 3U, 2U);
        const Address from = value(at(channel, kReadAddr));
        const Address to = value(at(channel, kWriteAddr));
        std::array<std::byte, 4> data{};
        const auto item = std::span(data).first(size);
        setValue(at(channel, kReadAddr), next(channel, from, size, false));
        setValue(at(channel, kWriteAddr), next(channel, to, size, true));
        setValue(at(channel, kCount), value(at(channel, kCount)) - 1);
        bool good = services().busRead(name(), from, item);
        if ((ctrl & kBswap) != 0) {
            std::ranges::reverse(item);
        }
        good = good && services().busWrite(name(), to, item);
        if (!good) {
            services().reportEvent(name() + ": bus error on channel " + std::to_string(channel));
            setBits(at(channel, kCtrlTrig), 1U << 31 | 1U << 30);
            halt(channel);
            return;
        }
        if (value(at(channel, kCount)) == 0) {
            finish(channel);
        }
    }
    void finish(unsigned channel) {
        clearBits(at(channel, kCtrlTrig), kBusy);
        if ((control(channel) & kQuiet) == 0) {
            setBits(kIntr, 1U << channel);
        }
        const unsigned chained = control(channel) >> 11 & 0xF;
        if (chained != channel && chained < kChannels) {
            trigger(chained);
        }
        drive();
    }
    void drive() {
        m_irqs[0].set(((value(kIntr) & value(kInte0)) | value(kIntf0)) != 0);
        m_irqs[1].set(((value(kIntr) & value(kInte1)) | value(kIntf1)) != 0);
    }

    std::array<IrqLine, 2> m_irqs;
    std::map<unsigned, bool> m_levels;
    std::array<std::uint32_t, kChannels> m_reload{};
    std::array<EventId, kChannels> m_events{};
};

} // namespace

std::span<const PeripheralMaker> rp2040DmaMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"rp2040_dma", "twelve channels: requests, chains, rings, interrupts, aborts", makeDevice<Rp2040Dma>},
    };
    return kMakers;
}

} // namespace simprof
