// SPDX-License-Identifier: GPL-2.0-or-later
// Flash interfaces: access control (wait states, caches, prefetch), unlock keys, page erase. L4+ RM0432 3.7, F4
// RM0090 3.9, F7 RM0385 3.7, G0 RM0444 3.7, L0 RM0367 3.7, H7 RM0399 4.9, H7A3 RM0455 4.9.
#include "peripherals/makers.h"
#include "peripherals/register_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace simprof {
namespace {

/// A key register, the lock bit it clears, and its two keys.
struct Lock {
    std::uint32_t keyr;
    std::uint32_t cr;
    unsigned lockBit;
    std::uint32_t key1, key2;
};

struct FlashLayout {
    std::vector<RegisterRow> rows;
    std::vector<Lock> locks;
    /// What ACR means for each memory-timing row.
    void (*apply)(std::uint32_t acr, MachineServices& services);
    /// ACR bits that only trigger something (cache resets), cleared after use.
    std::uint32_t acrPulses = 0;
    std::uint8_t erased = 0xFF; ///< what an erased byte reads
};

constexpr Address kMainFlash = 0x08000000;
constexpr std::uint32_t kMostFlash = 0x200000;
constexpr Address kBank2 = 0x08100000; // H7

class Stm32Flash : public RegisterFile, public FlashController {
public:
    Stm32Flash(const PeripheralDesc& desc, MachineServices& services, FlashLayout layout)
        : RegisterFile(desc, services, layout.rows)
        , m_layout(std::move(layout)) {
        m_steps.assign(m_layout.locks.size(), 0);
    }

    /// Programming changes bits of erased flash at once; a store that the interface refuses is a fault of the core.
    bool storeToFlash(Address address, unsigned size, std::uint32_t value) override {
        if (address < kMainFlash || address - kMainFlash >= kMostFlash) {
            return false;
        }
        if (locked(lockOf(address))) {
            services().reportEvent(fmt::format("{}: store to locked flash at 0x{:08x}", name(), address));
            return false;
        }
        if (!programming(address)) {
            services().reportEvent(
                fmt::format("{}: store to flash at 0x{:08x} while programming is off", name(), address));
            return false;
        }
        std::vector<std::byte> bytes(size);
        services().busRead("FLASH", address, bytes);
        for (unsigned index = 0; index < size; ++index) {
            const auto byte = static_cast<std::byte>(value >> (8 * index));
            bytes[index] = m_layout.erased == 0 ? bytes[index] | byte : bytes[index] & byte;
        }
        return services().program(address, bytes);
    }

protected:
    void onReset() override {
        std::ranges::fill(m_steps, 0);
        m_layout.apply(value(0), services());
    }

    void onWrite(std::uint32_t offset, std::uint32_t value, std::uint32_t lanes) override {
        for (std::size_t index = 0; index < m_layout.locks.size(); ++index) {
            const Lock& lock = m_layout.locks[index];
            if (offset == lock.keyr) {
                enterKey(lock, m_steps[index], value);
                return;
            }
            // The lock of the option bytes may lie in the same register: it guards OPTSTRT only, which is not modelled.
            const bool guards = index == 0 || m_layout.locks[index - 1].cr != lock.cr || m_layout.erased == 0;
            if (guards && offset == lock.cr && locked(lock) && (value & ~(1U << lock.lockBit)) != 0 &&
                (value & lanes) != (this->value(offset) & lanes)) {
                services().reportEvent(name() + ": write to a locked control register (" +
                                       std::string(registerName(offset)) + ")");
                return;
            }
        }
        const std::uint32_t before = this->value(offset);
        store(offset, value, lanes);
        for (const Lock& lock : m_layout.locks) { // software only sets a lock, the keys open it
            if (offset == lock.cr) {
                setBits(lock.cr, before & (1U << lock.lockBit));
            }
        }
        if (offset == 0) {
            setValue(0, this->value(0) & ~m_layout.acrPulses);
            if (this->value(0) != before) {
                m_layout.apply(inForce(before, this->value(0)), services());
            }
        }
        control(offset, value);
    }

    /// What of a new ACR the interface obeys.
    virtual std::uint32_t inForce(std::uint32_t before, std::uint32_t acr) {
        (void)before;
        return acr;
    }

    /// Commands of the control register of one family.
    virtual void control(std::uint32_t offset, std::uint32_t value) {
        (void)offset;
        (void)value;
    }

    /// The lock that guards programming at `address`.
    virtual const Lock& lockOf(Address address) const {
        (void)address;
        return m_layout.locks.front();
    }
    /// Its control register allows stores (PG).
    virtual bool programming(Address address) const { return bit(lockOf(address).cr, 0); }
    const Lock& lock(std::size_t index) const { return m_layout.locks[index]; }

    /// Fills [begin, begin + size) of the flash with the erased state.
    void erase(Address begin, std::uint32_t size) {
        const std::vector<std::byte> blank(size, std::byte{m_layout.erased});
        if (!services().program(begin, blank)) {
            services().reportEvent(name() + ": erase outside the flash");
        }
    }

private:
    bool locked(const Lock& lock) const { return bit(lock.cr, lock.lockBit); }

    void enterKey(const Lock& lock, unsigned& step, std::uint32_t key) {
        if (!locked(lock)) {
            return;
        }
        if (step == 0 && key == lock.key1) {
            step = 1;
        } else if (step == 1 && key == lock.key2) {
            step = 0;
            clearBits(lock.cr, 1U << lock.lockBit);
        } else {
            step = 2; // a wrong key locks until the next reset
            services().reportEvent(name() + ": wrong unlock key, locked until reset");
        }
    }

    FlashLayout m_layout;
    std::vector<unsigned> m_steps; ///< 0 idle, 1 first key seen, 2 refused
};

constexpr std::uint32_t kKey1 = 0x45670123, kKey2 = 0xCDEF89AB, kOptKey1 = 0x08192A3B, kOptKey2 = 0x4C5D6E7F;

MemorySettings f4Settings(std::uint32_t acr) {
    return {acr & 0xF, (acr & 0x100) != 0, (acr & 0x200) != 0, (acr & 0x400) != 0};
}

class Stm32L4Flash final : public Stm32Flash {
public:
    Stm32L4Flash(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Flash(desc, services,
                     {{{0x00, "ACR", 0x600, 0x7F0F},
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
                      {{0x08, 0x14, 31, kKey1, kKey2}, {0x0C, 0x14, 30, kOptKey1, kOptKey2}},
                      [](std::uint32_t acr, MachineServices& to) { to.setMemory("stm32l4_flash", f4Settings(acr)); },
                      0x1800}) {}

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

    void control(std::uint32_t offset, std::uint32_t) override {
        if (offset == 0x14 && bit(0x14, 16) &&
            bit(0x14, 1)) { // STRT with PER: pages of 4 KB in two banks of 1 MB (RM0432 3.3.1)
            erase(0x08000000 + (bit(0x14, 11) ? 0x100000U : 0U) + field(0x14, 3, 8) * 4096, 4096);
            clearBits(0x14, 1U << 16);
        }
    }

private:
    bool m_prefetchIgnored = false;
};

class Stm32G0Flash final : public Stm32Flash {
public:
    Stm32G0Flash(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Flash(desc, services,
                     {{{0x00, "ACR", 0x40600, 0x70F07},
                       {0x08, "KEYR"},
                       {0x0C, "OPTKEYR"},
                       {0x10, "SR", 0, 0},
                       {0x14, "CR", 0xC0000000},
                       {0x18, "ECCR"},
                       {0x1C, "ECC2R"},
                       {0x20, "OPTR", 0xFFFFFEAA, 0}},
                      {{0x08, 0x14, 31, kKey1, kKey2}, {0x0C, 0x14, 30, kOptKey1, kOptKey2}},
                      [](std::uint32_t acr, MachineServices& to) {
                          to.setMemory("stm32g0_flash", {acr & 7, (acr & 0x100) != 0, (acr & 0x200) != 0, false});
                      },
                      0x800}) {}

protected:
    void control(std::uint32_t offset, std::uint32_t) override {
        if (offset == 0x14 && bit(0x14, 16) && bit(0x14, 1)) { // STRT with PER: pages of 2 KB (RM0444 3.3.1)
            erase(0x08000000 + (bit(0x14, 13) ? 0x40000U : 0U) + field(0x14, 3, 8) * 2048, 2048);
            clearBits(0x14, 1U << 16);
        }
    }
};

class Stm32F4Flash final : public Stm32Flash {
public:
    Stm32F4Flash(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Flash(desc, services,
                     {{{0x00, "ACR", 0, 0x1F07},
                       {0x04, "KEYR"},
                       {0x08, "OPTKEYR"},
                       {0x0C, "SR", 0, 0},
                       {0x10, "CR", 0x80000000},
                       {0x14, "OPTCR", 0x0FFFAAED}},
                      {{0x04, 0x10, 31, kKey1, kKey2}, {0x08, 0x14, 0, kOptKey1, kOptKey2}},
                      [](std::uint32_t acr, MachineServices& to) { to.setMemory("stm32f4_art", f4Settings(acr)); },
                      0x1800}) {}

protected:
    void control(std::uint32_t offset, std::uint32_t) override {
        if (offset == 0x10 && bit(0x10, 16) &&
            bit(0x10, 1)) { // STRT with SER: 4 x 16 KB, 64 KB, 7 x 128 KB (RM0090 table 5)
            const std::uint32_t sector = field(0x10, 3, 4);
            const std::uint32_t begin = sector < 4 ? sector * 0x4000 : sector == 4 ? 0x10000 : (sector - 4) * 0x20000;
            erase(0x08000000 + begin, sector < 4 ? 0x4000 : sector == 4 ? 0x10000 : 0x20000);
            clearBits(0x10, 1U << 16);
        }
    }
};

class Stm32F7Flash final : public Stm32Flash {
public:
    Stm32F7Flash(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Flash(desc, services,
                     {{{0x00, "ACR", 0, 0xB0F},
                       {0x04, "KEYR"},
                       {0x08, "OPTKEYR"},
                       {0x0C, "SR", 0, 0},
                       {0x10, "CR", 0x80000000},
                       {0x14, "OPTCR", 0xC0FFAAFD},
                       {0x18, "OPTCR1", 0x00400080}},
                      {{0x04, 0x10, 31, kKey1, kKey2}, {0x08, 0x14, 0, kOptKey1, kOptKey2}},
                      [](std::uint32_t acr, MachineServices& to) {
                          // ART and prefetch serve the ITCM path only (RM0385 3.3.2); the AXI path has the wait states.
                          to.setMemory("stm32f7_axi", {acr & 0xF, false, false, false});
                          to.setMemory("stm32f7_itcm",
                                       {acr & 0xF, (acr & 0x100) != 0, (acr & 0x200) != 0, (acr & 0x200) != 0});
                      },
                      0x800}) {}

protected:
    void control(std::uint32_t offset, std::uint32_t) override {
        if (offset == 0x10 && bit(0x10, 16) &&
            bit(0x10, 1)) { // STRT with SER: 4 x 32 KB, 128 KB, 3 x 256 KB (RM0385 table 3)
            const std::uint32_t sector = field(0x10, 3, 4);
            const std::uint32_t begin = sector < 4 ? sector * 0x8000 : sector == 4 ? 0x20000 : (sector - 4) * 0x40000;
            erase(0x08000000 + begin, sector < 4 ? 0x8000 : sector == 4 ? 0x20000 : 0x40000);
            clearBits(0x10, 1U << 16);
        }
    }
};

class Stm32L0Flash final : public Stm32Flash {
public:
    Stm32L0Flash(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Flash(
              desc, services,
              {{{0x00, "ACR", 0, 0x7B},
                {0x04, "PECR", 7},
                {0x08, "PDKEYR"},
                {0x0C, "PEKEYR"},
                {0x10, "PRGKEYR"},
                {0x14, "OPTKEYR"},
                {0x18, "SR", 0xC, 0},
                {0x1C, "OPTR", 0x807000AA, 0},
                {0x20, "WRPROT1", 0, 0}},
               {{0x0C, 0x04, 0, 0x89ABCDEF, 0x02030405}, {0x10, 0x04, 1, 0x8C9DAEBF, 0x13141516}},
               [](std::uint32_t acr, MachineServices& to) {
                   // PRE_READ is reported as the data side's buffer, the buffers (unless DISAB_BUF) as the instruction
                   // side's.
                   to.setMemory("stm32l0_flash", {acr & 1, (acr & 2) != 0, (acr & 0x20) == 0, (acr & 0x40) != 0});
               },
               0,
               0}) {}

    /// With PECR.ERASE and PROG set a store erases its page of 128 bytes (RM0367 3.3.4).
    bool storeToFlash(Address address, unsigned size, std::uint32_t value) override {
        if (address >= kMainFlash && address - kMainFlash < kMostFlash && bit(0x04, 9) && bit(0x04, 3) &&
            !bit(0x04, 1)) {
            erase(address & ~127U, 128);
            return true;
        }
        return Stm32Flash::storeToFlash(address, size, value);
    }

protected:
    const Lock& lockOf(Address) const override { return lock(1); } // PRGLOCK
    bool programming(Address) const override { return true; }
};

FlashLayout h7Layout(const char* timing, std::uint32_t acrReset) {
    static const auto apply7 = [](std::uint32_t acr, MachineServices& to) {
        to.setMemory("stm32h7_flash", {acr & 0xF, false, false, false});
    };
    static const auto applyA3 = [](std::uint32_t acr, MachineServices& to) {
        to.setMemory("stm32h7a3_flash", {acr & 0xF, false, false, false});
    };
    FlashLayout layout;
    layout.rows = {{0x00, "ACR", acrReset, 0x3F},
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
                   {0x114, "CCR2"}};
    layout.locks = {
        {0x04, 0x0C, 0, kKey1, kKey2}, {0x104, 0x10C, 0, kKey1, kKey2}, {0x08, 0x18, 0, kOptKey1, kOptKey2}};
    layout.apply = std::string_view(timing) == "stm32h7_flash" ? +apply7 : +applyA3;
    return layout;
}

class Stm32H7Flash final : public Stm32Flash {
public:
    Stm32H7Flash(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Flash(desc, services, h7Layout("stm32h7_flash", 0x37)) {}

protected:
    void control(std::uint32_t offset, std::uint32_t) override {
        if ((offset == 0x0C || offset == 0x10C) && bit(offset, 7) &&
            bit(offset, 2)) { // START with SER: sectors of 128 KB (RM0399 4.3.6)
            erase(0x08000000 + (offset == 0x10C ? 0x100000U : 0U) + field(offset, 8, 3) * 0x20000, 0x20000);
            clearBits(offset, 1U << 7);
        }
    }
    const Lock& lockOf(Address address) const override { return lock(address < kBank2 ? 0 : 1); }
    bool programming(Address address) const override { return bit(lockOf(address).cr, 1); }
};

class Stm32H7A3Flash final : public Stm32Flash {
public:
    Stm32H7A3Flash(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Stm32Flash(desc, services, h7Layout("stm32h7a3_flash", 0x13)) {}

protected:
    void control(std::uint32_t offset, std::uint32_t) override {
        if ((offset == 0x0C || offset == 0x10C) && bit(offset, 5) &&
            bit(offset, 2)) { // START with SER: sectors of 8 KB (RM0455 4.3.6)
            erase(0x08000000 + (offset == 0x10C ? 0x100000U : 0U) + field(offset, 6, 7) * 0x2000, 0x2000);
            clearBits(offset, 1U << 5);
        }
    }
    const Lock& lockOf(Address address) const override { return lock(address < kBank2 ? 0 : 1); }
    bool programming(Address address) const override { return bit(lockOf(address).cr, 1); }
};

} // namespace

std::span<const PeripheralMaker> stm32FlashMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32l4_flash", "wait states, caches, prefetch, unlock keys, page erase", makeDevice<Stm32L4Flash>},
        {"stm32g0_flash", "wait states, cache, prefetch, unlock keys, page erase", makeDevice<Stm32G0Flash>},
        {"stm32f4_flash", "wait states, caches, prefetch, unlock keys, sector erase", makeDevice<Stm32F4Flash>},
        {"stm32f7_flash", "wait states, ART, prefetch, unlock keys, sector erase", makeDevice<Stm32F7Flash>},
        {"stm32l0_flash", "wait states, buffers, prefetch, unlock keys", makeDevice<Stm32L0Flash>},
        {"stm32h7_flash", "wait states, unlock keys, sector erase", makeDevice<Stm32H7Flash>},
        {"stm32h7a3_flash", "wait states, unlock keys, sector erase", makeDevice<Stm32H7A3Flash>},
    };
    return kMakers;
}

} // namespace simprof
