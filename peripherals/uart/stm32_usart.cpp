// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/uart/stm32_usart.h"

#include "peripherals/makers.h"

#include <cmath>

namespace simprof {
namespace {

// Bits of SR and ISR; 0...7 are the same in both layouts.
constexpr std::uint32_t kFe = 1U << 1, kOre = 1U << 3, kIdle = 1U << 4, kRxne = 1U << 5, kTc = 1U << 6, kTxe = 1U << 7;
constexpr std::uint32_t kRtof = 1U << 11, kBusy = 1U << 16, kCmf = 1U << 17, kTeack = 1U << 21, kReack = 1U << 22,
                        kTxfe = 1U << 23, kRxff = 1U << 24, kRxft = 1U << 26, kTxft = 1U << 27;
// Bits of CR1 (the enable bit differs).
constexpr unsigned kRe = 2, kTe = 3, kIdleie = 4, kRxneie = 5, kTcie = 6, kTxeie = 7, kPeie = 8, kCmie = 14,
                   kOver8 = 15, kRtoie = 26, kFifoen = 29, kTxfeie = 30, kRxffie = 31;
// Bits of CR3.
constexpr unsigned kEie = 0, kDmar = 6, kDmat = 7, kOvrdis = 12, kTxftie = 23, kRxftie = 28;

constexpr std::uint32_t kNone = 0xFFC; // no such register in this layout

constexpr Stm32Usart::Layout kV1{0x0C, 0x10, 0x14, 0x08, 0x00, kNone, kNone, 0x04, 0x04, kNone, kNone, 13, true};
constexpr Stm32Usart::Layout kV2{0x00, 0x04, 0x08, 0x0C, 0x1C, 0x20, 0x18, 0x24, 0x28, 0x14, 0x2C, 0, false};

std::vector<RegisterRow> rowsOf(const PeripheralDesc& desc, const Stm32Usart::Layout& layout) {
    if (layout.v1) {
        return {{0x00, "SR", 0xC0},       {0x04, "DR"},
                {0x08, "BRR", 0, 0xFFFF}, {0x0C, "CR1", 0, 0xBFFF},
                {0x10, "CR2", 0, 0x7F6F}, {0x14, "CR3", 0, 0xFFF},
                {0x18, "GTPR", 0, 0xFFFF}};
    }
    std::vector<RegisterRow> rows = {{0x00, "CR1"},
                                     {0x04, "CR2"},
                                     {0x08, "CR3"},
                                     {0x0C, "BRR", 0, 0xFFFFF},
                                     {0x10, "GTPR", 0, 0xFFFF},
                                     {0x14, "RTOR"},
                                     {0x18, "RQR"},
                                     {0x1C, "ISR", 0xC0},
                                     {0x20, "ICR"},
                                     {0x24, "RDR"},
                                     {0x28, "TDR"}};
    if (desc.options.contains("fifo") || desc.options.contains("presc")) {
        rows.push_back({0x2C, "PRESC", 0, 0xF});
    }
    return rows;
}

std::unique_ptr<Peripheral> makeV1(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services) {
    return std::make_unique<Stm32Usart>(desc, services, kV1);
}

std::unique_ptr<Peripheral> makeV2(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services) {
    return std::make_unique<Stm32Usart>(desc, services, kV2);
}

} // namespace

Stm32Usart::Stm32Usart(const PeripheralDesc& desc, MachineServices& services, const Layout& layout)
    : RegisterFile(desc, services, rowsOf(desc, layout))
    , UartLine(services)
    , m_l(layout)
    , m_lowPower(!option("lp").empty())
    , m_fifoDepth(std::stoul(option("fifo", "1")))
    , m_flags(kTc)
    , m_irq(irqLine())
    , m_dmaRx(services, option("dma_rx"))
    , m_dmaTx(services, option("dma_tx")) {}

void Stm32Usart::onReset() {
    resetLine();
    services().cancel(m_timeout);
    m_timeout = EventId::None;
    m_flags = kTc;
    m_tx.clear();
    m_rx.clear();
    m_lastRead = 0;
    m_statusRead = false;
    m_irq.set(false);
    m_dmaRx.set(false);
    m_dmaTx.set(false);
}

bool Stm32Usart::fifoOn() const { return !m_l.v1 && m_fifoDepth > 1 && bit(m_l.cr1, kFifoen); }

double Stm32Usart::bitCycles() const {
    const std::uint32_t brr = value(m_l.brr);
    const Hertz kernel = inputClock();
    if (!enabled() || brr == 0 || kernel == 0) {
        return 0;
    }
    static constexpr std::array kPrescalers = {1, 2, 4, 6, 8, 10, 12, 16, 32, 64, 128, 256, 256, 256, 256, 256};
    const int prescaler = m_l.presc == kNone ? 1 : kPrescalers[value(m_l.presc) & 0xF];
    double divider = brr; // OVER8 = 0: one bit is USARTDIV clocks
    if (m_lowPower) {
        divider = brr / 256.0;
    } else if (bit(m_l.cr1, kOver8)) {
        divider = ((brr >> 4) * 8) + (brr & 7U);
    }
    return divider * prescaler * static_cast<double>(services().coreClock()) / static_cast<double>(kernel);
}

double Stm32Usart::characterBits() const {
    static constexpr std::array kStop = {1.0, 0.5, 2.0, 1.5};
    const std::uint32_t cr1 = value(m_l.cr1);
    const int data = !m_l.v1 && ((cr1 >> 28) & 1U) != 0 ? 7 : ((cr1 >> 12) & 1U) != 0 ? 9 : 8;
    return 1 + data + kStop[field(m_l.cr2, 12, 2)];
}

std::uint32_t Stm32Usart::frameMask() const {
    const std::uint32_t cr1 = value(m_l.cr1);
    return !m_l.v1 && ((cr1 >> 28) & 1U) != 0 ? 0x7F : ((cr1 >> 12) & 1U) != 0 ? 0x1FF : 0xFF;
}

bool Stm32Usart::receiverOn() const { return enabled() && bit(m_l.cr1, kRe); }

std::uint32_t Stm32Usart::status() const {
    std::uint32_t result = m_flags;
    result |= m_rx.empty() ? 0 : kRxne;
    result |= m_tx.size() < depth() ? kTxe : 0;
    if (m_l.v1) {
        return result;
    }
    result |= enabled() && bit(m_l.cr1, kTe) ? kTeack : 0;
    result |= receiverOn() ? kReack : 0;
    result |= receiverOn() && !m_input.empty() ? kBusy : 0;
    if (fifoOn()) {
        static constexpr std::array<std::size_t, 8> kEighths = {1, 2, 4, 6,
                                                                7, 8, 8, 8}; // RXFTCFG, TXFTCFG in eighths of the depth
        const std::size_t rxThreshold = kEighths[field(m_l.cr3, 25, 3)] * m_fifoDepth / 8;
        const std::size_t txThreshold = kEighths[(value(m_l.cr3) >> 29) & 7U] * m_fifoDepth / 8;
        result |= m_tx.empty() ? kTxfe : 0;
        result |= m_rx.size() >= m_fifoDepth ? kRxff : 0;
        result |= m_rx.size() >= rxThreshold ? kRxft : 0;
        result |= m_fifoDepth - m_tx.size() >= txThreshold ? kTxft : 0;
    }
    return result;
}

std::uint32_t Stm32Usart::onRead(std::uint32_t offset) {
    if (offset == m_l.isr) {
        m_statusRead = true;
        return status();
    }
    if (offset == m_l.rdr) {
        return readData();
    }
    return value(offset);
}

std::uint32_t Stm32Usart::readData() {
    if (m_l.v1 && m_statusRead) {
        m_flags &= ~(kFe | kOre | kIdle | 1U | 4U); // RM0090 30.6.1: SR read followed by DR read
    }
    m_statusRead = false;
    if (!m_rx.empty()) {
        m_lastRead = m_rx.front();
        m_rx.pop_front();
    }
    update();
    return m_lastRead;
}

void Stm32Usart::onWrite(std::uint32_t offset, std::uint32_t value, std::uint32_t lanes) {
    if (offset == m_l.tdr) {
        writeData(value);
        return;
    }
    if (offset == m_l.isr) {
        if (m_l.v1) { // rc_w0 flags: RXNE, TC, LBD, CTS
            m_flags &= ~(lanes & ~value & kTc);
            if ((lanes & ~value & kRxne) != 0) {
                m_rx.clear();
            }
            update();
        }
        return;
    }
    if (offset == m_l.icr) {
        clearFlags(value);
        return;
    }
    if (offset == m_l.rqr) {
        request(value);
        return;
    }
    const bool wasOn = enabled();
    store(offset, value, lanes);
    if (offset == m_l.cr1 && wasOn && !enabled()) {
        m_flags = kTc;
        m_tx.clear();
        m_rx.clear();
        resetLine();
    }
    pump();
    listen();
    update();
}

void Stm32Usart::writeData(std::uint32_t value) {
    if (m_l.v1 ? m_statusRead : true) {
        m_flags &= ~kTc;
    }
    m_statusRead = false;
    if (m_tx.size() >= depth()) {
        m_tx.pop_back(); // the unsent character is overwritten
    }
    m_tx.push_back(value & frameMask());
    pump();
    update();
}

void Stm32Usart::pump() {
    if (!shifting() && !m_tx.empty() && enabled() && bit(m_l.cr1, kTe) && bitCycles() > 0) {
        const auto byte = static_cast<std::byte>(m_tx.front() & 0xFF);
        m_tx.pop_front();
        if (!m_l.v1) { // on v1 only SR read + DR write or a written 0 clear TC
            m_flags &= ~kTc;
        }
        shiftOut(byte);
    }
}

void Stm32Usart::characterSent() {
    pump();
    if (!shifting() && m_tx.empty()) {
        m_flags |= kTc;
    }
    update();
}

void Stm32Usart::characterArrived(std::byte byte) {
    if (m_rx.size() >= depth()) {
        if (!m_l.v1 && bit(m_l.cr3, kOvrdis)) {
            m_rx.back() = std::to_integer<std::uint32_t>(byte);
        } else {
            m_flags |= kOre; // the character is lost
        }
    } else {
        m_rx.push_back(std::to_integer<std::uint32_t>(byte));
    }
    if (!m_l.v1 && (value(m_l.cr2) >> 24) == std::to_integer<std::uint32_t>(byte)) {
        m_flags |= kCmf;
    }
    startTimeout();
    update();
}

void Stm32Usart::startTimeout() {
    if (m_l.v1 || !bit(m_l.cr2, 23)) {
        return;
    }
    services().cancel(m_timeout);
    const double cycles = (value(m_l.rtor) & 0xFFFFFF) * bitCycles();
    m_timeout = services().scheduleAt(services().now() + static_cast<Cycles>(std::llround(cycles)) + 1, [this] {
        m_timeout = EventId::None;
        m_flags |= kRtof;
        update();
    });
}

void Stm32Usart::lineIdle() {
    m_flags |= kIdle;
    update();
}

void Stm32Usart::clearFlags(std::uint32_t value) {
    // ICR has its bits where ISR has the flags, for all that can be cleared here.
    m_flags &= ~(value & (1U | kFe | 4U | kOre | kIdle | kTc | kRtof | kCmf));
    update();
}

void Stm32Usart::request(std::uint32_t value) {
    if ((value & (1U << 3)) != 0) { // RXFRQ
        m_rx.clear();
    }
    if ((value & (1U << 4)) != 0) { // TXFRQ
        m_tx.clear();
    }
    update();
}

void Stm32Usart::update() {
    const std::uint32_t now = status();
    const auto both = [&](std::uint32_t flag, unsigned enable) { return (now & flag) != 0 && bit(m_l.cr1, enable); };
    bool raised = both(kRxne | kOre, kRxneie) || both(kTc, kTcie) || both(kTxe, kTxeie) || both(kIdle, kIdleie) ||
                  both(1U, kPeie) || ((now & (kFe | 4U | kOre)) != 0 && bit(m_l.cr3, kEie));
    if (!m_l.v1) {
        raised = raised || both(kCmf, kCmie) || both(kRtof, kRtoie);
        if (fifoOn()) {
            raised = raised || both(kTxfe, kTxfeie) || both(kRxff, kRxffie) ||
                     ((now & kRxft) != 0 && bit(m_l.cr3, kRxftie)) || ((now & kTxft) != 0 && bit(m_l.cr3, kTxftie));
        }
    }
    m_irq.set(raised && enabled());
    m_dmaTx.set((now & kTxe) != 0 && bit(m_l.cr3, kDmat) && enabled());
    m_dmaRx.set((now & kRxne) != 0 && bit(m_l.cr3, kDmar) && enabled());
}

std::span<const PeripheralMaker> stm32UsartMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32_usart_v1", "USART (SR, DR): polling, interrupts, DMA, idle line", makeV1},
        {"stm32_usart_v2", "USART, LPUART (ISR, RDR, TDR): polling, interrupts, DMA, FIFO, idle line, time-out, match",
         makeV2},
    };
    return kMakers;
}

} // namespace simprof
