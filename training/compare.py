"""Compare models: their scores, and what their training was, in one list.

`python -m nianbao.training.compare RESULTS.json … --json OUT` reads files that `nianbao evaluate
--json` wrote. `--run NAME=FOLDER` tells where the `run.json` of RESULTS named NAME lies, `--what
NAME=TEXT` what NAME tries; a name is the file's without its suffix.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Scores:
    """right, perfect, nonzero_right, sections: shares of 1, None of nothing; the rest but item_f1
    are counts of cells."""

    right: float | None
    perfect: float | None
    nonzero_right: float | None
    wrong: int
    invented: int
    missed: int
    sections: float | None
    item_f1: float


@dataclass(frozen=True, slots=True)
class Variant:
    """A model that was trained and scored. what: in Chinese and English.

    reports: so many different ones in training; None where ever new ones were written.
    curve: (characters seen, F1 of the spans of development reports). parameters, steps: None
    where no network was trained.
    """

    name: str
    what: str
    parameters: int | None
    steps: int | None
    reports: int | None
    pretrained: bool
    runtime: str
    scores: Scores
    curve: tuple[tuple[int, float], ...] = ()


_FILE = TypeAdapter(tuple[Variant, ...])


def load(file: Path | str) -> tuple[Variant, ...]:
    """Read what the command wrote. Raises ValidationError where it is something else."""
    return _FILE.validate_json(Path(file).read_bytes())


def variant(
    name: str, results: Mapping[str, Any], run: Mapping[str, Any] | None, what: str = ""
) -> Variant:
    """results: a file of `nianbao evaluate --json`. run: `run.json` of the model's training."""
    options = results["run"]["options"]
    network = not options["gold_labels"] and not options["without_model"]
    run = run or {}
    return Variant(
        name=name,
        what=what or name,
        parameters=run.get("parameters"),
        steps=run.get("step"),
        reports=run.get("reports"),
        pretrained=run.get("init") is not None or run.get("encoder") is not None,
        runtime=options["runtime"] if network else "",
        scores=_scores(results["total"]),
        curve=curve(run),
    )


def _scores(total: Mapping[str, Any]) -> Scores:
    return Scores(
        right=_share(total["right"], total["cells"]),
        perfect=_share(total["perfect"], total["reports"]),
        nonzero_right=_share(total["nonzero_right"], total["nonzero"]),
        wrong=total["wrong"],
        invented=total["invented"],
        missed=total["missed"],
        sections=_share(total["sections_right"], total["sections"]),
        item_f1=total["item_f1"],
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def curve(run: Mapping[str, Any], label: str | None = None) -> tuple[tuple[int, float], ...]:
    """(characters seen, F1 of development reports) of a `run.json`; of one label, or of all.

    Every step sees about as many characters as the next, and a run counts only all of them.
    """
    if not run.get("step"):
        return ()
    each = run["characters"] / run["step"]
    found = (
        (one["step"], one["f1"] if label is None else one["f1_by_label"].get(label))
        for one in run["evaluations"]
    )
    return tuple((round(step * each), f1) for step, f1 in found if f1 is not None)


HEADER = (
    "| 变体 variant | 参数 parameters | 步 steps | 报告 reports | 预训练 pre-trained "
    "| 运行 runtime | 单元格 cells % | 全对 perfect % | 错/造/漏 wrong/invented/missed "
    "| 章节 sections % | 条目 item F1 |\n|---|--:|--:|--:|---|---|--:|--:|--:|--:|--:|"
)


def row(one: Variant) -> str:
    """A row of a Markdown table under HEADER."""
    s = one.scores
    fields = (
        one.what.replace("|", "/"),
        _count(one.parameters),
        _count(one.steps),
        "不限 ever new" if one.reports is None and one.steps else _count(one.reports),
        "—" if one.steps is None else "是 yes" if one.pretrained else "否 no",
        one.runtime or "—",
        _percent(s.right, 3),
        _percent(s.perfect, 1),
        f"{s.wrong} / {s.invented} / {s.missed}",
        _percent(s.sections, 1),
        f"{s.item_f1:.4f}",
    )
    return f"| {' | '.join(fields)} |"


def _count(number: int | None) -> str:
    return "—" if number is None else f"{number:,}"


def _percent(share: float | None, digits: int) -> str:
    return "—" if share is None else f"{100 * share:.{digits}f}"


def _pairs(parser: argparse.ArgumentParser, given: Sequence[str]) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in given]
    if any(not name or not sign for name, sign, _ in pairs):
        parser.error("NAME=… 缺了一半 | NAME=… has but one half")
    return {name: value for name, _, value in pairs}


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="nianbao.training.compare", description=__doc__)
    parser.add_argument("results", type=Path, nargs="+", metavar="RESULTS.json")
    parser.add_argument("--run", action="append", default=[], metavar="NAME=FOLDER")
    parser.add_argument("--what", action="append", default=[], metavar="NAME=TEXT")
    parser.add_argument("--json", type=Path, metavar="OUT")
    options = parser.parse_args(argv)
    runs, whats = _pairs(parser, options.run), _pairs(parser, options.what)
    if unknown := (runs.keys() | whats.keys()) - {file.stem for file in options.results}:
        parser.error(f"没有这些结果 | no such results: {', '.join(sorted(unknown))}")
    variants = []
    for file in options.results:
        run = _json(Path(runs[file.stem]) / "run.json") if file.stem in runs else None
        variants.append(variant(file.stem, _json(file), run, whats.get(file.stem, "")))
    print(HEADER, *map(row, variants), sep="\n")
    if options.json is not None:
        text = json.dumps([asdict(one) for one in variants], ensure_ascii=False, indent=1)
        options.json.write_text(text + "\n", encoding="utf-8")


def _json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
