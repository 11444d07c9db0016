// SPDX-License-Identifier: GPL-2.0-or-later
/// One inference of a firmware, cut out so that different engines can be timed on it.
#pragma once
#include "profiler/collect/collector.h"
#include "profiler/network/network.h"
#include "profiler/symbols/symbol_table.h"
#include "sim_core/engine/cpu.h"
#include "sim_core/image/firmware_image.h"
#include "sim_core/machine.h"
#include "sim_core/memory/address_space.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace simprof::benchmark {

/// A firmware on its board, with the network in its flash.
struct Subject {
    FirmwareImage image;
    const BoardDesc* board = nullptr;
    NetworkImage network;
    SymbolTable symbols;
};
/// Throws Error when the file cannot be read, fits no board or holds no network.
Subject openSubject(const std::string& path);

/// A machine with this firmware, reset.
std::unique_ptr<Machine> makeMachine(const Subject& subject);
/// The options with which a profile is made.
Collector::Options collectorOptions(const Subject& subject);

/// Registers of the core and contents of its memories.
struct State {
    CoreRegisters core;
    std::array<std::uint32_t, 32> fp{};
    std::uint32_t fpscr = 0;
    std::vector<std::vector<std::byte>> memories; ///< in the order of AddressSpace::regions()
};

/// From the first call of the network's first layer up to the return of the function that calls the layers.
struct Stretch {
    Cycles begin = 0;
    Cycles end = 0;
    Address returnAddress = 0;
    std::uint64_t instructions = 0;
    State before;
    State after;
};
/// The second inference of a run (caches of all kinds are warm), or the first when there is only one.
Stretch findStretch(const Subject& subject);

/// An instruction engine by itself that starts where the stretch does.
class BareEngine {
public:
    BareEngine(const Subject& subject, Hooks hooks);
    ~BareEngine();
    /// Brings registers and memories into the state before the stretch.
    void rewind(const Stretch& stretch);
    /// Runs the stretch; throws Error when it ends elsewhere.
    void run(const Stretch& stretch);
    /// Throws Error unless the memories are as the machine left them.
    void compare(const Stretch& stretch) const;
    /// What was told since rewind().
    struct Traffic {
        std::uint64_t blocks = 0;
        std::uint64_t accesses = 0;
    };
    Traffic traffic() const;

private:
    class Client;
    std::unique_ptr<Client> m_client;
    AddressSpace m_space;
    Cpu m_cpu;
};

} // namespace simprof::benchmark
