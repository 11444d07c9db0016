// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/theme.h"

#include <QFontDatabase>
#include <QWidget>

#include <cmath>
#include <string_view>

namespace simprof::gui {

namespace {

// Okabe and Ito, "Color Universal Design", 2008: sky blue, orange, bluish green, reddish purple, blue, vermillion,
// yellow.
const std::array<QColor, 7> kOkabeIto = {QColor(0x56B4E9), QColor(0xE69F00), QColor(0x009E73), QColor(0xCC79A7),
                                         QColor(0x0072B2), QColor(0xD55E00), QColor(0xF0E442)};

std::uint32_t hashOf(std::string_view text) {
    std::uint32_t hash = 2166136261U; // FNV-1a
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    }
    return hash;
}

double luminance(const QColor& colour) {
    const auto channel = [](double value) {
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * channel(colour.redF()) + 0.7152 * channel(colour.greenF()) + 0.0722 * channel(colour.blueF());
}

} // namespace

QColor mixed(const QColor& a, const QColor& b, double share) {
    const double keep = 1 - share;
    return QColor::fromRgbF(static_cast<float>(a.redF() * keep + b.redF() * share),
                            static_cast<float>(a.greenF() * keep + b.greenF() * share),
                            static_cast<float>(a.blueF() * keep + b.blueF() * share));
}

const Theme& Theme::light() {
    static const Theme kTheme = [] {
        Theme t;
        t.window = QColor(0xF3F5F7);
        t.surface = QColor(0xFFFFFF);
        t.raised = QColor(0xEDF0F3);
        t.border = QColor(0xD5DAE0);
        t.grid = QColor(0xE4E8EC);
        t.text = QColor(0x1A1E23);
        t.muted = QColor(0x5A6572);
        t.accent = QColor(0x0068A8);
        t.warning = QColor(0x9A5B00);
        t.error = QColor(0xB3261E);
        t.good = QColor(0x00734F);
        t.neutral = QColor(0xB4BCC6);
        t.series = kOkabeIto;
        return t;
    }();
    return kTheme;
}

const Theme& Theme::night() {
    static const Theme kTheme = [] {
        Theme t;
        t.dark = true;
        t.window = QColor(0x14171B);
        t.surface = QColor(0x1C2025);
        t.raised = QColor(0x272C33);
        t.border = QColor(0x363D46);
        t.grid = QColor(0x2B3138);
        t.text = QColor(0xE7EAEE);
        t.muted = QColor(0x9CA7B4);
        t.accent = QColor(0x6CC1F2);
        t.warning = QColor(0xF2B84B);
        t.error = QColor(0xFF8A80);
        t.good = QColor(0x4CC9A0);
        t.neutral = QColor(0x68737F);
        t.series = kOkabeIto;
        return t;
    }();
    return kTheme;
}

bool Theme::isDark(const QPalette& palette) { return palette.color(QPalette::Window).lightness() < 128; }

const Theme& Theme::of(const QWidget* widget) { return isDark(widget->palette()) ? night() : light(); }

QPalette Theme::palette() const {
    QPalette p;
    p.setColor(QPalette::Window, window);
    p.setColor(QPalette::WindowText, text);
    p.setColor(QPalette::Base, surface);
    p.setColor(QPalette::AlternateBase, mixed(surface, raised, 0.4));
    p.setColor(QPalette::Text, text);
    p.setColor(QPalette::Button, raised);
    p.setColor(QPalette::ButtonText, text);
    p.setColor(QPalette::BrightText, error);
    p.setColor(QPalette::ToolTipBase, raised);
    p.setColor(QPalette::ToolTipText, text);
    p.setColor(QPalette::PlaceholderText, muted);
    p.setColor(QPalette::Highlight, mixed(surface, accent, dark ? 0.35 : 0.22));
    p.setColor(QPalette::HighlightedText, text);
    p.setColor(QPalette::Link, accent);
    p.setColor(QPalette::LinkVisited, accent);
    p.setColor(QPalette::Mid, border);
    p.setColor(QPalette::Midlight, grid);
    p.setColor(QPalette::Light, dark ? raised : surface);
    p.setColor(QPalette::Dark, mixed(border, QColor(Qt::black), dark ? 0.3 : 0.2));
    p.setColor(QPalette::Shadow, QColor(Qt::black));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        p.setColor(QPalette::Disabled, role, mixed(text, surface, 0.6));
    }
    return p;
}

QString Theme::styleSheet() const {
    // Only what a palette cannot say: flat cards, thin borders, quiet headers.
    QString sheet = QStringLiteral(R"(
        QToolTip { color: @text; background: @raised; border: 1px solid @border; padding: 4px; }
        QFrame#card { background: @surface; border: 1px solid @border; border-radius: 6px; }
        QFrame#banner { border: 1px solid @error; border-left: 4px solid @error; border-radius: 4px; background: @surface; }
        QFrame#notice { border: 1px solid @warning; border-left: 4px solid @warning; border-radius: 4px; background: @surface; }
        QLabel#caption { color: @muted; }
        QLabel#title { color: @text; font-weight: 600; }
        QTableView, QTreeView, QListView, QPlainTextEdit { border: 1px solid @border; border-radius: 4px; background: @surface; gridline-color: @grid; }
        QHeaderView::section { background: @raised; color: @muted; border: none; border-right: 1px solid @grid; border-bottom: 1px solid @border; padding: 4px 13px 4px 6px; }
        QListWidget#navigation { background: @window; border: none; border-right: 1px solid @border; border-radius: 0; outline: none; padding-top: 6px; }
        QListWidget#navigation::item { padding: 7px 12px; margin: 1px 6px; border-radius: 5px; color: @text; }
        QListWidget#navigation::item:selected { background: @highlight; color: @text; }
        QListWidget#navigation::item:hover:!selected { background: @raised; }
        QMenuBar { background: @window; border-bottom: 1px solid @border; padding: 2px 6px; }
        QMenuBar::item { padding: 4px 9px; border-radius: 4px; background: transparent; }
        QMenuBar::item:selected { background: @raised; }
        QMenu { background: @surface; border: 1px solid @border; padding: 4px; }
        QMenu::item { padding: 5px 26px 5px 14px; border-radius: 4px; }
        QMenu::item:selected { background: @highlight; }
        QMenu::separator { height: 1px; background: @grid; margin: 4px 6px; }
        QLineEdit { padding: 3px 6px; }
        QLineEdit { border: 1px solid @border; border-radius: 4px; background: @surface; }
        QLineEdit:focus { border-color: @accent; }
        QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
        QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
        QScrollBar::handle { background: @border; border-radius: 4px; margin: 2px; min-height: 26px; min-width: 26px; }
        QScrollBar::handle:hover { background: @muted; }
        QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
        QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
        QListWidget#recent::item { padding: 6px 8px; }
        QListWidget#recent::item:hover { background: @raised; }
        QListWidget#recent::item:selected { background: @highlight; color: @text; }
        QStatusBar { border-top: 1px solid @border; }
        QStatusBar::item { border: none; }
        QSplitter::handle { background: transparent; }
        QToolButton#flat { border: 1px solid @border; border-radius: 4px; padding: 3px 8px; color: @text; background: @surface; }
        QToolButton#flat:hover { background: @raised; border-color: @muted; }
        QToolButton#flat:disabled { color: @muted; }
        QToolButton#flat:checked { background: @highlight; border-color: @accent; }
        QToolButton#flat:focus { border-color: @accent; }
        QToolButton::menu-indicator { image: none; }
        QPushButton { border: 1px solid @border; border-radius: 4px; padding: 5px 14px; background: @surface; color: @text; }
        QPushButton:hover { background: @raised; border-color: @muted; }
        QPushButton:focus { border-color: @accent; }
        QPushButton:default { background: @accent; border-color: @accent; color: @onaccent; font-weight: 600; }
        QPushButton:disabled { color: @muted; background: @raised; border-color: @border; }
        QProgressBar { border: none; border-radius: 3px; background: @raised; min-height: 6px; max-height: 6px; }
        QProgressBar::chunk { background: @accent; border-radius: 3px; }
    )");
    const std::pair<const char*, QColor> colours[] = {
        {"@text", text},     {"@raised", raised},
        {"@border", border}, {"@surface", surface},
        {"@error", error},   {"@warning", warning},
        {"@muted", muted},   {"@grid", grid},
        {"@window", window}, {"@onaccent", textOn(accent)},
        {"@accent", accent}, {"@highlight", mixed(surface, accent, dark ? 0.3 : 0.16)}};
    for (const auto& [name, colour] : colours) {
        sheet.replace(QLatin1String(name), colour.name());
    }
    return sheet;
}

QColor Theme::ofOperator(const std::string& op) const {
    static constexpr std::pair<std::string_view, std::size_t> kKinds[] = {
        {"DEPTHWISE_CONV_2D", 1}, {"CONV_2D", 0}, {"FULLY_CONNECTED", 2}, {"ADD", 3}, {"AVERAGE_POOL_2D", 4},
        {"MAX_POOL_2D", 4},       {"MEAN", 4},    {"SOFTMAX", 5},         {"PAD", 6}, {"PADV2", 6}};
    for (const auto& [name, index] : kKinds) {
        if (op == name) {
            return series[index];
        }
    }
    return op.empty() ? neutral : mixed(neutral, series[hashOf(op) % series.size()], 0.35);
}

QColor Theme::ofName(const std::string& name) const {
    const std::uint32_t hash = hashOf(name);
    const QColor base = series[hash % series.size()];
    return mixed(base, dark ? QColor(Qt::black) : QColor(Qt::white),
                 0.12 + 0.08 * static_cast<double>((hash >> 8) % 4));
}

QColor Theme::ofStall(std::size_t stall) const {
    switch (static_cast<Stall>(stall)) {
    case Stall::Issue: return series[4];
    case Stall::Fetch: return series[1];
    case Stall::LoadStore: return series[0];
    case Stall::AddressDependency: return series[3];
    case Stall::BranchRefill: return series[6];
    case Stall::MultiCycle: return series[2];
    case Stall::CacheMiss: return series[5];
    case Stall::BusContention: return mixed(series[5], QColor(Qt::black), 0.45);
    case Stall::Exception: return mixed(series[3], QColor(Qt::black), dark ? 0.55 : 0.45);
    case Stall::Sleep: return neutral;
    }
    return neutral;
}

QColor Theme::heat(double share) const {
    const double strength = std::sqrt(std::clamp(share, 0.0, 1.0));
    return mixed(surface, series[5], strength * (dark ? 0.75 : 0.6));
}

QColor Theme::textOn(const QColor& background) {
    // WCAG contrast: the crossing point of black and white text lies at a luminance of 0.179.
    return luminance(background) > 0.179 ? QColor(0x101215) : QColor(Qt::white);
}

QFont codeFont(const QFont& base) {
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setStyleStrategy(base.styleStrategy());
    if (base.pointSizeF() > 0) {
        font.setPointSizeF(base.pointSizeF());
    } else {
        font.setPixelSize(base.pixelSize());
    }
    return font;
}

QFont scaledFont(const QFont& base, double factor, int weight) {
    QFont font = base;
    if (base.pointSizeF() > 0) {
        font.setPointSizeF(base.pointSizeF() * factor);
    } else {
        font.setPixelSize(static_cast<int>(std::lround(base.pixelSize() * factor)));
    }
    font.setWeight(static_cast<QFont::Weight>(weight));
    return font;
}

} // namespace simprof::gui
