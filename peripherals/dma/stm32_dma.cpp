// SPDX-License-Identifier: GPL-2.0-or-later
// STM32 DMA controllers: channels (L4 RM0432 11.6, G0 RM0444 10.6, L0 RM0367 11.4, BDMA RM0399 17.6) and streams (F4
// RM0090 10.5, F7 RM0385 8.5, H7 RM0399 15.5), and the request multiplexer DMAMUX (RM0432 13.6, RM0399 18.6).
#include "peripherals/dma/dma_engine.h"
#include "peripherals/dma/dma_request.h"
#include "peripherals/makers.h"
#include "peripherals/register_file.h"

#include <algorithm>
#include <map>

namespace simprof {
namespace {

/// One channel or stream while it runs.
struct Channel {
    bool on = false;
    bool fromMemory = false;     ///< memory to peripheral
    bool memoryToMemory = false; ///< runs without requests
    bool circular = false;
    bool doubleBuffer = false;
    bool incrementPeripheral = false, incrementMemory = false;
    unsigned peripheralSize = 1, memorySize = 1;
    Address peripheral = 0, memory = 0;
    std::uint32_t count = 0; ///< items of peripheralSize left
    std::uint32_t reload = 0;
    std::uint32_t done = 0; ///< items since the last reload
    EventId event = EventId::None;
};

/// What both kinds of controllers share: the item loop and the requests.
class Stm32Dma : public RegisterFile, public DmaRequestSink, public DmaChannels {
public:
    Stm32Dma(const PeripheralDesc& desc, MachineServices& services, std::vector<RegisterRow> rows, unsigned channels,
             unsigned first)
        : RegisterFile(desc, services, std::move(rows))
        , m_channels(channels)
        , m_firstMux(static_cast<unsigned>(std::stoul(option("mux_first", "0")))) {
        for (unsigned index = 0; index < channels; ++index) {
            m_irqs.push_back(irqLine(std::to_string(index + first)));
        }
    }

    void setRequest(unsigned id, bool level) override {
        m_levels[id] = level;
        for (unsigned index = 0; index < m_channels.size(); ++index) {
            requestChanged(index);
        }
    }
    void requestChanged(unsigned index) override {
        if (index < m_channels.size() && m_channels[index].on && requested(index)) {
            plan(index);
        }
    }

protected:
    void onReset() override {
        for (Channel& channel : m_channels) {
            services().cancel(channel.event);
            channel = {};
        }
        m_levels.clear();
        for (IrqLine& line : m_irqs) {
            line.set(false);
        }
    }

    /// Number of the request selected for this channel, in the encoding of DmaRequestSink.
    virtual unsigned selectedRequest(unsigned index) const = 0;
    virtual void halfDone(unsigned index) = 0;
    virtual void allDone(unsigned index) = 0;
    virtual void busError(unsigned index) = 0;
    /// The item counter as its register shows it.
    virtual void showCount(unsigned index) = 0;
    /// The channel switched itself off.
    virtual void showOff(unsigned index) = 0;
    virtual void switchBuffer(unsigned) {}

    bool requested(unsigned index) const {
        if (m_channels[index].memoryToMemory) {
            return true;
        }
        const std::string mux = option("mux");
        if (!mux.empty()) {
            const auto* selector = dynamic_cast<const DmaMux*>(services().peripheral(mux));
            return selector && selector->requested(m_firstMux + index);
        }
        const auto level = m_levels.find(selectedRequest(index));
        return level != m_levels.end() && level->second;
    }

    void start(unsigned index, Channel setup) {
        services().cancel(m_channels[index].event);
        m_channels[index] = setup;
        m_channels[index].on = true;
        m_channels[index].event = EventId::None;
        if (setup.count != 0) {
            requestChanged(index);
        }
    }
    void stop(unsigned index) {
        services().cancel(m_channels[index].event);
        m_channels[index].event = EventId::None;
        m_channels[index].on = false;
    }
    Channel& channel(unsigned index) { return m_channels[index]; }
    unsigned channelCount() const { return static_cast<unsigned>(m_channels.size()); }
    IrqLine& irq(unsigned index) { return m_irqs[index]; }

private:
    void plan(unsigned index) {
        Channel& channel = m_channels[index];
        if (channel.event != EventId::None || channel.count == 0) {
            return;
        }
        // Memory to memory moves in bursts up to the next half so that the machine is not interrupted for each item.
        const std::uint32_t items = channel.memoryToMemory ? std::min<std::uint32_t>(channel.count, 32) : 1;
        channel.event = services().scheduleAt(services().now() + items * kDmaItemCycles, [this, index, items] {
            m_channels[index].event = EventId::None;
            for (std::uint32_t item = 0; item < items && m_channels[index].on && requested(index); ++item) {
                if (!transfer(index)) {
                    return;
                }
            }
            if (m_channels[index].on && requested(index)) {
                plan(index);
            }
        });
    }

    bool transfer(unsigned index) {
        Channel& channel = m_channels[index];
        const Address peripheral =
            channel.peripheral + (channel.incrementPeripheral ? channel.done * channel.peripheralSize : 0);
        const Address memory = channel.memory + (channel.incrementMemory ? channel.done * channel.memorySize : 0);
        const DmaTransfer move = channel.fromMemory
                                     ? DmaTransfer{memory, peripheral, channel.memorySize, channel.peripheralSize}
                                     : DmaTransfer{peripheral, memory, channel.peripheralSize, channel.memorySize};
        ++channel.done;
        --channel.count;
        showCount(index);
        if (!moveItem(services(), name(), move)) {
            services().reportEvent(name() + ": bus error on channel " + std::to_string(index));
            stop(index);
            showOff(index);
            busError(index);
            return false;
        }
        const bool half = channel.done == (channel.reload + 1) / 2 && channel.reload > 1;
        if (channel.count == 0) {
            channel.done = 0;
            if (channel.circular) {
                channel.count = channel.reload;
                if (channel.doubleBuffer) {
                    switchBuffer(index);
                }
                showCount(index);
                allDone(index);
            } else {
                finish(index);
            }
        } else if (half) {
            halfDone(index);
        }
        return m_channels[index].on;
    }

    /// Streams switch themselves off, channels stay on with a count of 0.
    void finish(unsigned index) {
        stop(index);
        showOff(index);
        allDone(index);
    }

    std::vector<Channel> m_channels;
    std::vector<IrqLine> m_irqs;
    std::map<unsigned, bool> m_levels;
    unsigned m_firstMux;
};

// ---- channels -------------------------------------------------------------------------------------------------------

std::vector<RegisterRow> channelRows(unsigned channels) {
    static const std::array<const char*, 8> kCcr = {"CCR1", "CCR2", "CCR3", "CCR4", "CCR5", "CCR6", "CCR7", "CCR8"};
    std::vector<RegisterRow> rows = {{0x00, "ISR", 0, 0}, {0x04, "IFCR", 0, 0}, {0xA8, "CSELR"}};
    for (unsigned index = 0; index < channels; ++index) {
        const std::uint32_t base = 0x08 + 20 * index;
        rows.insert(
            rows.end(),
            {{base, kCcr[index], 0, 0x1FFFF}, {base + 4, "CNDTR", 0, 0xFFFF}, {base + 8, "CPAR"}, {base + 12, "CMAR"}});
    }
    return rows;
}

class Stm32DmaChannels final : public Stm32Dma {
public:
    Stm32DmaChannels(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Dma(desc, services, channelRows(count(desc)), count(desc), desc.irqs.contains("0") ? 0 : 1) {}

protected:
    static unsigned count(const PeripheralDesc& desc) {
        return desc.options.contains("channels") ? static_cast<unsigned>(std::stoul(desc.options.at("channels"))) : 7;
    }
    static std::uint32_t base(unsigned index) { return 0x08 + 20 * index; }

    unsigned selectedRequest(unsigned index) const override {
        return (index + 1) * 256 + ((value(0xA8) >> (4 * index)) & 0xF);
    }
    void halfDone(unsigned index) override { flag(index, 4); }
    void allDone(unsigned index) override { flag(index, 2); }
    void busError(unsigned index) override { flag(index, 8); }
    void showCount(unsigned index) override { setValue(base(index) + 4, channel(index).count); }
    void showOff(unsigned) override {}

    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == 0x04) {
            for (unsigned index = 0; index < channelCount(); ++index) {
                const std::uint32_t bits = (written >> (4 * index)) & 0xF;
                clearBits(0x00, ((bits & 1U) != 0 ? 0xFU : bits) << (4 * index));
            }
            drive();
            return;
        }
        const bool control = offset >= 0x08 && offset < base(channelCount()) && (offset - 0x08) % 20 == 0;
        const std::uint32_t before = value(offset);
        store(offset, written, lanes);
        if (control) {
            const unsigned index = (offset - 0x08) / 20;
            if ((value(offset) & 1U) == 0) {
                stop(index);
            } else if ((before & 1U) == 0) {
                begin(index);
            }
            drive();
        } else if (offset == 0xA8) {
            for (unsigned index = 0; index < channelCount(); ++index) {
                requestChanged(index);
            }
        }
    }

private:
    void begin(unsigned index) {
        const std::uint32_t ccr = value(base(index));
        Channel setup;
        setup.fromMemory = (ccr & (1U << 4)) != 0;
        setup.memoryToMemory = (ccr & (1U << 14)) != 0;
        setup.circular = (ccr & (1U << 5)) != 0;
        setup.incrementPeripheral = (ccr & (1U << 6)) != 0;
        setup.incrementMemory = (ccr & (1U << 7)) != 0;
        setup.peripheralSize = 1U << ((ccr >> 8) & 3U);
        setup.memorySize = 1U << ((ccr >> 10) & 3U);
        setup.count = setup.reload = value(base(index) + 4) & 0xFFFF;
        setup.peripheral = value(base(index) + 8);
        setup.memory = value(base(index) + 12);
        start(index, setup);
    }
    void flag(unsigned index, std::uint32_t bits) {
        setBits(0x00, (bits | 1U) << (4 * index)); // GIF follows the others
        drive();
    }
    void drive() {
        for (unsigned index = 0; index < channelCount(); ++index) {
            const std::uint32_t flags = (value(0x00) >> (4 * index)) & 0xE;
            irq(index).set((flags & value(base(index)) & 0xE) != 0); // TCIE, HTIE, TEIE lie where the flags do
        }
    }
};

// ---- streams --------------------------------------------------------------------------------------------------------

std::vector<RegisterRow> streamRows() {
    std::vector<RegisterRow> rows = {
        {0x00, "LISR", 0, 0}, {0x04, "HISR", 0, 0}, {0x08, "LIFCR", 0, 0}, {0x0C, "HIFCR", 0, 0}};
    static const std::array<const char*, 8> kCr = {"S0CR", "S1CR", "S2CR", "S3CR", "S4CR", "S5CR", "S6CR", "S7CR"};
    for (unsigned index = 0; index < 8; ++index) {
        const std::uint32_t base = 0x10 + 0x18 * index;
        rows.insert(rows.end(), {{base, kCr[index], 0, 0x0FFFFFFF},
                                 {base + 4, "SxNDTR", 0, 0xFFFF},
                                 {base + 8, "SxPAR"},
                                 {base + 12, "SxM0AR"},
                                 {base + 16, "SxM1AR"},
                                 {base + 20, "SxFCR", 0x21, 0x87}});
    }
    return rows;
}

class Stm32DmaStreams final : public Stm32Dma {
public:
    Stm32DmaStreams(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Dma(desc, services, streamRows(), 8, 0) {}

protected:
    static std::uint32_t base(unsigned index) { return 0x10 + 0x18 * index; }
    static unsigned shift(unsigned index) {
        static constexpr std::array<unsigned, 4> kShift = {0, 6, 16, 22};
        return kShift[index % 4];
    }

    unsigned selectedRequest(unsigned index) const override { return index * 256 + ((value(base(index)) >> 25) & 7U); }
    void halfDone(unsigned index) override { flag(index, 1U << 4); }
    void allDone(unsigned index) override { flag(index, 1U << 5); }
    void busError(unsigned index) override { flag(index, 1U << 3); }
    void showCount(unsigned index) override { setValue(base(index) + 4, channel(index).count); }
    void showOff(unsigned index) override { clearBits(base(index), 1U); }
    void switchBuffer(unsigned index) override {
        setValue(base(index), value(base(index)) ^ (1U << 19)); // CT
        channel(index).memory = value(base(index) + ((value(base(index)) & (1U << 19)) != 0 ? 16 : 12));
    }

    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == 0x08 || offset == 0x0C) {
            clearBits(offset - 8, written);
            drive();
            return;
        }
        if (offset < 0x10) {
            return;
        }
        const std::uint32_t before = value(offset);
        store(offset, written, lanes);
        const unsigned index = (offset - 0x10) / 0x18;
        if (index < 8 && offset == base(index)) {
            if ((before & 1U) != 0 && (value(offset) & 1U) == 0) {
                stop(index);
                flag(index, 1U << 5); // RM0090 10.3.14: TCIF is set when a stream is switched off
            } else if ((before & 1U) == 0 && (value(offset) & 1U) != 0) {
                begin(index);
            }
            drive();
        }
    }

private:
    void begin(unsigned index) {
        const std::uint32_t cr = value(base(index));
        const unsigned direction = (cr >> 6) & 3U;
        Channel setup;
        setup.fromMemory = direction == 1;
        setup.memoryToMemory = direction == 2;
        setup.doubleBuffer = (cr & (1U << 18)) != 0;
        setup.circular = (cr & (1U << 8)) != 0 || setup.doubleBuffer;
        setup.incrementPeripheral = (cr & (1U << 9)) != 0;
        setup.incrementMemory = (cr & (1U << 10)) != 0;
        setup.peripheralSize = 1U << ((cr >> 11) & 3U);
        // In direct mode the memory size is the peripheral's (RM0090 10.3.10); the FIFO packs, which moves the same
        // bytes.
        setup.memorySize = setup.peripheralSize;
        setup.count = setup.reload = value(base(index) + 4) & 0xFFFF;
        setup.peripheral = value(base(index) + 8);
        setup.memory = value(base(index) + ((cr & (1U << 19)) != 0 ? 16 : 12));
        start(index, setup);
    }
    void flag(unsigned index, std::uint32_t bits) {
        setBits(index < 4 ? 0x00 : 0x04, bits << shift(index));
        drive();
    }
    void drive() {
        for (unsigned index = 0; index < 8; ++index) {
            const std::uint32_t flags = (value(index < 4 ? 0x00 : 0x04) >> shift(index)) & 0x3D;
            const std::uint32_t enabled =
                (value(base(index)) & 0x1E) << 1 | ((value(base(index) + 20) >> 7) & 1U); // TC, HT, TE, DME; FE
            irq(index).set((flags & enabled) != 0);
        }
    }
};

// ---- multiplexer ----------------------------------------------------------------------------------------------------

std::vector<RegisterRow> muxRows() {
    std::vector<RegisterRow> rows = {{0x80, "CSR", 0, 0},   {0x84, "CFR", 0, 0},   {0x100, "RG0CR"},
                                     {0x104, "RG1CR"},      {0x108, "RG2CR"},      {0x10C, "RG3CR"},
                                     {0x140, "RGSR", 0, 0}, {0x144, "RGCFR", 0, 0}};
    for (unsigned index = 0; index < 16; ++index) {
        rows.push_back({4 * index, "CxCR"});
    }
    return rows;
}

class Stm32DmaMux final : public RegisterFile, public DmaRequestSink, public DmaMux {
public:
    Stm32DmaMux(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : RegisterFile(desc, services, muxRows()) {
        for (const PeripheralDesc& other : board.mcu->peripherals) {
            const auto mux = other.options.find("mux");
            if (mux != other.options.end() && mux->second == desc.name) {
                const auto first = other.options.find("mux_first");
                m_controllers.emplace_back(
                    other.name, first == other.options.end() ? 0U : static_cast<unsigned>(std::stoul(first->second)));
            }
        }
    }

    void setRequest(unsigned id, bool level) override {
        m_levels[id] = level;
        for (unsigned index = 0; level && index < 16; ++index) {
            if ((value(4 * index) & 0xFF) == id) {
                notify(index);
            }
        }
    }
    bool requested(unsigned index) const override {
        const unsigned id = value(4 * index) & 0xFF;
        const auto level = m_levels.find(id);
        return id != 0 && level != m_levels.end() && level->second;
    }

protected:
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        store(offset, written, lanes);
        if (offset < 0x40) {
            notify(offset / 4);
        }
    }
    void onReset() override { m_levels.clear(); }

private:
    void notify(unsigned index) {
        for (const auto& [controller, first] : m_controllers) {
            if (index >= first) {
                if (auto* channels = dynamic_cast<DmaChannels*>(services().peripheral(controller))) {
                    channels->requestChanged(index - first);
                }
            }
        }
    }

    std::vector<std::pair<std::string, unsigned>> m_controllers;
    std::map<unsigned, bool> m_levels;
};

} // namespace

std::span<const PeripheralMaker> stm32DmaMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32_dma_channel", "DMA channels: requests, circular, memory to memory, interrupts",
         makeDevice<Stm32DmaChannels>},
        {"stm32_dma_stream", "DMA streams: requests, circular, double buffer, memory to memory, interrupts",
         makeDevice<Stm32DmaStreams>},
        {"stm32_dmamux", "routing of DMA requests", makeDevice<Stm32DmaMux>},
    };
    return kMakers;
}

} // namespace simprof
