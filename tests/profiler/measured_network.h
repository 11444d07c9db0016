// SPDX-License-Identifier: GPL-2.0-or-later
/// Profiles of networks as kernels of known loops would leave them: each byte with its first and last access.
#pragma once
#include "profiler/analysis/byte_lives.h"
#include "profiler/profile.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace simprof::test {

/// Order of the loops of a convolution with a window of one pixel.
enum class Pointwise : std::uint8_t {
    PixelByPixel, ///< all channels of a pixel, as TensorFlow Lite's reference kernels
    ChannelPairs, ///< two channels of all pixels, then the next two, as CMSIS-NN's arm_nn_mat_mult_nt_t_s8
};

/// An inference, operator by operator; a tensor is named by its number.
class MeasuredNetwork {
public:
    using Tensor = std::size_t;

    explicit MeasuredNetwork(Pointwise pointwise)
        : m_pointwise(pointwise) {
        m_profile.networks.emplace_back();
    }

    Tensor input(int height, int width, int depth) {
        const Tensor made = add({height, width, depth}, -1);
        m_profile.memory.tensors[made].kind = TensorKind::Input;
        return made;
    }

    /// With padding SAME.
    Tensor conv(Tensor from, int window, int stride, int channels) {
        const Image in = m_images[from];
        const Tensor to =
            layer("CONV_2D", {from}, {(in.height + stride - 1) / stride, (in.width + stride - 1) / stride, channels});
        const Image out = m_images[to];
        m_profile.layers.back().macs = std::uint64_t(out.height) * out.width * channels * window * window * in.depth;
        if (window == 1 && m_pointwise == Pointwise::ChannelPairs) {
            const int pixels = out.height * out.width;
            for (int channel = 0; channel < channels; channel += 2) {
                for (int pixel = 0; pixel < pixels; ++pixel, m_now += 3) {
                    for (int c = 0; c < in.depth; ++c) {
                        read(from, pixel * in.depth + c, m_now);
                    }
                    write(to, pixel * channels + channel, m_now + 1);
                    write(to, pixel * channels + std::min(channel + 1, channels - 1), m_now + 2);
                }
            }
            return to;
        }
        forEachWindow(in, out, window, stride, true, [&](int pixel, auto&& pixelsIn) {
            pixelsIn([&](int seen) {
                for (int c = 0; c < in.depth; ++c) {
                    read(from, seen * in.depth + c, m_now + 2 * (static_cast<std::uint32_t>(channels) - 1));
                }
            });
            for (int channel = 0; channel < channels; ++channel, m_now += 2) {
                write(to, pixel * channels + channel, m_now + 1);
            }
        });
        return to;
    }

    /// Channel by channel of a pixel; with padding SAME, or VALID.
    Tensor depthwise(Tensor from, int stride, bool isSame) {
        const Image in = m_images[from];
        const int less = isSame ? 0 : 2;
        const Tensor to =
            layer("DEPTHWISE_CONV_2D", {from},
                  {(in.height - less + stride - 1) / stride, (in.width - less + stride - 1) / stride, in.depth});
        forEachWindow(in, m_images[to], 3, stride, isSame, [&](int pixel, auto&& pixelsIn) {
            for (int c = 0; c < in.depth; ++c, m_now += 2) {
                pixelsIn([&](int seen) { read(from, seen * in.depth + c, m_now); });
                write(to, pixel * in.depth + c, m_now + 1);
            }
        });
        return to;
    }

    /// One row above and one column on the left where the size is odd, one below and on the right always.
    Tensor pad(Tensor from) {
        const Image in = m_images[from];
        const int top = in.height % 2;
        const int left = in.width % 2;
        const Tensor to = layer("PAD", {from}, {in.height + top + 1, in.width + left + 1, in.depth});
        const Image out = m_images[to];
        for (int i = 0; i < out.height * out.width * out.depth; ++i, m_now += 2) {
            const int y = i / out.depth / out.width - top;
            const int x = i / out.depth % out.width - left;
            if (y >= 0 && y < in.height && x >= 0 && x < in.width) {
                read(from, (y * in.width + x) * in.depth + i % out.depth, m_now);
            }
            write(to, i, m_now + 1);
        }
        return to;
    }

    Tensor add(Tensor a, Tensor b) {
        const Tensor to = layer("ADD", {a, b}, m_images[a]);
        for (int i = 0; i < static_cast<int>(m_lives[to].size()); ++i, m_now += 3) {
            read(a, i, m_now);
            read(b, i, m_now + 1);
            write(to, i, m_now + 2);
        }
        return to;
    }

    /// Each output needs all of the input: MEAN over an image, FULLY_CONNECTED, SOFTMAX.
    Tensor dense(const char* op, Tensor from, int channels) {
        const Tensor to = layer(op, {from}, {1, 1, channels});
        for (int channel = 0; channel < channels; ++channel, m_now += 2) {
            for (int i = 0; i < static_cast<int>(m_lives[from].size()); ++i) {
                read(from, i, m_now);
            }
            write(to, channel, m_now + 1);
        }
        return to;
    }

    Profile profile(Tensor output) {
        m_profile.memory.tensors[output].kind = TensorKind::Output;
        for (ByteSpan& byte : m_lives[output]) {
            byte.last = m_now + 1;
        }
        Address address = 0x20000000; // one behind the other
        for (std::size_t i = 0; i < m_lives.size(); ++i) {
            TensorLife& tensor = m_profile.memory.tensors[i];
            tensor.address = address;
            address += static_cast<Address>((tensor.sizeBytes + 15) / 16 * 16);
            tensor.bornCycle = m_now + 1;
            for (const ByteSpan& byte : m_lives[i]) {
                tensor.bornCycle = std::min<Cycles>(tensor.bornCycle, byte.first);
                tensor.diedCycle = std::max<Cycles>(tensor.diedCycle, byte.last);
            }
            tensor.lives = codeLives(m_lives[i]);
        }
        return m_profile;
    }

private:
    struct Image {
        int height, width, depth;
    };

    Tensor add(Image image, std::int32_t writer) {
        TensorLife tensor;
        tensor.name = "tensor " + std::to_string(m_lives.size());
        tensor.shape = {1, image.height, image.width, image.depth};
        tensor.sizeBytes = Bytes(image.height) * image.width * image.depth;
        tensor.writer = writer;
        const ByteSpan fresh = writer < 0 ? ByteSpan{0, 0} : ByteSpan{};
        m_lives.emplace_back(tensor.sizeBytes, fresh);
        m_images.push_back(image);
        m_profile.memory.tensors.push_back(std::move(tensor));
        return m_lives.size() - 1;
    }

    Tensor layer(const char* op, const std::vector<Tensor>& inputs, Image output) {
        const auto id = static_cast<std::int32_t>(m_profile.layers.size());
        LayerInfo layer;
        layer.id = id;
        layer.op = op;
        layer.name = op + std::to_string(id);
        layer.kernel = "kernel of " + layer.name;
        m_profile.layers.push_back(layer);
        for (const Tensor input : inputs) {
            m_profile.memory.tensors[input].readers.push_back(id);
        }
        ++m_now;
        return add(output, id);
    }

    /// `body` gets each pixel of the output, and what calls a function for each pixel of the input in its window.
    template<class Body>
    void forEachWindow(Image in, Image out, int window, int stride, bool isSame, Body body) {
        const int top = isSame ? std::max(0, (out.height - 1) * stride + window - in.height) / 2 : 0;
        const int left = isSame ? std::max(0, (out.width - 1) * stride + window - in.width) / 2 : 0;
        for (int y = 0; y < out.height; ++y) {
            for (int x = 0; x < out.width; ++x) {
                body(y * out.width + x, [&](auto&& see) {
                    for (int v = std::max(0, y * stride - top); v < std::min(in.height, y * stride - top + window);
                         ++v) {
                        for (int u = std::max(0, x * stride - left); u < std::min(in.width, x * stride - left + window);
                             ++u) {
                            see(v * in.width + u);
                        }
                    }
                });
            }
        }
    }

    void read(Tensor tensor, int byte, std::uint32_t at) {
        ByteSpan& life = m_lives[tensor][static_cast<std::size_t>(byte)];
        life.last = std::max(life.last, at);
    }
    void write(Tensor tensor, int byte, std::uint32_t at) {
        ByteSpan& life = m_lives[tensor][static_cast<std::size_t>(byte)];
        life.first = life.isNeeded() ? std::min(life.first, at) : at;
        life.last = std::max(life.last, at);
    }

    Pointwise m_pointwise;
    Profile m_profile;
    std::vector<std::vector<ByteSpan>> m_lives;
    std::vector<Image> m_images;
    std::uint32_t m_now = 1;
};

/// MobileNetV2 (arXiv 1801.04381, table 2) of width 0.30 for 80x80 images and 1000 classes, with the channel rounding
/// and the explicit PAD of Keras' applications.
inline Profile mobileNetV2(Pointwise pointwise) {
    const auto divisible = [](double channels) {
        const int rounded = std::max(8, static_cast<int>(channels + 4) / 8 * 8);
        return rounded < 0.9 * channels ? rounded + 8 : rounded;
    };
    struct Stage {
        int expansion, channels, blocks, stride;
    };
    MeasuredNetwork run(pointwise);
    auto x = run.conv(run.input(80, 80, 3), 3, 2, divisible(32 * 0.3));
    int depth = divisible(32 * 0.3);
    for (const Stage& stage : {Stage{1, 16, 1, 1}, Stage{6, 24, 2, 2}, Stage{6, 32, 3, 2}, Stage{6, 64, 4, 2},
                               Stage{6, 96, 3, 1}, Stage{6, 160, 3, 2}, Stage{6, 320, 1, 1}}) {
        for (int block = 0; block < stage.blocks; ++block) {
            const int stride = block == 0 ? stage.stride : 1;
            auto y = stage.expansion == 1 ? x : run.conv(x, 1, 1, depth * stage.expansion);
            y = stride == 2 ? run.depthwise(run.pad(y), 2, false) : run.depthwise(y, 1, true);
            const int channels = divisible(stage.channels * 0.3);
            y = run.conv(y, 1, 1, channels);
            x = stride == 1 && channels == depth ? run.add(x, y) : y;
            depth = channels;
        }
    }
    x = run.conv(x, 1, 1, 1280);
    x = run.dense("MEAN", x, 1280);
    return run.profile(run.dense("SOFTMAX", run.dense("FULLY_CONNECTED", x, 1000), 1000));
}

} // namespace simprof::test
