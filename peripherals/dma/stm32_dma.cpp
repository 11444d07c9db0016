// SPDX-License-Identifier: GPL-2.0-or-later
// STM32 DMA controllers: channels (L4 RM0432 11.6, G0 RM0444 10.6, L0 RM0367 11.4, BDMA RM0399 17.6) and streams (F4
// RM0090 10.5, F7 RM0385 8.5, H7 RM0399 15.5).
#include "peripherals/dma/stm32_dma.h"
#include "peripherals/makers.h"

#include <array>

namespace simprof {
namespace {

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
        DmaChannel setup;
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
        DmaChannel setup;
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

} // namespace

std::span<const PeripheralMaker> stm32DmaMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32_dma_channel", "DMA channels: requests, circular, memory to memory, interrupts",
         makeDevice<Stm32DmaChannels>},
        {"stm32_dma_stream", "DMA streams: requests, circular, double buffer, memory to memory, interrupts",
         makeDevice<Stm32DmaStreams>},
    };
    return kMakers;
}

} // namespace simprof
