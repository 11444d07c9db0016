// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/register_file.h"

namespace simprof {

/// Atomic aliases of RP2040 peripherals: at 0x1000 a store toggles, at 0x2000 it sets, at 0x3000 it clears (RP2040 data
/// sheet 2.1.2); narrow stores reach all byte lanes (2.1.4). `Base` is a RegisterFile.
template<class Base>
class Rp2040Aliases : public Base {
public:
    using Base::Base;

    std::uint32_t read(std::uint32_t offset, unsigned size) override { return Base::read(offset & 0xFFF, size); }
    bool models(std::uint32_t offset) const override { return Base::models(offset & 0xFFF); }

    void write(std::uint32_t offset, unsigned size, std::uint32_t value) override {
        const std::uint32_t wide = size == 1   ? (value & 0xFF) * 0x01010101U
                                   : size == 2 ? (value & 0xFFFF) * 0x00010001U
                                               : value;
        const std::uint32_t target = offset & 0xFFC;
        const std::uint32_t before = this->value(target);
        switch (offset >> 12 & 3U) {
        case 1: this->onWrite(target, before ^ wide, 0xFFFFFFFF); break;
        case 2: this->onWrite(target, before | wide, 0xFFFFFFFF); break;
        case 3: this->onWrite(target, before & ~wide, 0xFFFFFFFF); break;
        default: this->onWrite(target, wide, 0xFFFFFFFF); break;
        }
    }
};

using Rp2040Device = Rp2040Aliases<RegisterFile>;

} // namespace simprof
