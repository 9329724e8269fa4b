"""What a peer's step starts from: random images and the framework's own weights; or, to be checked, what cairn wrote into a
folder: model.safetensors, its weights, and grads.safetensors, a batch with its loss and gradients (cairn grads)."""
import json
import os

import numpy

from models import MODELS


def layers_of(chosen):
    """The model's layers; to be checked without dropout, whose masks no two frameworks share."""
    return [layer for layer in MODELS[chosen.model][1] if not (chosen.check and layer[0] == "dropout")]


def batch_of(chosen):
    """The images (N, H, W, C), the labels, and cairn's weights or None: kernel and bias, or gamma and beta, of each layer in
    turn; kernels are (kh, kw, I, O) and (I, O)."""
    if chosen.check:
        batch = read_safetensors(os.path.join(chosen.check, "grads.safetensors"))
        weights = read_safetensors(os.path.join(chosen.check, "model.safetensors"))
        return batch["images"], batch["labels"], [weights[name] for name in names_of(MODELS[chosen.model][1])]
    random = numpy.random.default_rng(0)
    size = chosen.batch_size or MODELS[chosen.model][0]
    return random.random((size, 32, 32, 3), dtype=numpy.float32), random.integers(0, 10, size, dtype=numpy.int32), None


def names_of(layers):
    """cairn's names of the trained parameters: conv2d/kernel, conv2d/bias, conv2d_1/kernel, ..."""
    kinds = {"conv": ("conv2d", "kernel", "bias"), "dense": ("dense", "kernel", "bias"),
             "norm": ("batch_normalization", "gamma", "beta")}
    names, counts = [], {}
    for kind, *_ in layers:
        if kind in kinds:
            layer, *parameters = kinds[kind]
            count = counts[layer] = counts.get(layer, -1) + 1
            names += [f"{layer}_{count}/{name}" if count else f"{layer}/{name}" for name in parameters]
    return names


def read_safetensors(path):
    """name -> array: 8 bytes with the length of a JSON header, the header, the data."""
    types = {"F32": numpy.float32, "F64": numpy.float64, "I32": numpy.int32}
    with open(path, "rb") as file:
        content = file.read()
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    header.pop("__metadata__", None)
    arrays = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        array = numpy.frombuffer(content[start + begin:start + end], types[entry["dtype"]])
        arrays[name] = array.reshape(entry["shape"]).copy()
    return arrays
