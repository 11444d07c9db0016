// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <algorithm>
#include <cstdint>
#include <string_view>

namespace simprof {

/// A firmware that is run again from reset sends the same again: the part that no run before has sent.
class NewPart {
public:
    /// Another run begins.
    void begin() { m_sent = 0; }
    /// The part of `text`, which is sent next, that is new.
    std::string_view of(std::string_view text) {
        const std::uint64_t known = std::min<std::uint64_t>(m_most - std::min(m_sent, m_most), text.size());
        m_sent += text.size();
        m_most = std::max(m_most, m_sent);
        return text.substr(known);
    }

private:
    std::uint64_t m_sent = 0; ///< bytes of this run
    std::uint64_t m_most = 0; ///< of any run
};

} // namespace simprof
