// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/sensors/sample_file.h"
#include "sim_core/peripheral.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace simprof {

/// Where a sensor's values come from; a sensor without samples is at rest.
class Measurements {
public:
    Measurements(const std::string& file, MachineServices& services)
        : m_services(services) {
        if (!file.empty()) {
            m_samples = readSamples(file);
        }
    }
    /// Goes on to the next measurement.
    void next() {
        m_row =
            m_samples ? &m_samples->row(static_cast<double>(m_services.nowNanoseconds()) * 1e-9, m_index++) : nullptr;
    }
    /// Its value in a column, by name or else by place.
    double value(const char* column, std::size_t place, double atRest) const {
        if (m_row == nullptr) {
            return atRest;
        }
        const auto named = std::ranges::find(m_samples->columns, column);
        const std::size_t index =
            named == m_samples->columns.end() ? place : static_cast<std::size_t>(named - m_samples->columns.begin());
        return index < m_row->size() ? (*m_row)[index] : atRest;
    }
    bool isFraction() const { return m_samples && m_samples->isFraction; }

private:
    MachineServices& m_services;
    std::optional<SampleFile> m_samples;
    const std::vector<double>* m_row = nullptr;
    std::size_t m_index = 0;
};

} // namespace simprof
