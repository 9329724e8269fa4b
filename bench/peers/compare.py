#!/usr/bin/env python3
"""cairn's training steps beside those of PyTorch, JAX and Keras: alternating in one run, with medians and ratios.

usage: bench/peers/compare.py [--quick] [--models a,b,...] [--rounds N] [--steps N] [--data DIR] [--out FILE]

Needs cairn, built by ./cairn, and the peers; those that are missing are left out, and it says how to install them.
One process runs at a time. In the first round every peer runs in each of its variants, which the peers' programs describe;
the one with the fastest step goes on. A round takes the median of its steps, and the tables show the median of the rounds.
check.py, in the same folder, shows that the peers compute the same.

Writes bench/RESULTS.md. With --quick (two rounds of ten steps, to see that everything works) it writes
build/quick-results.md instead. All eight models with five rounds take half an hour; close other programs first.
"""
import argparse
import json
import os
import platform
import shlex
import statistics
import subprocess
import sys

from tables import machine_table, memory_table, ratios_table, rounds_table, steps_table, threads_table

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

FORMATS = ["channels_last", "contiguous"]

# name -> (its Python, its program, its variants, how to install it)
PEERS = {
    "Debian's PyTorch": ("/usr/bin/python3", "torch_steps.py", FORMATS, "apt-get install python3-torch"),
    "PyTorch": ("build/venv/torch/bin/python", "torch_steps.py", FORMATS, "bench/peers/venv.sh torch"),
    "torch.compile": ("build/venv/torch/bin/python", "torch_steps.py", ["compile", "compile-autotune"],
                      "bench/peers/venv.sh torch"),
    "JAX": ("build/venv/jax/bin/python", "jax_steps.py", ["reduce_window", "reshape"], "bench/peers/venv.sh jax"),
    "Keras": ("build/venv/keras/bin/python", "keras_steps.py", ["graph", "xla"], "bench/peers/venv.sh keras"),
}


def run(words, what):
    result = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    if result.returncode != 0:
        sys.exit(f"compare.py: {what} failed with status {result.returncode}: {' '.join(words)}\n{result.stderr}")
    return result.stdout


def is_there(peer):
    python, program, _, _ = PEERS[peer]
    module = program.split("_")[0]
    look = f"import importlib.util, sys; sys.exit(importlib.util.find_spec('{module}') is None)"
    try:
        return subprocess.run([os.path.join(ROOT, python), "-c", look], stderr=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        return False


def trained_numbers(cairn, model):
    return json.loads(run([cairn, "summary", model, "--json"], "cairn"))["trainable_parameters"]


class Comparison:
    """The measurements of one model: side -> its records, a side being "cairn" or (peer, variant)."""

    def __init__(self, model, peers, options):
        self.model = model
        self.trained_numbers = trained_numbers(options.cairn, model)
        self.sides = ["cairn"] + [(peer, variant) for peer in peers for variant in PEERS[peer][2]]
        self.records = {side: [] for side in self.sides}
        self.one_thread = []  # cairn's records with --threads 1

    def round(self, options):
        for side in self.sides:
            self.records[side].append(self.measure(side, options))
        self.one_thread.append(self.measure("cairn", options, ["--threads", "1"]))

    def measure(self, side, options, further=()):
        if side == "cairn":
            words = [options.cairn, "bench", "--json", "--models", self.model, "--steps", str(options.steps), *further]
            return json.loads(run(words + (["--data", options.data] if options.data else []), "cairn"))[0]
        peer, variant = side
        python, program, _, _ = PEERS[peer]
        words = [os.path.join(ROOT, python), os.path.join(HERE, program), self.model]
        own = self.records["cairn"][0]
        words += ["--variant", variant, "--steps", str(options.steps), "--threads", str(own["threads"])]
        record = json.loads(run(words, peer).splitlines()[-1])
        for field, cairns in [("batch", own["batch"]), ("threads", own["threads"]), ("parameters", self.trained_numbers)]:
            if record[field] != cairns:
                sys.exit(f"compare.py: {peer} has {field} {record[field]} where cairn has {cairns}")
        return record

    def keep_the_fastest_variants(self):
        fastest = {}
        for side in self.sides[1:]:
            best = fastest.get(side[0])
            if best is None or self.fastest(side) < self.fastest(best):
                fastest[side[0]] = side
        self.sides = ["cairn"] + list(fastest.values())

    def median(self, side, field):
        values = [record[field] for record in self.records[side] if record[field] is not None]
        return statistics.median(values) if values else None

    def step(self, side):
        return self.median(side, "step_ms")

    def fastest(self, side):  # what a disturbance of one round does not change
        return min(record["fastest_step_ms"] for record in self.records[side])

    def side_of(self, peer):
        return next(side for side in self.sides if side[0] == peer)

    def ratio(self, peer):
        return self.step(self.side_of(peer)) / self.step("cairn")


# What cairn bench warned of in any round, as lines of the list of what was measured.
def warning_lines(comparisons):
    said = [line for c in comparisons for record in c.records["cairn"] + c.one_thread for line in record["warnings"]]
    return "".join(f"- warning: {line}\n" for line in dict.fromkeys(said))


# The command as anybody could repeat it: where the data and the results lie is this machine's own affair.
def typed_command():
    words, skip = ["bench/peers/compare.py"], False
    for word in sys.argv[1:]:
        option = word.split("=")[0]
        if not skip and option not in ("--data", "--out", "--cairn"):
            words.append(shlex.quote(word))
        skip = word in ("--data", "--out", "--cairn")
    return " ".join(words)


def results(comparisons, peers, options):
    own = comparisons[0].records["cairn"][0]
    versions = [comparisons[0].records[comparisons[0].side_of(peer)][0]["peer"] for peer in peers]
    peak, gemm, copy = (statistics.median(c.median("cairn", rate) for c in comparisons) for rate in
                        ["multiply_add_flops_per_second", "sgemm_flops_per_second", "copy_bytes_per_second"])
    with open("/etc/os-release") as release:
        system = next(line for line in release if line.startswith("PRETTY_NAME=")).split("=")[1].strip().strip('"')
    peer_lines = "\n".join(f"- {peer}: {version}" for peer, version in zip(peers, versions))
    return f"""# How fast cairn trains, beside PyTorch, JAX and Keras

Written by `{typed_command()}`; to repeat it:

```sh
./cairn --version                # builds cairn
apt-get install python3-torch    # Debian's PyTorch
bench/peers/venv.sh torch        # a current PyTorch
bench/peers/venv.sh jax          # JAX
bench/peers/venv.sh keras        # TensorFlow with Keras
{typed_command()}
```

- machine: {own["description"]}; {os.cpu_count()} processors; {system}, {platform.machine()}
- {run([options.cairn, "--version"], "cairn").strip()}
{peer_lines}
- data: {own["data"]}; {options.rounds} rounds of {options.steps} steps, {own["threads"]} threads on every side
- measured in the same run: multiply-adds in registers {1e-9 * peak:.0f} GFLOP/s, sgemm {1e-9 * gemm:.0f} GFLOP/s, copy \
{1e-9 * copy:.1f} GB/s
{warning_lines(comparisons)}
## A training step

Forward, backward, Adam, loss and accuracy; medians. First cairn's milliseconds, and how many times as long each peer takes; then
everybody's milliseconds. The peers' batch lies ready in memory, in the variant (in brackets) that was fastest in the first
round; cairn's step loads its batch, as in every training.

{ratios_table(comparisons, peers)}

{steps_table(comparisons, peers)}

## What the machine allows

The share of the peak is the step's multiplications and additions, divided by the rate of multiply-adds in registers and by
the step's time; that of sgemm the same with the rate of a large matrix product; the share of copy the bytes that Adam and
the products must move, divided by the rate of a large copy and by the step's time, for the models without convolutions.
`./cairn bench --help` has the formulas.

{machine_table(comparisons)}

## Threads

cairn alone, in the same rounds:

{threads_table(comparisons)}

## Memory

Growth of resident memory from the model's creation through training, at its peak. For the peers this includes what their
libraries load at first use.

{memory_table(comparisons, peers)}

## Every round

{rounds_table(comparisons)}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="two rounds of ten steps")
    parser.add_argument("--models", help="a,b,... (default: all eight)")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--data", help="folder of a data set in CIFAR-10's binary layout, for cairn")
    parser.add_argument("--cairn", default=os.path.join(ROOT, "build/release/cairn"), help="the program")
    parser.add_argument("--out", help="where to write the results")
    options = parser.parse_args()
    options.rounds = options.rounds or (2 if options.quick else 5)
    options.steps = options.steps or (10 if options.quick else 40)
    out = options.out or os.path.join(ROOT, "build/quick-results.md" if options.quick else "bench/RESULTS.md")

    sys.path.insert(0, HERE)
    from models import MODELS
    models = options.models.split(",") if options.models else list(MODELS)
    for model in models:
        if model not in MODELS:
            parser.error(f"unknown model {model}; there are {', '.join(MODELS)}")
    peers = [peer for peer in PEERS if is_there(peer)]
    for peer in PEERS:
        if peer not in peers:
            print(f"{peer} is not installed and is left out; {PEERS[peer][3]}")

    comparisons = [Comparison(model, peers, options) for model in models]
    for number in range(options.rounds):
        for comparison in comparisons:
            print(f"round {number + 1} of {options.rounds}: {comparison.model}", flush=True)
            comparison.round(options)
            if number == 0:
                comparison.keep_the_fastest_variants()
    text = results(comparisons, peers, options)
    with open(out + ".tmp", "w") as file:
        file.write(text)
    os.replace(out + ".tmp", out)
    for shown in [steps_table(comparisons, peers), machine_table(comparisons), threads_table(comparisons),
                  memory_table(comparisons, peers)]:
        print(f"\n{shown}")
    print(f"\n{warning_lines(comparisons)}wrote {out}")


if __name__ == "__main__":
    main()
