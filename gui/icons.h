// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/pages/page.h"

#include <QIcon>

namespace simprof::gui {

struct Theme;

/// The glyph of a page, painted in the theme's colours at any resolution.
QIcon pageIcon(PageId page, const Theme& theme, double scale);
/// The glyph of the start page.
QIcon startIcon(const Theme& theme, double scale);

} // namespace simprof::gui
