"""`nianbao evaluate`: parse synthetic reports and score them against their gold."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ..inference.pipeline import build_report, parse_document
from ..inference.rules import RuleTagger
from ..models.document import Document
from ..models.errors import NotAReport
from ..models.labels import Span
from ..models.report import ModelInfo
from .scoring import Score, score_cells, score_report
from .synthetic.grammar import Split
from .synthetic.report import Sample, sample

if TYPE_CHECKING:
    from ..inference.tagger import Tagger


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scored report. refused: it was taken for another kind of document."""

    seed: int
    layout: str
    damages: tuple[str, ...]
    score: Score
    refused: bool = False


class GoldTagger:
    """Gives back the labels that a document carries already."""

    info = ModelInfo(name="gold", version="1", sha256="")

    def __init__(self, doc: Document) -> None:
        self._spans = doc.spans

    def tag(self, text: str) -> tuple[Span, ...]:
        return self._spans


def evaluate_one(found: Sample, seed: int, tagger: "Tagger | None") -> Outcome:
    """Parse and score one sample. tagger: None for the sample's own gold labels."""
    try:
        if tagger is None:
            report = build_report(found.document, GoldTagger(found.document))
        else:
            report = parse_document(found.document, tagger)
    except NotAReport:
        return Outcome(seed, found.layout, found.damages, score_cells({}, found.gold), True)
    return Outcome(seed, found.layout, found.damages, score_report(report, found.gold))


def _job(
    seed: int,
    *,
    split: Split,
    labels: str,
    folder: Path | None,
    layouts: tuple[str, ...] | None,
    n_damages: tuple[int, int],
) -> Outcome:
    found = sample(seed, split, layouts=layouts, n_damages=n_damages)
    return evaluate_one(found, seed, _tagger(labels, folder))


def _tagger(labels: str, folder: Path | None) -> "Tagger | None":
    if labels == "gold":
        return None
    if labels == "rules":
        return RuleTagger()
    return _loaded(folder)


_LOADED: dict[Path | None, "Tagger"] = {}


def _loaded(folder: Path | None) -> "Tagger":
    """One model for each process, not for each report."""
    from ..inference.tagger import load_tagger

    if folder not in _LOADED:
        _LOADED[folder] = load_tagger(folder)
    return _LOADED[folder]


def run(
    seeds: Iterable[int],
    *,
    split: Split = "held_out",
    labels: str = "model",
    folder: Path | None = None,
    layouts: tuple[str, ...] | None = None,
    n_damages: tuple[int, int] = (0, 3),
    jobs: int = 2,
) -> list[Outcome]:
    """Evaluate the reports of `seeds`, in their order. labels: "model", "gold" or "rules"."""
    job = partial(
        _job, split=split, labels=labels, folder=folder, layouts=layouts, n_damages=n_damages
    )
    seeds = list(seeds)
    if jobs == 1:
        return [job(seed) for seed in seeds]
    with ProcessPoolExecutor(jobs) as pool:
        outcomes = []
        for outcome in pool.map(job, seeds, chunksize=4):
            outcomes.append(outcome)
            if sys.stderr.isatty() or len(outcomes) % 100 == 0:
                print(f"\r{len(outcomes)}/{len(seeds)}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
    return outcomes


HEADER = (
    f"{'':28}{'reports':>8}{'perfect':>9}{'cells':>10}{'right %':>9}{'wrong':>7}{'invent.':>8}"
    f"{'missed':>8}{'non-0 %':>9}{'state %':>9}{'sect. %':>9}{'item F1':>9}"
)


def row(name: str, score: Score) -> str:
    """One line of the table; percentages of cells, of non-zero cells, of sections."""

    def share(part: int, whole: int) -> str:
        return f"{100 * part / whole:.2f}" if whole else "-"

    return (
        f"{name[:27]:28}{score.reports:>8}{share(score.perfect, score.reports):>9}{score.cells:>10}"
        f"{share(score.right, score.cells):>9}{score.wrong:>7}{score.invented:>8}"
        f"{score.missed:>8}{share(score.nonzero_right, score.nonzero):>9}"
        f"{share(score.states_right, score.cells):>9}"
        f"{share(score.sections_right, score.sections):>9}{score.item_f1:>9.4f}"
    )


def total(outcomes: Iterable[Outcome]) -> Score:
    return sum((outcome.score for outcome in outcomes), Score())


def table(outcomes: Sequence[Outcome]) -> str:
    """The scores of all, by layout and by damage (a report with two damages is in two lines)."""
    lines = [HEADER, row("全部 all", total(outcomes)), "版式 layout"]
    for layout in sorted({outcome.layout for outcome in outcomes}):
        lines.append(row(f"  {layout}", total(o for o in outcomes if o.layout == layout)))
    lines.append("破损 damage")
    lines.append(row("  (none)", total(o for o in outcomes if not o.damages)))
    for damage in sorted({name for outcome in outcomes for name in outcome.damages}):
        lines.append(row(f"  {damage}", total(o for o in outcomes if damage in o.damages)))
    score = total(outcomes)
    lines.append(
        "元数据 metadata, right %: "
        + ", ".join(
            f"{name} {100 * count / score.reports:.1f}"
            for name, count in sorted(score.meta.items())
        )
    )
    refused = sum(outcome.refused for outcome in outcomes)
    lines.append(f"拒绝 refused as no report: {refused}")
    return "\n".join(lines)


def worst(outcomes: Sequence[Outcome], count: int) -> str:
    """The reports with most cells not right, for a look at each (`--worst`)."""
    ranked = sorted(outcomes, key=lambda o: o.score.cells - o.score.right + o.score.invented)
    lines = [
        f"seed {o.seed}  {o.layout}  {','.join(o.damages)}  not right "
        f"{o.score.cells - o.score.right} invented {o.score.invented}"
        for o in islice(reversed(ranked), count)
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="nianbao evaluate",
        description="在合成的留出报告上评测 | Score the parser on held-out synthetic reports",
    )
    parser.add_argument("-n", type=int, default=500, help="报告份数 | number of reports")
    parser.add_argument("--first-seed", type=int, default=1_000_000, help="首个种子 | first seed")
    parser.add_argument("--split", choices=("held_out", "train"), default="held_out")
    labels = parser.add_mutually_exclusive_group()
    labels.add_argument("--gold-labels", action="store_true", help="用标准标注 | gold labels")
    labels.add_argument("--without-model", action="store_true", help="只用规则 | rules alone")
    parser.add_argument("--model", type=Path, help="模型目录 | model folder")
    parser.add_argument("--layouts", help="只用这些版式，以逗号分隔 | only these layouts")
    parser.add_argument("--damages", default="0-3", help="每份破损数 | damages a report, as 0-3")
    parser.add_argument("--jobs", type=int, default=2, help="进程数 | processes")
    parser.add_argument("--worst", type=int, default=0, help="列出最差的 | list the worst")
    options = parser.parse_args(arguments)
    least, _, most = options.damages.partition("-")
    outcomes = run(
        range(options.first_seed, options.first_seed + options.n),
        split=options.split,
        labels="gold" if options.gold_labels else "rules" if options.without_model else "model",
        folder=options.model,
        layouts=tuple(options.layouts.split(",")) if options.layouts else None,
        n_damages=(int(least), int(most or least)),
        jobs=options.jobs,
    )
    print(table(outcomes))
    if options.worst:
        print(worst(outcomes, options.worst))
    return 0


if __name__ == "__main__":
    sys.exit(main())
