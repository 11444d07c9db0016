// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// Streams JSON text into a string: keys in the order written, shortest round-trip numbers, valid UTF-8 whatever comes
/// in.
class JsonWriter {
public:
    /// How the members of a container are laid out.
    enum class Layout : std::uint8_t { Inline, Lines };

    void beginObject(Layout layout = Layout::Inline) { open('{', layout); }
    void endObject() { close('}'); }
    void beginArray(Layout layout = Layout::Inline) { open('[', layout); }
    void endArray() { close(']'); }

    void key(std::string_view name);

    void value(std::string_view text);
    void value(const char* text) { value(std::string_view(text)); }
    void value(bool flag);
    void value(double number); ///< must be finite
    template<std::integral T>
    void value(T number) {
        if constexpr (std::signed_integral<T>) {
            integer(static_cast<std::int64_t>(number));
        } else {
            integer(static_cast<std::uint64_t>(number));
        }
    }
    void null();

    template<class T>
    void member(std::string_view name, const T& content) {
        key(name);
        value(content);
    }

    /// The text written so far, with a newline at its end; all containers must be closed.
    std::string take();

private:
    struct Level {
        bool lines = false;
        bool empty = true;
    };

    void open(char bracket, Layout layout);
    void close(char bracket);
    void separate();
    void indent(std::size_t depth);
    void integer(std::uint64_t number);
    void integer(std::int64_t number);

    std::string m_out;
    std::vector<Level> m_levels;
    bool m_afterKey = false;
};

/// Appends `text` as a quoted JSON string.
void appendJsonString(std::string& out, std::string_view text);

} // namespace simprof
