// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/views/svg_device.h"

#include <QBuffer>
#include <QPaintEngine>
#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace simprof::gui {

namespace {

QString number(double value) {
    const double rounded = std::round(value * 100) / 100;
    return QString::number(rounded == 0 ? 0 : rounded, 'g', 10);
}

QString paintAttribute(const char* name, const QColor& colour, bool none) {
    if (none) {
        return QStringLiteral(" %1=\"none\"").arg(QLatin1String(name));
    }
    QString text = QStringLiteral(" %1=\"%2\"").arg(QLatin1String(name), colour.name());
    if (colour.alpha() != 255) {
        text += QStringLiteral(" %1-opacity=\"%2\"").arg(QLatin1String(name), number(colour.alphaF()));
    }
    return text;
}

QString pathData(const QPainterPath& path, const QTransform& transform) {
    const QPainterPath mapped = transform.map(path);
    QString data;
    for (int i = 0; i < mapped.elementCount(); ++i) {
        const QPainterPath::Element e = mapped.elementAt(i);
        switch (e.type) {
        case QPainterPath::MoveToElement: data += QLatin1Char('M'); break;
        case QPainterPath::LineToElement: data += QLatin1Char('L'); break;
        case QPainterPath::CurveToElement: data += QLatin1Char('C'); break;
        case QPainterPath::CurveToDataElement: data += QLatin1Char(' '); break;
        }
        data += number(e.x) + QLatin1Char(' ') + number(e.y);
    }
    return data;
}

} // namespace

class SvgDevice::Engine : public QPaintEngine {
public:
    Engine()
        : QPaintEngine(PaintEngineFeatures(PainterPaths | PrimitiveTransform | AlphaBlend | Antialiasing |
                                           ConstantOpacity | PixmapTransform)) {}

    bool begin(QPaintDevice*) override { return true; }
    bool end() override {
        closeClip();
        return true;
    }
    Type type() const override { return User; }

    void updateState(const QPaintEngineState& now) override {
        const DirtyFlags dirty = now.state();
        if (dirty & DirtyPen) {
            m_pen = now.pen();
        }
        if (dirty & DirtyBrush) {
            m_brush = now.brush();
        }
        if (dirty & DirtyTransform) {
            m_transform = now.transform();
        }
        if (dirty & DirtyOpacity) {
            m_opacity = now.opacity();
        }
        if (dirty & DirtyHints) {
            m_crisp = !(now.renderHints() & QPainter::Antialiasing);
        }
        if (dirty & (DirtyClipPath | DirtyClipRegion | DirtyClipEnabled)) {
            setClip();
        }
    }

    void drawPath(const QPainterPath& path) override {
        m_body += QStringLiteral("<path d=\"%1\"%2%3/>\n").arg(pathData(path, m_transform), fill(), stroke());
    }

    void drawRects(const QRectF* rects, int count) override {
        for (int i = 0; i < count; ++i) {
            if (m_transform.type() <= QTransform::TxScale) {
                const QRectF r = m_transform.mapRect(rects[i]);
                m_body +=
                    QStringLiteral("<rect x=\"%1\" y=\"%2\" width=\"%3\" height=\"%4\"%5%6/>\n")
                        .arg(number(r.x()), number(r.y()), number(r.width()), number(r.height()), fill(), stroke());
            } else {
                QPainterPath path;
                path.addRect(rects[i]);
                drawPath(path);
            }
        }
    }

    void drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) override {
        QPainterPath path;
        path.addPolygon(QPolygonF(QList<QPointF>(points, points + count)));
        if (mode == PolylineMode) {
            m_body += QStringLiteral("<path d=\"%1\" fill=\"none\"%2/>\n").arg(pathData(path, m_transform), stroke());
            return;
        }
        path.closeSubpath();
        drawPath(path);
    }

    void drawTextItem(const QPointF& at, const QTextItem& item) override {
        const QFont font = item.font();
        const double pixels = font.pixelSize() > 0 ? font.pixelSize() : font.pointSizeF() * 96 / 72;
        const QPointF p = m_transform.map(at);
        QString text = QStringLiteral("<text x=\"%1\" y=\"%2\" font-family=\"%3\" font-size=\"%4\"")
                           .arg(number(p.x()), number(p.y()), font.family().toHtmlEscaped(), number(pixels));
        if (font.weight() > QFont::Normal) {
            text += QStringLiteral(" font-weight=\"%1\"").arg(static_cast<int>(font.weight()));
        }
        if (m_transform.type() > QTransform::TxTranslate) {
            const double angle = std::atan2(m_transform.m12(), m_transform.m11()) * 180 / M_PI;
            text += QStringLiteral(" transform=\"rotate(%1 %2 %3)\"").arg(number(angle), number(p.x()), number(p.y()));
        }
        text += paintAttribute("fill", withOpacity(m_pen.color()), false);
        m_body += text + QStringLiteral(" xml:space=\"preserve\">%1</text>\n").arg(item.text().toHtmlEscaped());
    }

    void drawPixmap(const QRectF& target, const QPixmap& pixmap, const QRectF& source) override {
        QByteArray bytes;
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        pixmap.copy(source.toRect()).save(&buffer, "PNG");
        const QRectF r = m_transform.mapRect(target);
        m_body +=
            QStringLiteral("<image x=\"%1\" y=\"%2\" width=\"%3\" height=\"%4\" href=\"data:image/png;base64,%5\"/>\n")
                .arg(number(r.x()), number(r.y()), number(r.width()), number(r.height()),
                     QString::fromLatin1(bytes.toBase64()));
    }

    const QString& body() const { return m_body; }

private:
    QColor withOpacity(QColor colour) const {
        colour.setAlphaF(static_cast<float>(colour.alphaF() * m_opacity));
        return colour;
    }
    QString fill() const {
        return paintAttribute("fill", withOpacity(m_brush.color()), m_brush.style() == Qt::NoBrush);
    }
    QString stroke() const {
        if (m_pen.style() == Qt::NoPen) {
            return m_crisp ? QStringLiteral(" shape-rendering=\"crispEdges\"") : QString();
        }
        QString text = paintAttribute("stroke", withOpacity(m_pen.color()), false);
        text += QStringLiteral(" stroke-width=\"%1\"").arg(number(std::max(1.0, m_pen.widthF())));
        if (m_pen.style() == Qt::DashLine || m_pen.style() == Qt::DotLine) {
            text += m_pen.style() == Qt::DashLine ? QStringLiteral(" stroke-dasharray=\"4 2\"")
                                                  : QStringLiteral(" stroke-dasharray=\"1 2\"");
        }
        return text;
    }
    void closeClip() {
        if (m_clipOpen) {
            m_body += QStringLiteral("</g>\n");
            m_clipOpen = false;
        }
    }
    void setClip() {
        closeClip();
        if (painter() == nullptr || !painter()->hasClipping()) {
            return;
        }
        const QPainterPath clip = painter()->clipPath();
        ++m_clips;
        m_body += QStringLiteral("<clipPath id=\"c%1\"><path d=\"%2\"/></clipPath>\n<g clip-path=\"url(#c%1)\">\n")
                      .arg(QString::number(m_clips), pathData(clip, painter()->combinedTransform()));
        m_clipOpen = true;
    }

    QString m_body;
    QPen m_pen;
    QBrush m_brush;
    QTransform m_transform;
    double m_opacity = 1;
    bool m_crisp = true;
    bool m_clipOpen = false;
    int m_clips = 0;
};

SvgDevice::SvgDevice(QSizeF size, const QString& title)
    : m_size(size)
    , m_title(title)
    , m_engine(std::make_unique<Engine>()) {}

SvgDevice::~SvgDevice() = default;

QPaintEngine* SvgDevice::paintEngine() const { return m_engine.get(); }

QString SvgDevice::text() const {
    return QStringLiteral(
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1\" "
               "height=\"%2\" viewBox=\"0 0 %1 %2\">\n<title>%3</title>\n%4</svg>\n")
        .arg(number(m_size.width()), number(m_size.height()), m_title.toHtmlEscaped(), m_engine->body());
}

int SvgDevice::metric(PaintDeviceMetric metric) const {
    switch (metric) {
    case PdmWidth: return static_cast<int>(std::ceil(m_size.width()));
    case PdmHeight: return static_cast<int>(std::ceil(m_size.height()));
    case PdmWidthMM: return static_cast<int>(m_size.width() * 25.4 / 96);
    case PdmHeightMM: return static_cast<int>(m_size.height() * 25.4 / 96);
    case PdmDpiX:
    case PdmDpiY:
    case PdmPhysicalDpiX:
    case PdmPhysicalDpiY: return 96;
    case PdmNumColors: return 1 << 24;
    case PdmDepth: return 24;
    case PdmDevicePixelRatio: return 1;
    case PdmDevicePixelRatioScaled: return static_cast<int>(devicePixelRatioFScale());
    default: return QPaintDevice::metric(metric);
    }
}

} // namespace simprof::gui
