// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/suggest.h"

#include "cli/verbs.h"
#include "profiler/report/suggest.h"

namespace simprof::cli {

std::vector<std::string> verbNames() {
    std::vector<std::string> verbs;
    for (const Verb& verb : kVerbs) {
        verbs.emplace_back(verb.name);
    }
    return verbs;
}

std::string nearestVerb(const std::string& typed) { return nearest(typed, verbNames()); }

} // namespace simprof::cli
