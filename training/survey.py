"""One evaluation in a few hundred kilobytes: what the notebooks show, examples of mistakes too.

`python -m nianbao.training.survey -n 1000 --json FILE` parses held-out reports of all three tiers.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from pydantic import TypeAdapter

from ..inference.tagger import OnnxTagger, Tagger
from ..models.folder import load_folder, shipped
from ..models.labels import Label
from ..models.report import ModelInfo
from .evaluate import Tier, in_tiers, judge
from .faults import CellCheck, Example, check_cells, examples_of
from .metrics import SpanScore
from .outcomes import (
    CHARACTER_LABELS,
    Judged,
    Outcome,
    all_labels,
    total,
)
from .reliability import Bin, Kept, calibration_error, reliability, risk_coverage
from .scoring import Score
from .synthetic.report import Sample, sample
from .tabulate import arrays

#: How many mistakes of one kind are kept; of a label's, one.
N_EXAMPLES = {"cell": 3, "section": 2, "item": 2}


@dataclass(frozen=True, slots=True)
class Examined:
    """One report with its mistakes. tables: (table, alignment, cells, cells that are right)."""

    outcome: Outcome
    cells: tuple[CellCheck, ...]
    tables: tuple[tuple[str, str, int, int], ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Cells, and how many of them are wrong, invented, missed."""

    cells: int = 0
    wrong: int = 0
    invented: int = 0
    missed: int = 0

    @property
    def not_right(self) -> int:
        return self.wrong + self.invented + self.missed


@dataclass(frozen=True, slots=True)
class Aligned:
    """Tables of one alignment: how many, how many with every cell right, and their cells."""

    tables: int = 0
    perfect: int = 0
    cells: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True)
class Confidence:
    """How far the confidences of cells, sections or items can be believed. ece: None of none."""

    count: int
    ece: float | None
    bins: tuple[Bin, ...]
    kept: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """tiers, layouts, damages: the scores of each; a report with two damages counts in both.

    characters: gold label -> given label -> how many. cells: by path; methods: by the parser's
    way. states: gold's -> given. aligned: table -> alignment. statuses: status -> (perfect, not).
    reports: those that were drawn, foreign documents too, which `total` leaves out.
    """

    model: ModelInfo
    first_seed: int
    reports: int
    total: Score
    tiers: dict[str, Score]
    layouts: dict[str, Score]
    damages: dict[str, Score]
    spans: dict[Label, SpanScore]
    characters: dict[str, dict[str, int]]
    confidence: dict[str, Confidence]
    cells: dict[str, Tally]
    methods: dict[str, Tally]
    states: dict[str, dict[str, int]]
    aligned: dict[str, dict[str, Aligned]]
    statuses: dict[str, tuple[int, int]]
    examples: tuple[Example, ...] = field(default=())


_FILE = TypeAdapter(Survey)


def load(file: Path | str) -> Survey:
    """Read what `save` wrote. Raises ValidationError where it is something else."""
    return _FILE.validate_json(Path(file).read_bytes())


def save(survey: Survey, file: Path) -> None:
    file.write_bytes(_FILE.dump_json(survey, exclude_defaults=True) + b"\n")


def examine(found: Sample, seed: int, tier: str, tagger: Tagger) -> Examined:
    """Parse one sample and find its mistakes."""
    outcome, spans, report = judge(found, seed, tagger, tier)
    checks = () if found.refused else check_cells(report, found.gold)
    right = Counter(check.path[:2] for check in checks if check.kind == "right")
    cells = Counter(check.path[:2] for check in checks)
    tables = () if report is None or found.refused else report.tables
    return Examined(
        outcome,
        checks,
        tuple((t.id, t.alignment, cells[t.id], right[t.id]) for t in tables),
        examples_of(found, spans, report, seed),
    )


@cache
def _tagger(folder: Path) -> OnnxTagger:
    return OnnxTagger(load_folder(folder))


def _job(case: tuple[int, Tier], folder: Path) -> Examined:
    seed, tier = case
    found = sample(seed, "held_out", n_damages=tier.n_damages)
    return examine(found, seed, tier.name, _tagger(folder))


def survey(first_seed: int, n: int, *, folder: Path | None = None, jobs: int = 1) -> Survey:
    """Parse `n` held-out reports with the model of a folder, None for the shipped one."""
    folder = folder or shipped()
    job: Callable[[tuple[int, Tier]], Examined] = partial(_job, folder=folder)
    cases = in_tiers(first_seed, n)
    if jobs == 1:
        found = [job(case) for case in cases]
    else:
        with ProcessPoolExecutor(jobs) as pool:
            found = list(pool.map(job, cases, chunksize=8))
    return survey_of(found, _tagger(folder).info, first_seed)


def survey_of(found: Sequence[Examined], model: ModelInfo, first_seed: int) -> Survey:
    """Add up what was examined."""
    outcomes = [one.outcome for one in found]
    labelling = all_labels(outcomes)
    checks = [check for one in found for check in one.cells]
    damages = {name: [o for o in outcomes if name in o.damages] for name in _damages(outcomes)}
    return Survey(
        model=model,
        first_seed=first_seed,
        reports=len(found),
        total=total(outcomes),
        tiers=_scores(outcomes, lambda outcome: outcome.name),
        layouts=_scores(outcomes, lambda outcome: outcome.layout),
        damages={name: total(own) for name, own in damages.items()},
        spans=labelling.spans,
        characters={
            gold: {given: labelling.characters[gold, given] for given in CHARACTER_LABELS}
            for gold in CHARACTER_LABELS
        },
        confidence={
            "cells": _confidence([one for o in outcomes for one in o.cells]),
            "sections": _confidence([one for o in outcomes for one in o.sections]),
            "items": _confidence([one for o in outcomes for one in o.items]),
        },
        cells=_tallies(checks, lambda check: check.path),
        methods=_tallies(checks, lambda check: check.method),
        states=_states(checks),
        aligned=_aligned(found),
        statuses=_statuses(outcomes),
        examples=_examples(found),
    )


def _damages(outcomes: Iterable[Outcome]) -> list[str]:
    return sorted({name for outcome in outcomes for name in outcome.damages})


def _scores(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> dict[str, Score]:
    names = dict.fromkeys(key(outcome) for outcome in outcomes)
    return {name: total([o for o in outcomes if key(o) == name]) for name in names}


def _confidence(judged: Sequence[Judged]) -> Confidence:
    confidence, right = arrays(judged)
    bins = reliability(confidence, right)
    kept = risk_coverage(confidence, right)
    return Confidence(len(judged), calibration_error(bins), bins, kept)


def _tallies(checks: Iterable[CellCheck], key: Callable[[CellCheck], str]) -> dict[str, Tally]:
    counts: dict[str, Counter[str]] = {}
    for check in checks:
        counts.setdefault(key(check), Counter())[check.kind] += 1
    return {
        name: Tally(own.total(), own["wrong"], own["invented"], own["missed"])
        for name, own in counts.items()
    }


def _states(checks: Iterable[CellCheck]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for check in checks:
        if check.wanted_state is not None:
            counts.setdefault(check.wanted_state, Counter())[check.state] += 1
    return {wanted: dict(given) for wanted, given in counts.items()}


def _aligned(found: Iterable[Examined]) -> dict[str, dict[str, Aligned]]:
    sums: dict[str, dict[str, Aligned]] = {}
    for one in found:
        for table, alignment, cells, right in one.tables:
            own = sums.setdefault(table, {})
            was = own.get(alignment, Aligned())
            perfect = was.perfect + (cells == right)
            own[alignment] = Aligned(was.tables + 1, perfect, was.cells + cells, was.right + right)
    return sums


def _statuses(outcomes: Iterable[Outcome]) -> dict[str, tuple[int, int]]:
    counts = Counter((o.status or "refused", o.score.perfect) for o in outcomes if not o.foreign)
    return {name: (counts[name, 1], counts[name, 0]) for name in ("ok", "review", "refused")}


def _examples(found: Iterable[Examined]) -> tuple[Example, ...]:
    """The first few of each kind, none of two from one layout; sorted by kind."""
    kept: dict[tuple[str, str], list[Example]] = {}
    for one in found:
        for example in one.examples:
            own = kept.setdefault((example.of, example.kind), [])
            room = len(own) < N_EXAMPLES.get(example.of, 1)
            if room and example.layout not in {other.layout for other in own}:
                own.append(example)
    return tuple(example for key in sorted(kept) for example in kept[key])


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="nianbao.training.survey", description=__doc__)
    parser.add_argument("-n", type=int, default=1000, help="number of reports")
    parser.add_argument("--first-seed", type=int, default=1_000_000)
    parser.add_argument("--model", type=Path, help="model folder; default: the shipped one")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path, required=True, metavar="FILE")
    options = parser.parse_args(argv)
    found = survey(options.first_seed, options.n, folder=options.model, jobs=options.jobs)
    save(found, options.json)


if __name__ == "__main__":
    main()
