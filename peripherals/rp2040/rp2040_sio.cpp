// SPDX-License-Identifier: GPL-2.0-or-later
// Single-cycle I/O of core 0: RP2040 data sheet 2.3.1 (GPIO, spinlocks, mailboxes, divider, interpolators without blend
// and clamp).
#include "peripherals/gpio/gpio.h"
#include "peripherals/makers.h"
#include "peripherals/register_file.h"

#include <array>

namespace simprof {
namespace {

constexpr std::uint32_t kIn = 0x04, kHiIn = 0x08, kOut = 0x10, kOe = 0x20, kHiOut = 0x30, kHiOe = 0x40, kFifoSt = 0x50,
                        kFifoWr = 0x54, kFifoRd = 0x58, kSpinlockSt = 0x5C, kUDividend = 0x60, kUDivisor = 0x64,
                        kSDividend = 0x68, kSDivisor = 0x6C, kQuotient = 0x70, kRemainder = 0x74, kCsr = 0x78,
                        kSpinlocks = 0x100;
constexpr std::array<std::uint32_t, 2> kInterpolators = {0x80, 0xC0};
// Offsets within an interpolator.
constexpr std::uint32_t kBase = 0x08, kPop = 0x14, kPeek = 0x20, kCtrl = 0x2C, kAdd = 0x34, kBase1And0 = 0x3C;

std::vector<RegisterRow> sioRows() {
    std::vector<RegisterRow> rows = {{0x00, "CPUID", 0, 0},
                                     {kIn, "GPIO_IN", 0, 0},
                                     {kHiIn, "GPIO_HI_IN", 0, 0},
                                     {kFifoSt, "FIFO_ST", 2, 0xC},
                                     {kFifoWr, "FIFO_WR"},
                                     {kFifoRd, "FIFO_RD", 0, 0},
                                     {kSpinlockSt, "SPINLOCK_ST", 0, 0},
                                     {kUDividend, "DIV_UDIVIDEND"},
                                     {kUDivisor, "DIV_UDIVISOR"},
                                     {kSDividend, "DIV_SDIVIDEND"},
                                     {kSDivisor, "DIV_SDIVISOR"},
                                     {kQuotient, "DIV_QUOTIENT"},
                                     {kRemainder, "DIV_REMAINDER"},
                                     {kCsr, "DIV_CSR", 1, 0}};
    for (const std::uint32_t first : {kOut, kOe, kHiOut, kHiOe}) {
        for (std::uint32_t index = 0; index < 4; ++index) {
            rows.push_back({first + 4 * index, index == 0   ? "GPIO"
                                               : index == 1 ? "GPIO_SET"
                                               : index == 2 ? "GPIO_CLR"
                                                            : "GPIO_XOR"});
        }
    }
    for (std::uint32_t offset = kInterpolators[0]; offset < kSpinlocks; offset += 4) {
        rows.push_back({offset, "INTERP"});
    }
    for (std::uint32_t lock = 0; lock < 32; ++lock) {
        rows.push_back({kSpinlocks + 4 * lock, "SPINLOCK"});
    }
    return rows;
}

class Rp2040Sio final : public RegisterFile, public GpioPort {
public:
    Rp2040Sio(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services, sioRows()) {}

    void drive(unsigned pin, bool level) override {
        m_driven |= 1U << pin;
        m_outside = level ? m_outside | 1U << pin : m_outside & ~(1U << pin);
    }
    bool output(unsigned pin) const override { return (value(kOut) & value(kOe)) >> pin & 1U; }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        switch (offset) {
        case kIn: return (value(kOut) & value(kOe)) | (m_outside & m_driven & ~value(kOe));
        case kHiIn: return value(kHiOut) & value(kHiOe);
        case kFifoSt: return 2U | value(kFifoSt); // room to write, nothing to read
        case kFifoRd: setBits(kFifoSt, 8); return 0;
        case kSpinlockSt: return m_locks;
        case kUDividend:
        case kSDividend: return m_dividend;
        case kUDivisor:
        case kSDivisor: return m_divisor;
        case kQuotient: m_dirty = false; return value(kQuotient);
        case kCsr: return (services().now() >= m_readyAt ? 1U : 0U) | (m_dirty ? 2U : 0U);
        default: break;
        }
        if (offset >= kSpinlocks && offset < kSpinlocks + 128) {
            return claim((offset - kSpinlocks) / 4);
        }
        if (offset >= kInterpolators[0] && offset < kSpinlocks) {
            return readInterpolator(offset & ~0x3FU, offset & 0x3F);
        }
        return value(offset);
    }

    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset >= kOut && offset < kFifoSt) {
            writePins(offset & ~0xFU, offset & 0xF, written);
        } else if (offset >= kUDividend && offset <= kSDivisor) {
            divide(offset, written);
        } else if (offset == kQuotient || offset == kRemainder) {
            setValue(offset, written);
            m_dirty = true;
            m_readyAt = services().now();
        } else if (offset == kFifoWr) {
            if (!m_reported) {
                services().reportEvent(name() + ": a word for the second core, which is not modelled, was dropped");
                m_reported = true;
            }
        } else if (offset == kFifoSt) {
            clearBits(kFifoSt, written & 0xC);
        } else if (offset >= kSpinlocks && offset < kSpinlocks + 128) {
            m_locks &= ~(1U << ((offset - kSpinlocks) / 4));
        } else if (offset >= kInterpolators[0] && offset < kSpinlocks) {
            writeInterpolator(offset & ~0x3FU, offset & 0x3F, written);
        } else {
            store(offset, written, lanes);
        }
    }

    void onReset() override {
        m_locks = m_dividend = m_divisor = 0;
        m_dirty = m_reported = false;
        m_readyAt = 0;
    }

private:
    void writePins(std::uint32_t base, std::uint32_t operation, std::uint32_t written) {
        const std::uint32_t before = value(base);
        const std::uint32_t levels = value(kOut) & value(kOe);
        setValue(base, operation == 0   ? written
                       : operation == 4 ? before | written
                       : operation == 8 ? before & ~written
                                        : before ^ written);
        const std::uint32_t now = value(kOut) & value(kOe);
        if (now != levels) {
            outputsChanged(now ^ levels, now);
        }
    }

    std::uint32_t claim(unsigned lock) {
        const std::uint32_t mask = 1U << lock;
        if ((m_locks & mask) != 0) {
            return 0;
        }
        m_locks |= mask;
        return mask;
    }

    /// Eight cycles after an operand was written the result is there; division by 0 gives all ones (signed: 1 or -1),
    /// remainder the dividend.
    void divide(std::uint32_t offset, std::uint32_t written) {
        const bool isSigned = offset >= kSDividend;
        (offset == kUDividend || offset == kSDividend ? m_dividend : m_divisor) = written;
        std::uint32_t quotient = 0xFFFFFFFF, remainder = m_dividend;
        if (isSigned) {
            const std::int64_t top = static_cast<std::int32_t>(m_dividend),
                               bottom = static_cast<std::int32_t>(m_divisor);
            quotient = bottom == 0 ? (top < 0 ? 1U : 0xFFFFFFFFU) : static_cast<std::uint32_t>(top / bottom);
            remainder = bottom == 0 ? m_dividend : static_cast<std::uint32_t>(top % bottom);
        } else if (m_divisor != 0) {
            quotient = m_dividend / m_divisor;
            remainder = m_dividend % m_divisor;
        }
        setValue(kQuotient, quotient);
        setValue(kRemainder, remainder);
        m_dirty = true;
        m_readyAt = services().now() + 8;
    }

    /// What a lane makes of an accumulator: shift, mask, sign extension.
    std::uint32_t shifted(std::uint32_t base, unsigned lane) const {
        const std::uint32_t ctrl = value(base + kCtrl + 4 * lane);
        const unsigned shift = ctrl & 31U, low = ctrl >> 5 & 31U, high = ctrl >> 10 & 31U;
        const bool cross = (ctrl >> 16 & 1U) != 0;
        const std::uint32_t in = value(base + 4 * (cross ? 1 - lane : lane)) >> shift;
        const std::uint32_t upTo = high == 31 ? 0xFFFFFFFFU : (1U << (high + 1)) - 1U;
        const std::uint32_t masked = in & upTo & ~((1U << low) - 1U);
        const bool negative = (ctrl >> 15 & 1U) != 0 && (masked >> high & 1U) != 0;
        return negative ? masked | ~upTo : masked;
    }
    std::uint32_t result(std::uint32_t base, unsigned lane) const {
        const bool raw = (value(base + kCtrl + 4 * lane) >> 18 & 1U) != 0; // ADD_RAW
        const bool cross = (value(base + kCtrl + 4 * lane) >> 16 & 1U) != 0;
        const std::uint32_t in = raw ? value(base + 4 * (cross ? 1 - lane : lane)) : shifted(base, lane);
        return in + value(base + kBase + 4 * lane);
    }
    std::uint32_t full(std::uint32_t base) const {
        return shifted(base, 0) + shifted(base, 1) + value(base + kBase + 8);
    }
    std::uint32_t readInterpolator(std::uint32_t base, std::uint32_t offset) {
        if (offset >= kPop && offset < kCtrl) {
            const std::uint32_t which = (offset - kPop) % 12 / 4;
            const std::uint32_t read = which == 2 ? full(base) : result(base, which);
            if (offset < kPeek) {
                const std::uint32_t first = result(base, 0), second = result(base, 1);
                const bool cross0 = (value(base + kCtrl) >> 17 & 1U) != 0,
                           cross1 = (value(base + kCtrl + 4) >> 17 & 1U) != 0;
                setValue(base, cross0 ? second : first);
                setValue(base + 4, cross1 ? first : second);
            }
            return read;
        }
        if (offset == kAdd || offset == kAdd + 4) {
            return shifted(base, (offset - kAdd) / 4);
        }
        return value(base + offset);
    }
    void writeInterpolator(std::uint32_t base, std::uint32_t offset, std::uint32_t written) {
        if (offset == kAdd || offset == kAdd + 4) {
            setValue(base + offset - kAdd, value(base + offset - kAdd) + (written & 0xFFFFFF));
        } else if (offset == kBase1And0) {
            setValue(base + kBase, half(base, 0, written & 0xFFFF));
            setValue(base + kBase + 4, half(base, 1, written >> 16));
        } else if (offset < kPop || (offset >= kCtrl && offset < kAdd)) {
            setValue(base + offset, written);
            if (offset == kCtrl && (written & 0x600000) != 0) {
                services().reportEvent(name() + ": blend and clamp modes of the interpolators are not modelled");
            }
        }
    }
    std::uint32_t half(std::uint32_t base, unsigned lane, std::uint32_t bits) const {
        const bool isSigned = (value(base + kCtrl + 4 * lane) >> 15 & 1U) != 0;
        return isSigned && (bits & 0x8000) != 0 ? bits | 0xFFFF0000U : bits;
    }

    std::uint32_t m_driven = 0, m_outside = 0;
    std::uint32_t m_locks = 0;
    std::uint32_t m_dividend = 0, m_divisor = 0;
    bool m_dirty = false;
    bool m_reported = false;
    Cycles m_readyAt = 0;
};

} // namespace

std::span<const PeripheralMaker> rp2040SioMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"rp2040_sio", "GPIO, spinlocks, divider, interpolators; no second core", makeDevice<Rp2040Sio>},
    };
    return kMakers;
}

} // namespace simprof
