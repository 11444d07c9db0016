// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/run/host_watch.h"

#include "profiler/text/numbers.h"
#include "sim_core/file_descriptor.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <new>
#include <string_view>
#include <unistd.h>

namespace simprof {

namespace {

constexpr std::chrono::milliseconds kLook{20};
constexpr Bytes kMostMemory = Bytes{2} << 30;
constexpr std::size_t kReserve = std::size_t{48} << 20; ///< for the report when there is no more memory

// operator new's last resort: a handler takes no argument.
std::atomic<void*> g_reserve{nullptr};
std::atomic<bool> g_exhausted{false};

/// Gives the reserve away once, which ends the run; after that there is nothing left.
void giveReserve() {
    if (void* reserve = g_reserve.exchange(nullptr)) {
        std::free(reserve);
        g_exhausted = true;
        return;
    }
    throw std::bad_alloc();
}

/// The number at place `index` of a file's first line; nothing when there is none ("max"). Allocates nothing.
std::optional<std::uint64_t> numberIn(const char* path, unsigned index) {
    const FileDescriptor file(::open(path, O_RDONLY | O_CLOEXEC));
    std::array<char, 256> text{};
    const ssize_t got = file ? ::read(file.get(), text.data(), text.size()) : -1;
    std::string_view rest(text.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    for (; index > 0 && !rest.empty(); --index) {
        rest.remove_prefix(std::min(rest.find(' ') + 1, rest.size()));
    }
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    return error == std::errc{} ? std::optional(number) : std::nullopt;
}

Bytes residentBytes() {
    // proc(5): total and resident size in pages
    return numberIn("/proc/self/statm", 1).value_or(0) * static_cast<Bytes>(::sysconf(_SC_PAGESIZE));
}

/// What may be resident when nobody says: less than a container has, so that it does not end the run itself.
Bytes usualMemory() {
    const auto container = numberIn("/sys/fs/cgroup/memory.max", 0); // cgroup v2, as the container sees itself
    return std::min(kMostMemory, container.value_or(kMostMemory) / 4 * 3);
}

} // namespace

HostWatch::HostWatch(const RunHostLimits& limits, const std::atomic<bool>* cancel)
    : m_limits(limits)
    , m_memoryBytes(limits.memoryBytes.value_or(usualMemory()))
    , m_asked(cancel) {
    g_exhausted = false;
    g_reserve = std::malloc(kReserve);
    std::set_new_handler(giveReserve);
    m_thread = std::thread([this] { watch(); });
}

HostWatch::~HostWatch() {
    {
        const std::scoped_lock lock(m_mutex);
        m_over = true;
    }
    m_wake.notify_all();
    m_thread.join();
    std::set_new_handler(nullptr);
    std::free(g_reserve.exchange(nullptr));
}

void HostWatch::end(Limit limit) {
    if (!m_cancel) {
        m_limit = limit;
        m_cancel = true;
    }
}

void HostWatch::watch() {
    const auto start = std::chrono::steady_clock::now();
    std::unique_lock lock(m_mutex);
    while (!m_wake.wait_for(lock, kLook, [this] { return m_over; })) {
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
        if (m_asked != nullptr && m_asked->load(std::memory_order_relaxed)) {
            end(Limit::None);
        } else if (g_exhausted) {
            end(Limit::Exhausted);
        } else if (taken.count() > m_limits.seconds) {
            end(Limit::Time);
        } else if (residentBytes() > m_memoryBytes) {
            end(Limit::Memory);
        }
    }
}

std::optional<std::string> HostWatch::why() const {
    switch (m_limit.load()) {
    case Limit::None: break;
    case Limit::Time: return fmt::format("simprof ran for more than {} s (--max-time)", m_limits.seconds);
    case Limit::Memory:
        return fmt::format("simprof took more than {} of memory (--max-memory)", bytesText(m_memoryBytes));
    case Limit::Exhausted: return "this computer gives simprof no more memory";
    }
    return std::nullopt;
}

} // namespace simprof
