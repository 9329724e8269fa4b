#!/usr/bin/env python3
"""A training step of simple-cnn (batch 32, float32, Adam, two threads): cairn against PyTorch, alternating in one run.

usage: bench/peers/simple_cnn_step.py [ROUNDS]        (after ./cairn has built; PyTorch: Debian's python3-torch)

cairn's figure is the ms_per_step that `cairn train` logs for 300 steps, so it includes gathering, scaling and shuffling the
images and reading the results back. PyTorch's is the median over 60 steps on a batch that lies ready, in the better of its two
memory formats. Both do forward, backward and update. The images are noise: the time does not depend on them.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
THREADS = 2


def torch_step(memory_format):
    import torch
    from torch import nn

    torch.set_num_threads(THREADS)
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(2304, 64), nn.ReLU(), nn.Linear(64, 10))
    fmt = getattr(torch, memory_format)
    model = model.to(memory_format=fmt)
    images = torch.rand(32, 3, 32, 32).to(memory_format=fmt)
    labels = torch.randint(0, 10, (32,))
    optimizer = torch.optim.Adam(model.parameters())
    loss_of = nn.CrossEntropyLoss()
    times = []
    for _ in range(80):
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        loss_of(model(images), labels).backward()
        optimizer.step()
        times.append(time.perf_counter() - start)
    print(1e3 * statistics.median(times[20:]))


def peer(memory_format):
    output = subprocess.run([sys.executable, __file__, "--peer", memory_format], check=True, capture_output=True, text=True)
    return float(output.stdout)


def cairn():
    with tempfile.TemporaryDirectory() as folder:
        environment = {k: v for k, v in os.environ.items() if k != "CIFAR10_DIR"}
        environment["XDG_CACHE_HOME"] = folder  # shapes10, whatever data is around
        subprocess.run([os.path.join(ROOT, "build/release/cairn"), "train", "simple-cnn", "--threads", str(THREADS), "--epochs",
                        "1", "--limit", "9600", "--out", folder + "/run"], check=True, stdout=subprocess.DEVNULL, env=environment)
        with open(folder + "/run/history.jsonl") as history:
            return json.loads(history.readline())["ms_per_step"]


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--peer":
        return torch_step(sys.argv[2])
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    sides = {"cairn": cairn, "torch contiguous": lambda: peer("contiguous_format"), "torch channels_last": lambda: peer("channels_last")}
    times = {name: [] for name in sides}
    for _ in range(rounds):
        for name, measure in sides.items():
            times[name].append(measure())
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, values in times.items():
        print(f"{name:20} median {medians[name]:6.2f} ms   ({', '.join(f'{v:.2f}' for v in values)})")
    best = min(medians["torch contiguous"], medians["torch channels_last"])
    print(f"PyTorch / cairn = {best / medians['cairn']:.2f}")


main()
