// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <QAbstractListModel>
#include <QString>

#include <vector>

namespace simprof::gui {

/// One thing the user can go to.
struct FindEntry {
    enum class Kind : std::uint8_t { Page, Action, Layer, Function, Tensor };
    Kind kind = Kind::Page;
    int id = -1; ///< index of the page, action, layer, function or tensor
    QString title;
    QString detail; ///< shown in muted colour
};

/// The entries of a profile: layers, functions, tensors.
std::vector<FindEntry> findEntries(const Profile& profile);

/// Everything that can be found, filtered by words; matches at the beginning of a word of the title come first.
class FindModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role : int { DetailRole = Qt::UserRole + 1, KindRole, IdRole };
    static constexpr std::size_t kMostShown = 200;

    using QAbstractListModel::QAbstractListModel;

    void setEntries(std::vector<FindEntry> entries);
    void setWords(const QString& words);
    const FindEntry* entry(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    std::vector<FindEntry> m_entries;
    std::vector<std::size_t> m_shown;
};

/// "Layer", "Function", …
QString kindName(FindEntry::Kind kind);

} // namespace simprof::gui
