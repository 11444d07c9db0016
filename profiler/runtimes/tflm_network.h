// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/memory_log.h"
#include "profiler/collect/recogniser.h"
#include "profiler/network/network.h"
#include "sim_core/memory/address_space.h"

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

namespace simprof {

/// One flatbuffer as TensorFlow Lite Micro uses it: its nodes, found by their inputs, and its table of tensors.
class TflmNetwork {
public:
    /// Both must outlive it.
    TflmNetwork(const NetworkImage& image, const AddressSpace& memory);
    const Network& network() const { return m_image.network; }
    /// The operator of the node at `node`, whose first word is `inputs`: by its inputs vector or, for one that has
    /// none, by its place among the nodes that were seen, which lie in a row.
    std::optional<std::uint16_t> operatorOf(Address node, std::uint32_t inputs);
    /// Where its tensors are and how much memory they took, as far as the runtime has said by now.
    TensorTable tensors() const;
    /// Does any tensor that is computed have an address by now? True also where there is no table to tell.
    bool isPlaced() const;
    /// Did operators hand data to each other in the inference that `log` is of, with the tensors at `table`? True also
    /// where nothing can tell.
    bool computed(const MemoryLog& log, const TensorTable& table) const;
    Evidence evidence() const;
    /// What its tensors need at least and what the allocator had for them, when it gave them no place.
    void explainShortage(Evidence& evidence) const;

private:
    Bytes leastPlanned() const;
    bool runsFromCopy(std::uint32_t inputs);
    std::optional<std::uint16_t> byInputs(std::uint32_t inputs);
    std::optional<std::uint16_t> byPlace(Address node) const;
    bool isTable(const Subgraph& graph, Address first) const;
    std::optional<Address> findTable(const Subgraph& graph) const;
    TensorTable readTable() const;

    const NetworkImage& m_image;
    const AddressSpace& m_memory;
    Address m_base;                                               ///< of the flatbuffer that runs
    std::unordered_map<std::uint32_t, std::uint16_t> m_operators; ///< offset of the inputs vector in it -> operator
    std::vector<std::uint16_t> m_withoutInputs;                   ///< operators that are called with no inputs vector
    std::map<std::uint16_t, Address> m_nodes; ///< of operators, where they were last; only if some are without inputs
};

} // namespace simprof
