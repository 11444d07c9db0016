// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/text/names.h"

#include <fmt/format.h>

#include <string_view>

namespace simprof {

namespace {

constexpr std::string_view kAnonymous = "(anonymous namespace)::";

std::string withoutParameters(const std::string& name) {
    const std::size_t end = name.rfind(')');
    if (end == std::string::npos || name.ends_with("(anonymous namespace)")) {
        return name;
    }
    const std::string_view behind = std::string_view(name).substr(end + 1);
    if (!behind.empty() && behind != " const" && behind != " &" && behind != " &&" && !behind.starts_with(" [clone")) {
        return name;
    }
    std::size_t depth = 0;
    for (std::size_t at = end + 1; at-- > 0;) {
        depth += name[at] == ')' ? 1 : 0;
        if (name[at] == '(' && --depth == 0) {
            return at == 0 || name.compare(0, at, "operator") == 0 || name[at - 1] == ':' ? name : name.substr(0, at);
        }
    }
    return name;
}

std::string withoutAnonymous(std::string name) {
    for (std::size_t at = name.find(kAnonymous); at != std::string::npos; at = name.find(kAnonymous, at)) {
        name.erase(at, kAnonymous.size());
    }
    return name;
}

/// Where the scopes (behind the return type) and the last part of a name without parameters begin.
struct Parts {
    std::size_t scopes = 0;
    std::size_t last = 0;
};

Parts partsOf(std::string_view name) {
    Parts parts;
    int depth = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (depth == 0 && i == parts.last && name.substr(i).starts_with("operator")) {
            break; // what follows is its name, whatever brackets and spaces it holds
        }
        const char c = name[i];
        depth += c == '<' || c == '(' || c == '{' ? 1 : c == '>' || c == ')' || c == '}' ? -1 : 0;
        if (depth == 0 && c == ' ') {
            parts.scopes = parts.last = i + 1;
        } else if (depth == 0 && c == ':' && i > 0 && name[i - 1] == ':') {
            parts.last = i + 1;
        }
    }
    return parts;
}

/// Scopes and last part, without what stands between "<" and ">".
std::string scoped(const std::string& name) {
    const Parts parts = partsOf(name);
    std::string out;
    int depth = 0;
    for (std::size_t i = parts.scopes; i < name.size(); ++i) {
        depth += name[i] == '<' ? 1 : 0;
        if (depth == 0) {
            out += name[i];
        }
        depth -= name[i] == '>' ? 1 : 0;
    }
    return out;
}

std::string firstTensor(const std::string& name) { return name.substr(0, name.find(';')); }

std::string lastTwoParts(const std::string& name) {
    const std::size_t slash = name.rfind('/');
    const std::size_t before = slash == std::string::npos || slash == 0 ? slash : name.rfind('/', slash - 1);
    return before == std::string::npos ? name : name.substr(before + 1);
}

} // namespace

std::string shortName(const std::string& name, Short form) {
    std::string out;
    switch (form) {
    case Short::Function: return withoutParameters(name);
    case Short::ScopedFunction: out = scoped(withoutAnonymous(withoutParameters(name))); break;
    case Short::BareFunction:
        out = withoutAnonymous(withoutParameters(name));
        out.erase(0, partsOf(out).last);
        break;
    case Short::Tensor: out = firstTensor(name); break;
    case Short::TensorEnd: out = lastTwoParts(firstTensor(name)); break;
    }
    return out.empty() ? name : out;
}

std::string layerTitle(std::int64_t id, const std::string& op, const std::string& name) {
    return fmt::format("layer {}{}{}{}{}", id, op.empty() ? "" : " ", op, name.empty() ? "" : " ",
                       shortName(name, Short::Tensor));
}

} // namespace simprof
