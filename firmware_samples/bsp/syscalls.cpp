// SPDX-License-Identifier: GPL-2.0-or-later
// What newlib asks of an operating system: a heap between `end` and `_heap_limit`, stdout on the console, an end.
#include "bsp/board.h"

#include <cerrno>
#include <sys/stat.h>

extern "C" {

extern char end, _heap_limit;

void* _sbrk(std::ptrdiff_t increment) {
    static char* top = &end;
    if (increment > &_heap_limit - top) {
        errno = ENOMEM;
        return reinterpret_cast<void*>(-1);
    }
    char* const previous = top;
    top += increment;
    return previous;
}

int _write(int, const char* text, int length) {
    consoleWrite(text, static_cast<std::size_t>(length));
    return length;
}

int _read(int, char*, int) { return 0; }

int _close(int) { return -1; }

int _fstat(int, struct stat* status) {
    status->st_mode = S_IFCHR;
    return 0;
}

int _isatty(int) { return 1; }

int _lseek(int, int, int) { return 0; }

int _getpid() { return 1; }

int _kill(int, int) {
    errno = EINVAL;
    return -1;
}

[[noreturn]] void _exit(int code) { boardExit(code); }

void _init() {}

void _fini() {}

} // extern "C"
