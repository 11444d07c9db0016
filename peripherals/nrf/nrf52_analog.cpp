// SPDX-License-Identifier: GPL-2.0-or-later
// SAADC and PDM of the nRF52: nRF52840 product specification v1.7, 6.23 and 6.18. Results go to RAM by EasyDMA.
// Oversampling takes its time but averages equal values; limits, differential inputs and calibration results are not
// modelled.
#include "peripherals/makers.h"
#include "peripherals/nrf/nrf_device.h"
#include "peripherals/pending_step.h"
#include "peripherals/sensors/sensor.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace simprof {
namespace {

void writeHalfword(MachineServices& services, const std::string& master, Address address, std::int32_t value) {
    const std::array<std::byte, 2> bytes = {static_cast<std::byte>(value & 0xFF),
                                            static_cast<std::byte>(value >> 8 & 0xFF)};
    services.busWrite(master, address, bytes);
}

// ---- SAADC ----------------------------------------------------------------------------------------------------------

constexpr std::uint32_t kStart = 0x00, kSample = 0x04, kStop = 0x08, kCalibrate = 0x0C;
constexpr std::uint32_t kStarted = 0x100, kEnd = 0x104, kDone = 0x108, kResultDone = 0x10C, kCalibrateDone = 0x110,
                        kStopped = 0x114;
constexpr std::uint32_t kStatus = 0x400, kEnable = 0x500, kPselp = 0x510, kConfig = 0x518, kResolution = 0x5F0,
                        kOversample = 0x5F4, kSampleRate = 0x5F8, kPtr = 0x62C, kMaxCnt = 0x630, kAmount = 0x634;
constexpr double kVdd = 3.3;
constexpr std::uint64_t kConversionNanoseconds = 2000; ///< below 2 us (6.23.10)

std::vector<RegisterRow> saadcRows() {
    std::vector<RegisterRow> rows = {{kStatus, "STATUS", 0, 0},
                                     {kEnable, "ENABLE", 0, 1},
                                     {kResolution, "RESOLUTION", 1, 3},
                                     {kOversample, "OVERSAMPLE", 0, 15},
                                     {kSampleRate, "SAMPLERATE", 0, 0x17FF},
                                     {kPtr, "RESULT.PTR"},
                                     {kMaxCnt, "RESULT.MAXCNT", 0, 0x7FFF},
                                     {kAmount, "RESULT.AMOUNT", 0, 0}};
    for (std::uint32_t channel = 0; channel < 8; ++channel) {
        rows.insert(rows.end(), {{kPselp + 16 * channel, "CH[n].PSELP", 0, 0x1F},
                                 {kPselp + 4 + 16 * channel, "CH[n].PSELN", 0, 0x1F},
                                 {kConfig + 16 * channel, "CH[n].CONFIG", 0x20000},
                                 {kConfig + 4 + 16 * channel, "CH[n].LIMIT", 0x7FFF8000}});
    }
    return rows;
}

class Nrf52Saadc final : public NrfDevice {
public:
    Nrf52Saadc(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : NrfDevice(desc, services,
                    {{kStart, "TASKS_START"},
                     {kSample, "TASKS_SAMPLE"},
                     {kStop, "TASKS_STOP"},
                     {kCalibrate, "TASKS_CALIBRATEOFFSET"}},
                    joined({{{kStarted, "EVENTS_STARTED"},
                             {kEnd, "EVENTS_END"},
                             {kDone, "EVENTS_DONE"},
                             {kResultDone, "EVENTS_RESULTDONE"},
                             {kCalibrateDone, "EVENTS_CALIBRATEDONE"},
                             {kStopped, "EVENTS_STOPPED"}},
                            channelRows(0x118, 4, 16, "EVENTS_CH[n].LIMIT")}),
                    saadcRows())
        , m_sources(analogSources(board, desc.name, services)) {}

protected:
    void task(std::uint32_t offset) override {
        if (!bit(kEnable, 0)) {
            return;
        }
        switch (offset) {
        case kStart:
            m_target = value(kPtr);
            m_most = value(kMaxCnt);
            m_ready = true;
            setValue(kAmount, 0);
            raise(kStarted);
            break;
        case kSample:
            if (m_ready && !m_step.pending()) {
                convert();
            }
            break;
        case kStop:
            stopped();
            raise(kStopped);
            break;
        default: raise(kCalibrateDone); break;
        }
    }
    void stopped() override {
        m_step.cancel();
        m_ready = false;
        setValue(kStatus, 0);
    }

private:
    std::uint64_t nanoseconds() const {
        static constexpr std::array<std::uint64_t, 8> kAcquisition = {3000,   5000,   10'000, 15'000,
                                                                      20'000, 40'000, 40'000, 40'000};
        std::uint64_t sum = 0;
        for (unsigned channel = 0; channel < 8; ++channel) {
            if (value(kPselp + 16 * channel) != 0) {
                sum += (kAcquisition[field(kConfig + 16 * channel, 16, 3)] + kConversionNanoseconds)
                       << value(kOversample);
            }
        }
        if (bit(kSampleRate, 12)) { // its own timer: 16 MHz / CC
            sum = std::max<std::uint64_t>(sum, field(kSampleRate, 0, 11) * 62'500ULL / 1000);
        }
        return std::max<std::uint64_t>(sum, 1);
    }
    void convert() {
        setValue(kStatus, 1);
        m_step.afterNanoseconds(nanoseconds(), [this] {
            setValue(kStatus, 0);
            converted();
        });
    }
    void converted() {
        for (unsigned channel = 0; channel < 8 && m_ready; ++channel) {
            const std::uint32_t input = value(kPselp + 16 * channel);
            if (input == 0) {
                continue;
            }
            writeHalfword(services(), name(), m_target + 2 * value(kAmount), result(channel, input));
            raise(kDone);
            raise(kResultDone);
            setValue(kAmount, value(kAmount) + 1);
            if (value(kAmount) >= m_most) {
                m_ready = false; // until the next START
                raise(kEnd);
            }
        }
        if (m_ready && bit(kSampleRate, 12)) {
            convert();
        }
    }
    std::int32_t result(unsigned channel, std::uint32_t input) {
        static constexpr std::array<double, 8> kGain = {1.0 / 6, 1.0 / 5, 1.0 / 4, 1.0 / 3, 1.0 / 2, 1, 2, 4};
        const std::uint32_t config = kConfig + 16 * channel;
        const double full = (bit(config, 12) ? kVdd / 4 : 0.6) / kGain[field(config, 8, 3)];
        const auto source = m_sources.find(input - 1); // PSELP 1 is AIN0
        const double share = source != m_sources.end() ? source->second->sample(full)
                             : input == 9              ? std::min(kVdd / full, 1.0)
                                                       : 0;
        const double counts = static_cast<double>(1U << (8 + 2 * field(kResolution, 0, 2)));
        return static_cast<std::int32_t>(std::min(std::floor(share * counts), counts - 1));
    }

    std::map<unsigned, std::unique_ptr<AnalogSource>> m_sources;
    Address m_target = 0;
    std::uint32_t m_most = 0;
    bool m_ready = false;
    PendingStep m_step{services()};
};

// ---- PDM ------------------------------------------------------------------------------------------------------------

constexpr std::uint32_t kPdmStart = 0x00, kPdmStop = 0x04, kPdmStarted = 0x100, kPdmStopped = 0x104, kPdmEnd = 0x108,
                        kPdmEnable = 0x500, kClockControl = 0x504, kMode = 0x508, kGainL = 0x518, kGainR = 0x51C,
                        kRatio = 0x520, kSamplePtr = 0x560, kSampleMax = 0x564;

class Nrf52Pdm final : public NrfDevice {
public:
    Nrf52Pdm(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : NrfDevice(desc, services, {{kPdmStart, "TASKS_START"}, {kPdmStop, "TASKS_STOP"}},
                    {{kPdmStarted, "EVENTS_STARTED"}, {kPdmStopped, "EVENTS_STOPPED"}, {kPdmEnd, "EVENTS_END"}},
                    {{kPdmEnable, "ENABLE", 0, 1},
                     {kClockControl, "PDMCLKCTRL", 0x08400000},
                     {kMode, "MODE", 0, 3},
                     {kGainL, "GAINL", 0x28, 0x7F},
                     {kGainR, "GAINR", 0x28, 0x7F},
                     {kRatio, "RATIO", 0, 1},
                     {0x540, "PSEL.CLK", 0xFFFFFFFF},
                     {0x544, "PSEL.DIN", 0xFFFFFFFF},
                     {kSamplePtr, "SAMPLE.PTR"},
                     {kSampleMax, "SAMPLE.MAXCNT", 0, 0x7FFF}})
        , m_sound(soundSource(board, desc.name)) {}

protected:
    void task(std::uint32_t offset) override {
        if (!bit(kPdmEnable, 0)) {
            return;
        }
        if (offset == kPdmStart && !m_step.pending()) {
            m_sample = 0;
            m_startSeconds = static_cast<double>(services().nowNanoseconds()) * 1e-9;
            nextBuffer();
        } else if (offset == kPdmStop) {
            stopped();
            raise(kPdmStopped);
        }
    }
    void stopped() override { m_step.cancel(); }

private:
    /// PDMCLKCTRL is in units of 32 MHz / 2^32; a sample takes 64 or 80 of its clocks.
    double sampleRate() const { return value(kClockControl) * 32e6 / 4294967296.0 / (bit(kRatio, 0) ? 80 : 64); }
    unsigned channels() const { return bit(kMode, 0) ? 1 : 2; }

    void nextBuffer() {
        const Address target = value(kSamplePtr);
        const std::uint32_t count = value(kSampleMax);
        if (count == 0 || sampleRate() < 1) {
            return;
        }
        raise(kPdmStarted); // pointer and length are taken over, the next may be written
        const double seconds = static_cast<double>(std::max(count / channels(), 1U)) / sampleRate();
        m_step.afterNanoseconds(static_cast<std::uint64_t>(std::llround(seconds * 1e9)), [this, target, count] {
            fill(target, count);
            nextBuffer();
            raise(kPdmEnd);
        });
    }
    void fill(Address target, std::uint32_t count) {
        const double rate = sampleRate();
        for (std::uint32_t index = 0; index < count; ++index) {
            const unsigned channel = index % channels();
            const double when = m_startSeconds + static_cast<double>(m_sample) / rate;
            const double gain = std::pow(10.0, (static_cast<double>(value(channel == 0 ? kGainL : kGainR)) - 0x28) /
                                                   40); // half decibels
            const double level = m_sound ? m_sound->level(channel, when, m_sample) * gain : 0;
            writeHalfword(services(), name(), target + 2 * index,
                          static_cast<std::int32_t>(std::lround(std::clamp(level, -1.0, 1.0) * 32767)));
            m_sample += channel + 1 == channels() ? 1 : 0;
        }
    }

    std::unique_ptr<SoundSource> m_sound;
    std::uint64_t m_sample = 0; ///< frames since START
    double m_startSeconds = 0;
    PendingStep m_step{services()};
};

} // namespace

std::span<const PeripheralMaker> nrf52AnalogMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"nrf52_saadc", "conversions with their time into RAM, own sample timer; attached sources",
         makeDevice<Nrf52Saadc>},
        {"nrf52_pdm", "microphone samples at the programmed rate into RAM; an attached microphone hears a file",
         makeDevice<Nrf52Pdm>},
    };
    return kMakers;
}

} // namespace simprof
