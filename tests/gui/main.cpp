// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/gui/leaks.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QStyleFactory>

#if defined(__SANITIZE_ADDRESS__)
extern "C" const char* __lsan_default_suppressions() { return simprof::test::kLeaksOfLibraries; }
#endif

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    QApplication application(argc, argv);
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    return RUN_ALL_TESTS();
}
