// SPDX-License-Identifier: GPL-2.0-or-later
// A profile with a million spans and ten thousand tensors: how long it takes to open, and to pan and zoom. The figures
// are printed; only what does not depend on the machine is demanded.
#include "gui/views/tetris_view.h"
#include "gui/views/timeline_view.h"
#include "profiler/profile_json.h"
#include "tests/gui/support.h"

#include <QElapsedTimer>
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
        profile.memory.tensors.push_back(tensor);
    }
    return profile;
}

struct Frames {
    double worst = 0;
    double mean = 0;
    int count = 0;
};

/// Processor time of this thread: what others do on the machine meanwhile does not count.
double processorMilliseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

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
        const double milliseconds = processorMilliseconds() - begin;
        result.worst = std::max(result.worst, milliseconds);
        result.mean += milliseconds / count;
        ++result.count;
    }
    return result;
}

void print(const char* what, const Frames& f) {
    std::printf("%-34s mean %6.2f ms, worst %6.2f ms over %d frames\n", what, f.mean, f.worst, f.count);
}

TEST(Speed, AMillionSpansAndTenThousandTensors) {
    QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("large.simprof")).toStdString();
    writeProfile(path, largeProfile());
    QElapsedTimer timer;
    timer.start();
    Profile read = readProfile(path);
    const double reading = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    timer.restart();
    const auto document = std::make_shared<const Document>(std::move(read));
    const double deriving = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    ASSERT_GE(document->profile.callSpans.size(), 1'000'000U);
    ASSERT_GE(document->profile.memory.tensors.size(), 10'000U);
    std::printf("%zu spans, %zu tensors: read in %.2f s, derived in %.2f s\n", document->profile.callSpans.size(),
                document->profile.memory.tensors.size(), reading, deriving);

    Selection selection;
    TimelineView timeline(QStringLiteral("timeline"), &selection, nullptr);
    timeline.resize(1440, 900);
    timeline.setDocument(document);
    print("timeline, whole run", frames(timeline, 10, [](int) {}));
    const Frames panned = frames(timeline, 60, [&](int i) {
        if (i == 0) {
            timeline.zoomIn();
            timeline.zoomIn();
        }
        timeline.panBy(i < 30 ? 0.02 : -0.02);
    });
    print("timeline, panning", panned);
    const Frames zoomed = frames(timeline, 40, [&](int) { timeline.zoomIn(); });
    print("timeline, zooming to the closest", zoomed);

    TetrisView tetris(QStringLiteral("memory"), &selection, nullptr);
    tetris.resize(1440, 900);
    tetris.setDocument(document);
    print("memory, whole inference", frames(tetris, 10, [](int) {}));
    print("memory, zooming", frames(tetris, 20, [&](int) { tetris.zoomIn(); }));
    print("memory, panning", frames(tetris, 60, [&](int i) { tetris.panBy(i < 30 ? 0.05 : -0.05); }));

    // What is drawn depends on the pixels, not on the profile: a thousandth of the spans is not much faster.
    TimelineView small(QStringLiteral("timeline"), &selection, nullptr);
    small.resize(1440, 900);
    small.setDocument(test::sampleDocument({.inferences = 20}));
    const Frames few = frames(small, 20, [](int) {});
    const Frames many = frames(timeline, 20, [&](int i) {
        if (i == 0) {
            timeline.fit();
        }
    });
    print("timeline, 300 spans for comparison", few);
    EXPECT_LT(many.mean, 60 * few.mean + 20) << "a million spans must not cost a frame per span";
}

} // namespace
} // namespace simprof::gui
