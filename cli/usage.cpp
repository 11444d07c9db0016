// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/usage.h"

#include "cli/suggest.h"
#include "profiler/report/suggest.h"
#include "sim_core/error.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace simprof::cli {
namespace {

std::vector<std::string> optionNames(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    return names;
}

/// The verb the user is at; the whole program when there is none.
const CLI::App& chosen(const CLI::App& app) {
    const auto verbs = app.get_subcommands();
    return verbs.empty() ? app : *verbs.front();
}

/// A word or an option that nothing takes.
std::string unexpected(const CLI::App& app) {
    const CLI::App& verb = chosen(app);
    const std::vector<std::string> extras = app.remaining(true);
    const std::string extra = extras.empty() ? "" : extras.front();
    if (extra.starts_with("-")) {
        return fmt::format("there is no option '{}'{}", extra,
                           didYouMean(extra.substr(0, extra.find('=')), optionNames(verb)));
    }
    // A verb with a typing error is taken for the firmware.
    const auto words = app.get_option("FIRMWARE")->results();
    if (&verb == &app && !words.empty()) {
        if (const std::string meant = nearestVerb(words.front()); !meant.empty()) {
            return fmt::format("'{}' is no verb: did you mean 'simprof {}'?", words.front(), meant);
        }
        if (!std::filesystem::exists(words.front())) {
            return fmt::format("'{}' is neither a verb nor a firmware; the verbs are {}", words.front(),
                               fmt::join(verbNames(), ", "));
        }
    }
    return fmt::format("what is '{}' for?", extra);
}

/// The parser's "Could not convert: --tolerance = x".
std::string conversion(const std::string& text) {
    const std::size_t colon = text.find(": ");
    const std::size_t equals = text.find(" = ");
    if (colon == std::string::npos || equals == std::string::npos || equals < colon) {
        return text;
    }
    return fmt::format("{} takes a number, not '{}'", text.substr(colon + 2, equals - colon - 2),
                       text.substr(equals + 3));
}

} // namespace

std::string helpFooter(const char* examples) {
    return fmt::format("Examples:\n{}\nExit code: 0 all right; 1 a gate failed; 2 bad usage or input; 3 the firmware "
                       "faulted, locked up or never finished.",
                       examples);
}

std::string usageError(const CLI::App& app, const CLI::ParseError& error) {
    const CLI::App& verb = chosen(app);
    std::string message = error.what();
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
        message = unexpected(app);
    } else if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr) {
        message = conversion(message);
    }
    std::replace(message.begin(), message.end(), '\n', ' ');
    return fmt::format("{}; see 'simprof {}--help'", message, &verb == &app ? "" : verb.get_name() + " ");
}

void checkUsage(const CLI::App& app) {
    const CLI::App& verb = chosen(app);
    for (const CLI::App* part : {&app, &verb}) {
        for (const CLI::Option* option : part->get_options()) {
            if (option->count() == 0) {
                continue;
            }
            const auto results = option->results();
            if (std::ranges::find(results, "") != results.end()) {
                throw Error(fmt::format("{} is empty: give it a value or leave it out", option->get_name()));
            }
            if (part != &verb) {
                throw Error(fmt::format("{} in front of '{}' has no effect: give '{}' its options behind it",
                                        option->get_positional() ? "'" + results.front() + "'" : option->get_name(),
                                        verb.get_name(), verb.get_name()));
            }
        }
    }
}

} // namespace simprof::cli
