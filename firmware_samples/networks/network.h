// SPDX-License-Identifier: GPL-2.0-or-later
// The one network of a firmware image, interpreted or compiled ahead of time: whichever is linked.
#pragma once

#include <cstddef>
#include <cstdint>

namespace simprof::networks {

/// Where a network takes and leaves its bytes: real = scale * (q - zeroPoint).
struct NetworkEnds {
    std::int8_t* input;
    std::size_t inputBytes;
    float inputScale;
    std::int32_t inputZeroPoint;
    const std::int8_t* output;
    std::size_t outputBytes;
    float outputScale;
    std::int32_t outputZeroPoint;
};

/// What is wrong with a network; `what` is null when all is well.
struct Failure {
    const char* what;
    std::int32_t operatorIndex;
};

/// Makes the network ready to run and says where its ends are.
Failure networkPrepare(NetworkEnds& ends);

/// One inference. It may overwrite the input.
Failure networkInvoke();

} // namespace simprof::networks
