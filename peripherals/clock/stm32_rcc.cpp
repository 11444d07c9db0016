// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/clock/stm32_rcc.h"

#include <array>
#include <cstdio>
#include <utility>

namespace simprof {

std::string megahertz(Hertz hertz) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.6g MHz", static_cast<double>(hertz) / 1e6);
    return text.data();
}

Stm32Rcc::Stm32Rcc(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services,
                   std::vector<RegisterRow> rows, Family family)
    : RegisterFile(desc, services, std::move(rows))
    , m_board(board)
    , m_family(std::move(family))
    , m_announced(board.mcu->resetClock) {}

Hertz Stm32Rcc::oscillator(const std::string& name) const {
    const auto found = m_board.oscillators.find(name);
    return found == m_board.oscillators.end() ? 0 : found->second;
}

unsigned Stm32Rcc::ahbDivider(std::uint32_t field) {
    static constexpr std::array<unsigned, 8> kDividers = {2, 4, 8, 16, 64, 128, 256, 512};
    return field < 8 ? 1 : kDividers[field - 8];
}

Hertz Stm32Rcc::frequency(std::string_view line) {
    for (const KernelMux& mux : m_family.muxes) {
        if (line == mux.line) {
            const std::uint32_t selected = field(mux.offset, mux.low, mux.width);
            line = selected < mux.sources.size() ? mux.sources[selected] : "";
            break;
        }
    }
    return line.empty() || (m_stopped && line != "LSE" && line != "LSI") ? 0 : source(line);
}

void Stm32Rcc::deepSleep(bool asleep) {
    announceChange();
    m_stopped = asleep;
    if (!asleep) {
        leaveStop();
        followReady();
        settle(kNoRegister, 0);
        applyClock();
    }
    completeChange();
}

void Stm32Rcc::followReady() {
    for (const Ready& entry : m_family.ready) {
        const std::string_view name = entry.source;
        const bool external = name == "HSE" || name == "LSE";
        if (bit(entry.offset, entry.enable) && (!external || oscillator(std::string(name)) != 0)) {
            setBits(entry.offset, 1U << entry.ready);
        } else {
            clearBits(entry.offset, 1U << entry.ready);
        }
    }
}

void Stm32Rcc::onWrite(std::uint32_t offset, std::uint32_t value, std::uint32_t lanes) {
    announceChange();
    store(offset, value, lanes);
    followReady();
    settle(offset, value);
    applyClock();
    completeChange();
}

void Stm32Rcc::onReset() {
    m_complaints.clear();
    m_stopped = false;
    announceChange();
    followReady();
    applyClock();
    completeChange();
}

void Stm32Rcc::applyClock() {
    const Hertz clock = coreFrequency();
    if (clock == 0 || clock == m_announced) {
        return;
    }
    m_announced = clock;
    if (clock > m_board.mcu->maxClock) {
        expect(false, "core clock " + megahertz(clock) + " is above the " + megahertz(m_board.mcu->maxClock) +
                          " this MCU is specified for");
    }
    services().setCoreClock(clock);
}

void Stm32Rcc::expect(bool good, const std::string& text) {
    if (!good && !m_complaints[text]) {
        m_complaints[text] = true;
        services().reportEvent(name() + ": " + text);
    }
}

} // namespace simprof
