// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/runs.h"

#include "gui/text.h"
#include "profiler/analysis/inference_mean.h"
#include "profiler/analysis/run_end.h"

#include <algorithm>

namespace simprof::gui {

namespace {

/// Of a mean inference, or of the whole run where there was none.
double cyclesOf(const Profile& profile) {
    return profile.inferences.empty() ? static_cast<double>(profile.totals.cycles) : inferenceMean(profile).cycles;
}

} // namespace

std::size_t Runs::numberOf(const DocumentPtr& document) const {
    const auto found = std::ranges::find_if(
        m_runs, [&document](const Run& run) { return document != nullptr && run.document->isSameRun(*document); });
    return document == nullptr || found == m_runs.end() ? 0 : static_cast<std::size_t>(found - m_runs.begin()) + 1;
}

DocumentPtr Runs::before(const DocumentPtr& document) const {
    const std::size_t number = numberOf(document);
    const std::size_t wanted = number == 0 ? m_runs.size() : number - 1;
    if (wanted == 0) {
        return nullptr;
    }
    const DocumentPtr alike = number == 0 ? nullptr : lastAlike(number, *document, true);
    return alike ? alike : m_runs[wanted - 1].document;
}

DocumentPtr Runs::lastAlike(std::size_t number, const Document& document, bool partial) const {
    for (std::size_t before = number - 1; before >= 1; --before) {
        const DocumentPtr& run = m_runs[before - 1].document;
        if (run->title() == document.title() && (partial || !isPartial(run->profile))) {
            return run;
        }
    }
    return nullptr;
}

void Runs::setSaved(const DocumentPtr& document, const QString& file) {
    if (const std::size_t number = numberOf(document); number != 0) {
        m_runs[number - 1].file = file;
    }
}

QString Runs::fileOf(const DocumentPtr& document) const {
    const std::size_t number = numberOf(document);
    return number != 0 ? m_runs[number - 1].file : document ? document->path : QString();
}

std::size_t Runs::unsaved() const {
    return static_cast<std::size_t>(std::ranges::count_if(m_runs, [](const Run& run) { return run.file.isEmpty(); }));
}

QString Runs::titleOf(std::size_t number) const {
    const Document& document = *m_runs[number - 1].document;
    const double cycles = cyclesOf(document.profile);
    QString title = QStringLiteral("%1  %2, %3 cycles%4")
                        .arg(number)
                        .arg(document.title(), qt(fixed(cycles, 0)),
                             document.profile.inferences.empty() ? QString() : QStringLiteral(" an inference"));
    const bool whole = !isPartial(document.profile);
    if (const DocumentPtr alike = whole ? lastAlike(number, document, false) : nullptr) {
        const double before = cyclesOf(alike->profile);
        const double percent = before > 0 ? 100 * (cycles - before) / before : 0;
        title += QStringLiteral(", %1%2 %").arg(percent > 0 ? QStringLiteral("+") : QString(), qt(fixed(percent, 2)));
    }
    return whole ? title : title + QStringLiteral(", partial");
}

} // namespace simprof::gui
