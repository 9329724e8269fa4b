#!/usr/bin/env python3
"""A training step of one of the eight models in PyTorch: prints its time and memory as a line of JSON.

usage: bench/peers/torch_steps.py MODEL [--variant channels_last|contiguous|compile|compile-autotune] [--batch-size N]
                                  [--steps N] [--threads N]

A step is forward (dropout and batch normalization as in training), the mean cross-entropy, backward, Adam (fused, where this
PyTorch has that), and the count of right answers, which is added up without being read. The batch lies ready in memory;
loading it is not counted.

The first two variants are eager mode in the two orders of memory. The others compile forward and loss, and with them
backward, by torch.compile (channels_last), as it does unless told otherwise and with max-autotune; what they do before the
clock starts takes half a minute and needs a C++ compiler. For max pooling they take the maxima of four slices, of
which torch.compile makes a faster program than of nn.MaxPool2d.
"""
import torch
from torch import nn

from models import measure, options
from start import batch_of, layers_of
from torch_layers import modules_of, set_weights

MODES = {"compile": "default", "compile-autotune": "max-autotune"}


class SlicedMaxPool2d(nn.Module):
    def forward(self, x):
        height, width = (size // 2 * 2 for size in x.shape[2:])
        x = x[:, :, :height, :width]
        upper = torch.maximum(x[:, :, ::2, ::2], x[:, :, ::2, 1::2])
        return torch.maximum(upper, torch.maximum(x[:, :, 1::2, ::2], x[:, :, 1::2, 1::2]))


def adam_for(parameters):
    try:
        return torch.optim.Adam(parameters, eps=1e-7, fused=True)
    except (RuntimeError, TypeError):  # this PyTorch has it for GPUs only
        return torch.optim.Adam(parameters, eps=1e-7)


def loss_of(modules, penalties, memory_format):
    model = nn.Sequential(*modules).to(memory_format=memory_format).train()

    def loss_and_right_ones(images, labels):
        logits = model(images)
        loss = nn.functional.cross_entropy(logits, labels)
        for weight, factor in penalties:
            loss = loss + factor * weight.square().sum()
        return loss, (logits.detach().argmax(1) == labels).sum()

    return loss_and_right_ones


def main():
    chosen = options(__doc__, ["channels_last", "contiguous", *MODES])
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(0)
    memory_format = torch.contiguous_format if chosen.variant == "contiguous" else torch.channels_last
    images, labels, weights = batch_of(chosen)
    images = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous(memory_format=memory_format)
    labels = torch.from_numpy(labels).long()
    parameters = []

    def make_step():
        modules, penalties = modules_of(layers_of(chosen))
        if weights:
            set_weights(modules, weights)
        if chosen.variant in MODES:
            modules = [SlicedMaxPool2d() if isinstance(module, nn.MaxPool2d) else module for module in modules]
        loss_and_right_ones = loss_of(modules, penalties, memory_format)
        parameters.extend(parameter for module in modules for parameter in module.parameters())
        adam = adam_for(parameters)
        sums = {"loss": torch.zeros(()), "right": torch.zeros((), dtype=torch.long)}
        if chosen.variant in MODES:
            loss_and_right_ones = torch.compile(loss_and_right_ones, mode=MODES[chosen.variant])

        def step():
            adam.zero_grad(set_to_none=True)
            loss, right = loss_and_right_ones(images, labels)
            loss.backward()
            adam.step()
            with torch.no_grad():
                sums["loss"] += loss
                sums["right"] += right
            return loss.detach()

        return step

    measure(make_step, lambda: sum(p.numel() for p in parameters), chosen, f"PyTorch {torch.__version__.split('+')[0]}")


main()
