"""One run of the benchmark: `python -m benchmarks` prints it and writes bench.json."""

import argparse
import json
import logging
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from statistics import fmean, median

from benchmarks import batches, growth, machine
from benchmarks.corpus import Corpus, corpus
from benchmarks.engines import Needs
from benchmarks.measure import Record, agreement, items_of, measure, pools, rows
from benchmarks.mix import BLOCK
from benchmarks.plan import FULL, QUICK, Plan
from benchmarks.processes import environment
from benchmarks.report import show
from benchmarks.results import Peak, Results, write
from nianbao.models.folder import load_folder
from nianbao.models.registry import tagger_folder
from nianbao.models.sums import file_sha256

NO_BATCH = "没有 nianbao batch，其行空缺 | no nianbao batch here: its rows are absent"


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def run(plan: Plan, model: Path, folder: Path, any_load: bool) -> tuple[Results, str | None]:
    """Measure everything; the results, and why they have no ratios (None: they have)."""
    folder.mkdir(parents=True, exist_ok=True)
    size = max(*plan.sizes, plan.batch)
    say(f"语料 {size} 份，首次要写几分钟 | corpus of {size} reports, minutes at first")
    reports = corpus(folder, size, jobs=2)
    fp32 = fp32_graph(model, folder)
    with_batch = batches.is_there()
    if not with_batch:
        say(NO_BATCH)
    before = machine.load_now()
    say(f"负载 {before.load_average:.2f}，他人占 {before.others:.2f} 核 | load, cores others use")
    say("冷启动 | cold starts")
    first = items_of(reports, 1, 0, plan.slice)[0]
    with pools(plan, model, fp32, first, say) as started:
        span_f = agreement(plan, reports, started)
        say("轮 | rounds")
        record = measure(plan, reports, started, folder, with_batch, say)
        found = rows(plan, started, record, reports, span_f)
    texts = [item.text for item in items_of(reports, BLOCK, 0, plan.slice) if item.text]
    peak = measured_peak(model, texts)
    say("长度 | length")
    length = growth.against_length(plan, reports, Needs(model, fp32, 1))
    say("规模 | size")
    sizes, memory = (
        growth.against_size(plan, reports, record, folder, say) if with_batch else ([], {})
    )
    files = [item.path for item in items_of(reports, plan.stages + 1, 0, plan.slice)]
    results = Results(
        date=datetime.now().astimezone().isoformat(timespec="minutes"),
        machine=machine.description(),
        load=load_of(before, record),
        corpus=about(reports),
        rows=found,
        peak=peak,
        length=length,
        corpus_size=sizes,
        memory=memory,
        stages=_json_of("benchmarks.stages", model, files),
        left_out=[] if with_batch else [NO_BATCH],
    )
    return results, refusal(before.others, record, any_load)


def fp32_graph(model: Path, folder: Path) -> Path:
    """The graph of a model folder before quantisation, which does not ship; exported once."""
    file = folder / f"fp32-{load_folder(model).sha256[:12]}.onnx"
    if not file.is_file():
        import torch
        from transformers import AutoModelForTokenClassification
        from transformers.utils import logging as transformers_logging

        from nianbao.models import encoder  # noqa: F401, registers ours with the Auto classes
        from nianbao.training.export import export_onnx

        transformers_logging.disable_progress_bar()
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it misses torchvision
        network = AutoModelForTokenClassification.from_pretrained(
            model, dtype=torch.float32, local_files_only=True
        )
        part = file.with_suffix(".part")
        export_onnx(network.eval(), part, load_folder(model).preprocess)
        part.replace(file)
    return file


def measured_peak(model: Path, texts: Sequence[Path]) -> Peak:
    found = _json_of("benchmarks.peak", model, texts)
    return Peak(found["gflops"]["fp32"], found["gflops"]["int8"], found["per_character"])


def _json_of(module: str, model: Path, files: Sequence[Path]) -> dict:  # type: ignore[type-arg]
    """What a module of ours prints, run in a process of its own."""
    command = [sys.executable, "-m", module, str(model), *map(str, files)]
    done = subprocess.run(command, env=environment(), stdout=subprocess.PIPE, text=True, check=True)
    found: dict = json.loads(done.stdout)  # type: ignore[type-arg]
    return found


def about(reports: Corpus) -> dict[str, object]:
    """What the corpus is, as it was written."""
    lengths = [entry.characters for entry in reports.entries]
    return {
        "documents": len(lengths),
        "html_share": sum(entry.format == "html" for entry in reports.entries) / len(lengths),
        "characters_mean": fmean(lengths),
        "characters_median": median(lengths),
        "characters_max": max(lengths),
        "bytes_mean": fmean(entry.n_bytes for entry in reports.entries),
        "index_sha256": file_sha256(reports.folder / "entries.json"),
    }


def load_of(before: machine.Load, record: Record) -> dict[str, object]:
    others = [load.others for load in record.loads]
    return {
        "average_before": before.load_average,
        "others_before": before.others,
        "others_median": median(others),
        "others_max": max(others),
        "bound": machine.MAX_LOAD,
    }


def refusal(before: float, record: Record, any_load: bool) -> str | None:
    """Why ratios of this run mean nothing; None where they do, or where one wants them anyway."""
    others = max(before, median(load.others for load in record.loads))
    if any_load or others <= machine.MAX_LOAD:
        return None
    return (
        f"他人占用 {others:.2f} 核，超过 {machine.MAX_LOAD}，不算比值（--any-load 照算）"
        f" | others used {others:.2f} cores, more than {machine.MAX_LOAD}:"
        " no ratios (--any-load for all that)"
    )


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about a minute, for a look")
    parser.add_argument("--any-load", action="store_true", help="ratios on a busy machine, too")
    parser.add_argument("--model", type=Path, help="default: the current version's")
    parser.add_argument("--out", type=Path, default=Path("bench.json"), metavar="FILE")
    parser.add_argument(
        "--work", type=Path, default=Path("out/bench"), metavar="DIR", help="corpus, fp32 graph"
    )
    args = parser.parse_args(argv)
    start = time.monotonic()
    plan = QUICK if args.quick else FULL
    model = args.model or tagger_folder()
    results, refused = run(plan, model.resolve(), args.work.resolve(), args.any_load)
    write(results, args.out, refused=refused)
    show(results, refused)
    say(f"{args.out}: {time.monotonic() - start:.0f} s")
