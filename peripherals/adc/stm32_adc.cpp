// SPDX-License-Identifier: GPL-2.0-or-later
// What the ADCs of all STM32 share: regular sequences by software and by the trigger outputs of timers, continuous, by
// DMA, with the time that sampling and conversion take. Calibration and start-up are ready at once; injected channels,
// watchdogs and oversampling are not modelled. VDDA is 3.3 V; a channel without a source reads 0.
#include "peripherals/adc/stm32_adc.h"

#include "peripherals/timer/trigger.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace simprof {
namespace {

constexpr double kVdda = 3.3;
constexpr double kTemperatureVolts = 0.76,
                 kReferenceVolts = 1.212; ///< at 25 degrees; typical (DS12023 tables 99 and 31)

} // namespace

Stm32AdcBase::Stm32AdcBase(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services,
                           std::vector<RegisterRow> rows)
    : RegisterFile(desc, services, std::move(rows))
    , m_irq(irqLine())
    , m_dma(services, option("dma"))
    , m_sources(analogSources(board, desc.name, services)) {
    std::istringstream wiring(option("trg"));
    for (std::string entry; std::getline(wiring, entry, ',');) {
        m_triggers.emplace_back(static_cast<unsigned>(std::stoul(entry)), entry.substr(entry.find(':') + 1));
    }
}

void Stm32AdcBase::connectTriggers() {
    for (const auto& [number, timer] : m_triggers) {
        if (auto* source = dynamic_cast<TriggerSource*>(services().peripheral(timer))) {
            source->onTrigger([this, selection = number] { triggered(selection); });
        }
    }
    m_triggers.clear();
}

void Stm32AdcBase::onReset() {
    connectTriggers();
    stopSequence();
    m_dma.set(false);
    m_irq.set(false);
}

std::uint32_t Stm32AdcBase::common(std::uint32_t ownOffset, std::uint32_t sharedOffset) const {
    const std::string block = option("common");
    Peripheral* shared = block.empty() ? nullptr : services().peripheral(block);
    return shared != nullptr ? shared->read(sharedOffset, 4) : value(ownOffset);
}

double Stm32AdcBase::share(unsigned channel) {
    if (const auto source = m_sources.find(channel); source != m_sources.end()) {
        return source->second->sample(kVdda);
    }
    return channel == m_temperatureChannel ? kTemperatureVolts / kVdda
           : channel == m_referenceChannel ? kReferenceVolts / kVdda
                                           : 0;
}

void Stm32AdcBase::startSequence() {
    stopSequence();
    m_sequence = sequence();
    m_index = 0;
    m_running = !m_sequence.empty();
    next();
}

void Stm32AdcBase::stopSequence() {
    m_step.cancel();
    m_running = false;
}

void Stm32AdcBase::next() {
    const Hertz clock = adcClock();
    if (!m_running || m_step.pending() || clock == 0) {
        return; // without a clock nothing is ever ready
    }
    const double cycles = conversionClocks(m_sequence[m_index]) * static_cast<double>(services().coreClock()) /
                          static_cast<double>(clock);
    m_step.after(cycles, [this] {
        const double full = static_cast<double>(1U << resolution());
        const auto result =
            static_cast<std::uint32_t>(std::clamp(std::floor(share(m_sequence[m_index]) * full), 0.0, full - 1));
        const bool last = ++m_index == m_sequence.size();
        if (last) {
            m_index = 0;
        }
        if (converted(result, last) && m_running) {
            next();
        }
        drive();
    });
}

} // namespace simprof
