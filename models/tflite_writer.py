# SPDX-License-Identifier: GPL-2.0-or-later
"""Collects the tensors and operators of a network and writes them as the FlatBuffers JSON of tflite.fbs."""

import json
import struct

# Operator code and version as TensorFlow's converter writes them for int8 networks.
VERSIONS = {
    "CONV_2D": (3, 3), "DEPTHWISE_CONV_2D": (4, 3), "FULLY_CONNECTED": (9, 4), "AVERAGE_POOL_2D": (1, 2),
    "SOFTMAX": (25, 2), "ADD": (0, 2), "PAD": (34, 2), "RESHAPE": (22, 1), "MEAN": (40, 2),
    "IF": (118, 1), "CALL_ONCE": (127, 1), "VAR_HANDLE": (127, 1), "READ_VARIABLE": (127, 1),
    "ASSIGN_VARIABLE": (127, 1),  # 127: the code does not fit into the older field
}


def as_float32(value):
    """The nearest single-precision value, so that the text in the JSON is exactly what the file will hold."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


class TfliteWriter:
    """One subgraph. The first one of a file has the others as `bodies`: what its operators run."""

    def __init__(self, description):
        self.description, self.bodies = description, []
        self.inputs, self.constants, self.activations, self.operators = [], [], [], []

    def _tensor(self, name, shape, kind, data, scales, zero_points, dimension, batched):
        fields = {"shape": list(shape), "type": kind, "name": name}
        if scales:
            fields["quantization"] = {"scale": scales, "zero_point": zero_points}
            if dimension:
                fields["quantization"]["quantized_dimension"] = dimension
        if batched:
            fields["shape_signature"] = [-1] + list(shape[1:])
        return {"fields": fields, "data": data}

    def input(self, name, shape, scale, zero_point):
        self.inputs.append(self._tensor(name, shape, "INT8", None, [scale], [zero_point], 0, True))
        return self.inputs[-1]

    def condition(self, name):
        """An input that is true or false."""
        self.inputs.append(self._tensor(name, (1,), "BOOL", None, None, None, 0, False))
        return self.inputs[-1]

    def activation(self, name, shape, scale, zero_point):
        self.activations.append(self._tensor(name, shape, "INT8", None, [scale], [zero_point], 0, True))
        return self.activations[-1]

    def variable(self):
        """A handle of what ASSIGN_VARIABLE keeps."""
        self.activations.append(self._tensor("variable", (), "RESOURCE", None, None, None, 0, False))
        self.operator("VAR_HANDLE", [], self.activations[-1])
        return self.activations[-1]

    def weights(self, name, shape, data, scales, dimension=0):
        self.constants.append(self._tensor(name, shape, "INT8", data, scales, [0] * len(scales), dimension, False))
        return self.constants[-1]

    def int32(self, name, shape, values, scales=None):
        data = struct.pack(f"<{len(values)}i", *values)
        zero_points = [0] * len(scales or [])
        self.constants.append(self._tensor(name, shape, "INT32", data, scales, zero_points, 0, False))
        return self.constants[-1]

    def operator(self, name, inputs, output, options_type=None, options=None):
        """`output` is None for an operator that has none."""
        self.operators.append((name, inputs, [output] if output else [], options_type, options))

    def _graph(self, name, outputs, codes, buffers):
        tensors = self.inputs + self.constants + self.activations
        numbers = {id(tensor): number for number, tensor in enumerate(tensors)}
        for tensor in tensors:
            tensor["fields"]["buffer"] = len(buffers)
            buffers.append(self._buffer(tensor["data"]))
        operators = []
        for code, inputs, results, options_type, options in self.operators:
            if code not in codes:
                codes.append(code)
            fields = {"opcode_index": codes.index(code), "inputs": [numbers[id(t)] for t in inputs],
                      "outputs": [numbers[id(t)] for t in results]}
            if options_type:
                fields.update(builtin_options_type=options_type, builtin_options=options)
            operators.append(fields)
        return {"tensors": [tensor["fields"] for tensor in tensors], "inputs": [numbers[id(t)] for t in self.inputs],
                "outputs": [numbers[id(t)] for t in outputs], "operators": operators, "name": name}

    def write(self, path, outputs):
        """The text differs from pretty JSON only in that the weights are joined by hand, which is much faster."""
        names, buffers = [], ["{}"]
        graphs = [self._graph("main", outputs, names, buffers)]
        graphs += [body._graph(body.description, results, names, buffers) for body, results in self.bodies]
        buffers.append(self._buffer(b"1.5.0".ljust(16, b"\0")))
        codes = [{"deprecated_builtin_code": VERSIONS[name][0], "version": VERSIONS[name][1], "builtin_code": name}
                 for name in names]
        head = {"version": 3, "operator_codes": codes, "subgraphs": graphs, "description": self.description,
                "metadata": [{"name": "min_runtime_version", "buffer": len(buffers) - 1}]}
        with open(path, "w", encoding="ascii", newline="\n") as file:
            file.write(json.dumps(head)[:-1] + ', "buffers": [' + ",\n".join(buffers) + "]}\n")

    @staticmethod
    def _buffer(data):
        return "{}" if data is None else '{"data": [' + ",".join(map(str, data)) + "]}"
