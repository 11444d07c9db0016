// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/board_file.h"

#include "peripherals/boards.h"
#include "peripherals/boards/board_check.h"
#include "peripherals/boards/board_fields.h"
#include "peripherals/boards/board_values.h"
#include "peripherals/registry.h"
#include "sim_core/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <sstream>

namespace simprof {
namespace {

using Kind = DataNode::Kind;

constexpr const char* kMcu = "mcu";
constexpr const char* kMemoryBytes = "memory_bytes";

template<class T>
concept Struct = requires {
    requires std::is_class_v<T> && std::is_aggregate_v<T>;
};

const DataNode* memberOf(const DataNode& table, std::string_view key) {
    const auto found = std::ranges::find(table.members, key, &DataNode::Member::key);
    return found == table.members.end() ? nullptr : &found->value;
}

// ---- reading --------------------------------------------------------------------------------------------------------

std::int64_t integerOf(const DataNode& node, const std::string& path, const BoardSource& source) {
    if (node.kind == Kind::Integer) {
        return node.integer;
    }
    if (const auto value = node.kind == Kind::Text ? numberFrom(node.text) : std::nullopt) {
        return *value;
    }
    source.fail(path, fmt::format("takes a whole number such as 64, 0x20000000 or \"64K\", not {}",
                                  node.kind == Kind::Text ? "\"" + node.text + "\"" : node.kindName()));
}

void expectKind(const DataNode& node, Kind kind, const std::string& path, const BoardSource& source) {
    if (node.kind != kind) {
        source.fail(path, fmt::format("takes {}, not {}", DataNode::ofKind(kind).kindName(), node.kindName()));
    }
}

void read(const DataNode& node, const std::string& path, const BoardSource& source, bool& value) {
    expectKind(node, Kind::Boolean, path, source);
    value = node.boolean;
}

void read(const DataNode& node, const std::string& path, const BoardSource& source, std::string& value) {
    expectKind(node, Kind::Text, path, source);
    value = node.text;
}

void read(const DataNode& node, const std::string& path, const BoardSource& source, double& value) {
    if (node.kind != Kind::Real && node.kind != Kind::Integer) {
        source.fail(path, "takes a number, not " + node.kindName());
    }
    value = node.kind == Kind::Real ? node.real : static_cast<double>(node.integer);
}

template<std::integral T>
void read(const DataNode& node, const std::string& path, const BoardSource& source, T& value) {
    const std::int64_t number = integerOf(node, path, source);
    const auto most =
        static_cast<std::int64_t>(std::min<std::uint64_t>(std::numeric_limits<T>::max(), 1'000'000'000'000));
    if (number < 0 || number > most) {
        source.fail(path, fmt::format("{} is outside 0 to {}", number, most));
    }
    value = static_cast<T>(number);
}

void read(const DataNode& node, const std::string& path, const BoardSource& source, CoreKind& value) {
    expectKind(node, Kind::Text, path, source);
    const auto kind = coreKindFrom(node.text);
    if (!kind) {
        source.fail(path, fmt::format("there is no core '{}': it is one of Cortex-M0, Cortex-M0+, Cortex-M4, Cortex-M7",
                                      node.text));
    }
    value = *kind;
}

void read(const DataNode& node, const std::string& path, const BoardSource& source, MemoryKind& value) {
    expectKind(node, Kind::Text, path, source);
    const auto kind = memoryKindFrom(node.text);
    if (!kind) {
        source.fail(path, fmt::format("there is no kind of memory '{}': it is one of flash, sram, itcm, dtcm, rom, xip",
                                      node.text));
    }
    value = *kind;
}

void read(const DataNode& node, const std::string& path, const BoardSource& source, std::vector<std::uint8_t>& value) {
    expectKind(node, Kind::Text, path, source);
    auto bytes = bytesFromHex(node.text);
    if (!bytes) {
        source.fail(path, "takes two hexadecimal digits for each byte, without anything between");
    }
    value = std::move(*bytes);
}

template<class T>
void read(const DataNode& node, const std::string& path, const BoardSource& source, std::optional<T>& value) {
    read(node, path, source, value.emplace());
}

template<class T>
void readMap(const DataNode& node, const std::string& path, const BoardSource& source,
             std::map<std::string, T>& value) {
    expectKind(node, Kind::Table, path, source);
    for (const auto& [key, member] : node.members) {
        const std::string memberPath = path + "." + (key.empty() ? "\"\"" : key);
        source.lines[memberPath] = member.line;
        if constexpr (std::is_same_v<T, bool>) {
            if (member.kind != Kind::Text || (member.text != "high" && member.text != "low")) {
                source.fail(memberPath, "takes \"high\" or \"low\"");
            }
            value[key] = member.text == "high";
        } else {
            read(member, memberPath, source, value[key]);
        }
    }
}

template<class T>
void read(const DataNode& node, const std::string& path, const BoardSource& source, std::map<std::string, T>& value) {
    readMap(node, path, source, value);
}

template<Struct T>
void read(const DataNode& node, const std::string& path, const BoardSource& source, T& value,
          std::set<std::string> also = {});

template<class T>
requires(!std::same_as<T, std::uint8_t>) void read(const DataNode& node, const std::string& path,
                                                   const BoardSource& source, std::vector<T>& value) {
    expectKind(node, Kind::List, path, source);
    for (std::size_t i = 0; i < node.list.size(); ++i) {
        const std::string entry = fmt::format("{}[{}]", path, i);
        source.lines[entry] = node.list[i].line;
        read(node.list[i], entry, source, value.emplace_back());
    }
}

/// Fills a struct from a table, key by key.
class FieldReader {
public:
    FieldReader(const DataNode& table, std::string path, const BoardSource& source)
        : m_table(table)
        , m_path(std::move(path))
        , m_source(source) {}

    template<class T>
    void operator()(const char* key, T& value, Need need, const char* what) {
        m_known.insert(key);
        const std::string path = m_path.empty() ? key : m_path + "." + key;
        if (const DataNode* node = memberOf(m_table, key)) {
            m_source.lines[path] = node->line;
            read(*node, path, m_source, value);
        } else if (need == Need::Required) {
            m_source.lines[path] = m_table.line;
            m_source.fail(path, fmt::format("is missing: {}", what));
        }
    }
    template<class T>
    void address(const char* key, T& value, Need need, const char* what) {
        (*this)(key, value, need, what);
    }
    void refuseOthers(const std::set<std::string>& also) {
        m_known.insert(also.begin(), also.end());
        for (const auto& [key, value] : m_table.members) {
            if (!m_known.contains(key)) {
                const std::string path = m_path.empty() ? key : m_path + "." + key;
                m_source.lines[path] = value.line;
                m_source.fail(path,
                              fmt::format("there is no such key here: the keys are {}", fmt::join(m_known, ", ")));
            }
        }
    }

private:
    const DataNode& m_table;
    std::string m_path;
    const BoardSource& m_source;
    std::set<std::string> m_known;
};

template<Struct T>
void read(const DataNode& node, const std::string& path, const BoardSource& source, T& value,
          std::set<std::string> also) {
    expectKind(node, Kind::Table, path, source);
    FieldReader reader(node, path, source);
    boardFields(reader, value);
    reader.refuseOthers(also);
}

/// Another size of a memory of a known MCU, and of the ranges that show the same bytes. Returns what is wrong, or "".
std::string resize(McuDesc& mcu, const std::map<std::string, std::uint32_t>& sizes, std::string& wrong) {
    for (const auto& [name, bytes] : sizes) {
        wrong = name;
        const auto memory = std::ranges::find_if(
            mcu.memories, [&](const MemoryDesc& entry) { return entry.name == name && !entry.aliasOf; });
        if (memory == mcu.memories.end()) {
            std::vector<std::string> names;
            for (const MemoryDesc& entry : mcu.memories) {
                if (!entry.aliasOf) {
                    names.push_back(entry.name);
                }
            }
            return fmt::format("{} has no such memory: it has {}", mcu.name, fmt::join(names, ", "));
        }
        if (bytes == 0 || bytes > (1U << 28)) {
            return "a memory has from 1 byte to 256 MiB";
        }
        memory->range.size = bytes;
        for (MemoryDesc& alias : mcu.memories) {
            if (alias.aliasOf == memory->range.begin) {
                alias.range.size = bytes;
            }
        }
        for (PeripheralDesc& peripheral : mcu.peripherals) { // firmware may ask the chip how much it has
            if (memory->kind == MemoryKind::Flash && memory->range.begin == 0x08000000 &&
                peripheral.options.contains("flash_kb")) {
                peripheral.options["flash_kb"] = std::to_string(bytes / 1024);
            }
        }
    }
    return "";
}

std::shared_ptr<const McuDesc> mcuOf(const DataNode& root, const BoardSource& source) {
    const DataNode* node = memberOf(root, kMcu);
    source.lines[kMcu] = node == nullptr ? 1 : node->line;
    const DataNode* sizes = memberOf(root, kMemoryBytes);
    if (node != nullptr && node->kind == Kind::Table) {
        auto mcu = std::make_shared<McuDesc>();
        read(*node, kMcu, source, *mcu);
        if (sizes != nullptr) {
            source.lines[kMemoryBytes] = sizes->line;
            source.fail(kMemoryBytes, "is for microcontrollers that are only named: change mcu.memories here");
        }
        return mcu;
    }
    std::set<std::string> names;
    for (const BoardDesc& board : boards()) {
        names.insert(board.mcu->name);
    }
    const auto known = node != nullptr && node->kind == Kind::Text ? findMcu(node->text) : nullptr;
    if (!known) {
        source.fail(kMcu,
                    fmt::format("{}; name one of {}, or describe one in a table [mcu] ('simprof boards NAME --as=toml "
                                "--full' prints an example)",
                                node != nullptr && node->kind == Kind::Text ? "simprof has no '" + node->text + "'"
                                                                            : "says which microcontroller it is",
                                fmt::join(names, ", ")));
    }
    if (sizes == nullptr) {
        return known;
    }
    auto mcu = std::make_shared<McuDesc>(*known);
    std::map<std::string, std::uint32_t> bytes;
    read(*sizes, kMemoryBytes, source, bytes);
    std::string wrong;
    if (const std::string why = resize(*mcu, bytes, wrong); !why.empty()) {
        source.fail(std::string(kMemoryBytes) + "." + wrong, why);
    }
    return mcu;
}

// ---- writing --------------------------------------------------------------------------------------------------------

DataNode write(bool value) { return DataNode::of(value); }
template<std::integral T>
DataNode write(T value) {
    return DataNode::of(static_cast<std::int64_t>(value));
}
DataNode write(double value) { return DataNode::of(value); }
DataNode write(const std::string& value) { return DataNode::of(value); }
DataNode write(CoreKind value) { return DataNode::of(std::string(coreKindName(value))); }
DataNode write(MemoryKind value) { return DataNode::of(std::string(memoryKindName(value))); }
DataNode write(const std::vector<std::uint8_t>& value) { return DataNode::of(bytesAsHex(value)); }

template<Struct T>
DataNode write(const T& value);

template<class T>
DataNode write(const std::map<std::string, T>& value) {
    DataNode node = DataNode::ofKind(Kind::Table);
    for (const auto& [key, member] : value) {
        if constexpr (std::is_same_v<T, bool>) {
            node.add(key, DataNode::of(std::string(member ? "high" : "low")));
        } else {
            node.add(key, write(member));
        }
    }
    return node;
}

template<class T>
DataNode write(const std::vector<T>& value) {
    DataNode node = DataNode::ofKind(Kind::List);
    for (const T& entry : value) {
        node.list.push_back(write(entry));
    }
    return node;
}

/// Turns a struct into a table; what has its default value is left out unless it is required.
template<class Desc>
class FieldWriter {
public:
    DataNode table = DataNode::ofKind(Kind::Table);

    template<class T>
    void operator()(const char* key, const T& value, Need need, const char*) {
        put(key, write(value), need, isEmpty(value));
    }
    void address(const char* key, Address value, Need need, const char*) {
        put(key, DataNode::of(std::int64_t{value}, true), need, value == 0);
    }
    void address(const char* key, const std::optional<Address>& value, Need need, const char*) {
        if (value) {
            put(key, DataNode::of(std::int64_t{*value}, true), need, false);
        }
    }

private:
    template<class T>
    static bool isEmpty(const T& value) {
        if constexpr (requires { value.empty(); }) {
            return value.empty();
        } else {
            return false;
        }
    }
    void put(const char* key, DataNode node, Need need, bool empty) {
        if (need == Need::Required || !empty) {
            table.add(key, std::move(node));
        }
    }
};

template<Struct T>
DataNode write(const T& value) {
    FieldWriter<T> writer;
    boardFields(writer, value);
    return writer.table;
}

// ---- the list of keys -----------------------------------------------------------------------------------------------

class KeyLister {
public:
    KeyLister(std::string path, std::vector<BoardKey>& keys)
        : m_path(std::move(path))
        , m_keys(keys) {}

    template<class T>
    void operator()(const char* key, T& value, Need need, const char* what) {
        const std::string path = m_path.empty() ? key : m_path + "." + key;
        m_keys.push_back({path, kindOf(value), need == Need::Required, what});
        if constexpr (Struct<T>) {
            descend(path, value);
        } else if constexpr (requires { value.emplace_back(); }) {
            if constexpr (Struct<typename T::value_type>) {
                typename T::value_type entry{};
                descend(path + "[]", entry);
            }
        }
    }
    template<class T>
    void address(const char* key, T&, Need need, const char* what) {
        m_keys.push_back({m_path.empty() ? key : m_path + "." + key, "address", need == Need::Required, what});
    }

private:
    template<class T>
    void descend(const std::string& path, T& value) {
        KeyLister inner(path, m_keys);
        boardFields(inner, value);
    }
    static std::string kindOf(const bool&) { return "true, false"; }
    static std::string kindOf(const std::string&) { return "text"; }
    static std::string kindOf(const std::vector<std::uint8_t>&) { return "text"; }
    static std::string kindOf(const std::vector<std::string>&) { return "list of texts"; }
    template<class T>
    static std::string kindOf(const T&) {
        if constexpr (std::is_arithmetic_v<T>) {
            return "number";
        } else if constexpr (std::is_enum_v<T>) {
            return "text";
        } else if constexpr (requires(T value) { value.emplace_back(); }) {
            return "list of tables";
        } else {
            return "table";
        }
    }
    std::string m_path;
    std::vector<BoardKey>& m_keys;
};

} // namespace

bool isBoardFile(std::string_view name) { return name.ends_with(".toml") || name.ends_with(".json"); }

std::shared_ptr<const BoardDesc> namedBoard(const std::string& name) {
    if (isBoardFile(name)) {
        return readBoardFile(name);
    }
    const std::size_t colon = std::min(name.find(':'), name.size());
    const BoardDesc* known = findBoard(name.substr(0, colon));
    if (known == nullptr) {
        return nullptr;
    }
    if (colon == name.size()) {
        return {std::shared_ptr<const BoardDesc>(), known}; // built-in boards live as long as the program
    }
    auto board = std::make_shared<BoardDesc>(*known);
    auto mcu = std::make_shared<McuDesc>(*known->mcu);
    std::istringstream in(name.substr(colon + 1));
    for (std::string part; std::getline(in, part, ',');) {
        const std::size_t equals = std::min(part.find('='), part.size());
        const auto bytes = numberFrom(equals == part.size() ? "" : std::string_view(part).substr(equals + 1));
        if (!bytes || *bytes < 0 || *bytes > (1 << 28)) {
            throw Error(
                fmt::format("--board {}: behind the colon stand memory sizes such as flash=32K, not '{}'", name, part));
        }
        std::string wrong;
        if (const std::string why = resize(*mcu, {{part.substr(0, equals), static_cast<std::uint32_t>(*bytes)}}, wrong);
            !why.empty()) {
            throw Error(fmt::format("--board {}: {}: {}", name, wrong, why));
        }
        board->assumptions.push_back(fmt::format("{}: {} bytes, as the user says", part.substr(0, equals), *bytes));
    }
    board->mcu = std::move(mcu);
    return board;
}

std::shared_ptr<const BoardDesc> readBoard(std::string_view text, const std::string& fileName, DataFormat format) {
    const DataNode root = readData(text, fileName, format);
    const BoardSource source{fileName, {}};
    if (root.kind != Kind::Table) {
        throw Error(fmt::format("{}:1: a board file is a table of keys, this is {}", fileName, root.kindName()));
    }
    auto board = std::make_shared<BoardDesc>();
    read(root, "", source, *board, {kMcu, kMemoryBytes});
    board->mcu = mcuOf(root, source);
    if (board->title.empty()) {
        board->title = board->name;
    }
    checkBoard(*board, source);
    return board;
}

std::shared_ptr<const BoardDesc> readBoardFile(const std::filesystem::path& path) {
    const std::string name = path.string();
    std::ifstream in(path, std::ios::binary);
    if (!in || std::filesystem::is_directory(path)) {
        throw Error(
            fmt::format("there is no board file '{}'; 'simprof boards NAME --as=toml' prints one to start from", name));
    }
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    return readBoard(text, name, name.ends_with(".json") ? DataFormat::Json : DataFormat::Toml);
}

std::string writeBoard(const BoardDesc& board, DataFormat format, bool withMcu) {
    DataNode root = write(board);
    DataNode mcu = DataNode::of(board.mcu->name);
    if (withMcu) {
        McuDesc written = *board.mcu;
        std::set<std::string> types;
        for (const PeripheralType& type : peripheralTypes()) {
            types.insert(type.name);
        }
        for (PeripheralDesc& peripheral : written.peripherals) {
            if (!types.contains(peripheral.type)) {
                peripheral.type = "unmodelled";
            }
        }
        mcu = write(written);
    }
    root.members.insert(root.members.begin() + 2, {kMcu, std::move(mcu)});
    return writeData(root, format);
}

std::vector<BoardKey> boardKeys() {
    std::vector<BoardKey> keys;
    BoardDesc board;
    KeyLister lister("", keys);
    boardFields(lister, board);
    keys.push_back({kMcu, "text or table", true, "a microcontroller simprof knows, by name, or a whole one"});
    keys.push_back(
        {kMemoryBytes, "table", false, "other sizes of memories of a microcontroller that is named: flash = \"32K\""});
    McuDesc mcu;
    KeyLister inner(kMcu, keys);
    boardFields(inner, mcu);
    return keys;
}

} // namespace simprof
