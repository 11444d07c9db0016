// SPDX-License-Identifier: GPL-2.0-or-later
// The part of a sliding window that lies on the image, worked out once per row and column of the output.
#pragma once

#include "runtime/kernels/kernels.h"

namespace simprof::runtime {

/// Taps [first, last) of a window along one axis, and the input position of tap `first`.
struct TapRange {
    std::int32_t first;
    std::int32_t last;
    std::int32_t position;
};

inline TapRange tapsOnImage(std::int32_t origin, std::int32_t size, std::int32_t taps, std::int32_t dilation) {
    TapRange range{0, taps, origin};
    if (dilation == 1) { // the usual case, without a division
        if (origin < 0) {
            range.first = -origin;
            range.position = 0;
        }
        if (origin + taps > size) {
            range.last = size - origin;
        }
    } else {
        if (origin < 0) {
            range.first = (-origin + dilation - 1) / dilation;
            range.position = origin + range.first * dilation;
        }
        if (origin + (taps - 1) * dilation >= size) {
            range.last = (size - origin + dilation - 1) / dilation;
        }
    }
    return range;
}

inline TapRange tapRows(const Window& window, std::int32_t outputRow) {
    return tapsOnImage(outputRow * window.strideHeight - window.padTop, window.inputHeight, window.kernelHeight,
                       window.dilationHeight);
}

inline TapRange tapColumns(const Window& window, std::int32_t outputColumn) {
    return tapsOnImage(outputColumn * window.strideWidth - window.padLeft, window.inputWidth, window.kernelWidth,
                       window.dilationWidth);
}

/// Turns accumulators into output bytes. A copy of what it needs: a kernel's output bytes may alias its parameters, so
/// the compiler would load them again for each.
class Requantizer {
public:
    template<typename Params>
    explicit Requantizer(const Params& params)
        : m_fractions(params.fractions)
        , m_shifts(params.shifts)
        , m_offset(params.outputOffset)
        , m_range(params.range) {}

    std::int8_t operator()(std::int32_t sum, std::int32_t channel) const {
        return static_cast<std::int8_t>(clamp(
            multiplyByQuantized(sum, m_fractions[channel], m_shifts[channel]) + m_offset, m_range.low, m_range.high));
    }

private:
    const std::int32_t* m_fractions;
    const std::int32_t* m_shifts;
    std::int32_t m_offset;
    ClampRange m_range;
};

} // namespace simprof::runtime
