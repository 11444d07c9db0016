// SPDX-License-Identifier: GPL-2.0-or-later
// The list of all keys of a board file.
#include "peripherals/boards/board_fields.h"
#include "peripherals/boards/board_file.h"

namespace simprof {
namespace {

class KeyLister {
public:
    KeyLister(std::string path, std::vector<BoardKey>& keys)
        : m_path(std::move(path))
        , m_keys(keys) {}

    template<class T>
    void operator()(const char* key, T& value, Need need, const char* what) {
        const std::string path = m_path.empty() ? key : m_path + "." + key;
        m_keys.push_back({path, kindOf(value), need == Need::Required, what});
        if constexpr (std::is_same_v<T, std::optional<double>>) {
            return;
        } else if constexpr (IsTable<T>) {
            descend(path, value);
        } else if constexpr (requires { value.emplace_back(); }) {
            if constexpr (IsTable<typename T::value_type>) {
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
    static std::string kindOf(const std::optional<double>&) { return "number"; }
    static std::string kindOf(const bool&) { return "true, false"; }
    static std::string kindOf(const std::string&) { return "text"; }
    static std::string kindOf(const std::vector<std::uint8_t>&) { return "text"; }
    static std::string kindOf(const std::vector<std::string>&) { return "list of texts"; }
    template<class T>
    static std::string kindOf(const T&) {
        if constexpr (std::is_arithmetic_v<T>) {
            return "number";
        } else if constexpr (std::is_enum_v<T> || std::is_same_v<T, const CoreKind*>) {
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

std::vector<BoardKey> boardKeys() {
    std::vector<BoardKey> keys;
    BoardDesc board;
    KeyLister lister("", keys);
    boardFields(lister, board);
    keys.push_back({kMcuKey, "text or table", true, "a microcontroller simprof knows, by name, or a whole one"});
    keys.push_back({kMemoryBytesKey, "table", false,
                    "other sizes of memories of a microcontroller that is named: flash = \"32K\""});
    McuDesc mcu;
    KeyLister inner(kMcuKey, keys);
    boardFields(inner, mcu);
    return keys;
}

} // namespace simprof
