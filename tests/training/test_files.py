"""Files with gold: scored by places where gold has them, by words where it has not."""

import json
from pathlib import Path
from typing import Any

import pytest

from nianbao.inference.pipeline import parse
from nianbao.inference.rules import RuleTagger
from nianbao.models.report import Report
from nianbao.training.evaluate import main
from nianbao.training.files import evaluate_file, with_gold
from nianbao.training.outcomes import Outcome

EXAMPLES = Path(__file__).parents[2] / "examples"
COUNTY = EXAMPLES / "01-county-bureau.txt"
CITY = EXAMPLES / "02-city-office.html"


def gold_of(report: Report, *, places: bool) -> dict[str, Any]:
    """What the parser finds, as a reader would write it down."""
    text = report.source.text
    sections = []
    for section in report.sections:
        body = text[section.body_start : section.body_end]
        entry = section.model_dump(include={"id", "heading"}) | {
            "body_starts": "".join(body.split())[:12],
            "body_ends": "".join(body.split())[-12:],
        }
        edges = ("heading_start", "heading_end", "body_start", "body_end")
        sections.append(
            entry | {edge: getattr(section, edge) if places else None for edge in edges}
        )
    items = [
        item.model_dump(include={"role", "text"})
        | ({"start": item.start, "end": item.end} if places else {})
        for item in report.items
    ]
    return {
        "document": "x",
        "meta": {"title": report.meta.title, "year": report.meta.year, "format_version": "2021"},
        "cells": {cell.path: cell.value for cell in report.cells},
        "states": {cell.path: cell.state for cell in report.cells if cell.state != "found"},
        "sections": sections,
        "items": items,
        "patterns": ["B1"],
    }


def evaluated(folder: Path, source: Path, gold: dict[str, Any]) -> Outcome:
    (folder / "gold").mkdir()
    file = folder / source.name
    file.write_bytes(source.read_bytes())
    (folder / "gold" / f"{source.stem}.json").write_text(json.dumps(gold), encoding="utf-8")
    ((found, gold_file),) = with_gold(folder)
    assert found == file
    return evaluate_file(found, gold_file, 0, RuleTagger())


@pytest.mark.parametrize(("source", "places"), [(COUNTY, True), (COUNTY, False), (CITY, False)])
def test_what_agrees_with_gold_is_right(tmp_path: Path, source: Path, places: bool) -> None:
    report = parse(source, tagger=RuleTagger())
    outcome = evaluated(tmp_path, source, gold_of(report, places=places))
    score = outcome.score
    assert (score.reports, score.perfect, score.cells) == (1, 1, len(report.cells))
    assert score.states_right == score.cells
    assert score.sections_right == score.sections == 6
    assert score.items_right == score.items_given == score.items_gold == len(report.items) > 0
    assert (score.meta["title"], score.meta["year"], score.meta["form_version"]) == (1, 1, 1)
    assert all(one.right for one in (*outcome.cells, *outcome.sections, *outcome.items))
    assert (outcome.name, outcome.layout, outcome.damages) == (
        source.name, source.suffix[1:], ("B1",)
    )  # fmt: skip
    assert outcome.status == report.status


@pytest.mark.parametrize("places", [True, False])
def test_what_differs_from_gold_is_wrong(tmp_path: Path, places: bool) -> None:
    gold = gold_of(parse(COUNTY, tagger=RuleTagger()), places=places)
    gold["cells"]["t3.new.total"] = 47
    gold["cells"]["t2.fees"] = None
    first = gold["sections"][0]
    first["body_ends"] = "又是别的话。"
    if places:
        first["body_end"] -= 5
    gold["items"][0]["role"] = "measure" if gold["items"][0]["role"] == "problem" else "problem"
    outcome = evaluated(tmp_path, COUNTY, gold)
    score = outcome.score
    assert (score.perfect, score.wrong, score.invented) == (0, 1, 1)
    assert score.sections_right == score.sections - 1 and not outcome.sections[0].right
    assert score.items_right == score.items_gold - 1
    assert {one.name for one in outcome.cells if not one.right} == {"t3.new.total", "t2.fees"}


def test_the_true_value_of_a_hidden_cell_is_no_fault(tmp_path: Path) -> None:
    gold = gold_of(parse(COUNTY, tagger=RuleTagger()), places=True)
    gold["hidden"] = {"t2.fees": gold["cells"]["t2.fees"]}
    gold["cells"]["t2.fees"] = None
    assert evaluated(tmp_path, COUNTY, gold).score.perfect == 1


def test_a_file_that_is_no_report_is_rightly_refused(tmp_path: Path) -> None:
    notice = tmp_path / "source.txt"
    notice.write_text("关于元旦放假的通知\n\n1月1日放假一天。\n", encoding="utf-8")
    (tmp_path / "set").mkdir()
    outcome = evaluated(tmp_path / "set", notice, {"expect": "not_a_report"})
    assert outcome.refused and outcome.foreign and outcome.score.reports == 0


def test_a_report_that_ought_to_be_refused_is_a_fault(tmp_path: Path) -> None:
    outcome = evaluated(tmp_path, COUNTY, {"expect": "not_a_report"})
    assert not outcome.refused and outcome.score.perfect == 0 and outcome.score.invented > 0


def test_files_without_gold_and_of_other_kinds_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "gold").mkdir()
    for name in ("a.txt", "b.pdf", "c.md", "gold/a.json", "gold/b.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    assert [file.name for file, _ in with_gold(tmp_path)] == ["a.txt"]


def test_the_command_prints_a_line_for_each_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluated(tmp_path, COUNTY, gold_of(parse(COUNTY, tagger=RuleTagger()), places=True))
    assert main(["--files", str(tmp_path), "--without-model"]) == 0
    lines = capsys.readouterr().out.split("\n")
    (line,) = [line.split() for line in lines if line.startswith(f"  {COUNTY.name}")]
    assert line[1:4] == ["1", "1", "100.00"]
