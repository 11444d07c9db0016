// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/main_window.h"
#include "profiler/profile_json.h"
#include "tests/gui/support.h"

#include <QTemporaryDir>

namespace simprof::gui {

/// A vector table at 0x08000000: enough to be opened, with a runner of the test's own.
inline constexpr const char* kHexFile = ":020000040800F2\n:1000000000000520010200080000000000000000C0\n:00000001FF\n";

inline Profile sampleRun(const FirmwareImage&, const RunOptions& options) {
    options.console("kws: yes\n");
    return test::sampleProfile();
}

inline void keep(MainWindow& window, const char* name) {
    for (int i = 0; i < 5; ++i) { // layouts settle in steps
        QCoreApplication::processEvents();
    }
    ASSERT_TRUE(window.grab().save(test::outputFolder() + QStringLiteral("/window-%1.png").arg(QLatin1String(name))));
}

/// The real window with a runner of the test's own, and a folder for its files.
class Window : public testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(m_folder.isValid()); }

    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

    QString write(const char* name, const QByteArray& content) const {
        QFile file(path(name));
        EXPECT_TRUE(file.open(QIODevice::WriteOnly));
        file.write(content);
        return path(name);
    }

    QString writeSample(const char* name, const test::SampleOptions& options = {}) const {
        writeProfile(path(name).toStdString(), test::sampleProfile(options));
        return path(name);
    }

    QTemporaryDir m_folder;
};

} // namespace simprof::gui
