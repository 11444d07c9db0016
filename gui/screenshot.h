// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/main_window.h"

#include <QString>

namespace simprof::gui {

/// What --screenshot renders.
struct Screenshot {
    PageId page = PageId::Summary;
    QString output;
    bool dark = false;
    QSize size = {1440, 900};
    int layer = -1; ///< selected; -1: none
};

/// Shows `document` (and `base` on the page compare) in a window and writes a picture of it; throws Error when it
/// cannot be written.
void renderScreenshot(const Screenshot& what, const Runner& runner, DocumentPtr document, DocumentPtr base);

/// The page of a name; throws Error that lists the names.
PageId pageNamed(const std::string& name);

} // namespace simprof::gui
