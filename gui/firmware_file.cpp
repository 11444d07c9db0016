// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/firmware_file.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <filesystem>
#include <span>

namespace simprof::gui {

namespace {

constexpr int kSettleMilliseconds = 300;

} // namespace

FirmwareFile::FirmwareFile(QObject* parent)
    : QObject(parent) {
    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettleMilliseconds);
    connect(&m_settle, &QTimer::timeout, this, &FirmwareFile::look);
    const auto wait = [this] { m_settle.start(); };
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, wait);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, wait);
}

void FirmwareFile::open(const QString& path, std::optional<Address> base) {
    close();
    m_path = path;
    m_base = base;
    m_image = read();
    watch();
}

void FirmwareFile::close() {
    m_settle.stop();
    m_image.reset();
    m_path.clear();
    if (const QStringList watched = m_watcher.files() + m_watcher.directories(); !watched.isEmpty()) {
        m_watcher.removePaths(watched);
    }
}

std::shared_ptr<const FirmwareImage> FirmwareFile::read() {
    m_image =
        std::make_shared<const FirmwareImage>(readFirmware(std::filesystem::path(m_path.toStdU16String()), m_base));
    return m_image;
}

void FirmwareFile::watch() {
    // A file that is replaced is watched no more; its folder still is.
    m_watcher.addPath(m_path);
    m_watcher.addPath(QFileInfo(m_path).absolutePath());
}

void FirmwareFile::look() {
    if (!isOpen()) {
        return;
    }
    watch();
    QFile file(m_path);
    if (!file.open(QIODevice::ReadOnly)) {
        return; // between two versions there may be none
    }
    const QByteArray now = file.readAll();
    const auto bytes = std::as_bytes(std::span(now.constData(), static_cast<std::size_t>(now.size())));
    if (!bytes.empty() && !std::ranges::equal(bytes, m_image->file)) {
        Q_EMIT changed();
    }
}

} // namespace simprof::gui
