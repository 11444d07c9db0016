// SPDX-License-Identifier: GPL-2.0-or-later
// From a board to the text of a board file.
#include "peripherals/boards/board_fields.h"
#include "peripherals/boards/board_file.h"
#include "peripherals/boards/board_values.h"
#include "peripherals/registry.h"
#include "sim_core/mcu_family_names.h"
#include "sim_core/memory_kind_names.h"

#include <set>

namespace simprof {
namespace {

using Kind = DataNode::Kind;

DataNode write(bool value) { return DataNode::of(value); }
template<std::integral T>
DataNode write(T value) {
    return DataNode::of(static_cast<std::int64_t>(value));
}
DataNode write(double value) { return DataNode::of(value); }
DataNode write(const std::string& value) { return DataNode::of(value); }
DataNode write(const CoreKind* value) { return DataNode::of(std::string(value->name)); }
DataNode write(McuFamily value) { return DataNode::of(std::string(nameOf(value))); }
DataNode write(PowerState value) { return DataNode::of(std::string(nameOf(value))); }
DataNode write(MemoryKind value) { return DataNode::of(std::string(nameOf(value))); }
DataNode write(const std::vector<std::uint8_t>& value) { return DataNode::of(bytesAsHex(value)); }

template<IsTable T>
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
    void operator()(const char* key, const std::optional<double>& value, Need, const char*) {
        if (value) {
            table.add(key, write(*value));
        }
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
        } else if constexpr (std::is_same_v<T, McuFamily>) {
            return value == McuFamily::Other;
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

template<IsTable T>
DataNode write(const T& value) {
    FieldWriter<T> writer;
    boardFields(writer, value);
    return writer.table;
}

} // namespace

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
    root.members.insert(root.members.begin() + 2, {kMcuKey, std::move(mcu)});
    return writeData(root, format);
}

} // namespace simprof
