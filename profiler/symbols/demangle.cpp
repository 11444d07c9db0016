// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/symbols/demangle.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cxxabi.h>
#include <memory>

namespace simprof {
namespace {

/// Suffixes of GCC's passes (ipa-cp, ipa-sra, partial inlining, hot/cold splitting, LTO privatisation) and of LLVM's.
constexpr std::array<std::string_view, 10> kCloneWords = {"lto_priv", "constprop", "isra",       "part", "cold",
                                                          "clone",    "llvm",      "localalias", "mvar", "__uniq"};

/// Longer names come from no compiler that anyone debugs with; the demangler's stack use grows with the length.
constexpr std::size_t kLongestName = 2000;

/// Each back reference may repeat what was said before, so that the demangled name can grow exponentially with them. A
/// third of them tripling it at each step is the worst: 3^(30/3) repetitions are still harmless.
constexpr std::size_t kMostReferences = 30;

/// Counts S_, S0_, T_, T0_ ...: an upper bound, since identifiers may contain the same letters.
std::size_t backReferences(std::string_view name) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] != 'S' && name[i] != 'T') {
            continue;
        }
        const std::size_t end = name.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", i + 1);
        count += end != std::string_view::npos && name[end] == '_';
    }
    return count;
}

struct Free {
    void operator()(char* text) const { std::free(text); }
};

} // namespace

std::string_view withoutCloneSuffix(std::string_view rawName) {
    for (std::size_t dot = rawName.find('.', 1); dot < rawName.size(); dot = rawName.find('.', dot + 1)) {
        const std::string_view rest = rawName.substr(dot + 1);
        const std::string_view word = rest.substr(0, rest.find('.'));
        if (std::find(kCloneWords.begin(), kCloneWords.end(), word) != kCloneWords.end()) {
            return rawName.substr(0, dot);
        }
    }
    return rawName;
}

std::string displayName(std::string_view rawName) {
    std::string name(withoutCloneSuffix(rawName));
    if (!name.starts_with("_Z") || name.size() > kLongestName || backReferences(name) > kMostReferences) {
        return name;
    }
    int status = 0;
    const std::unique_ptr<char, Free> demangled(abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status));
    return status == 0 && demangled ? std::string(demangled.get()) : name;
}

} // namespace simprof
