// SPDX-License-Identifier: GPL-2.0-or-later
// RNG, TEMP, EGU and the nRF51 ADC: nRF51 series reference manual v3.0, 21 to 22 and 31; nRF52840 product specification
// v1.7, 6.8 (EGU), 6.19 (RNG), 6.28 (TEMP). Durations: nRF51822 product specification v3.3, 8.14 to 8.16; nRF52840
// PS 6.19.2, 6.28.2.
#include "peripherals/makers.h"
#include "peripherals/nrf/nrf_device.h"
#include "peripherals/pending_step.h"
#include "peripherals/random_bits.h"

#include <algorithm>
#include <utility>

namespace simprof {
namespace {

/// A task that ends with an event some time later.
class NrfConversion : public NrfDevice {
public:
    using NrfDevice::NrfDevice;

protected:
    template<class Action>
    void finishAfter(std::uint64_t nanoseconds, Action action) {
        m_step.afterNanoseconds(nanoseconds, std::move(action));
    }
    void abandon() { m_step.cancel(); }
    bool busy() const { return m_step.pending(); }
    void stopped() override { abandon(); }

private:
    PendingStep m_step{services()};
};

class NrfRng final : public NrfConversion {
public:
    NrfRng(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : NrfConversion(desc, services, {{0x00, "TASKS_START"}, {0x04, "TASKS_STOP"}}, {{0x100, "EVENTS_VALRDY"}},
                        {{0x504, "CONFIG", 0, 1}, {0x508, "VALUE", 0, 0}})
        , m_rawNanoseconds(board.mcu->family == McuFamily::Nrf51 ? 167'000 : 30'000)
        , m_uniformNanoseconds(board.mcu->family == McuFamily::Nrf51 ? 677'000 : 120'000) {}

protected:
    void task(std::uint32_t offset) override {
        if (offset == 0x04) {
            abandon();
        } else if (!busy()) {
            start();
        }
    }
    void stopped() override {
        NrfConversion::stopped();
        m_bits = {};
    }

private:
    void start() {
        finishAfter(bit(0x504, 0) ? m_uniformNanoseconds : m_rawNanoseconds, [this] {
            setValue(0x508, m_bits.next() & 0xFF);
            if (!isShort(0)) {
                start();
            }
            raise(0x100);
        });
    }

    std::uint64_t m_rawNanoseconds, m_uniformNanoseconds;
    RandomBits m_bits;
};

class NrfTemp final : public NrfConversion {
public:
    NrfTemp(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : NrfConversion(desc, services, {{0x00, "TASKS_START"}, {0x04, "TASKS_STOP"}}, {{0x100, "EVENTS_DATARDY"}},
                        {{0x508, "TEMP", 0, 0}})
        , m_quarterDegrees(static_cast<std::uint32_t>(std::stol(option("celsius", "25")) * 4)) {}

protected:
    void task(std::uint32_t offset) override {
        if (offset == 0x04) {
            abandon();
            return;
        }
        finishAfter(36'000, [this] {
            setValue(0x508, m_quarterDegrees);
            raise(0x100);
        });
    }

private:
    std::uint32_t m_quarterDegrees;
};

class NrfEgu final : public NrfDevice {
public:
    NrfEgu(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : NrfDevice(desc, services, channelRows(0x00, 4, 16, "TASKS_TRIGGER"),
                    channelRows(0x100, 4, 16, "EVENTS_TRIGGERED"), {}) {}

protected:
    void task(std::uint32_t offset) override { raise(0x100 + offset); }
};

/// Pins without a signal are at 0 V; the supply is 3.0 V.
class Nrf51Adc final : public NrfConversion {
public:
    Nrf51Adc(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : NrfConversion(desc, services, {{0x00, "TASKS_START"}, {0x04, "TASKS_STOP"}}, {{0x100, "EVENTS_END"}},
                        {{kBusy, "BUSY", 0, 0},
                         {kEnable, "ENABLE", 0, 3},
                         {kConfig, "CONFIG", 0x18, 0x3FFFF},
                         {kResult, "RESULT", 0, 0}}) {}

protected:
    void task(std::uint32_t offset) override {
        if (offset == 0x04 || value(kEnable) == 0) {
            abandon();
            setValue(kBusy, 0);
            return;
        }
        setValue(kBusy, 1);
        const unsigned bits = 8 + std::min(field(kConfig, 0, 2), 2U);
        finishAfter(bits == 8   ? 20'000
                    : bits == 9 ? 36'000
                                : 68'000,
                    [this, bits] {
                        setValue(kBusy, 0);
                        setValue(kResult, convert(bits));
                        raise(0x100);
                    });
    }

private:
    static constexpr std::uint32_t kBusy = 0x400, kEnable = 0x500, kConfig = 0x504, kResult = 0x508;

    std::uint32_t convert(unsigned bits) const {
        constexpr double kSupply = 3.0, kBandgap = 1.2;
        const std::uint32_t input = field(kConfig, 2, 3);
        const double volts = input == 5 ? kSupply * 2 / 3 : input == 6 ? kSupply / 3 : 0;
        const std::uint32_t reference = field(kConfig, 5, 2);
        const double full = reference == 0   ? kBandgap
                            : reference == 2 ? kSupply / 2
                            : reference == 3 ? kSupply / 3
                                             : kBandgap;
        return static_cast<std::uint32_t>(std::min(volts / full, 1.0) * ((1U << bits) - 1));
    }
};

} // namespace

std::span<const PeripheralMaker> nrfSmallMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"nrf_rng", "random bytes, the same sequence in each run", makeDevice<NrfRng>},
        {"nrf_temp", "die temperature, 25 degrees", makeDevice<NrfTemp>},
        {"nrf_egu", "software events", makeDevice<NrfEgu>},
        {"nrf51_adc", "conversions with their durations; pins are at 0 V", makeDevice<Nrf51Adc>},
    };
    return kMakers;
}

} // namespace simprof
