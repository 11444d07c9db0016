// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/overlay_edits.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace simprof {
namespace {

/// Of a tensor of bytes, 1 x height x width x depth.
struct Image {
    std::size_t height = 0;
    std::size_t width = 0;
    std::size_t depth = 0;
};

std::optional<Image> imageOf(const TensorLife& tensor) {
    const std::vector<std::int32_t>& shape = tensor.shape;
    if (shape.size() != 4 || shape[0] != 1 || std::ranges::any_of(shape, [](std::int32_t n) { return n <= 0; })) {
        return std::nullopt;
    }
    const auto at = [&shape](std::size_t i) { return static_cast<std::size_t>(shape[i]); };
    const Image image{at(1), at(2), at(3)};
    const bool isBytes = tensor.sizeBytes % image.depth == 0 && tensor.sizeBytes / image.depth % image.width == 0 &&
                         tensor.sizeBytes / image.depth / image.width == image.height;
    return isBytes ? std::optional(image) : std::nullopt;
}

/// A run that is being changed.
class Editor {
public:
    Editor(const Profile& profile, const TensorProblem& tensors, const OverlayProblem& overlay)
        : m_profile(profile)
        , m_edited{"", {}, tensors, overlay}
        , m_isGone(overlay.buffers.size()) {}

    void foldPads() {
        for (const LayerInfo& layer : m_profile.layers) {
            const auto pair = layer.op == "PAD" ? onlyInput(layer.id) : std::nullopt;
            if (pair && fold(pair->first, pair->second)) {
                m_edited.layers.push_back(layer.id);
            }
        }
    }

    void callPerRow() {
        for (const LayerInfo& layer : m_profile.layers) {
            const auto pair = layer.op == "CONV_2D" ? onlyInput(layer.id) : std::nullopt;
            if (pair && layer.macs > 0 && callPerRow(pair->first, pair->second, layer.macs)) {
                m_edited.layers.push_back(layer.id);
            }
        }
    }

    bool hasChanged() const { return !m_edited.layers.empty(); }

    EditedProblem take(std::string what) {
        m_edited.what = std::move(what);
        std::size_t kept = 0;
        for (std::size_t i = 0; i < m_isGone.size(); ++i) {
            if (!m_isGone[i]) {
                m_edited.tensors.problem.buffers[kept] = m_edited.tensors.problem.buffers[i];
                m_edited.tensors.offsets[kept] = m_edited.tensors.offsets[i];
                std::swap(m_edited.overlay.buffers[kept++], m_edited.overlay.buffers[i]);
            }
        }
        m_edited.tensors.problem.buffers.resize(kept);
        m_edited.tensors.offsets.resize(kept);
        m_edited.overlay.buffers.resize(kept);
        std::ranges::sort(m_edited.layers);
        return std::move(m_edited);
    }

private:
    const TensorLife& tensor(std::size_t buffer) const {
        return m_profile.memory.tensors[m_edited.overlay.buffers[buffer].id];
    }
    std::vector<ByteSpan>& bytes(std::size_t buffer) { return m_edited.overlay.buffers[buffer].bytes; }

    /// The tensor that only this layer reads, and the one it writes, by place in the problem; nothing when there are
    /// none or several.
    std::optional<std::pair<std::size_t, std::size_t>> onlyInput(std::int32_t layer) const {
        std::vector<std::size_t> inputs;
        std::vector<std::size_t> outputs;
        for (std::size_t i = 0; i < m_isGone.size(); ++i) {
            const TensorLife& candidate = tensor(i);
            const bool isTensor = candidate.kind != TensorKind::Scratch && candidate.kind != TensorKind::State;
            if (isTensor && candidate.readers == std::vector{layer}) {
                inputs.push_back(i);
            }
            if (isTensor && candidate.writer == layer) {
                outputs.push_back(i);
            }
        }
        if (inputs.size() != 1 || outputs.size() != 1 || m_isGone[inputs[0]] || m_isGone[outputs[0]]) {
            return std::nullopt;
        }
        return std::pair(inputs[0], outputs[0]);
    }

    bool fold(std::size_t input, std::size_t padded) {
        const auto from = imageOf(tensor(input));
        const auto to = imageOf(tensor(padded));
        if (!from || !to || from->depth != to->depth || from->height > to->height || from->width > to->width ||
            tensor(padded).kind != TensorKind::Tensor) {
            return false;
        }
        // An odd row or column more is behind the image, as in TensorFlow's padding SAME.
        const std::size_t top = (to->height - from->height) / 2;
        const std::size_t left = (to->width - from->width) / 2;
        for (std::size_t y = 0; y < from->height; ++y) {
            for (std::size_t at = 0; at < from->width * from->depth; ++at) {
                const ByteSpan& copy = bytes(padded)[((y + top) * to->width + left) * to->depth + at];
                ByteSpan& byte = bytes(input)[y * from->width * from->depth + at];
                if (copy.isNeeded()) {
                    byte = {byte.isNeeded() ? byte.first : copy.first, copy.last};
                }
            }
        }
        PlannedBuffer& lives = m_edited.tensors.problem.buffers[input];
        lives.upper = std::max(lives.upper, m_edited.tensors.problem.buffers[padded].upper);
        m_isGone[padded] = true;
        return true;
    }

    bool callPerRow(std::size_t input, std::size_t output, std::uint64_t macs) {
        const auto from = imageOf(tensor(input));
        const auto to = imageOf(tensor(output));
        const bool isPixel = from && to && from->height == to->height && from->width == to->width &&
                             macs == tensor(input).sizeBytes * to->depth;
        if (!isPixel) {
            return false;
        }
        // Rows take turns between the first byte of the output and the last use of the input.
        std::uint32_t begin = ~0U;
        std::uint32_t end = 0;
        for (const ByteSpan& byte : bytes(output)) {
            begin = byte.isNeeded() ? std::min(begin, byte.first) : begin;
            end = byte.isNeeded() ? std::max(end, byte.first) : end;
        }
        for (const ByteSpan& byte : bytes(input)) {
            end = byte.isNeeded() ? std::max(end, byte.last) : end;
        }
        if (begin >= end || end - begin < 2 * to->height) {
            return false;
        }
        const auto turn = [&](std::size_t row) {
            return begin + static_cast<std::uint32_t>(std::uint64_t{end - begin} * row / to->height);
        };
        for (std::size_t row = 0; row < to->height; ++row) {
            for (std::size_t i = 0; i < from->width * from->depth; ++i) {
                ByteSpan& byte = bytes(input)[row * from->width * from->depth + i];
                byte.last = byte.isNeeded() ? std::max(byte.first, turn(row + 1) - 1) : byte.last;
            }
            for (std::size_t i = 0; i < to->width * to->depth; ++i) {
                ByteSpan& byte = bytes(output)[row * to->width * to->depth + i];
                byte.first = byte.isNeeded() ? std::min(turn(row), byte.last) : byte.first;
            }
        }
        return true;
    }

    const Profile& m_profile;
    EditedProblem m_edited;
    std::vector<bool> m_isGone;
};

} // namespace

std::vector<EditedProblem> editedProblems(const Profile& profile, const TensorProblem& tensors,
                                          const OverlayProblem& overlay) {
    constexpr const char* kFolded = "PAD folded into the operator behind it";
    constexpr const char* kPerRow = "1x1 CONV_2D called once an image row";
    Editor folded(profile, tensors, overlay);
    folded.foldPads();
    Editor perRow(profile, tensors, overlay);
    perRow.callPerRow();
    std::vector<EditedProblem> edited;
    if (folded.hasChanged() && perRow.hasChanged()) {
        Editor both(profile, tensors, overlay);
        both.foldPads();
        both.callPerRow();
        edited.push_back(both.take(std::string(kFolded) + ", " + kPerRow));
    }
    if (perRow.hasChanged()) {
        edited.insert(edited.begin(), perRow.take(kPerRow));
    }
    if (folded.hasChanged()) {
        edited.insert(edited.begin(), folded.take(kFolded));
    }
    return edited;
}

} // namespace simprof
