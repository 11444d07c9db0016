// SPDX-License-Identifier: GPL-2.0-or-later
// SPI and TWI masters of the nRF51, which share an address: nRF51 series reference manual v3.0, 25 and 28.
#include "peripherals/i2c/i2c_targets.h"
#include "peripherals/makers.h"
#include "peripherals/nrf/nrf_device.h"
#include "peripherals/pending_step.h"

#include <algorithm>
#include <utility>

namespace simprof {
namespace {

constexpr std::uint32_t kStartRx = 0x00, kStartTx = 0x08, kStop = 0x14, kSuspend = 0x1C, kResume = 0x20;
constexpr std::uint32_t kStopped = 0x104, kRxdReady = 0x108, kTxdSent = 0x11C, kError = 0x124, kByteBoundary = 0x138,
                        kSuspended = 0x148;
constexpr std::uint32_t kErrorSrc = 0x4C4, kEnable = 0x500, kRxd = 0x518, kTxd = 0x51C, kFrequency = 0x524,
                        kAddress = 0x588;

class Nrf51SerialBus final : public NrfDevice {
public:
    Nrf51SerialBus(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : NrfDevice(desc, services,
                    {{kStartRx, "TASKS_STARTRX"},
                     {kStartTx, "TASKS_STARTTX"},
                     {kStop, "TASKS_STOP"},
                     {kSuspend, "TASKS_SUSPEND"},
                     {kResume, "TASKS_RESUME"}},
                    {{kStopped, "EVENTS_STOPPED"},
                     {kRxdReady, "EVENTS_RXDREADY"},
                     {kTxdSent, "EVENTS_TXDSENT"},
                     {kError, "EVENTS_ERROR"},
                     {kByteBoundary, "EVENTS_BB"},
                     {kSuspended, "EVENTS_SUSPENDED"}},
                    {{kErrorSrc, "ERRORSRC"},
                     {kEnable, "ENABLE", 0, 7},
                     {0x508, "PSELSCL", 0xFFFFFFFF},
                     {0x50C, "PSELSDA", 0xFFFFFFFF},
                     {0x510, "PSELMISO", 0xFFFFFFFF},
                     {kRxd, "RXD", 0, 0},
                     {kTxd, "TXD", 0, 0xFF},
                     {kFrequency, "FREQUENCY", 0x04000000},
                     {0x554, "CONFIG", 0, 7},
                     {kAddress, "ADDRESS", 0, 0x7F}})
        , m_targets(board, option("i2c"), services) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset == kRxd && m_unread) {
            m_unread = false;
            const std::uint32_t byte = value(kRxd);
            if (m_mode == Mode::Receive && !m_held && !busy()) {
                receiveNext();
            }
            return byte;
        }
        return NrfDevice::onRead(offset);
    }

    void task(std::uint32_t offset) override {
        switch (offset) {
        case kStartTx: begin(Mode::Transmit); break;
        case kStartRx: begin(Mode::Receive); break;
        case kStop: finish(); break;
        case kSuspend: m_held = true, raise(kSuspended); break;
        default:
            m_held = false;
            if (m_mode == Mode::Receive && !busy() && m_targets.addressed()) {
                receiveNext();
            }
            break;
        }
    }

    void written(std::uint32_t offset, std::uint32_t before) override {
        if (offset == kTxd && value(kEnable) == 1) {
            after(8, [this] { // SPI: nothing is connected to MISO
                setValue(kRxd, 0xFF);
                raise(kRxdReady);
            });
        } else if (offset == kTxd && m_mode == Mode::Transmit) {
            m_hasByte = true;
            if (!busy()) {
                transmit();
            }
        } else if (offset == kErrorSrc) {
            setValue(kErrorSrc, before & ~value(kErrorSrc));
        } else if (offset == kEnable && value(kEnable) == 0) {
            stopped();
        }
    }

    void stopped() override {
        m_step.cancel();
        m_mode = Mode::Idle;
        m_targets.release();
        m_held = m_hasByte = m_unread = m_addressing = m_stopWanted = false;
    }

private:
    enum class Mode : std::uint8_t { Idle, Transmit, Receive };

    bool busy() const { return m_step.pending(); }

    template<class Action>
    void after(unsigned bits, Action action) {
        const double hertz = std::max(value(kFrequency) * 16e6 / 4294967296.0, 1e3);
        m_step.after(bits * static_cast<double>(services().coreClock()) / hertz, std::move(action));
    }

    void begin(Mode mode) {
        if (value(kEnable) != 5) {
            return;
        }
        m_mode = mode;
        m_held = m_hasByte = m_stopWanted = false;
        m_addressing = true;
        after(10, [this] { // start condition, address, direction, acknowledge
            m_addressing = false;
            if (!m_targets.start(value(kAddress), m_mode == Mode::Receive)) {
                setBits(kErrorSrc, 2); // ANACK
                raise(kError);
            }
            if (m_stopWanted) {
                finish();
            } else if (!m_targets.addressed()) {
                return;
            } else if (m_mode == Mode::Receive) {
                receiveNext();
            } else if (m_hasByte) {
                transmit();
            }
        });
    }
    void transmit() {
        if (!m_targets.addressed()) {
            return;
        }
        m_hasByte = false;
        after(9, [this] {
            m_targets.write(static_cast<std::uint8_t>(value(kTxd)));
            raise(kByteBoundary);
            raise(kTxdSent);
            if (isShort(1)) {
                finish();
            }
        });
    }
    void receiveNext() {
        after(9, [this] {
            setValue(kRxd, m_targets.read());
            m_unread = true;
            if (isShort(0)) {
                m_held = true;
            }
            raise(kByteBoundary);
            raise(kRxdReady);
            if (isShort(1)) {
                finish();
            } else if (m_held) {
                raise(kSuspended);
            }
        });
    }
    void finish() {
        if (m_addressing) { // the address is on the line: it is finished first
            m_stopWanted = true;
            return;
        }
        m_mode = Mode::Idle;
        m_targets.stop();
        after(1, [this] { raise(kStopped); });
    }

    I2cTargets m_targets;
    Mode m_mode = Mode::Idle;
    bool m_held = false, m_hasByte = false, m_unread = false, m_addressing = false, m_stopWanted = false;
    PendingStep m_step{services()};
};

} // namespace

std::span<const PeripheralMaker> nrfBusMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"nrf51_serial_bus", "TWI master with attached sensors, SPI master without a device",
         makeDevice<Nrf51SerialBus>},
    };
    return kMakers;
}

} // namespace simprof
