// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/document.h"

#include <vector>

namespace simprof::gui {

/// Every run of the session, oldest first; none is forgotten before the window closes.
class Runs {
public:
    struct Run {
        DocumentPtr document;
        QString file; ///< where it was saved; empty: nowhere yet
    };

    void add(DocumentPtr document) { m_runs.push_back({std::move(document), {}}); }
    const std::vector<Run>& all() const { return m_runs; }
    /// Number of the run that made this document, from 1; 0: no run of the session.
    std::size_t numberOf(const DocumentPtr& document) const;
    /// The run before this document, of the same firmware and board where there is one; the last run when the document
    /// is none itself; null when there is no such run.
    DocumentPtr before(const DocumentPtr& document) const;
    void setSaved(const DocumentPtr& document, const QString& file);
    /// Where the document lies as a file; empty: nowhere.
    QString fileOf(const DocumentPtr& document) const;
    std::size_t unsaved() const;
    /// "2  kws.elf on nucleo-l4r5zi, 1,234,567 cycles an inference, -3.2 %": what changed since the last whole run of
    /// the same firmware and board before it.
    QString titleOf(std::size_t number) const;

private:
    /// The last run before `number` with the title of `document`, partial ones only when `partial`; null: none.
    DocumentPtr lastAlike(std::size_t number, const Document& document, bool partial) const;

    std::vector<Run> m_runs;
};

} // namespace simprof::gui
