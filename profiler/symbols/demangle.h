// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <string_view>

namespace simprof {

/// The name without what GCC and LTO append to clones of a function: .lto_priv.N, .constprop.N, .isra.N, .part.N, .cold
/// and their kin.
std::string_view withoutCloneSuffix(std::string_view rawName);

/// How a symbol is shown: clone suffixes taken off and C++ names demangled. A name that is not, or not safely,
/// demangled stays as it is.
std::string displayName(std::string_view rawName);

} // namespace simprof
