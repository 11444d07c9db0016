// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/machine_desc.h"
#include "sim_core/names.h"

#include <array>
#include <span>

namespace simprof {

/// The words of board files and profiles for kinds of memory.
inline constexpr std::array<NameRow<MemoryKind>, 6> kMemoryKinds = {{{MemoryKind::Flash, "flash"},
                                                                     {MemoryKind::Sram, "sram"},
                                                                     {MemoryKind::Itcm, "itcm"},
                                                                     {MemoryKind::Dtcm, "dtcm"},
                                                                     {MemoryKind::Rom, "rom"},
                                                                     {MemoryKind::Xip, "xip"}}};
constexpr std::span<const NameRow<MemoryKind>> namesOf(MemoryKind) { return kMemoryKinds; }

} // namespace simprof
