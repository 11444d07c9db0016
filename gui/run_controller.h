// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/document.h"
#include "profiler/profile_run.h"

#include <QObject>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace simprof::gui {

/// What runs a firmware; profileRun, except in tests.
using Runner = std::function<Profile(const FirmwareImage&, const RunOptions&)>;

/// Runs firmware and reads profiles in a thread of its own, one at a time. All signals come in the owner's thread;
/// results of a job that another one replaced are dropped. A profile that is being taken apart cannot be interrupted:
/// when it is cancelled, its thread ends by itself. The destructor waits: no thread outlives the controller.
class RunController : public QObject {
    Q_OBJECT
public:
    explicit RunController(Runner runner, QObject* parent = nullptr);
    ~RunController() override;

    bool isBusy() const { return m_busy; }
    bool isRunningFirmware() const { return m_busy && m_isRun; }
    /// Starts a run; whatever is under way is cancelled first.
    void run(std::shared_ptr<const FirmwareImage> firmware, RunOptions options);
    /// Starts to read a profile file.
    void load(const QString& path);
    /// Asks a run to end with what was measured so far; a profile that is being read is dropped.
    void cancel();

Q_SIGNALS:
    void started();
    void progressed(const simprof::RunProgress& progress, double seconds);
    void printed(const QString& text);
    /// How much of a profile file is read; afterwards it is checked and derived, which is told as all of it.
    void reading(qint64 bytes, qint64 whole);
    /// The reading that was cancelled has no result.
    void dropped();
    void finished(const simprof::gui::DocumentPtr& document);
    void failed(const QString& sentence);

private:
    struct Job {
        std::atomic<bool> cancel{false};
        std::atomic<bool> done{false};
    };
    using JobPtr = std::shared_ptr<Job>;
    struct Dropped {
        JobPtr job;
        std::thread thread;
    };
    void give(const JobPtr& job, const DocumentPtr& document, const QString& sentence);
    void start(bool isRun, std::function<DocumentPtr(const JobPtr&)> work);
    void stop();
    void joinDropped();
    void end();

    Runner m_runner;
    std::thread m_thread;
    JobPtr m_job; ///< the one whose results count
    std::vector<Dropped> m_dropped;
    bool m_busy = false;
    bool m_isRun = false;
};

} // namespace simprof::gui
