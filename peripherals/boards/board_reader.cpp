// SPDX-License-Identifier: GPL-2.0-or-later
// From the text of a board file to a board.
#include "peripherals/boards.h"
#include "peripherals/boards/board_check.h"
#include "peripherals/boards/board_fields.h"
#include "peripherals/boards/board_file.h"
#include "peripherals/boards/board_values.h"
#include "peripherals/boards/memory_sizes.h"
#include "sim_core/error.h"
#include "sim_core/mcu_family_names.h"
#include "sim_core/memory_kind_names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <set>

namespace simprof {
namespace {

using Kind = DataNode::Kind;

const DataNode* memberOf(const DataNode& table, std::string_view key) {
    const auto found = std::ranges::find(table.members, key, &DataNode::Member::key);
    return found == table.members.end() ? nullptr : &found->value;
}

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

void read(const DataNode& node, const std::string& path, const BoardSource& source, const CoreKind*& value) {
    expectKind(node, Kind::Text, path, source);
    const CoreKind* core = findCore(node.text);
    if (core == nullptr) {
        source.fail(path,
                    fmt::format("there is no core '{}': it is one of {}", node.text, fmt::join(coreNames(), ", ")));
    }
    value = core;
}

void read(const DataNode& node, const std::string& path, const BoardSource& source, McuFamily& value) {
    expectKind(node, Kind::Text, path, source);
    const auto family = node.text.empty() ? McuFamily::Other : valueNamed<McuFamily>(node.text);
    if (!family) {
        source.fail(path, fmt::format("no behaviour differs for a family '{}': it is one of {}, or left out", node.text,
                                      listOfNames<McuFamily>()));
    }
    value = *family;
}

void read(const DataNode& node, const std::string& path, const BoardSource& source, MemoryKind& value) {
    expectKind(node, Kind::Text, path, source);
    const auto kind = valueNamed<MemoryKind>(node.text);
    if (!kind) {
        source.fail(path, fmt::format("there is no kind of memory '{}': it is one of {}", node.text,
                                      listOfNames<MemoryKind>()));
    }
    value = *kind;
}

void read(const DataNode& node, const std::string& path, const BoardSource& source, PowerState& value) {
    expectKind(node, Kind::Text, path, source);
    const auto state = valueNamed<PowerState>(node.text);
    if (!state) {
        source.fail(path,
                    fmt::format("there is no power state '{}': it is one of {}", node.text, listOfNames<PowerState>()));
    }
    value = *state;
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

template<IsTable T>
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

template<IsTable T>
void read(const DataNode& node, const std::string& path, const BoardSource& source, T& value,
          std::set<std::string> also) {
    expectKind(node, Kind::Table, path, source);
    FieldReader reader(node, path, source);
    boardFields(reader, value);
    reader.refuseOthers(also);
}

std::shared_ptr<const McuDesc> mcuOf(const DataNode& root, const BoardSource& source) {
    const DataNode* node = memberOf(root, kMcuKey);
    source.lines[kMcuKey] = node == nullptr ? 1 : node->line;
    const DataNode* sizes = memberOf(root, kMemoryBytesKey);
    if (node != nullptr && node->kind == Kind::Table) {
        auto mcu = std::make_shared<McuDesc>();
        read(*node, kMcuKey, source, *mcu);
        if (sizes != nullptr) {
            source.lines[kMemoryBytesKey] = sizes->line;
            source.fail(kMemoryBytesKey, "is for microcontrollers that are only named: change mcu.memories here");
        }
        return mcu;
    }
    std::set<std::string> names;
    for (const BoardDesc& board : boards()) {
        names.insert(board.mcu->name);
    }
    const auto known = node != nullptr && node->kind == Kind::Text ? findMcu(node->text) : nullptr;
    if (!known) {
        source.fail(kMcuKey,
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
    read(*sizes, kMemoryBytesKey, source, bytes);
    std::string wrong;
    if (const std::string why = resizeMemories(*mcu, bytes, wrong); !why.empty()) {
        source.fail(std::string(kMemoryBytesKey) + "." + wrong, why);
    }
    return mcu;
}

} // namespace

std::shared_ptr<const BoardDesc> readBoard(std::string_view text, const std::string& fileName, DataFormat format) {
    const DataNode root = readData(text, fileName, format);
    const BoardSource source{fileName, {}};
    if (root.kind != Kind::Table) {
        throw Error(fmt::format("{}:1: a board file is a table of keys, this is {}", fileName, root.kindName()));
    }
    auto board = std::make_shared<BoardDesc>();
    read(root, "", source, *board, {kMcuKey, kMemoryBytesKey});
    board->mcu = mcuOf(root, source);
    if (board->title.empty()) {
        board->title = board->name;
    }
    checkBoard(*board, source);
    return board;
}

} // namespace simprof
