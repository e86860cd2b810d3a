"""What only the reports in cards have; what they share with the other is in `test_layout`."""

import random
from itertools import pairwise

import pytest

from nianbao.models.labels import Label, Span
from nianbao.training.synthetic.report import Sample
from tests.loop.invented.cards import cards, hand


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return [cards(seed, "train") for seed in range(20)]


def without_furniture(found: Sample) -> list[Span]:
    return [span for span in found.document.spans if span.label is not Label.NOISE]


def test_nothing_but_furniture_stands_between_a_row_and_its_figures(samples: list[Sample]) -> None:
    for found in samples:
        fourth = min(
            start for path, (start, _) in found.gold.places.items() if path.startswith("t4.")
        )
        for before, span in pairwise(without_furniture(found)):
            if span.label is Label.VALUE and span.start < fourth:
                assert before.label in (Label.ROW, Label.VALUE)


def test_every_figure_of_gold_is_printed_and_nothing_else_is_a_value(samples: list[Sample]) -> None:
    for found in samples:
        values = {(s.start, s.end) for s in found.document.spans if s.label is Label.VALUE}
        assert values == set(found.gold.places.values())


def test_some_reports_name_the_columns_of_table_4_beside_its_figures(samples: list[Sample]) -> None:
    pairs = []
    for found in samples:
        spans = without_furniture(found)
        values = [at for at, span in enumerate(spans) if span.label is Label.VALUE]
        labels = [spans[at - 1].label for at in values[-4:]]
        pairs.append(labels == [Label.COLUMN] * 4)
    assert 0 < sum(pairs) < len(samples)


def test_no_two_hands_are_alike() -> None:
    hands = {hand(random.Random(seed)) for seed in range(200)}
    assert len(hands) == 200
    assert {own.trail is None for own in hands} == {own.on_card for own in hands} == {True, False}
    assert {own.place for own in hands} == {"above", "before", "behind"}
