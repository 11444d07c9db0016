// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/paragraphs.h"

#include "profiler/report/escape.h"

#include <algorithm>

namespace simprof {

std::string heading(const TextStyle& style, const std::string& title, const std::string& note) {
    return "\n" + style.bold(title) + (note.empty() ? "" : "  " + style.dim(note)) + "\n";
}

std::string labelled(const TextStyle& style, const std::string& label, const std::string& text,
                     std::size_t labelWidth) {
    const std::size_t room = style.width > labelWidth + 30 ? style.width - labelWidth - 2 : 30;
    std::string out;
    std::string line;
    const auto flush = [&] {
        const std::string head = out.empty() ? label + std::string(labelWidth - std::min(labelWidth, label.size()), ' ')
                                             : std::string(labelWidth, ' ');
        out += "  " + style.dim(head) + line + "\n";
        line.clear();
    };
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t space = std::min(text.find(' ', at), text.size());
        const std::string word = text.substr(at, space - at);
        if (!line.empty() && displayWidth(line) + 1 + displayWidth(word) > room) {
            flush();
        }
        line += (line.empty() ? "" : " ") + word;
        at = space + 1;
    }
    flush();
    return out;
}

} // namespace simprof
