// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/code_step.h"

#include <array>
#include <set>

namespace simprof {

/// Values of registers that follow from constants, along one run of instructions.
class CodeConstants {
public:
    explicit CodeConstants(const FirmwareImage& image)
        : m_image(image) {}

    std::set<Address> constants, accessed, literals; ///< found so far; literals by their addresses

    /// The value of R0 to LR, when it follows from constants.
    std::optional<std::uint32_t> of(unsigned reg) const { return reg < kRegisters ? m_value[reg] : std::nullopt; }
    void follow(const CodeStep& step, Address address);

private:
    static constexpr unsigned kRegisters = 15;

    void noteAccess(const CodeStep& step);
    std::optional<std::uint32_t> literal(Address address);
    std::optional<unsigned> put(unsigned reg, std::optional<std::uint32_t> value);
    std::optional<unsigned> writes(const CodeStep& step, Address address);
    std::optional<unsigned> writes16(const CodeStep& step, Address address);
    std::optional<unsigned> writes32(const CodeStep& step, Address address);

    const FirmwareImage& m_image;
    std::array<std::optional<std::uint32_t>, kRegisters> m_value{};
};

} // namespace simprof
