// SPDX-License-Identifier: GPL-2.0-or-later
/// The formats that show time: Chrome trace JSON (Perfetto) and speedscope.
#include "profiler/analysis/cycle_time.h"
#include "profiler/analysis/run_name.h"
#include "profiler/report/escape.h"
#include "profiler/report/report.h"
#include "profiler/report/stacks.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace simprof {
namespace {

enum Track : int { kInferences = 1, kLayers = 2, kFunctions = 3, kInterrupts = 4, kPower = 5, kThreads = 6 };

/// Writes the events of a Chrome trace; times in microseconds, rounded to picoseconds.
class TraceWriter {
public:
    explicit TraceWriter(const Profile& profile)
        : m_profile(profile)
        , m_time(profile) {}

    std::string write() {
        m_json.beginObject(JsonWriter::Layout::Lines);
        m_json.member("displayTimeUnit", "ms");
        m_json.key("otherData");
        m_json.beginObject();
        m_json.member("firmware", plain(runName(m_profile)));
        m_json.member("board", plain(m_profile.board.name));
        m_json.member("clock_hz", m_profile.board.clockHz);
        m_json.endObject();
        m_json.key("traceEvents");
        m_json.beginArray(JsonWriter::Layout::Lines);
        names();
        slices();
        counters();
        m_json.endArray();
        m_json.endObject();
        return m_json.take();
    }

private:
    double at(Cycles cycle) const { return std::round(m_time.microseconds(cycle) * 1e6) / 1e6; }

    void begin(const char* phase, const std::string& name, int track) {
        m_json.beginObject();
        m_json.member("ph", phase);
        m_json.member("name", name);
        m_json.member("pid", 1);
        m_json.member("tid", track);
    }

    void meta(const char* what, int track, const std::string& name) {
        begin("M", what, track);
        m_json.key("args");
        m_json.beginObject();
        m_json.member("name", name);
        m_json.endObject();
        m_json.endObject();
    }

    void names() {
        meta("process_name", 0, fmt::format("{} on {}", plain(runName(m_profile)), plain(m_profile.board.name)));
        std::vector<std::pair<int, const char*>> tracks = {{kInferences, "inferences"},
                                                           {kLayers, "layers"},
                                                           {kFunctions, "functions"},
                                                           {kInterrupts, "interrupts"},
                                                           {kPower, "power state"}};
        if (!m_profile.threads.empty()) {
            tracks.emplace_back(kThreads, "threads");
        }
        for (const auto& [track, name] : tracks) {
            meta("thread_name", track, name);
            begin("M", "thread_sort_index", track);
            m_json.key("args");
            m_json.beginObject();
            m_json.member("sort_index", track);
            m_json.endObject();
            m_json.endObject();
        }
    }

    void slice(int track, const std::string& name, Cycles start, Cycles cycles) {
        begin("X", name, track);
        const double from = at(start);
        m_json.member("ts", from);
        m_json.member("dur", std::max(0.0, std::round((at(start + cycles) - from) * 1e6) / 1e6));
        m_json.key("args");
        m_json.beginObject();
        m_json.member("cycles", cycles);
        m_json.endObject();
        m_json.endObject();
    }

    std::string exceptionName(std::uint32_t number) const {
        for (const ExceptionInfo& exception : m_profile.exceptions) {
            if (exception.number == number) {
                return plain(exception.name);
            }
        }
        return fmt::format("exception {}", number);
    }

    void slices() {
        for (const Inference& inference : m_profile.inferences) {
            slice(kInferences, fmt::format("inference {}", inference.index), inference.startCycle, inference.cycles);
            for (const Span& span : inference.spans) {
                if (span.layer >= 0) {
                    const LayerInfo& layer = m_profile.layers[static_cast<std::size_t>(span.layer)];
                    slice(kLayers, plain(fmt::format("{} {} {}", layer.id, layer.op, layer.name)), span.startCycle,
                          span.cycles);
                }
            }
        }
        std::vector<Cycles> ends; // of the calls around it; slices of one track must nest, those of threads do not
        for (const CallSpan& span : m_profile.callSpans) {
            while (!ends.empty() && ends.back() <= span.startCycle) {
                ends.pop_back();
            }
            const Cycles end = std::min(span.startCycle + span.cycles, ends.empty() ? ~Cycles{0} : ends.back());
            ends.push_back(end);
            slice(kFunctions, frameName(m_profile.functions[static_cast<std::size_t>(span.function)]), span.startCycle,
                  end - span.startCycle);
        }
        for (const ExceptionSpan& span : m_profile.exceptionSpans) {
            slice(kInterrupts, exceptionName(span.number), span.startCycle, span.cycles);
        }
        for (const ThreadSpan& span : m_profile.threadSpans) {
            slice(kThreads, plain(m_profile.threads[span.thread].name), span.startCycle, span.cycles);
        }
        for (const PowerSpan& span : m_profile.power) {
            slice(kPower, nameOf(span.state), span.startCycle, span.cycles);
        }
    }

    template<class Number>
    void counter(const char* name, const char* unit, Cycles cycle, Number value) {
        begin("C", name, 0);
        m_json.member("ts", at(cycle));
        m_json.key("args");
        m_json.beginObject();
        m_json.member(unit, value);
        m_json.endObject();
        m_json.endObject();
    }

    void counters() {
        for (const auto& [cycle, bytes] : m_profile.memory.live) {
            counter("SRAM: live arena", "bytes", cycle, bytes);
        }
        for (const auto& [cycle, bytes] : m_profile.memory.stackSamples) {
            counter("SRAM: stack", "bytes", cycle, bytes);
        }
        for (const PowerSpan& span : m_profile.power) {
            if (span.microwatts) {
                counter("power", "microwatts", span.startCycle, *span.microwatts);
            }
        }
        if (!m_profile.power.empty()) {
            counter("power", "microwatts", m_profile.power.back().startCycle + m_profile.power.back().cycles, 0);
        }
        for (const ClockChange& change : m_profile.clocks) {
            counter("core clock", "hertz", change.cycle, change.hertz);
        }
    }

    const Profile& m_profile;
    CycleTime m_time;
    JsonWriter m_json;
};

/// Call spans as properly nested open and close events, which speedscope insists on.
void writeEvents(JsonWriter& json, const std::vector<CallSpan>& spans) {
    struct Open {
        std::int32_t function = 0;
        Cycles end = 0;
    };
    std::vector<Open> open;
    Cycles last = 0; // no event may lie before the one in front of it
    const auto event = [&](const char* type, std::int32_t frame, Cycles at) {
        last = std::max(last, at);
        json.beginObject();
        json.member("type", type);
        json.member("frame", frame);
        json.member("at", last);
        json.endObject();
    };
    for (const CallSpan& span : spans) {
        while (!open.empty() && (open.back().end <= span.startCycle || open.size() > span.depth + std::size_t{1})) {
            event("C", open.back().function, open.back().end);
            open.pop_back();
        }
        const Cycles limit = open.empty() ? span.startCycle + span.cycles : open.back().end;
        event("O", span.function, span.startCycle);
        open.push_back({span.function, std::min(span.startCycle + span.cycles, limit)});
    }
    while (!open.empty()) {
        event("C", open.back().function, open.back().end);
        open.pop_back();
    }
}

} // namespace

std::string reportPerfetto(const Profile& profile, const ReportOptions&) { return TraceWriter(profile).write(); }

std::string reportSpeedscope(const Profile& profile, const ReportOptions&) {
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Lines);
    json.member("$schema", "https://www.speedscope.app/file-format-schema.json");
    json.member("name", plain(runName(profile)));
    json.member("exporter", "simprof " + plain(profile.tool.version));
    json.member("activeProfileIndex", 0);
    json.key("shared");
    json.beginObject();
    json.key("frames");
    json.beginArray(JsonWriter::Layout::Lines);
    for (const FunctionInfo& function : profile.functions) {
        json.beginObject();
        json.member("name", frameName(function));
        if (!function.file.empty()) {
            json.member("file", plain(function.file));
            json.member("line", function.line);
        }
        json.endObject();
    }
    const auto outside = cyclesOutsideFunctions(profile); // frames behind those of the functions
    for (const auto& [name, cycles] : outside) {
        json.beginObject();
        json.member("name", name);
        json.endObject();
    }
    json.endArray();
    json.endObject();
    json.key("profiles");
    json.beginArray(JsonWriter::Layout::Lines);
    std::vector<StackSample> samples = stackSamples(profile);
    for (std::size_t i = 0; i < outside.size(); ++i) {
        samples.push_back({{static_cast<std::int32_t>(profile.functions.size() + i)}, outside[i].second});
    }
    const auto head = [&](const char* type, const char* name) {
        json.beginObject();
        json.member("type", type);
        json.member("name", name);
        json.member("unit", "none");
        json.member("startValue", 0);
    };
    Cycles sum = 0;
    for (const StackSample& sample : samples) {
        sum += sample.cycles;
    }
    head("sampled", "all cycles");
    json.member("endValue", sum);
    json.key("samples");
    json.beginArray(JsonWriter::Layout::Lines);
    for (const StackSample& sample : samples) {
        json.beginArray();
        for (const std::int32_t function : sample.functions) {
            json.value(function);
        }
        json.endArray();
    }
    json.endArray();
    json.key("weights");
    json.beginArray();
    for (const StackSample& sample : samples) {
        json.value(sample.cycles);
    }
    json.endArray();
    json.endObject();
    if (!profile.callSpans.empty()) {
        head("evented", "calls over time");
        Cycles end = profile.totals.cycles;
        for (const CallSpan& span : profile.callSpans) {
            end = std::max(end, span.startCycle + span.cycles);
        }
        json.member("endValue", end);
        json.key("events");
        json.beginArray(JsonWriter::Layout::Lines);
        writeEvents(json, profile.callSpans);
        json.endArray();
        json.endObject();
    }
    json.endArray();
    json.endObject();
    return json.take();
}

} // namespace simprof
