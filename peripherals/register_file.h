// SPDX-License-Identifier: GPL-2.0-or-later
/// The base of all register-mapped devices: 32-bit registers in a table, byte and halfword access, interrupt lines.
#pragma once
#include "sim_core/peripheral.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// One modelled register: reset value and the bits software can change.
struct RegisterRow {
    std::uint32_t offset = 0;
    const char* name = "";
    std::uint32_t reset = 0;
    std::uint32_t writable = 0xFFFFFFFF;
};

class ClockTree;
class IrqMixer;

/// One output of a device to the NVIC; several devices may share an interrupt number (wired OR).
class IrqLine {
public:
    IrqLine() = default;
    /// `irq` < 0 or absent: not connected.
    IrqLine(MachineServices& services, std::optional<int> irq);
    ~IrqLine();
    IrqLine(IrqLine&&) noexcept;
    IrqLine& operator=(IrqLine&&) noexcept;

    void set(bool level);
    void pulse();
    bool level() const { return m_level; }
    bool connected() const { return m_irq.has_value(); }

private:
    MachineServices* m_services = nullptr;
    std::shared_ptr<IrqMixer> m_mixer;
    std::optional<int> m_irq;
    bool m_level = false;
};

/// A device with 32-bit registers. Narrow accesses read and write the byte lanes of the word they fall into.
class RegisterFile : public Peripheral {
public:
    RegisterFile(const PeripheralDesc& desc, MachineServices& services, std::vector<RegisterRow> rows);

    std::uint32_t read(std::uint32_t offset, unsigned size) override;
    void write(std::uint32_t offset, unsigned size, std::uint32_t value) override;
    void reset() override;
    bool models(std::uint32_t offset) const override;
    const std::string& name() const { return m_desc.name; }

    /// Reset values of registers that are not in the table (from a CMSIS-SVD file), by offset.
    void setOtherResets(std::map<std::uint32_t, std::uint32_t> values);
    /// The name of the register at `offset` as in the manual, or "" when it is not modelled.
    std::string_view registerName(std::uint32_t offset) const;

protected:
    /// What a load of the word at `offset` shows.
    virtual std::uint32_t onRead(std::uint32_t offset) { return value(offset); }
    /// A store: `value` holds the written bits, `lanes` the mask of byte lanes that were written.
    virtual void onWrite(std::uint32_t offset, std::uint32_t value, std::uint32_t lanes) {
        store(offset, value, lanes);
    }
    /// Called after all registers have their reset values.
    virtual void onReset() {}

    /// The stored word.
    std::uint32_t value(std::uint32_t offset) const;
    /// Changes the stored word as hardware does, read-only bits included.
    void setValue(std::uint32_t offset, std::uint32_t value);
    void setBits(std::uint32_t offset, std::uint32_t bits) { setValue(offset, value(offset) | bits); }
    void clearBits(std::uint32_t offset, std::uint32_t bits) { setValue(offset, value(offset) & ~bits); }
    bool bit(std::uint32_t offset, unsigned number) const { return ((value(offset) >> number) & 1U) != 0; }
    std::uint32_t field(std::uint32_t offset, unsigned low, unsigned width) const {
        return (value(offset) >> low) & ((1U << width) - 1U);
    }
    /// Stores the writable bits of the written lanes.
    void store(std::uint32_t offset, std::uint32_t value, std::uint32_t lanes);

    const PeripheralDesc& desc() const { return m_desc; }
    MachineServices& services() const { return m_services; }
    /// An option of the wiring, or `fallback`.
    std::string option(std::string_view key, std::string_view fallback = "") const;
    /// The interrupt line called `line` ("" for the only one); not connected when the wiring has none.
    IrqLine irqLine(std::string_view line = "") const;
    /// Frequency of the clock that feeds this device: option "clock" looked up in the MCU's clock controller; 0 when it
    /// is off.
    Hertz inputClock() const;

private:
    const RegisterRow* row(std::uint32_t offset) const;

    PeripheralDesc m_desc;
    MachineServices& m_services;
    std::string m_clockLine;                         ///< option "clock"
    mutable ClockTree* m_clockTree = nullptr;        ///< once it has been found
    std::vector<RegisterRow> m_rows;                 ///< sorted by offset
    std::vector<std::int16_t> m_rowAt;               ///< row index by word, -1 where none
    std::vector<std::uint32_t> m_words;              ///< values of the words up to the last row
    std::map<std::uint32_t, std::uint32_t> m_others; ///< words beyond or between rows that were written
    std::map<std::uint32_t, std::uint32_t> m_otherResets;
};

/// A device of which nothing is modelled: memory with reset values; every access is reported.
class UnmodelledDevice final : public RegisterFile {
public:
    UnmodelledDevice(const PeripheralDesc& desc, MachineServices& services)
        : RegisterFile(desc, services, {}) {}
};

} // namespace simprof
