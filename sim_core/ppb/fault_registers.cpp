// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/ppb/fault_registers.h"

#include <array>

namespace simprof {

namespace {

struct StatusBit {
    std::uint32_t mask;
    const char* name;
};
namespace fs = fault_status;
constexpr std::array kCfsrBits = {
    StatusBit{fs::kIaccviol, "CFSR.IACCVIOL"},
    StatusBit{fs::kDaccviol, "CFSR.DACCVIOL"},
    StatusBit{fs::kMunstkerr, "CFSR.MUNSTKERR"},
    StatusBit{fs::kMstkerr, "CFSR.MSTKERR"},
    StatusBit{fs::kMlsperr, "CFSR.MLSPERR"},
    StatusBit{fs::kMmarvalid, "CFSR.MMARVALID"},
    StatusBit{fs::kIbuserr, "CFSR.IBUSERR"},
    StatusBit{fs::kPreciserr, "CFSR.PRECISERR"},
    StatusBit{fs::kImpreciserr, "CFSR.IMPRECISERR"},
    StatusBit{fs::kUnstkerr, "CFSR.UNSTKERR"},
    StatusBit{fs::kStkerr, "CFSR.STKERR"},
    StatusBit{fs::kLsperr, "CFSR.LSPERR"},
    StatusBit{fs::kBfarvalid, "CFSR.BFARVALID"},
    StatusBit{fs::kUndefinstr, "CFSR.UNDEFINSTR"},
    StatusBit{fs::kInvstate, "CFSR.INVSTATE"},
    StatusBit{fs::kInvpc, "CFSR.INVPC"},
    StatusBit{fs::kNocp, "CFSR.NOCP"},
    StatusBit{fs::kUnaligned, "CFSR.UNALIGNED"},
    StatusBit{fs::kDivbyzero, "CFSR.DIVBYZERO"},
};
constexpr std::array kHfsrBits = {StatusBit{fs::kHfsrVecttbl, "HFSR.VECTTBL"},
                                  StatusBit{fs::kHfsrForced, "HFSR.FORCED"},
                                  StatusBit{fs::kHfsrDebugevt, "HFSR.DEBUGEVT"}};

} // namespace

std::vector<std::string> faultStatusNames(std::uint32_t cfsr, std::uint32_t hfsr) {
    std::vector<std::string> names;
    for (const StatusBit& bit : kCfsrBits) {
        if ((cfsr & bit.mask) != 0) {
            names.emplace_back(bit.name);
        }
    }
    for (const StatusBit& bit : kHfsrBits) {
        if ((hfsr & bit.mask) != 0) {
            names.emplace_back(bit.name);
        }
    }
    return names;
}

void FaultRegisters::add(std::uint32_t cfsr, std::uint32_t hfsr, std::optional<Address> address) {
    m_cfsr |= cfsr;
    m_hfsr |= hfsr;
    if (address && (cfsr & fs::kMmarvalid) != 0) {
        m_mmfar = *address;
    }
    if (address && (cfsr & fs::kBfarvalid) != 0) {
        m_bfar = *address;
    }
}

std::optional<Address> FaultRegisters::address() const {
    if ((m_cfsr & fs::kBfarvalid) != 0) {
        return m_bfar;
    }
    if ((m_cfsr & fs::kMmarvalid) != 0) {
        return m_mmfar;
    }
    return std::nullopt;
}

std::uint32_t FaultRegisters::read(std::uint32_t offset) const {
    switch (offset) {
    case 0xD28: return m_cfsr;
    case 0xD2C: return m_hfsr;
    case 0xD30: return m_dfsr;
    case 0xD34: return m_mmfar;
    case 0xD38: return m_bfar;
    case 0xD3C: return m_afsr;
    default: return 0;
    }
}

/// A written 1 clears a status bit.
void FaultRegisters::write(std::uint32_t offset, std::uint32_t value) {
    switch (offset) {
    case 0xD28: m_cfsr &= ~value; break;
    case 0xD2C: m_hfsr &= ~value; break;
    case 0xD30: m_dfsr &= ~value; break;
    case 0xD34: m_mmfar = value; break;
    case 0xD38: m_bfar = value; break;
    case 0xD3C: m_afsr &= ~value; break;
    default: break;
    }
}

} // namespace simprof
