// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/serial.h"
#include "profiler/profile.h"
#include "profiler/symbols/symbol_table.h"
#include "sim_core/host/rtt.h"
#include "sim_core/image/firmware_image.h"
#include "sim_core/machine.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// Collects what a firmware prints: by semihosting and ITM, on the board's console UART and by RTT.
class ConsoleCapture final : public SerialSink {
public:
    /// LeftOut::what of its text.
    static constexpr const char* kLeftOut = "bytes of console text";

    /// What happens to text behind the first `bytes`: the run is stopped, or it goes on without it.
    struct Limit {
        Bytes bytes = 0;
        bool stops = true;
    };
    /// `printed` gets each piece of text that is kept; `alive`: the firmware makes progress.
    ConsoleCapture(Limit limit, std::function<void(std::string_view)> printed, std::function<void()> alive)
        : m_limit(limit)
        , m_printed(std::move(printed))
        , m_alive(std::move(alive)) {}
    ConsoleCapture(const ConsoleCapture&) = delete;
    ConsoleCapture& operator=(const ConsoleCapture&) = delete;

    /// Listens to the board's console UART; the machine must live as long as text comes.
    void attach(Machine& machine, const BoardDesc& board);
    /// Fetches text by RTT as a probe does, where the image has a control block; what is in other buffers than the
    /// first goes to `others`.
    void startRtt(const FirmwareImage& image, const BoardDesc& board, const SymbolTable& symbols,
                  std::function<void(std::uint32_t buffer, std::string_view)> others);
    /// Fetches by RTT again after a reset of the firmware, which sweeps away what is scheduled.
    void keepPolling();
    bool polls() const { return m_rtt.has_value(); }
    /// Fetches what is left; call once after the run. Text that came behind its end counts as printed at the end.
    void finish();

    void print(std::string_view text);
    void byteSent(std::byte byte, std::uint64_t at) override;

    const std::string& text() const { return m_text; }
    const std::vector<PrintSpan>& prints() const { return m_prints; }
    /// The run was stopped for the length of the text.
    bool overflowed() const { return m_overflowed; }
    Bytes leftOut() const { return m_leftOut; }

private:
    void pollRtt();
    void readRtt();
    void note(std::string_view text);

    Machine* m_machine = nullptr;
    Limit m_limit;
    std::function<void(std::string_view)> m_printed;
    std::function<void()> m_alive;
    std::string m_text;
    bool m_overflowed = false;
    Bytes m_leftOut = 0;
    std::vector<PrintSpan> m_prints;
    std::uint64_t m_lastPrint = 0; ///< nanoseconds
    std::optional<RttReader> m_rtt;
    std::function<void(std::uint32_t, std::string_view)> m_otherBuffers;
    std::uint64_t m_lastRtt = 0; ///< nanoseconds
};

} // namespace simprof
