// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/run_controller.h"
#include "gui/uart_link.h"
#include "sim_core/error.h"
#include "tests/gui/support.h"

#include <arpa/inet.h>
#include <chrono>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace simprof::gui {
namespace {

/// Runs until it is cancelled, telling how far it is, as a simulation does.
Profile endlessRun(const FirmwareImage&, const RunOptions& options) {
    RunProgress progress;
    options.console("booting\n");
    while (!*options.cancel) {
        progress.cycles += 1000;
        options.progress(progress);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    Profile profile = test::sampleProfile();
    profile.halt.reason = HaltReason::Kind::Cancelled;
    return profile;
}

Profile quickRun(const FirmwareImage&, const RunOptions&) { return test::sampleProfile(); }

struct Heard {
    explicit Heard(RunController& controller) {
        QObject::connect(&controller, &RunController::finished, &controller,
                         [this](const DocumentPtr& made) { documents.push_back(made); });
        QObject::connect(&controller, &RunController::failed, &controller,
                         [this](const QString& sentence) { failures.push_back(sentence.toStdString()); });
        QObject::connect(&controller, &RunController::progressed, &controller, [this] { ++progress; });
        QObject::connect(&controller, &RunController::printed, &controller,
                         [this](const QString& text) { console += text.toStdString(); });
    }
    std::vector<DocumentPtr> documents;
    std::vector<std::string> failures;
    std::string console;
    int progress = 0;
};

const auto kImage = std::make_shared<const FirmwareImage>();

TEST(RunController, FinishesWithADocumentAndNoThread) {
    const int threads = test::threadCount();
    RunController controller(quickRun);
    Heard heard(controller);
    controller.run(kImage, {});
    EXPECT_TRUE(controller.isBusy());
    ASSERT_TRUE(test::waitFor([&] { return !heard.documents.empty(); }));
    EXPECT_FALSE(controller.isBusy());
    EXPECT_EQ(heard.documents[0]->profile.layers.size(), 13U);
    EXPECT_EQ(test::threadCount(), threads);
}

TEST(RunController, CancelEndsTheRunWithWhatWasMeasured) {
    const int threads = test::threadCount();
    RunController controller(endlessRun);
    Heard heard(controller);
    controller.run(kImage, {});
    ASSERT_TRUE(test::waitFor([&] { return heard.progress > 3; }));
    controller.cancel();
    ASSERT_TRUE(test::waitFor([&] { return !heard.documents.empty(); }));
    EXPECT_EQ(heard.documents[0]->profile.halt.reason, HaltReason::Kind::Cancelled);
    EXPECT_EQ(heard.console, "booting\n");
    EXPECT_EQ(test::threadCount(), threads);
}

TEST(RunController, ASecondRunReplacesTheFirst) {
    RunController controller(endlessRun);
    Heard heard(controller);
    controller.run(kImage, {});
    controller.run(kImage, {});
    ASSERT_TRUE(test::waitFor([&] { return heard.progress > 3; }));
    EXPECT_TRUE(heard.documents.empty()) << "the first run's result is dropped";
    controller.cancel();
    ASSERT_TRUE(test::waitFor([&] { return !heard.documents.empty(); }));
    test::waitFor([] { return false; }, 50);
    EXPECT_EQ(heard.documents.size(), 1U);
}

TEST(RunController, GoingAwayDuringARunLeavesNoThread) {
    const int threads = test::threadCount();
    {
        RunController controller(endlessRun);
        Heard heard(controller);
        controller.run(kImage, {});
        ASSERT_TRUE(test::waitFor([&] { return heard.progress > 0; }));
    }
    EXPECT_EQ(test::threadCount(), threads);
    QCoreApplication::processEvents(); // what was still queued must not reach anybody
}

TEST(RunController, FailuresAreSentences) {
    RunController controller(
        [](const FirmwareImage&, const RunOptions&) -> Profile { throw Error("there is no board 'x'"); });
    Heard heard(controller);
    controller.run(kImage, {});
    ASSERT_TRUE(test::waitFor([&] { return !heard.failures.empty(); }));
    EXPECT_EQ(heard.failures[0], "there is no board 'x'");
    EXPECT_FALSE(controller.isBusy());
    controller.load(QStringLiteral("/no/such/file.simprof"));
    ASSERT_TRUE(test::waitFor([&] { return heard.failures.size() == 2; }));
    EXPECT_NE(heard.failures[1].find("/no/such/file.simprof"), std::string::npos);
}

TEST(UartLink, WhatIsTypedArrivesAndItsEndIsNoticed) {
    const std::uint16_t port = UartLink::freePort();
    ASSERT_NE(port, 0);
    UartLink link;
    bool opened = false;
    bool closed = false;
    QObject::connect(&link, &UartLink::opened, &link, [&] { opened = true; });
    QObject::connect(&link, &UartLink::closed, &link, [&] { closed = true; });
    link.open(port); // before anybody listens, as at the start of a run
    test::waitFor([] { return false; }, 80);
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listener, 1), 0);
    ASSERT_TRUE(test::waitFor([&] { return opened; }));
    const int run = ::accept(listener, nullptr, nullptr);
    ASSERT_GE(run, 0);
    EXPECT_TRUE(link.send("name%"));
    char buffer[16] = {};
    EXPECT_EQ(::recv(run, buffer, sizeof buffer, 0), 5);
    EXPECT_STREQ(buffer, "name%");
    ::close(run);
    EXPECT_TRUE(test::waitFor([&] { return closed; }));
    EXPECT_FALSE(link.send("more"));
    ::close(listener);
}

} // namespace
} // namespace simprof::gui
