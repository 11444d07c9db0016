// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/document.h"
#include "tests/support/sample_profile.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QDir>
#include <QFile>

#include <algorithm>
#include <functional>
#include <string>

namespace simprof::test {

/// The sample as the window holds it.
inline gui::DocumentPtr sampleDocument(const SampleOptions& options = {}) {
    return std::make_shared<const gui::Document>(sampleProfile(options));
}

/// Index of the function with this whole name, or -1.
inline int functionNamed(const gui::DocumentPtr& document, const std::string& name) {
    const auto& functions = document->profile.functions;
    const auto found = std::ranges::find(functions, name, &FunctionInfo::name);
    return found == functions.end() ? -1 : static_cast<int>(found - functions.begin());
}

/// Lets events run until `done`; false when that took longer than `milliseconds`.
inline bool waitFor(const std::function<bool()>& done, int milliseconds = 20'000) {
    const QDeadlineTimer deadline(milliseconds);
    while (!done() && !deadline.hasExpired()) {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    }
    return done();
}

/// Runs Qt's model tester over a model now and whenever it changes; each complaint fails the test.
class ModelCheck {
public:
    explicit ModelCheck(QAbstractItemModel* model)
        : m_previous(qInstallMessageHandler(complain))
        , m_tester(model, QAbstractItemModelTester::FailureReportingMode::Warning) {}
    ~ModelCheck() { qInstallMessageHandler(m_previous); }
    ModelCheck(const ModelCheck&) = delete;
    ModelCheck& operator=(const ModelCheck&) = delete;

private:
    static void complain(QtMsgType, const QMessageLogContext& context, const QString& text) {
        ADD_FAILURE() << (context.category == nullptr ? "" : context.category) << ": " << text.toStdString();
    }
    QtMessageHandler m_previous;
    QAbstractItemModelTester m_tester;
};

/// A folder for pictures and files that tests leave behind.
inline QString outputFolder() {
    const QString folder = QStringLiteral(SIMPROF_BINARY_DIR "/gui-pictures");
    QDir().mkpath(folder);
    return folder;
}

/// Threads of this process.
inline int threadCount() {
    return static_cast<int>(
        QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size());
}

} // namespace simprof::test
