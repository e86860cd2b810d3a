"""Judgement of single cells, sections and items; the labels of characters."""

from dataclasses import replace
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.pipeline import build_report
from nianbao.models.labels import Label, Span
from nianbao.models.report import Report
from nianbao.training.evaluate import GoldTagger
from nianbao.training.outcomes import (
    CHARACTER_LABELS,
    judged_cells,
    judged_items,
    judged_sections,
    labelling_of,
    outcome_of,
)
from nianbao.training.synthetic.gold import Gold
from nianbao.training.synthetic.report import sample

SEED = 7_000_003


@cache
def read() -> tuple[Report, Gold]:
    found = sample(SEED, "held_out", layouts=("A5",), n_damages=(0, 0))
    return build_report(found.document, GoldTagger(found.document)), found.gold


def with_value(gold: Gold, path: str, value: int | None) -> Gold:
    return replace(gold, cells={**gold.cells, path: value})


def test_as_many_are_right_as_the_score_counts() -> None:
    report, gold = read()
    outcome = outcome_of(report, gold, seed=SEED, layout="A5", damages=())
    assert sum(one.right for one in outcome.cells) == outcome.score.right > 0
    assert sum(one.right for one in outcome.sections) == outcome.score.sections_right > 0
    assert sum(one.right for one in outcome.items) == outcome.score.items_right > 0


def test_a_cell_is_wrong_where_gold_has_another_value_or_none() -> None:
    report, gold = read()
    path = "t3.new.total"
    value = report.cell(path).value
    assert isinstance(value, int)

    def right(gold: Gold) -> bool:
        return next(one.right for one in judged_cells(report, gold) if one.name == path)

    assert right(gold)
    assert not right(with_value(gold, path, value + 1))
    assert not right(with_value(gold, path, None))
    assert right(replace(with_value(gold, path, None), hidden={path: value}))


def test_a_null_is_right_where_gold_has_none() -> None:
    report, gold = read()
    cell = report.cells[0].model_copy(update={"value": None, "state": "missing"})
    null = report.model_copy(update={"cells": (cell,)})
    assert not judged_cells(null, with_value(gold, cell.path, 3))[0].right
    assert judged_cells(null, with_value(gold, cell.path, None))[0].right
    assert judged_cells(null, replace(gold, cells={}))[0].right


def test_sections_and_items_that_gold_does_not_have_are_wrong() -> None:
    report, gold = read()
    bare = replace(gold, sections=(), items=())
    judged = (*judged_sections(report, bare), *judged_items(report, bare))
    assert judged and not any(one.right for one in judged)


def test_a_foreign_document_is_rightly_refused_and_never_perfect() -> None:
    report, gold = read()
    nothing = replace(gold, cells={}, states={}, sections=(), items=(), meta={})
    refused = outcome_of(None, nothing, seed=1, layout="A5", damages=(), foreign=True)
    assert refused.refused and refused.score.reports == 0
    parsed = outcome_of(report, nothing, seed=1, layout="A5", damages=(), foreign=True)
    assert not parsed.refused and parsed.score.perfect == 0 and parsed.score.invented > 0
    assert parsed.cells == ()


TEXT = "甲乙 丙丁\n戊"
places = st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda edges: edges[0] < edges[1])
spans = st.builds(
    lambda edges, label: (Span(edges[0], edges[1], label),),
    places,
    st.sampled_from((Label.ROW, Label.VALUE)),
)


@given(spans, spans)
def test_every_printed_character_is_counted_once(
    gold: tuple[Span, ...], given: tuple[Span, ...]
) -> None:
    found = labelling_of(TEXT, gold, given)
    assert sum(found.characters.values()) == 5
    assert {name for pair in found.characters for name in pair} <= set(CHARACTER_LABELS)
    same = sum(n for (true, ours), n in found.characters.items() if true == ours)
    assert (same == 5) >= (gold == given)
    assert found.spans[Label.ROW].gold == sum(span.label is Label.ROW for span in gold)
