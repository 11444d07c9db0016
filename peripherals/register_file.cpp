// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/register_file.h"

#include "peripherals/clock_tree.h"

#include <algorithm>
#include <cassert>
#include <mutex>
#include <utility>

namespace simprof {

/// Counts the raised lines of each interrupt of one machine; the NVIC sees their OR.
class IrqMixer {
public:
    explicit IrqMixer(MachineServices& services)
        : m_services(services) {}

    void change(int irq, bool level) {
        int& raised = m_raised[irq];
        raised += level ? 1 : -1;
        assert(raised >= 0);
        if (raised == (level ? 1 : 0)) {
            m_services.setIrq(irq, level);
        }
    }

    /// The mixer of this machine; one exists as long as a line of the machine does.
    static std::shared_ptr<IrqMixer> of(MachineServices& services) {
        static std::mutex mutex;
        static std::map<MachineServices*, std::weak_ptr<IrqMixer>> mixers;
        const std::lock_guard lock(mutex);
        std::erase_if(mixers, [](const auto& entry) { return entry.second.expired(); });
        auto& slot = mixers[&services];
        auto mixer = slot.lock();
        if (!mixer) {
            mixer = std::make_shared<IrqMixer>(services);
            slot = mixer;
        }
        return mixer;
    }

private:
    MachineServices& m_services;
    std::map<int, int> m_raised;
};

IrqLine::IrqLine(MachineServices& services, std::optional<int> irq)
    : m_services(&services)
    , m_irq(irq && *irq >= 0 ? irq : std::nullopt) {
    if (m_irq) {
        m_mixer = IrqMixer::of(services);
    }
}

IrqLine::~IrqLine() = default;
IrqLine::IrqLine(IrqLine&&) noexcept = default;
IrqLine& IrqLine::operator=(IrqLine&&) noexcept = default;

void IrqLine::set(bool level) {
    if (!m_irq || level == m_level) {
        return;
    }
    m_level = level;
    m_mixer->change(*m_irq, level);
}

void IrqLine::pulse() {
    if (m_irq) {
        m_services->pulseIrq(*m_irq);
    }
}

RegisterFile::RegisterFile(const PeripheralDesc& desc, MachineServices& services, std::vector<RegisterRow> rows)
    : m_desc(desc)
    , m_services(services)
    , m_clockLine(option("clock"))
    , m_rows(std::move(rows)) {
    std::ranges::sort(m_rows, {}, &RegisterRow::offset);
    const std::size_t words = m_rows.empty() ? 0 : m_rows.back().offset / 4 + 1;
    m_words.assign(words, 0);
    m_rowAt.assign(words, -1);
    for (std::size_t index = 0; index < m_rows.size(); ++index) {
        assert(m_rows[index].offset % 4 == 0);
        assert(m_rowAt[m_rows[index].offset / 4] < 0);
        m_rowAt[m_rows[index].offset / 4] = static_cast<std::int16_t>(index);
        m_words[m_rows[index].offset / 4] = m_rows[index].reset;
    }
}

const RegisterRow* RegisterFile::row(std::uint32_t offset) const {
    const std::size_t word = offset / 4;
    return word < m_rowAt.size() && m_rowAt[word] >= 0 ? &m_rows[static_cast<std::size_t>(m_rowAt[word])] : nullptr;
}

bool RegisterFile::models(std::uint32_t offset) const { return row(offset) != nullptr; }

std::string_view RegisterFile::registerName(std::uint32_t offset) const {
    const RegisterRow* found = row(offset);
    return found ? found->name : "";
}

std::uint32_t RegisterFile::value(std::uint32_t offset) const {
    if (row(offset)) {
        return m_words[offset / 4];
    }
    const std::uint32_t aligned = offset & ~3U;
    if (const auto other = m_others.find(aligned); other != m_others.end()) {
        return other->second;
    }
    const auto known = m_otherResets.find(aligned);
    return known == m_otherResets.end() ? 0 : known->second;
}

void RegisterFile::setValue(std::uint32_t offset, std::uint32_t value) {
    if (row(offset)) {
        m_words[offset / 4] = value;
    } else {
        m_others[offset & ~3U] = value;
    }
}

void RegisterFile::store(std::uint32_t offset, std::uint32_t value, std::uint32_t lanes) {
    const RegisterRow* known = row(offset);
    const std::uint32_t mask = lanes & (known ? known->writable : 0xFFFFFFFFU);
    setValue(offset, (this->value(offset) & ~mask) | (value & mask));
}

std::uint32_t RegisterFile::read(std::uint32_t offset, unsigned size) {
    const std::uint32_t word = onRead(offset & ~3U);
    const unsigned shift = 8 * (offset & 3U);
    return size == 4 ? word : (word >> shift) & ((1U << (8 * size)) - 1U);
}

void RegisterFile::write(std::uint32_t offset, unsigned size, std::uint32_t value) {
    const unsigned shift = 8 * (offset & 3U);
    const std::uint32_t lanes = size == 4 ? 0xFFFFFFFFU : ((1U << (8 * size)) - 1U) << shift;
    onWrite(offset & ~3U, (value << shift) & lanes, lanes);
}

void RegisterFile::reset() {
    for (const RegisterRow& entry : m_rows) {
        m_words[entry.offset / 4] = entry.reset;
    }
    m_others.clear();
    onReset();
}

void RegisterFile::setOtherResets(std::map<std::uint32_t, std::uint32_t> values) { m_otherResets = std::move(values); }

std::string RegisterFile::option(std::string_view key, std::string_view fallback) const {
    const auto found = m_desc.options.find(std::string(key));
    return found == m_desc.options.end() ? std::string(fallback) : found->second;
}

IrqLine RegisterFile::irqLine(std::string_view line) const {
    const auto found = m_desc.irqs.find(std::string(line));
    return IrqLine(m_services, found == m_desc.irqs.end() ? std::nullopt : std::optional<int>(found->second));
}

Hertz RegisterFile::inputClock() const {
    if (m_clockLine.empty()) {
        return m_services.coreClock();
    }
    if (m_clockTree == nullptr) {
        m_clockTree = clockTree(m_services);
    }
    return m_clockTree != nullptr ? m_clockTree->frequency(m_clockLine) : m_services.coreClock();
}

} // namespace simprof
