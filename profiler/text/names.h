// SPDX-License-Identifier: GPL-2.0-or-later
/// Names for people: the same short form in every report and in the window.
#pragma once
#include <cstdint>
#include <string>

namespace simprof {

/// What is kept of a name that has to be short.
enum class Short : std::uint8_t {
    Function,       ///< without parameters: "void a::run<b::C>(int)" -> "void a::run<b::C>"
    ScopedFunction, ///< also without return type, template arguments and anonymous namespaces: "a::run"
    BareFunction,   ///< without parameters, return type and scopes: "run<b::C>"
    Tensor,    ///< the first of the names a converter joined for a fused tensor: "a/b/Relu;a/b/BiasAdd" -> "a/b/Relu"
    TensorEnd, ///< the last two parts of that, which tell it from others: "b/Relu"
};

/// The name in that form; the whole name where nothing would be left.
std::string shortName(const std::string& name, Short form);

/// A layer as findings, diffs and gates call it: "layer 3 CONV_2D conv2d_1/Relu".
std::string layerTitle(std::int64_t id, const std::string& op, const std::string& name);

} // namespace simprof
