// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/uart/pl011.h"

#include <algorithm>
#include <array>

namespace simprof {
namespace {

constexpr std::uint32_t kDr = 0x00, kRsr = 0x04, kFr = 0x18, kIbrd = 0x24, kFbrd = 0x28, kLcrH = 0x2C, kCr = 0x30,
                        kIfls = 0x34, kImsc = 0x38, kRis = 0x3C, kMis = 0x40, kIcr = 0x44;
constexpr std::uint32_t kDmacr = 0x48;
constexpr std::uint32_t kRxIrq = 1U << 4, kTxIrq = 1U << 5, kTimeoutIrq = 1U << 6, kOverrunIrq = 1U << 10;

std::vector<RegisterRow> rowsWith(std::vector<RegisterRow> more) {
    std::vector<RegisterRow> rows = {{kDr, "DR"},
                                     {kRsr, "RSR", 0, 0},
                                     {kFr, "FR", 0x90, 0},
                                     {0x20, "ILPR", 0, 0xFF},
                                     {kIbrd, "IBRD", 0, 0xFFFF},
                                     {kFbrd, "FBRD", 0, 0x3F},
                                     {kLcrH, "LCR_H", 0, 0xFF},
                                     {kCr, "CR", 0x300, 0xFFFF},
                                     {kIfls, "IFLS", 0x12, 0x3F},
                                     {kImsc, "IMSC", 0, 0x7FF},
                                     {kRis, "RIS", 0, 0},
                                     {kMis, "MIS", 0, 0},
                                     {kIcr, "ICR"}};
    rows.insert(rows.end(), more.begin(), more.end());
    return rows;
}

std::uint32_t levelOf(std::uint32_t selection, std::uint32_t depth) {
    static constexpr std::array<std::uint32_t, 8> kEighths = {1, 2, 4, 6, 7, 7, 7, 7};
    return depth == 1 ? 1 : kEighths[selection & 7U] * depth / 8;
}

} // namespace

Pl011::Pl011(const PeripheralDesc& desc, MachineServices& services, std::vector<RegisterRow> more)
    : RegisterFile(desc, services, rowsWith(std::move(more)))
    , UartLine(services)
    , m_irq(irqLine())
    , m_dmaRx(services, option("dma_rx"))
    , m_dmaTx(services, option("dma_tx")) {}

std::uint32_t Pl011::depth() const { return bit(kLcrH, 4) ? 32 : 1; }

double Pl011::bitCycles() const {
    const double divider = value(kIbrd) + value(kFbrd) / 64.0; // 3.3.5
    const Hertz clock = uartClock();
    return bit(kCr, 0) && divider > 0 && clock != 0
               ? 16 * divider * static_cast<double>(services().coreClock()) / static_cast<double>(clock)
               : 0;
}

double Pl011::characterBits() const {
    return 1 + 5 + field(kLcrH, 5, 2) + (bit(kLcrH, 1) ? 1 : 0) + (bit(kLcrH, 3) ? 2 : 1);
}

bool Pl011::receiverOn() const { return bit(kCr, 0) && bit(kCr, 9); }

std::uint32_t Pl011::flags() const {
    std::uint32_t result = 0;
    result |= shifting() || !m_tx.empty() ? 1U << 3 : 0;
    result |= m_rx.empty() ? 1U << 4 : 0;
    result |= m_tx.size() >= depth() ? 1U << 5 : 0;
    result |= m_rx.size() >= depth() ? 1U << 6 : 0;
    result |= m_tx.empty() ? 1U << 7 : 0;
    return result;
}

bool Pl011::receiveLevelReached() const { return m_rx.size() >= levelOf(value(kIfls) >> 3, depth()); }

bool Pl011::transmitLevelReached() const {
    return depth() == 1 ? m_tx.empty() : m_tx.size() <= levelOf(value(kIfls), depth());
}

bool Pl011::isSteady(std::uint32_t offset) const { return offset == kFr; }

std::uint32_t Pl011::onRead(std::uint32_t offset) {
    switch (offset) {
    case kDr: {
        if (m_rx.empty()) {
            return 0;
        }
        const std::uint32_t result = m_rx.front();
        m_rx.pop_front();
        if (!receiveLevelReached()) {
            m_raw &= ~kRxIrq;
        }
        if (m_rx.empty()) {
            m_raw &= ~kTimeoutIrq;
        }
        update();
        return result;
    }
    case kFr: return flags();
    case kRis: return m_raw;
    case kMis: return m_raw & value(kImsc);
    default: return value(offset);
    }
}

void Pl011::onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) {
    if (offset == kDr) {
        if (m_tx.size() < depth()) {
            m_tx.push_back(static_cast<std::byte>(written & 0xFF));
        }
        pump();
        if (!transmitLevelReached()) {
            m_raw &= ~kTxIrq;
        }
    } else if (offset == kRsr) {
        setValue(kRsr, 0);
    } else if (offset == kIcr) {
        m_raw &= ~written;
    } else {
        store(offset, written, lanes);
        if (offset == kCr && !bit(kCr, 0)) {
            resetLine();
        }
        pump();
        listen();
    }
    update();
}

void Pl011::onReset() {
    resetLine();
    m_tx.clear();
    m_rx.clear();
    m_raw = 0;
    m_irq.set(false);
    m_dmaRx.set(false);
    m_dmaTx.set(false);
}

void Pl011::pump() {
    if (!shifting() && !m_tx.empty() && bit(kCr, 0) && bit(kCr, 8) && bitCycles() > 0) {
        const std::byte byte = m_tx.front();
        m_tx.pop_front();
        shiftOut(byte);
        if (transmitLevelReached()) { // the interrupt comes with the FIFO passing its level (2.8.1)
            m_raw |= kTxIrq;
        }
    }
}

void Pl011::characterSent() {
    pump();
    update();
}

void Pl011::characterArrived(std::byte byte) {
    if (m_rx.size() >= depth()) {
        setBits(kRsr, 1U << 3);
        m_raw |= kOverrunIrq;
    } else {
        m_rx.push_back(std::to_integer<std::uint32_t>(byte));
        if (receiveLevelReached()) {
            m_raw |= kRxIrq;
        }
    }
    update();
}

/// The manual's time-out is 32 bit periods without a character; the line reports the first pause of one character.
void Pl011::lineIdle() {
    if (!m_rx.empty()) {
        m_raw |= kTimeoutIrq;
        update();
    }
}

void Pl011::update() {
    m_irq.set((m_raw & value(kImsc)) != 0);
    const std::uint32_t dma = models(kDmacr) ? value(kDmacr) : 0;
    m_dmaTx.set((dma & 2U) != 0 && m_tx.size() < depth() && bit(kCr, 0));
    m_dmaRx.set((dma & 1U) != 0 && !m_rx.empty());
}

} // namespace simprof
