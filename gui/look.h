// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <QPalette>

namespace simprof::gui {

/// How the window looks.
enum class Appearance : std::uint8_t { System, Light, Dark };

/// Sets the application's palette and style sheet, and follows the system where the user chose nothing.
class Look {
public:
    Look();

    Appearance appearance() const { return m_appearance; }
    void setAppearance(Appearance appearance) { m_appearance = appearance; }
    void apply();
    /// Takes over a change of the system's colours; false when it was apply() that changed them.
    bool followSystem();

private:
    QPalette m_systemPalette;
    Appearance m_appearance = Appearance::System;
    bool m_applying = false;
};

} // namespace simprof::gui
