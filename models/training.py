# SPDX-License-Identifier: GPL-2.0-or-later
"""Trains small fully connected networks with Adam. Only + - * / and square root, in a fixed order: no result depends on
the machine's mathematical library or on how a version of Python adds up a list."""

import math

from quantised import random_bytes

PI = 3.141592653589793


def sine(x):
    """Taylor series of the sine after moving x into [-pi, pi]."""
    while x > PI:
        x -= 2 * PI
    term = total = x
    for n in range(1, 14):
        term *= -x * x / (2 * n * (2 * n + 1))
        total += term
    return total


def exponential(x):
    """e^x for x <= 0: a Taylor series of x / 64, squared six times."""
    x = max(x, -40.0) / 64
    term = total = 1.0
    for n in range(1, 12):
        term *= x / n
        total += term
    for _ in range(6):
        total *= total
    return total


def dot(weights, values, start):
    for w, v in zip(weights, values):
        start += w * v
    return start


class Perceptron:
    """Layers of (rows of weights, biases); ReLU after every layer but the last."""

    def __init__(self, label, sizes):
        self.layers = []
        for number, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:])):
            limit = math.sqrt(6.0 / fan_in)
            data = random_bytes(f"{label}/initial/{number}", 2 * fan_in * fan_out)
            uniform = [((data[2 * i] * 256 + data[2 * i + 1]) / 32767.5 - 1) * limit for i in range(fan_in * fan_out)]
            rows = [uniform[i * fan_in:(i + 1) * fan_in] for i in range(fan_out)]
            self.layers.append((rows, [0.0] * fan_out))
        self.moments = [[[0.0, 0.0] for _ in range((len(rows[0]) + 1) * len(rows))] for rows, _ in self.layers]
        self.powers = [1.0, 1.0]  # of Adam's two decay rates

    def run(self, x):
        """The values of every layer, the input first."""
        values = [x]
        for number, (rows, biases) in enumerate(self.layers):
            y = [dot(row, values[-1], b) for row, b in zip(rows, biases)]
            last = number == len(self.layers) - 1
            values.append(y if last else [v if v > 0.0 else 0.0 for v in y])
        return values

    def train(self, batch, error_of, rate):
        """One step of Adam; error_of(output, wanted) is the loss's gradient with respect to the output."""
        gradients = [([[0.0] * len(rows[0]) for _ in rows], [0.0] * len(rows)) for rows, _ in self.layers]
        for x, wanted in batch:
            values = self.run(x)
            error = error_of(values[-1], wanted)
            for number in range(len(self.layers) - 1, -1, -1):
                below = [0.0] * len(values[number])
                for e, row, gradient in zip(error, self.layers[number][0], gradients[number][0]):
                    if e != 0.0:
                        for i, v in enumerate(values[number]):
                            gradient[i] += e * v
                            below[i] += e * row[i]
                biases = gradients[number][1]
                for i, e in enumerate(error):
                    biases[i] += e
                error = [b if v > 0.0 else 0.0 for b, v in zip(below, values[number])]
        self._step(gradients, rate, 1.0 / len(batch))

    def _step(self, gradients, rate, factor):
        self.powers = [self.powers[0] * 0.9, self.powers[1] * 0.999]
        rate *= math.sqrt(1.0 - self.powers[1]) / (1.0 - self.powers[0])
        for (rows, biases), (row_gradients, bias_gradients), moments in zip(self.layers, gradients, self.moments):
            at = iter(moments)
            for values, slopes in [*zip(rows, row_gradients), (biases, bias_gradients)]:
                for i, slope in enumerate(slopes):
                    moment = next(at)
                    slope *= factor
                    moment[0] += 0.1 * (slope - moment[0])
                    moment[1] += 0.001 * (slope * slope - moment[1])
                    values[i] -= rate * moment[0] / (math.sqrt(moment[1]) + 1e-8)


def train_sine():
    """1-16-16-1, mean squared error, on the 256 inputs that an int8 input can have."""
    samples = [([2 * PI * q / 255], sine(2 * PI * q / 255)) for q in range(256)]
    network = Perceptron("sine", (1, 16, 16, 1))
    rows, biases = network.layers[0]
    for i, row in enumerate(rows):  # each unit starts with its bend at another place between 0 and 2 pi
        biases[i] = -row[0] * 2 * PI * (i + 0.5) / len(rows)
    steps = 2400
    for step in range(steps):
        batch = samples[step * 37 % 8::8] if step % 2 else samples[step * 5 % 8::8]
        rate = 0.01 if step < steps // 2 else 0.01 * 2 * (steps - step) / steps
        network.train(batch, lambda y, wanted: [y[0] - wanted], rate)
    return network


def weather_samples(label, count):
    """Three hours of temperature (degrees Celsius) and relative humidity (percent), oldest first, and whether it snows.

    The rule: both quantities are carried half an hour's trend forward from the last hour (trend: half the change over the
    two hours); it snows when the temperature then is below 1.5 degrees and the humidity above 80 percent."""
    data = random_bytes(f"weather/{label}", 6 * count)
    samples = []
    for i in range(count):
        raw = data[6 * i:6 * i + 6]
        t = [raw[0] / 255 * 24 - 10]
        h = [raw[3] / 255 * 60 + 40]
        for step in (1, 2):
            t.append(t[-1] + (raw[step] - 127.5) / 127.5 * 2)
            h.append(min(100.0, max(20.0, h[-1] + (raw[3 + step] - 127.5) / 127.5 * 8)))
        snow = t[2] + (t[2] - t[0]) / 4 < 1.5 and h[2] + (h[2] - h[0]) / 4 > 80.0
        samples.append((t + h, 1 if snow else 0))
    return samples


def weather_inputs(hours):
    """What the network sees: temperature / 10 and (humidity - 70) / 20."""
    return [t / 10 for t in hours[:3]] + [(h - 70) / 20 for h in hours[3:]]


def train_weather():
    """6-12-2 with cross-entropy over (no snow, snow)."""
    samples = [(weather_inputs(hours), snow) for hours, snow in weather_samples("training", 1024)]
    network = Perceptron("weather", (6, 12, 2))

    def error_of(y, wanted):
        snow = 1.0 / (1.0 + exponential(y[0] - y[1])) if y[1] > y[0] else 1.0 - 1.0 / (1.0 + exponential(y[1] - y[0]))
        return [wanted - snow, snow - wanted]

    steps = 1500
    for step in range(steps):
        start = step * 32 % len(samples)
        rate = 0.01 if step < steps // 2 else 0.01 * 2 * (steps - step) / steps
        network.train(samples[start:start + 32], error_of, rate)
    return network
