// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/profile_schema.h"

#include "profiler/fields/publish.h"
#include "profiler/profile_fields.h"

namespace simprof {

std::string profileSchema() {
    return jsonSchema(StructDescriber::describe<Profile>(), "simprof profile", kProfileSchema);
}

std::string profileKeyTables() { return markdownTables(StructDescriber::describe<Profile>()); }

} // namespace simprof
