// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/profile_builder.h"

#include "profiler/analysis/findings.h"
#include "profiler/analysis/memory_report.h"
#include "profiler/energy/energy.h"
#include "profiler/profile_parts.h"

#include <fmt/format.h>

#include <iterator>
#include <map>
#include <utility>

namespace simprof {

namespace {

class ProfileBuilder {
public:
    explicit ProfileBuilder(const RunRecord& record)
        : m_record(record) {}

    Profile build() {
        addHeader(m_record, m_profile);
        addLayers(m_record, m_profile);
        addCode(m_record, m_profile);
        m_profile.totals.code = codeClassOf(m_record, m_profile);
        exceptions();
        devices();
        power();
        m_profile.memory = buildMemory({m_record.machine, m_record.collector, m_record.image, m_record.symbols,
                                        m_record.recogniser, ranNetworks(m_record), m_profile});
        addLayerMemory(m_profile);
        addEnergy(m_profile, chooseSupply(m_record.board, m_record.options.supply, runSetting(m_profile)),
                  m_record.options.calibration);
        m_profile.console = m_record.console;
        m_profile.prints = m_record.prints;
        m_profile.unwatched = m_record.unwatched;
        m_profile.threads = m_record.threads;
        m_profile.threadSpans = m_record.threadSpans;
        leftOut();
        m_profile.findings = makeFindings(m_profile);
        return std::move(m_profile);
    }

private:
    const Collector& collector() const { return m_record.collector; }

    void exceptions() {
        for (const LedgerRow* row : collector().recording().ledger.of(OwnerKind::Exception)) {
            const auto number = static_cast<unsigned>(row->key.exception);
            m_profile.exceptions.push_back(
                {number, m_record.machine.exceptionName(number), row->count, row->tally.cycles});
        }
        m_profile.exceptionSpans = collector().exceptionSpans();
    }

    void devices() {
        for (const auto& [address, reg] : m_record.machine.unmodelled()) {
            PeripheralNote note;
            const auto& named = m_record.board.mcu->registers;
            const auto name = named.find(address);
            note.peripheral = name != named.end()      ? name->second.name
                              : reg.peripheral.empty() ? fmt::format("unknown at 0x{:08x}", address)
                                                       : reg.peripheral;
            note.address = address;
            note.kind = reg.pollSatisfied ? NoteKind::PollSatisfied : NoteKind::Unmodelled;
            note.count = reg.reads + reg.writes;
            note.pc = reg.firstPc;
            note.what = fmt::format("{} reads, {} writes, first at {}", reg.reads, reg.writes,
                                    describePlace(m_record, reg.firstPc));
            m_profile.peripherals.push_back(std::move(note));
        }
        for (const EventLog::Event& event : m_record.machine.events()) {
            std::string what = fmt::format("cycle {}: {}", event.at, event.text);
            if (event.count > 1) {
                what += fmt::format("; again and again, last in cycle {}", event.last);
            }
            m_profile.peripherals.push_back({"", 0, NoteKind::Event, event.count, 0, std::move(what)});
        }
    }

    /// Running between the sleeps; another clock or another setting of the power controller is another power.
    void power() {
        std::map<Cycles, std::string> changes; // the setting from there on
        std::string setting;
        for (const PowerChange& change : m_record.machine.powerChanges()) {
            changes[change.cycle] = change.setting.run;
        }
        for (const ClockChange& change : m_profile.clocks) {
            const auto before = changes.upper_bound(change.cycle);
            changes.emplace(change.cycle, before == changes.begin() ? "" : std::prev(before)->second);
        }
        Cycles at = 0;
        auto change = changes.begin();
        const auto run = [&](Cycles until) {
            for (; change != changes.end() && change->first < until; ++change) {
                if (change->first > at) {
                    m_profile.power.push_back({PowerState::Run, at, change->first - at, 0, setting});
                    at = change->first;
                }
                setting = change->second;
            }
            if (until > at) {
                m_profile.power.push_back({PowerState::Run, at, until - at, 0, setting});
            }
        };
        for (const PowerSpan& sleep : collector().sleepSpans()) {
            run(sleep.startCycle);
            m_profile.power.push_back(sleep);
            at = sleep.startCycle + sleep.cycles;
        }
        run(m_record.machine.now());
    }

    void leftOut() {
        m_profile.leftOut = collector().leftOut();
        const std::vector<LeftOut> ofMachine = m_record.machine.leftOut();
        m_profile.leftOut.insert(m_profile.leftOut.end(), ofMachine.begin(), ofMachine.end());
        std::erase_if(m_profile.leftOut, [](const LeftOut& leftOut) { return leftOut.count == 0; });
    }

    const RunRecord& m_record;
    Profile m_profile;
};

} // namespace

Profile buildProfile(const RunRecord& record) { return ProfileBuilder(record).build(); }

} // namespace simprof
