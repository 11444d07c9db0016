// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace simprof::test {

/// What the font and display libraries keep until the process ends, in the words of LeakSanitizer: it is theirs, and
/// everything else is ours.
inline constexpr const char* kLeaksOfLibraries = "leak:libfontconfig\n"
                                                 "leak:libxcb\n"
                                                 "leak:libX11\n"
                                                 "leak:libglib\n"
                                                 "leak:libdbus\n"
                                                 "leak:libxkbcommon\n"
                                                 "leak:libGL\n"
                                                 "leak:libQt6XcbQpa\n";

} // namespace simprof::test
