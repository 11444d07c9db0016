// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/dma/dma_request.h"
#include "peripherals/pending_step.h"
#include "peripherals/register_file.h"
#include "peripherals/sensors/sensor.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace simprof {

/// What the ADCs of all STM32 share: attached sources, one conversion after the other, the time each takes.
class Stm32AdcBase : public RegisterFile {
public:
    Stm32AdcBase(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services,
                 std::vector<RegisterRow> rows);

protected:
    /// Channels of the sequence that is programmed.
    virtual std::vector<unsigned> sequence() const = 0;
    /// Sampling and conversion of one channel in ADC clocks.
    virtual double conversionClocks(unsigned channel) const = 0;
    virtual Hertz adcClock() const = 0;
    /// Bits of a result.
    virtual unsigned resolution() const = 0;
    /// A result is there; `last` of the sequence. False: the next conversion waits.
    virtual bool converted(std::uint32_t result, bool last) = 0;
    virtual void drive() = 0;
    void onReset() override;

    /// The trigger output that the wiring calls `number` fired ("trg=11:TIM2,13:TIM6").
    virtual void triggered(unsigned number) = 0;

    void startSequence();
    void stopSequence();
    /// Goes on after a conversion that waited.
    void next();
    bool isConverting() const { return m_running; }
    /// The common control register: in the block that the wiring calls "common", else this device's own.
    std::uint32_t common(std::uint32_t ownOffset, std::uint32_t sharedOffset) const;

    IrqLine m_irq;
    DmaRequest m_dma;
    unsigned m_temperatureChannel = 99, m_referenceChannel = 99;

private:
    double share(unsigned channel);

    void connectTriggers();

    std::map<unsigned, std::unique_ptr<AnalogSource>> m_sources;
    std::vector<unsigned> m_sequence;
    std::size_t m_index = 0;
    bool m_running = false;
    std::vector<std::pair<unsigned, std::string>> m_triggers; ///< by their numbers; empty once they are connected
    PendingStep m_step{services()};
};

} // namespace simprof
