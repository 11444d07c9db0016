// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/profile_json.h"

#include "profiler/files.h"
#include "profiler/json/reader.h"
#include "profiler/json/writer.h"
#include "profiler/profile_fields.h"
#include "sim_core/error.h"

#include <fmt/format.h>
#include <limits>
#include <tuple>
#include <utility>

namespace simprof {
namespace {

/// Times, energies and shares above this are no measurements; with it every table keeps its columns.
constexpr double kLargestAmount = 1e18;

template<class T>
inline constexpr bool kIsStruct = std::is_class_v<T>;

class ProfileWriter {
public:
    explicit ProfileWriter(JsonWriter& json)
        : m_json(json) {}

    template<class T>
    void operator()(const char* key, const T& content) {
        if (!m_asArray) {
            m_json.key(key);
        }
        write(content);
    }
    template<class T>
    void added(const char* key, const T& content) {
        (*this)(key, content);
    }

    template<class T>
    void write(const T& content) {
        if constexpr (!kIsStruct<T>) {
            m_json.value(content);
        } else if constexpr (kWrittenAsArray<T>) {
            m_json.beginArray();
            m_asArray = true;
            fieldsOf(*this, content);
            m_asArray = false;
            m_json.endArray();
        } else {
            ++m_depth;
            m_json.beginObject(m_depth <= 1 ? JsonWriter::Layout::Lines : JsonWriter::Layout::Inline);
            fieldsOf(*this, content);
            m_json.endObject();
            --m_depth;
        }
    }
    void write(const std::string& content) { m_json.value(content); }
    void write(const StallSums& stalls) {
        m_json.beginObject();
        for (std::size_t i = 0; i < kStallCount; ++i) {
            if (stalls[i] != 0) {
                m_json.member(kStallNames[i], stalls[i]);
            }
        }
        m_json.endObject();
    }
    void write(const std::pair<Cycles, Bytes>& sample) {
        m_json.beginArray();
        m_json.value(sample.first);
        m_json.value(sample.second);
        m_json.endArray();
    }
    template<class T>
    void write(const std::optional<T>& content) {
        if (content) {
            write(*content);
        } else {
            m_json.null();
        }
    }
    template<class T>
    void write(const std::vector<T>& contents) {
        m_json.beginArray(kIsStruct<T> && !std::is_same_v<T, std::string> ? JsonWriter::Layout::Lines
                                                                          : JsonWriter::Layout::Inline);
        ++m_depth;
        for (const T& content : contents) {
            write(content);
        }
        --m_depth;
        m_json.endArray();
    }

private:
    JsonWriter& m_json;
    unsigned m_depth = 0;
    bool m_asArray = false;
};

class ProfileReader {
public:
    explicit ProfileReader(JsonValue root)
        : m_object(root)
        , m_hint(root.first()) {}

    template<class T>
    void operator()(const char* key, T& content) {
        member(key, content, true);
    }
    template<class T>
    void added(const char* key, T& content) {
        member(key, content, false);
    }

private:
    struct Step {
        const char* key = nullptr; ///< null: an element of an array
        std::size_t index = 0;
    };

    template<class T>
    void member(const char* key, T& content, bool required) {
        m_path.push_back({key, 0});
        if (m_asArray) {
            if (m_hint.isEndOf(m_object)) {
                fail("is missing");
            }
            const JsonValue value = std::exchange(m_hint, m_hint.next());
            read(value, content);
        } else if (const auto value = find(key)) {
            read(*value, content);
        } else if (required) {
            fail("is missing");
        }
        m_path.pop_back();
    }

    std::optional<JsonValue> find(const char* key) {
        if (m_hint.isEndOf(m_object) || !m_hint.equals(key)) {
            m_hint = m_object.first();
            while (!m_hint.isEndOf(m_object) && !m_hint.equals(key)) {
                m_hint = m_hint.next().next();
            }
            if (m_hint.isEndOf(m_object)) {
                return std::nullopt;
            }
        }
        const JsonValue value = m_hint.next();
        m_hint = value.next();
        return value;
    }

    [[noreturn]] void fail(const std::string& what) const {
        std::string path;
        for (const Step& step : m_path) {
            if (step.key == nullptr) {
                path += fmt::format("[{}]", step.index);
            } else {
                path += path.empty() ? "" : ".";
                path += step.key;
            }
        }
        throw Error(fmt::format("{} {}", path, what));
    }

    void expect(JsonValue value, JsonType type) const {
        if (value.type() != type) {
            fail(fmt::format("is {} where {} is expected", jsonTypeName(value.type()), jsonTypeName(type)));
        }
    }

    template<class T>
    void read(JsonValue value, T& content) {
        if constexpr (std::is_integral_v<T>) {
            expect(value, JsonType::Number);
            std::conditional_t<std::is_signed_v<T>, std::optional<std::int64_t>, std::optional<std::uint64_t>> number;
            if constexpr (std::is_signed_v<T>) {
                number = value.asSigned();
            } else {
                number = value.asUnsigned();
            }
            if (!number || !std::in_range<T>(*number)) {
                fail(fmt::format("is no whole number from {} to {}", std::numeric_limits<T>::min(),
                                 std::numeric_limits<T>::max()));
            }
            content = static_cast<T>(*number);
        } else {
            expect(value, kWrittenAsArray<T> ? JsonType::Array : JsonType::Object);
            const auto outer = std::make_tuple(m_object, m_hint, m_asArray);
            m_object = value;
            m_hint = value.first();
            m_asArray = kWrittenAsArray<T>;
            fieldsOf(*this, content);
            std::tie(m_object, m_hint, m_asArray) = outer;
        }
    }
    void read(JsonValue value, double& content) {
        expect(value, JsonType::Number);
        const auto number = value.asDouble();
        if (!number || !(*number >= 0 && *number < kLargestAmount)) {
            fail("is no amount from 0 to 1e18");
        }
        content = *number;
    }
    void read(JsonValue value, std::string& content) {
        expect(value, JsonType::String);
        content = value.asString();
    }
    void read(JsonValue value, StallSums& stalls) {
        expect(value, JsonType::Object);
        for (JsonValue key = value.first(); !key.isEndOf(value); key = key.next().next()) {
            for (std::size_t i = 0; i < kStallCount; ++i) {
                if (key.equals(kStallNames[i])) {
                    m_path.push_back({kStallNames[i], 0});
                    read(key.next(), stalls[i]);
                    m_path.pop_back();
                }
            }
        }
    }
    void read(JsonValue value, std::pair<Cycles, Bytes>& sample) {
        expect(value, JsonType::Array);
        if (value.count() != 2) {
            fail("is not a pair of cycle and bytes");
        }
        read(value.first(), sample.first);
        read(value.first().next(), sample.second);
    }
    template<class T>
    void read(JsonValue value, std::optional<T>& content) {
        content.reset();
        if (value.type() != JsonType::Null) {
            read(value, content.emplace());
        }
    }
    template<class T>
    void read(JsonValue value, std::vector<T>& contents) {
        expect(value, JsonType::Array);
        contents.clear();
        contents.reserve(value.count());
        m_path.push_back({});
        for (JsonValue element = value.first(); !element.isEndOf(value); element = element.next()) {
            m_path.back().index = contents.size();
            read(element, contents.emplace_back());
        }
        m_path.pop_back();
    }

    JsonValue m_object;
    JsonValue m_hint; ///< the key (or element) expected next
    bool m_asArray = false;
    std::vector<Step> m_path;
};

/// The value of `key` at the root when it is a string, else "".
std::string rootString(JsonValue root, std::string_view key) {
    for (JsonValue at = root.first(); !at.isEndOf(root); at = at.next().next()) {
        if (at.equals(key) && at.next().type() == JsonType::String) {
            return at.next().asString();
        }
    }
    return {};
}

/// Writes and reads the "tool" object.
struct Tool {
    std::string version;
};

template<class Visitor, Is<Tool> T>
void fieldsOf(Visitor& visit, T& tool) {
    visit("version", tool.version);
}

void checkSchema(const std::string& schema) {
    if (schema == kProfileSchema) {
        return;
    }
    constexpr std::string_view kFamily = "simprof-profile/";
    if (schema.starts_with(kFamily)) {
        throw Error(fmt::format(
            "the profile follows {}, this simprof reads {}: use the simprof that wrote it, or run the firmware again",
            schema, kProfileSchema));
    }
    throw Error(fmt::format("not a simprof profile: its \"schema\" is not \"{}\"; 'simprof FIRMWARE -o PROFILE' makes "
                            "one",
                            kProfileSchema));
}

} // namespace

std::string toJson(const Profile& profile) {
    JsonWriter json;
    ProfileWriter writer(json);
    json.beginObject(JsonWriter::Layout::Lines);
    writer("schema", profile.schema);
    writer("tool", Tool{profile.toolVersion});
    fieldsOf(writer, profile);
    json.endObject();
    return json.take();
}

Profile fromJson(std::string_view text) {
    const JsonDocument document(text);
    const JsonValue root = document.root();
    if (root.type() != JsonType::Object) {
        throw Error("not a simprof profile: the file holds no JSON object");
    }
    checkSchema(rootString(root, "schema"));
    ProfileReader reader(root);
    Profile profile;
    Tool tool;
    reader("schema", profile.schema);
    reader("tool", tool);
    profile.toolVersion = tool.version;
    fieldsOf(reader, profile);
    checkProfile(profile);
    return profile;
}

Profile readProfile(const std::filesystem::path& path) {
    const std::string text = readFile(path);
    if (!looksLikeProfile(text)) {
        throw Error(fmt::format("'{0}' is not a profile: make one with 'simprof {0} -o PROFILE' if it is a firmware",
                                path.string()));
    }
    try {
        return fromJson(text);
    } catch (const Error& error) {
        throw Error(fmt::format("'{}': {}", path.string(), error.what()));
    }
}

void writeProfile(const std::filesystem::path& path, const Profile& profile) { writeFile(path, toJson(profile)); }

bool looksLikeProfile(std::string_view beginning) {
    const std::size_t first = beginning.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && beginning[first] == '{';
}

} // namespace simprof
