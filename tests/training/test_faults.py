"""Mistakes are counted as the score counts them, and shown where they stand."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from nianbao.inference.pipeline import build_report
from nianbao.inference.rules import RuleTagger
from nianbao.models.report import Report
from nianbao.training.evaluate import GoldTagger
from nianbao.training.faults import AROUND, INSIDE, CellCheck, Example, check_cells, examples_of
from nianbao.training.scoring import score_cells
from nianbao.training.survey import examine
from nianbao.training.synthetic.report import Sample, sample

SEEDS = range(7_300_000, 7_300_012)


def parsed(found: Sample) -> Report:
    return build_report(found.document, GoldTagger(found.document))


@pytest.fixture(scope="module")
def clean() -> Sample:
    return sample(SEEDS[0], "held_out", layouts=("A5",), n_damages=(0, 0))


def counts(checks: Iterable[CellCheck]) -> tuple[int, int, int, int]:
    kinds = Counter(check.kind for check in checks)
    return kinds["right"], kinds["wrong"], kinds["invented"], kinds["missed"]


def test_the_kinds_of_cells_add_up_to_the_score() -> None:
    missed = 0
    for seed in SEEDS:
        found = sample(seed, "held_out", n_damages=(2, 4))
        one = examine(found, seed, "", RuleTagger())
        score = one.outcome.score
        assert counts(one.cells) == (score.right, score.wrong, score.invented, score.missed)
        missed += score.missed
    assert missed


def test_a_refused_report_misses_every_value(clean: Sample) -> None:
    score = score_cells({}, clean.gold)
    assert counts(check_cells(None, clean.gold)) == (score.right, 0, 0, score.missed)
    assert score.missed


def test_each_kind_of_cell_is_told(clean: Sample) -> None:
    report = parsed(clean)
    gold = clean.gold
    paths = list(gold.cells)[:4]
    other = {paths[0]: -1, paths[1]: None}
    changed = replace(gold, cells={**gold.cells, **other}, hidden={})
    kinds = {check.path: check.kind for check in check_cells(report, changed)}
    assert [kinds[path] for path in paths] == ["wrong", "invented", "right", "right"]
    hidden = replace(changed, hidden={paths[1]: report.cell(paths[1]).value or 0})
    assert {c.path: c.kind for c in check_cells(report, hidden)}[paths[1]] == "right"


def test_a_perfect_reading_has_no_examples(clean: Sample) -> None:
    assert examples_of(clean, clean.document.spans, parsed(clean), 0) == ()


def kinds_of(examples: tuple[Example, ...]) -> set[tuple[str, str]]:
    return {(example.of, example.kind) for example in examples}


def test_a_span_that_is_missed_invented_or_cut_is_an_example(clean: Sample) -> None:
    first, second, *rest = (s for s in clean.document.spans if s.end - s.start > 2)
    spans = tuple(sorted([replace(second, end=second.end - 1), *rest]))
    found = examples_of(clean, spans, None, 0)
    assert (first.label, "missed") in kinds_of(found)
    assert (second.label, "edges") in kinds_of(found)
    undone = replace(clean, document=replace(clean.document, spans=(second, *rest)))
    assert (first.label, "invented") in kinds_of(examples_of(undone, (first, *rest), None, 0))


def test_examples_show_the_text_of_their_marks() -> None:
    for seed in SEEDS:
        found = sample(seed, "held_out", n_damages=(1, 3))
        text = found.document.text
        for example in examples_of(found, RuleTagger().tag(text), None, seed):
            assert example.text in text
            assert len(example.text) <= 2 * AROUND + INSIDE
            for mark in (*example.gold, *example.given):
                assert 0 <= mark.start < mark.end <= len(example.text)


def test_a_missed_cell_is_named_and_shown_in_its_place(clean: Sample) -> None:
    report = parsed(clean)
    path = "t3.new.total"
    cells = tuple(
        cell.model_copy(update={"value": None, "state": "unreadable"})
        if cell.path == path
        else cell
        for cell in report.cells
    )
    spans = clean.document.spans
    broken = report.model_copy(update={"cells": cells})
    [example] = examples_of(clean, spans, broken, 7)
    wanted = clean.gold.cells[path]
    assert (example.of, example.kind, example.seed) == ("cell", "missed", 7)
    assert "一、本年新收政府信息公开申请数量 总计" in example.what
    assert f"标准 {wanted}，所得 空（unreadable" in example.what
    [mark] = example.gold
    assert example.text[mark.start : mark.end] == str(wanted) == mark.name


def test_sections_and_items_are_shown_too(clean: Sample) -> None:
    report = parsed(clean)
    fewer = report.model_copy(update={"sections": report.sections[1:], "items": report.items[1:]})
    found = examples_of(clean, clean.document.spans, fewer, 0)
    assert kinds_of(found) == {("section", "missed"), ("item", "missed")}
    gold = replace(clean.gold, sections=clean.gold.sections[1:], items=clean.gold.items[1:])
    found = examples_of(replace(clean, gold=gold), clean.document.spans, report, 0)
    assert kinds_of(found) == {("section", "invented"), ("item", "invented")}
