// SPDX-License-Identifier: GPL-2.0-or-later
// GPIO, GPIOTE and PPI: nRF51 series reference manual v3.0, 14, 15 and 16; nRF52840 product specification
// v1.7, 6.9, 6.10 and 6.16. The pre-programmed PPI channels (20 to 31) serve the radio and are not modelled.
#include "peripherals/gpio/gpio.h"
#include "peripherals/makers.h"
#include "peripherals/nrf/nrf_device.h"

#include <algorithm>
#include <array>

namespace simprof {
namespace {

/// Takes level changes and sense conditions of the ports (GPIOTE).
class PinEvents {
public:
    virtual ~PinEvents() = default;
    virtual void pinChanged(unsigned port, unsigned pin, bool level) = 0;
    virtual void senseMet() = 0;
};

/// A port whose pins the GPIOTE can drive.
class NrfPort {
public:
    virtual ~NrfPort() = default;
    /// The GPIOTE owns the pin from now on: OUT and DIR do not matter (nRF51 RM v3.0, 15.1; nRF52840 PS 6.10.1).
    virtual void driveFromTask(unsigned pin, bool level) = 0;
    virtual void release(unsigned pin) = 0;
    virtual bool level(unsigned pin) const = 0;
};

class NrfGpio final : public RegisterFile, public GpioPort, public NrfPort {
public:
    NrfGpio(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services, rows(first(desc)))
        , m_first(first(desc))
        , m_port(static_cast<unsigned>(std::stoul(option("port", "0")))) {}

    void drive(unsigned pin, bool level) override {
        m_driven |= 1U << pin;
        m_outside = level ? m_outside | 1U << pin : m_outside & ~(1U << pin);
        refresh();
    }
    bool output(unsigned pin) const override { return (outputs() >> pin & 1U) != 0; }
    void driveFromTask(unsigned pin, bool level) override {
        const std::uint32_t before = outputs();
        m_tasked |= 1U << pin;
        m_taskLevels = level ? m_taskLevels | 1U << pin : m_taskLevels & ~(1U << pin);
        outputsChanged(before ^ outputs(), outputs());
        refresh();
    }
    void release(unsigned pin) override {
        const std::uint32_t before = outputs();
        m_tasked &= ~(1U << pin);
        outputsChanged(before ^ outputs(), outputs());
        refresh();
    }
    bool level(unsigned pin) const override { return (pins() >> pin & 1U) != 0; }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        switch (offset - m_first) {
        case kOutSet:
        case kOutClr: return at(kOut);
        case kDirSet:
        case kDirClr: return at(kDir);
        case kIn: return pins() & connected();
        default: return value(offset);
        }
    }

    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        const std::uint32_t before = at(kDir);
        switch (offset - m_first) {
        case kOutSet: setOut(at(kOut) | written); return;
        case kOutClr: setOut(at(kOut) & ~written); return;
        case kOut: setOut((at(kOut) & ~lanes) | written); return;
        case kDirSet: setDir(before | written); break;
        case kDirClr: setDir(before & ~written); break;
        case kDir: setDir((before & ~lanes) | written); break;
        case kLatch: setValue(offset, value(offset) & ~written); break;
        default:
            store(offset, written, lanes);
            if (offset - m_first >= kPinCnf && models(offset)) {
                const std::uint32_t mask = 1U << ((offset - m_first - kPinCnf) / 4);
                setValue(m_first + kDir, (value(offset) & 1U) != 0 ? before | mask : before & ~mask);
            }
            break;
        }
        outputsChanged((before ^ at(kDir)) & ~m_tasked, outputs());
        refresh();
    }

    void onReset() override {
        m_tasked = m_taskLevels = 0;
        m_last = 0;
        m_sense = false;
    }

private:
    static constexpr std::uint32_t kOut = 0x04, kOutSet = 0x08, kOutClr = 0x0C, kIn = 0x10, kDir = 0x14, kDirSet = 0x18,
                                   kDirClr = 0x1C, kLatch = 0x20, kPinCnf = 0x200;

    static std::uint32_t first(const PeripheralDesc& desc) {
        const auto found = desc.options.find("first");
        return found == desc.options.end() ? 0 : static_cast<std::uint32_t>(std::stoul(found->second, nullptr, 0));
    }
    static std::vector<RegisterRow> rows(std::uint32_t f) {
        return joined({{{f + kOut, "OUT"},
                        {f + kOutSet, "OUTSET"},
                        {f + kOutClr, "OUTCLR"},
                        {f + kIn, "IN", 0, 0},
                        {f + kDir, "DIR"},
                        {f + kDirSet, "DIRSET"},
                        {f + kDirClr, "DIRCLR"},
                        {f + kLatch, "LATCH"},
                        {f + 0x24, "DETECTMODE", 0, 1}},
                       channelRows(f + kPinCnf, 4, 32, "PIN_CNF", 2, 0x3070F)});
    }

    std::uint32_t at(std::uint32_t offset) const { return value(m_first + offset); }
    std::uint32_t cnf(unsigned pin) const { return at(kPinCnf + 4 * pin); }

    void setDir(std::uint32_t dir) {
        setValue(m_first + kDir, dir);
        for (unsigned pin = 0; pin < 32; ++pin) {
            setValue(m_first + kPinCnf + 4 * pin, (cnf(pin) & ~1U) | ((dir >> pin) & 1U));
        }
    }
    void setOut(std::uint32_t out) {
        const std::uint32_t changed = (out ^ at(kOut)) & at(kDir) & ~m_tasked;
        setValue(m_first + kOut, out);
        outputsChanged(changed, outputs());
        refresh();
    }
    /// What software and the GPIOTE drive.
    std::uint32_t outputs() const { return (at(kOut) & at(kDir) & ~m_tasked) | (m_taskLevels & m_tasked); }
    /// Levels of all pins: outputs, what is driven from outside, pull resistors; a floating pin reads 0.
    std::uint32_t pins() const {
        std::uint32_t result = 0;
        const std::uint32_t dir = at(kDir), out = at(kOut);
        for (unsigned pin = 0; pin < 32; ++pin) {
            const std::uint32_t mask = 1U << pin;
            const std::uint32_t drive = cnf(pin) >> 8 & 7U;
            const bool openHigh = drive >= 6 && (out & mask) != 0; // standard or high drive 0, disconnected 1
            const bool isOutput = (dir & mask) != 0 && !openHigh;
            const bool isHigh = isOutput                 ? (out & mask) != 0
                                : (m_driven & mask) != 0 ? (m_outside & mask) != 0
                                                         : (cnf(pin) >> 2 & 3U) == 3;
            result |= isHigh ? mask : 0;
        }
        return (result & ~m_tasked) | (m_taskLevels & m_tasked);
    }
    std::uint32_t connected() const {
        std::uint32_t result = 0;
        for (unsigned pin = 0; pin < 32; ++pin) {
            result |= (cnf(pin) & 2U) == 0 ? 1U << pin : 0;
        }
        return result;
    }
    void refresh() {
        auto* events = dynamic_cast<PinEvents*>(services().peripheral("GPIOTE"));
        const std::uint32_t now = pins();
        const std::uint32_t changed = now ^ m_last;
        m_last = now;
        bool sense = false;
        for (unsigned pin = 0; pin < 32; ++pin) {
            const bool isHigh = (now >> pin & 1U) != 0;
            if (events && (changed >> pin & 1U) != 0) {
                events->pinChanged(m_port, pin, isHigh);
            }
            const std::uint32_t wanted = cnf(pin) >> 16 & 3U;
            const bool isMet = (cnf(pin) & 2U) == 0 && ((wanted == 2 && isHigh) || (wanted == 3 && !isHigh));
            sense = sense || isMet;
            if (isMet) {
                setBits(m_first + kLatch, 1U << pin);
            }
        }
        if (events && sense && !m_sense) {
            events->senseMet();
        }
        m_sense = sense;
    }

    std::uint32_t m_first;
    unsigned m_port;
    std::uint32_t m_driven = 0, m_outside = 0, m_last = 0;
    std::uint32_t m_tasked = 0, m_taskLevels = 0; ///< pins that the GPIOTE owns
    bool m_sense = false;
};

class NrfGpiote final : public NrfDevice, public PinEvents {
public:
    NrfGpiote(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : NrfDevice(desc, services,
                    joined({channelRows(0x00, 4, channels(desc), "TASKS_OUT"),
                            channelRows(0x30, 4, channels(desc), "TASKS_SET"),
                            channelRows(0x60, 4, channels(desc), "TASKS_CLR")}),
                    joined({channelRows(0x100, 4, channels(desc), "EVENTS_IN"), {{0x17C, "EVENTS_PORT"}}}),
                    channelRows(kConfig, 4, channels(desc), "CONFIG", 0, 0x133F03))
        , m_channels(channels(desc)) {}

    void pinChanged(unsigned port, unsigned pin, bool level) override {
        for (unsigned channel = 0; channel < m_channels; ++channel) {
            const std::uint32_t polarity = field(kConfig + 4 * channel, 16, 2);
            if (mode(channel) == 1 && portNumber(channel) == port && pinOf(channel) == pin &&
                (polarity == 3 || (polarity == 1 && level) || (polarity == 2 && !level))) {
                raise(0x100 + 4 * channel);
            }
        }
    }
    void senseMet() override { raise(0x17C); }

protected:
    void task(std::uint32_t offset) override {
        const unsigned channel = (offset % 0x30) / 4;
        NrfPort* port = portFor(channel);
        if (!port || mode(channel) != 3) {
            return;
        }
        const std::uint32_t polarity = field(kConfig + 4 * channel, 16, 2);
        const bool toggled = !port->level(pinOf(channel));
        const bool level = offset >= 0x60   ? false
                           : offset >= 0x30 ? true
                           : polarity == 1  ? true
                           : polarity == 2  ? false
                                            : toggled;
        if (offset >= 0x30 || polarity != 0) {
            port->driveFromTask(pinOf(channel), level);
        }
    }
    void written(std::uint32_t offset, std::uint32_t before) override {
        if (offset >= kConfig && (before & 3U) == 3 && ((before ^ value(offset)) & 0x3F03U) != 0) {
            if (NrfPort* port = portOf(before >> 13 & 1U)) {
                port->release(before >> 8 & 31U);
            }
        }
        if (offset >= kConfig && mode((offset - kConfig) / 4) == 3) {
            const unsigned channel = (offset - kConfig) / 4;
            if (NrfPort* port = portFor(channel)) {
                port->driveFromTask(pinOf(channel), bit(offset, 20));
            }
        }
    }

private:
    static constexpr std::uint32_t kConfig = 0x510;
    static unsigned channels(const PeripheralDesc& desc) {
        return static_cast<unsigned>(std::stoul(desc.options.at("channels")));
    }
    std::uint32_t mode(unsigned channel) const { return field(kConfig + 4 * channel, 0, 2); }
    unsigned pinOf(unsigned channel) const { return field(kConfig + 4 * channel, 8, 5); }
    unsigned portNumber(unsigned channel) const { return field(kConfig + 4 * channel, 13, 1); }
    NrfPort* portOf(unsigned number) const {
        Peripheral* single = services().peripheral("GPIO");
        return dynamic_cast<NrfPort*>(single ? single : services().peripheral(number == 0 ? "P0" : "P1"));
    }
    NrfPort* portFor(unsigned channel) const { return portOf(portNumber(channel)); }

    unsigned m_channels;
};

class NrfPpi final : public RegisterFile, public EventRouter {
public:
    NrfPpi(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : RegisterFile(desc, services, rows(channels(desc), board.mcu->family != McuFamily::Nrf51))
        , m_channels(channels(desc))
        , m_forks(board.mcu->family != McuFamily::Nrf51) {}

    void eventFired(Address event) override {
        const std::uint32_t enabled = value(kChen);
        for (unsigned channel = 0; channel < m_channels; ++channel) {
            if ((enabled >> channel & 1U) != 0 && value(kEep + 8 * channel) == event) {
                start(value(kTep + 8 * channel));
                if (m_forks) {
                    start(value(kFork + 4 * channel));
                }
            }
        }
    }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        return offset == kChenset || offset == kChenclr ? value(kChen) : value(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset < 0x30 && models(offset)) {
            const std::uint32_t group = value(kGroup + 4 * (offset / 8));
            if ((written & 1U) != 0) {
                setValue(kChen, (offset & 4U) == 0 ? value(kChen) | group : value(kChen) & ~group);
            }
        } else if (offset == kChenset) {
            setBits(kChen, written);
        } else if (offset == kChenclr) {
            clearBits(kChen, written);
        } else {
            store(offset, written, lanes);
        }
    }

private:
    static constexpr std::uint32_t kChen = 0x500, kChenset = 0x504, kChenclr = 0x508, kEep = 0x510, kTep = 0x514,
                                   kGroup = 0x800, kFork = 0x910;
    static unsigned channels(const PeripheralDesc& desc) {
        return static_cast<unsigned>(std::stoul(desc.options.at("channels")));
    }
    static std::vector<RegisterRow> rows(unsigned channels, bool forks) {
        return joined({channelRows(0x00, 4, forks ? 12 : 8, "TASKS_CHG"),
                       {{kChen, "CHEN"}, {kChenset, "CHENSET"}, {kChenclr, "CHENCLR"}},
                       channelRows(kEep, 8, channels, "CH.EEP"),
                       channelRows(kTep, 8, channels, "CH.TEP"),
                       channelRows(kGroup, 4, forks ? 6 : 4, "CHG"),
                       channelRows(kFork, 4, forks ? 20 : 0, "FORK.TEP")});
    }
    void start(Address task) {
        if (task != 0) {
            static constexpr std::array<std::byte, 4> kOne = {std::byte{1}};
            services().busWrite(name(), task, kOne);
        }
    }

    unsigned m_channels;
    bool m_forks;
};

} // namespace

std::span<const PeripheralMaker> nrfGpioMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"nrf_gpio", "port with pull resistors, open drain, sense", makeDevice<NrfGpio>},
        {"nrf_gpiote", "pin events and tasks, port event", makeDevice<NrfGpiote>},
        {"nrf_ppi", "channels, groups and forks; fixed channels not modelled", makeDevice<NrfPpi>},
    };
    return kMakers;
}

} // namespace simprof
