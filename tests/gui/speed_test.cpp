// SPDX-License-Identifier: GPL-2.0-or-later
// A profile with a million spans and ten thousand tensors: how long it takes to open, and to pan and zoom; in processor
// time, off screen, by the raster that also paints the window.
#include "gui/main_window.h"
#include "gui/views/tetris_view.h"
#include "gui/views/timeline_view.h"
#include "profiler/profile_json.h"
#include "tests/gui/support.h"

#include <QImage>
#include <QPainter>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace simprof::gui {
namespace {

Profile largeProfile() {
    test::SampleOptions options;
    options.inferences = 20;
    options.callSpans = 1'000'000;
    Profile profile = test::sampleProfile(options);
    const TensorLife pattern = profile.memory.tensors[1];
    const Inference& shown = profile.inferences[0];
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        TensorLife tensor = pattern;
        tensor.name = "tensor " + std::to_string(i);
        tensor.address = profile.memory.arena->base + i * 37 % 32'000;
        tensor.sizeBytes = 16 + i % 700;
        tensor.bornCycle = shown.startCycle + shown.cycles * (i * 7919 % 10'000) / 10'000;
        tensor.diedCycle = tensor.bornCycle + shown.cycles / 200;
        tensor.parts.clear();
        constexpr Bytes kParts = 8;
        for (Bytes part = 0; part < kParts; ++part) {
            const Cycles late = part * (shown.cycles / 200) / (2 * kParts);
            tensor.parts.push_back({part * tensor.sizeBytes / kParts,
                                    (part + 1) * tensor.sizeBytes / kParts - part * tensor.sizeBytes / kParts,
                                    tensor.bornCycle + late, tensor.diedCycle - late});
        }
        profile.memory.tensors.push_back(tensor);
    }
    return profile;
}

/// Processor time of this thread: what others do on the machine meanwhile does not count.
double processorMilliseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

using Frames = std::vector<double>; ///< milliseconds each, sorted

double median(const Frames& frames) { return frames[frames.size() / 2]; }

/// Paints a view into memory after each step, as the window's raster does.
template<class Step>
Frames frames(TimeView& view, int count, Step step) {
    QImage image(QSize(1440, 900), QImage::Format_RGB32);
    Frames result;
    for (int i = 0; i < count; ++i) {
        step(i);
        const double begin = processorMilliseconds();
        QPainter painter(&image);
        painter.setFont(view.font());
        view.draw(painter, view.size());
        painter.end();
        result.push_back(processorMilliseconds() - begin);
    }
    std::sort(result.begin(), result.end());
    return result;
}

void print(const char* what, const Frames& f) {
    std::printf("%-34s min %6.2f, median %6.2f, worst %6.2f ms over %zu frames\n", what, f.front(), median(f), f.back(),
                f.size());
}

class Speed : public testing::Test {
protected:
    static void SetUpTestSuite() {
        QTemporaryDir folder;
        const std::string path = folder.filePath(QStringLiteral("large.simprof")).toStdString();
        writeProfile(path, largeProfile());
        const double begin = processorMilliseconds();
        Profile read = readProfile(path);
        s_reading = processorMilliseconds() - begin;
        s_document = std::make_shared<const Document>(std::move(read));
        s_deriving = processorMilliseconds() - begin - s_reading;
    }
    static void TearDownTestSuite() { s_document.reset(); }

    static DocumentPtr s_document;
    static double s_reading;
    static double s_deriving;
};
DocumentPtr Speed::s_document;
double Speed::s_reading = 0;
double Speed::s_deriving = 0;

TEST_F(Speed, AMillionSpansAndTenThousandTensorsOpen) {
    ASSERT_GE(s_document->profile.callSpans.size(), 1'000'000U);
    ASSERT_GE(s_document->profile.memory.tensors.size(), 10'000U);
    // Everything the window does with it until every page was painted once.
    const double begin = processorMilliseconds();
    MainWindow window([](const FirmwareImage&, const RunOptions&) { return Profile(); });
    window.resize(1440, 900);
    window.setDocument(s_document);
    window.show();
    const double made = processorMilliseconds() - begin;
    for (std::size_t i = 0; i + 1 < kPageNames.size(); ++i) {
        window.showPage(static_cast<PageId>(i));
        QCoreApplication::processEvents();
        window.grab();
    }
    const double painted = processorMilliseconds() - begin - made;
    std::printf(
        "%zu spans, %zu tensors: read %.0f ms, derived %.0f ms, window made %.0f ms, all pages painted %.0f ms\n",
        s_document->profile.callSpans.size(), s_document->profile.memory.tensors.size(), s_reading, s_deriving, made,
        painted);
}

TEST_F(Speed, TheTimelinePansAndZooms) {
    Selection selection;
    TimelineView timeline(QStringLiteral("timeline"), &selection, nullptr);
    timeline.resize(1440, 900);
    timeline.setDocument(s_document);
    print("timeline, whole run", frames(timeline, 20, [](int) {}));
    print("timeline, panning", frames(timeline, 60, [&](int i) {
              if (i == 0) {
                  timeline.zoomIn();
                  timeline.zoomIn();
              }
              timeline.panBy(i < 30 ? 0.02 : -0.02);
          }));
    print("timeline, zooming to the closest", frames(timeline, 40, [&](int) { timeline.zoomIn(); }));
    print("timeline, panning there", frames(timeline, 60, [&](int) { timeline.panBy(0.3); }));
    // What is drawn depends on the pixels, not on the profile: a thousandth of the spans is not much faster.
    TimelineView small(QStringLiteral("timeline"), &selection, nullptr);
    small.resize(1440, 900);
    small.setDocument(test::sampleDocument({.inferences = 20}));
    const Frames few = frames(small, 20, [](int) {});
    timeline.fit();
    const Frames many = frames(timeline, 20, [](int) {});
    print("timeline, 300 spans for comparison", few);
    EXPECT_LT(median(many), 60 * median(few) + 20) << "a million spans must not cost a frame per span";
}

TEST_F(Speed, TheMemoryPicturePansAndZooms) {
    Selection selection;
    TetrisView tetris(QStringLiteral("memory"), &selection, nullptr);
    tetris.resize(1440, 900);
    tetris.setDocument(s_document);
    print("memory, whole inference", frames(tetris, 20, [](int) {}));
    print("memory, panning", frames(tetris, 60, [&](int i) {
              if (i == 0) {
                  tetris.zoomIn();
                  tetris.zoomIn();
              }
              tetris.panBy(i < 30 ? 0.05 : -0.05);
          }));
    print("memory, zooming to the closest", frames(tetris, 30, [&](int) { tetris.zoomIn(); }));
    tetris.fit();
    tetris.setState(TetrisState::Reserved);
    print("memory, as reserved", frames(tetris, 20, [](int) {}));
}

} // namespace
} // namespace simprof::gui
