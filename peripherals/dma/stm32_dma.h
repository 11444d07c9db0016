// SPDX-License-Identifier: GPL-2.0-or-later
/// What the STM32 DMA controllers with channels and those with streams share.
#pragma once
#include "peripherals/dma/dma_engine.h"
#include "peripherals/dma/dma_request.h"
#include "peripherals/register_file.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace simprof {

/// One channel or stream while it runs.
struct DmaChannel {
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

/// The item loop and the requests of a controller.
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
        for (DmaChannel& channel : m_channels) {
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

    void start(unsigned index, DmaChannel setup) {
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
    DmaChannel& channel(unsigned index) { return m_channels[index]; }
    unsigned channelCount() const { return static_cast<unsigned>(m_channels.size()); }
    IrqLine& irq(unsigned index) { return m_irqs[index]; }

private:
    void plan(unsigned index) {
        DmaChannel& channel = m_channels[index];
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
        DmaChannel& channel = m_channels[index];
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

    std::vector<DmaChannel> m_channels;
    std::vector<IrqLine> m_irqs;
    std::map<unsigned, bool> m_levels;
    unsigned m_firstMux;
};

} // namespace simprof
