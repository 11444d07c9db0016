// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile_run.h"

#include <QWidget>

#include <memory>
#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QProgressBar;
class QSpinBox;

namespace simprof::gui {

class Card;

/// Where the user begins: recent files, and how a firmware is to be run; while it runs, how far it is.
class StartPage : public QWidget {
    Q_OBJECT
public:
    explicit StartPage(QWidget* parent);

    void setRecent(const QStringList& paths);
    /// Shows how this firmware would be run.
    void setFirmware(const QString& path, std::shared_ptr<const FirmwareImage> firmware);
    /// Shows why a file was not opened; with `askBase` the user may name the address of a raw binary.
    void setFailure(const QString& path, const QString& sentence, bool askBase);
    /// What the user chose.
    RunOptions options() const;
    void setRunning(const QString& title);
    void showProgress(const RunProgress& progress, double seconds);
    void setIdle();
    QComboBox* boards() const { return m_board; }
    /// Offers a board that the user describes, and chooses it.
    void addBoardFile(const QString& path);
    /// Whether the user wants to type to the console UART while the firmware runs.
    bool wantsToType() const;

Q_SIGNALS:
    void openWanted();
    void pathChosen(const QString& path);
    void baseChosen(const QString& path, quint32 base);
    void runWanted();
    void cancelWanted();

private:
    QWidget* makeRecent();
    QWidget* makeSetUp();
    QWidget* makeRunning();
    void chooseFile(QLineEdit* into, const QString& title);
    void explainBoard();

    QListWidget* m_recent;
    QLabel* m_hint;
    Card* m_setUp;
    QLabel* m_failure;
    QWidget* m_baseRow;
    QLineEdit* m_base;
    QString m_failedPath;
    QWidget* m_form;
    QComboBox* m_board;
    QLabel* m_why;
    QComboBox* m_until;
    QSpinBox* m_untilCount;
    QLineEdit* m_script;
    QLineEdit* m_model;
    QCheckBox* m_instructions;
    QCheckBox* m_type;
    Card* m_running;
    QLabel* m_progress;
    QProgressBar* m_bar;
    std::shared_ptr<const FirmwareImage> m_firmware;
};

} // namespace simprof::gui
