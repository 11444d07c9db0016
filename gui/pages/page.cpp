// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/pages/page.h"

namespace simprof::gui {

Page::Page(Selection* selection, QWidget* parent)
    : QWidget(parent)
    , m_selection(selection) {}

void Page::setDocument(DocumentPtr document) { m_document = std::move(document); }

} // namespace simprof::gui
