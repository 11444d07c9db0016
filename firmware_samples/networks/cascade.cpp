// SPDX-License-Identifier: GPL-2.0-or-later
// Two networks in one image, each with an arena of its own: the first one always runs, the second one only in every
// third round.
//   SIMPROF_ROUNDS         how many (6 unless defined)
//   SIMPROF_FIRST_ARENA, SIMPROF_SECOND_ARENA   bytes
//   SIMPROF_PREPARE_ONLY   nothing is inferred
#include <new>

#include "bsp/board.h"
#include "runtime/interpreter.h"
#include "runtime/operators/operators.h"

#ifndef SIMPROF_ROUNDS
#define SIMPROF_ROUNDS 6
#endif

extern "C" const unsigned char firstModel[]; // 16-byte aligned
extern "C" const unsigned char secondModel[];

namespace {

using simprof::runtime::EvalTensor;
using simprof::runtime::Interpreter;
using simprof::runtime::Status;

alignas(16) std::uint8_t firstArena[SIMPROF_FIRST_ARENA];
alignas(16) std::uint8_t secondArena[SIMPROF_SECOND_ARENA];
alignas(Interpreter) std::uint8_t firstPlace[sizeof(Interpreter)];
alignas(Interpreter) std::uint8_t secondPlace[sizeof(Interpreter)];

void check(Status status, const char* what) {
    if (status != Status::Ok) {
        print(what);
        print(" failed\n");
        consoleFlush();
        boardExit(1);
    }
}

[[maybe_unused]] void fill(const EvalTensor& tensor, unsigned seed) {
    auto* bytes = static_cast<std::int8_t*>(tensor.data);
    for (std::size_t i = 0; i < simprof::runtime::tensorBytes(tensor); ++i) {
        bytes[i] = static_cast<std::int8_t>((i * 7 + seed) & 0xFF);
    }
}

} // namespace

int main() {
    boardInit();
    auto* first = new (firstPlace)
        Interpreter(firstModel, simprof::runtime::nativeRegistrations(), firstArena, sizeof firstArena);
    auto* second = new (secondPlace)
        Interpreter(secondModel, simprof::runtime::nativeRegistrations(), secondArena, sizeof secondArena);
    check(first->allocate(), "first");
    check(second->allocate(), "second");
#ifndef SIMPROF_PREPARE_ONLY
    for (unsigned round = 0; round < SIMPROF_ROUNDS; ++round) {
        fill(first->input(), round);
        check(first->invoke(), "first");
        if (round % 3 == 2) {
            fill(second->input(), 3);
            check(second->invoke(), "second");
        }
    }
#endif
    print("done\n");
    consoleFlush();
    boardExit(0);
}
