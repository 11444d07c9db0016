// SPDX-License-Identifier: GPL-2.0-or-later
// Arm CoreSight architecture specification (IHI 0029), B2.2: identification registers of a ROM table.
#include "peripherals/makers.h"
#include "peripherals/register_file.h"
#include "peripherals/wiring.h"

namespace simprof {
namespace {

/// Who made a chip, which part and which revision it is: start-up code reads it to tell chips apart. What an MCU's row
/// does not say reads as 0.
class CoreSightId final : public RegisterFile {
public:
    CoreSightId(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services,
                       {{0xFD0, "PID4", numberOf(desc, "pid4", 0), 0},
                        {0xFD4, "PID5", 0, 0},
                        {0xFD8, "PID6", 0, 0},
                        {0xFDC, "PID7", 0, 0},
                        {0xFE0, "PID0", numberOf(desc, "pid0", 0), 0},
                        {0xFE4, "PID1", numberOf(desc, "pid1", 0), 0},
                        {0xFE8, "PID2", numberOf(desc, "pid2", 0), 0},
                        {0xFEC, "PID3", numberOf(desc, "pid3", 0), 0},
                        {0xFF0, "CID0", 0x0D, 0},
                        {0xFF4, "CID1", 0x10, 0},
                        {0xFF8, "CID2", 0x05, 0},
                        {0xFFC, "CID3", 0xB1, 0}}) {}
};

} // namespace

std::span<const PeripheralMaker> coreSightIdMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"coresight_id", "maker, part and silicon revision", makeDevice<CoreSightId>},
    };
    return kMakers;
}

} // namespace simprof
