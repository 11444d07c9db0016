// SPDX-License-Identifier: GPL-2.0-or-later
// The STM32 request multiplexer DMAMUX (RM0432 13.6, RM0399 18.6).
#include "peripherals/dma/dma_engine.h"
#include "peripherals/dma/dma_request.h"
#include "peripherals/makers.h"
#include "peripherals/register_file.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace simprof {
namespace {

std::vector<RegisterRow> muxRows() {
    std::vector<RegisterRow> rows = {{0x80, "CSR", 0, 0},   {0x84, "CFR", 0, 0},   {0x100, "RG0CR"},
                                     {0x104, "RG1CR"},      {0x108, "RG2CR"},      {0x10C, "RG3CR"},
                                     {0x140, "RGSR", 0, 0}, {0x144, "RGCFR", 0, 0}};
    for (unsigned index = 0; index < 16; ++index) {
        rows.push_back({4 * index, "CxCR"});
    }
    return rows;
}

class Stm32DmaMux final : public RegisterFile, public DmaRequestSink, public DmaMux {
public:
    Stm32DmaMux(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : RegisterFile(desc, services, muxRows()) {
        for (const PeripheralDesc& other : board.mcu->peripherals) {
            const auto mux = other.options.find("mux");
            if (mux != other.options.end() && mux->second == desc.name) {
                const auto first = other.options.find("mux_first");
                m_controllers.emplace_back(
                    other.name, first == other.options.end() ? 0U : static_cast<unsigned>(std::stoul(first->second)));
            }
        }
    }

    void setRequest(unsigned id, bool level) override {
        m_levels[id] = level;
        for (unsigned index = 0; level && index < 16; ++index) {
            if ((value(4 * index) & 0xFF) == id) {
                notify(index);
            }
        }
    }
    bool requested(unsigned index) const override {
        const unsigned id = value(4 * index) & 0xFF;
        const auto level = m_levels.find(id);
        return id != 0 && level != m_levels.end() && level->second;
    }

protected:
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        store(offset, written, lanes);
        if (offset < 0x40) {
            notify(offset / 4);
        }
    }
    void onReset() override { m_levels.clear(); }

private:
    void notify(unsigned index) {
        for (const auto& [controller, first] : m_controllers) {
            if (index >= first) {
                if (auto* channels = dynamic_cast<DmaChannels*>(services().peripheral(controller))) {
                    channels->requestChanged(index - first);
                }
            }
        }
    }

    std::vector<std::pair<std::string, unsigned>> m_controllers;
    std::map<unsigned, bool> m_levels;
};

} // namespace

std::span<const PeripheralMaker> stm32DmaMuxMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32_dmamux", "routing of DMA requests", makeDevice<Stm32DmaMux>},
    };
    return kMakers;
}

} // namespace simprof
