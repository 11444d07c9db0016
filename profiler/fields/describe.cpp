// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/fields/describe.h"

namespace simprof {
namespace {

/// What each reason of kStallNames means.
constexpr std::array<const char*, kStallCount> kStallSentences = {
    "an instruction executed",
    "waiting for instruction memory or the fetch buffer",
    "the data access itself, without waits",
    "an operand or address was not ready",
    "pipeline refill, mispredicted branch",
    "divide, long multiply, floating-point latency",
    "waits of data memory: flash wait states, cache misses",
    "another bus master or the other port",
    "exception entry and return",
    "WFI, WFE"};

/// The object in which cycles are written by reason.
StructInfo describeStalls() {
    StructInfo stalls{"stalls",
                      "Cycles by reason; a reason that is not named took no cycle. Sums to the cycles of its owner.",
                      Form::Object,
                      {}};
    for (std::size_t i = 0; i < kStallCount; ++i) {
        ValueInfo value;
        value.kind = ValueInfo::Kind::Unsigned;
        stalls.fields.push_back({kStallNames[i], value, Unit::CycleCount, Need::Optional, kStallSentences[i]});
    }
    return stalls;
}

} // namespace

ValueInfo StructDescriber::valueOf(const std::array<Cycles, kStallCount>&) {
    ValueInfo value;
    value.kind = ValueInfo::Kind::Struct;
    StructInfo stalls = describeStalls();
    value.structure = stalls.name;
    if (std::ranges::find(m_all, stalls.name, &StructInfo::name) == m_all.end()) {
        m_all.push_back(std::move(stalls));
    }
    return value;
}

} // namespace simprof
