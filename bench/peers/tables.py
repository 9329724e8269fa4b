"""The tables of bench/RESULTS.md, as Markdown: what compare.py measured."""
import statistics


def table(rows, left=1):
    """Rows of cells as a Markdown table that reads well as text too; the first `left` columns are words."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    rule = ["-" * w if i < left else "-" * (w - 1) + ":" for i, w in enumerate(widths)]

    def line(row):
        cells = [cell.ljust(w) if i < left else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths))]
        return "| " + " | ".join(cells) + " |"

    return "\n".join(line(row) for row in [rows[0], rule] + rows[1:])


def share(part):
    return "" if part is None else f"{part:.2f}"


def megabytes(count):
    return "" if count is None else f"{count / 1e6:.0f} MB"


def ratios_table(comparisons, peers):
    rows = [["model", "batch", "cairn ms"] + peers + ["fastest"] * (len(peers) > 0)]
    for c in comparisons:
        ratios = [c.ratio(peer) for peer in peers]
        rows.append([c.model, str(c.records["cairn"][0]["batch"]), f"{c.step('cairn'):.2f}"]
                    + [f"{ratio:.2f}" for ratio in ratios + sorted(ratios)[:1]])
    return table(rows)


def steps_table(comparisons, peers):
    rows = [["model", "cairn"] + peers]
    for c in comparisons:
        sides = [c.side_of(peer) for peer in peers]
        rows.append([c.model, f"{c.step('cairn'):.2f}"] + [f"{c.step(side):.2f} ({side[1]})" for side in sides])
    return table(rows)


def rounds_table(comparisons):
    rows = [["model", "side", "medians of the rounds, ms"]]
    for c in comparisons:
        for side in c.records:
            name = side if side == "cairn" else f"{side[0]}, {side[1]}"
            rows.append([c.model, name, ", ".join(f"{r['step_ms']:.2f}" for r in c.records[side])])
    return table(rows, 3)


def machine_table(comparisons):
    rows = [["model", "images/s", "GFLOP per step", "share of peak", "share of sgemm", "share of copy",
             "system allocations per step"]]
    for c in comparisons:
        of = lambda field: c.median("cairn", field)
        rows.append([c.model, f"{of('images_per_second'):.0f}", f"{1e-9 * of('flops_per_step'):.2f}",
                     share(of("multiply_add_share")), share(of("sgemm_share")), share(of("copy_share")),
                     f"{of('system_allocations_per_step'):g}"])
    return table(rows)


def threads_table(comparisons):
    threads = comparisons[0].records["cairn"][0]["threads"]
    rows = [["model", "1 thread ms", f"{threads} threads ms", "times as fast"]]
    for c in comparisons:
        one, all_of_them = statistics.median(r["step_ms"] for r in c.one_thread), c.step("cairn")
        rows.append([c.model, f"{one:.2f}", f"{all_of_them:.2f}", f"{one / all_of_them:.2f}"])
    return table(rows)


def memory_table(comparisons, peers):
    rows = [["model", "cairn"] + peers]
    for c in comparisons:
        sides = ["cairn"] + [c.side_of(peer) for peer in peers]
        rows.append([c.model] + [megabytes(c.median(side, "memory_growth_bytes")) for side in sides])
    return table(rows)
