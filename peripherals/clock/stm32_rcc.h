// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/clock_tree.h"
#include "peripherals/register_file.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// What the reset and clock controllers of all STM32 families share: ready bits that follow their enables, kernel clock
/// selections, the announcement of a new core clock, and complaints about settings outside the data sheet's limits.
class Stm32Rcc : public RegisterFile, public ClockTree {
public:
    /// A ready bit follows its enable bit when `source` is there ("HSE" and "LSE" depend on the board).
    struct Ready {
        std::uint32_t offset;
        unsigned enable;
        unsigned ready;
        std::string_view source;
    };
    /// A peripheral's own clock selection; `sources` are clock lines in the order of the field's values.
    struct KernelMux {
        std::string_view line;
        std::uint32_t offset;
        unsigned low;
        unsigned width;
        std::vector<std::string_view> sources;
    };
    /// A register whose bits hold peripherals in reset.
    struct Family {
        std::vector<Ready> ready;
        std::vector<KernelMux> muxes;
    };

    Stm32Rcc(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services,
             std::vector<RegisterRow> rows, Family family);

    Hertz frequency(std::string_view line) final;
    /// Stop mode: only the low-speed oscillators go on; the core wakes on the internal one (RM0432 5.3.6,
    /// RM0090 5.3.5).
    void deepSleep(bool asleep) override;

protected:
    void onWrite(std::uint32_t offset, std::uint32_t value, std::uint32_t lanes) override;
    void onReset() override;

    /// Selects the oscillator that the core wakes on and switches PLLs and HSE off.
    virtual void leaveStop() = 0;
    /// Called after each store: status fields that follow (SWS, write-one-to-clear bits …).
    virtual void settle(std::uint32_t offset, std::uint32_t value) = 0;
    /// Frequency of an oscillator, PLL output or bus of this family; 0 when off or unknown.
    virtual Hertz source(std::string_view line) const = 0;
    /// Frequency at which the core runs.
    virtual Hertz coreFrequency() const = 0;

    Hertz oscillator(const std::string& name) const;
    static constexpr std::uint32_t kNoRegister = 0xFFC;
    /// Divider of a 4-bit HPRE field.
    static unsigned ahbDivider(std::uint32_t field);
    /// Divider of a 3-bit PPRE field.
    static unsigned apbDivider(std::uint32_t field) { return field < 4 ? 1 : 2U << (field - 4); }
    /// Reports `text` when `good` is false, once per distinct text until reset.
    void expect(bool good, const std::string& text);
    const BoardDesc& board() const { return m_board; }

private:
    void followReady();
    void applyClock();

    BoardDesc m_board;
    Family m_family;
    Hertz m_announced = 0;
    bool m_stopped = false;
    std::map<std::string, bool> m_complaints;
};

/// "12.5 MHz" for messages.
std::string megahertz(Hertz hertz);

} // namespace simprof
