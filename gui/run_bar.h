// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile_run.h"

#include <QFrame>

class QLabel;
class QProgressBar;

namespace simprof::gui {

/// Above all pages while something is under way: what, how far it is, and Cancel.
class RunBar : public QFrame {
    Q_OBJECT
public:
    explicit RunBar(QWidget* parent);

    void begin(const QString& what);
    void showProgress(const RunProgress& progress, double seconds);
    void showReading(qint64 bytes, qint64 whole);

Q_SIGNALS:
    void cancelWanted();

private:
    QLabel* m_what;
    QLabel* m_progress;
    QProgressBar* m_bar;
};

} // namespace simprof::gui
