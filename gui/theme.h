// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/timing/core_timing.h"

#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>

#include <array>

class QWidget;

namespace simprof::gui {

/// The colours of everything that is painted, light or dark. Series colours are those of Okabe and Ito (Color Universal
/// Design, 2008), which readers with any kind of colour blindness tell apart; grey stands for what has no owner.
struct Theme {
    bool dark = false;
    QColor window;  ///< behind everything
    QColor surface; ///< cards, tables, charts
    QColor raised;  ///< headers, hovered rows
    QColor border;
    QColor grid; ///< lines inside charts
    QColor text;
    QColor muted;  ///< captions, axis labels
    QColor accent; ///< selection, links
    QColor warning;
    QColor error;
    QColor good;
    QColor neutral; ///< blocks that belong to no layer
    std::array<QColor, 7> series;

    /// The theme that fits a widget's palette.
    static const Theme& of(const QWidget* widget);
    static const Theme& light();
    static const Theme& night();
    /// Whether a palette is a dark one.
    static bool isDark(const QPalette& palette);

    QPalette palette() const;
    QString styleSheet() const;

    /// One colour per operator kind, the same on every page.
    QColor ofOperator(const std::string& op) const;
    /// A colour for any name (functions, tensors), stable from run to run.
    QColor ofName(const std::string& name) const;
    /// One colour per reason of a cycle.
    QColor ofStall(std::size_t stall) const;
    /// From cold (0) to hot (1), for lines of code.
    QColor heat(double share) const;
    /// Black or white, whichever is read better on `background`.
    static QColor textOn(const QColor& background);
};

/// `a` and `b` mixed; share 0 gives a, 1 gives b.
QColor mixed(const QColor& a, const QColor& b, double share);

/// The fixed-width font for addresses and code.
QFont codeFont(const QFont& base);
/// `base` scaled; weights above 400 are bolder.
QFont scaledFont(const QFont& base, double factor, int weight = QFont::Normal);

} // namespace simprof::gui
