// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/advice/remedies.h"

#include "peripherals/mcus/wait_states.h"
#include "profiler/text/names.h"
#include "profiler/text/numbers.h"
#include "profiler/what_if/memories.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof {

namespace {

constexpr std::size_t kMostFunctions = 8;
constexpr std::size_t kMostLayers = 6;
constexpr double kWorthTrying = 0.01; ///< share of the run's cycles

bool isSlow(const MemoryDesc* memory) {
    return memory != nullptr && (memory->kind == MemoryKind::Flash || memory->kind == MemoryKind::Xip);
}

bool has(const McuDesc& mcu, MemoryKind kind) { return std::ranges::count(mcu.memories, kind, &MemoryDesc::kind) != 0; }

class RemedyList {
public:
    explicit RemedyList(FirmwareRun& run)
        : m_profile(run.plain())
        , m_symbols(run.symbols())
        , m_mcu(*run.board().mcu)
        , m_limit(kWorthTrying * static_cast<double>(m_profile.totals.cycles)) {}

    std::vector<Remedy> make() {
        functions();
        weights();
        data();
        settings();
        return std::move(m_made);
    }

private:
    /// Tightly coupled memory first.
    std::vector<std::string> forCode() const {
        return has(m_mcu, MemoryKind::Itcm) ? std::vector<std::string>{"itcm"} : std::vector<std::string>{"sram"};
    }
    std::vector<std::string> forData() const {
        return has(m_mcu, MemoryKind::Dtcm) ? std::vector<std::string>{"dtcm", "sram"}
                                            : std::vector<std::string>{"sram"};
    }

    void functions() {
        std::size_t count = 0;
        for (const FunctionInfo& function : m_profile.functions) { // most cycles first
            const Symbol* symbol = m_symbols.functionAt(function.address);
            if (count == kMostFunctions || static_cast<double>(function.selfCycles) < m_limit) {
                break;
            }
            if (symbol == nullptr || symbol->discovered || !isSlow(memoryAt(m_mcu, symbol->begin)) ||
                function.stalls[static_cast<std::size_t>(Stall::Fetch)] == 0) {
                continue;
            }
            ++count;
            m_made.push_back(
                {"run " + shortName(symbol->name, Short::ScopedFunction), "function " + symbol->name,
                 "fn:" + symbol->rawName, forCode(),
                 fmt::format(
                     "in the linker script, in front of .text: .fast_code : {{ *(.text.{}) }} > {{}} AT > FLASH; "
                     "let start-up copy it from LOADADDR(.fast_code), as it does .data",
                     symbol->rawName)});
        }
    }

    void weights() {
        const auto waits = [](const LayerInfo& layer) {
            return layer.stalls[static_cast<std::size_t>(Stall::CacheMiss)];
        };
        std::vector<const LayerInfo*> layers;
        for (const LayerInfo& layer : m_profile.layers) {
            if (layer.flashReadBytes != 0 && waits(layer) != 0) {
                layers.push_back(&layer);
            }
        }
        if (layers.empty()) {
            return;
        }
        const std::string how =
            "copy them into an array in {} before the runtime is prepared, and give it that; an array "
            "that is not const is copied by start-up";
        m_made.push_back({"all weights", "network", "weights", forData(), how});
        std::ranges::stable_sort(layers, std::greater(), [&](const LayerInfo* layer) { return waits(*layer); });
        layers.resize(std::min(layers.size(), kMostLayers));
        for (const LayerInfo* layer : layers) {
            m_made.push_back(
                {"weights of " + layerTitle(layer->id, layer->op, shortName(layer->name, Short::TensorEnd)),
                 fmt::format("layer {}", layer->id), fmt::format("weights:{}", layer->id), forData(), how, true});
        }
    }

    void data() {
        if (!has(m_mcu, MemoryKind::Dtcm)) {
            return;
        }
        const auto isTcm = [this](Address address) {
            const MemoryDesc* memory = memoryAt(m_mcu, address);
            return memory == nullptr || memory->kind == MemoryKind::Dtcm;
        };
        if (m_profile.memory.arena && !isTcm(m_profile.memory.arena->base)) {
            m_made.push_back(
                {"the arena",
                 "arena",
                 "arena",
                 {"dtcm"},
                 "give its array __attribute__((section(\".dtcm\"))), and in the linker script .dtcm (NOLOAD) "
                 ": { *(.dtcm) } > {}"});
        }
        if (m_profile.memory.stack.top != 0 && !isTcm(m_profile.memory.stack.top - 4)) {
            m_made.push_back({"the stack",
                              "stack",
                              "stack",
                              {"dtcm"},
                              "let the first word of the vector table (_estack) be the end of {}"});
        }
    }

    void setting(const std::string& title, const std::string& whatIf, const std::string& how) {
        m_made.push_back({title, "board", "", {whatIf}, how});
    }

    void settings() {
        const bool l1 = m_mcu.core.kind->hasL1();
        setting("instruction cache on", "icache=on", l1 ? "SCB_EnableICache();" : "FLASH->ACR |= FLASH_ACR_ICEN;");
        setting("data cache on", "dcache=on",
                l1 ? "SCB_EnableDCache(); buffers of DMA then need to be cleaned and invalidated"
                   : "FLASH->ACR |= FLASH_ACR_DCEN;");
        setting("prefetch on", "prefetch=on", "FLASH->ACR |= FLASH_ACR_PRFTEN;");
        setting("prefetch off", "prefetch=off", "FLASH->ACR &= ~FLASH_ACR_PRFTEN;");
        if (const auto waits = waitStatesAt(m_mcu, m_profile.board.clockHz)) {
            setting(fmt::format("{} wait states, as the manual asks for at {}", *waits,
                                humanFrequency(m_profile.board.clockHz)),
                    fmt::format("wait-states={}", *waits),
                    fmt::format("set LATENCY of FLASH->ACR to {} ({})", *waits, waitStateRow(m_mcu)->source));
        }
        if (m_mcu.maxClock > m_profile.board.clockHz) {
            setting(fmt::format("the core at {}", humanFrequency(m_mcu.maxClock)),
                    fmt::format("clock={}", m_mcu.maxClock),
                    fmt::format("program the PLL for {}, the wait states before it", humanFrequency(m_mcu.maxClock)));
        }
    }

    const Profile& m_profile;
    const SymbolTable& m_symbols;
    const McuDesc& m_mcu;
    double m_limit; ///< cycles
    std::vector<Remedy> m_made;
};

} // namespace

std::vector<Remedy> remediesOf(FirmwareRun& run) { return RemedyList(run).make(); }

} // namespace simprof
