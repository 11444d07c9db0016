// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards.h"
#include "profiler/files.h"
#include "profiler/profile_json.h"
#include "sim_core/error.h"
#include "tests/support/sample_profile.h"
#include "tests/support/schema_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <random>
#include <sys/resource.h>
#include <sys/stat.h>

namespace simprof {
namespace {

using nlohmann::ordered_json;
using test::sampleProfile;

/// A folder of its own for one test, removed behind it.
class ScratchFolder {
public:
    ScratchFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "simprof-test-XXXXXX").string();
        m_path = ::mkdtemp(name.data());
    }
    ~ScratchFolder() { std::filesystem::remove_all(m_path); }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    std::filesystem::path operator/(const char* name) const { return m_path / name; }
    std::size_t files() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(m_path), {}));
    }

private:
    std::filesystem::path m_path;
};

/// A profile in which each field that the sample leaves empty is filled too.
Profile fullProfile() {
    Profile profile = sampleProfile();
    profile.halt = {HaltReason::Kind::Fault, "UsageFault: unaligned word load", 0x08000400, 0, test::sampleFault()};
    profile.memory.stack.overflowsInto = "heap";
    profile.whatIf = {{{"fn:conv*=itcm", "2 functions", 2560, "ITCM RAM"}, {"icache=off", "off", 0, ""}}, 1000, 12.5};
    profile.threads = {{"net", "FreeRTOS", 0x20000100, 700, 2, 1024, 512}, {"IDLE", "RTX", 0x20000200, 300, 1, 0, 64}};
    profile.threadSpans = {{0, 100, 300}, {1, 400, 300}, {0, 700, 400}};
    profile.findings = {{"stack overflow", "stack", Severity::Error, "The stack runs over into heap."},
                        {"arena too large", "arena", Severity::Note, "Some of it was never touched.",
                         Savings{1, 0.5, 0.25, 704}, "nothing", "reserve less", "22,336 B of 23,040 B touched"}};
    return profile;
}

std::string errorOf(const std::string& text) {
    try {
        fromJson(text);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

/// The error after `edit` changed the sample's JSON.
template<class Edit>
std::string errorAfter(Edit edit) {
    auto json = ordered_json::parse(toJson(sampleProfile()));
    edit(json);
    return errorOf(json.dump());
}

TEST(ProfileJson, RoundTripKeepsEveryField) {
    EXPECT_EQ(fromJson(toJson(sampleProfile())), sampleProfile());
    EXPECT_EQ(fromJson(toJson(fullProfile())), fullProfile());
    Profile empty;
    EXPECT_EQ(fromJson(toJson(empty)), empty);
}

TEST(ProfileJson, OlderProfilesAreCompleted) {
    auto json = ordered_json::parse(toJson(sampleProfile()));
    json.erase("findings");
    json["board"].erase("max_clock_hz");
    json["board"].erase("supply_figures");
    const Profile builtIn = fromJson(json.dump());
    EXPECT_EQ(builtIn.findings, sampleProfile().findings);
    EXPECT_EQ(builtIn.board.maxClockHz, 216'000'000U);
    EXPECT_EQ(builtIn.board.supplyFigures, std::nullopt) << "the board has no supply of that name";
    json["board"]["supply"] = findBoard("stm32f746g-disco")->supplies.front().name;
    EXPECT_GT(fromJson(json.dump()).board.supplyFigures.value().volts, 0);
    json["board"]["name"] = "one from a file";
    EXPECT_EQ(fromJson(json.dump()).board.supplyFigures, std::nullopt);
    EXPECT_EQ(fromJson(json.dump()).board.maxClockHz, 0U);
}

TEST(ProfileJson, EqualProfilesGiveEqualBytes) {
    EXPECT_EQ(toJson(sampleProfile()), toJson(sampleProfile()));
    EXPECT_EQ(toJson(fromJson(toJson(fullProfile()))), toJson(fullProfile()));
}

TEST(ProfileJson, FollowsThePublishedSchema) {
    const auto schema =
        nlohmann::json::parse(readFile(std::filesystem::path(SIMPROF_SOURCE_DIR) / "profiler/profile_schema.json"));
    test::SchemaCheck check(schema);
    EXPECT_THAT(check.errors(nlohmann::json::parse(toJson(fullProfile()))), testing::IsEmpty());
    EXPECT_THAT(check.errors(nlohmann::json::parse(toJson(sampleProfile()))), testing::IsEmpty());
}

TEST(ProfileJson, TheSchemaHoldsNoKeyThatIsNotWritten) {
    const auto schema =
        nlohmann::json::parse(readFile(std::filesystem::path(SIMPROF_SOURCE_DIR) / "profiler/profile_schema.json"));
    const auto written = nlohmann::json::parse(toJson(fullProfile()));
    for (const auto& [key, value] : schema["properties"].items()) {
        EXPECT_TRUE(written.contains(key)) << key;
    }
    EXPECT_EQ(schema["properties"]["schema"]["const"], kProfileSchema);
    for (const auto& [key, value] : schema["$defs"]["layer"]["properties"].items()) {
        EXPECT_TRUE(written["layers"][0].contains(key)) << key;
    }
    EXPECT_EQ(schema["$defs"]["stalls"]["properties"].size(), kStallCount);
}

TEST(ProfileJson, UnknownKeysAreIgnoredAndTheOrderIsFree) {
    auto json = nlohmann::json::parse(toJson(sampleProfile())); // sorts the keys
    json["later"] = {{"more", 1}};
    json["layers"][0]["later"] = "x";
    EXPECT_EQ(fromJson(json.dump()), sampleProfile());
}

TEST(ProfileJson, ErrorsNameThePath) {
    EXPECT_EQ(errorAfter([](auto& j) { j["totals"].erase("time_us"); }), "totals.time_us is missing");
    EXPECT_EQ(errorAfter([](auto& j) { j["layers"][3]["cycles"] = "many"; }),
              "layers[3].cycles is a string where a number is expected");
    EXPECT_EQ(errorAfter([](auto& j) { j["layers"][3]["shape"][1] = 1.5; }),
              "layers[3].shape[1] is no whole number from -2147483648 to 2147483647");
    EXPECT_EQ(errorAfter([](auto& j) { j["firmware"]["entry"] = 4294967296; }),
              "firmware.entry is no whole number from 0 to 4294967295");
    EXPECT_EQ(errorAfter([](auto& j) { j["totals"]["time_us"] = -1; }), "totals.time_us is no amount from 0 to 1e18");
    EXPECT_EQ(errorAfter([](auto& j) { j["memory"]["arena"] = 5; }),
              "memory.arena is a number where an object is expected");
    EXPECT_EQ(errorAfter([](auto& j) { j["memory"]["live"][2] = {1}; }),
              "memory.live[2] is not a pair of cycle and bytes");
    EXPECT_EQ(errorAfter([](auto& j) { j["call_spans"][7].erase(3); }), "call_spans[7].cycles is missing");
    EXPECT_EQ(errorAfter([](auto& j) {
                  j["thread_spans"].push_back(ordered_json::array({0, 1, 2}));
              }),
              "thread_spans[0].thread is 0, but there are 0 of them");
    EXPECT_EQ(errorAfter([](auto& j) { j["layers"][0]["stalls"]["fetch"] = -4; }),
              "layers[0].stalls.fetch is no whole number from 0 to 18446744073709551615");
    EXPECT_EQ(errorAfter([](auto& j) { j["console"] = nullptr; }), "console is null where a string is expected");
    EXPECT_EQ(errorAfter([](auto& j) {
                  j["findings"] = {{{"title", "a"}, {"target", "b"}, {"severity", "bad"}, {"text", "c"}}};
              }),
              "findings[0].severity is \"bad\", but it is one of error, warning, advice, note, basis");
}

TEST(ProfileJson, AnUnknownNameIsRefusedWithTheKnownOnes) {
    EXPECT_EQ(
        errorAfter([](auto& j) { j["memory"]["tensors"][1]["kind"] = "tensr"; }),
        "memory.tensors[1].kind is \"tensr\", but it is one of tensor, scratch, persistent, input, output, state");
    EXPECT_EQ(errorAfter([](auto& j) { j["power"][1]["state"] = ""; }),
              "power[1].state is \"\", but it is one of run, sleep, stop, standby");
    EXPECT_EQ(errorAfter([](auto& j) { j["halt"]["reason"] = "exit\x1b[2J" + std::string(1000, 'x'); }),
              "halt.reason is \"exit\\u001b[2J" + std::string(32, 'x') +
                  "\", but it is one of exit, until, fault, lockup, waits-forever, limit, cancelled, steady");
    EXPECT_EQ(errorAfter([](auto& j) { j["memory"]["regions"][0]["kind"] = "Flash"; }),
              "memory.regions[0].kind is \"Flash\", but it is one of flash, sram, itcm, dtcm, rom, xip");
    EXPECT_EQ(errorAfter([](auto& j) { j["memory"]["sram"][0]["name"] = 1; }),
              "memory.sram[0].name is a number where a string is expected");
    EXPECT_EQ(errorAfter([](auto& j) { j["firmware"]["format"] = "coff"; }),
              "firmware.format is \"coff\", but it is one of elf, hex, raw, uf2, srec, dfu");
    EXPECT_EQ(errorAfter([](auto& j) { j["peripherals"][0]["kind"] = "guess"; }),
              "peripherals[0].kind is \"guess\", but it is one of unmodelled, poll satisfied, event");
}

TEST(ProfileJson, OtherSchemasAreRefusedInWords) {
    EXPECT_EQ(errorAfter([](auto& j) { j["schema"] = "simprof-profile/2"; }),
              "the profile follows simprof-profile/2, this simprof reads simprof-profile/1: use the simprof that wrote "
              "it, or run the firmware again");
    EXPECT_EQ(
        errorAfter([](auto& j) { j["schema"] = 1; }),
        "not a simprof profile: its \"schema\" is not \"simprof-profile/1\"; 'simprof FIRMWARE -o PROFILE' makes one");
    EXPECT_EQ(
        errorOf("{}"),
        "not a simprof profile: its \"schema\" is not \"simprof-profile/1\"; 'simprof FIRMWARE -o PROFILE' makes one");
    EXPECT_EQ(errorOf("[1]"), "not a simprof profile: the file holds no JSON object");
}

TEST(ProfileJson, SumsMustAddUp) {
    EXPECT_THAT(errorAfter([](auto& j) { j["layers"][0]["cycles"] = 1; }), testing::HasSubstr("but totals.cycles is"));
    EXPECT_THAT(errorAfter([](auto& j) { j["layers"][0]["cycles"] = 18446744073709551615u; }),
                testing::HasSubstr("more than 2^64"));
    EXPECT_THAT(errorAfter([](auto& j) { j["owners"].erase(0); }), testing::HasSubstr("layers and owners add up to"));
}

TEST(ProfileJson, IndicesMustPointSomewhere) {
    EXPECT_EQ(errorAfter([](auto& j) { j["call_tree"][2][0] = 2; }),
              "call_tree[2].parent is 2, but there are 2 of them");
    EXPECT_EQ(errorAfter([](auto& j) { j["call_tree"][2][1] = -1; }),
              "call_tree[2].function is -1, but there are 18 of them");
    EXPECT_EQ(errorAfter([](auto& j) { j["inferences"][0]["spans"][1]["layer"] = 13; }),
              "spans[1].layer is 13, but there are 13 of them");
    EXPECT_EQ(errorAfter([](auto& j) { j["memory"]["tensors"][1]["readers"][0] = 99; }),
              "memory.tensors[1].readers is 99, but there are 13 of them");
    EXPECT_EQ(errorAfter([](auto& j) { j["layers"][2]["id"] = 3; }), "layers[2].id is 3, not its position");
    EXPECT_EQ(errorAfter([](auto& j) {
                  j["call_spans"][0][3] = 18446744073709551615u;
                  j["call_spans"][0][2] = 1;
              }),
              "call_spans[0] ends behind the last cycle there can be");
}

/// Damage of each kind at random places: the reader returns a valid profile or throws Error, and does nothing else.
TEST(ProfileJson, SurvivesAnyDamage) {
    const std::string whole = toJson(fullProfile());
    std::mt19937 random(20240229);
    const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random()) % limit; };
    unsigned refused = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string text = whole;
        for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
            const std::size_t at = below(text.size());
            switch (below(6)) {
            case 0: text[at] = static_cast<char>(random()); break;
            case 1: text.resize(at + 1); break;
            case 2: text.erase(at, 1 + below(40)); break;
            case 3: text.insert(at, text.substr(below(text.size()), below(200))); break;
            case 4: text.insert(at, std::string_view("9-e.\"{}[],:\\").substr(below(12), 1)); break;
            default:
                if (const std::size_t digit = text.find_first_of("0123456789", at); digit != std::string::npos) {
                    text.replace(digit, 1, below(2) == 0 ? "-1" : "18446744073709551615");
                }
            }
        }
        try {
            checkProfile(fromJson(text));
        } catch (const Error&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 1500u);
}

TEST(ProfileJson, AMillionSpansReadAndWrite) {
    test::SampleOptions options;
    options.callSpans = 1'000'000;
    const Profile profile = sampleProfile(options);
    ASSERT_GE(profile.callSpans.size(), 1'000'000u);
    EXPECT_EQ(fromJson(toJson(profile)), profile);
}

TEST(ProfileFile, WritesAndReads) {
    const ScratchFolder folder;
    writeProfile(folder / "a.simprof", sampleProfile());
    EXPECT_EQ(readProfile(folder / "a.simprof"), sampleProfile());
    writeProfile(folder / "a.simprof", fullProfile());
    EXPECT_EQ(readProfile(folder / "a.simprof"), fullProfile());
    EXPECT_EQ(folder.files(), 1u) << "no temporary file stays";
}

TEST(ProfileFile, AFullDiskLeavesTheOldFileAndNoOther) {
    const ScratchFolder folder;
    const auto path = folder / "a.simprof";
    writeFile(path, "old");
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small = before;
    small.rlim_cur = 1000;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    std::string message;
    try {
        writeProfile(path, sampleProfile());
    } catch (const Error& error) {
        message = error.what();
    }
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    EXPECT_EQ(message, "cannot write '" + path.string() + "': File too large");
    EXPECT_EQ(readFile(path), "old");
    EXPECT_EQ(folder.files(), 1u);
}

TEST(ProfileFile, DevicesAreWrittenNotReplaced) {
    EXPECT_THROW(writeFile("/dev/full", "text"), Error);
    EXPECT_NO_THROW(writeFile("/dev/null", "text"));
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(ProfileFile, LinksStayLinksAndModesStay) {
    const ScratchFolder folder;
    writeFile(folder / "real", "1");
    ASSERT_EQ(::chmod((folder / "real").c_str(), 0600), 0);
    std::filesystem::create_symlink(folder / "real", folder / "link");
    writeFile(folder / "link", "2");
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
    EXPECT_EQ(readFile(folder / "real"), "2");
    EXPECT_EQ(std::filesystem::status(folder / "real").permissions(), std::filesystem::perms(0600));
}

TEST(ProfileFile, ErrorsAreOneSentenceThatNamesTheFile) {
    const ScratchFolder folder;
    const auto messageOf = [](const auto& action) -> std::string {
        try {
            action();
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_EQ(messageOf([&] { readProfile("/nowhere/x"); }), "cannot read '/nowhere/x': No such file or directory");
    EXPECT_EQ(messageOf([&] { readProfile("/"); }), "cannot read '/': Is a directory");
    EXPECT_EQ(messageOf([&] { writeProfile("/nowhere/x", {}); }),
              "cannot write '/nowhere/x': No such file or directory");
    EXPECT_EQ(messageOf([&] { writeProfile("/", {}); }), "cannot write '/': Is a directory");
    writeFile(folder / "fw.elf", "\x7f"
                                 "ELF");
    EXPECT_THAT(messageOf([&] { readProfile(folder / "fw.elf"); }),
                testing::HasSubstr("is not a profile: make one with 'simprof "));
    writeFile(folder / "cut.simprof", toJson(sampleProfile()).substr(0, 2000));
    EXPECT_THAT(messageOf([&] { readProfile(folder / "cut.simprof"); }),
                testing::HasSubstr("cut.simprof': not valid JSON: line"));
}

} // namespace
} // namespace simprof
