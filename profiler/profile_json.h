// SPDX-License-Identifier: GPL-2.0-or-later
/// The profile as a file: JSON after the schema "simprof-profile/1" (profile_schema.json).
#pragma once
#include "profiler/profile.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace simprof {

/// The profile as JSON text; equal profiles give equal bytes.
std::string toJson(const Profile& profile);

/// Reads what toJson wrote; throws Error that names the path of the first key that is missing, mistyped or contradicts
/// another.
Profile fromJson(std::string_view text);

/// Throws Error when an index points nowhere or the sums do not add up; every profile that fromJson returns passes.
void checkProfile(const Profile& profile);

/// The profile that a file holds; throws Error that names the file.
Profile parseProfile(std::string_view content, const std::filesystem::path& path);

/// Reads a profile file; throws Error that names the file.
Profile readProfile(const std::filesystem::path& path);

/// Writes a profile file whole or not at all; throws Error that names the file.
void writeProfile(const std::filesystem::path& path, const Profile& profile);

/// Whether these bytes look like a profile (JSON) rather than a firmware.
bool looksLikeProfile(std::string_view beginning);

} // namespace simprof
