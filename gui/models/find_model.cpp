// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/find_model.h"

#include "gui/text.h"

#include <algorithm>
#include <array>

namespace simprof::gui {

QString kindName(FindEntry::Kind kind) {
    static constexpr std::array<const char*, 5> kNames = {"Page", "Action", "Layer", "Function", "Tensor"};
    return QLatin1String(kNames[static_cast<std::size_t>(kind)]);
}

std::vector<FindEntry> findEntries(const Profile& profile) {
    std::vector<FindEntry> entries;
    entries.reserve(profile.layers.size() + profile.functions.size() + profile.memory.tensors.size());
    for (std::size_t i = 0; i < profile.layers.size(); ++i) {
        const LayerInfo& layer = profile.layers[i];
        entries.push_back(
            {FindEntry::Kind::Layer, static_cast<int>(i),
             QStringLiteral("%1  %2").arg(layer.id).arg(qt(layer.op.empty() ? layer.name : layer.op)),
             qt(layer.name) + QStringLiteral(", ") + count(layer.cycles) + QStringLiteral(" cycles in the whole run")});
    }
    for (std::size_t i = 0; i < profile.functions.size(); ++i) {
        const FunctionInfo& function = profile.functions[i];
        entries.push_back({FindEntry::Kind::Function, static_cast<int>(i), qt(function.name),
                           count(function.selfCycles) + QStringLiteral(" cycles")});
    }
    for (std::size_t i = 0; i < profile.memory.tensors.size(); ++i) {
        const TensorLife& tensor = profile.memory.tensors[i];
        entries.push_back(
            {FindEntry::Kind::Tensor, static_cast<int>(i), qt(tensor.name),
             QStringLiteral("%1 %2 at %3")
                 .arg(qt(nameOf(tensor.kind)), bytesText(tensor.sizeBytes), addressText(tensor.address))});
    }
    return entries;
}

void FindModel::setEntries(std::vector<FindEntry> entries) {
    m_entries = std::move(entries);
    setWords(QString());
}

void FindModel::setWords(const QString& words) {
    beginResetModel();
    m_shown.clear();
    const QStringList list = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    std::vector<std::size_t> later;
    for (std::size_t i = 0; i < m_entries.size() && m_shown.size() < kMostShown; ++i) {
        const FindEntry& entry = m_entries[i];
        const bool all = std::all_of(list.begin(), list.end(), [&](const QString& word) {
            return entry.title.contains(word, Qt::CaseInsensitive) || entry.detail.contains(word, Qt::CaseInsensitive);
        });
        if (all) {
            const bool first = list.isEmpty() || entry.title.startsWith(list.front(), Qt::CaseInsensitive) ||
                               entry.title.contains(QLatin1Char(' ') + list.front(), Qt::CaseInsensitive);
            (first ? m_shown : later).push_back(i);
        }
    }
    m_shown.insert(m_shown.end(), later.begin(),
                   later.begin() + static_cast<std::ptrdiff_t>(std::min(later.size(), kMostShown - m_shown.size())));
    endResetModel();
}

const FindEntry* FindModel::entry(int row) const {
    return row >= 0 && row < static_cast<int>(m_shown.size()) ? &m_entries[m_shown[static_cast<std::size_t>(row)]]
                                                              : nullptr;
}

int FindModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

QVariant FindModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    const FindEntry& shown = *entry(index.row());
    switch (role) {
    case Qt::DisplayRole: return shown.title;
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1 %2, %3").arg(kindName(shown.kind), shown.title, shown.detail);
    case DetailRole: return shown.detail;
    case KindRole: return kindName(shown.kind);
    case IdRole: return shown.id;
    default: return {};
    }
}

} // namespace simprof::gui
