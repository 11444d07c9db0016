// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>

namespace simprof {

/// The JSON schema of profiles, as published in profiler/profile_schema.json.
std::string profileSchema();

/// The tables of all keys of a profile in Markdown, as in docs/PROFILE.md.
std::string profileKeyTables();

} // namespace simprof
