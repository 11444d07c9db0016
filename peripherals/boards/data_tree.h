// SPDX-License-Identifier: GPL-2.0-or-later
/// TOML and JSON as one tree whose nodes know their line.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simprof {

enum class DataFormat : std::uint8_t { Toml, Json };

/// A value of a configuration file.
struct DataNode {
    enum class Kind : std::uint8_t { Boolean, Integer, Real, Text, List, Table };
    struct Member;

    Kind kind = Kind::Table;
    unsigned line = 0; ///< of its key, or of the value itself in a list; from 1
    bool boolean = false;
    bool hexadecimal = false; ///< how an integer is written to TOML
    std::int64_t integer = 0;
    double real = 0;
    std::string text;
    std::vector<DataNode> list;
    std::vector<Member> members; ///< of a table, in file order for JSON and by name for TOML

    static DataNode of(bool value);
    static DataNode of(std::int64_t value, bool hexadecimal = false);
    static DataNode of(double value);
    static DataNode of(std::string value);
    static DataNode ofKind(Kind kind);
    void add(std::string key, DataNode value);
    /// "a number", "a table" …, for messages.
    std::string kindName() const;
};

struct DataNode::Member {
    std::string key;
    DataNode value;
};

/// Parses `text`; throws Error that names `fileName` and the line.
DataNode readData(std::string_view text, const std::string& fileName, DataFormat format);
/// The tree as a file that readData() reads.
std::string writeData(const DataNode& root, DataFormat format);

} // namespace simprof
