// SPDX-License-Identifier: GPL-2.0-or-later
/// Reads JSON that may be broken or hostile. A document is checked whole and kept as a flat list of tokens, so that a
/// profile with millions of spans costs twelve bytes a value and no allocation of its own.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

enum class JsonType : std::uint8_t { Null, False, True, Number, String, Array, Object };

/// "an object", "a number", …
const char* jsonTypeName(JsonType type);

class JsonDocument;

/// A value inside a JsonDocument, which must outlive it; copying is free.
class JsonValue {
public:
    JsonType type() const;
    bool isInteger() const; ///< a number without fraction and exponent

    /// The number, or nothing when it is no number or does not fit.
    std::optional<std::uint64_t> asUnsigned() const;
    std::optional<std::int64_t> asSigned() const;
    std::optional<double> asDouble() const;
    std::string asString() const;                ///< of a String, decoded
    bool equals(std::string_view literal) const; ///< a String that reads `literal`, which must need no escapes

    /// Members of an object (key, value, key, value, …) or elements of an array, in order of the text.
    JsonValue first() const;
    JsonValue next() const; ///< the value behind this one, skipping its content
    bool isEndOf(JsonValue container) const;
    std::size_t count() const; ///< values directly inside an array or object; keys count too

private:
    friend class JsonDocument;
    JsonValue(const JsonDocument& document, std::uint32_t index)
        : m_document(&document)
        , m_index(index) {}

    const JsonDocument* m_document;
    std::uint32_t m_index;
};

/// A JSON text, checked as a whole.
class JsonDocument {
public:
    /// Keeps a view of `text`, which must outlive the document; throws Error with line and column when it is no JSON.
    explicit JsonDocument(std::string_view text);

    JsonValue root() const { return {*this, 0}; }

private:
    friend class JsonValue;
    friend class JsonParser;

    struct Token {
        std::uint32_t offset = 0; ///< of the first character
        std::uint32_t next = 0;   ///< token behind this value and all inside it
        std::uint32_t count : 28 = 0;
        JsonType type : 4 = JsonType::Null;
    };

    std::string_view m_text;
    std::vector<Token> m_tokens;
};

} // namespace simprof
