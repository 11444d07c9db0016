// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/main_window.h"
#include "gui/screenshot.h"
#include "profiler/files.h"
#include "profiler/profile_json.h"
#include "sim_core/error.h"

#include <CLI/CLI.hpp>

#include <QApplication>
#include <QSettings>
#include <QStyleFactory>

#include <cstdio>

namespace {

using namespace simprof;
using namespace simprof::gui;

struct Arguments {
    std::string file;
    std::pair<std::string, std::string> screenshot; ///< page and file
    std::string base;
    std::string board;
    std::string size = "1440x900";
    double scale = 1;
    int layer = -1;
    bool dark = false;
};

/// A profile as it is, a firmware by running it.
DocumentPtr documentOf(const std::string& path, const std::string& board) {
    const std::string content = readFile(path);
    if (looksLikeProfile(content) || path.ends_with(".simprof")) {
        auto document = std::make_shared<Document>(readProfile(path));
        document->path = QString::fromStdString(path);
        return document;
    }
    RunOptions options;
    options.boardName = board;
    options.instructions = true;
    return std::make_shared<const Document>(profileRun(readFirmware(path, std::nullopt), options));
}

QSize sizeOf(const std::string& text) {
    int width = 0;
    int height = 0;
    char rest = 0;
    if (std::sscanf(text.c_str(), "%dx%d%c", &width, &height, &rest) != 2 || width < 200 || height < 200 ||
        width > 16000 || height > 16000) {
        throw Error("'" + text + "' is no size: write it like 1440x900");
    }
    return {width, height};
}

int screenshot(const Arguments& arguments) {
    if (arguments.file.empty()) {
        throw Error("--screenshot needs a firmware or a profile: simprof-gui FILE --screenshot PAGE OUT.png");
    }
    Screenshot what;
    what.page = pageNamed(arguments.screenshot.first);
    what.output = QString::fromStdString(arguments.screenshot.second);
    what.dark = arguments.dark;
    what.size = sizeOf(arguments.size);
    what.layer = arguments.layer;
    if (what.page == PageId::Compare && arguments.base.empty()) {
        throw Error("the page compare needs a second profile: --base OTHER");
    }
    const DocumentPtr base = arguments.base.empty() ? nullptr : documentOf(arguments.base, arguments.board);
    renderScreenshot(what, profileRun, documentOf(arguments.file, arguments.board), base);
    return 0;
}

int window(const Arguments& arguments) {
    QSettings settings;
    MainWindow window(profileRun, &settings);
    if (arguments.dark) {
        window.setAppearance(Appearance::Dark);
    }
    window.show();
    if (!arguments.file.empty()) {
        window.openPath(QString::fromStdString(arguments.file));
    }
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{"simprof-gui: cycles, SRAM and energy of a firmware, layer by layer", "simprof-gui"};
    Arguments arguments;
    app.add_option("FILE", arguments.file, "A firmware (ELF, Intel HEX, UF2, binary) or a profile (.simprof)");
    app.add_option(
           "--screenshot", arguments.screenshot,
           "Render a page (summary layers memory timeline energy code console compare) as PNG; needs no display")
        ->type_name("PAGE OUT.png");
    app.add_option("--base", arguments.base, "The profile or firmware to compare with, for the page compare")
        ->type_name("OTHER");
    app.add_option("--board", arguments.board, "Board for a firmware rendered with --screenshot")->type_name("NAME");
    app.add_option("--size", arguments.size, "Size of the picture")->type_name("WIDTHxHEIGHT")->capture_default_str();
    app.add_option("--scale", arguments.scale, "Pixels per unit: 2 for high resolution")
        ->check(CLI::Range(0.5, 4.0))
        ->capture_default_str();
    app.add_option("--layer", arguments.layer, "Layer that is selected in the picture")->type_name("INDEX");
    app.add_flag("--dark", arguments.dark, "Dark colours");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    const bool rendersOnly = !arguments.screenshot.first.empty();
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM") && qEnvironmentVariableIsEmpty("DISPLAY") &&
        qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")) {
        if (!rendersOnly) {
            std::fprintf(stderr,
                         "simprof-gui: there is no display; --screenshot PAGE OUT.png renders a page without one\n");
            return 2;
        }
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    if (rendersOnly) {
        qputenv("QT_SCALE_FACTOR", QByteArray::number(arguments.scale));
    }
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("simprof"));
    QApplication::setApplicationName(QStringLiteral("simprof-gui"));
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    try {
        return rendersOnly ? screenshot(arguments) : window(arguments);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "simprof-gui: %s\n", error.what());
        return 2;
    }
}
