#!/usr/bin/env python3
"""A training step of one of the eight models in PyTorch: prints its time and memory as a line of JSON.

usage: bench/peers/torch_steps.py MODEL [--variant channels_last|contiguous] [--batch-size N] [--steps N] [--threads N]

A step, in eager mode, is forward (dropout and batch normalization as in training), the mean cross-entropy, backward, Adam
(fused, where this PyTorch has that), and the count of right answers, which is added up without being read. The batch lies
ready in memory; loading it is not counted.
"""
import torch
from torch import nn

from models import MODELS, measure, options
from torch_layers import modules_of


def adam_for(parameters):
    try:
        return torch.optim.Adam(parameters, eps=1e-7, fused=True)
    except (RuntimeError, TypeError):  # this PyTorch has it for GPUs only
        return torch.optim.Adam(parameters, eps=1e-7)


def main():
    chosen = options(__doc__, ["channels_last", "contiguous"])
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(0)
    batch, layers = MODELS[chosen.model]
    batch = chosen.batch_size or batch
    memory_format = torch.channels_last if chosen.variant == "channels_last" else torch.contiguous_format
    images = torch.rand(batch, 3, 32, 32).to(memory_format=memory_format)
    labels = torch.randint(0, 10, (batch,))
    parameters = []

    def make_step():
        modules, penalties = modules_of(layers)
        model = nn.Sequential(*modules).to(memory_format=memory_format).train()
        parameters.extend(model.parameters())
        adam = adam_for(parameters)
        sums = {"loss": torch.zeros(()), "right": torch.zeros((), dtype=torch.long)}

        def step():
            adam.zero_grad(set_to_none=True)
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
            for weight, factor in penalties:
                loss = loss + factor * weight.square().sum()
            loss.backward()
            adam.step()
            with torch.no_grad():
                sums["loss"] += loss
                sums["right"] += (logits.argmax(1) == labels).sum()

        return step

    measure(make_step, lambda: sum(p.numel() for p in parameters), chosen, f"PyTorch {torch.__version__.split('+')[0]}")


main()
