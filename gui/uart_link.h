// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <QByteArray>
#include <QObject>
#include <QTimer>

#include <cstdint>
#include <memory>

class QSocketNotifier;

namespace simprof::gui {

/// The window's end of a UART that a run listens for on loopback ("tcp:PORT"): what is typed goes to the firmware. What
/// comes back is read and dropped here, because the run's console callback delivers it already.
class UartLink : public QObject {
    Q_OBJECT
public:
    explicit UartLink(QObject* parent = nullptr);
    ~UartLink() override;

    /// A loopback port that is free now; 0 when there is none.
    static std::uint16_t freePort();
    /// Connects as soon as somebody listens on the port.
    void open(std::uint16_t port);
    void close();
    bool isOpen() const { return m_socket >= 0; }
    /// Sends bytes; false when the run has gone.
    bool send(const QByteArray& bytes);

Q_SIGNALS:
    void opened();
    void closed();

private:
    void tryToConnect();
    void drain();

    QTimer m_retry;
    std::uint16_t m_port = 0;
    int m_socket = -1;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace simprof::gui
