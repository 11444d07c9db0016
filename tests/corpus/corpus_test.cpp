// SPDX-License-Identifier: GPL-2.0-or-later
// Replays the fuzzers' corpora, and damaged copies of each file, the same ones in each run: every reader reads or
// throws Error, and is soon done.
#include "sim_core/error.h"
#include "tests/corpus/readers.h"
#include "tests/fuzz/mutate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace simprof::test {

void PrintTo(const Reader& reader, std::ostream* out) { *out << reader.name; }

namespace {

constexpr std::size_t kMutatedBytes = 4'000'000; ///< of damaged copies of one file

std::vector<std::filesystem::path> corpusOf(const Reader& reader) {
    const std::filesystem::path folder = std::filesystem::path(SIMPROF_SOURCE_DIR) / "tests/corpus" / reader.name;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

/// Whether the reader takes these bytes.
bool takes(const Reader& reader, std::string_view bytes) {
    try {
        reader.read(bytes);
        return true;
    } catch (const Error& error) {
        EXPECT_STRNE(error.what(), "");
        return false;
    }
}

class Corpus : public testing::TestWithParam<Reader> {};

TEST_P(Corpus, IsReadOrRefused) {
    const Reader& reader = GetParam();
    unsigned taken = 0;
    for (const std::filesystem::path& path : corpusOf(reader)) {
        SCOPED_TRACE(path.string());
        std::ifstream file(path, std::ios::binary);
        const std::string bytes(std::istreambuf_iterator<char>(file), {});
        taken += takes(reader, bytes) ? 1 : 0;
        ASSERT_FALSE(bytes.empty());
        const auto all = std::as_bytes(std::span(bytes));
        const std::vector<std::byte> original(all.begin(), all.end());
        Random random(1);
        for (std::size_t i = 0; i < std::min<std::size_t>(500, kMutatedBytes / bytes.size()); ++i) {
            const std::vector<std::byte> damaged = mutated(original, random);
            takes(reader, {reinterpret_cast<const char*>(damaged.data()), damaged.size()});
        }
    }
    EXPECT_GT(taken, 0U) << "no file of the corpus is valid";
}

INSTANTIATE_TEST_SUITE_P(Readers, Corpus, testing::ValuesIn(readers().begin(), readers().end()),
                         [](const auto& row) { return std::string(row.param.name); });

} // namespace
} // namespace simprof::test
