// SPDX-License-Identifier: GPL-2.0-or-later
// TWIM and SPIM, which share an address: nRF52840 product specification v1.7, 6.31 and 6.25. EasyDMA moves whole
// buffers; attached sensors answer. The masters without EasyDMA and the slaves at the same address are not modelled.
#include "peripherals/i2c/i2c_targets.h"
#include "peripherals/makers.h"
#include "peripherals/nrf/nrf_device.h"
#include "peripherals/pending_step.h"
#include "peripherals/spi/spi_targets.h"

#include <algorithm>
#include <array>
#include <utility>

namespace simprof {
namespace {

constexpr std::uint32_t kStartRx = 0x00, kStartTx = 0x08, kSpiStart = 0x10, kStop = 0x14, kSuspend = 0x1C,
                        kResume = 0x20;
constexpr std::uint32_t kStopped = 0x104, kEndRx = 0x110, kEnd = 0x118, kEndTx = 0x120, kError = 0x124,
                        kSuspended = 0x148, kStarted = 0x14C, kTxStarted = 0x150, kLastRx = 0x15C, kLastTx = 0x160;
constexpr std::uint32_t kErrorSrc = 0x4C4, kEnable = 0x500, kFrequency = 0x524, kRxPtr = 0x534, kRxMax = 0x538,
                        kRxAmount = 0x53C, kTxPtr = 0x544, kTxMax = 0x548, kTxAmount = 0x54C, kAddress = 0x588,
                        kOrc = 0x5C0;
constexpr std::uint32_t kSpim = 7, kTwim = 6;

class Nrf52SerialBus final : public NrfDevice {
public:
    Nrf52SerialBus(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : NrfDevice(desc, services,
                    {{kStartRx, "TASKS_STARTRX"},
                     {kStartTx, "TASKS_STARTTX"},
                     {kSpiStart, "TASKS_START"},
                     {kStop, "TASKS_STOP"},
                     {kSuspend, "TASKS_SUSPEND"},
                     {kResume, "TASKS_RESUME"}},
                    {{kStopped, "EVENTS_STOPPED"},
                     {kEndRx, "EVENTS_ENDRX"},
                     {kEnd, "EVENTS_END"},
                     {kEndTx, "EVENTS_ENDTX"},
                     {kError, "EVENTS_ERROR"},
                     {kSuspended, "EVENTS_SUSPENDED"},
                     {kStarted, "EVENTS_STARTED"},
                     {kTxStarted, "EVENTS_TXSTARTED"},
                     {kLastRx, "EVENTS_LASTRX"},
                     {kLastTx, "EVENTS_LASTTX"}},
                    {{kErrorSrc, "ERRORSRC"},
                     {kEnable, "ENABLE", 0, 15},
                     {0x508, "PSEL.SCL", 0xFFFFFFFF},
                     {0x50C, "PSEL.SDA", 0xFFFFFFFF},
                     {0x510, "PSEL.MISO", 0xFFFFFFFF},
                     {kFrequency, "FREQUENCY", 0x04000000},
                     {kRxPtr, "RXD.PTR"},
                     {kRxMax, "RXD.MAXCNT", 0, 0xFFFF},
                     {kRxAmount, "RXD.AMOUNT", 0, 0},
                     {0x540, "RXD.LIST", 0, 3},
                     {kTxPtr, "TXD.PTR"},
                     {kTxMax, "TXD.MAXCNT", 0, 0xFFFF},
                     {kTxAmount, "TXD.AMOUNT", 0, 0},
                     {0x550, "TXD.LIST", 0, 3},
                     {0x554, "CONFIG", 0, 7},
                     {kAddress, "ADDRESS", 0, 0x7F},
                     {kOrc, "ORC", 0, 0xFF}})
        , m_i2c(board, option("i2c"), services)
        , m_spi(board, option("spi"), services) {}

protected:
    void task(std::uint32_t offset) override {
        const bool isTwi = value(kEnable) == kTwim;
        if (isTwi && (offset == kStartTx || offset == kStartRx)) {
            begin(offset == kStartRx);
        } else if (value(kEnable) == kSpim && offset == kSpiStart) {
            beginSpi();
        } else if (offset == kStop && (isTwi || value(kEnable) == kSpim)) {
            m_i2c.stop();
            after(1, [this] { raise(kStopped); });
        } else if (offset == kSuspend && isTwi) {
            raise(kSuspended);
        }
    }
    void written(std::uint32_t offset, std::uint32_t before) override {
        if (offset == kErrorSrc) {
            setValue(kErrorSrc, before & ~value(kErrorSrc));
        } else if (offset == kEnable && value(kEnable) == 0) {
            stopped();
        }
    }
    void stopped() override {
        m_step.cancel();
        m_i2c.release();
        m_spi.connect(services());
    }

private:
    template<class Action>
    void after(unsigned bits, Action action) {
        const double hertz = std::max(value(kFrequency) * 16e6 / 4294967296.0, 1e3);
        m_step.after(bits * static_cast<double>(services().coreClock()) / hertz, std::move(action));
    }
    std::uint8_t fetch(std::uint32_t index) {
        std::array<std::byte, 1> one{};
        if (value(kTxPtr) < 0x20000000) { // EasyDMA reaches RAM only (4.3.1)
            if (index == 0) {
                services().reportEvent(name() + ": EasyDMA cannot read flash, what it sends is undefined");
            }
        } else {
            services().busRead(name(), value(kTxPtr) + index, one);
        }
        return std::to_integer<std::uint8_t>(one[0]);
    }
    void keep(std::uint32_t index, std::uint8_t byte) {
        const std::array<std::byte, 1> one = {static_cast<std::byte>(byte)};
        services().busWrite(name(), value(kRxPtr) + index, one);
    }

    // ---- TWIM
    void begin(bool read) {
        raise(read ? kStarted : kTxStarted);
        after(10, [this, read] { // start condition, address, direction, acknowledge
            if (!m_i2c.start(value(kAddress), read)) {
                setBits(kErrorSrc, 2); // ANACK
                raise(kError);
                return;
            }
            m_done = 0;
            setValue(read ? kRxAmount : kTxAmount, 0);
            step(read);
        });
    }
    void step(bool read) {
        const std::uint32_t count = value(read ? kRxMax : kTxMax);
        if (m_done == count) {
            finished(read);
            return;
        }
        after(9, [this, read, count] {
            if (read) {
                keep(m_done, m_i2c.read());
            } else if (!m_i2c.write(fetch(m_done))) {
                setBits(kErrorSrc, 4); // DNACK
                raise(kError);
                return;
            }
            setValue(read ? kRxAmount : kTxAmount, ++m_done);
            // LASTTX and LASTRX come with the beginning of the last byte; here with its end, a byte later.
            if (m_done == count) {
                finished(read);
            } else {
                step(read);
            }
        });
    }
    void finished(bool read) {
        raise(read ? kLastRx : kLastTx);
        if (!read && isShort(7)) {
            begin(true);
        } else if (read && isShort(10)) {
            begin(false);
        } else if (isShort(read ? 12 : 9)) {
            task(kStop);
        } else if (isShort(read ? 11 : 8)) {
            task(kSuspend);
        }
    }

    // ---- SPIM
    void beginSpi() {
        raise(kStarted);
        m_done = 0;
        stepSpi();
    }
    void stepSpi() {
        const std::uint32_t send = value(kTxMax);
        const std::uint32_t receive = value(kRxMax);
        if (m_done >= std::max(send, receive)) {
            setValue(kTxAmount, send);
            setValue(kRxAmount, receive);
            raise(kEndTx);
            raise(kEndRx);
            raise(kEnd);
            if (isShort(17)) {
                beginSpi();
            }
            return;
        }
        after(8, [this, send, receive] {
            const std::uint8_t in =
                m_spi.exchange(m_done < send ? fetch(m_done) : static_cast<std::uint8_t>(value(kOrc)));
            if (m_done < receive) {
                keep(m_done, in);
            }
            ++m_done;
            stepSpi();
        });
    }

    I2cTargets m_i2c;
    SpiTargets m_spi;
    std::uint32_t m_done = 0;
    PendingStep m_step{services()};
};

} // namespace

std::span<const PeripheralMaker> nrf52BusMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"nrf52_serial_bus", "TWIM and SPIM by EasyDMA with attached sensors, shorts, bus time",
         makeDevice<Nrf52SerialBus>},
    };
    return kMakers;
}

} // namespace simprof
