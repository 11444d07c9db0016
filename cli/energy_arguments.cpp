// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/energy_arguments.h"

#include "peripherals/boards.h"
#include "profiler/energy/energy.h"
#include "profiler/text/quantity.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace simprof::cli {
namespace {

constexpr std::array<UnitFactor, 2> kPercent = {{{"%", 1}, {"", 1}}};
constexpr std::array<UnitFactor, 3> kOhms = {{{"mOhm", 1e-3}, {"Ohm", 1}, {"", 1}}};

/// What an option takes: units, limits, an example.
struct Kind {
    const char* option;
    std::span<const UnitFactor> units;
    double least; ///< not allowed itself, unless it is 0 and `zero`
    double most;
    const char* limits;
    const char* example;
    bool zero = false;
};

double read(const std::string& text, const Kind& kind) {
    const auto value = quantityOf(text, kind.units);
    if (!value) {
        throw Error(fmt::format("{} takes a figure with its unit ({}) such as {}, not '{}'", kind.option,
                                listOfUnits(kind.units), kind.example, text));
    }
    const bool above = *value > kind.least || (kind.zero && *value == kind.least);
    if (!above || *value > kind.most) {
        throw Error(fmt::format("{} takes {}, not '{}'", kind.option, kind.limits, text));
    }
    return *value;
}

void readInto(double& value, const std::string& text, const Kind& kind) {
    if (!text.empty()) {
        value = read(text, kind);
    }
}

constexpr double kLargest = 1e9;

Battery batteryOf(const EnergyArguments& typed) {
    const std::size_t at = typed.battery.find('@');
    if (at == std::string::npos) {
        throw Error(fmt::format("--battery takes capacity and voltage such as 220mAh@3V, not '{}'", typed.battery));
    }
    Battery battery;
    battery.milliampHours = read(typed.battery.substr(0, at), {"--battery", kChargeUnits, 0, 1e6,
                                                               "a capacity above 0 and up to 1000 Ah", "220mAh@3V"});
    battery.volts = read(typed.battery.substr(at + 1),
                         {"--battery", kVoltageUnits, 0.5, 60, "a voltage above 0.5 V and up to 60 V", "220mAh@3V"});
    readInto(battery.selfDischargePercentPerYear, typed.selfDischarge,
             {"--self-discharge", kPercent, 0, 100, "0 to 100 % a year", "2%", true});
    readInto(battery.usablePercent, typed.usable, {"--usable", kPercent, 0, 100, "above 0 and up to 100 %", "85%"});
    readInto(battery.cutOffVolts, typed.cutOff,
             {"--cut-off", kVoltageUnits, 0, battery.volts, "a voltage above 0 and up to the battery's", "2.0V"});
    readInto(battery.ohms, typed.resistance, {"--resistance", kOhms, 0, 1e6, "0 to 1 MOhm", "15Ohm", true});
    return battery;
}

Storage storageOf(const EnergyArguments& typed) {
    constexpr const char* kExample = "100mF,2.0V-3.3V";
    const std::size_t comma = typed.storage.find(',');
    const std::size_t dash = typed.storage.find('-', comma == std::string::npos ? 0 : comma);
    if (comma == std::string::npos || dash == std::string::npos) {
        throw Error(
            fmt::format("--storage takes capacitance and voltages such as {}, not '{}'", kExample, typed.storage));
    }
    const Kind volts = {"--storage", kVoltageUnits, 0, 60, "voltages from 0 to 60 V", kExample, true};
    Storage storage;
    storage.farads = read(typed.storage.substr(0, comma),
                          {"--storage", kCapacitanceUnits, 0, 1e5, "a capacitance above 0 and up to 100 kF", kExample});
    storage.lowVolts = read(typed.storage.substr(comma + 1, dash - comma - 1), volts);
    storage.highVolts = read(typed.storage.substr(dash + 1), volts);
    if (!(storage.highVolts > storage.lowVolts)) {
        throw Error(fmt::format("--storage: it is charged from {:g} V to {:g} V: the second must be higher",
                                storage.lowVolts, storage.highVolts));
    }
    readInto(storage.leakageMicroamp, typed.leakage, {"--leakage", kCurrentUnits, 0, 1e6, "0 to 1 A", "1uA", true});
    return storage;
}

Harvest harvestOf(const EnergyArguments& typed) {
    Harvest harvest;
    harvest.microwatts =
        read(typed.harvest, {"--harvest", kPowerUnits, 0, kLargest, "a power above 0 and up to 1 kW", "33uW"});
    readInto(harvest.startUpMicrowatts, typed.startUp,
             {"--start-up", kPowerUnits, 0, kLargest, "a power from 0 to 1 kW", "15uW", true});
    readInto(harvest.efficiencyPercent, typed.efficiency,
             {"--efficiency", kPercent, 0, 100, "above 0 and up to 100 %", "80%"});
    return harvest;
}

void addOption(CLI::App& verb, const char* name, std::string& value, const char* what, const char* type) {
    verb.add_option(name, value, what)->type_name(type)->group("Energy");
}

/// Options that say something of another that was not given.
void needOther(const std::string& given, const char* option, const std::string& other, const char* needed) {
    if (!given.empty() && other.empty()) {
        throw Error(fmt::format("{} says something of {}, which is not given", option, needed));
    }
}

} // namespace

void EnergyArguments::addPeriodTo(CLI::App& verb) {
    addOption(verb, "--period", period, "One inference in this time: 10s, 250ms, 1h", "T");
    addOption(verb, "--between", between,
              "State between inferences: run, sleep, stop, stop:Stop 2; as the firmware waits", "STATE");
    addOption(verb, "--other", other, "Power of sensors and radio, all the time: 20uW", "POWER");
}

void EnergyArguments::addTo(CLI::App& verb) {
    addPeriodTo(verb);
    addOption(verb, "--battery", battery, "How long it lasts on 220mAh@3V", "mAh@V");
    addOption(verb, "--self-discharge", selfDischarge, "Of the battery, in percent a year (2)", "PERCENT");
    addOption(verb, "--usable", usable, "Share of its capacity before the voltage is too low (100)", "PERCENT");
    addOption(verb, "--cut-off", cutOff,
              "Voltage that the device needs, looked at with the peak current and --resistance", "V");
    addOption(verb, "--resistance", resistance, "Inner resistance of the battery: 15Ohm", "OHM");
    addOption(verb, "--harvest", harvest, "How many inferences an hour a source of 33uW affords", "POWER");
    addOption(verb, "--start-up", startUp, "Power below which its converter delivers nothing", "POWER");
    addOption(verb, "--efficiency", efficiency, "Of its converter (100)", "PERCENT");
    addOption(verb, "--storage", storage, "Capacitor and the voltages it is used between: 100mF,2.0V-3.3V", "F,V-V");
    addOption(verb, "--leakage", leakage, "Current that the capacitor leaks: 1uA", "CURRENT");
}

EnergyQuestion EnergyArguments::question() const {
    EnergyQuestion question;
    if (!period.empty()) {
        question.periodSeconds =
            read(period, {"--period", kTimeUnits, 0, kLargest, "a time above 0 and up to 1e9 s", "10s"});
    }
    question.between = between;
    readInto(question.otherMicrowatts, other,
             {"--other", kPowerUnits, 0, kLargest, "a power from 0 to 1 kW", "20uW", true});
    for (const auto& [given, option] : {std::pair{selfDischarge, "--self-discharge"},
                                        {usable, "--usable"},
                                        {cutOff, "--cut-off"},
                                        {resistance, "--resistance"}}) {
        needOther(given, option, battery, "--battery");
    }
    needOther(startUp, "--start-up", harvest, "--harvest");
    needOther(efficiency, "--efficiency", harvest, "--harvest");
    needOther(leakage, "--leakage", storage, "--storage");
    if (!battery.empty()) {
        question.battery = batteryOf(*this);
    }
    if (!harvest.empty()) {
        question.harvest = harvestOf(*this);
    }
    if (!storage.empty()) {
        question.storage = storageOf(*this);
    }
    return question;
}

void recalculate(Profile& profile, const std::vector<std::string>& calibrate) {
    const BoardDesc* board = findBoard(profile.board.name);
    if (calibrate.empty() && (board == nullptr || !profile.powerStates.empty())) {
        return;
    }
    Calibration calibration;
    for (const std::string& text : calibrate) {
        parseCalibration(text, calibration);
    }
    if (board == nullptr) {
        throw Error(
            fmt::format("--calibrate: the board '{}' of this profile is none that is built in; run the firmware "
                        "with its board file instead",
                        profile.board.name));
    }
    const bool named =
        std::ranges::find(board->supplies, profile.board.supply, &SupplyPoint::name) != board->supplies.end();
    addEnergy(profile, chooseSupply(*board, named ? profile.board.supply : "", runSetting(profile)), calibration);
}

} // namespace simprof::cli
