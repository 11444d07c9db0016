// SPDX-License-Identifier: GPL-2.0-or-later
// Small STM32 units: device electronic signature (RM0432 60), DBGMCU (RM0432 57.6), CRC (RM0090 4.4 without,
// RM0432 14.4 with programmable polynomial), RNG (RM0432 27.7), HSEM (RM0399 10.4).
#include "peripherals/clock_tree.h"
#include "peripherals/layout.h"
#include "peripherals/makers.h"
#include "peripherals/pending_step.h"
#include "peripherals/random_bits.h"
#include "peripherals/register_file.h"

#include <algorithm>
#include <array>

namespace simprof {
namespace {

/// The factory area: unique device ID, flash size. Everything else reads as erased, calibration values as typical ones.
class Stm32Signature final : public RegisterFile {
public:
    Stm32Signature(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : RegisterFile(desc, services, rows(desc, board)) {}

protected:
    void onWrite(std::uint32_t, std::uint32_t, std::uint32_t) override {
        services().reportEvent(name() + ": write to the factory area ignored");
    }

private:
    static std::vector<RegisterRow> rows(const PeripheralDesc& desc, const BoardDesc& board) {
        const auto number = [&](const char* key) {
            return static_cast<std::uint32_t>(std::stoul(desc.options.at(key), nullptr, 0));
        };
        const std::uint32_t uid = number("uid");
        const std::uint32_t size = number("flash_size");
        const unsigned shift = 8 * (size % 4);
        std::vector<RegisterRow> result = {
            {uid, "UID", 0x00280041, 0},
            {uid + 4, "UID", 0x4D500D20, 0},
            {uid + 8, "UID", 0x20353231, 0},
            {size & ~3U, "F_SIZE", number("flash_kb") << shift | (shift ? 0xFFFFU : 0xFFFF0000U), 0}};
        // Typical factory calibrations at 3.0 V, 12 bit: temperature sensor and 1.21 V reference (data sheets,
        // "calibration values").
        if (board.mcu->family == McuFamily::Stm32L4Plus || board.mcu->family == McuFamily::Stm32G0) {
            result.push_back({0xA8, "TS_CAL1, VREFINT", 0x06760411, 0}); // 1.212 V * 4095 / 3.0 V = 1654 = 0x676
            result.push_back({0xC8, "TS_CAL2", 0x056AFFFF, 0});
        }
        return result;
    }
};

class Stm32Dbgmcu final : public RegisterFile {
public:
    Stm32Dbgmcu(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : RegisterFile(desc, services,
                       {{0x00, "IDCODE", idcode(board.mcu->family), 0},
                        {0x04, "CR"},
                        {0x08, "APB1FZR1"},
                        {0x0C, "APB1FZR2"},
                        {0x10, "APB2FZR"},
                        {0x34, "APB3FZ1"},
                        {0x3C, "APB1LFZ1"},
                        {0x4C, "APB2FZ1"},
                        {0x54, "APB4FZ1"}}) {}

private:
    /// DEV_ID and REV_ID of the DBGMCU chapter of each manual.
    static std::uint32_t idcode(McuFamily family) {
        static const std::pair<McuFamily, std::uint32_t> kIds[] = {
            {McuFamily::Stm32L4Plus, 0x10016470}, {McuFamily::Stm32F7, 0x10016449}, {McuFamily::Stm32H7A3, 0x10016480},
            {McuFamily::Stm32H7, 0x20036450},     {McuFamily::Stm32G0, 0x10006467}, {McuFamily::Stm32L0, 0x10086417},
            {McuFamily::Stm32F4, 0x10076413}};
        const auto found = std::ranges::find(kIds, family, [](const auto& entry) { return entry.first; });
        return found == std::end(kIds) ? 0 : found->second;
    }
};

class Stm32Crc final : public RegisterFile {
public:
    Stm32Crc(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services,
                       layoutOf(desc) == Layout::V1
                           ? std::vector<RegisterRow>{{kDr, "DR", 0xFFFFFFFF}, {kIdr, "IDR", 0, 0xFF}, {kCr, "CR"}}
                           : std::vector<RegisterRow>{{kDr, "DR", 0xFFFFFFFF},
                                                      {kIdr, "IDR"},
                                                      {kCr, "CR", 0, 0xF8},
                                                      {kInit, "INIT", 0xFFFFFFFF},
                                                      {kPol, "POL", 0x04C11DB7}}) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        const std::uint32_t result = value(offset);
        return offset == kDr && bit(kCr, 7) ? reversed(result, width()) : result; // REV_OUT
    }

    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == kDr) {
            feed(written, lanes == 0xFFFFFFFF ? 32 : lanes == 0xFFFF ? 16 : lanes == 0xFF ? 8 : 32);
            return;
        }
        store(offset, written, lanes);
        if (offset == kCr && (written & 1U) != 0) {
            setValue(kDr, initial());
        } else if (offset == kInit) {
            setValue(kDr, initial());
        }
    }

private:
    static constexpr std::uint32_t kDr = 0x00, kIdr = 0x04, kCr = 0x08, kInit = 0x10, kPol = 0x14;

    bool programmable() const { return models(kPol); }
    std::uint32_t initial() const { return programmable() ? value(kInit) & mask() : 0xFFFFFFFF; }
    unsigned width() const {
        static constexpr std::array<unsigned, 4> kWidths = {32, 16, 8, 7};
        return programmable() ? kWidths[field(kCr, 3, 2)] : 32;
    }
    std::uint32_t mask() const { return width() == 32 ? 0xFFFFFFFF : (1U << width()) - 1U; }

    static std::uint32_t reversed(std::uint32_t in, unsigned bits) {
        std::uint32_t out = 0;
        for (unsigned index = 0; index < bits; ++index) {
            out |= ((in >> index) & 1U) << (bits - 1 - index);
        }
        return out;
    }

    void feed(std::uint32_t data, unsigned bits) {
        const unsigned unit =
            field(kCr, 5, 2) == 0 ? 0 : std::min(bits, 4U << field(kCr, 5, 2)); // REV_IN: bytes, halfwords, words
        if (unit != 0) {
            std::uint32_t turned = 0;
            for (unsigned low = 0; low < bits; low += unit) {
                const std::uint32_t part = unit == 32 ? data : (data >> low) & ((1U << unit) - 1U);
                turned |= reversed(part, unit) << low;
            }
            data = turned;
        }
        const std::uint32_t polynomial = programmable() ? value(kPol) & mask() : 0x04C11DB7;
        std::uint32_t crc = value(kDr);
        for (unsigned index = bits; index-- > 0;) {
            const std::uint32_t top = ((crc >> (width() - 1)) ^ (data >> index)) & 1U;
            crc = ((crc << 1) ^ (top != 0 ? polynomial : 0)) & mask();
        }
        setValue(kDr, crc);
    }
};

/// Delivers a fixed pseudo-random sequence, one word every 40 periods of the RNG clock.
class Stm32Rng final : public RegisterFile {
public:
    Stm32Rng(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services, {{0x00, "CR"}, {0x04, "SR", 0, 0}, {0x08, "DR", 0, 0}, {0x10, "HTCR", 0x5A4F}})
        , m_irq(irqLine()) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset == 0x04) {
            return ready() ? 1 : 0;
        }
        if (offset != 0x08 || !ready()) {
            return offset == 0x08 ? 0 : value(offset);
        }
        m_irq.set(false);
        arm();
        return m_bits.next();
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        const bool was = on();
        store(offset, written, lanes);
        if (!was && on()) {
            arm();
        } else if (!on()) {
            m_step.cancel();
            m_irq.set(false);
        }
    }
    void onReset() override {
        m_step.cancel();
        m_irq.set(false);
        m_bits = {};
    }

private:
    bool on() const { return bit(0x00, 2); }
    bool ready() const { return on() && services().now() >= m_readyAt; }
    void arm() {
        const Hertz clock = inputClock() == 0 ? 48'000'000 : inputClock();
        const Cycles wait = 40 * services().coreClock() / clock + 1;
        m_readyAt = services().now() + wait;
        m_step.at(m_readyAt, [this] { m_irq.set(bit(0x00, 3)); });
    }

    RandomBits m_bits;
    Cycles m_readyAt = 0;
    PendingStep m_step{services()};
    IrqLine m_irq;
};

/// Hardware semaphores as one core sees them: free ones are taken by the first lock.
class Stm32Hsem final : public RegisterFile {
public:
    Stm32Hsem(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services, rows()) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset >= 0x80 && offset < 0x100) { // one-step lock by core 1 (COREID 3)
            const std::uint32_t semaphore = offset - 0x80;
            if ((value(semaphore) >> 31) == 0) {
                setValue(semaphore, 0x80000300);
            }
            return value(semaphore);
        }
        return value(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset < 0x80) {
            const bool locked = (value(offset) >> 31) != 0;
            if ((written >> 31) != 0 && !locked) {
                setValue(offset, written & 0x80000FFF);
            } else if ((written >> 31) == 0 && locked && (written & 0xFFF) == (value(offset) & 0xFFF)) {
                setValue(offset, 0);
            }
            return;
        }
        store(offset, written, lanes);
    }

private:
    static std::vector<RegisterRow> rows() {
        std::vector<RegisterRow> result = {{0x100, "C1IER"},        {0x104, "C1ICR"}, {0x108, "C1ISR", 0, 0},
                                           {0x10C, "C1MISR", 0, 0}, {0x140, "CR"},    {0x144, "KEYR"}};
        for (std::uint32_t index = 0; index < 32; ++index) {
            result.push_back({4 * index, "R"});
            result.push_back({0x80 + 4 * index, "RLR"});
        }
        return result;
    }
};

} // namespace

std::span<const PeripheralMaker> stm32MiscMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32_signature", "unique ID, flash size", makeDevice<Stm32Signature>},
        {"stm32_dbgmcu", "device and revision ID", makeDevice<Stm32Dbgmcu>},
        {"stm32_crc", "CRC with programmable polynomial and reversal", makeDevice<Stm32Crc>},
        {"stm32_rng", "random words, the same sequence in each run", makeDevice<Stm32Rng>},
        {"stm32_hsem", "semaphores, one core", makeDevice<Stm32Hsem>},
    };
    return kMakers;
}

} // namespace simprof
