// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/run_controller.h"

#include "gui/text.h"
#include "profiler/files.h"
#include "profiler/profile_json.h"
#include "sim_core/error.h"

#include <QMetaObject>

#include <chrono>
#include <exception>

namespace simprof::gui {

RunController::RunController(Runner runner, QObject* parent)
    : QObject(parent)
    , m_runner(std::move(runner)) {}

RunController::~RunController() {
    stop();
    for (Dropped& dropped : m_dropped) {
        dropped.thread.join();
    }
}

void RunController::stop() {
    if (m_job) {
        m_job->cancel = true;
    }
    if (m_thread.joinable()) {
        m_isRun ? m_thread.join() : m_dropped.push_back({m_job, std::move(m_thread)});
    }
    m_job.reset();
    m_busy = false;
}

void RunController::cancel() {
    if (!m_busy) {
        return;
    }
    if (m_isRun) {
        m_job->cancel = true;
        return;
    }
    stop();
    Q_EMIT dropped();
}

void RunController::joinDropped() {
    std::erase_if(m_dropped, [](Dropped& dropped) {
        const bool done = dropped.job->done;
        if (done) {
            dropped.thread.join();
        }
        return done;
    });
}

void RunController::start(bool isRun, std::function<DocumentPtr(const JobPtr&)> work) {
    stop();
    joinDropped();
    m_busy = true;
    m_isRun = isRun;
    m_job = std::make_shared<Job>();
    Q_EMIT started();
    m_thread = std::thread([this, job = m_job, work = std::move(work)] {
        DocumentPtr document;
        QString sentence;
        try {
            document = work(job);
        } catch (const std::bad_alloc&) {
            sentence = QStringLiteral("There is not enough memory for this file.");
        } catch (const std::exception& error) {
            sentence = QString::fromUtf8(error.what());
        }
        job->done = true;
        QMetaObject::invokeMethod(
            this, [this, job, document, sentence] { give(job, document, sentence); }, Qt::QueuedConnection);
    });
}

void RunController::give(const JobPtr& job, const DocumentPtr& document, const QString& sentence) {
    joinDropped();
    if (job != m_job) {
        return;
    }
    end();
    if (document) {
        Q_EMIT finished(document);
    } else {
        Q_EMIT failed(sentence);
    }
}

void RunController::end() {
    m_thread.join();
    m_job.reset();
    m_busy = false;
}

void RunController::run(std::shared_ptr<const FirmwareImage> firmware, RunOptions options) {
    // The callbacks run in the other thread: they only hand over copies.
    start(true, [this, firmware, options = std::move(options)](const JobPtr& mine) mutable -> DocumentPtr {
        const auto begin = std::chrono::steady_clock::now();
        options.cancel = &mine->cancel;
        options.progress = [this, mine, begin](const RunProgress& progress) {
            const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
            QMetaObject::invokeMethod(
                this,
                [this, mine, progress, seconds] { mine == m_job ? Q_EMIT progressed(progress, seconds) : void(); },
                Qt::QueuedConnection);
        };
        options.console = [this, mine](std::string_view text) {
            const QString copy = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
            QMetaObject::invokeMethod(
                this, [this, mine, copy] { mine == m_job ? Q_EMIT printed(copy) : void(); }, Qt::QueuedConnection);
        };
        return std::make_shared<const Document>(m_runner(*firmware, options));
    });
}

void RunController::load(const QString& path) {
    start(false, [this, path](const JobPtr& mine) -> DocumentPtr {
        const std::filesystem::path file(path.toStdU16String());
        const std::string content = readFile(file, [this, mine](std::size_t bytes, std::size_t whole) {
            QMetaObject::invokeMethod(
                this,
                [this, mine, bytes, whole] {
                    mine == m_job ? Q_EMIT reading(static_cast<qint64>(bytes), static_cast<qint64>(whole)) : void();
                },
                Qt::QueuedConnection);
            return !mine->cancel;
        });
        if (mine->cancel) {
            return nullptr;
        }
        auto document = std::make_shared<Document>(parseProfile(content, file));
        document->path = path;
        return document;
    });
}

} // namespace simprof::gui
