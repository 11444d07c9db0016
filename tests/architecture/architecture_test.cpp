// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/architecture/source_tree.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace simprof::test {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A file that is longer asks to be split.
constexpr std::size_t kLineLimit = 400;

const std::vector<SourceFile>& tree() {
    static const std::vector<SourceFile> kTree = readSourceTree(SIMPROF_SOURCE_DIR);
    return kTree;
}

template<class Rule>
Violations everywhere(Rule rule) {
    Violations all;
    for (const SourceFile& file : tree()) {
        std::ranges::move(rule(file), std::back_inserter(all));
    }
    return all;
}

} // namespace

TEST(Architecture, TreeIsRead) {
    const auto has = [](std::string_view path) {
        return std::ranges::binary_search(tree(), path, {}, &SourceFile::path);
    };
    EXPECT_TRUE(has("sim_core/machine.cpp"));
    EXPECT_TRUE(has("profiler/profile.h"));
    EXPECT_TRUE(has("tests/architecture/architecture_test.cpp"));
}

TEST(Architecture, ArrowsPointOneWay) { EXPECT_THAT(everywhere(wrongArrows), IsEmpty()); }

TEST(Architecture, RoomsHaveDoors) { EXPECT_THAT(everywhere(wrongDoors), IsEmpty()); }

TEST(Architecture, ThirdPartyHeadersStayInTheirFile) { EXPECT_THAT(everywhere(strayThirdParties), IsEmpty()); }

TEST(Architecture, EachSourceNamesItsLicence) { EXPECT_THAT(everywhere(missingLicence), IsEmpty()); }

TEST(Architecture, NoHostPathsNorLooseEnds) { EXPECT_THAT(everywhere(forbiddenWords), IsEmpty()); }

TEST(Architecture, HeadersAndIncludes) {
    std::vector<std::string> known;
    for (const SourceFile& file : tree()) {
        known.push_back(file.path);
    }
    EXPECT_THAT(everywhere([&known](const SourceFile& file) { return headerHabits(file, known); }), IsEmpty());
}

/// Paths that docs/ARCHITECTURE.md excuses, each in a line "- `path`: reason" below "## Exceptions".
std::vector<std::string> exceptions() {
    std::vector<std::string> paths;
    const auto document = std::ranges::find(tree(), "docs/ARCHITECTURE.md", &SourceFile::path);
    if (document == tree().end()) {
        return paths;
    }
    for (std::size_t at = document->text.find("\n- `", document->text.find("## Exceptions")); at != std::string::npos;
         at = document->text.find("\n- `", at + 1)) {
        const std::size_t begin = at + 4;
        paths.push_back(document->text.substr(begin, document->text.find('`', begin) - begin));
    }
    return paths;
}

TEST(Architecture, FilesAndClassesAreSmall) {
    std::vector<std::string> unused = exceptions();
    const std::vector<std::string> excused = unused;
    for (const SourceFile& file : tree()) {
        Violations found = crowdedClasses(file);
        if (isProgramText(file.path) && lineCount(file.text) > kLineLimit) {
            found.push_back(fmt::format("{} has {} lines", file.path, lineCount(file.text)));
        }
        std::erase(unused, found.empty() ? "" : file.path);
        if (std::ranges::find(excused, file.path) == excused.end()) {
            EXPECT_THAT(found, IsEmpty());
        }
    }
    EXPECT_THAT(unused, IsEmpty()) << "no exception is needed any more";
}

// The rules themselves, on files that break them.

TEST(ArchitectureRules, Includes) {
    const auto includes =
        includesOf("#pragma once\n#include \"a/b.h\" // why\n#include <vector>\n  text #include \"no.h\"\n");
    ASSERT_EQ(includes.size(), 2U);
    EXPECT_EQ(includes[0].path, "a/b.h");
    EXPECT_EQ(includes[0].line, 2U);
    EXPECT_EQ(includes[1].quote, '<');
    EXPECT_EQ(includes[1].path, "vector");
}

TEST(ArchitectureRules, Arrows) {
    EXPECT_THAT(wrongArrows({"sim_core/a.cpp", "#include \"profiler/profile.h\"\n"}),
                ElementsAre("sim_core/a.cpp:1: sim_core must not include profiler/profile.h"));
    EXPECT_THAT(wrongArrows({"cli/a.cpp", "#include \"gui/theme.h\"\n"}),
                ElementsAre("cli/a.cpp:1: cli must not include gui/theme.h"));
    EXPECT_THAT(wrongArrows({"profiler/a.cpp", "#include \"a.h\"\n"}),
                ElementsAre("profiler/a.cpp:1: profiler must not include a.h"));
    EXPECT_THAT(wrongArrows({"profiler/a.cpp", "#include \"sim_core/units.h\"\n#include \"profiler/profile.h\"\n"}),
                IsEmpty());
    EXPECT_THAT(wrongArrows({"tests/a.cpp", "#include \"gui/theme.h\"\n"}), IsEmpty());
}

TEST(ArchitectureRules, Doors) {
    EXPECT_THAT(wrongDoors({"sim_core/decode/a.h", "#include \"sim_core/timing/core_timing.h\"\n"}),
                ElementsAre("sim_core/decode/a.h:1: the room sim_core/decode must not include "
                            "sim_core/timing/core_timing.h of sim_core/timing"));
    EXPECT_THAT(wrongDoors({"sim_core/units.h", "#include \"sim_core/machine.h\"\n"}), testing::SizeIs(1));
    EXPECT_THAT(wrongDoors({"sim_core/machine.cpp", "#include \"sim_core/engine/cpu.h\"\n"}), IsEmpty());
    EXPECT_THAT(wrongDoors({"profiler/a.h", "#include \"sim_core/machine.h\"\n"}), IsEmpty());
    EXPECT_THAT(wrongDoors({"profiler/collect/a.h", "#include \"profiler/runtimes/tflm.h\"\n"}),
                ElementsAre("profiler/collect/a.h:1: the room profiler/collect must not include "
                            "profiler/runtimes/tflm.h of profiler/runtimes"));
    EXPECT_THAT(
        wrongDoors({"profiler/planning/a.h", "#include \"profiler/planning/b.h\"\n#include \"sim_core/units.h\"\n"
                                             "#include \"profiler/files.h\"\n"}),
        ElementsAre("profiler/planning/a.h:3: profiler/planning/ is a room by itself and must not include "
                    "profiler/files.h"));
}

TEST(ArchitectureRules, CrowdedClasses) {
    std::string members, fields;
    for (std::size_t i = 0; i < kMemberLimit; ++i) {
        members += fmt::format("    int m_{} = {{}}; // m_comment\n", std::string(1, static_cast<char>('a' + i)));
        fields += fmt::format("int {}; ", std::string(1, static_cast<char>('a' + i)));
    }
    const auto crowded = [](const std::string& body) {
        return crowdedClasses({"a.h", "class Hall final : public Room {\npublic:\n" + body + "};\n"});
    };
    EXPECT_THAT(crowded(members), IsEmpty());
    EXPECT_THAT(crowded(members + "    std::function<void()> m_z;\n"), ElementsAre("a.h: Hall has 21 data members"));
    EXPECT_THAT(crowded(members + "    Hall() : m_y(1) {}\n    int y() { return m_x; }\n"), IsEmpty());
    EXPECT_THAT(crowded("    struct Box { " + fields + "};\n    int m_a;\n    Box m_box;\n"),
                ElementsAre("a.h: Hall has 21 data members"));
    EXPECT_THAT(crowded("    struct Box { " + fields + "};\n    int m_a;\n    std::vector<Box> m_boxes;\n"), IsEmpty());
}

TEST(ArchitectureRules, ThirdParties) {
    EXPECT_THAT(strayThirdParties({"sim_core/machine.cpp", "#include <unicorn/unicorn.h>\n"}),
                ElementsAre("sim_core/machine.cpp:1: <unicorn/unicorn.h> belongs into sim_core/engine/ only"));
    EXPECT_THAT(strayThirdParties({"profiler/a.h", "#include <QString>\n"}),
                ElementsAre("profiler/a.h:1: <QString> belongs into gui/ only"));
    EXPECT_THAT(strayThirdParties({"sim_core/engine/cpu.cpp", "#include <unicorn/unicorn.h>\n"}), IsEmpty());
}

TEST(ArchitectureRules, Licence) {
    EXPECT_THAT(missingLicence({"scripts/demo", "#!/bin/sh\n# SPDX-License-Identifier: GPL-2.0-or-later\n"}),
                IsEmpty());
    EXPECT_THAT(missingLicence({"cli/a.h", "#pragma once\n"}), testing::SizeIs(1));
    EXPECT_THAT(missingLicence({"docs/a.md", "# A\n"}), IsEmpty());
}

TEST(ArchitectureRules, Words) {
    const std::string todo = std::string("TO") + "DO";
    const std::string host = std::string("/wo") + "rk";
    EXPECT_THAT(forbiddenWords({"docs/a.md", "one\ntwo " + todo + ": three\n"}),
                ElementsAre("docs/a.md:2: holds '" + todo + "'"));
    EXPECT_THAT(forbiddenWords({"cli/a.cpp", "f(\"" + host + "/main\")\n"}), testing::SizeIs(1));
    EXPECT_THAT(forbiddenWords({"cli/a.cpp", "f(\"src" + host + ".cpp\"); " + todo + "_LIST\n"}), IsEmpty());
}

} // namespace simprof::test
