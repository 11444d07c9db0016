// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/look.h"

#include "gui/theme.h"

#include <QApplication>

namespace simprof::gui {

Look::Look()
    : m_systemPalette(QGuiApplication::palette()) {}

void Look::apply() {
    m_applying = true;
    const bool dark =
        m_appearance == Appearance::Dark || (m_appearance == Appearance::System && Theme::isDark(m_systemPalette));
    const Theme& theme = dark ? Theme::night() : Theme::light();
    qApp->setPalette(theme.palette());
    qApp->setStyleSheet(theme.styleSheet());
    m_applying = false;
}

bool Look::followSystem() {
    if (m_applying) {
        return false;
    }
    m_systemPalette = QGuiApplication::palette();
    return true;
}

} // namespace simprof::gui
