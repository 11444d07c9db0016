// SPDX-License-Identifier: GPL-2.0-or-later
// CMSIS-SVD files: what is read of them, and what is said of a wrong one.
#include "peripherals/svd.h"

#include "fake_machine.h"
#include "sim_core/error.h"

#include <gmock/gmock.h>

namespace simprof::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr const char* kSvd = R"(<?xml version="1.0" encoding="utf-8"?>
<device schemaVersion="1.3">
  <name>PART</name>
  <resetValue>0x0</resetValue>
  <peripherals>
    <peripheral>
      <name>CRS</name>
      <baseAddress>0x40006000</baseAddress>
      <addressBlock><offset>0</offset><size>0x400</size><usage>registers</usage></addressBlock>
      <registers>
        <register><name>CR</name><addressOffset>0x0</addressOffset><resetValue>0x2000</resetValue></register>
        <register><name>CFGR</name><addressOffset>0x4</addressOffset><resetValue>0x2022BB7F</resetValue></register>
        <register><dim>3</dim><dimIncrement>4</dimIncrement><dimIndex>A,B,C</dimIndex><name>X%s</name><addressOffset>0x10</addressOffset></register>
        <register derivedFrom="CFGR"><name>COPY</name><addressOffset>0x20</addressOffset></register>
        <cluster>
          <dim>2</dim><dimIncrement>0x10</dimIncrement><name>CH[%s]</name><addressOffset>0x100</addressOffset>
          <register><name>CTRL</name><addressOffset>8</addressOffset><resetValue>#101</resetValue></register>
        </cluster>
      </registers>
    </peripheral>
    <peripheral derivedFrom="CRS"><name>CRS2</name><baseAddress>0x4F000000</baseAddress></peripheral>
  </peripherals>
</device>
)";

TEST(Svd, ReadsRegistersArraysClustersAndDerivations) {
    const Svd svd = parseSvd(kSvd, "part.svd");
    const auto is = [&](Address address, const char* name, std::uint32_t reset) {
        ASSERT_TRUE(svd.registers.contains(address)) << name;
        EXPECT_EQ(svd.registers.at(address).name, name);
        EXPECT_EQ(svd.registers.at(address).reset, reset) << name;
    };
    is(0x40006000, "CRS.CR", 0x2000);
    is(0x40006004, "CRS.CFGR", 0x2022BB7F);
    is(0x40006010, "CRS.XA", 0);
    is(0x40006018, "CRS.XC", 0);
    is(0x40006020, "CRS.COPY", 0x2022BB7F);
    is(0x40006118, "CRS.CH[1].CTRL", 5);
    is(0x4F000118, "CRS2.CH[1].CTRL", 5);
    ASSERT_EQ(svd.peripherals.size(), 2U);
    EXPECT_EQ(svd.peripherals[1].range, (AddressRange{0x4F000000, 0x400}));
}

TEST(Svd, GivesUnmodelledRegistersTheirResetValues) {
    BoardDesc board = *findBoard("nucleo-l4r5zi");
    const auto known = board.mcu->peripherals.size();
    board.mcu = std::make_shared<const McuDesc>(withSvd(*board.mcu, parseSvd(kSvd, "part.svd")));
    EXPECT_EQ(board.mcu->peripherals.size(), known + 1) << "CRS was there, CRS2 is new";
    FakeMachine machine(board);
    EXPECT_EQ(machine.load("CRS", 4), 0x2022BB7FU);
    EXPECT_EQ(machine.load("CRS", 5, 1), 0xBBU);
    machine.store("CRS", 4, 7);
    EXPECT_EQ(machine.load("CRS", 4), 7U);
    machine.reset();
    EXPECT_EQ(machine.load("CRS", 4), 0x2022BB7FU);
    EXPECT_EQ(machine.load("CRS2", 0x118), 5U);
    EXPECT_EQ(machine.load("PWR", 0x00), 0x200U) << "what is modelled stays as it is";
}

struct WrongSvd {
    const char* name;
    std::string text;
    const char* where;
    const char* what;
};

std::string with(std::string from, const std::string& to) {
    std::string text = kSvd;
    return text.replace(text.find(from), from.size(), to);
}

/// The part's CRS with `count` registers in clusters in clusters.
std::string nested(unsigned count) {
    std::string inner = "<register><name>R</name><addressOffset>0</addressOffset></register>";
    for (unsigned depth = 0; depth < 3; ++depth) {
        inner = "<cluster><dim>" + std::to_string(count) +
                "</dim><dimIncrement>4</dimIncrement><name>C%s</name><addressOffset>0</addressOffset>" + inner +
                "</cluster>";
    }
    return with("<cluster>", inner + "<cluster>");
}

const std::string kLongName = with("<name>CFGR</name>", "<name>" + std::string(300, 'A') + "</name>");

std::string manyPeripherals() {
    std::string text;
    for (unsigned i = 0; i < 5000; ++i) {
        text += "<peripheral derivedFrom=\"CRS\"><name>P</name><baseAddress>" + std::to_string(0x50000000 + i * 1024) +
                "</baseAddress></peripheral>";
    }
    return with("  </peripherals>", text + "  </peripherals>");
}

/// Elements that an array looks at again for each of its own.
std::string longArray() {
    std::string text = nested(60);
    std::string more;
    for (unsigned i = 0; i < 20'000; ++i) {
        more += "<a/>";
    }
    return text.insert(text.find("<register><name>R<"), more);
}

class WrongSvdFile : public testing::TestWithParam<WrongSvd> {};

TEST_P(WrongSvdFile, NamesItsLine) {
    EXPECT_THAT([] { parseSvd(GetParam().text, "part.svd"); },
                ThrowsMessage<Error>(AllOf(HasSubstr(GetParam().where), HasSubstr(GetParam().what))));
}

const WrongSvd kWrong[] = {
    {"NoXml", "<device><name></device>", "part.svd:1: ", "no XML"},
    {"Unfinished", std::string(kSvd).substr(0, 300), "part.svd:", "no XML"},
    {"OtherXml", "<html/>", "part.svd:1: ", "not <device>"},
    {"NoRegisters", "<device><peripherals/></device>", "part.svd:1: ", "no register"},
    {"WrongNumber", with("0x2022BB7F", "0x20 22"), "part.svd:12: ", "<resetValue> of 'CFGR' is no number: '0x20 22'"},
    {"NoOffset", with("<addressOffset>0x4</addressOffset>", ""),
     "part.svd:12: ", "<register> 'CFGR' has no <addressOffset>"},
    {"NoName", with("<name>CFGR</name>", ""), "part.svd:12: ", "a <register> has no <name>"},
    {"NoSuchBase", with("derivedFrom=\"CRS\"", "derivedFrom=\"TIM\""),
     "part.svd:21: ", "'CRS2' is derived from 'TIM', which is not there"},
    {"TooMany", with("<dim>3</dim>", "<dim>99999999</dim>"), "part.svd:13: ", "at most 4096"},
    {"TooManyInAll", nested(4096), "part.svd:", "more than 500000 registers"},
    {"TooLongAName", kLongName, "part.svd:12: ", "a name has more than 200 characters"},
    {"TooManyPeripherals", manyPeripherals(), "part.svd:", "more than 4096 peripherals"},
    {"TooLongToFollow", longArray(), "part.svd:", "take too long to follow"},
};

TEST(Svd, ADeviceWithoutEndIsNone) {
    EXPECT_THAT([] { readSvd("/dev/zero"); }, ThrowsMessage<Error>(HasSubstr("'/dev/zero' is longer than 64 MiB")));
}

TEST(Svd, AnyTextIsReadOrRefused) {
    const std::string whole = kSvd;
    for (std::size_t cut = 0; cut < whole.size(); cut += 3) {
        std::string changed = whole;
        changed[cut] = static_cast<char>('0' + cut % 70);
        for (const std::string& text : {whole.substr(0, cut), changed}) {
            try {
                parseSvd(text, "cut.svd");
            } catch (const Error& error) {
                EXPECT_THAT(error.what(), testing::StartsWith("cut.svd:"));
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Files, WrongSvdFile, testing::ValuesIn(kWrong),
                         [](const auto& parameter) { return parameter.param.name; });

} // namespace
} // namespace simprof::test
