#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes one of this project's networks as FlatBuffers JSON, which `flatc -b tflite.fbs` turns into a .tflite file.

    generate.py NAME OUTPUT.json

sine and weather are trained here (training.py). The others have the shapes of well-known networks but random weights
(quantised.py): the work they make and the memory they need are the real ones, their answers mean nothing. Sources of the
shapes: MLPerf Tiny v1.x reference networks (github.com/mlcommons/tiny, benchmark/training) for kws, ad, ic, vww;
MobileNetV2 as in its paper (arXiv 1801.04381, table 2) with the channel rounding and padding of Keras' applications.
"""

import math
import sys

import training
from quantised import Activation, Builder, random_bytes
from tflite_writer import TfliteWriter


def images(label, height, width, channels, count):
    """Calibration inputs: a random 5x5 pattern drawn smoothly over the image, plus some noise; bytes per channel."""
    planes = []
    for channel in range(channels):
        plane = bytearray()
        for number in range(count):
            corners = random_bytes(f"{label}/pattern/{channel}/{number}", 25)
            noise = random_bytes(f"{label}/noise/{channel}/{number}", height * width)
            for y in range(height):
                row, fy = divmod(y * 4 * 16 // height, 16)
                for x in range(width):
                    column, fx = divmod(x * 4 * 16 // width, 16)
                    at = row * 5 + column
                    top = corners[at] * (16 - fx) + corners[at + 1] * fx
                    bottom = corners[at + 5] * (16 - fx) + corners[at + 6] * fx
                    smooth = (top * (16 - fy) + bottom * fy) >> 8
                    plane.append((smooth * 7 + noise[y * width + x]) >> 3)
        planes.append(bytes(plane))
    return planes


def sine():
    builder = Builder("sequential", "Sine of an angle between 0 and 2 pi, 1-16-16-1, trained")
    network = training.train_sine()
    x = builder.input((1,), [bytes(range(256))], 2 * training.PI / 255, -128)
    for number, layer in enumerate(network.layers):
        x = builder.dense(x, len(layer[1]), "RELU" if number < 2 else "NONE", trained=layer)
    errors = [abs(x.scale * (q - x.zero) - training.sine(2 * training.PI * i / 255)) for i, q in enumerate(x.planes[0])]
    if math.fsum(errors) / len(errors) > 0.03:
        sys.exit("sine: the training went wrong")
    return builder, x.tensor


def weather():
    builder = Builder("sequential", "Snow or not, from three hours of temperature and humidity, 6-12-2, trained")
    network = training.train_weather()
    samples = training.weather_samples("check", 512)
    rows = [[min(255, max(0, int(v * 50 + 128.5))) for v in training.weather_inputs(hours)] for hours, _ in samples]
    x = builder.input((6,), [bytes(column) for column in zip(*rows)], 1 / 50, 0)
    x = builder.dense(x, 12, "RELU", trained=network.layers[0])
    x = builder.dense(x, 2, trained=network.layers[1])
    right = sum((snow > no) == bool(wanted) for no, snow, (_, wanted) in zip(*x.planes, samples))
    if right < 0.95 * len(samples):
        sys.exit("weather: the training went wrong")
    return builder, builder.softmax(x)


def kws():
    builder = Builder("functional_1", "Shape of MLPerf Tiny keyword spotting (DS-CNN), random weights")
    x = builder.input((49, 10, 1), images("kws", 49, 10, 1, 4), 0.58, 83)
    x = builder.conv(x, 64, kernel=(10, 4), stride=(2, 2))
    for _ in range(4):
        x = builder.depthwise(x)
        x = builder.conv(x, 64)
    x = builder.flatten(builder.average_pool(x))
    return builder, builder.softmax(builder.dense(x, 12, gamma=2.5))


def ad():
    builder = Builder("functional_1", "Shape of MLPerf Tiny anomaly detection (autoencoder), random weights")
    samples = images("ad", 1, 640, 1, 16)[0]
    x = builder.input((640,), [samples[i::640] for i in range(640)], 0.39, 89)
    for units in (128, 128, 128, 128, 8, 128, 128, 128, 128):
        x = builder.dense(x, units, "RELU")
    return builder, builder.dense(x, 640).tensor


def ic():
    builder = Builder("model", "Shape of MLPerf Tiny image classification (ResNet-8), random weights")
    x = builder.input((32, 32, 3), images("ic", 32, 32, 3, 4), 1.0, -128)
    x = builder.conv(x, 16, (3, 3))
    y = builder.conv(x, 16, (3, 3))
    y = builder.conv(y, 16, (3, 3), activation="NONE")
    x = builder.add(x, y, "RELU")
    for channels in (32, 64):
        y = builder.conv(x, channels, (3, 3), (2, 2))
        y = builder.conv(y, channels, (3, 3), activation="NONE")
        x = builder.conv(x, channels, (1, 1), (2, 2), activation="NONE")
        x = builder.add(x, y, "RELU")
    x = builder.flatten(builder.average_pool(x))
    return builder, builder.softmax(builder.dense(x, 10, gamma=2.5))


def vww():
    builder = Builder("model", "Shape of MLPerf Tiny visual wake words (MobileNetV1 0.25), random weights")
    x = builder.input((96, 96, 3), images("vww", 96, 96, 3, 4), 1 / 255, -128)
    x = builder.conv(x, 8, (3, 3), (2, 2))
    blocks = [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2)] + [(128, 1)] * 5 + [(256, 2), (256, 1)]
    for channels, stride in blocks:
        x = builder.depthwise(x, (stride, stride))
        x = builder.conv(x, channels)
    x = builder.flatten(builder.average_pool(x))
    return builder, builder.softmax(builder.dense(x, 2, gamma=2.5))


def divisible(channels):
    """Keras rounds scaled channel counts to a multiple of 8, but never down by more than a tenth."""
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded


def mobilenetv2():
    alpha = 0.30
    builder = Builder("mobilenetv2_0.30_80", "MobileNetV2 alpha 0.30, 80x80x3, 1000 classes, random weights")
    x = builder.input((80, 80, 3), images("mobilenetv2", 80, 80, 3, 4), 1 / 127.5, -1)
    x = builder.conv(x, divisible(32 * alpha), (3, 3), (2, 2), "RELU6", gamma=1.5)
    blocks = [(16, 1, 1)] + [(24, 2, 6), (24, 1, 6)] + [(32, 2, 6)] + [(32, 1, 6)] * 2 + [(64, 2, 6)] + \
             [(64, 1, 6)] * 3 + [(96, 1, 6)] * 3 + [(160, 2, 6)] + [(160, 1, 6)] * 2 + [(320, 1, 6)]
    for channels, stride, expansion in blocks:
        y = x
        if expansion != 1:
            y = builder.conv(y, expansion * len(x.planes), activation="RELU6", gamma=1.5)
        if stride == 2:
            y = builder.pad(y, (1 - (y.height + 1) % 2, 1), (1 - (y.width + 1) % 2, 1))
        y = builder.depthwise(y, (stride, stride), "VALID" if stride == 2 else "SAME", "RELU6", gamma=1.5)
        y = builder.conv(y, divisible(channels * alpha), activation="NONE")
        x = builder.add(x, y) if stride == 1 and len(x.planes) == len(y.planes) else y
    x = builder.conv(x, 1280, activation="RELU6", gamma=1.5)
    return builder, builder.softmax(builder.dense(builder.mean(x), 1000, gamma=2.5))


def gate():
    """Begins with what runs once, and chooses between two bodies."""
    builder = Builder("gate", "An IF and a CALL_ONCE with their subgraphs, random weights")
    writer = builder.writer
    x = builder.input((8,), [random_bytes(f"gate/{channel}", 64) for channel in range(8)], 0.1, 0)
    condition = writer.condition("condition")
    writer.operator("CALL_ONCE", [], None, "CallOnceOptions", {"init_subgraph_index": 1})
    hidden = builder.dense(x, 16, "RELU")
    kept = writer.activation("kept", (1, 16), hidden.scale, hidden.zero - 128)
    writer.operator("READ_VARIABLE", [writer.variable()], kept)
    x = builder.add(hidden, Activation(kept, [bytes([hidden.zero]) * 64] * 16, 1, 1, hidden.scale, hidden.zero))
    y = writer.activation("chosen", (1, 16), x.scale, x.zero - 128)
    writer.operator("IF", [condition, x.tensor], y, "IfOptions", {"then_subgraph_index": 2, "else_subgraph_index": 3})
    begin = TfliteWriter("begin")
    first = begin.weights("first", (1, 16), random_bytes("gate/first", 16), [hidden.scale])
    begin.operator("ASSIGN_VARIABLE", [begin.variable(), first], None)
    writer.bodies.append((begin, []))
    for name, layers in (("then", 2), ("else", 1)):
        body = Builder(name, name)
        z = body.input((16,), x.planes, x.scale, x.zero - 128)
        for _ in range(layers):
            z = body.dense(z, 16)
        writer.bodies.append((body.writer, [z.tensor]))
    return builder, builder.dense(Activation(y, x.planes, 1, 1, x.scale, x.zero), 4).tensor


NETWORKS = {f.__name__: f for f in (sine, weather, kws, ad, ic, vww, mobilenetv2, gate)}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in NETWORKS:
        sys.exit(f"usage: generate.py {'|'.join(NETWORKS)} OUTPUT.json")
    builder, output = NETWORKS[sys.argv[1]]()
    builder.writer.write(sys.argv[2], [output])


if __name__ == "__main__":
    main()
