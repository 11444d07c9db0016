// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/document.h"
#include "gui/selection.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QSpinBox;

namespace simprof::gui {

/// Whose figures the pages of layers show, where several networks ran, and which: mean, sum, least or greatest of the
/// inferences, or those of one.
class CountingBar : public QWidget {
    Q_OBJECT
public:
    CountingBar(Selection* selection, QWidget* parent);

    /// Without inferences there is nothing to choose.
    void setDocument(const DocumentPtr& document);
    bool hasChoice() const { return m_hasChoice; }
    QComboBox* figures() const { return m_figures; }
    QSpinBox* inferences() const { return m_inferences; }
    QComboBox* networks() const { return m_networks; }

Q_SIGNALS:
    /// The user chose another of the profile's networks, by its index.
    void networkWanted(int network);

private:
    void choose();
    void showChoice(const Counting& counting);

    Selection* m_selection;
    DocumentPtr m_document;
    QComboBox* m_figures;
    QSpinBox* m_inferences;
    QLabel* m_networkCaption;
    QComboBox* m_networks; ///< hidden unless several ran
    QLabel* m_words;
    bool m_hasChoice = false;
};

} // namespace simprof::gui
