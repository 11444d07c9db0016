// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/units.h"

namespace simprof {

/// A source of the RP2040 clock tree: XOSC, ROSC, a PLL.
class Rp2040Source {
public:
    virtual ~Rp2040Source() = default;
    /// Hz now, 0 while off or not stable.
    virtual Hertz output() const = 0;
};

/// Who has to look again when a source changed.
class Rp2040SourceUser {
public:
    virtual ~Rp2040SourceUser() = default;
    virtual void sourceChanged() = 0;
};

} // namespace simprof
