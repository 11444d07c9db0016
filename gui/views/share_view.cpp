// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/views/share_view.h"

#include "gui/text.h"
#include "gui/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace simprof::gui {

namespace {

constexpr double kBar = 24;
constexpr double kSwatch = 10;
constexpr double kBetween = 18;

} // namespace

QString numbersOf(const std::vector<Share>& shares) {
    QString text;
    for (const Share& share : shares) {
        text += QStringLiteral("%1\t%2\n").arg(share.label, share.text);
    }
    return text;
}

ShareView::ShareView(const QString& name, QWidget* parent)
    : PaintedView(name, parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::NoFocus);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void ShareView::setShares(std::vector<Share> shares, double whole) {
    m_shares = std::move(shares);
    double sum = 0;
    for (const Share& share : m_shares) {
        sum += share.value;
    }
    m_whole = std::max({whole, sum, 1e-9});
    updateGeometry();
    update();
}

std::vector<ShareView::Place> ShareView::legend(double width) const {
    std::vector<Place> places;
    const QFontMetrics metrics(font());
    const double height = metrics.height() + 4;
    double x = 0;
    double y = kBar + 8;
    for (std::size_t i = 0; i < m_shares.size(); ++i) {
        const double needs =
            kSwatch + 6 + metrics.horizontalAdvance(m_shares[i].label + QStringLiteral("  ") + m_shares[i].text);
        if (x > 0 && x + needs > width) {
            x = 0;
            y += height;
        }
        places.push_back({QRectF(x, y, std::min(needs, width), height), i});
        x += needs + kBetween;
    }
    return places;
}

int ShareView::heightForWidth(int width) const {
    const auto places = legend(width);
    return static_cast<int>((places.empty() ? kBar : places.back().legend.bottom()) + 2);
}

QSize ShareView::sizeHint() const { return {360, heightForWidth(std::max(360, width()))}; }

QSize ShareView::minimumSizeHint() const { return {200, static_cast<int>(kBar)}; }

void ShareView::draw(QPainter& painter, const QSizeF& size) {
    const Theme& theme = Theme::of(this);
    painter.fillRect(QRectF(QPointF(0, 0), size), theme.surface);
    painter.fillRect(QRectF(0, 0, size.width(), kBar), theme.raised);
    const QFontMetrics metrics(painter.font());
    double x = 0;
    for (const Share& share : m_shares) {
        const double width = share.value / m_whole * size.width();
        painter.fillRect(QRectF(x, 0, std::max(width > 0 ? 0.5 : 0.0, width - (width > 3 ? 1 : 0)), kBar),
                         share.colour);
        if (width > metrics.horizontalAdvance(share.label) + 8) {
            painter.setPen(Theme::textOn(share.colour));
            painter.drawText(QRectF(x, 0, width, kBar), Qt::AlignCenter, share.label);
        }
        x += width;
    }
    for (const Place& place : legend(size.width())) {
        const Share& share = m_shares[place.share];
        painter.fillRect(QRectF(place.legend.left(), place.legend.center().y() - kSwatch / 2, kSwatch, kSwatch),
                         share.colour);
        QRectF room = place.legend.adjusted(kSwatch + 6, 0, 0, 0);
        painter.setPen(theme.text);
        painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter, fitted(metrics, share.label, room.width() + 2));
        room.adjust(metrics.horizontalAdvance(share.label + QStringLiteral("  ")), 0, 2, 0);
        painter.setPen(theme.muted);
        painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter, share.text);
    }
}

QString ShareView::numbers() const { return numbersOf(m_shares); }

int ShareView::shareAt(const QPointF& at) const {
    if (at.y() <= kBar) {
        double x = 0;
        for (std::size_t i = 0; i < m_shares.size(); ++i) {
            x += m_shares[i].value / m_whole * width();
            if (at.x() < x) {
                return static_cast<int>(i);
            }
        }
        return -1;
    }
    for (const Place& place : legend(width())) {
        if (place.legend.contains(at)) {
            return static_cast<int>(place.share);
        }
    }
    return -1;
}

void ShareView::mousePressEvent(QMouseEvent* event) {
    const int hit = shareAt(event->position());
    if (hit >= 0) {
        Q_EMIT clicked(m_shares[static_cast<std::size_t>(hit)].id);
    }
}

void ShareView::mouseMoveEvent(QMouseEvent* event) {
    const int hit = shareAt(event->position());
    if (hit < 0) {
        QToolTip::hideText();
        return;
    }
    const Share& share = m_shares[static_cast<std::size_t>(hit)];
    QToolTip::showText(event->globalPosition().toPoint() + QPoint(12, 12),
                       QStringLiteral("<b>%1</b><br>%2 (%3)")
                           .arg(share.label.toHtmlEscaped(), share.text, shareText(share.value, m_whole)),
                       this);
}

} // namespace simprof::gui
