// SPDX-License-Identifier: GPL-2.0-or-later
/// Profiles that try the reports, and the reports as text.
#pragma once
#include "profiler/analysis/findings.h"
#include "profiler/report/report.h"
#include "tests/support/sample_profile.h"

#include <sstream>

namespace simprof::test {

inline std::string report(const Profile& profile, const char* format, std::optional<ReportBy> by = {}) {
    ReportOptions options;
    options.by = by;
    return writeReport(profile, findReportFormat(format), options);
}

inline std::vector<std::string> linesOf(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// A profile whose names attack every format.
inline Profile hostileProfile() {
    Profile profile = sampleProfile();
    const std::string attack = "</script><img src=x onerror=alert(1)>\x1b[31m\xff|`*\n=cmd()\"';\u202E::error::";
    profile.firmware.name = attack;
    profile.board.assumptions = {attack};
    profile.network.name = attack;
    profile.halt.what = attack;
    profile.console = attack;
    for (LayerInfo& layer : profile.layers) {
        layer.name = attack;
        layer.op = attack;
    }
    for (FunctionInfo& function : profile.functions) {
        function.name = attack;
        function.file = attack;
    }
    for (TensorLife& tensor : profile.memory.tensors) {
        tensor.name = attack;
    }
    for (PeripheralNote& note : profile.peripherals) {
        note.what = attack;
        note.peripheral = attack;
    }
    for (InstructionInfo& instruction : profile.instructions) {
        instruction.text = attack;
        instruction.file = attack;
    }
    profile.findings = makeFindings(profile);
    return profile;
}

inline Profile faultedProfile() {
    Profile profile = sampleProfile({.inferences = 0});
    profile.layers.clear();
    for (CallNode& node : profile.callTree) {
        node.layer = -1;
    }
    profile.network = {"none", "no TFLite flatbuffer in the image", "", "", 0};
    profile.halt = {HaltReason::Kind::Fault, "unaligned word load from 0x20000001", 0x08000400, 0, sampleFault()};
    profile.findings = makeFindings(profile);
    return profile;
}

} // namespace simprof::test
