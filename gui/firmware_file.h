// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/firmware_image.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace simprof::gui {

/// The firmware file that is open: read anew whenever it is asked for, and watched.
class FirmwareFile : public QObject {
    Q_OBJECT
public:
    explicit FirmwareFile(QObject* parent = nullptr);

    /// Reads a file; throws Error, then nothing is open.
    void open(const QString& path, std::optional<Address> base);
    void close();
    bool isOpen() const { return m_image != nullptr; }
    const QString& path() const { return m_path; }
    /// What was read last.
    const std::shared_ptr<const FirmwareImage>& image() const { return m_image; }
    /// The file as it is now; throws Error, then what was read last stays.
    std::shared_ptr<const FirmwareImage> read();

Q_SIGNALS:
    /// The file has another content than what was read last, and is not written any more.
    void changed();

private:
    void watch();
    void look();

    QString m_path;
    std::optional<Address> m_base;
    std::shared_ptr<const FirmwareImage> m_image;
    QFileSystemWatcher m_watcher;
    QTimer m_settle; ///< linkers write a file in many pieces
};

} // namespace simprof::gui
