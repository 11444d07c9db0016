// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/code_class.h"
#include "profiler/profile_parts.h"

#include <set>

namespace simprof {

namespace {

void count(const Block& block, Multiplies& sum) {
    for (const DecodedInsn& insn : block.insns) {
        switch (insn.kind) {
        case InsnClass::FpMul:
        case InsnClass::FpMac: sum.real += block.executions; break;
        case InsnClass::Mul:
        case InsnClass::Mac:
        case InsnClass::MulLong:
        case InsnClass::MacLong: sum.integer += block.executions; break;
        default: break;
        }
    }
}

/// In the functions that worked for layers.
Multiplies multipliesInLayers(const RunRecord& record, const Profile& profile) {
    Multiplies sum;
    std::set<Address> workers;
    for (const CallNode& node : profile.callTree) {
        const FunctionInfo& function = profile.functions[static_cast<std::size_t>(node.function)];
        if (node.layer >= 0 && isSoftMultiply(function.name)) {
            sum.real += node.calls;
        } else if (node.layer >= 0) {
            workers.insert(function.address);
        }
    }
    for (const BlockRecord& known : record.machine.blocks().blocks()) {
        const Symbol* symbol = record.symbols.functionAt(known.block.begin);
        if (symbol != nullptr && workers.contains(symbol->begin)) {
            count(known.block, sum);
        }
    }
    return sum;
}

} // namespace

CodeClass codeClassOf(const RunRecord& record, const Profile& profile) {
    return profile.layers.empty() ? classOfFunctions(profile.functions)
                                  : classOfLayers(multipliesInLayers(record, profile));
}

} // namespace simprof
