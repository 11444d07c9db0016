# SPDX-License-Identifier: GPL-2.0-or-later
"""Builds an int8 network while running it on a few inputs, so that every tensor gets a scale that fits what flows there.

Random weights are made as int8; the scale and bias of each channel are then chosen so that the channel has the mean and
spread that batch normalisation would give it. All sums are exact integers and all other arithmetic is + - * / and square
root in IEEE double precision, so the result is the same on each machine.

Speed: a plane of values is one Python integer with 32 bits per value ("lane"), the calibration inputs side by side; the
product of a weight and a plane is then one multiplication of a long integer.
"""

import hashlib
import math
import struct
from operator import mul

from tflite_writer import TfliteWriter, as_float32

LANE = 4  # bytes
HALF = 1 << 31

# Maps a uniform byte to an int8 weight: a cubic, so that small weights are more frequent than large ones.
WEIGHT_OF_BYTE = bytes(round(127 * (0.4 * x + 0.6 * x * x * x)) & 255 for x in ((2 * i - 255) / 255 for i in range(256)))


def random_bytes(label, count):
    """The same bytes on each machine: SHAKE-128 (FIPS 202) of the label."""
    return hashlib.shake_128(label.encode()).digest(count)


def signed(byte):
    return byte - 256 if byte > 127 else byte


class Activation:
    """A tensor together with its values for the calibration inputs: per channel, `batch` planes of rows, as q + 128."""

    def __init__(self, tensor, planes, height, width, scale, zero):
        self.tensor, self.planes, self.height, self.width, self.scale, self.zero = \
            tensor, planes, height, width, scale, zero


class Builder:
    def __init__(self, name, description):
        self.name, self.writer, self.batch, self.counts = name, TfliteWriter(description), 0, {}

    def _label(self, kind):
        """Names in the converter's style: conv2d, conv2d_1, ..."""
        count = self.counts.get(kind, 0)
        self.counts[kind] = count + 1
        return f"{self.name}/{kind}_{count}" if count else f"{self.name}/{kind}"

    def input(self, shape, planes, scale, zero_point):
        """`planes`: per channel the calibration values as q + 128. `shape` without the batch: (h, w, c) or (c,)."""
        height, width = shape[:2] if len(shape) == 3 else (1, 1)
        self.batch = len(planes[0]) // (height * width)
        scale = as_float32(scale)
        tensor = self.writer.input("serving_default_input_1:0", (1, *shape), scale, zero_point)
        return Activation(tensor, planes, height, width, scale, zero_point + 128)

    # Operators with weights

    def conv(self, x, channels, kernel=(1, 1), stride=(1, 1), activation="RELU", gamma=1.0):
        label = self._label("conv2d")
        size = kernel[0] * kernel[1] * len(x.planes)
        data = random_bytes(label, channels * size).translate(WEIGHT_OF_BYTE)
        rows = [list(map(signed, data[i * size:(i + 1) * size])) for i in range(channels)]
        sums, height, width = self._correlate(x, [x.planes] * channels, rows, kernel, stride, "SAME")
        scales, biases = self._normalise(label, x, sums, gamma)
        weights = self.writer.weights(f"{label}/Conv2D", (channels, *kernel, len(x.planes)), data, scales)
        options = {"padding": "SAME", "stride_w": stride[1], "stride_h": stride[0],
                   "fused_activation_function": activation}
        return self._finish("CONV_2D", label, x, weights, sums, scales, biases, (height, width), activation,
                            "Conv2DOptions", options)

    def depthwise(self, x, stride=(1, 1), padding="SAME", activation="RELU", gamma=1.0):
        label = self._label("depthwise_conv2d")
        channels = len(x.planes)
        data = random_bytes(label, 9 * channels).translate(WEIGHT_OF_BYTE)  # 1, rows, columns, channels
        rows = [list(map(signed, data[c::channels])) for c in range(channels)]
        sums, height, width = self._correlate(x, [[plane] for plane in x.planes], rows, (3, 3), stride, padding)
        scales, biases = self._normalise(label, x, sums, gamma)
        weights = self.writer.weights(f"{label}/depthwise", (1, 3, 3, channels), data, scales, dimension=3)
        options = {"padding": padding, "stride_w": stride[1], "stride_h": stride[0], "depth_multiplier": 1,
                   "fused_activation_function": activation}
        return self._finish("DEPTHWISE_CONV_2D", label, x, weights, sums, scales, biases, (height, width), activation,
                            "DepthwiseConv2DOptions", options)

    def dense(self, x, units, activation="NONE", gamma=1.0, trained=None):
        """`trained`: (rows of weights, biases) as floats; otherwise random. One scale for all channels, as converted."""
        label = self._label("dense")
        if trained:
            peak = max(max(map(abs, row)) for row in trained[0])
            scale = as_float32(peak / 127)
            rows = [[max(-127, min(127, math.floor(w / scale + 0.5))) for w in row] for row in trained[0]]
            biases = [math.floor(b / (scale * x.scale) + 0.5) for b in trained[1]]
            data = bytes(w & 255 for row in rows for w in row)
        else:
            size = len(x.planes)
            data = random_bytes(label, units * size).translate(WEIGHT_OF_BYTE)
            rows = [list(map(signed, data[i * size:(i + 1) * size])) for i in range(units)]
        sums, _, _ = self._correlate(x, [x.planes] * units, rows, (1, 1), (1, 1), "VALID")
        if not trained:
            scale, biases = self._normalise_together(label, x, sums, gamma)
        weights = self.writer.weights(f"{label}/MatMul", (units, len(x.planes)), data, [scale])
        return self._finish("FULLY_CONNECTED", label, x, weights, sums, [scale] * units, biases, None, activation,
                            "FullyConnectedOptions", {"fused_activation_function": activation}, per_channel=False)

    # Operators without weights

    def add(self, a, b, activation="NONE"):
        """Values of both inputs are small tables of 256 reals, so the sum is looked up and not multiplied."""
        label = self._label("add")
        reals = [[s.scale * (q - s.zero) for q in range(256)] for s in (a, b)]
        sums = [[reals[0][p] + reals[1][q] for p, q in zip(one, two)] for one, two in zip(a.planes, b.planes)]
        scale, zero = self._range(min(map(min, sums)), max(map(max, sums)), activation)
        planes = [self._quantise(values, 1.0 / scale, 0, zero) for values in sums]
        name = f"{label}/Relu;{label}/add" if activation == "RELU" else f"{label}/add"
        out = self.writer.activation(name, (1, a.height, a.width, len(planes)), scale, zero - 128)
        self.writer.operator("ADD", [a.tensor, b.tensor], out, "AddOptions", {"fused_activation_function": activation})
        return Activation(out, planes, a.height, a.width, scale, zero)

    def pad(self, x, rows, columns):
        """Zeros around the image; `rows` and `columns` are (before, after)."""
        label = self._label("zero_padding2d")
        planes, height, width = self._padded(x, x.planes, rows, columns)
        amounts = self.writer.int32(f"{label}/Pad/paddings", (4, 2), [0, 0, *rows, *columns, 0, 0])
        out = self.writer.activation(f"{label}/Pad", (1, height, width, len(planes)), x.scale, x.zero - 128)
        self.writer.operator("PAD", [x.tensor, amounts], out, "PadOptions", {})
        return Activation(out, planes, height, width, x.scale, x.zero)

    def _averages(self, x):
        size = x.height * x.width
        return [[sum(plane[i * size:(i + 1) * size]) / size for i in range(self.batch)] for plane in x.planes]

    def average_pool(self, x):
        """Over the whole image."""
        label = self._label("average_pooling2d")
        planes = [self._quantise(values, 1.0, 0, 0) for values in self._averages(x)]
        out = self.writer.activation(f"{label}/AvgPool", (1, 1, 1, len(planes)), x.scale, x.zero - 128)
        self.writer.operator("AVERAGE_POOL_2D", [x.tensor], out, "Pool2DOptions",
                             {"padding": "VALID", "stride_w": x.width, "stride_h": x.height, "filter_width": x.width,
                              "filter_height": x.height, "fused_activation_function": "NONE"})
        return Activation(out, planes, 1, 1, x.scale, x.zero)

    def mean(self, x):
        """Over the whole image; unlike a pool it drops the two dimensions and has a scale of its own."""
        label = self._label("global_average_pooling2d")
        reals = [[x.scale * (value - x.zero) for value in values] for values in self._averages(x)]
        scale, zero = self._range(min(map(min, reals)), max(map(max, reals)), "NONE")
        planes = [self._quantise(values, 1.0 / scale, 0, zero) for values in reals]
        axes = self.writer.int32(f"{label}/Mean/reduction_indices", (2,), [1, 2])
        out = self.writer.activation(f"{label}/Mean", (1, len(planes)), scale, zero - 128)
        self.writer.operator("MEAN", [x.tensor, axes], out, "ReducerOptions", {"keep_dims": False})
        return Activation(out, planes, 1, 1, scale, zero)

    def flatten(self, x):
        label = self._label("flatten")
        shape = self.writer.int32(f"{label}/Const", (2,), [-1, len(x.planes)])
        out = self.writer.activation(f"{label}/Reshape", (1, len(x.planes)), x.scale, x.zero - 128)
        self.writer.operator("RESHAPE", [x.tensor, shape], out)
        return Activation(out, x.planes, 1, 1, x.scale, x.zero)

    def softmax(self, x):
        """The output scale is fixed by the format: 1/256. Returns the tensor; its values nobody needs."""
        out = self.writer.activation("StatefulPartitionedCall:0", (1, len(x.planes)), 1 / 256, -128)
        self.writer.operator("SOFTMAX", [x.tensor], out, "SoftmaxOptions", {"beta": 1.0})
        return out

    # Arithmetic

    def _padded(self, x, planes, rows, columns):
        zero = bytes([x.zero])
        width = x.width + sum(columns)
        before, after = zero * (width * rows[0]), zero * (width * rows[1])
        left, right = zero * columns[0], zero * columns[1]
        result = []
        for plane in planes:
            lines = [left + plane[i:i + x.width] + right for i in range(0, len(plane), x.width)]
            result.append(b"".join(before + b"".join(lines[i:i + x.height]) + after
                                   for i in range(0, len(lines), x.height)))
        return result, x.height + sum(rows), width

    def _correlate(self, x, planes_of, rows, kernel, stride, padding):
        """Per output channel the exact sums of weight * (q - zero point), and the output's height and width."""
        amounts, out = [(0, 0), (0, 0)], [0, 0]
        for axis, size in enumerate((x.height, x.width)):
            if padding == "SAME":
                out[axis] = -(-size // stride[axis])
                total = max(0, (out[axis] - 1) * stride[axis] + kernel[axis] - size)
                amounts[axis] = (total // 2, total - total // 2)
            else:
                out[axis] = (size - kernel[axis]) // stride[axis] + 1
        height, width = x.height + sum(amounts[0]), x.width + sum(amounts[1])
        lanes = self.batch * height * width
        wanted = [(b * height + y * stride[0]) * width + c * stride[1]
                  for b in range(self.batch) for y in range(out[0]) for c in range(out[1])]
        bias = int.from_bytes(struct.pack("<I", HALF) * lanes, "little")
        unpack = struct.Struct(f"<{lanes}I").unpack
        shifts, previous, sums = [], None, []
        for planes, row in zip(planes_of, rows):
            if planes is not previous:
                shifts, previous = self._shifts(x, planes, amounts, kernel), planes
            values = unpack((sum(map(mul, row, shifts)) + bias).to_bytes(LANE * lanes, "little"))
            offset = HALF + x.zero * sum(row)
            sums.append([values[i] - offset for i in wanted])
        return sums, out[0], out[1]

    def _shifts(self, x, planes, amounts, kernel):
        """One long integer for each kernel row, kernel column and input channel, in this order."""
        padded, _, width = self._padded(x, planes, *amounts)
        numbers = []
        for plane in padded:
            spread = bytearray(LANE * len(plane))
            spread[::LANE] = plane
            numbers.append(int.from_bytes(spread, "little"))
        return [number >> (8 * LANE * (row * width + column))
                for row in range(kernel[0]) for column in range(kernel[1]) for number in numbers]

    @staticmethod
    def _moments(sums):
        """Mean and standard deviation; the sums are exact, so their order does not matter."""
        count, total, squares = len(sums), sum(sums), sum(map(mul, sums, sums))
        return total / count, math.sqrt((count * squares - total * total) / (count * count))

    def _shift_of(self, label, channels):
        """What batch normalisation calls beta, in standard deviations: between -0.5 and 0.5."""
        return [(byte - 127.5) / 255 for byte in random_bytes(f"{label}/beta", channels)]

    def _normalise(self, label, x, sums, gamma):
        scales, biases = [], []
        for values, beta in zip(sums, self._shift_of(label, len(sums))):
            mean, deviation = self._moments(values)
            deviation = max(deviation, 16.0)  # a channel that hardly varies stays quiet
            scales.append(as_float32(gamma / (deviation * x.scale)))
            biases.append(math.floor(beta * deviation - mean + 0.5))
        return scales, biases

    def _normalise_together(self, label, x, sums, gamma):
        moments = [self._moments(values) for values in sums]
        spread = math.sqrt(math.fsum(deviation * deviation for _, deviation in moments) / len(moments))
        biases = [math.floor(beta * spread - mean + 0.5)
                  for (mean, _), beta in zip(moments, self._shift_of(label, len(sums)))]
        return as_float32(gamma / (spread * x.scale)), biases

    @staticmethod
    def _range(low, high, activation):
        """Scale and zero point (as q + 128) for values from `low` to `high`; zero itself is always represented."""
        if activation == "RELU6":
            low, high = 0.0, 6.0
        low, high = 0.0 if activation == "RELU" else min(low, 0.0), max(high, 1e-6)
        scale = as_float32((high - low) / 255)
        return scale, max(0, min(255, math.floor(0.5 - low / scale)))

    @staticmethod
    def _quantise(values, factor, bias, zero, lowest=0):
        half = zero + 0.5
        return bytes([min(255, max(lowest, int((value + bias) * factor + half))) for value in values])

    def _finish(self, code, label, x, weights, sums, scales, biases, image, activation, options_type, options,
                per_channel=True):
        """Bias, output range, output tensor and the operator itself."""
        products = [as_float32(x.scale * scale) for scale in scales]
        bias = self.writer.int32(f"{label}/BiasAdd/ReadVariableOp", (len(sums),), biases,
                                 products if per_channel else products[:1])
        low = min((min(values) + b) * p for values, b, p in zip(sums, biases, products))
        high = max((max(values) + b) * p for values, b, p in zip(sums, biases, products))
        scale, zero = self._range(low, high, activation)
        planes = [self._quantise(values, p / scale, b, zero, zero if activation != "NONE" else 0)
                  for values, p, b in zip(sums, products, biases)]
        height, width = image or (1, 1)
        shape = (1, height, width, len(planes)) if image else (1, len(planes))
        suffix = {"RELU": "Relu", "RELU6": "Relu6"}.get(activation)
        name = f"{label}/{suffix};{label}/BiasAdd" if suffix else f"{label}/BiasAdd"
        out = self.writer.activation(name, shape, scale, zero - 128)
        self.writer.operator(code, [x.tensor, weights, bias], out, options_type, options)
        return Activation(out, planes, height, width, scale, zero)
