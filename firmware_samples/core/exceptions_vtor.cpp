// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/check.h"
#include "core/exceptions.h"
#include "core/handlers.h"
#include "core/trace.h"

extern "C" const std::uint32_t vectorTable[];
extern "C" const std::uint32_t vectorTableEnd[];

#ifdef CORE_HAS_VTOR
namespace {

// VTOR wants a multiple of the table's size rounded up to a power of two (Armv7-M ARM B1.5.3).
alignas(1024) std::uint32_t tableInRam[256];

void handlerInRamTable() { mark('R'); }

} // namespace
#endif

void checkVectorTable() {
#ifdef CORE_HAS_VTOR
    handlersReset();
    irqAction[0] = [] { mark('F'); };
    traceClear();
    pend(0);
    const std::uint32_t before = SCB_VTOR;
    const std::size_t words = static_cast<std::size_t>(vectorTableEnd - vectorTable);
    for (std::size_t word = 0; word < words; ++word) {
        tableInRam[word] = vectorTable[word];
    }
    tableInRam[16] = reinterpret_cast<std::uintptr_t>(handlerInRamTable);
    SCB_VTOR = reinterpret_cast<std::uintptr_t>(tableInRam);
    dataBarrier();
    pend(0);
    pend(1);
    expectEqual("vtor: reads back", SCB_VTOR, reinterpret_cast<std::uintptr_t>(tableInRam));
    SCB_VTOR = before;
    dataBarrier();
    pend(0);
    expectText("vtor: handlers from RAM, then from flash again", trace, "FRF");
    handlersReset();
#endif
}
