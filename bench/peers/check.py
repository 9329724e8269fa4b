#!/usr/bin/env python3
"""Do the peers' programs compute what cairn computes? The losses of five steps, from the same weights and with the same batch.

usage: bench/peers/check.py [--data DIR] [--cairn PROGRAM] [MODEL...]

Needs cairn, built by ./cairn, and the peers that compare.py takes; those that are missing are left out. cairn trains each
model for an epoch on 64 images, so that no weight stands at a special value, and writes the loss of a batch (cairn grads).
Every peer, in each of its variants, loads weights and batch and takes five steps without dropout. It passes if

    it trains as many numbers as cairn,
    its first loss differs from cairn's by 1e-4 of its size at most: that is forward, in float32; PyTorch's convolutions of
        channels_last images leave 3e-5 in resnet, where float64 agrees with cairn,
    its later losses differ by 2 % of the first one at most from the median of all variants: that is backward and Adam.

The last bound is wide, because Adam divides a gradient by its size: one that is nothing but rounding, as that of a bias before
a batch normalization, moves its weight by a whole step; and PyTorch adds epsilon at another place of the formula, which shows
in the first steps. Exit status 1 if anything exceeds its bound.
"""
import json
import os
import re
import statistics
import sys
import tempfile

from compare import HERE, PEERS, ROOT, is_there, run, trained_numbers
from models import MODELS, comparison_options

FIRST, LATER = 1e-4, 0.02


def losses_of(peer, variant, model, folder):
    python, program, _, _ = PEERS[peer]
    words = [os.path.join(ROOT, python), os.path.join(HERE, program), model, "--variant", variant, "--check", folder]
    return json.loads(run(words, peer).splitlines()[-1])


def check(model, peers, folder, options):
    """Prints a line for each variant of each peer; returns whether all passed."""
    data = ["--data", options.data] if options.data else []
    common = ["--device", "cpu", *data, "--limit", "64"]
    weights = os.path.join(folder, "model.safetensors")
    run([options.cairn, "train", model, *common, "--epochs", "1", "--out", folder], "cairn")
    text = run([options.cairn, "grads", model, *common, "--weights", weights, "--out",
                os.path.join(folder, "grads.safetensors")], "cairn")
    first = float(re.search(r"^loss (\S+) on", text, re.MULTILINE).group(1))
    trained = trained_numbers(options.cairn, model)
    sides = [(peer, variant, losses_of(peer, variant, model, folder)) for peer in peers for variant in PEERS[peer][2]]
    middle = [statistics.median(record["losses"][i] for _, _, record in sides) for i in range(5)]
    passed = True
    for peer, variant, record in sides:
        own = record["losses"]
        ok = (record["parameters"] == trained and abs(own[0] - first) <= FIRST * abs(first)
              and all(abs(a - b) <= LATER * abs(first) for a, b in zip(own, middle)))
        passed = passed and ok
        shown = " ".join(f"{loss:9.6f}" for loss in [first, *own])
        print(f"{model:<16} {f'{peer}, {variant}':<34} {record['parameters']:>9} {shown} {'ok' if ok else 'exceeded'}",
              flush=True)
    return passed


def main():
    options = comparison_options(__doc__, MODELS)
    peers = [peer for peer in PEERS if is_there(peer)]
    if not peers:
        sys.exit("check.py: no peer is installed; bench/peers/venv.sh installs them")
    print(f"{'model':<16} {'peer':<34} {'trained':>9} {'cairn':>9} " + " ".join(f"{f'step {i + 1}':>9}" for i in range(5)))
    passed = True
    for model in options.models or MODELS:
        with tempfile.TemporaryDirectory() as folder:
            passed = check(model, peers, folder, options) and passed
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
