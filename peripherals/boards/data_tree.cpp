// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/data_tree.h"

#include "sim_core/error.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <sstream>

namespace simprof {

DataNode DataNode::ofKind(Kind kind) {
    DataNode node;
    node.kind = kind;
    return node;
}
DataNode DataNode::of(bool value) {
    DataNode node = ofKind(Kind::Boolean);
    node.boolean = value;
    return node;
}
DataNode DataNode::of(std::int64_t value, bool asHexadecimal) {
    DataNode node = ofKind(Kind::Integer);
    node.integer = value;
    node.hexadecimal = asHexadecimal;
    return node;
}
DataNode DataNode::of(double value) {
    DataNode node = ofKind(Kind::Real);
    node.real = value;
    return node;
}
DataNode DataNode::of(std::string value) {
    DataNode node = ofKind(Kind::Text);
    node.text = std::move(value);
    return node;
}

void DataNode::add(std::string key, DataNode value) { members.push_back({std::move(key), std::move(value)}); }

std::string DataNode::kindName() const {
    switch (kind) {
    case Kind::Boolean: return "true or false";
    case Kind::Integer: return "a whole number";
    case Kind::Real: return "a number";
    case Kind::Text: return "a text";
    case Kind::List: return "a list";
    case Kind::Table: return "a table";
    }
    return "";
}

namespace {

constexpr std::size_t kDeepest = 64;

[[noreturn]] void failDepth(const std::string& fileName, unsigned line) {
    throw Error(fmt::format("{}:{}: brackets or keys lie deeper in each other than {}", fileName, line, kDeepest));
}

// ---- TOML -----------------------------------------------------------------------------------------------------------

DataNode fromToml(const toml::node& value, unsigned line, const std::string& fileName, unsigned depth) {
    if (depth > kDeepest) {
        failDepth(fileName, line);
    }
    DataNode node;
    if (const auto* table = value.as_table()) {
        node = DataNode::ofKind(DataNode::Kind::Table);
        for (const auto& [key, member] : *table) {
            node.add(std::string(key.str()), fromToml(member, key.source().begin.line, fileName, depth + 1));
        }
    } else if (const auto* array = value.as_array()) {
        node = DataNode::ofKind(DataNode::Kind::List);
        for (const toml::node& element : *array) {
            node.list.push_back(fromToml(element, element.source().begin.line, fileName, depth + 1));
        }
    } else if (const auto* text = value.as_string()) {
        node = DataNode::of(text->get());
    } else if (const auto* integer = value.as_integer()) {
        node = DataNode::of(integer->get());
    } else if (const auto* real = value.as_floating_point()) {
        node = DataNode::of(real->get());
    } else if (const auto* boolean = value.as_boolean()) {
        node = DataNode::of(boolean->get());
    } else {
        node = DataNode::of(std::string("(a date)"));
    }
    node.line = line;
    return node;
}

/// Each dot of a key leads one table deeper, and the parser has no limit of its own for that.
void checkDots(std::string_view text, const std::string& fileName) {
    constexpr unsigned kMostDots = 64;
    unsigned line = 1;
    unsigned dots = 0;
    for (const char c : text) {
        line += c == '\n' ? 1 : 0;
        dots = c == '\n' ? 0 : dots + (c == '.' ? 1 : 0);
        if (dots > kMostDots) {
            throw Error(fmt::format("{}:{}: more than {} dots in one line: break it", fileName, line, kMostDots));
        }
    }
}

DataNode readToml(std::string_view text, const std::string& fileName) {
    checkDots(text, fileName);
    try {
        return fromToml(toml::parse(text), 1, fileName, 0);
    } catch (const toml::parse_error& error) {
        throw Error(
            fmt::format("{}:{}: this is no TOML: {}", fileName, error.source().begin.line, error.description()));
    }
}

/// A text between quotes, as TOML's basic strings and JSON write it.
std::string quoted(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool isBareKey(const std::string& key) {
    return !key.empty() && key.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
                               std::string::npos;
}

std::string keyText(const std::string& key) { return isBareKey(key) ? key : quoted(key); }

std::string realText(double value) {
    std::string text = fmt::format("{}", value);
    return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

bool isTableList(const DataNode& node) {
    return node.kind == DataNode::Kind::List && !node.list.empty() &&
           std::ranges::all_of(node.list, [](const DataNode& entry) { return entry.kind == DataNode::Kind::Table; });
}

std::string inlineToml(const DataNode& node) {
    switch (node.kind) {
    case DataNode::Kind::Boolean: return node.boolean ? "true" : "false";
    case DataNode::Kind::Integer:
        return node.hexadecimal ? fmt::format("0x{:08X}", node.integer) : fmt::format("{}", node.integer);
    case DataNode::Kind::Real: return realText(node.real);
    case DataNode::Kind::Text: return quoted(node.text);
    case DataNode::Kind::List: {
        std::string out;
        for (const DataNode& entry : node.list) {
            out += (out.empty() ? "" : ", ") + inlineToml(entry);
        }
        return "[" + out + "]";
    }
    case DataNode::Kind::Table: break;
    }
    std::string out;
    for (const auto& member : node.members) {
        out += (out.empty() ? "" : ", ") + keyText(member.key) + " = " + inlineToml(member.value);
    }
    return "{ " + out + " }";
}

/// A list of many short things: some per line.
std::string longList(const DataNode& node) {
    std::string out = "[";
    std::string line;
    for (const DataNode& entry : node.list) {
        const std::string text = inlineToml(entry) + ",";
        if (line.empty() || line.size() + text.size() > 110) {
            out += line;
            line = "\n    " + text;
        } else {
            line += " " + text;
        }
    }
    return out + line + "\n]";
}

/// Tables that hold only values are written in one line where they are a member of a row.
bool fitsInline(const DataNode& node) {
    return std::ranges::none_of(node.members, [](const auto& member) {
        return member.value.kind == DataNode::Kind::Table || isTableList(member.value);
    });
}

void tomlTable(const DataNode& table, const std::string& path, unsigned depth, std::string& out) {
    const auto isOwnTable = [depth](const DataNode& value) {
        return value.kind == DataNode::Kind::Table && (depth < 1 || !fitsInline(value));
    };
    for (const auto& [key, value] : table.members) {
        if (isTableList(value) || isOwnTable(value)) {
            continue;
        }
        const std::string text = inlineToml(value);
        out += keyText(key) + " = " +
               (value.kind == DataNode::Kind::List && text.size() > 110 ? longList(value) : text) + "\n";
    }
    for (const auto& [key, value] : table.members) {
        const std::string name = path.empty() ? keyText(key) : path + "." + keyText(key);
        if (isTableList(value)) {
            for (const DataNode& row : value.list) {
                out += "\n[[" + name + "]]\n";
                tomlTable(row, name, depth + 1, out);
            }
        } else if (isOwnTable(value)) {
            out += "\n[" + name + "]\n";
            tomlTable(value, name, depth, out);
        }
    }
}

// ---- JSON -----------------------------------------------------------------------------------------------------------

/// Counts lines while the parser reads.
class LineIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    LineIterator(const char* at, unsigned& line)
        : m_at(at)
        , m_line(&line) {}
    reference operator*() const { return *m_at; }
    LineIterator& operator++() {
        *m_line += *m_at == '\n' ? 1 : 0;
        ++m_at;
        return *this;
    }
    LineIterator operator++(int) {
        LineIterator before = *this;
        ++*this;
        return before;
    }
    bool operator==(const LineIterator& other) const { return m_at == other.m_at; }

private:
    const char* m_at;
    unsigned* m_line;
};

class JsonTree final : public nlohmann::json::json_sax_t {
public:
    JsonTree(const std::string& fileName, const unsigned& line)
        : m_file(fileName)
        , m_line(line) {}
    DataNode take() { return std::move(m_root); }

    bool null() override {
        throw Error(fmt::format("{}:{}: null is no value here: leave the key out", m_file, m_line));
    }
    bool boolean(bool value) override { return put(DataNode::of(value)); }
    bool number_integer(number_integer_t value) override { return put(DataNode::of(static_cast<std::int64_t>(value))); }
    bool number_unsigned(number_unsigned_t value) override {
        constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        return put(DataNode::of(static_cast<std::int64_t>(std::min<std::uint64_t>(value, kMost))));
    }
    bool number_float(number_float_t value, const string_t&) override { return put(DataNode::of(value)); }
    bool string(string_t& value) override { return put(DataNode::of(value)); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(DataNode::Kind::Table); }
    bool start_array(std::size_t) override { return open(DataNode::Kind::List); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& value) override {
        const auto [known, isNew] = m_open.back().keyLines.emplace(value, m_line);
        if (!isNew) {
            throw Error(fmt::format("{}:{}: the key '{}' is given twice, first in line {}", m_file, m_line, value,
                                    known->second));
        }
        m_open.back().key = value;
        m_open.back().keyLine = m_line;
        return true;
    }
    bool parse_error(std::size_t, const std::string& token, const nlohmann::json::exception& error) override {
        std::string what = error.what();
        const std::size_t at = what.find("syntax error");
        what = at == std::string::npos ? "it ends or goes on where '" + token + "' is" : what.substr(at);
        std::ranges::replace(what, '\n', ' ');
        throw Error(fmt::format("{}:{}: this is no JSON: {}", m_file, m_line, what));
    }

private:
    struct Open {
        DataNode node;
        std::string key;
        unsigned keyLine = 0;
        std::map<std::string, unsigned> keyLines; ///< of all keys so far
    };
    bool open(DataNode::Kind kind) {
        if (m_open.size() > kDeepest) {
            failDepth(m_file, m_line);
        }
        m_open.push_back({DataNode::ofKind(kind), {}, 0, {}});
        m_open.back().node.line = m_line;
        return true;
    }
    bool close() {
        DataNode node = std::move(m_open.back().node);
        m_open.pop_back();
        return put(std::move(node));
    }
    bool put(DataNode node) {
        if (m_open.empty()) {
            node.line = 1;
            m_root = std::move(node);
        } else if (Open& outer = m_open.back(); outer.node.kind == DataNode::Kind::Table) {
            node.line = outer.keyLine;
            outer.node.add(outer.key, std::move(node));
        } else {
            node.line = node.line == 0 ? m_line : node.line;
            outer.node.list.push_back(std::move(node));
        }
        return true;
    }

    const std::string& m_file;
    const unsigned& m_line;
    DataNode m_root;
    std::vector<Open> m_open;
};

DataNode readJson(std::string_view text, const std::string& fileName) {
    unsigned line = 1;
    unsigned ignored = 0;
    JsonTree tree(fileName, line);
    nlohmann::json::sax_parse(LineIterator(text.data(), line), LineIterator(text.data() + text.size(), ignored), &tree);
    return tree.take();
}

nlohmann::ordered_json toJson(const DataNode& node) {
    switch (node.kind) {
    case DataNode::Kind::Boolean: return node.boolean;
    case DataNode::Kind::Integer:
        return node.hexadecimal ? nlohmann::ordered_json(fmt::format("0x{:08X}", node.integer))
                                : nlohmann::ordered_json(node.integer);
    case DataNode::Kind::Real: return node.real;
    case DataNode::Kind::Text: return node.text;
    case DataNode::Kind::List: {
        auto list = nlohmann::ordered_json::array();
        for (const DataNode& entry : node.list) {
            list.push_back(toJson(entry));
        }
        return list;
    }
    case DataNode::Kind::Table: break;
    }
    auto table = nlohmann::ordered_json::object();
    for (const auto& member : node.members) {
        table[member.key] = toJson(member.value);
    }
    return table;
}

} // namespace

DataNode readData(std::string_view text, const std::string& fileName, DataFormat format) {
    return format == DataFormat::Toml ? readToml(text, fileName) : readJson(text, fileName);
}

std::string writeData(const DataNode& root, DataFormat format) {
    if (format == DataFormat::Json) {
        return toJson(root).dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    }
    std::string out;
    tomlTable(root, "", 0, out);
    return out;
}

} // namespace simprof
