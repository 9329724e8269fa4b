#!/usr/bin/python3
"""The gradients of the notebooks' eight models: cairn against PyTorch.

usage: tests/peers/torch_gradients.py [--data DIR] [--cairn PROGRAM] [MODEL...]

Needs PyTorch (Debian: python3-torch) and cairn, built by ./cairn. The data set is the one that cairn chooses without
--data, or the one in DIR.

Each model is trained for an epoch on 64 images, so that no weight stands at a special value. `cairn grads` then writes
the loss, every gradient and the batch; here the same model, written in PyTorch, computes them from the same weights and
images. For every parameter p, with g its gradient and D the difference between the two,

    |D_p| <= bound * max(|g_p|, 1e-3 |g of all parameters|),    bound = 1e-8 in float64, 1e-3 in float32

(a bias before a batch normalization has the gradient zero, hence the floor), and the losses agree to 1e-6 of their
size. Exit status 1 if anything exceeds its bound.

In float32 a rounding error can carry one of a million activations over the kink of a ReLU or turn a pooling's near tie,
in either framework, and the gradient jumps by more than the bound for a reason that lies in the batch. So cairn's
float32 may agree with PyTorch's float64 or with its float32, and a batch where it agrees with neither is followed by a
larger one, up to 64 images. A wrong formula disagrees with both in all of them.

The table shows the largest |D_p| / max(...) against PyTorch's float64 and float32 and, for the smaller of the two, its
parameter.
"""
import os
import subprocess
import sys
import tempfile

import numpy as np
import torch
from torch import nn

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "bench/peers"))
from models import comparison_options
from start import read_safetensors

IMAGES = {"float64": [16], "float32": [16, 32, 64]}
BOUND = {"float64": 1e-8, "float32": 1e-3}
LOSS_BOUND = 1e-6


# The models, dropout left out. PyTorch's images are (N, C, H, W); a Conv2D with ReLU is two modules here.

class Flatten(nn.Module):
    """(N, C, H, W) -> (N, H W C): in the order of cairn's images, channels innermost."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


def conv(channels, filters, padding):
    return [nn.Conv2d(channels, filters, 3, padding=padding), nn.ReLU()]


def block(channels, filters, padding="same"):
    return conv(channels, filters, padding) + [nn.MaxPool2d(2)]


def norm(module, features):
    return [module(features, eps=1e-3)]


def dense(inputs, units):
    return [nn.Linear(inputs, units), nn.ReLU()]


def mlp_l2():
    return [Flatten()] + dense(3072, 512) + [nn.Linear(512, 10)]


def mlp_bn():
    hidden = lambda inputs, units: [nn.Linear(inputs, units), *norm(nn.BatchNorm1d, units), nn.ReLU()]
    return [Flatten()] + hidden(3072, 512) + hidden(512, 256) + [nn.Linear(256, 10)]


def simple_cnn(units=64):
    return block(3, 32, "valid") + block(32, 64, "valid") + [Flatten()] + dense(2304, units) + [nn.Linear(units, 10)]


def cnn_da_dropout():
    return simple_cnn(units=128)


def original_cnn():
    return (block(3, 32) + block(32, 64) + block(64, 128) + [Flatten()] + dense(2048, 128) + dense(128, 64)
            + [nn.Linear(64, 10)])


def modified_cnn():
    return (block(3, 32) + block(32, 64) + block(64, 128) + block(128, 256) + [Flatten()] + dense(1024, 128)
            + dense(128, 64) + [nn.Linear(64, 10)])


def original_cnn_bn():
    layers = []
    for channels, filters in [(3, 32), (32, 64), (64, 128)]:
        layers += conv(channels, filters, "same") + norm(nn.BatchNorm2d, filters) + [nn.MaxPool2d(2)]
    layers.append(Flatten())
    for inputs, units in [(2048, 128), (128, 64)]:
        layers += dense(inputs, units) + norm(nn.BatchNorm1d, units)
    return layers + [nn.Linear(64, 10)]


def resnet():
    layers = []
    for channels, filters, first in [(3, 32, "valid"), (32, 64, "same"), (64, 128, "same")]:
        layers += conv(channels, filters, first) + norm(nn.BatchNorm2d, filters)
        layers += conv(filters, filters, "same") + norm(nn.BatchNorm2d, filters)
        layers.append(nn.MaxPool2d(2))
    return layers + [Flatten()] + dense(1152, 128) + [nn.Linear(128, 10)]


MODELS = {
    "mlp-l2": mlp_l2, "mlp-bn": mlp_bn, "simple-cnn": simple_cnn, "original-cnn": original_cnn,
    "modified-cnn": modified_cnn, "original-cnn-bn": original_cnn_bn, "cnn-da-dropout": cnn_da_dropout,
    "resnet": resnet,
}
L2 = {"mlp-l2": {"dense/kernel": 0.001}}  # model -> parameter -> lambda


# Names and shapes.

def named_parameters(modules):
    """cairn's name of each parameter -> (PyTorch's parameter, how its axes stand in cairn)."""
    kinds = {nn.Conv2d: ("conv2d", "kernel", (2, 3, 1, 0)),  # (O, I, kh, kw) -> (kh, kw, I, O)
             nn.Linear: ("dense", "kernel", (1, 0)),          # (O, I) -> (I, O)
             nn.BatchNorm1d: ("batch_normalization", "gamma", (0,)),
             nn.BatchNorm2d: ("batch_normalization", "gamma", (0,))}
    named, counts = {}, {}
    for module in modules:
        if type(module) not in kinds:
            continue
        layer, weight, axes = kinds[type(module)]
        count = counts.get(layer, 0)
        counts[layer] = count + 1
        prefix = layer if count == 0 else f"{layer}_{count}"
        named[f"{prefix}/{weight}"] = (module.weight, axes)
        named[prefix + ("/bias" if weight == "kernel" else "/beta")] = (module.bias, (0,))
    return named


# The two sides and their comparison.

def torch_gradients(model, weights, images, labels, dtype):
    """The loss and cairn's name -> gradient, computed in this type."""
    modules = MODELS[model]()
    network = nn.Sequential(*modules).to(dtype)
    network.train()
    parameters = named_parameters(modules)
    with torch.no_grad():
        for name, (parameter, axes) in parameters.items():
            parameter.copy_(torch.from_numpy(weights[name].transpose(np.argsort(axes))))
    logits = network(torch.from_numpy(images).to(dtype).permute(0, 3, 1, 2))
    loss = nn.functional.cross_entropy(logits, torch.from_numpy(labels).long())
    for name, factor in L2.get(model, {}).items():
        loss = loss + factor * (parameters[name][0] ** 2).sum()
    loss.backward()
    return loss.item(), {name: p.grad.numpy().transpose(axes) for name, (p, axes) in parameters.items()}


def errors(gradients, expected):
    """name -> |D_p| / max(|g_p|, 1e-3 |g of all parameters|)"""
    norms = {name: np.linalg.norm(g.ravel()) for name, g in expected.items()}
    floor = 1e-3 * np.linalg.norm(list(norms.values()))
    return {name: np.linalg.norm((gradients[name] - g).ravel()) / max(norms[name], floor)
            for name, g in expected.items()}


def compare(model, weights, written):
    """Prints a line of the table; returns whether all is within its bound."""
    written = dict(written)
    loss, images, labels = written.pop("loss").item(), written.pop("images"), written.pop("labels")
    dtype = str(images.dtype)
    sides = []  # (the largest error, its parameter, the loss's error), against PyTorch's float64 and float32
    for peer in [torch.float64] if dtype == "float64" else [torch.float64, torch.float32]:
        torch_loss, expected = torch_gradients(model, weights, images, labels, peer)
        if set(expected) != set(written):
            print(f"{model}: these gradients are not on both sides: {sorted(set(expected) ^ set(written))}")
            return False
        error = errors(written, expected)
        worst = max(error, key=lambda name: np.nan_to_num(error[name], nan=np.inf))
        sides.append((error[worst], worst, abs(loss - torch_loss) / abs(torch_loss)))
    passed = any(error <= BOUND[dtype] and of_loss <= LOSS_BOUND for error, _, of_loss in sides)
    shown = [f"{error:.1e}" for error, _, _ in sides] + ["-"]
    print(f"{model:<16} {dtype:<8} {len(images):>6} {loss:>9.6f} {min(side[2] for side in sides):>8.1e} {shown[0]:>9}"
          f" {shown[1]:>9} {BOUND[dtype]:>6.0e}  {min(sides)[1]:<28} {'ok' if passed else 'exceeded'}", flush=True)
    return passed


def main():
    options = comparison_options(__doc__, MODELS)
    data = ["--data", options.data] if options.data else []

    def cairn(*words):
        result = subprocess.run([options.cairn, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if result.returncode != 0:
            sys.exit(f"cairn {' '.join(words)}\n{result.stderr}")

    def check(model, weights, dtype, images):
        wide = ["--float64"] if dtype == "float64" else []
        grads = weights + ".grads"
        cairn("grads", model, "--weights", weights, *data, "--limit", str(images), *wide, "--out", grads)
        written = read_safetensors(grads)
        if written["images"].dtype != dtype:
            sys.exit(f"cairn grads wrote {written['images'].dtype}, not {dtype}")
        return compare(model, read_safetensors(weights), written)

    torch.set_num_threads(2)
    print(f"{'model':<16} {'type':<8} {'images':>6} {'loss':>9} {'error':>8} {'~float64':>9} {'~float32':>9}"
          f" {'bound':>6}  largest error")
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for model in options.models or MODELS:
            run = os.path.join(folder, model)
            cairn("train", model, *data, "--limit", "64", "--epochs", "1", "--out", run)
            weights = os.path.join(run, "model.safetensors")
            for dtype, batches in IMAGES.items():
                if not any(check(model, weights, dtype, images) for images in batches):
                    failed.append(f"{model} in {dtype}")
    print(f"FAILED: {', '.join(failed)}" if failed else "all within their bounds")
    sys.exit(1 if failed else 0)


main()
