// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>

namespace simprof {

/// What a function's name says about the operator it runs ("CONV_2D"); empty when it says nothing.
std::string operatorFromName(const std::string& name);

} // namespace simprof
