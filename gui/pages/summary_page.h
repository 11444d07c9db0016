// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/pages/page.h"

class QHBoxLayout;
class QScrollArea;
class QVBoxLayout;

namespace simprof::gui {

class Card;

/// What ran, on what assumptions, what it cost, what to look at first, what to be careful with.
class SummaryPage : public Page {
    Q_OBJECT
public:
    SummaryPage(Selection* selection, QWidget* parent);

    void setDocument(DocumentPtr document) override;

Q_SIGNALS:
    /// The user wants to see what ran just before the end.
    void lastMomentsWanted();

private:
    QWidget* makeContent();
    QWidget* makeTiles(QWidget* parent);
    QWidget* makeFault(QWidget* parent);
    QWidget* makeRemarks(QWidget* parent);
    QWidget* makeCyclesCard(QWidget* parent);
    QWidget* makeSlowestCard(QWidget* parent);
    QWidget* makeRunCard(QWidget* parent);
    QWidget* makeTrustCard(QWidget* parent);
    QWidget* makeAssumptionsCard(QWidget* parent);
    /// Buttons that show a layer on other pages.
    void addLinks(QHBoxLayout* head, int layer, QWidget* parent);
    void showLayer(int layer, PageId page);

    QScrollArea* m_scroll;
};

} // namespace simprof::gui
