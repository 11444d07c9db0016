// SPDX-License-Identifier: GPL-2.0-or-later
/// Gates: a profile against its baseline or against limits in a file. With zero noise, zero tolerance is a useful
/// default.
#pragma once
#include "profiler/profile.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// One amount that was compared with its limit.
struct Check {
    std::string where;  ///< "total", "inference", "memory" or the layer's title
    std::string metric; ///< with its unit: "cycles", "arena_used_bytes"
    std::optional<std::int32_t> layer;
    std::optional<double> base; ///< of a baseline
    double limit = 0;
    double measured = 0;
    double whole = 0;  ///< of the whole profile, to weigh a layer's excess; 0: the limit itself
    std::string moved; ///< in words; "" when nothing did or nothing is known

    bool isViolated() const { return measured > limit; }
    /// measured against the baseline, or against the limit where there is none, in percent.
    double changePercent() const;
    /// How bad it is: the excess as a share of the whole.
    double weight() const;
};

/// What a gate found.
struct GateResult {
    std::string against;       ///< "base.simprof" or "budget.json"
    std::vector<Check> checks; ///< violated ones first, worst first, then the rest in their order
    std::vector<std::string> notes;

    std::size_t violations() const;
    bool passed() const { return violations() == 0; }
};

/// Allowed growth over a baseline, in percent.
struct Tolerance {
    double totalPercent = 0; ///< of totals and memory
    double layerPercent = 0; ///< of each layer
};

/// Compares with a baseline; throws Error with the differences when the two are not like for like (board, clock,
/// supply, network, inferences).
GateResult checkBaseline(const Profile& base, const Profile& now, const Tolerance& tolerance);

/// A limit of a budget file.
struct BudgetLimit {
    std::string section; ///< "total", "inference", "memory" or "layers"
    std::string layer;   ///< name, operator or number; "*": each
    std::string metric;
    double limit = 0;
};

struct Budget {
    std::string board; ///< "" when it holds for any
    std::vector<BudgetLimit> limits;
};

/// Parses a budget (JSON after "simprof-budget/1", see budget_schema.json); throws Error that names the path of what is
/// wrong.
Budget parseBudget(std::string_view text);
/// Reads a budget file; throws Error that names it.
Budget readBudget(const std::filesystem::path& path);

/// Compares with limits; throws Error when a limit names a layer, an arena or inferences that the profile does not
/// have.
GateResult checkBudget(const Budget& budget, const Profile& now);

/// Adds the checks of `more`, and sorts them anew.
void addChecks(GateResult& result, GateResult more);

} // namespace simprof
