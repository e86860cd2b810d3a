"""`nianbao evaluate`: parse reports with known contents and score them against their gold."""

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..inference.rules import RuleTagger
from ..models.document import Document
from ..models.labels import Span
from ..models.report import ModelInfo, Report
from .files import evaluate_file, with_gold
from .folds import fold
from .outcomes import Outcome, labelling_of, outcome_of, parsed
from .results import write_results
from .synthetic.grammar import Split
from .synthetic.report import Sample, sample
from .tabulate import confidences, statuses, table, worst

if TYPE_CHECKING:
    from ..inference.tagger import Runtime, Tagger


class GoldTagger:
    """Gives back the labels that a document carries already."""

    info = ModelInfo(name="gold", version="1", sha256="")
    calibration = None

    def __init__(self, doc: Document) -> None:
        self._spans = doc.spans

    def tag(self, text: str) -> tuple[Span, ...]:
        return self._spans


@dataclass(frozen=True, slots=True)
class Tier:
    """Reports that are damaged to one degree. n_damages: the least and the most that are tried."""

    name: str
    n_damages: tuple[int, int]


#: A report without damage, as most pages are, and as the worst are.
TIERS = (Tier("clean", (0, 0)), Tier("typical", (1, 2)), Tier("hostile", (3, 5)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to evaluate, and on what. labels: "model", "gold" or "rules".

    folder: of the model; None for the current version's. layouts, damages: None for all.
    """

    labels: str = "model"
    folder: Path | None = None
    runtime: "Runtime" = "onnx"
    split: Split = "held_out"
    layouts: tuple[str, ...] | None = None
    damages: tuple[str, ...] | None = None


def evaluate_one(found: Sample, seed: int, tagger: "Tagger | None", tier: str = "") -> Outcome:
    """Parse and score one sample. tagger: None for the sample's own gold labels."""
    return judge(found, seed, tagger or GoldTagger(found.document), tier)[0]


def judge(
    found: Sample, seed: int, tagger: "Tagger", tier: str
) -> tuple[Outcome, tuple[Span, ...], Report | None]:
    """What became of one sample, with the labels and the report; None where it was refused."""
    doc = found.document
    spans, report = parsed(doc, tagger)
    outcome = outcome_of(
        report,
        found.gold,
        seed=seed,
        layout=found.layout,
        damages=found.damages,
        name=tier,
        labelling=labelling_of(doc.text, doc.spans, spans),
        foreign=found.refused,
    )
    return outcome, spans, report


def _job(seed_and_tier: tuple[int, Tier], plan: Plan) -> Outcome:
    seed, tier = seed_and_tier
    found = sample(
        seed, plan.split, layouts=plan.layouts, damages=plan.damages, n_damages=tier.n_damages
    )
    return evaluate_one(found, seed, _tagger(plan), tier.name)


def _tagger(plan: Plan) -> "Tagger | None":
    if plan.labels == "gold":
        return None
    return RuleTagger() if plan.labels == "rules" else loaded(plan.folder, plan.runtime)


_LOADED: "dict[tuple[Path | None, Runtime], Tagger]" = {}


def loaded(folder: Path | None, runtime: "Runtime") -> "Tagger":
    """One model for each process, not for each report."""
    from ..inference.tagger import load_tagger

    if (folder, runtime) not in _LOADED:
        _LOADED[folder, runtime] = load_tagger(folder, runtime)
    return _LOADED[folder, runtime]


def run(
    seeds: Iterable[int],
    plan: Plan | None = None,
    *,
    n_damages: tuple[int, int] = (0, 3),
    jobs: int = 2,
) -> list[Outcome]:
    """Evaluate the reports of `seeds`, in their order."""
    return run_tiers([(seed, Tier("", n_damages)) for seed in seeds], plan or Plan(), jobs)


def run_tiers(cases: Sequence[tuple[int, Tier]], plan: Plan, jobs: int = 2) -> list[Outcome]:
    """Evaluate the report of each seed with the damages of its tier, in the order given."""
    job = partial(_job, plan=plan)
    if jobs == 1:
        return [job(case) for case in cases]
    with ProcessPoolExecutor(jobs) as pool:
        outcomes = []
        for outcome in pool.map(job, cases, chunksize=4):
            outcomes.append(outcome)
            if sys.stderr.isatty() or len(outcomes) % 100 == 0:
                print(f"\r{len(outcomes)}/{len(cases)}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
    return outcomes


def in_tiers(first_seed: int, n: int) -> list[tuple[int, Tier]]:
    """`n` seeds from `first_seed` on, a third for each tier; the first takes what is left over."""
    names = [tier for i, tier in enumerate(TIERS) for _ in range((n + len(TIERS) - 1 - i) // 3)]
    return list(enumerate(names, first_seed))


def run_files(folder: Path, plan: Plan) -> list[Outcome]:
    """Evaluate every file of a folder that has its gold in `gold/`."""
    tagger = _tagger(plan)
    if tagger is None:
        raise ValueError("files have no gold labels")
    return [
        evaluate_file(file, gold, number, tagger)
        for number, (file, gold) in enumerate(with_gold(folder))
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nianbao evaluate",
        description="在合成的留出报告或附标准答案的文件上评测"
        " | Score the parser on held-out synthetic reports, or on files with gold",
    )
    add = parser.add_argument
    add("-n", type=int, help="报告份数，默认 500，分档时 1000 | number of reports")
    add("--first-seed", type=int, default=1_000_000, help="首个种子 | first seed")
    add("--split", choices=("held_out", "train"), default="held_out")
    labels = parser.add_mutually_exclusive_group()
    labels.add_argument("--gold-labels", action="store_true", help="用标准标注 | gold labels")
    labels.add_argument("--without-model", action="store_true", help="只用规则 | rules alone")
    add("--model", type=Path, help="模型目录 | model folder")
    add("--runtime", choices=("onnx", "torch"), default="onnx", help="int8 | fp32")
    add("--layouts", help="只用这些版式，以逗号分隔 | only these layouts")
    degree = parser.add_mutually_exclusive_group()
    degree.add_argument("--damages", default="0-3", help="每份破损数 | damages a report, as 0-3")
    degree.add_argument(
        "--tiers", action="store_true", help="完好、常见、恶劣三档 | three tiers of damage"
    )
    degree.add_argument(
        "--files", type=Path, metavar="DIR", help="评测 DIR 里的文件，答案在 DIR/gold"
        " | score the files of DIR against DIR/gold",
    )  # fmt: skip
    add("--damage-names", help="只用这些破损，以逗号分隔 | only these damages")
    add("--fold", type=int, help="只用第 1 至 5 折的版式与破损 | only what a fold leaves out")
    add("--jobs", type=int, default=2, help="进程数 | processes")
    add("--worst", type=int, default=0, help="列出最差的 | list the worst")
    add("--json", type=Path, metavar="FILE", help="全部结果写入文件 | write all results to a file")
    return parser


def _names(option: str | None) -> tuple[str, ...] | None:
    return tuple(option.split(",")) if option else None


def _plan(options: argparse.Namespace) -> Plan:
    labels = "gold" if options.gold_labels else "rules" if options.without_model else "model"
    left_out = None if options.fold is None else fold(options.fold)
    return Plan(
        labels=labels,
        folder=options.model,
        runtime=options.runtime,
        split=options.split,
        layouts=left_out.layouts if left_out else _names(options.layouts),
        damages=left_out.damages if left_out else _names(options.damage_names),
    )


def _outcomes(options: argparse.Namespace, plan: Plan) -> list[Outcome]:
    if options.files is not None:
        return run_files(options.files, plan)
    if options.tiers:
        cases = in_tiers(options.first_seed, 1000 if options.n is None else options.n)
        return run_tiers(cases, plan, options.jobs)
    n = 500 if options.n is None else options.n
    least, _, most = options.damages.partition("-")
    seeds = range(options.first_seed, options.first_seed + n)
    return run(seeds, plan, n_damages=(int(least), int(most or least)), jobs=options.jobs)


def _about(options: argparse.Namespace, tagger: "Tagger | None") -> Mapping[str, object]:
    """What was run, for the file of results; of paths the last name alone."""
    info = GoldTagger.info if tagger is None else tagger.info
    calibration = None if tagger is None else tagger.calibration
    given = {name: v.name if isinstance(v, Path) else v for name, v in vars(options).items()}
    about = (
        None
        if calibration is None
        else calibration.model_dump(include={"threshold", "review_below", "fitted_on"})
    )
    return {"model": info.model_dump(), "calibration": about, "options": given}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.files is not None and options.gold_labels:
        parser.error("--files 没有标准标注 | files have no gold labels")
    if options.fold is not None and (options.layouts or options.damage_names):
        parser.error("--fold 已定版式与破损 | --fold names layouts and damages already")
    plan = _plan(options)
    outcomes = _outcomes(options, plan)
    print(table(outcomes))
    tagger = _tagger(plan)
    calibration = None if tagger is None else tagger.calibration
    print(confidences(outcomes, None if calibration is None else calibration.threshold))
    print(statuses(outcomes))
    if options.worst:
        print(worst(outcomes, options.worst))
    if options.json is not None:
        write_results(options.json, outcomes, _about(options, tagger))
    return 0


if __name__ == "__main__":
    sys.exit(main())
