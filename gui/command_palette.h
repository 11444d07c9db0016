// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/find_model.h"

#include <QDialog>

class QLineEdit;
class QListView;

namespace simprof::gui {

/// Find anywhere: pages, actions, layers, functions and tensors by a few letters, chosen by keyboard.
class CommandPalette : public QDialog {
    Q_OBJECT
public:
    explicit CommandPalette(QWidget* parent);

    void setEntries(std::vector<FindEntry> entries);
    /// Opens at the top of its parent, empty.
    void ask();
    QLineEdit* words() const { return m_words; }

Q_SIGNALS:
    void chosen(const simprof::gui::FindEntry& entry);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void choose();

    FindModel* m_model;
    QLineEdit* m_words;
    QListView* m_list;
};

} // namespace simprof::gui
