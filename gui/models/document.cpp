// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/document.h"

#include "gui/text.h"
#include "profiler/analysis/network_slice.h"
#include "profiler/analysis/run_name.h"

#include <utility>

namespace simprof::gui {

Document::Shown Document::firstOf(Profile made) {
    if (networksThatRan(made) < 2) {
        return {nullptr, 0, std::move(made)};
    }
    return oneOf(std::make_shared<const Profile>(std::move(made)), 0);
}

Document::Shown Document::oneOf(std::shared_ptr<const Profile> several, std::size_t number) {
    Profile one = ofNetwork(*several, number);
    return {std::move(several), number, std::move(one)};
}

Document::Document(Shown shown)
    : whole(std::move(shown.whole))
    , network(shown.network)
    , profile(std::move(shown.profile))
    , leftOut(profile)
    , lanes(makeLanes(profile, leftOut))
    , tetris(profile)
    , flame(makeFlame(profile))
    , time(profile)
    , kernels(kernelsOf(profile)) {}

QString Document::title() const {
    const QString name = profile.firmware.name.empty() ? QStringLiteral("firmware") : qt(runName(profile));
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

std::optional<std::pair<Cycles, Cycles>> Document::inferenceAt(int index) const {
    if (index < 0 || index >= static_cast<int>(profile.inferences.size())) {
        return std::nullopt;
    }
    const Inference& inference = profile.inferences[static_cast<std::size_t>(index)];
    return std::pair(inference.startCycle, inference.startCycle + inference.cycles);
}

int Document::kernelOf(int layer) const {
    return this->layer(layer) == nullptr ? -1 : kernels[static_cast<std::size_t>(layer)];
}

} // namespace simprof::gui
