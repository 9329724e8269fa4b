#!/usr/bin/env python3
"""Checks and measures cairn on the GPU of this machine, in one command, and writes a section for bench/RESULTS.md.

usage: bench/gpu.py [--cairn PROGRAM] [--tests PROGRAM] [--data DIR] [--out FILE] [--device vulkan[:i]] [--quick]

  cairn devices; the tests of the Vulkan backend, if their program is there; cairn diverge of every model; cairn bench on
  cpu and on the GPU at batch 32, 64 and 512; PyTorch with CUDA, eager and as a CUDA graph, if it is installed; training
  of original-cnn and resnet. --quick does the same with tiny sizes, to see that everything works.

A failing part is reported in the section and does not end the others; the exit status is then 1.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
failures = []


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cairn", default=str(ROOT / "build/release/cairn"), help="the program (also a portable one)")
    parser.add_argument("--tests", default=str(ROOT / "build/release/tests/vulkan_test"), help="the Vulkan tests")
    parser.add_argument("--data", help="CIFAR-10's folder (default: as cairn finds it)")
    parser.add_argument("--device", default="vulkan")
    parser.add_argument("--out", default="gpu-results.md", help="the section to write (default gpu-results.md)")
    parser.add_argument("--quick", action="store_true", help="tiny sizes")
    return parser.parse_args()


def run(what, command, seconds):
    """The command's standard output; None, and a note, if it fails."""
    print(f"{what}: {' '.join(map(str, command))}", flush=True)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired) as error:
        failures.append(f"{what}: {error}")
        return None
    if done.returncode != 0:
        last = (done.stdout + done.stderr).strip().splitlines()[-6:]
        failures.append(f"{what}: exit status {done.returncode}: " + " / ".join(last))
        return None
    return done.stdout


def bench(chosen, data, models, batches, steps):
    """Rows of cairn bench --json, one process per model, device and batch, so that one failure costs one row."""
    rows = []
    for batch in batches:
        for model in models:
            for device in ("cpu", chosen.device):
                out = run(f"bench {model} {device} {batch}",
                          [chosen.cairn, "bench", "--json", "--models", model, "--devices", device, "--batch-size",
                           str(batch), "--steps", str(steps)] + data, 1800)
                if out:
                    rows += json.loads(out)
    return rows


def torch_rows(models, batches, steps):
    rows = []
    script = str(ROOT / "bench/peers/torch_cuda_steps.py")
    try:
        there = subprocess.run([sys.executable, "-c", "import torch; raise SystemExit(not torch.cuda.is_available())"],
                               capture_output=True).returncode == 0
    except OSError:
        there = False
    for batch in batches if there else []:
        for model in models:
            for variant in ("eager", "graph"):
                out = run(f"PyTorch {variant} {model} {batch}",
                          [sys.executable, script, model, "--variant", variant, "--batch-size", str(batch), "--steps",
                           str(steps)], 600)
                if out:
                    rows.append(json.loads(out.strip().splitlines()[-1]))
    return there, rows


def step_table(models, batches, cairn, torch, device):
    """One line per model and batch: ms per step."""
    ours = {(r["model"], r["batch"], r["device"]): r for r in cairn}
    theirs = {(r["model"], r["batch"], r["variant"]): r for r in torch}
    lines = ["| model | batch | cpu ms | GPU ms | images/s | dispatches | host ms | launch share | PyTorch eager ms | "
             "PyTorch graph ms | eager / cairn |", "| --- |" + " ---: |" * 10]

    def cell(row, key, form):
        value = (row or {}).get(key)
        return "-" if value is None else format(value, form)

    for batch in batches:
        for model in models:
            gpu, eager = ours.get((model, batch, device)), theirs.get((model, batch, "eager"))
            ratio = f"{eager['step_ms'] / gpu['step_ms']:.2f}" if gpu and eager else "-"
            lines.append(" | ".join([
                f"| {model}", str(batch), cell(ours.get((model, batch, "cpu")), "step_ms", ".2f"),
                cell(gpu, "step_ms", ".3f"), cell(gpu, "images_per_second", ".0f"), cell(gpu, "dispatches_per_step", ".1f"),
                cell(gpu, "recording_ms", ".3f"), cell(gpu, "launch_share", ".2f"), cell(eager, "step_ms", ".3f"),
                cell(theirs.get((model, batch, "graph")), "step_ms", ".3f"), ratio]) + " |")
    return lines


def training(chosen, data, model, quick, folder):
    out = pathlib.Path(folder) / model
    more = ["--limit", "64", "--epochs", "1", "--batch-size", "16"] if quick else []
    start = time.monotonic()
    if run(f"train {model}", [chosen.cairn, "train", model, "--device", chosen.device, "--no-report", "--out",
                              str(out)] + more + data, 6 * 3600) is None:
        return None
    epochs = [json.loads(line) for line in (out / "history.jsonl").read_text().splitlines()]
    last = epochs[-1]
    return (f"| {model} | {len(epochs)} | {time.monotonic() - start:.0f} | {last['ms_per_step']:.2f} | "
            f"{last['loss']:.4f} | {last['accuracy']:.4f} | {last['val_accuracy']:.4f} |")


def main():
    chosen = options()
    data = ["--data", chosen.data] if chosen.data else []
    listed = run("models", [chosen.cairn, "models"], 60)
    if listed is None:
        sys.exit("\n".join(failures))
    known = ["original-cnn", "modified-cnn", "original-cnn-bn", "mlp-bn", "mlp-l2", "simple-cnn", "cnn-da-dropout", "resnet"]
    models = known[5:6] if chosen.quick else known
    batches, steps = ([8], 4) if chosen.quick else ([32, 64, 512], 50)
    devices = run("devices", [chosen.cairn, "devices"], 60) or "-"

    tests = "their program is not here"
    if os.path.exists(chosen.tests):
        more = ["--gtest_filter=*Agree*:*Validation*"] if chosen.quick else []
        out = run("tests", [chosen.tests] + more, 3600)
        tests = "FAILED" if out is None else out.strip().splitlines()[-1].strip()
    agree = []
    for model in models:
        limit = ["--limit", "64", "--batch-size", "8"]
        out = run(f"diverge {model}", [chosen.cairn, "diverge", model, "--left", "cpu", "--right", chosen.device, "--json"]
                  + limit + data, 1800)
        agree.append(f"{model} {'agrees' if out else 'PARTS'}")

    ours = bench(chosen, data, models, batches, steps)
    cuda, theirs = torch_rows(models, batches, steps)
    with tempfile.TemporaryDirectory() as folder:
        trained = [line for model in (models if chosen.quick else ["original-cnn", "resnet"])
                   if (line := training(chosen, data, model, chosen.quick, folder))]

    name = next((r["description"] for r in ours if r["device"] == chosen.device), chosen.device)
    lines = [f"## {name}", "", f"`bench/gpu.py{' --quick' if chosen.quick else ''}`, {time.strftime('%Y-%m-%d')}.", "",
             "```", devices.rstrip(), "```", "", f"Vulkan tests: {tests}", "",
             "`cairn diverge --left cpu`: " + ", ".join(agree), "",
             "### A training step", "", *step_table(models, batches, ours, theirs, chosen.device), "",
             "PyTorch: " + (theirs[0]["peer"] if theirs else "measured nothing" if cuda else "no CUDA build here"), "",
             "### Training", "", "| model | epochs | seconds | ms per step | loss | accuracy | test accuracy |",
             "| --- |" + " ---: |" * 6, *trained]
    if failures:
        lines += ["", "### What failed", "", *[f"- {failure}" for failure in failures]]
    pathlib.Path(chosen.out).write_text("\n".join(lines) + "\n")
    print(f"wrote {chosen.out}" + (f"; {len(failures)} parts failed" if failures else ""))
    sys.exit(1 if failures else 0)


main()
