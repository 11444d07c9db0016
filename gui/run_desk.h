// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/firmware_file.h"
#include "gui/models/runs.h"
#include "gui/run_controller.h"
#include "gui/uart_link.h"

#include <functional>

namespace simprof::gui {

/// The firmware that is open, the run or the reading that is under way, and every run of the session.
class RunDesk : public QObject {
    Q_OBJECT
public:
    explicit RunDesk(Runner runner, QObject* parent = nullptr);
    ~RunDesk() override;

    FirmwareFile* firmware() { return &m_firmware; }
    RunController* controller() { return &m_controller; }
    UartLink* link() { return &m_link; }
    Runs& runs() { return m_runs; }
    const Runs& runs() const { return m_runs; }
    /// What the last run was asked for.
    const RunOptions& lastOptions() const { return m_lastOptions; }

    /// Runs the firmware as it lies on disk now; with `types` its console UART can be typed to. Throws Error when it
    /// cannot be read.
    void run(const RunOptions& options, bool types);
    /// Reads a profile, to be shown or to be compared with.
    void load(const QString& path, bool asBase);
    /// Ends what is under way, and does `then` when it has ended; what a run measured until now comes before.
    void endThen(std::function<void()> then);

Q_SIGNALS:
    void started(const QString& what);
    void ended();
    /// A run ended, or a profile was read.
    void opened(const simprof::gui::DocumentPtr& document);
    void baseOpened(const simprof::gui::DocumentPtr& document);
    void failed(const QString& sentence);

private:
    void end();
    void goOn();

    FirmwareFile m_firmware;
    Runs m_runs;
    RunOptions m_lastOptions;
    UartLink m_link;
    bool m_loadsBase = false; ///< the profile being read is the one to compare with
    std::function<void()> m_then;
    RunController m_controller; ///< last: ends its thread before anything it tells goes
};

} // namespace simprof::gui
