// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/text.h"

namespace simprof::gui {

QString shortTensorName(const QString& name) {
    const QString last = name.mid(name.lastIndexOf(QLatin1Char(';')) + 1);
    const qsizetype slash = last.lastIndexOf(QLatin1Char('/'));
    return slash <= 0 ? last : last.mid(last.lastIndexOf(QLatin1Char('/'), slash - 1) + 1);
}

QString shortName(const QString& name) {
    // Arguments go first: the first parenthesis that opens outside of "(anonymous namespace)" and templates.
    QString text = name;
    text.remove(QLatin1String("(anonymous namespace)::"));
    int depth = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        depth += c == QLatin1Char('<') ? 1 : c == QLatin1Char('>') ? -1 : 0;
        if (c == QLatin1Char('(') && depth == 0 && i > 0) {
            text.truncate(i);
            break;
        }
    }
    depth = 0;
    qsizetype begin = 0;
    for (qsizetype i = 0; i + 1 < text.size(); ++i) {
        const QChar c = text[i];
        depth += c == QLatin1Char('<') ? 1 : c == QLatin1Char('>') ? -1 : 0;
        if (depth == 0 && c == QLatin1Char(':') && text[i + 1] == QLatin1Char(':')) {
            begin = i + 2;
        }
    }
    const QString result = text.mid(begin);
    return result.isEmpty() ? name : result;
}

} // namespace simprof::gui
