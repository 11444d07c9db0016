// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/energy/answer.h"

#include "profiler/energy/energy.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace simprof {

namespace {

/// A power or energy and the state it is drawn in: the band is the state's.
Banded scaled(const StateUse& use, double value) {
    if (!use.microamp) {
        return {0, 0, std::nullopt};
    }
    if (!(*use.microamp > 0)) {
        return {value, value, value};
    }
    const double per = value / *use.microamp;
    return {value, per * use.lowMicroamp, use.highMicroamp ? std::optional(per * *use.highMicroamp) : std::nullopt};
}

Banded powerOf(const StateUse& use, double volts) {
    if (use.microamp) {
        return scaled(use, *use.microamp * volts);
    }
    return {0, use.lowMicroamp * volts, use.highMicroamp ? std::optional(*use.highMicroamp * volts) : std::nullopt};
}

class Answering {
public:
    Answering(const Profile& profile, const EnergyQuestion& question)
        : m_profile(profile)
        , m_question(question) {}

    EnergyAnswer answer() {
        needFigures();
        m_out.waiting = waitingState(m_profile, m_question.between);
        m_waiting = powerOf(m_out.waiting.state, m_out.volts);
        m_out.peakMicroamp = peak();
        if (!m_out.waiting.state.microamp) {
            say(fmt::format("{}: averages are at least these, and at most as if it drew as much as running",
                            m_out.waiting.state.source));
        }
        average();
        battery();
        harvest();
        storage();
        return std::move(m_out);
    }

private:
    void say(std::string sentence) { m_out.sentences.push_back(std::move(sentence)); }

    void needFigures() {
        m_out.inference = inferenceMean(m_profile);
        m_out.running = runningState(m_profile);
        if (!m_profile.board.supplyFigures || !m_out.running.microamp) {
            throw Error(fmt::format("no running current of {} is known{}: give one with --calibrate",
                                    m_profile.board.name,
                                    m_out.running.source.empty() ? "" : " (" + m_out.running.source + ")"));
        }
        const bool asks = m_question.periodSeconds || m_question.battery || m_question.harvest || m_question.storage;
        if (m_out.inference.timeUs <= 0 && asks) {
            throw Error("the run has no inference: nothing can be said of one in a period");
        }
        m_out.volts = m_profile.board.supplyFigures->volts;
        const ProfileTotals& totals = m_profile.totals;
        if (totals.timeUs > 0) {
            const double per = 1e6 / (m_out.volts * totals.timeUs);
            m_out.runMicroamp = {totals.energyUj * per, totals.energyLowUj.value_or(totals.energyUj) * per,
                                 totals.energyHighUj ? std::optional(*totals.energyHighUj * per) : std::nullopt};
        }
        m_seconds = m_out.inference.timeUs * 1e-6;
        m_out.inferenceUj = scaled(m_out.running, m_out.inference.energyUj);
    }

    Banded peak() const {
        Banded most;
        for (const StateUse& use : m_profile.powerStates) {
            if (use.cycles != 0 && use.microamp && *use.microamp > most.value) {
                most = {*use.microamp, use.lowMicroamp, use.highMicroamp};
            }
        }
        return most;
    }

    /// `of` is a figure that falls as the power rises, or rises with it; each end takes the worst of both.
    Banded banded(bool falls, const std::function<double(double inferenceUj, double waiting)>& of) const {
        const Banded& energy = m_out.inferenceUj;
        const bool isBounded = energy.high && m_waiting.high;
        const double least = of(energy.low, m_waiting.low);
        const std::optional<double> most = isBounded ? std::optional(of(*energy.high, *m_waiting.high)) : std::nullopt;
        const double value = of(energy.value, m_waiting.value);
        return falls ? Banded{value, most.value_or(0), least} : Banded{value, least, most};
    }

    void average() {
        if (!m_question.periodSeconds) {
            return;
        }
        const double period = *m_question.periodSeconds;
        if (period < m_seconds) {
            throw Error(fmt::format("--period: an inference takes {}, longer than the period of {}",
                                    humanTime(m_out.inference.timeUs), humanTime(period * 1e6)));
        }
        m_out.dutyPercent = 100 * m_seconds / period;
        m_out.averageMicrowatts = banded(false, [&](double inferenceUj, double waiting) {
            return averageMicrowatts(inferenceUj, m_seconds, waiting, period) + m_question.otherMicrowatts;
        });
    }

    void battery() {
        if (!m_question.battery) {
            return;
        }
        const Battery& cell = *m_question.battery;
        if (!m_out.averageMicrowatts) {
            throw Error("--battery needs --period: how often an inference comes");
        }
        const double dropped =
            cell.volts - m_out.peakMicroamp.high.value_or(m_out.peakMicroamp.value) * 1e-6 * cell.ohms;
        if (cell.cutOffVolts > 0 && dropped < cell.cutOffVolts) {
            say(fmt::format(
                "the peak current of up to {} mA drops the cell's {:g} V to {} V, below the cut-off of {:g} "
                "V: it does not run from this cell",
                threeDigits(m_out.peakMicroamp.high.value_or(m_out.peakMicroamp.value) / 1000), cell.volts,
                fixed(std::max(0.0, dropped), 2), cell.cutOffVolts));
            m_out.batteryDays = Banded{0, 0, 0};
            return;
        }
        if (std::abs(cell.volts / m_out.volts - 1) > 0.02) {
            say(fmt::format("the currents are those at {:g} V; a linear regulator draws the same at the cell's {:g} V, "
                            "so that it lasts {} % {} than the energy says",
                            m_out.volts, cell.volts, fixed(100 * std::abs(1 - m_out.volts / cell.volts), 0),
                            cell.volts > m_out.volts ? "less long" : "longer"));
        }
        m_out.batteryDays = banded(true, [&](double inferenceUj, double waiting) {
            return batteryDays(cell, averageMicrowatts(inferenceUj, m_seconds, waiting, *m_question.periodSeconds) +
                                         m_question.otherMicrowatts);
        });
        say(fmt::format("the battery loses {:g} % of its capacity a year by itself, {:g} % of it can be used",
                        cell.selfDischargePercentPerYear, cell.usablePercent));
    }

    double leakageMicrowatts() const {
        if (!m_question.storage) {
            return 0;
        }
        const Storage& store = *m_question.storage;
        return store.leakageMicroamp * (store.lowVolts + store.highVolts) / 2;
    }

    double deliveredMicrowatts() const {
        const Harvest& source = *m_question.harvest;
        return source.microwatts < source.startUpMicrowatts ? 0 : source.microwatts * source.efficiencyPercent / 100;
    }

    void harvest() {
        if (!m_question.harvest) {
            return;
        }
        const Harvest& source = *m_question.harvest;
        const double delivered = deliveredMicrowatts();
        const double running = powerOf(m_out.running, m_out.volts).value;
        m_out.affordablePerHour = banded(true, [&](double inferenceUj, double waiting) {
            return affordablePerHour(delivered - m_question.otherMicrowatts - leakageMicrowatts() - waiting,
                                     inferenceUj, m_seconds, waiting);
        });
        if (delivered > 0 && running > delivered) {
            say(fmt::format("it cannot run without pause: running takes {} mA at {:g} V, {}, which is {} times the {} "
                            "that are harvested",
                            threeDigits(*m_out.running.microamp / 1000), m_out.volts, humanPower(running),
                            threeDigits(running / delivered), humanPower(delivered)));
        }
        if (delivered <= 0) {
            say(fmt::format("no inference: {} are below the {} that the converter needs to start",
                            humanPower(source.microwatts), humanPower(source.startUpMicrowatts)));
        } else if (!(m_out.affordablePerHour->value > 0)) {
            say(fmt::format("no inference: waiting ({}), other parts and leakage take all of the {} that are harvested",
                            describeState(m_out.waiting.state), humanPower(delivered)));
        }
    }

    void storage() {
        if (!m_question.storage) {
            return;
        }
        const Storage& store = *m_question.storage;
        const double stored = capacitorUj(store.farads, store.lowVolts, store.highVolts);
        const double needed = m_out.inferenceUj.high.value_or(m_out.inferenceUj.value);
        const double meanwhile = m_question.harvest ? deliveredMicrowatts() * m_seconds : 0;
        if (needed > stored + meanwhile) {
            say(fmt::format("no inference: one takes up to {}, and the capacitor gives {} between {:g} and {:g} V",
                            humanEnergy(needed), humanEnergy(stored), store.highVolts, store.lowVolts));
            if (m_out.affordablePerHour) {
                m_out.affordablePerHour = Banded{0, 0, 0};
            }
        }
        if (m_out.averageMicrowatts) {
            const double leakage = leakageMicrowatts();
            m_out.storageSeconds = banded(true, [&](double inferenceUj, double waiting) {
                return stored / (averageMicrowatts(inferenceUj, m_seconds, waiting, *m_question.periodSeconds) +
                                 m_question.otherMicrowatts + leakage);
            });
        }
    }

    const Profile& m_profile;
    const EnergyQuestion& m_question;
    EnergyAnswer m_out;
    Banded m_waiting; ///< power
    double m_seconds = 0;
};

} // namespace

EnergyAnswer answerEnergy(const Profile& profile, const EnergyQuestion& question) {
    return Answering(profile, question).answer();
}

} // namespace simprof
