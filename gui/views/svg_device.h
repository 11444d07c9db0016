// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <QPaintDevice>
#include <QSizeF>
#include <QString>

#include <memory>

namespace simprof::gui {

/// A paint device that writes what is painted on it as SVG 1.1: paths, text as text, pictures embedded as PNG. Equal
/// paintings give equal text.
class SvgDevice : public QPaintDevice {
public:
    SvgDevice(QSizeF size, const QString& title);
    ~SvgDevice() override;

    /// The whole document; valid once the painter has ended.
    QString text() const;
    QPaintEngine* paintEngine() const override;

protected:
    int metric(PaintDeviceMetric metric) const override;

private:
    class Engine;
    QSizeF m_size;
    QString m_title;
    std::unique_ptr<Engine> m_engine;
};

} // namespace simprof::gui
