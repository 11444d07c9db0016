// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/document.h"

#include "gui/text.h"

#include <algorithm>

namespace simprof::gui {

Document::Document(Profile made)
    : profile(std::move(made))
    , lanes(makeLanes(profile))
    , tetris(profile)
    , flame(makeFlame(profile))
    , time(profile) {}

QString Document::title() const {
    const QString name = profile.firmware.name.empty() ? QStringLiteral("firmware") : qt(profile.firmware.name);
    return profile.board.name.empty() ? name : QStringLiteral("%1 on %2").arg(name, qt(profile.board.name));
}

const LayerInfo* Document::layer(int index) const {
    return index >= 0 && index < static_cast<int>(profile.layers.size())
               ? &profile.layers[static_cast<std::size_t>(index)]
               : nullptr;
}

const FunctionInfo* Document::function(int index) const {
    return index >= 0 && index < static_cast<int>(profile.functions.size())
               ? &profile.functions[static_cast<std::size_t>(index)]
               : nullptr;
}

int Document::functionNamed(const std::string& name) const {
    const auto& functions = profile.functions;
    const auto found =
        std::find_if(functions.begin(), functions.end(), [&](const FunctionInfo& f) { return f.name == name; });
    return found == functions.end() ? -1 : static_cast<int>(found - functions.begin());
}

} // namespace simprof::gui
