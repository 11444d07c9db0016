// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/run_desk.h"

#include <QFileInfo>

#include <utility>

namespace simprof::gui {

RunDesk::RunDesk(Runner runner, QObject* parent)
    : QObject(parent)
    , m_controller(std::move(runner)) {
    connect(&m_controller, &RunController::finished, this, [this](const DocumentPtr& made) {
        end();
        if (made->path.isEmpty()) {
            m_runs.add(made);
        }
        Q_EMIT std::exchange(m_loadsBase, false) ? baseOpened(made) : opened(made);
        goOn();
    });
    connect(&m_controller, &RunController::failed, this, [this](const QString& sentence) {
        end();
        m_loadsBase = false;
        Q_EMIT failed(sentence);
        goOn();
    });
    connect(&m_controller, &RunController::dropped, this, [this] {
        end();
        m_loadsBase = false;
        goOn();
    });
}

RunDesk::~RunDesk() { m_controller.disconnect(this); }

void RunDesk::run(const RunOptions& wanted, bool types) {
    const auto image = m_firmware.read();
    m_loadsBase = false;
    m_lastOptions = wanted;
    RunOptions options = wanted;
    if (types) {
        if (const std::uint16_t port = UartLink::freePort(); port != 0) {
            options.uarts.push_back({"console", "tcp:" + std::to_string(port)});
            m_link.open(port);
        }
    }
    m_controller.run(image, std::move(options));
    Q_EMIT started(QStringLiteral("Running %1").arg(QFileInfo(m_firmware.path()).fileName()));
}

void RunDesk::load(const QString& path, bool asBase) {
    m_loadsBase = asBase;
    m_controller.load(path);
    Q_EMIT started(QStringLiteral("Reading %1").arg(QFileInfo(path).fileName()));
}

void RunDesk::endThen(std::function<void()> then) {
    if (!m_controller.isBusy()) {
        then();
        return;
    }
    m_then = std::move(then);
    m_controller.cancel();
}

void RunDesk::end() {
    m_link.close();
    Q_EMIT ended();
}

void RunDesk::goOn() {
    if (const auto then = std::exchange(m_then, nullptr)) {
        then();
    }
}

} // namespace simprof::gui
