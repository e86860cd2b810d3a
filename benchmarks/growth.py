"""How the cost grows: with a report's length, and with the number of reports."""

from collections import defaultdict
from pathlib import Path
from statistics import median

from benchmarks.batches import run_batch
from benchmarks.corpus import Corpus, of_length
from benchmarks.engines import Needs
from benchmarks.measure import Record, Say
from benchmarks.plan import Plan
from benchmarks.processes import Item, Pool


def against_length(plan: Plan, corpus: Corpus, needs: Needs) -> list[dict[str, float]]:
    """Milliseconds of one report of each length: the tagger alone, and all of parse; medians.

    peak_mb: the most that the process of `parse` held until it had read one of that length.
    """
    times = defaultdict[tuple[str, int], list[float]](list)
    peaks: dict[int, float] = {}
    with Pool("onnx_int8", 1, needs) as tagger, Pool("parse", 1, needs) as parser:
        used = {"tag_ms": tagger, "parse_ms": parser}
        for pool in used.values():
            pool.start(_item(corpus, 0, plan.lengths[0]))
        for number in range(1, plan.length_rounds + 1):
            for length in plan.lengths:
                for name, pool in used.items():
                    done = pool.run([_item(corpus, number, length)])
                    times[name, length].append(1000 * done.busy)
                peaks.setdefault(length, parser.peak / 1e6)
    return [
        {"characters": length, "peak_mb": peaks[length]}
        | {name: median(times[name, length]) for name in used}
        for length in plan.lengths
    ]


def _item(corpus: Corpus, number: int, length: int) -> Item:
    file = of_length(corpus, number, length)
    return Item(file, file, length)


def against_size(
    plan: Plan, corpus: Corpus, record: Record, scratch: Path, say: Say
) -> tuple[list[dict[str, float]], dict[str, float]]:
    """Seconds of `batch` with 2 workers over each corpus, and how its memory goes."""
    points, largest = [], None
    for size in plan.sizes:
        runs = record.batches[2] if size == plan.batch else ()
        runs = runs or [run_batch(corpus, size, 2, scratch / "batch")]
        seconds = median(run.seconds for run in runs)
        points.append({"documents": size, "seconds": seconds, "docs_per_s": size / seconds})
        say(f"  {size}: {size / seconds:.1f}/s")
        largest = runs[-1]
    assert largest is not None
    memory = {
        "documents": largest.n_documents,
        "worker_peak_mb": largest.peak / 1e6,
        "all_peak_mb": largest.total / 1e6,
    }
    for name, start, end in (("tenth", 0.1, 0.2), ("end", 0.9, 1.0)):
        held = largest.largest_worker(start, end)
        if held is not None:
            memory[f"worker_mb_at_the_{name}"] = held / 1e6
    return points, memory
