// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/model_match.h"

#include <algorithm>
#include <limits>

namespace simprof {

namespace {

/// Multiplying instructions for each multiply-accumulate, relative to those of the whole network: kernels differ in how
/// many they do at once, and requantising costs small layers more than large ones.
constexpr double kMostFactor = 8;
/// The same for a whole network: two at once by SIMD, or several by a floating-point library.
constexpr double kLeastPerMac = 0.2, kMostPerMac = 16;
constexpr double kLargeShare = 0.02; ///< of all multiplications: a layer that does more runs an operator
constexpr double kSkipped = 1;       ///< cost of a layer or operator without a partner; pairs that differ cost less

constexpr double kNever = std::numeric_limits<double>::infinity();

/// Finds the cheapest assignment in order, as two texts are compared.
class Alignment {
public:
    Alignment(std::span<const Tally> layers, std::uint64_t inferences, const Network& model)
        : m_layers(layers)
        , m_operators(model.operators)
        , m_cost((layers.size() + 1) * (m_operators.size() + 1), kNever) {
        std::uint64_t macs = 0;
        for (const NetworkOperator& op : m_operators) {
            macs += op.macs;
        }
        for (const Tally& layer : layers) {
            m_multiplies += static_cast<double>(layer.multiplies);
        }
        const double once = m_multiplies / static_cast<double>(std::max<std::uint64_t>(inferences, 1));
        const double perMac = macs == 0 ? 0 : once / static_cast<double>(macs);
        m_fits = perMac >= kLeastPerMac && perMac <= kMostPerMac;
        m_perMac = macs == 0 ? 0 : m_multiplies / static_cast<double>(macs);
    }

    std::vector<std::optional<std::size_t>> operators() {
        cost(0, 0) = 0;
        for (std::size_t i = 0; i <= m_layers.size(); ++i) {
            for (std::size_t j = 0; j <= m_operators.size(); ++j) {
                if (i > 0) {
                    cost(i, j) = std::min(cost(i, j), cost(i - 1, j) + skipLayer(i - 1));
                }
                if (j > 0) {
                    cost(i, j) = std::min(cost(i, j), cost(i, j - 1) + skipOperator(j - 1));
                }
                if (i > 0 && j > 0) {
                    cost(i, j) = std::min(cost(i, j), cost(i - 1, j - 1) + pair(i - 1, j - 1));
                }
            }
        }
        const bool fits = m_fits && cost(m_layers.size(), m_operators.size()) != kNever;
        return fits ? path() : std::vector<std::optional<std::size_t>>{};
    }

private:
    double& cost(std::size_t i, std::size_t j) { return m_cost[i * (m_operators.size() + 1) + j]; }

    double skipLayer(std::size_t i) const {
        return static_cast<double>(m_layers[i].multiplies) > kLargeShare * m_multiplies ? kNever : kSkipped;
    }
    double skipOperator(std::size_t j) const { return m_operators[j].macs != 0 ? kNever : kSkipped; }

    double pair(std::size_t i, std::size_t j) const {
        const auto macs = static_cast<double>(m_operators[j].macs), done = static_cast<double>(m_layers[i].multiplies);
        if (macs == 0) {
            return done > kLargeShare * m_multiplies ? kSkipped / 2 : kSkipped / 4;
        }
        const double factor = done / (macs * m_perMac);
        return factor > kMostFactor || factor * kMostFactor < 1 ? kNever : 0;
    }

    std::vector<std::optional<std::size_t>> path() {
        std::vector<std::optional<std::size_t>> result(m_layers.size());
        for (std::size_t i = m_layers.size(), j = m_operators.size(); i > 0;) {
            if (j > 0 && cost(i, j) == cost(i - 1, j - 1) + pair(i - 1, j - 1)) {
                result[--i] = --j;
            } else if (j > 0 && cost(i, j) == cost(i, j - 1) + skipOperator(j - 1)) {
                --j;
            } else {
                --i;
            }
        }
        return result;
    }

    std::span<const Tally> m_layers;
    const std::vector<NetworkOperator>& m_operators;
    std::vector<double> m_cost;
    double m_multiplies = 0;
    double m_perMac = 0; ///< multiplications of all inferences for each multiply-accumulate of one
    bool m_fits = false; ///< as a whole
};

} // namespace

std::vector<std::optional<std::size_t>> operatorsOf(std::span<const Tally> layers, std::uint64_t inferences,
                                                    const Network& model) {
    constexpr std::size_t kMost = 4096; // of either: more is no network that a microcontroller runs
    if (layers.size() > kMost || model.operators.size() > kMost) {
        return {};
    }
    return Alignment(layers, inferences, model).operators();
}

void describeOperator(LayerInfo& layer, const Network& network, std::size_t index) {
    const NetworkOperator& op = network.operators[index];
    const auto names = [&](const std::vector<std::int32_t>& indices) {
        std::vector<std::string> result;
        for (const std::int32_t tensor : indices) {
            if (tensor >= 0) {
                result.push_back(network.tensors[static_cast<std::size_t>(tensor)].name);
            }
        }
        return result;
    };
    layer.op = op.name;
    layer.inputs = names(op.inputs);
    layer.outputs = names(op.outputs);
    layer.macs = op.macs;
    if (!op.outputs.empty() && op.outputs.front() >= 0) {
        layer.shape = network.tensors[static_cast<std::size_t>(op.outputs.front())].shape;
        layer.name = network.tensors[static_cast<std::size_t>(op.outputs.front())].name;
    }
}

} // namespace simprof
