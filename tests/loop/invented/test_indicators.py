"""What only the statistical returns have; what they share with the others is in `test_layout`."""

import random
from collections import Counter
from itertools import pairwise

import pytest

from nianbao.models.labels import Label, Span
from nianbao.training.synthetic.report import Sample
from tests.loop.invented.indicators import indicators, sheet


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return [indicators(seed, "train") for seed in range(20)]


def without_furniture(found: Sample) -> list[Span]:
    return [span for span in found.document.spans if span.label is not Label.NOISE]


def test_every_figure_has_its_column_before_it(samples: list[Sample]) -> None:
    for found in samples:
        spans = without_furniture(found)
        for before, span in pairwise(spans):
            assert span.label is not Label.VALUE or before.label is Label.COLUMN


def test_every_figure_of_gold_is_printed_and_nothing_else_is_a_value(samples: list[Sample]) -> None:
    for found in samples:
        values = {(s.start, s.end) for s in found.document.spans if s.label is Label.VALUE}
        assert values == {place for place in found.gold.places.values() if place[0] < place[1]}


def codes(found: Sample) -> list[str]:
    """The furniture with a number in it that stands right beside a row or a column."""
    named = (Label.ROW, Label.COLUMN)
    pairs = [pair for pair in pairwise(found.document.spans) if pair[1].start - pair[0].end == 1]
    beside = {left for left, right in pairs if right.label in named}
    beside |= {right for left, right in pairs if left.label in named}
    wordings = [found.document.wording(span) for span in beside if span.label is Label.NOISE]
    return [wording for wording in wordings if any(char.isdecimal() for char in wording)]


def test_no_code_comes_twice_in_one_of_the_three_tables(samples: list[Sample]) -> None:
    for found in samples:
        counts = Counter(codes(found))
        assert len(counts) >= 25  # table 3 has as many rows
        assert max(counts.values()) <= 3


def test_a_report_keeps_to_one_way_of_printing_its_figures(samples: list[Sample]) -> None:
    for found in samples:
        doc = found.document
        values = [span for span in doc.spans if span.label is Label.VALUE]
        assert len({doc.text[span.start - 1] for span in values}) == 1


def test_no_two_sheets_are_alike() -> None:
    sheets = [sheet(random.Random(seed)) for seed in range(200)]
    assert len({repr(own) for own in sheets}) == 200
    assert {own.by_row for own in sheets} == {own.before for own in sheets} == {True, False}
    assert {own.spanned for own in sheets} == {own.with_units for own in sheets} == {True, False}
