// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/analysis/live_bytes.h"
#include "profiler/profile.h"

#include <QString>

#include <optional>
#include <vector>

namespace simprof::gui {

/// A range of addresses that is shown; bands are stacked, the lowest address at the bottom.
struct MemoryBand {
    enum class Kind : std::uint8_t { Arena, Stack, Heap, Other };
    Kind kind = Kind::Arena;
    QString title;
    Address base = 0;
    Bytes sizeBytes = 0;
    double offset = 0; ///< where it begins on the axis of stacked bytes
};

/// A block in one of the shown states.
struct BlockPlace {
    double begin = 0; ///< cycles
    double end = 0;
    double low = 0; ///< on the axis of stacked bytes
    double high = 0;
};

/// What a block is, as far as its colour goes.
enum class BlockKind : std::uint8_t { Activation, InputOutput, Scratch, Persistent };
inline constexpr std::size_t kBlockKinds = 4;

/// The kind of TensorLife::kind.
BlockKind blockKind(TensorKind kind);

/// How blocks are shown.
enum class TetrisState : std::uint8_t {
    Measured, ///< from first write to last read
    Reserved, ///< as an allocator keeps them: whole layer steps, from the writer's first to the last reader's end
};

/// Live bytes from a cycle on, step by step, prepared for the greatest of any stretch.
class LiveCurve {
public:
    LiveCurve() = default;
    /// `steps` sorted by cycle.
    explicit LiveCurve(LiveSteps steps);

    const LiveSteps& steps() const { return m_steps; }
    bool empty() const { return m_steps.empty(); }
    /// The greatest of the steps [begin, end).
    Bytes most(std::size_t begin, std::size_t end) const;

private:
    static constexpr std::size_t kGroup = 64;
    LiveSteps m_steps;
    std::vector<Bytes> m_mostOfGroup;
};

/// Address against time: the blocks of ProfileMemory, ready to be painted.
class TetrisModel {
public:
    TetrisModel() = default;
    explicit TetrisModel(const Profile& profile);

    const std::vector<MemoryBand>& bands() const { return m_bands; }
    double heightBytes() const { return m_height; }
    double beginCycle() const { return m_begin; }
    double endCycle() const { return m_end; }
    std::size_t blockCount() const { return m_places[0].size(); }
    const BlockPlace& place(std::size_t block, TetrisState state) const {
        return m_places[static_cast<std::size_t>(state)][block];
    }
    BlockKind kind(std::size_t block) const { return m_kinds[block]; }
    /// Larger blocks come first when blocks are painted by rank, so that small ones on top of them stay visible.
    std::uint32_t rank(std::size_t block) const { return m_ranks[block]; }
    /// The axis value of an address, if a band holds it.
    std::optional<double> offsetOf(std::uint64_t address) const;
    /// The address at an axis value, and its band; nothing in the gaps.
    std::optional<Address> addressAt(double offset) const;
    const MemoryBand* bandAt(double offset) const;
    /// The smallest block at a point, or -1.
    int blockAt(double cycle, double offset, TetrisState state) const;
    /// liveParts, or empty when the profile knows no parts.
    const LiveCurve& byteCurve() const { return m_byteCurve; }
    Bytes bytePeak() const { return m_byteCurve.most(0, m_byteCurve.steps().size()); }
    /// Live bytes as the profile has them: whole blocks.
    const LiveCurve& liveCurve() const { return m_liveCurve; }
    /// Blocks that are alive somewhere in [begin, end), oldest first.
    void visible(double begin, double end, std::vector<std::uint32_t>& out) const;

private:
    static constexpr std::size_t kGroup = 64;
    void addBands(const Profile& profile);
    void addBlocks(const Profile& profile);

    std::vector<MemoryBand> m_bands;
    double m_height = 1;
    double m_begin = 0;
    double m_end = 1;
    LiveCurve m_liveCurve;
    LiveCurve m_byteCurve;
    std::vector<BlockPlace> m_places[2];
    std::vector<BlockKind> m_kinds;
    std::vector<std::uint32_t> m_ranks;
    std::vector<std::uint32_t> m_order; ///< blocks by first begin of any state
    std::vector<double> m_groupEnds;    ///< last end of each kGroup blocks of m_order
};

} // namespace simprof::gui
