// SPDX-License-Identifier: GPL-2.0-or-later
// The fault samples against firmware_samples/faults/expected.txt, which was written from the architecture manuals.
#include "tests/firmware/sample_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

namespace simprof {
namespace {

using test::runSample;
using test::SampleRun;

struct Expected {
    std::string program, exception, cfsr, hfsr, mmfar, bfar, at, pc;
};

void PrintTo(const Expected& expected, std::ostream* out) { *out << expected.program; }

std::vector<Expected> expectations() {
    std::ifstream file(SIMPROF_SOURCE_DIR "/firmware_samples/faults/expected.txt");
    std::vector<Expected> all;
    for (std::string line; std::getline(file, line);) {
        std::istringstream fields(line);
        Expected e;
        if (!line.starts_with('#') &&
            fields >> e.program >> e.exception >> e.cfsr >> e.hfsr >> e.mmfar >> e.bfar >> e.at >> e.pc) {
            all.push_back(e);
        }
    }
    return all;
}

/// "PRECISERR+BFARVALID" of CFSR as "CFSR.PRECISERR", "CFSR.BFARVALID".
void addBits(std::set<std::string>& names, const std::string& reg, const std::string& bits) {
    std::istringstream parts(bits);
    for (std::string bit; bits != "0" && bits != "-" && std::getline(parts, bit, '+');) {
        names.insert(reg + "." + bit);
    }
}

/// "at_bkpt", "guarded+8" or "0x30000004" as an address.
std::optional<Address> place(const SampleRun& run, const std::string& text) {
    if (text == "-") {
        return std::nullopt;
    }
    if (text.starts_with("0x")) {
        return static_cast<Address>(std::stoul(text, nullptr, 16));
    }
    const std::size_t plus = text.find('+');
    const auto symbol = run.symbol(text.substr(0, plus));
    EXPECT_TRUE(symbol) << text;
    return symbol.value_or(0) +
           (plus == std::string::npos ? 0 : static_cast<Address>(std::stoul(text.substr(plus + 1))));
}

class FaultSample : public testing::TestWithParam<Expected> {};

TEST_P(FaultSample, FaultsAsTheArchitectureSays) {
    const Expected& expected = GetParam();
    if (!std::filesystem::exists(test::samplePath(expected.program))) {
        GTEST_SKIP() << "the firmware samples were not built (target firmware)";
    }
    const SampleRun run = runSample(expected.program, 50'000'000);
    const bool lockup = expected.exception == "lockup";
    EXPECT_STREQ(nameOf(run.halt.kind), lockup ? "lockup" : "fault") << run.halt.what;
    ASSERT_TRUE(run.halt.fault);
    const FaultReport& fault = *run.halt.fault;
    EXPECT_EQ(fault.exception, lockup ? "Lockup" : expected.exception);
    std::set<std::string> bits;
    addBits(bits, "CFSR", expected.cfsr);
    addBits(bits, "HFSR", expected.hfsr);
    EXPECT_EQ(std::set(fault.status.begin(), fault.status.end()), bits);
    const auto address = place(run, expected.mmfar != "-" ? expected.mmfar : expected.bfar);
    EXPECT_EQ(fault.address, address);
    // A jump to nowhere is reported where it led, as stacked; then the sentence names the instruction that jumped.
    const auto at = place(run, expected.at);
    if (fault.pc != at) {
        EXPECT_EQ(fault.pc, place(run, expected.pc)) << fault.what;
        EXPECT_NE(fault.what.find(fmt::format("by the instruction at 0x{:08x}", at.value_or(0))), std::string::npos)
            << fault.what;
    }
    EXPECT_EQ(run.owned, run.cycles) << "a cycle without an owner";
    EXPECT_NE(run.output.find("before the fault"), std::string::npos) << run.output;
    EXPECT_EQ(run.output.find("after the fault"), std::string::npos) << run.output;
}

INSTANTIATE_TEST_SUITE_P(Firmware, FaultSample, testing::ValuesIn(expectations()), [](const auto& row) {
    std::string name = row.param.program;
    std::replace_if(
        name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
    return name;
});

} // namespace
} // namespace simprof
