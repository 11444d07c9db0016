// SPDX-License-Identifier: GPL-2.0-or-later
/// What the flash interfaces of all STM32 share: access control, locks and their keys, stores, erasing.
#pragma once
#include "peripherals/register_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace simprof {

/// A key register, the lock bit it clears, and its two keys.
struct FlashLock {
    std::uint32_t keyr;
    std::uint32_t cr;
    unsigned lockBit;
    std::uint32_t key1, key2;
};

/// Sectors or pages of one size that lie behind each other.
struct FlashSectors {
    std::uint32_t count; ///< the last row of a table holds for all that follow
    std::uint32_t bytes;
};

/// How the control registers erase, and what.
struct FlashErase {
    std::vector<std::uint32_t> registers; ///< control register of each bank
    unsigned startBit;
    unsigned sectorBit;              ///< sector or page erase is selected
    unsigned numberLow, numberWidth; ///< field with the sector's number in its bank
    std::vector<FlashSectors> sectors;
    std::uint32_t bankBytes = 0;
    std::optional<unsigned> bankBit = {}; ///< selects the second bank in the only control register
};

/// What differs between families.
struct FlashLayout {
    std::vector<RegisterRow> rows;
    std::vector<FlashLock> locks;
    /// What ACR means for each memory-timing row.
    void (*apply)(std::uint32_t acr, MachineServices& services);
    /// ACR bits that only trigger something (cache resets), cleared after use.
    std::uint32_t acrPulses = 0;
    std::optional<FlashErase> erase = {};
    std::uint8_t erased = 0xFF;                  ///< what an erased byte reads
    std::optional<unsigned> programmingBit = 0U; ///< PG in the control register of the bank; without one always on
    std::size_t programmingLock = 0;             ///< the lock that guards programming, of the first bank
    std::optional<Address> secondBank = {};      ///< where the bank begins that the next lock guards
};

/// A flash interface as the core and its programming algorithms see it.
class Stm32Flash : public RegisterFile, public FlashController {
public:
    Stm32Flash(const PeripheralDesc& desc, MachineServices& services, FlashLayout layout)
        : RegisterFile(desc, services, layout.rows)
        , m_layout(std::move(layout)) {
        m_steps.assign(m_layout.locks.size(), 0);
    }

    /// Programming changes bits of erased flash at once; a store that the interface refuses is a fault of the core.
    bool storeToFlash(Address address, unsigned size, std::uint32_t value) override {
        if (!inMainFlash(address)) {
            return false;
        }
        if (locked(m_layout.locks[lockOf(address)])) {
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
    static bool inMainFlash(Address address) {
        constexpr std::uint32_t kMostFlash = 0x200000;
        return address >= kMainFlash && address - kMainFlash < kMostFlash;
    }

    void onReset() override {
        std::ranges::fill(m_steps, 0);
        m_layout.apply(value(0), services());
    }

    void onWrite(std::uint32_t offset, std::uint32_t value, std::uint32_t lanes) override {
        for (std::size_t index = 0; index < m_layout.locks.size(); ++index) {
            const FlashLock& lock = m_layout.locks[index];
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
        for (const FlashLock& lock : m_layout.locks) { // software only sets a lock, the keys open it
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
        eraseIfAsked(offset);
    }

    /// What of a new ACR the interface obeys.
    virtual std::uint32_t inForce(std::uint32_t before, std::uint32_t acr) {
        (void)before;
        return acr;
    }

    /// Fills [begin, begin + size) of the flash with the erased state.
    void erase(Address begin, std::uint32_t size) {
        const std::vector<std::byte> blank(size, std::byte{m_layout.erased});
        if (!services().program(begin, blank)) {
            services().reportEvent(name() + ": erase outside the flash");
        }
    }

private:
    static constexpr Address kMainFlash = 0x08000000;

    std::size_t lockOf(Address address) const {
        return m_layout.programmingLock + (m_layout.secondBank && address >= *m_layout.secondBank ? 1 : 0);
    }
    bool programming(Address address) const {
        return !m_layout.programmingBit || bit(m_layout.locks[lockOf(address)].cr, *m_layout.programmingBit);
    }

    void eraseIfAsked(std::uint32_t offset) {
        if (!m_layout.erase) {
            return;
        }
        const FlashErase& how = *m_layout.erase;
        const auto bank = std::ranges::find(how.registers, offset);
        if (bank == how.registers.end() || !bit(offset, how.startBit) || !bit(offset, how.sectorBit)) {
            return;
        }
        const bool isSecond = bank != how.registers.begin() || (how.bankBit && bit(offset, *how.bankBit));
        Address begin = kMainFlash + (isSecond ? how.bankBytes : 0);
        std::uint32_t number = field(offset, how.numberLow, how.numberWidth);
        auto run = how.sectors.begin();
        for (; run + 1 != how.sectors.end() && number >= run->count; ++run) {
            begin += run->count * run->bytes;
            number -= run->count;
        }
        erase(begin + number * run->bytes, run->bytes);
        clearBits(offset, 1U << how.startBit);
    }

    bool locked(const FlashLock& lock) const { return bit(lock.cr, lock.lockBit); }

    void enterKey(const FlashLock& lock, unsigned& step, std::uint32_t key) {
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

} // namespace simprof
