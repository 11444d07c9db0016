// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/few_colours.h"
#include "gui/models/flame_model.h"
#include "gui/models/tetris_model.h"
#include "gui/models/timeline_model.h"
#include "gui/theme.h"
#include "gui/views/flame_view.h"
#include "gui/views/power_view.h"
#include "gui/views/tetris_view.h"
#include "gui/views/timeline_view.h"
#include "tests/gui/support.h"

#include <QImage>
#include <QXmlStreamReader>

#include <map>
#include <random>
#include <set>

namespace simprof::gui {
namespace {

using test::sampleDocument;
using test::sampleProfile;

TEST(TetrisModel, BlocksLieAtTheirAddresses) {
    const Profile profile = sampleProfile();
    const TetrisModel model(profile);
    for (std::size_t i = 0; i < profile.memory.tensors.size(); ++i) {
        const TensorLife& tensor = profile.memory.tensors[i];
        const BlockPlace& place = model.place(i, TetrisState::Measured);
        EXPECT_EQ(model.addressAt(place.low), tensor.address) << tensor.name;
        EXPECT_DOUBLE_EQ(place.high - place.low, static_cast<double>(tensor.sizeBytes));
        EXPECT_DOUBLE_EQ(place.begin, static_cast<double>(tensor.bornCycle));
    }
}

TEST(TetrisModel, ReservedBlocksHoldTheMeasuredOnes) {
    const Profile profile = sampleProfile();
    const TetrisModel model(profile);
    for (std::size_t i = 0; i < model.blockCount(); ++i) {
        const BlockPlace& measured = model.place(i, TetrisState::Measured);
        const BlockPlace& reserved = model.place(i, TetrisState::Reserved);
        EXPECT_LE(reserved.begin, measured.begin);
        EXPECT_GE(reserved.end, measured.end);
    }
}

TEST(TetrisModel, FindsTheBlockUnderAPoint) {
    const Profile profile = sampleProfile();
    const TetrisModel model(profile);
    for (std::size_t i = 0; i < model.blockCount(); ++i) {
        const BlockPlace& place = model.place(i, TetrisState::Measured);
        const int hit =
            model.blockAt((place.begin + place.end) / 2, (place.low + place.high) / 2, TetrisState::Measured);
        EXPECT_EQ(hit, static_cast<int>(i)) << profile.memory.tensors[i].name;
    }
    EXPECT_EQ(model.blockAt(-5, 0, TetrisState::Measured), -1);
}

TEST(TetrisModel, VisibleBlocksAreThoseThatLiveThen) {
    Profile profile = sampleProfile();
    std::mt19937 random(5);
    for (int i = 0; i < 3000; ++i) {
        TensorLife tensor;
        tensor.address = profile.memory.arena->base + random() % 30'000;
        tensor.sizeBytes = 1 + random() % 500;
        tensor.bornCycle = profile.inferences[0].startCycle + random() % 3'000'000;
        tensor.diedCycle = tensor.bornCycle + random() % (i % 50 == 0 ? 2'000'000 : 5'000);
        tensor.kind = TensorKind::Tensor;
        profile.memory.tensors.push_back(tensor);
    }
    const TetrisModel model(profile);
    for (const double begin : {0.0, 300'000.0, 1'500'000.0, 2'900'000.0}) {
        std::vector<std::uint32_t> found;
        model.visible(begin, begin + 40'000, found);
        std::set<std::uint32_t> expected;
        for (std::uint32_t i = 0; i < model.blockCount(); ++i) {
            const BlockPlace& a = model.place(i, TetrisState::Measured);
            const BlockPlace& b = model.place(i, TetrisState::Reserved);
            if (std::min(a.begin, b.begin) < begin + 40'000 && std::max(a.end, b.end) >= begin) {
                expected.insert(i);
            }
        }
        EXPECT_EQ(std::set<std::uint32_t>(found.begin(), found.end()), expected);
    }
}

TEST(TetrisModel, AnEmptyProfileHasNothingToShow) {
    const TetrisModel model{Profile{}};
    EXPECT_EQ(model.blockCount(), 0U);
    EXPECT_TRUE(model.bands().empty());
}

TEST(TetrisModel, LiveBytesCountedByPartAreNeverMoreThanByBlock) {
    const Profile profile = sampleProfile();
    const TetrisModel model(profile);
    ASSERT_FALSE(model.byteCurve().empty());
    EXPECT_LE(model.bytePeak(), profile.memory.arena->peakLiveBytes);
    EXPECT_GT(model.bytePeak(), profile.memory.arena->peakLiveBytes / 4);
    EXPECT_EQ(model.byteCurve().steps().back().second, 0U) << "everything dies";
    Profile plain = profile;
    for (TensorLife& tensor : plain.memory.tensors) {
        tensor.parts.clear();
    }
    EXPECT_TRUE(TetrisModel(plain).byteCurve().empty());
}

TEST(TimelineModel, HasLanesForWhatWasPrintedAndForSleep) {
    Profile profile = sampleProfile();
    profile.power = {{PowerState::Run, 0, 1'000, 5},
                     {PowerState::Sleep, 1'000, 500, 1},
                     {PowerState::Run, 1'500, profile.totals.cycles - 1'500, 5}};
    std::map<LaneKind, std::size_t> spans;
    for (const Lane& lane : makeLanes(profile, LeftOut(profile))) {
        spans[lane.kind] += lane.spans.spans().size();
    }
    EXPECT_EQ(spans[LaneKind::Uart], profile.prints.size());
    EXPECT_EQ(spans[LaneKind::Sleep], 1U);
    EXPECT_EQ(spans[LaneKind::Power], 3U);
    EXPECT_EQ(laneName(profile, LaneKind::Uart, 0).toStdString(), "kws: yes (score 117)");
    EXPECT_EQ(laneName(profile, LaneKind::Sleep, 1).toStdString(), "sleep");
    profile.prints = {{0, 5, 1'000'000, 5}}; // text that is not there
    EXPECT_EQ(printedText(profile, 0), QString());
}

TEST(FlameModel, BoxesNestAndAddUp) {
    const Profile profile = sampleProfile();
    const std::vector<FlameBox> boxes = makeFlame(profile);
    Cycles roots = 0;
    for (const FlameBox& box : boxes) {
        roots += box.depth == 0 ? box.cycles : 0;
        if (box.parent >= 0) {
            const FlameBox& parent = boxes[static_cast<std::size_t>(box.parent)];
            EXPECT_EQ(box.depth, parent.depth + 1);
            EXPECT_GE(box.begin, parent.begin);
            EXPECT_LE(box.begin + box.cycles, parent.begin + parent.cycles);
        }
    }
    EXPECT_EQ(roots, profile.totals.cycles);
    std::set<std::pair<std::int32_t, std::int32_t>> seen;
    for (const FlameBox& box : boxes) {
        EXPECT_TRUE(seen.insert({box.parent, box.function}).second) << "a function twice under one caller";
    }
}

TEST(FlameModel, OfOneLayerHoldsItsCyclesOnly) {
    const Profile profile = sampleProfile();
    Cycles sum = 0;
    for (const FlameBox& box : makeFlame(profile, 2)) {
        sum += box.depth == 0 ? box.cycles : 0;
    }
    EXPECT_EQ(sum, profile.layers[2].cycles);
}

std::vector<std::unique_ptr<PaintedView>> allViews(Selection* selection, const DocumentPtr& document) {
    std::vector<std::unique_ptr<PaintedView>> views;
    auto tetris = std::make_unique<TetrisView>(QStringLiteral("memory"), selection, nullptr);
    tetris->setDocument(document);
    views.push_back(std::move(tetris));
    auto timeline = std::make_unique<TimelineView>(QStringLiteral("timeline"), selection, nullptr);
    timeline->setDocument(document);
    views.push_back(std::move(timeline));
    auto flame = std::make_unique<FlameView>(QStringLiteral("flame"), selection, nullptr);
    flame->setDocument(document);
    views.push_back(std::move(flame));
    auto power = std::make_unique<PowerView>(QStringLiteral("power"), selection, nullptr);
    power->setDocument(document);
    views.push_back(std::move(power));
    return views;
}

TEST(Pictures, AreExportedAsPngAndSvg) {
    Selection selection;
    for (const auto& view : allViews(&selection, sampleDocument())) {
        view->resize(900, 420);
        const QString path = test::outputFolder() + QLatin1Char('/') + view->name();
        ASSERT_TRUE(view->exportTo(path + QStringLiteral(".png")));
        const QImage image(path + QStringLiteral(".png"));
        EXPECT_EQ(image.size(), QSize(1800, 840));
        ASSERT_TRUE(view->exportTo(path + QStringLiteral(".svg")));
        QFile file(path + QStringLiteral(".svg"));
        ASSERT_TRUE(file.open(QIODevice::ReadOnly));
        QXmlStreamReader xml(&file);
        int shapes = 0;
        int texts = 0;
        while (!xml.atEnd()) {
            xml.readNext();
            if (xml.isStartElement()) {
                shapes += xml.name() == QLatin1String("rect") || xml.name() == QLatin1String("path") ? 1 : 0;
                texts += xml.name() == QLatin1String("text") ? 1 : 0;
            }
        }
        EXPECT_FALSE(xml.hasError()) << xml.errorString().toStdString();
        EXPECT_GT(shapes, 5) << view->name().toStdString();
        EXPECT_GT(texts, 3) << view->name().toStdString();
        EXPECT_EQ(view->toSvg(), view->toSvg());
    }
    EXPECT_FALSE(allViews(&selection, sampleDocument())[0]->exportTo(QStringLiteral("/no/such/folder/x.png")));
}

TEST(Pictures, SurviveProfilesWithNothingInThem) {
    Selection selection;
    Profile fault;
    fault.halt.reason = HaltReason::Kind::Fault;
    fault.totals.cycles = 10;
    for (const Profile& profile : {Profile{}, fault, sampleProfile({.inferences = 0})}) {
        for (const auto& view : allViews(&selection, std::make_shared<const Document>(profile))) {
            view->resize(500, 300);
            EXPECT_FALSE(view->toImage(1).isNull());
            EXPECT_FALSE(view->toSvg().isEmpty());
        }
    }
}

TEST(FewColours, KeepsFrequentColoursAndIsNearEveryOther) {
    QImage picture(300, 200, QImage::Format_RGB32);
    picture.fill(QColor(0x0072B2));
    EXPECT_EQ(withFewColours(picture).convertToFormat(QImage::Format_RGB32), picture) << "exact when there are few";
    for (int y = 0; y < 100; ++y) {
        for (int x = 0; x < 300; ++x) {
            picture.setPixel(x, y, qRgb(x * 255 / 300, y * 255 / 100, (x + y) % 256)); // thousands of colours
        }
    }
    const QImage few = withFewColours(picture);
    EXPECT_LE(few.colorCount(), 256);
    EXPECT_EQ(few.pixelColor(10, 150), QColor(0x0072B2));
    for (int y = 0; y < 100; y += 7) {
        for (int x = 0; x < 300; x += 7) {
            const QColor a = few.pixelColor(x, y);
            const QColor b = picture.pixelColor(x, y);
            EXPECT_LT(std::abs(a.green() - b.green()) + std::abs(a.red() - b.red()) + std::abs(a.blue() - b.blue()),
                      160);
        }
    }
}

TEST(Theme, TextIsReadableOnEveryColour) {
    const auto luminance = [](const QColor& colour) {
        const auto channel = [](double v) { return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
        return 0.2126 * channel(colour.redF()) + 0.7152 * channel(colour.greenF()) + 0.0722 * channel(colour.blueF());
    };
    const auto contrast = [&](const QColor& a, const QColor& b) {
        const double high = std::max(luminance(a), luminance(b));
        const double low = std::min(luminance(a), luminance(b));
        return (high + 0.05) / (low + 0.05);
    };
    for (const Theme* theme : {&Theme::light(), &Theme::night()}) {
        EXPECT_GT(contrast(theme->text, theme->surface), 7);
        for (const QColor& colour : {theme->muted, theme->accent, theme->warning, theme->error, theme->good}) {
            EXPECT_GT(contrast(colour, theme->surface), 4.5) << colour.name().toStdString();
        }
        for (const char* op :
             {"CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "ADD", "MEAN", "SOFTMAX", "PAD", "CUSTOM", ""}) {
            const QColor colour = theme->ofOperator(op);
            EXPECT_GT(contrast(Theme::textOn(colour), colour), 4.5) << op;
        }
    }
}

} // namespace
} // namespace simprof::gui
