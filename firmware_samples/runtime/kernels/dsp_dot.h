// SPDX-License-Identifier: GPL-2.0-or-later
// Dot products with two 16-bit MACs an instruction. Inputs are widened once to 16 bits with their offset added; in each
// group of four they lie in the order 0 2 1 3, which is how SXTB16 takes the weights apart.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/kernels/dsp.h"

namespace simprof::runtime {

/// `count` rounded up to whole groups of four.
inline std::int32_t wholeGroups(std::int32_t count) { return (count + 3) & ~3; }

/// Bytes of a widened column of `count` elements.
inline std::size_t columnBytes(std::int32_t count) { return 2 * static_cast<std::size_t>(wholeGroups(count)); }

/// The first `count` (1...3) bytes as a word, the rest zero, without reading past them.
inline std::uint32_t loadRest(const std::int8_t* bytes, std::int32_t count) {
    std::uint32_t word = static_cast<std::uint8_t>(bytes[0]);
    if (count > 1) {
        word |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[1])) << 8;
    }
    if (count > 2) {
        word |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[2])) << 16;
    }
    return word;
}

/// Widens `count` bytes to a column whose groups lie `kStep` words apart, a missing rest of the last group as zeros;
/// returns where the next group would go.
template<int kStep>
inline std::uint32_t* widen(std::uint32_t* column, const std::int8_t* bytes, std::int32_t count, std::int32_t offset) {
    const std::uint32_t offsets = (static_cast<std::uint32_t>(offset) & 0xFFFFU) * 0x10001U;
    for (std::int32_t groups = count >> 2; groups > 0; --groups, bytes += 4, column += kStep) {
        const std::uint32_t word = loadWord(bytes);
        column[0] = addEven(offsets, word);
        column[1] = addOdd(offsets, word);
    }
    if ((count & 3) != 0) {
        const std::uint32_t zeros = (static_cast<std::uint32_t>(-offset) & 0xFFU) * 0x01010101U;
        const std::int32_t bits = 8 * (count & 3);
        const std::uint32_t word = (loadRest(bytes, count & 3) & ~(~0U << bits)) | (zeros << bits);
        column[0] = addEven(offsets, word);
        column[1] = addOdd(offsets, word);
        column += kStep;
    }
    return column;
}

/// Sums of kColumns columns (their groups interleaved, kStep words from one to the next) against kRows rows of weights.
template<int kColumns, int kRows, int kStep>
struct DotBlock {
    std::int32_t sums[kRows][kColumns];
    const std::uint32_t* columns;
    const std::int8_t* rows[kRows];

    /// Adds `count` products to each sum. A function of its own: the inner loop needs every register.
    [[gnu::noinline]] void run(std::int32_t count);
};

template<int kColumns, int kRows, int kStep>
void DotBlock<kColumns, kRows, kStep>::run(std::int32_t count) {
    std::int32_t sum[kRows][kColumns];
    const std::int8_t* row[kRows];
    const std::uint32_t* column = columns;
#pragma GCC unroll 2
    for (int r = 0; r < kRows; ++r) {
        row[r] = rows[r];
#pragma GCC unroll 2
        for (int c = 0; c < kColumns; ++c) {
            sum[r][c] = sums[r][c];
        }
    }
    const auto group = [&](int r, std::uint32_t weights) {
        const std::uint32_t even = extendEven(weights);
        const std::uint32_t odd = extendOdd(weights);
#pragma GCC unroll 2
        for (int c = 0; c < kColumns; ++c) {
            sum[r][c] = multiplyPairs(column[2 * c], even, sum[r][c]);
            sum[r][c] = multiplyPairs(column[2 * c + 1], odd, sum[r][c]);
        }
    };
    for (const std::int8_t* const end = row[0] + (count & ~3); row[0] != end; column += kStep) {
#pragma GCC unroll 2
        for (int r = 0; r < kRows; ++r) {
            group(r, loadWord(row[r]));
            row[r] += 4;
        }
    }
    if ((count & 3) != 0) { // the weights of the next row, or nothing, lie behind the last group
#pragma GCC unroll 2
        for (int r = 0; r < kRows; ++r) {
            group(r, loadRest(row[r], count & 3));
        }
    }
#pragma GCC unroll 2
    for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
        for (int c = 0; c < kColumns; ++c) {
            sums[r][c] = sum[r][c];
        }
    }
}

} // namespace simprof::runtime
