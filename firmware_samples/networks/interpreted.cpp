// SPDX-License-Identifier: GPL-2.0-or-later
// The network as a .tflite in flash, run by the interpreter. SIMPROF_ARENA_BYTES is the memory it gets.
// With SIMPROF_SETTINGS there is room for SIMPROF_MODEL_BYTES in RAM, and with SIMPROF_MODEL_IN_RAM the model is copied
// there and read there; with SIMPROF_MODEL_BEHIND_ARENA the room lies behind the arena.
#include <cstring>
#include <new>

#include "networks/network.h"
#include "runtime/interpreter.h"
#include "runtime/operators/operators.h"

extern "C" const unsigned char networkModel[]; // 16-byte aligned
#ifdef SIMPROF_SETTINGS
#ifndef SIMPROF_MODEL_IN_RAM
#define SIMPROF_MODEL_IN_RAM 0
#endif
extern "C" const std::uint32_t networkModel_size;
#endif

namespace simprof::networks {
namespace {

#ifdef SIMPROF_MODEL_BEHIND_ARENA
struct { // in this order
    alignas(16) std::uint8_t arena[SIMPROF_ARENA_BYTES];
    alignas(16) unsigned char model[SIMPROF_MODEL_BYTES];
} memory;
auto& arena = memory.arena;
auto& modelInRam = memory.model;
#else
alignas(16) std::uint8_t arena[SIMPROF_ARENA_BYTES];
#endif
alignas(runtime::Interpreter) std::uint8_t place[sizeof(runtime::Interpreter)];
runtime::Interpreter* interpreter = nullptr;

#ifdef SIMPROF_SETTINGS
#ifndef SIMPROF_MODEL_BEHIND_ARENA
alignas(16) unsigned char modelInRam[SIMPROF_MODEL_BYTES];
#endif
const volatile bool copied = SIMPROF_MODEL_IN_RAM; // data, so that the code is the same

const unsigned char* model() {
    if (!copied) {
        return networkModel;
    }
    std::memcpy(modelInRam, networkModel,
                networkModel_size < sizeof modelInRam ? networkModel_size : sizeof modelInRam);
    return modelInRam;
}
#else
const unsigned char* model() { return networkModel; }
#endif

const char* describe(runtime::Status status) {
    switch (status) {
    case runtime::Status::Ok: return nullptr;
    case runtime::Status::BadModel: return "not a model";
    case runtime::Status::UnsupportedOperator: return "unsupported operator";
    case runtime::Status::ArenaTooSmall: return "arena too small";
    }
    return "unknown failure";
}

} // namespace

Failure networkPrepare(NetworkEnds& ends) {
    interpreter = new (place) runtime::Interpreter(model(), runtime::nativeRegistrations(), arena, sizeof arena);
    const runtime::Status status = interpreter->allocate();
    if (status != runtime::Status::Ok) {
        return {describe(status), interpreter->failedOperator()};
    }
    const runtime::EvalTensor& input = interpreter->input();
    const runtime::EvalTensor& output = interpreter->output();
    const runtime::QuantizationView in = interpreter->inputQuantization();
    const runtime::QuantizationView out = interpreter->outputQuantization();
    ends = {static_cast<std::int8_t*>(input.data),  runtime::tensorBytes(input),  in.scale(),  in.zeroPoint(),
            static_cast<std::int8_t*>(output.data), runtime::tensorBytes(output), out.scale(), out.zeroPoint()};
    return {nullptr, 0};
}

Failure networkInvoke() { return {describe(interpreter->invoke()), interpreter->failedOperator()}; }

} // namespace simprof::networks
