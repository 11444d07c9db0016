// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/firmware_run.h"

#include "profiler/analysis/run_end.h"
#include "profiler/energy/energy.h"
#include "profiler/profile_builder.h"
#include "profiler/run/pass.h"
#include "profiler/run_until.h"
#include "profiler/what_if/shifts.h"
#include "sim_core/image/exit_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace simprof {

namespace {

/// Bytes that the image or the run took, by address: memory of segments, what was written or read, the stack as far as
/// it is reserved, the heap as far as it was used.
std::vector<AddressRange> usedMemory(const FirmwareImage& image, const MemoryShadow& shadow,
                                     const ProfileMemory& memory) {
    std::vector<AddressRange> used;
    for (const ImageSegment& segment : image.segments) {
        used.push_back({segment.address, static_cast<std::uint32_t>(segment.bytes.size())});
        used.push_back({segment.runAddress, static_cast<std::uint32_t>(segment.memorySize)});
    }
    for (const MemoryShadow::Area& area : shadow.areas()) {
        for (std::uint64_t at = area.range.begin; at < area.range.end(); ++at) {
            const auto address = static_cast<Address>(at);
            if (!shadow.written(address) && !shadow.readBefore(address)) {
                continue;
            }
            if (!used.empty() && used.back().end() == at) {
                ++used.back().size;
            } else {
                used.push_back({address, 1});
            }
        }
    }
    const Bytes stack = std::max(memory.stack.sizeBytes, memory.stack.highWaterBytes);
    used.push_back({static_cast<Address>(memory.stack.top - stack), static_cast<std::uint32_t>(stack)});
    used.push_back({memory.heap.base, static_cast<std::uint32_t>(memory.heap.highWaterBytes)});
    return used;
}

} // namespace

FirmwareRun::FirmwareRun(const FirmwareImage& image, const RunOptions& options, std::span<const Runtime> known)
    : m_image(image)
    , m_options(options)
    , m_known(known)
    , m_watch(options.limits, options.cancel)
    , m_board(chooseBoard(image, options))
    , m_symbols(image)
    , m_lines(image)
    , m_networks(chooseNetworks(image, options.model)) {
    (void)chooseSupply(*m_board.board, options.supply); // throws for a wrong name before the run
    checkWhatIf(options.whatIf, image, *m_board.board, m_symbols);
    for (const UartAttachment& attachment : options.uarts) {
        m_uarts.add(attachment.uart, attachment.target);
    }
    if (options.vcd) {
        m_edges.emplace(*options.vcd);
    }
    if (options.untilSymbol) {
        m_until = symbolAddress(m_symbols, *options.untilSymbol, image.name, "--until",
                                "a symbol, an address (0x...), inferences:N, cycles:N or time:T");
    }
    for (const std::string& function : options.asNetwork) {
        m_hosts.push_back(
            symbolAddress(m_symbols, function, image.name, "--as-network", "a function or its address (0x...)") &
            ~Address{1});
    }
}

const Profile& FirmwareRun::plain() {
    if (!m_plain) {
        const PassSetup as = setup({});
        m_plainRun = Search(as, m_networks).run(m_known);
        m_plain = profile(m_plainRun);
    }
    return *m_plain;
}

Profile FirmwareRun::asAsked() {
    Profile made = plain();
    if (m_options.whatIf.empty()) {
        return made;
    }
    if (isPartial(made)) { // another run would measure nothing
        made.halt.what += "; that is the run as it is, the what-if had not begun";
        return made;
    }
    return changed(m_options.whatIf);
}

Profile FirmwareRun::changed(const std::vector<std::string>& whatIf) {
    const WhatIf what = resolveWhatIf(whatIf, facts());
    Profile made = timedAs(what.timing);
    made.whatIf = {what.changes, plain().totals.cycles, plain().totals.timeUs};
    return made;
}

Profile FirmwareRun::shifted(unsigned bytes) { return timedAs(shiftedCode(bytes, m_symbols, m_image)); }

Profile FirmwareRun::timedAs(TimingChanges timing) {
    const PassSetup as = setup(std::move(timing));
    Search::Result found = Search(as, m_networks).run(m_known);
    return profile(found);
}

void FirmwareRun::finish() {
    if (m_edges) {
        m_edges->write();
    }
    m_uarts.finish();
}

WhatIfFacts FirmwareRun::facts() {
    const Profile& asItIs = plain();
    if (m_plainRun.pass) {
        keepFacts();
    }
    return {m_image, *m_board.board, m_symbols, m_networks.inImage, asItIs, m_used, m_constants};
}

PassSetup FirmwareRun::setup(TimingChanges timing) {
    return {
        m_image, m_options, *m_board.board,         m_symbols, m_uarts,          m_edges ? &*m_edges : nullptr, m_until,
        m_watch, m_shown,   holdsExitCall(m_image), m_hosts,   std::move(timing)};
}

/// What a what-if looks up in the run as it is, which goes.
void FirmwareRun::keepFacts() {
    const Search::Result found = std::exchange(m_plainRun, {});
    const Collector& collector = found.pass->collector();
    std::int32_t firstLayer = 0;
    for (std::size_t i = 0; i < found.networks.size() && found.recognised; ++i) {
        const auto index = static_cast<std::int32_t>(i);
        const MemoryLog* log = collector.recording().memoryLogOf(found.networks[i].number);
        const auto layers = std::ranges::count(m_plain->layers, index, &LayerInfo::network);
        for (std::int32_t layer = firstLayer; log != nullptr && layer < firstLayer + layers; ++layer) {
            const auto read = log->constants.find(static_cast<AccessorId>(layer - firstLayer + 1));
            for (const LifeRange& range : read == log->constants.end() ? std::vector<LifeRange>{} : read->second) {
                m_constants[layer].push_back({range.begin, range.end - range.begin});
            }
        }
        firstLayer += static_cast<std::int32_t>(layers);
    }
    m_used = usedMemory(m_image, collector.shadow(), m_plain->memory);
}

/// Adds what became of the model that the user gave.
void FirmwareRun::addModel(Search::Result& found) const {
    if (m_options.model) {
        ProfileNetwork& network = found.recognised ? found.networks.front().info : found.none;
        const char* unused =
            found.recognised ? "is not used: the firmware holds its network" : "is not used: no layers were recognised";
        network.model =
            fmt::format("{} {}", m_options.model->filename().string(), network.model.empty() ? unused : network.model);
    }
}

Profile FirmwareRun::profile(Search::Result& found) {
    Pass& pass = *found.pass;
    ThreadWatch::Result threads = pass.threads();
    HaltReason halt = pass.halt();
    if (found.cutIn != 0) {
        halt.kind = HaltReason::Kind::Cancelled;
        halt.what = fmt::format("{} in pass {}; what pass {} measured is kept", m_watch.why().value_or("by request"),
                                found.cutIn, pass.number());
    }
    if (halt.kind == HaltReason::Kind::Fault || halt.kind == HaltReason::Kind::Lockup) {
        halt.what += m_board.doubt.empty() ? "" : "; " + m_board.doubt;
    }
    addModel(found);
    Profile made =
        buildProfile({m_image, m_options, *m_board.board, m_board.why, m_board.doubt, pass.machine(), pass.collector(),
                      m_symbols, m_lines, halt, found.recognised ? pass.recogniser() : nullptr, found.networks,
                      found.none, pass.console().text(), pass.console().prints(), pass.channels().unwatched(),
                      std::move(threads.threads), std::move(threads.spans)});
    const std::vector<LeftOut> ofRun = {{"turns of threads in the timeline", threads.spansLeftOut},
                                        {ConsoleCapture::kLeftOut, pass.console().leftOut()},
                                        {"edges in the VCD file", m_edges ? m_edges->leftOut() : 0}};
    std::ranges::copy_if(ofRun, std::back_inserter(made.leftOut),
                         [](const LeftOut& leftOut) { return leftOut.count != 0; });
    return made;
}

} // namespace simprof
