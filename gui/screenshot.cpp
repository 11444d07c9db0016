// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/screenshot.h"

#include "gui/few_colours.h"
#include "sim_core/error.h"

#include <QApplication>
#include <QPixmap>

#include <algorithm>

namespace simprof::gui {

PageId pageNamed(const std::string& name) {
    const auto found = std::find(kPageNames.begin(), kPageNames.end(), name);
    if (found == kPageNames.end()) {
        std::string names;
        for (const char* known : kPageNames) {
            names += (names.empty() ? "" : ", ") + std::string(known);
        }
        throw Error("there is no page '" + name + "': it is one of " + names);
    }
    return static_cast<PageId>(found - kPageNames.begin());
}

void renderScreenshot(const Screenshot& what, const Runner& runner, DocumentPtr document, DocumentPtr base) {
    // No coloured fringes: they fit one kind of screen only, and make files large.
    QFont font = QApplication::font();
    font.setStyleStrategy(QFont::NoSubpixelAntialias);
    QApplication::setFont(font);
    MainWindow window(runner);
    window.setAppearance(what.dark ? Appearance::Dark : Appearance::Light);
    window.resize(what.size);
    window.setDocument(std::move(document));
    window.setBase(std::move(base));
    window.show();
    window.showPage(what.page);
    QCoreApplication::processEvents(); // a table scrolls to the layer once it has its size
    window.selection()->setLayer(what.layer);
    for (int i = 0; i < 5; ++i) { // layouts settle in steps
        QCoreApplication::processEvents();
    }
    if (window.focusWidget() != nullptr) {
        window.focusWidget()->clearFocus();
    }
    constexpr int kSmallestFile = 0; // PNG is lossless: its quality is the effort of packing, 0 the greatest
    if (!withFewColours(window.grab().toImage()).save(what.output, "PNG", kSmallestFile)) {
        throw Error("the picture cannot be written to " + what.output.toStdString() +
                    ": check the folder and its permissions");
    }
}

} // namespace simprof::gui
