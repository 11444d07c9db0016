// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/profile_json.h"

#include "profiler/analysis/older_profile.h"
#include "profiler/fields/struct_reader.h"
#include "profiler/fields/struct_writer.h"
#include "profiler/files.h"
#include "profiler/profile_fields.h"
#include "sim_core/error.h"

#include <fmt/format.h>

namespace simprof {
namespace {

constexpr const char* kSchemaKey = "schema";

/// The value of `key` at the root when it is a string, else "".
std::string rootString(JsonValue root, std::string_view key) {
    for (JsonValue at = root.first(); !at.isEndOf(root); at = at.next().next()) {
        if (at.equals(key) && at.next().type() == JsonType::String) {
            return at.next().asString();
        }
    }
    return {};
}

bool hasKey(JsonValue root, std::string_view key) {
    for (JsonValue at = root.first(); !at.isEndOf(root); at = at.next().next()) {
        if (at.equals(key)) {
            return true;
        }
    }
    return false;
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
    StructWriter writer(json);
    json.beginObject(JsonWriter::Layout::Lines);
    json.member(kSchemaKey, profile.schema);
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
    Profile profile;
    profile.schema = rootString(root, kSchemaKey);
    checkSchema(profile.schema);
    StructReader reader(root);
    fieldsOf(reader, profile);
    if (!hasKey(root, "networks")) {
        nameOneNetwork(profile);
    }
    checkProfile(profile);
    if (!hasKey(root, "findings")) {
        completeOlderProfile(profile);
    }
    return profile;
}

Profile parseProfile(std::string_view content, const std::filesystem::path& path) {
    if (!looksLikeProfile(content)) {
        throw Error(fmt::format("'{0}' is not a profile: make one with 'simprof {0} -o PROFILE' if it is a firmware",
                                path.string()));
    }
    try {
        return fromJson(content);
    } catch (const Error& error) {
        throw Error(fmt::format("'{}': {}", path.string(), error.what()));
    }
}

Profile readProfile(const std::filesystem::path& path) { return parseProfile(readFile(path), path); }

void writeProfile(const std::filesystem::path& path, const Profile& profile) { writeFile(path, toJson(profile)); }

bool looksLikeProfile(std::string_view beginning) {
    const std::size_t first = beginning.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && beginning[first] == '{';
}

} // namespace simprof
