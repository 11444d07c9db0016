// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile_run.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QSpinBox;

namespace simprof::gui {

class Card;

/// Where the user begins: recent files, what is open, and how a firmware is to be run.
class StartPage : public QWidget {
    Q_OBJECT
public:
    explicit StartPage(QWidget* parent);

    void setRecent(const QStringList& paths);
    /// Shows how this firmware would be run: as chosen before when it is the same file, else as usual.
    void setFirmware(const QString& path, const FirmwareImage& firmware);
    /// Shows why a file was not opened; of what may be a raw binary the user may name the address.
    void setFailure(const QString& path, const QString& sentence);
    /// What the user chose.
    RunOptions options() const;
    /// Nothing is open that could be run: the form goes.
    void clear();
    /// While something is under way the form cannot be changed.
    void setBusy(bool busy) { m_form->setEnabled(!busy); }
    /// What is open and how it came to be, below the recent files.
    void setOpen(const QString& what);
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

private:
    QWidget* makeRecent();
    QWidget* makeSetUp();
    void resetForm();
    void chooseFile(QLineEdit* into, const QString& title);
    void explainBoard();

    QListWidget* m_recent;
    QLabel* m_open;
    Card* m_setUp;
    QLabel* m_failure;
    QWidget* m_baseRow;
    QLineEdit* m_base;
    QString m_path; ///< of the firmware, or of the file that was not opened
    QWidget* m_form = nullptr;
    QComboBox* m_board;
    QLabel* m_why;
    QComboBox* m_until;
    QSpinBox* m_untilCount;
    QLineEdit* m_script;
    QLineEdit* m_model;
    QCheckBox* m_instructions;
    QCheckBox* m_type;
};

} // namespace simprof::gui
