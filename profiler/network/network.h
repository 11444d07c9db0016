// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim_core/units.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// A piece of a .tflite file: `bytes` bytes from byte `offset` of the file.
struct FileRange {
    std::uint32_t offset = 0;
    std::uint32_t bytes = 0;
};

/// One tensor of a network, as its .tflite file declares it.
struct NetworkTensor {
    std::string name;
    std::vector<std::int32_t> shape; ///< outermost dimension first; no entries for a scalar
    std::string type;                ///< element type in the file format's words, such as "INT8"
    std::uint64_t elements = 0;      ///< product of the shape
    std::uint64_t bytes = 0;         ///< size of the values when dense; 0 where elements have no fixed size (STRING)
    std::vector<float> scale;        ///< real = scale * (stored - zeroPoint); empty, one, or one per channel
    std::vector<std::int64_t> zeroPoint;
    std::int32_t quantizedDimension = 0; ///< index into shape that per-channel scales run along
    bool isVariable = false;             ///< keeps its value from one inference to the next
    std::optional<FileRange> constant;   ///< where the values are in the file; none: computed while running

    /// Byte offset in the file of the shape vector's length word, which is where a TensorFlow Lite Micro tensor's
    /// `dims` points; none when the file stores no shape.
    std::optional<std::uint32_t> shapeOffset;
};

/// One operator of a network, in the order of execution.
struct NetworkOperator {
    std::uint32_t index = 0;
    std::string name;                  ///< "CONV_2D"; a custom operator's own name
    std::int32_t builtinCode = 0;      ///< the file format's operator number; 32 is CUSTOM
    std::uint32_t subgraph = 0;        ///< in which it is listed
    std::uint32_t place = 0;           ///< there
    std::vector<std::uint32_t> bodies; ///< subgraphs that it may run, as IF, WHILE and CALL_ONCE do
    std::vector<std::int32_t> inputs;  ///< indices into Network::tensors; -1: an optional input that is not there
    std::vector<std::int32_t> outputs; ///< indices into Network::tensors
    std::uint64_t macs = 0;            ///< multiply-accumulates of convolutions and fully connected operators; else 0

    /// Byte offset in the file of the inputs vector's length word, which is where a TensorFlow Lite Micro node's
    /// `inputs` points (the first index is 4 bytes further); none when the file stores no inputs.
    std::optional<std::uint32_t> inputsOffset;
    std::optional<std::uint32_t> outputsOffset; ///< the same for the outputs vector
};

/// A list of operators with tensors of its own: the network, or what an operator of it may run.
struct Subgraph {
    std::uint32_t firstTensor = 0; ///< in Network::tensors, where they lie in a row
    std::uint32_t tensorCount = 0;
    std::vector<std::int32_t> inputs;    ///< indices into Network::tensors
    std::vector<std::int32_t> outputs;   ///< indices into Network::tensors
    std::optional<std::uint32_t> caller; ///< the first operator that may run it
};

/// What a .tflite file says.
struct Network {
    std::string description;
    std::vector<NetworkTensor> tensors;     ///< by subgraph
    std::vector<NetworkOperator> operators; ///< of the first subgraph; behind each the operators of what it may run
    std::vector<std::int32_t> inputs;       ///< of the first subgraph, indices into tensors
    std::vector<std::int32_t> outputs;      ///< likewise
    std::vector<Subgraph> subgraphs;        ///< the first one is the network
    std::uint32_t usedBytes = 0;            ///< up to the end of the last byte that belongs to the network
};

/// A network found in an image of flash memory.
struct NetworkImage {
    Address address = 0; ///< of the file's first byte
    Network network;
};

/// Reads a .tflite file (bytes after its end are ignored). Every offset, index and shape is checked before use;
/// throws Error when one of them is wrong.
Network readNetwork(std::span<const std::byte> file);

/// What has the marks of a network and is none.
struct DamagedNetwork {
    Address address = 0;
    std::string why;
};

/// All networks that stand completely in `flash`, whose first byte is at address `base`, in ascending order of address.
/// Damaged or truncated ones are passed over, and added to `damaged` where it is given; never throws for what the bytes
/// contain.
std::vector<NetworkImage> findNetworks(std::span<const std::byte> flash, Address base,
                                       std::vector<DamagedNetwork>* damaged = nullptr);

} // namespace simprof
