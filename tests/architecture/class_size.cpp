// SPDX-License-Identifier: GPL-2.0-or-later
/// Counts data members in the text of a class: names that begin with m_ where a declaration stands.
#include "tests/architecture/source_tree.h"

#include <fmt/format.h>

#include <map>
#include <regex>
#include <set>

namespace simprof::test {

namespace {

/// Without comments, strings and characters.
std::string plainText(const std::string& text) {
    static const std::regex kNoise(R"(//[^\n]*|/\*[^]*?\*/|"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])+')");
    return std::regex_replace(text, kNoise, " ");
}

/// A class body on its own level: what lies in inner braces is left out, each `}` ends a statement.
struct Body {
    std::string statements;
    std::size_t end = 0;
};
Body bodyFrom(const std::string& text, std::size_t open) {
    Body body;
    int depth = 1;
    for (body.end = open + 1; body.end < text.size() && depth > 0; ++body.end) {
        const char c = text[body.end];
        depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        if (c == '}' && depth == 1) {
            body.statements += ';';
        } else if (depth == 1 && c != '{') {
            body.statements += c;
        }
    }
    return body;
}

std::vector<std::string> split(const std::string& statements) {
    static const std::regex kStatement("[^;]+");
    return {std::sregex_token_iterator(statements.begin(), statements.end(), kStatement), {}};
}

/// Fields of a nested struct: one for each declarator of a statement that declares no function.
std::size_t fieldsOf(const std::string& statements) {
    std::size_t count = 0;
    for (const std::string& statement : split(statements)) {
        static const std::regex kField(R"(^\s*[\w:<>,&*\s\[\]]+[\w\]]\s*(=[^;]*)?$)");
        static const std::regex kOther(R"(\b(using|enum|struct|class|static|friend|template)\b)");
        if (std::regex_search(statement, kField) && !std::regex_search(statement, kOther)) {
            ++count;
        }
    }
    return count;
}

std::size_t membersOf(const std::string& text, const Body& body, std::size_t open) {
    // Nested structs, by name.
    std::map<std::string, std::size_t> nested;
    static const std::regex kStruct(R"(\bstruct\s+(\w+)\s*\{)");
    for (std::sregex_iterator at(text.begin() + static_cast<std::ptrdiff_t>(open),
                                 text.begin() + static_cast<std::ptrdiff_t>(body.end), kStruct);
         at != std::sregex_iterator(); ++at) {
        const std::size_t brace = open + static_cast<std::size_t>(at->position() + at->length()) - 1;
        nested[(*at)[1]] = fieldsOf(bodyFrom(text, brace).statements);
    }
    std::set<std::string> names;
    std::size_t inside = 0;
    for (const std::string& statement : split(body.statements)) {
        static const std::regex kInitialisers(R"(\)\s*(const|noexcept)?\s*:\s)");
        static const std::regex kHeld(R"(^\s*(\w+)\s+m_\w+\s*$)");
        static const std::regex kName(R"(\bm_\w+)");
        if (std::regex_search(statement, kInitialisers)) {
            continue; // a constructor's
        }
        for (std::sregex_iterator at(statement.begin(), statement.end(), kName); at != std::sregex_iterator(); ++at) {
            names.insert(at->str());
        }
        std::smatch held;
        if (std::regex_search(statement, held, kHeld) && nested.contains(held[1])) {
            inside += nested[held[1]] - 1;
        }
    }
    return names.size() + inside;
}

} // namespace

Violations crowdedClasses(const SourceFile& file) {
    Violations violations;
    if (!file.path.ends_with(".h") && !file.path.ends_with(".cpp")) {
        return violations;
    }
    const std::string text = plainText(file.text);
    static const std::regex kClass(R"(\b(class|struct)\s+([\w:]+)[^;{}()]*\{)");
    for (std::sregex_iterator at(text.begin(), text.end(), kClass); at != std::sregex_iterator(); ++at) {
        const auto open = static_cast<std::size_t>(at->position() + at->length()) - 1;
        const std::size_t members = membersOf(text, bodyFrom(text, open), open);
        if (members > kMemberLimit) {
            violations.push_back(fmt::format("{}: {} has {} data members", file.path, (*at)[2].str(), members));
        }
    }
    return violations;
}

} // namespace simprof::test
