// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <stdexcept>

namespace simprof {

/// Bad usage or bad input: one clear sentence that says what is wrong and what to do; caught once per front end (exit
/// code 2).
class Error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace simprof
