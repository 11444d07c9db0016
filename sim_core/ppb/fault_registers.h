// SPDX-License-Identifier: GPL-2.0-or-later
/// What faults leave behind: CFSR, HFSR, DFSR, MMFAR, BFAR and AFSR of the system control block.
#pragma once
#include "sim_core/units.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace simprof {

/// Bits of CFSR and HFSR (Armv7-M ARM, B3.2.15 and B3.2.16).
namespace fault_status {
inline constexpr std::uint32_t kIaccviol = 1U << 0, kDaccviol = 1U << 1, kMunstkerr = 1U << 3, kMstkerr = 1U << 4,
                               kMlsperr = 1U << 5, kMmarvalid = 1U << 7, kIbuserr = 1U << 8, kPreciserr = 1U << 9,
                               kImpreciserr = 1U << 10, kUnstkerr = 1U << 11, kStkerr = 1U << 12, kLsperr = 1U << 13,
                               kBfarvalid = 1U << 15, kUndefinstr = 1U << 16, kInvstate = 1U << 17, kInvpc = 1U << 18,
                               kNocp = 1U << 19, kUnaligned = 1U << 24, kDivbyzero = 1U << 25;
inline constexpr std::uint32_t kHfsrVecttbl = 1U << 1, kHfsrForced = 1U << 30, kHfsrDebugevt = 1U << 31;
} // namespace fault_status

/// Names of the bits set in CFSR and HFSR: "CFSR.UNALIGNED", "HFSR.FORCED".
std::vector<std::string> faultStatusNames(std::uint32_t cfsr, std::uint32_t hfsr);

/// The fault status and fault address registers (Armv7-M ARM, B3.2.15 to B3.2.19).
class FaultRegisters {
public:
    void reset() { *this = {}; }
    std::uint32_t cfsr() const { return m_cfsr; }
    std::uint32_t hfsr() const { return m_hfsr; }
    /// Sets status bits; `address` goes into the address register whose valid bit is among them.
    void add(std::uint32_t cfsr, std::uint32_t hfsr, std::optional<Address> address);
    /// The address of a fault whose valid bit is set; BFAR's when both are.
    std::optional<Address> address() const;

    std::uint32_t read(std::uint32_t offset) const; ///< offset from the system control space: 0xD28 to 0xD3C
    void write(std::uint32_t offset, std::uint32_t value);

private:
    std::uint32_t m_cfsr = 0, m_hfsr = 0, m_dfsr = 0, m_mmfar = 0, m_bfar = 0, m_afsr = 0;
};

} // namespace simprof
