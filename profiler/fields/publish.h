// SPDX-License-Identifier: GPL-2.0-or-later
/// What is published of declared fields: a JSON schema for programs, tables for readers.
#pragma once
#include "profiler/fields/describe.h"

#include <string>
#include <vector>

namespace simprof {

/// The JSON schema (draft 2020-12) of files that hold the first of `structs`; the others are its $defs. `format` is the
/// constant that such a file has as its "schema".
std::string jsonSchema(const std::vector<StructInfo>& structs, const std::string& title, const std::string& format);

/// One Markdown table of keys for each struct, under its name and sentence.
std::string markdownTables(const std::vector<StructInfo>& structs);

} // namespace simprof
