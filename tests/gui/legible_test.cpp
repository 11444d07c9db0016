// SPDX-License-Identifier: GPL-2.0-or-later
// What can be checked of legibility without eyes, at the scale that the environment asks for (QT_SCALE_FACTOR=2 is one
// of the tests): texts fit into what holds them, parts do not lie on each other, colours stay apart for every eye.
#include "gui/main_window.h"
#include "gui/models/code_model.h"
#include "gui/models/table_model.h"
#include "gui/pages/layers_page.h"
#include "gui/theme.h"
#include "gui/views/bars_view.h"
#include "gui/views/legend_view.h"
#include "gui/views/tetris_view.h"
#include "gui/widgets.h"
#include "tests/gui/support.h"

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLayout>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>

#include <array>
#include <cmath>

namespace simprof::gui {
namespace {

std::string describe(const QWidget* widget, const QString& text) {
    return std::string(widget->metaObject()->className()) + " “" + text.left(60).toStdString() + "”, " +
           std::to_string(widget->width()) + "x" + std::to_string(widget->height());
}

void expectTextsFit(const QWidget* page) {
    for (const QLabel* label : page->findChildren<QLabel*>()) {
        if (!label->isVisible() || label->text().isEmpty()) {
            continue;
        }
        const bool wraps = label->wordWrap();
        const int width = wraps ? label->minimumSizeHint().width() : label->sizeHint().width(); // its longest word
        const int height = wraps ? label->heightForWidth(label->width()) : label->sizeHint().height();
        EXPECT_LE(width, label->width() + 1) << describe(label, label->text());
        EXPECT_LE(height, label->height() + 1) << describe(label, label->text());
    }
    for (const LegendView* legend : page->findChildren<LegendView*>()) {
        if (legend->isVisible()) {
            EXPECT_LE(legend->minimumSizeHint().width(), legend->width() + 1) << describe(legend, legend->name());
            EXPECT_LE(legend->heightForWidth(legend->width()), legend->height() + 1)
                << describe(legend, legend->name());
        }
    }
    for (const QAbstractButton* button : page->findChildren<QAbstractButton*>()) {
        if (button->isVisible() && !button->text().isEmpty()) {
            EXPECT_LE(button->sizeHint().width(), button->width() + 1) << describe(button, button->text());
        }
    }
}

/// What is shown in fields, and what they show while they are empty.
void expectFieldsFit(const QWidget* page) {
    const auto expectFits = [](const QWidget* field, const QString& text, int beside) {
        EXPECT_LE(field->fontMetrics().horizontalAdvance(text) + beside, field->width()) << describe(field, text);
    };
    constexpr int kFrame = 8;
    constexpr int kArrows = 28;
    for (const QLineEdit* edit : page->findChildren<QLineEdit*>()) {
        if (edit->isVisible() && edit->isEnabled() && edit->text().isEmpty()) {
            expectFits(edit, edit->placeholderText(), kFrame);
        }
    }
    for (const QComboBox* box : page->findChildren<QComboBox*>()) {
        if (box->isVisible()) {
            expectFits(box, box->currentText(), kArrows);
        }
    }
    for (const QAbstractSpinBox* box : page->findChildren<QAbstractSpinBox*>()) {
        if (box->isVisible()) {
            expectFits(box, box->text(), kArrows);
        }
    }
}

/// What pages paint themselves.
void expectPicturesSayAll(const QWidget* page) {
    for (const BarsView* bars : page->findChildren<BarsView*>()) {
        EXPECT_TRUE(!bars->isVisible() || bars->showsAll()) << describe(bars, bars->name());
    }
}

/// Lines of code may be longer than their table, but their beginning is in sight.
void expectCodeInSight(const QTableView* code) {
    if (code->isColumnHidden(CodeModel::Text)) {
        return; // there is none
    }
    const int from = code->columnViewportPosition(CodeModel::Text) + code->horizontalScrollBar()->value();
    EXPECT_GE(code->viewport()->width() - from, QFontMetrics(code->font()).horizontalAdvance(QString(20, u'm')))
        << describe(code, code->accessibleName());
}

void expectCellsFit(const QTableView* table) {
    const QAbstractItemModel* model = table->model();
    const QFontMetrics header(table->horizontalHeader()->font());
    const QFontMetrics bold(scaledFont(table->font(), 1, QFont::DemiBold));
    for (int column = 0; column < model->columnCount(); ++column) {
        if (table->isColumnHidden(column)) {
            continue;
        }
        const QString title = model->headerData(column, Qt::Horizontal).toString();
        EXPECT_LE(header.horizontalAdvance(title) + 10, table->columnWidth(column)) << title.toStdString();
        for (int row = 0; row < model->rowCount(); ++row) {
            const QModelIndex index = model->index(row, column);
            const auto side = index.data(Qt::TextAlignmentRole).value<Qt::Alignment>();
            const bool isOperator = model->headerData(column, Qt::Horizontal, KeyRole).toString() == u"op";
            if (!(side & Qt::AlignRight) && !isOperator) {
                continue; // names may be cut, numbers and operators never
            }
            const QFontMetrics metrics = index.data(FooterRole).toBool() ? bold : QFontMetrics(table->font());
            const int next = table->columnSpan(row, column) > 1 ? table->columnWidth(column + 1) : 0;
            EXPECT_LE(metrics.horizontalAdvance(index.data().toString()) + 14, table->columnWidth(column) + next)
                << title.toStdString() << " " << index.data().toString().toStdString();
        }
    }
}

void expectNoOverlap(const QLayout* layout) {
    std::vector<QRect> places;
    for (int i = 0; i < layout->count(); ++i) {
        QLayoutItem* item = layout->itemAt(i);
        const bool shown = item->widget() != nullptr ? item->widget()->isVisible() : !item->isEmpty();
        if (!shown || item->spacerItem() != nullptr) {
            continue;
        }
        for (const QRect& other : places) {
            EXPECT_FALSE(other.intersects(item->geometry()))
                << layout->parentWidget()->metaObject()->className() << " item " << i;
        }
        places.push_back(item->geometry());
    }
}

/// Cards, tiles and controls of a page side by side, whatever put them there.
void expectNoOverlapOfSiblings(const QWidget* parent) {
    const auto children = parent->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly);
    for (int i = 0; i < children.size(); ++i) {
        for (int k = i + 1; k < children.size(); ++k) {
            if (children[i]->isVisible() && children[k]->isVisible()) {
                EXPECT_FALSE(children[i]->geometry().intersects(children[k]->geometry()))
                    << describe(children[i], children[i]->accessibleName()) << " and "
                    << describe(children[k], children[k]->accessibleName());
            }
        }
    }
}

/// Nothing is beyond the right edge of what holds it, and nothing scrolls sideways.
void expectNothingSideways(const QWidget* window) {
    for (const QWidget* widget : window->findChildren<QWidget*>()) {
        const QWidget* parent = widget->parentWidget();
        if (widget->isVisible() && !widget->isWindow() && parent != nullptr && !widget->visibleRegion().isEmpty()) {
            EXPECT_LE(widget->geometry().right(), parent->width()) << describe(widget, widget->accessibleName());
        }
    }
    for (const QAbstractScrollArea* area : window->findChildren<QAbstractScrollArea*>()) {
        const bool isCode = area->accessibleName() == QStringLiteral("Source") ||
                            area->accessibleName() == QStringLiteral("Disassembly"); // as long as lines are
        if (area->isVisible() && !isCode && area->horizontalScrollBarPolicy() != Qt::ScrollBarAlwaysOff) {
            EXPECT_EQ(area->horizontalScrollBar()->maximum(), 0) << describe(area, area->accessibleName());
        } else if (const auto* scroll = qobject_cast<const QScrollArea*>(area);
                   scroll != nullptr && scroll->isVisible() && scroll->widget() != nullptr) {
            EXPECT_LE(scroll->widget()->width(), scroll->viewport()->width())
                << describe(scroll, scroll->accessibleName());
        }
    }
}

void expectLegible(MainWindow& window) {
    expectTextsFit(&window);
    expectFieldsFit(&window);
    expectPicturesSayAll(&window);
    expectNothingSideways(&window);
    for (const QTableView* table : window.findChildren<QTableView*>()) {
        if (table->isVisible()) {
            const bool isCode = qobject_cast<const CodeModel*>(table->model()) != nullptr;
            isCode ? expectCodeInSight(table) : expectCellsFit(table);
        }
    }
    for (const TileGrid* grid : window.findChildren<TileGrid*>()) {
        if (grid->isVisible()) {
            expectNoOverlapOfSiblings(grid);
        }
    }
    for (const QLayout* layout : window.findChildren<QLayout*>()) {
        if (layout->parentWidget() != nullptr && layout->parentWidget()->isVisible() &&
            layout->objectName() != QLatin1String("qt_stack") && !layout->inherits("QStackedLayout")) {
            expectNoOverlap(layout);
        }
    }
}

/// As long as names and numbers of a large C++ firmware are.
Profile longProfile() {
    Profile profile = test::sampleProfile({.slowLayer = 4, .slowPercent = 25});
    constexpr Cycles kTimes = 4'000;
    for (LayerInfo& layer : profile.layers) {
        layer.name = "mobilenetv2_0.30_80/block_" + std::to_string(layer.id) + "_expand_relu/" + layer.name;
        layer.kernel = "tflite::ops::micro::" + layer.op + "::EvalQuantizedPerChannel<signed char, std::int32_t>";
        layer.cycles *= kTimes;
        layer.instructions *= kTimes;
        layer.timeUs *= static_cast<double>(kTimes);
        layer.energyUj *= static_cast<double>(kTimes);
        for (Cycles& cycles : layer.stalls) {
            cycles *= kTimes;
        }
    }
    for (FunctionInfo& function : profile.functions) {
        function.name = "simprof::runtime::(anonymous namespace)::" + function.name + "<2, 2, 4>(Params const&, int*)";
        function.selfCycles *= kTimes;
        function.inclusiveCycles *= kTimes;
    }
    return profile;
}

/// A fault deep inside a C++ framework.
Profile faultProfile() {
    Profile profile = test::sampleProfile({.inferences = 1});
    ProfileFault fault = test::sampleFault();
    fault.registers.assign(17, 0x2004FFF1);
    fault.callStack = {"(anonymous namespace)::unaligned_trap()+0x18 (firmware_samples/faults/armv7m.cpp:30)",
                       "tflite::ops::micro::depthwise_conv::EvalQuantizedPerChannel(TfLiteContext*, TfLiteNode*)+0x1b4 "
                       "(third_party/tflite_micro/tensorflow/lite/micro/kernels/cmsis_nn/depthwise_conv.cc:412)",
                       "Reset_Handler+0x1e (firmware_samples/bsp/vectors.S:83)"};
    profile.halt = {HaltReason::Kind::Fault, fault.what, fault.pc, 0, fault};
    profile.findings = makeFindings(profile);
    return profile;
}

/// Without a network, as of an RTOS that only switches threads.
Profile plainProfile() {
    Profile profile = test::sampleProfile();
    profile.layers.clear();
    profile.inferences.clear();
    profile.memory.arena.reset();
    profile.network = {"", "no TFLite flatbuffer in the image", "", "", 0};
    for (CallNode& node : profile.callTree) {
        node.layer = -1;
    }
    profile.owners = {{"[unattributed]", profile.totals.cycles - 12'775 - 6'358, 0, 0, 0, {}},
                      {"[interrupt PendSV]", 12'775, 0, 0, 0, {}},
                      {"[interrupt SysTick]", 6'358, 0, 0, 0, {}}};
    profile.findings = makeFindings(profile);
    return profile;
}

struct Shown {
    const char* name;
    Profile (*make)();
};

const Shown kShown[] = {{"network", [] { return test::sampleProfile({.slowLayer = 4, .slowPercent = 25}); }},
                        {"long", longProfile},
                        {"fault", faultProfile},
                        {"plain", plainProfile}};

class LegibleAt : public testing::TestWithParam<std::tuple<QSize, Shown>> {};

TEST_P(LegibleAt, TextsFitAndNothingOverlapsOnAnyPage) {
    const auto& [size, shown] = GetParam();
    MainWindow window([](const FirmwareImage&, const RunOptions&) { return Profile(); });
    window.resize(size);
    window.setDocument(std::make_shared<const Document>(shown.make()));
    window.setBase(test::sampleDocument());
    window.show();
    window.selection()->setLayer(window.document()->profile.layers.empty() ? -1 : 2);
    for (std::size_t i = 0; i <= kPageNames.size(); ++i) {
        const char* name = i < kPageNames.size() ? kPageNames[i] : "start";
        SCOPED_TRACE(name);
        i < kPageNames.size() ? window.showPage(static_cast<PageId>(i)) : window.showStart();
        for (int pass = 0; pass < 5; ++pass) {
            QCoreApplication::processEvents();
        }
        EXPECT_EQ(window.size(), size) << "nothing makes the window larger";
        expectLegible(window);
        ASSERT_TRUE(window.grab().save(test::outputFolder() + QStringLiteral("/legible-%1-%2-%3x%4-%5.png")
                                                                  .arg(QLatin1String(shown.name), QLatin1String(name))
                                                                  .arg(size.width())
                                                                  .arg(size.height())
                                                                  .arg(window.devicePixelRatioF())));
    }
}

INSTANTIATE_TEST_SUITE_P(Legible, LegibleAt,
                         testing::Combine(testing::Values(QSize(900, 600), QSize(1280, 800), QSize(1440, 900)),
                                          testing::ValuesIn(kShown)),
                         [](const auto& row) {
                             return "At" + std::to_string(std::get<0>(row.param).width()) + "_" +
                                    std::get<1>(row.param).name;
                         });

// How colours look to dichromats: Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color
// Vision Deficiency", 2009, severity 1.0; on linear RGB.
using Matrix = std::array<std::array<double, 3>, 3>;
const std::pair<const char*, Matrix> kEyes[] = {
    {"all cones", {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}},
    {"protanopia",
     {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}}},
    {"deuteranopia",
     {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}}},
    {"tritanopia",
     {{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}}}};

/// CIE L*a*b* (D65) of a colour as such an eye sees it.
std::array<double, 3> labOf(const QColor& colour, const Matrix& eye) {
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    const std::array<double, 3> rgb = {linear(colour.redF()), linear(colour.greenF()), linear(colour.blueF())};
    std::array<double, 3> seen{};
    for (std::size_t i = 0; i < 3; ++i) {
        seen[i] = std::clamp(eye[i][0] * rgb[0] + eye[i][1] * rgb[1] + eye[i][2] * rgb[2], 0.0, 1.0);
    }
    const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
    const double x = f((0.4124564 * seen[0] + 0.3575761 * seen[1] + 0.1804375 * seen[2]) / 0.95047);
    const double y = f(0.2126729 * seen[0] + 0.7151522 * seen[1] + 0.0721750 * seen[2]);
    const double z = f((0.0193339 * seen[0] + 0.1191920 * seen[1] + 0.9503041 * seen[2]) / 1.08883);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

void expectApart(const char* what, const std::vector<std::pair<std::string, QColor>>& colours) {
    constexpr double kApart = 11; // a difference of 2.3 is just noticed side by side
    double least = 1000;
    for (const auto& [eye, matrix] : kEyes) {
        for (std::size_t i = 0; i < colours.size(); ++i) {
            for (std::size_t k = i + 1; k < colours.size(); ++k) {
                const auto a = labOf(colours[i].second, matrix);
                const auto b = labOf(colours[k].second, matrix);
                const double apart = std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
                least = std::min(least, apart);
                EXPECT_GT(apart, kApart) << what << ", " << eye << ": " << colours[i].first << " and "
                                         << colours[k].first;
            }
        }
    }
    std::printf("%-28s least difference %.1f\n", what, least);
}

TEST(Legible, ColoursThatStandTogetherAreApartForEveryEye) {
    for (const Theme* theme : {&Theme::light(), &Theme::night()}) {
        std::vector<std::pair<std::string, QColor>> stalls = {{"background", theme->surface}};
        for (std::size_t i = 0; i < kStallCount; ++i) {
            stalls.emplace_back("stall " + std::to_string(i), theme->ofStall(i));
        }
        expectApart(theme->dark ? "reasons, dark" : "reasons, light", stalls);
        expectApart(theme->dark ? "memory, dark" : "memory, light",
                    {{"background", theme->surface},
                     {"activation", blockColour(*theme, BlockKind::Activation)},
                     {"input or output", blockColour(*theme, BlockKind::InputOutput)},
                     {"scratch", blockColour(*theme, BlockKind::Scratch)},
                     {"persistent", blockColour(*theme, BlockKind::Persistent)},
                     {"stack", theme->series[3]},
                     {"heap", theme->series[4]}});
        std::vector<std::pair<std::string, QColor>> operators = {{"background", theme->surface}};
        for (const char* op : {"CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "ADD", "MEAN", "SOFTMAX", "PAD"}) {
            operators.emplace_back(op, theme->ofOperator(op));
        }
        expectApart(theme->dark ? "operators, dark" : "operators, light", operators);
    }
}

} // namespace
} // namespace simprof::gui
