// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <QImage>

namespace simprof::gui {

/// The picture with at most 256 colours, for small files: pictures of windows are flat colours and edges of letters.
/// Exact when it has no more colours; otherwise frequent colours stay as they are and each other one becomes one that
/// differs as little as possible. Equal pictures give equal results.
QImage withFewColours(const QImage& picture);

} // namespace simprof::gui
