// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <span>
#include <string>

namespace simprof {

/// What a function's name says about the operator it runs ("CONV_2D"); empty when it says nothing.
std::string operatorFromName(const std::string& name);

/// The same of a layer: a recurrent operator when any function names one (its cell runs the kernels of others), else
/// what the layer's own name says, else the first of `functions` that names an operator which is no part of others.
std::string operatorFromNames(const std::string& layer, std::span<const std::string> functions);

} // namespace simprof
