// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/pages/page.h"
#include "gui/views/flame_view.h"
#include "gui/views/timeline_view.h"

class QLabel;
class QLineEdit;

namespace simprof::gui {

/// What ran when, and below it the flame graph: where the cycles went, by caller.
class TimelinePage : public Page {
    Q_OBJECT
public:
    TimelinePage(Selection* selection, QWidget* parent);

    void setDocument(DocumentPtr document) override;
    TimelineView* timeline() const { return m_timeline; }
    FlameView* flame() const { return m_flame; }
    QLineEdit* search() const { return m_search; }

private:
    QWidget* makeTools();
    void searchFor(const QString& text);
    void describeRange();
    void describeFlame(int layer);

    TimelineView* m_timeline;
    FlameView* m_flame;
    QLineEdit* m_search = nullptr;
    QLabel* m_found = nullptr;
    QLabel* m_range = nullptr;
    QLabel* m_flameTitle = nullptr;
    QLabel* m_leftOut = nullptr;
};

} // namespace simprof::gui
