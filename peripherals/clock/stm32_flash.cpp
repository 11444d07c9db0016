// SPDX-License-Identifier: GPL-2.0-or-later
// Flash interfaces: access control (wait states, caches, prefetch), unlock keys, page erase. L4+ RM0432 3.7, F4
// RM0090 3.9, F7 RM0385 3.7, G0 RM0444 3.7, L0 RM0367 3.7, H7 RM0399 4.9, H7A3 RM0455 4.9.
#include "peripherals/clock/stm32_flash.h"
#include "peripherals/makers.h"

namespace simprof {
namespace {

constexpr std::uint32_t kKey1 = 0x45670123, kKey2 = 0xCDEF89AB, kOptKey1 = 0x08192A3B, kOptKey2 = 0x4C5D6E7F;
constexpr std::uint32_t kKiB = 1024;

/// A family that differs by its layout only.
template<FlashLayout (*layout)()>
class Stm32FlashOf final : public Stm32Flash {
public:
    Stm32FlashOf(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Flash(desc, services, layout()) {}
};

MemorySettings f4Settings(std::uint32_t acr) {
    return {acr & 0xF, (acr & 0x100) != 0, (acr & 0x200) != 0, (acr & 0x400) != 0};
}

FlashLayout l4Layout() {
    return {
        .rows = {{0x00, "ACR", 0x600, 0x7F0F},
                 {0x04, "PDKEYR"},
                 {0x08, "KEYR"},
                 {0x0C, "OPTKEYR"},
                 {0x10, "SR", 0, 0},
                 {0x14, "CR", 0xC0000000},
                 {0x18, "ECCR"},
                 {0x20, "OPTR", 0xFFEFF8AA, 0},
                 {0x24, "PCROP1SR", 0xFFFFFFFF, 0},
                 {0x28, "PCROP1ER", 0, 0},
                 {0x2C, "WRP1AR", 0xFFFF, 0},
                 {0x30, "WRP1BR", 0xFFFF, 0},
                 {0x130, "CFGR"}},
        .locks = {{0x08, 0x14, 31, kKey1, kKey2}, {0x0C, 0x14, 30, kOptKey1, kOptKey2}},
        .apply = [](std::uint32_t acr, MachineServices& to) { to.setMemory("stm32l4_flash", f4Settings(acr)); },
        .acrPulses = 0x1800,
        // PER: pages of 4 KB in two banks of 1 MB (RM0432 3.3.1)
        .erase = FlashErase{{0x14}, 16, 1, 3, 8, {{256, 4 * kKiB}}, 1024 * kKiB, 11U},
    };
}

class Stm32L4Flash final : public Stm32Flash {
public:
    Stm32L4Flash(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Flash(desc, services, l4Layout()) {}

protected:
    /// Images that set PRFTEN with wait states in force run on a NUCLEO-L4R5ZI as fast as without prefetch, images that
    /// set it before them do not (docs/ACCURACY.md). No manual says so.
    std::uint32_t inForce(std::uint32_t before, std::uint32_t acr) override {
        if ((acr & 0x100) == 0 || (acr & 0xF) == 0) {
            m_prefetchIgnored = false;
        } else if ((before & 0x100) == 0 && (before & 0xF) != 0) {
            m_prefetchIgnored = true;
            services().reportEvent(name() + ": PRFTEN set while wait states are in force; taken to have no effect");
        }
        return m_prefetchIgnored ? acr & ~0x100U : acr;
    }

    void onReset() override {
        m_prefetchIgnored = false;
        Stm32Flash::onReset();
    }

private:
    bool m_prefetchIgnored = false;
};

FlashLayout g0Layout() {
    return {
        .rows = {{0x00, "ACR", 0x40600, 0x70F07},
                 {0x08, "KEYR"},
                 {0x0C, "OPTKEYR"},
                 {0x10, "SR", 0, 0},
                 {0x14, "CR", 0xC0000000},
                 {0x18, "ECCR"},
                 {0x1C, "ECC2R"},
                 {0x20, "OPTR", 0xFFFFFEAA, 0}},
        .locks = {{0x08, 0x14, 31, kKey1, kKey2}, {0x0C, 0x14, 30, kOptKey1, kOptKey2}},
        .apply =
            [](std::uint32_t acr, MachineServices& to) {
                to.setMemory("stm32g0_flash", {acr & 7, (acr & 0x100) != 0, (acr & 0x200) != 0, false});
            },
        .acrPulses = 0x800,
        // PER: pages of 2 KB in two banks of 256 KB (RM0444 3.3.1)
        .erase = FlashErase{{0x14}, 16, 1, 3, 8, {{128, 2 * kKiB}}, 256 * kKiB, 13U},
    };
}

FlashLayout f4Layout() {
    return {
        .rows = {{0x00, "ACR", 0, 0x1F07},
                 {0x04, "KEYR"},
                 {0x08, "OPTKEYR"},
                 {0x0C, "SR", 0, 0},
                 {0x10, "CR", 0x80000000},
                 {0x14, "OPTCR", 0x0FFFAAED}},
        .locks = {{0x04, 0x10, 31, kKey1, kKey2}, {0x08, 0x14, 0, kOptKey1, kOptKey2}},
        .apply = [](std::uint32_t acr, MachineServices& to) { to.setMemory("stm32f4_art", f4Settings(acr)); },
        .acrPulses = 0x1800,
        // SER: RM0090 table 5
        .erase = FlashErase{{0x10}, 16, 1, 3, 4, {{4, 16 * kKiB}, {1, 64 * kKiB}, {7, 128 * kKiB}}},
    };
}

FlashLayout f7Layout() {
    return {
        .rows = {{0x00, "ACR", 0, 0xB0F},
                 {0x04, "KEYR"},
                 {0x08, "OPTKEYR"},
                 {0x0C, "SR", 0, 0},
                 {0x10, "CR", 0x80000000},
                 {0x14, "OPTCR", 0xC0FFAAFD},
                 {0x18, "OPTCR1", 0x00400080}},
        .locks = {{0x04, 0x10, 31, kKey1, kKey2}, {0x08, 0x14, 0, kOptKey1, kOptKey2}},
        .apply =
            [](std::uint32_t acr, MachineServices& to) {
                // ART and prefetch serve the ITCM path only (RM0385 3.3.2); the AXI path has the wait states.
                to.setMemory("stm32f7_axi", {acr & 0xF, false, false, false});
                to.setMemory("stm32f7_itcm", {acr & 0xF, (acr & 0x100) != 0, (acr & 0x200) != 0, (acr & 0x200) != 0});
            },
        .acrPulses = 0x800,
        // SER: RM0385 table 3
        .erase = FlashErase{{0x10}, 16, 1, 3, 4, {{4, 32 * kKiB}, {1, 128 * kKiB}, {3, 256 * kKiB}}},
    };
}

class Stm32L0Flash final : public Stm32Flash {
public:
    Stm32L0Flash(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Flash(
              desc, services,
              {.rows = {{0x00, "ACR", 0, 0x7B},
                        {0x04, "PECR", 7},
                        {0x08, "PDKEYR"},
                        {0x0C, "PEKEYR"},
                        {0x10, "PRGKEYR"},
                        {0x14, "OPTKEYR"},
                        {0x18, "SR", 0xC, 0},
                        {0x1C, "OPTR", 0x807000AA, 0},
                        {0x20, "WRPROT1", 0, 0}},
               .locks = {{0x0C, 0x04, 0, 0x89ABCDEF, 0x02030405}, {0x10, 0x04, 1, 0x8C9DAEBF, 0x13141516}},
               .apply =
                   [](std::uint32_t acr, MachineServices& to) {
                       // PRE_READ is reported as the data side's buffer, the buffers (unless DISAB_BUF) as the
                       // instruction side's.
                       to.setMemory("stm32l0_flash", {acr & 1, (acr & 2) != 0, (acr & 0x20) == 0, (acr & 0x40) != 0});
                   },
               .erased = 0,
               .programmingBit = {},
               .programmingLock = 1}) {} // PRGLOCK

    /// With PECR.ERASE and PROG set a store erases its page of 128 bytes (RM0367 3.3.4).
    bool storeToFlash(Address address, unsigned size, std::uint32_t value) override {
        if (inMainFlash(address) && bit(0x04, 9) && bit(0x04, 3) && !bit(0x04, 1)) {
            erase(address & ~127U, 128);
            return true;
        }
        return Stm32Flash::storeToFlash(address, size, value);
    }
};

/// The H7s differ in their wait states at reset, the timing of their memory, and in how and what they erase.
FlashLayout h7Layout(std::uint32_t acrReset, void (*apply)(std::uint32_t acr, MachineServices& to), FlashErase erase) {
    return {
        .rows = {{0x00, "ACR", acrReset, 0x3F},
                 {0x04, "KEYR1"},
                 {0x08, "OPTKEYR"},
                 {0x0C, "CR1", 0x31},
                 {0x10, "SR1", 0, 0},
                 {0x14, "CCR1"},
                 {0x18, "OPTCR", 1},
                 {0x1C, "OPTSR_CUR", 0x406AAF0, 0},
                 {0x20, "OPTSR_PRG", 0x406AAF0},
                 {0x104, "KEYR2"},
                 {0x10C, "CR2", 0x31},
                 {0x110, "SR2", 0, 0},
                 {0x114, "CCR2"}},
        .locks = {{0x04, 0x0C, 0, kKey1, kKey2}, {0x104, 0x10C, 0, kKey1, kKey2}, {0x08, 0x18, 0, kOptKey1, kOptKey2}},
        .apply = apply,
        .erase = std::move(erase),
        .programmingBit = 1U,
        .secondBank = 0x08100000,
    };
}

FlashLayout h7Layout() {
    return h7Layout(0x37,
                    [](std::uint32_t acr, MachineServices& to) {
                        to.setMemory("stm32h7_flash", {acr & 0xF, false, false, false});
                    },
                    {{0x0C, 0x10C}, 7, 2, 8, 3, {{8, 128 * kKiB}}, 1024 * kKiB}); // SER: RM0399 4.3.6
}

FlashLayout h7a3Layout() {
    return h7Layout(0x13,
                    [](std::uint32_t acr, MachineServices& to) {
                        to.setMemory("stm32h7a3_flash", {acr & 0xF, false, false, false});
                    },
                    {{0x0C, 0x10C}, 5, 2, 6, 7, {{128, 8 * kKiB}}, 1024 * kKiB}); // SER: RM0455 4.3.6
}

} // namespace

std::span<const PeripheralMaker> stm32FlashMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32l4_flash", "wait states, caches, prefetch, unlock keys, page erase", makeDevice<Stm32L4Flash>},
        {"stm32g0_flash", "wait states, cache, prefetch, unlock keys, page erase", makeDevice<Stm32FlashOf<g0Layout>>},
        {"stm32f4_flash", "wait states, caches, prefetch, unlock keys, sector erase",
         makeDevice<Stm32FlashOf<f4Layout>>},
        {"stm32f7_flash", "wait states, ART, prefetch, unlock keys, sector erase", makeDevice<Stm32FlashOf<f7Layout>>},
        {"stm32l0_flash", "wait states, buffers, prefetch, unlock keys", makeDevice<Stm32L0Flash>},
        {"stm32h7_flash", "wait states, unlock keys, sector erase", makeDevice<Stm32FlashOf<h7Layout>>},
        {"stm32h7a3_flash", "wait states, unlock keys, sector erase", makeDevice<Stm32FlashOf<h7a3Layout>>},
    };
    return kMakers;
}

} // namespace simprof
