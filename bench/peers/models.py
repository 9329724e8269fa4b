"""What the peers' programs share: the eight models as lists of layers, and how a training step is measured.

A layer is a tuple, its kind first; the last Dense has no activation, since the loss takes logits.
"""
import argparse
import json
import os
import statistics
import time


def conv(filters, padding="same"):
    return "conv", filters, padding  # 3x3, ReLU


def dense(units, activation="relu", l2=0.0):
    return "dense", units, activation, l2


POOL, NORM, FLATTEN, RELU = ("pool",), ("norm",), ("flatten",), ("relu",)


def dropout(rate):
    return "dropout", rate


OUTPUT = dense(10, None)
SIMPLE = [conv(32, "valid"), POOL, conv(64, "valid"), POOL, FLATTEN]
THREE_BLOCKS = [conv(32), POOL, conv(64), POOL, conv(128), POOL]

# name -> (batch size, layers), as chapters/*/model.h has them
MODELS = {
    "mlp-l2": (32, [FLATTEN, dense(512, l2=0.001), dropout(0.2), OUTPUT]),
    "mlp-bn": (32, [FLATTEN, dense(512, None), NORM, RELU, dropout(0.2), dense(256, None), NORM, RELU, dropout(0.2), OUTPUT]),
    "simple-cnn": (32, SIMPLE + [dense(64), OUTPUT]),
    "cnn-da-dropout": (32, SIMPLE + [dense(128), dropout(0.5), OUTPUT]),
    "original-cnn": (64, THREE_BLOCKS + [FLATTEN, dense(128), dense(64), OUTPUT]),
    "modified-cnn": (64, THREE_BLOCKS + [conv(256), POOL, FLATTEN, dense(128), dense(64), OUTPUT]),
    "original-cnn-bn": (64, [conv(32), NORM, POOL, conv(64), NORM, POOL, conv(128), NORM, POOL, FLATTEN,
                             dense(128), NORM, dense(64), NORM, OUTPUT]),
    "resnet": (32, [conv(32, "valid"), NORM, conv(32), NORM, POOL, conv(64), NORM, conv(64), NORM, POOL,
                    conv(128), NORM, conv(128), NORM, POOL, FLATTEN, dense(128), dropout(0.5), OUTPUT]),
}


def comparison_options(description, models):
    """The command line of a program that compares what cairn computes with what a peer does."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="folder of a data set in CIFAR-10's binary layout")
    parser.add_argument("--cairn", default=os.path.join(root, "build/release/cairn"), help="the program")
    parser.add_argument("models", nargs="*", metavar="MODEL", help="all eight by default")
    given = parser.parse_args()
    for model in given.models:
        if model not in models:
            parser.error(f"unknown model {model}; there are {', '.join(models)}")
    return given


def options(description, variants):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", choices=MODELS, metavar="MODEL", help=", ".join(MODELS))
    parser.add_argument("--variant", choices=variants, default=variants[0])
    parser.add_argument("--batch-size", type=int, help="by default the model's")
    parser.add_argument("--steps", type=int, default=30, help="how many are timed (default 30)")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="by default all")
    parser.add_argument("--check", metavar="FOLDER", help="print losses instead of times, from cairn's weights: see check.py")
    return parser.parse_args()


def resident(field):
    """VmRSS: resident memory now, VmHWM: its peak; in bytes."""
    with open("/proc/self/status") as status:
        return next(1024 * int(line.split()[1]) for line in status if line.startswith(field))


def measure(make_step, parameters_of, chosen, peer):
    """make_step() makes the model and returns a function that takes one step and returns its loss, which is read only to be
    checked; the growth of memory counts from there."""
    if chosen.check:
        step = make_step()
        losses = [float(step()) for _ in range(5)]
        record = {"peer": peer, "variant": chosen.variant, "parameters": parameters_of(), "losses": losses}
        print(json.dumps(record))
        return
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # the peak counts from here
    before = resident("VmRSS")
    step = make_step()
    for _ in range(10):
        step()
    times = []
    for _ in range(chosen.steps):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    print(json.dumps({
        "model": chosen.model, "peer": peer, "variant": chosen.variant, "threads": chosen.threads,
        "batch": chosen.batch_size or MODELS[chosen.model][0], "parameters": parameters_of(),
        "step_ms": 1e3 * statistics.median(times), "fastest_step_ms": 1e3 * min(times),
        "memory_growth_bytes": resident("VmHWM") - before}))
