"""Does the loop teach a layout that nobody foresaw? The queue, corrections, retraining, the gate.

`make retrain-test`, or `python -m tests.loop.invented.experiment --work DIR`. Every step that is
finished stands in DIR/results.json and is not done again, and `nianbao retrain` itself goes on
from its last checkpoint, so that an interrupted experiment goes on too. It ends with status 1
where what is claimed does not hold.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from nianbao.annotations import gold
from nianbao.annotations.documents import AnnotatedDocument
from nianbao.inference.ending import OK, REFUSED
from nianbao.inference.tagger import load_tagger
from nianbao.models.registry import SHIPPED, tagger_folder
from nianbao.training.evaluate import evaluate_one
from nianbao.training.outcomes import total
from tests.loop.invented.indicators import NAME as INDICATORS
from tests.loop.invented.pool import (
    LAYOUTS,
    corrected,
    new_reports,
    ordinary_reports,
    other_reports,
    spoiled,
    write_files,
)

ROOT = Path(__file__).parents[3]
N_ORDINARY, N_NEW, N_TEST = 450, 150, 200
POINTS = (20, 50, 100)
LEAST_SHARE = 0.85  # of the first that the queue chooses, which are of the new layout
LEAST_RIGHT = 0.99  # of the cells, once the last point is corrected
MOST_BEFORE = 0.9  # of the cells, under the shipped model: else there is nothing to learn
MOST_MINUTES = 60.0  # of processor time in one retraining: half an hour of two cores

Facts = dict[str, Any]


class Results:
    """What is known already, in a file that is whole at any time."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.facts: dict[str, Facts] = json.loads(file.read_text("utf-8")) if file.exists() else {}

    def of(self, name: str, find: Callable[[], Facts]) -> Facts:
        """The facts of a step, found now if they are not known."""
        if name not in self.facts:
            print(f"{time.strftime('%H:%M:%S')} {name}", file=sys.stderr, flush=True)
            self.facts[name] = find()
            new = self._file.with_suffix(".new")
            new.write_text(json.dumps(self.facts, ensure_ascii=False, indent=1) + "\n", "utf-8")
            os.replace(new, self._file)
        return self.facts[name]


def nianbao(home: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a user would, with models of its own; its complaints are shown and kept."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / ".dev"), "NIANBAO_HOME": str(home)}
    command = [sys.executable, "-m", "nianbao", *map(str, words)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        lines = []
        for line in process.stderr or ():
            print(line, end="", file=sys.stderr, flush=True)
            lines.append(line)
    return subprocess.CompletedProcess(command, process.returncode, "", "".join(lines))


def queue(work: Path, layout: str) -> Facts:
    """Let the shipped model choose from all files; the share of the new layout among the first."""
    pool, chosen = work / "pool", work / "queue.jsonl"
    new = new_reports(layout, N_NEW)
    write_files([*ordinary_reports(N_ORDINARY), *new], pool)
    n = N_ORDINARY + N_NEW
    options: list[str | Path] = ["-o", chosen, "--to", "gold", "-n", str(n), "--random", "0"]
    nianbao(work / "home-0", "annotate", "export", pool, *options)
    known = {one.document.sha256 for one in new}
    found = [document.sha256 in known for document in gold.read_gold(chosen)]
    return {
        "files": n,
        "chosen": len(found),
        "new": sum(found),
        "share": {str(first): sum(found[:first]) / first for first in POINTS},
    }


def corrections(work: Path, layout: str, n: int) -> list[AnnotatedDocument]:
    """The first `n` of the new layout that the queue chose, corrected."""
    truth = {one.document.sha256: one.document for one in new_reports(layout, N_NEW)}
    chosen = gold.read_gold(work / "queue.jsonl")
    found = [corrected(one, truth[one.sha256]) for one in chosen if one.sha256 in truth]
    return found[:n]


def processor_seconds() -> float:
    """Of all commands so far: unlike the clock it knows nothing of what else the machine does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def retraining(work: Path, name: str, documents: Sequence[AnnotatedDocument]) -> Facts:
    """`nianbao retrain` on these, from the shipped model on."""
    file, home = work / f"gold-{name}.jsonl", work / f"home-{name}"
    gold.write(documents, file)
    began, spent = time.monotonic(), processor_seconds()
    done = nianbao(home, "retrain", file)
    if done.returncode not in (OK, REFUSED):
        raise RuntimeError(f"nianbao retrain ended with {done.returncode}")
    current = home / "models/current"
    record = json.loads((home / "models/1/training.json").read_text("utf-8"))
    return {
        "status": done.returncode,
        "minutes": round((time.monotonic() - began) / 60, 1),
        "processor_minutes": round((processor_seconds() - spent) / 60, 1),
        "promoted": current.read_text("ascii").strip() if current.exists() else "0",
        "record": record,
        "said": done.stderr.splitlines()[-8:],
    }


def measured(folder: Path, layout: str) -> Facts:
    """The model on the reports of the new layout that nobody corrected."""
    tagger = load_tagger(folder)
    outcomes = [
        evaluate_one(one, number, tagger)
        for number, one in enumerate(other_reports(layout, N_TEST))
    ]
    score = total(outcomes)
    return {
        "cells": score.cells,
        "right": score.right,
        "wrong": score.wrong,
        "invented": score.invented,
        "missed": score.missed,
        "perfect": score.perfect,
        "sections": score.sections_right / score.sections,
        "item_f1": score.item_f1,
    }


def aligned(layout: str) -> Facts:
    """The same reports under their gold labels: what the rules can do with a perfect tagger."""
    score = total([evaluate_one(one, 0, None) for one in other_reports(layout, N_TEST)])
    return {"cells": score.cells, "right": score.right, "perfect": score.perfect}


def run(work: Path, layout: str, points: Sequence[int]) -> Results:
    """Every step that is not done yet."""
    work.mkdir(parents=True, exist_ok=True)
    known = Results(work / "results.json")
    known.of("aligned", partial(aligned, layout))
    known.of("queue", partial(queue, work, layout))
    known.of("test-0", partial(measured, tagger_folder(SHIPPED), layout))
    for n in points:
        right_labels = corrections(work, layout, n)
        known.of(f"retrain-{n}", partial(retraining, work, str(n), right_labels))
        known.of(f"test-{n}", partial(measured, work / f"home-{n}/models/1/tagger", layout))
    bad = spoiled(corrections(work, layout, max(POINTS)), seed=0)
    known.of("spoiled", partial(retraining, work, "spoiled", bad))
    return known


def right(facts: Facts) -> float:
    return float(facts["right"] / facts["cells"])


def broken_claims(facts: dict[str, Facts], points: Sequence[int]) -> list[str]:
    """What does not hold of that which the issue asks for."""
    shares = facts["queue"]["share"]
    steps = [right(facts[f"test-{n}"]) for n in (0, *points)]
    claims = {
        "gold labels align": right(facts["aligned"]) >= 0.995,
        "the shipped model stumbles": steps[0] < MOST_BEFORE,
        "the queue ranks the layout first": min(shares.values()) >= LEAST_SHARE,
        "cells right rise": all(before < after for before, after in pairwise(steps)),
        "cells right at the last point": steps[-1] >= LEAST_RIGHT,
        "the spoiled are refused": facts["spoiled"]["status"] == REFUSED,
        "the spoiled are refused with a reason": bool(facts["spoiled"]["record"]["reasons"]),
        "the spoiled are not promoted": facts["spoiled"]["promoted"] == "0",
    }
    for n in points:
        own = facts[f"retrain-{n}"]
        claims[f"{n}: nothing is lost, and promoted"] = own["status"] == OK
        claims[f"{n}: in time"] = own["processor_minutes"] <= MOST_MINUTES
    return [claim for claim, holds in claims.items() if not holds]


def table(facts: dict[str, Facts], points: Sequence[int]) -> str:
    """In Markdown: the new layout, and the frozen reports of all others."""
    lines = [
        "| corrected | cells right % | perfect | wrong | invented | sections % | item F1 "
        "| processor minutes | gate "
        "| frozen: cells right % | wrong | invented | sections % | item F1 |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for n in (0, *points):
        own = facts[f"test-{n}"]
        evaluations = facts[f"retrain-{n or points[0]}"]["record"]["evaluations"]
        side = "new" if n else "old"
        frozen = {name: one[side] for name, one in evaluations["frozen"]["figures"].items()}
        cells = [
            str(n),
            f"{right(own):.2%}",
            *(str(own[name]) for name in ("perfect", "wrong", "invented")),
            f"{own['sections']:.2%}",
            f"{own['item_f1']:.3f}",
            str(facts[f"retrain-{n}"]["processor_minutes"]) if n else "",
            facts[f"retrain-{n}"]["record"]["verdict"] if n else "",
            *(f"{frozen[name]:.3%}" for name in ("cells", "wrong", "invented", "sections")),
            f"{frozen['items']:.3f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layout", choices=LAYOUTS, default=INDICATORS)
    parser.add_argument("--work", type=Path, help="default: runs/retrain-test/LAYOUT")
    parser.add_argument("--points", type=int, nargs="+", default=POINTS)
    options = parser.parse_args(argv)
    work = options.work or ROOT / "runs/retrain-test" / options.layout
    facts = run(work, options.layout, options.points).facts
    print(table(facts, options.points))
    print(json.dumps(facts["queue"], ensure_ascii=False))
    print(*facts["spoiled"]["record"]["reasons"], sep="\n")
    broken = broken_claims(facts, options.points)
    print(*(f"does not hold: {claim}" for claim in broken), sep="\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
