// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace simprof::test {

/// Whether this system has pseudo-terminals; bare containers may not.
inline bool pseudoTerminalsWork() {
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0) {
        return false;
    }
    bool works = ::grantpt(master) == 0 && ::unlockpt(master) == 0;
    if (const char* name = works ? ::ptsname(master) : nullptr; name != nullptr) {
        const int terminal = ::open(name, O_RDWR | O_NOCTTY);
        works = terminal >= 0;
        ::close(terminal);
    }
    ::close(master);
    return works;
}

} // namespace simprof::test
