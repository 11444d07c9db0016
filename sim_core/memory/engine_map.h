// SPDX-License-Identifier: GPL-2.0-or-later
/// What the engine is told of the address space, and when.
///
/// With every access the engine looks its memory up: it tries the lowest first and bisects the others by address. So
/// aliases come when they are used, a boot ROM goes when it was left, and memories are cut until the image's flash and
/// the RAM lie where a bisection looks first.
#pragma once
#include "sim_core/engine/cpu.h"
#include "sim_core/image/firmware_image.h"
#include "sim_core/machine_desc.h"
#include "sim_core/memory/address_space.h"
#include "sim_core/units.h"

#include <cstddef>
#include <span>
#include <vector>

namespace simprof {

/// One memory, or a piece of it, as the engine gets it.
struct MappedMemory {
    Address begin = 0;
    std::span<std::byte> bytes;
    bool writable = false;
};

/// All that the engine gets, in the order in which it gets it.
struct Mapping {
    std::vector<AddressRange> devices;
    std::vector<MappedMemory> memories;
    AddressRange bootRom;               ///< one of memories, which goes when the core has left it; empty: none
    std::vector<AddressRange> onDemand; ///< what comes when it is first used
};

/// Plans the mapping of a board's memories and device areas for the engine, with the fastest look-ups for `image`.
Mapping planMapping(std::span<const AddressSpace::Region> regions, const FirmwareImage& image, const BoardDesc& board);

/// Keeps the engine's view of the address space.
class EngineMap {
public:
    EngineMap(Cpu& cpu, const AddressSpace& space)
        : m_cpu(cpu)
        , m_space(space) {}

    void apply(Mapping mapping);
    /// The core is about to execute at `pc`: takes the boot ROM away when it has left it for flash.
    void executes(Address pc) {
        if (m_bootRom.size != 0 && !m_bootRom.contains(pc)) {
            leaveBootRom(pc);
        }
    }
    /// The engine knows nothing at `address`; true when it does now.
    bool firstUse(Address address);

private:
    void leaveBootRom(Address pc);

    Cpu& m_cpu;
    const AddressSpace& m_space;
    AddressRange m_bootRom;               ///< while the engine has it
    std::vector<AddressRange> m_onDemand; ///< what the engine is told of when it is first used
};

} // namespace simprof
