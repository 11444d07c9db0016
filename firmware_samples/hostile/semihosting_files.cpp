// SPDX-License-Identifier: GPL-2.0-or-later
// Asks for files of the host that it must not have, and for more than it may write.
#include <cstdint>
#include <cstring>

namespace {

std::uint32_t call(std::uint32_t operation, const void* argument) {
    register std::uint32_t result asm("r0") = operation;
    register const void* block asm("r1") = argument;
    asm volatile("bkpt 0xAB" : "+r"(result) : "r"(block) : "memory");
    return result;
}

std::uint32_t open(const char* name, std::uint32_t mode) {
    const std::uint32_t block[] = {reinterpret_cast<std::uintptr_t>(name), mode,
                                   static_cast<std::uint32_t>(std::strlen(name))};
    return call(0x01, block);
}

} // namespace

int main() {
    static const char* const kNames[] = {"/etc/passwd", "../outside", "link/outside", "fifo", ".", "a/../../outside"};
    constexpr std::uint32_t kFailed = 0xFFFFFFFF;
    for (const char* name : kNames) {
        for (std::uint32_t mode = 0; mode < 14; ++mode) {
            if (open(name, mode) != kFailed) {
                return 2;
            }
        }
    }
    const std::uint32_t file = open("inside", 4);
    static char data[16384];
    for (std::uint32_t position = 0; position < 0xF0000000U; position += 0x01000000) {
        const std::uint32_t seek[] = {file, position};
        call(0x0A, seek);
        const std::uint32_t write[] = {file, reinterpret_cast<std::uintptr_t>(data), sizeof data};
        call(0x05, write);
    }
    for (int i = 0; i < 100'000; ++i) { // it may close what it has not opened
        const std::uint32_t handle[] = {static_cast<std::uint32_t>(i)};
        call(0x02, handle);
    }
    for (int i = 0; i < 200; ++i) {
        open("inside", 0);
    }
    return 0;
}
