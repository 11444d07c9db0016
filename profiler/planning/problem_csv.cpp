// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/planning/problem_csv.h"

#include "sim_core/error.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <iterator>
#include <unordered_map>

namespace simprof {
namespace {

constexpr std::string_view kHeader = "id,lower,upper,size";
constexpr std::string_view kPlanHeader = "id,lower,upper,size,offset";
constexpr std::size_t kMostBuffers = 1'000'000;
/// Sums of sizes and offsets stay far from the end of 64 bits.
constexpr Bytes kMostBytes = Bytes{1} << 60;

class Reader {
public:
    Reader(std::string_view text, const std::string& name)
        : m_rest(text)
        , m_name(name) {}

    PlanningFile read();

private:
    [[noreturn]] void refuse(const std::string& why) const {
        throw Error(fmt::format("{}:{}: {}", m_name, m_line, why));
    }
    std::string_view nextLine();
    void readRow(std::string_view row);
    std::uint64_t readNumber(std::string_view& row, std::string_view column) const;

    std::string_view m_rest;
    const std::string& m_name;
    std::size_t m_line = 0;
    PlanningFile m_file;
    bool m_hasOffsets = false;
    Bytes m_bytes = 0;
    std::unordered_map<std::uint64_t, std::size_t> m_lineOf; ///< by id
};

std::string_view Reader::nextLine() {
    const std::size_t end = std::min(m_rest.find('\n'), m_rest.size());
    std::string_view line = m_rest.substr(0, end);
    m_rest.remove_prefix(std::min(end + 1, m_rest.size()));
    ++m_line;
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

std::uint64_t Reader::readNumber(std::string_view& row, std::string_view column) const {
    const std::size_t end = std::min(row.find(','), row.size());
    const std::string_view field = row.substr(0, end);
    row.remove_prefix(std::min(end + 1, row.size()));
    std::uint64_t number = 0;
    const auto [last, problem] = std::from_chars(field.data(), field.data() + field.size(), number);
    if (field.empty() || problem != std::errc{} || last != field.data() + field.size()) {
        refuse(fmt::format("{} must be a whole number of at most 64 bits, not '{}'", column, field.substr(0, 40)));
    }
    return number;
}

void Reader::readRow(std::string_view row) {
    const auto fields = static_cast<std::size_t>(std::ranges::count(row, ',')) + 1;
    const std::size_t wanted = m_hasOffsets ? 5 : 4;
    if (fields != wanted) {
        refuse(fmt::format("{} fields, where the first line names {}", fields, wanted));
    }
    PlannedBuffer buffer;
    buffer.id = readNumber(row, "id");
    buffer.lower = readNumber(row, "lower");
    buffer.upper = readNumber(row, "upper");
    buffer.size = readNumber(row, "size");
    if (buffer.lower >= buffer.upper) {
        refuse(fmt::format("buffer {} ends at {}, not after it begins at {}", buffer.id, buffer.upper, buffer.lower));
    }
    if (buffer.size == 0) {
        refuse(fmt::format("buffer {} has no bytes: leave it out", buffer.id));
    }
    const auto [known, isNew] = m_lineOf.emplace(buffer.id, m_line);
    if (!isNew) {
        refuse(fmt::format("id {} is taken by line {}", buffer.id, known->second));
    }
    const Bytes offset = m_hasOffsets ? readNumber(row, "offset") : 0;
    if (buffer.size > kMostBytes || offset > kMostBytes || (m_bytes += buffer.size) > kMostBytes) {
        refuse("more than 2^60 bytes cannot be planned");
    }
    if (m_file.problem.buffers.size() == kMostBuffers) {
        refuse(fmt::format("more than {} buffers cannot be planned", kMostBuffers));
    }
    m_file.problem.buffers.push_back(buffer);
    if (m_hasOffsets) {
        m_file.offsets.push_back(offset);
    }
}

PlanningFile Reader::read() {
    const std::string_view header = nextLine();
    if (header != kHeader && header != kPlanHeader) {
        refuse(fmt::format("a planning problem begins with the line '{}' or '{}'", kHeader, kPlanHeader));
    }
    m_hasOffsets = header == kPlanHeader;
    while (!m_rest.empty()) {
        if (const std::string_view row = nextLine(); !row.empty()) {
            readRow(row);
        }
    }
    if (m_file.problem.buffers.empty()) {
        refuse("there are no buffers");
    }
    return std::move(m_file);
}

} // namespace

PlanningFile readPlanningCsv(std::string_view text, const std::string& name) { return Reader(text, name).read(); }

std::string writePlanningCsv(const PlanningProblem& problem, const std::vector<Bytes>& offsets) {
    std::string text = fmt::format("{}\n", offsets.empty() ? kHeader : kPlanHeader);
    for (std::size_t i = 0; i < problem.buffers.size(); ++i) {
        const PlannedBuffer& buffer = problem.buffers[i];
        fmt::format_to(std::back_inserter(text), "{},{},{},{}", buffer.id, buffer.lower, buffer.upper, buffer.size);
        if (!offsets.empty()) {
            fmt::format_to(std::back_inserter(text), ",{}", offsets[i]);
        }
        text += '\n';
    }
    return text;
}

} // namespace simprof
