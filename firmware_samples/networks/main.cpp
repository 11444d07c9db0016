// SPDX-License-Identifier: GPL-2.0-or-later
// Runs one network a few times on inputs made by a rule and prints a checksum of each output.
//   SIMPROF_NETWORK       its name, for the console
//   SIMPROF_INFERENCES    how many (2 unless defined)
//   SIMPROF_SETTINGS      networks/settings.h holds during the inferences
//   SIMPROF_SLOW_CLOCK    networks/slow_clock.h
//   SIMPROF_ZEROS_FIRST   the first input is all zeros, for comparing with published checksums
#include "bsp/board.h"
#include "networks/network.h"
#ifdef SIMPROF_SETTINGS
#include "networks/settings.h"
#endif
#ifdef SIMPROF_SLOW_CLOCK
#include "networks/slow_clock.h"
#endif

#ifndef SIMPROF_INFERENCES
#define SIMPROF_INFERENCES 2
#endif

namespace {

using simprof::networks::Failure;
using simprof::networks::NetworkEnds;

void fillRamp(std::int8_t* bytes, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        bytes[i] = static_cast<std::int8_t>((i * 7 + 3) & 0xFF);
    }
}

void fillZeros(std::int8_t* bytes, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        bytes[i] = 0;
    }
}

/// FNV-1a, 32 bits.
std::uint32_t checksum(const std::int8_t* bytes, std::size_t count) {
    std::uint32_t hash = 0x811C9DC5U;
    for (std::size_t i = 0; i < count; ++i) {
        hash = (hash ^ static_cast<std::uint8_t>(bytes[i])) * 16777619U;
    }
    return hash;
}

/// A real number with four decimals.
void printReal(float value) {
    const auto tenThousandths = static_cast<std::int32_t>(value * 10000.0F + (value < 0 ? -0.5F : 0.5F));
    const auto magnitude = static_cast<std::uint32_t>(tenThousandths < 0 ? -tenThousandths : tenThousandths);
    print(tenThousandths < 0 ? "-" : "");
    printUnsigned(magnitude / 10000);
    const std::uint32_t decimals = magnitude % 10000;
    print(decimals < 10 ? ".000" : decimals < 100 ? ".00" : decimals < 1000 ? ".0" : ".");
    printUnsigned(decimals);
}

std::uint32_t greatestIndex(const NetworkEnds& ends) {
    std::uint32_t greatest = 0;
    for (std::uint32_t i = 1; i < ends.outputBytes; ++i) {
        greatest = ends.output[i] > ends.output[greatest] ? i : greatest;
    }
    return greatest;
}

/// One number in and out is a function value; else the output's greatest element is the class, if it has few.
void printMeaning(const NetworkEnds& ends, float x) {
    if (ends.outputBytes == 1) {
        print(" x=");
        printReal(x);
        print(" y=");
        printReal(ends.outputScale * static_cast<float>(ends.output[0] - ends.outputZeroPoint));
    } else if (ends.outputBytes < ends.inputBytes) {
        print(" class=");
        printUnsigned(greatestIndex(ends));
    }
}

[[noreturn]] void fail(const Failure& failure) {
    print(SIMPROF_NETWORK ": ");
    print(failure.what);
    print(" at operator ");
    printSigned(failure.operatorIndex);
    print("\n");
    consoleFlush();
    boardExit(1);
}

void check(const Failure& failure) {
    if (failure.what) {
        fail(failure);
    }
}

} // namespace

int main() {
    boardInit();
#ifdef SIMPROF_SLOW_CLOCK
    simprof::networks::slowDown();
#endif
#ifdef SIMPROF_SETTINGS
    simprof::networks::startSettings();
#endif
    NetworkEnds ends{};
    check(simprof::networks::networkPrepare(ends));
    for (std::uint32_t inference = 1; inference <= SIMPROF_INFERENCES; ++inference) {
#ifdef SIMPROF_ZEROS_FIRST
        const bool zeros = inference == 1;
#else
        const bool zeros = false;
#endif
        (zeros ? fillZeros : fillRamp)(ends.input, ends.inputBytes);
        const float x = ends.inputScale * static_cast<float>(ends.input[0] - ends.inputZeroPoint);
#ifdef SIMPROF_SETTINGS
        {
            const simprof::networks::OtherSettings settings;
            check(simprof::networks::networkInvoke());
        }
#else
        check(simprof::networks::networkInvoke());
#endif
        print(SIMPROF_NETWORK " inference ");
        printUnsigned(inference);
        print(" output fnv1a32=");
        printHex(checksum(ends.output, ends.outputBytes));
        printMeaning(ends, x);
        print("\n");
    }
    consoleFlush();
    boardExit(0);
}
