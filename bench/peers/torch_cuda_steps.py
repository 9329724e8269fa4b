#!/usr/bin/env python3
"""A training step of one of the eight models in PyTorch on CUDA: prints its time as a line of JSON.

usage: bench/peers/torch_cuda_steps.py MODEL [--variant eager|graph] [--batch-size N] [--steps N]

The step is that of torch_steps.py; `graph` records it once as a CUDA graph and replays it. The arithmetic is float32,
without TF32, as cairn's. Steps are queued one after another and the clock is read when the GPU has done them all, so the
time is what a step costs a training that never waits.
"""
import json
import time

import torch
from torch import nn

from models import MODELS, options
from torch_layers import modules_of

WARM_UP = 11


def main():
    chosen = options(__doc__, ["eager", "graph"])
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(0)
    batch, layers = MODELS[chosen.model]
    batch = chosen.batch_size or batch
    images = torch.rand(batch, 3, 32, 32, device="cuda").to(memory_format=torch.channels_last)
    labels = torch.randint(0, 10, (batch,), device="cuda")
    modules, penalties = modules_of(layers)
    model = nn.Sequential(*modules).to("cuda", memory_format=torch.channels_last).train()
    graphed = chosen.variant == "graph"
    adam = torch.optim.Adam(model.parameters(), eps=1e-7, fused=True, capturable=graphed)
    loss_sum = torch.zeros((), device="cuda")
    right_sum = torch.zeros((), dtype=torch.long, device="cuda")

    def step():
        adam.zero_grad(set_to_none=True)
        logits = model(images)
        loss = nn.functional.cross_entropy(logits, labels)
        for weight, factor in penalties:
            loss = loss + factor * weight.square().sum()
        loss.backward()
        adam.step()
        with torch.no_grad():
            loss_sum.add_(loss)
            right_sum.add_((logits.argmax(1) == labels).sum())

    run = step
    side = torch.cuda.Stream()  # a capture needs warm-up steps on a stream of its own
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(WARM_UP):
            step()
    torch.cuda.current_stream().wait_stream(side)
    if graphed:
        graph = torch.cuda.CUDAGraph()
        adam.zero_grad(set_to_none=True)
        with torch.cuda.graph(graph):
            step()
        run = graph.replay
    run()
    torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(chosen.steps):
        run()
    queued = time.perf_counter()
    torch.cuda.synchronize()
    seconds = time.perf_counter() - start
    print(json.dumps({
        "model": chosen.model, "peer": f"PyTorch {torch.__version__}, {torch.cuda.get_device_name()}",
        "variant": chosen.variant, "batch": batch, "step_ms": 1e3 * seconds / chosen.steps,
        "host_ms": 1e3 * (queued - start) / chosen.steps}))


main()
