"""The evaluation of answers and repeats, and what the shipped classifier must reach in it."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nianbao.annotations.answers import AnsweredSection, read_answered, read_repeated
from nianbao.inference.themes import load_classifier
from nianbao.models.themes import theme_ids
from nianbao.training.answers import (
    LINKERS,
    Score,
    main,
    reordered,
    score_links,
    score_repeats,
)

SECTION = AnsweredSection(
    "a",
    problems=("更新不及时", "业务培训少", "经费紧张"),
    measures=("多办业务培训", "按月更新"),
    answers=((0, 1), (1, 0)),
)


class ByWords:
    """更新 is timeliness, 培训 is capacity, all else is other."""

    thresholds = np.full(16, 0.5)

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        words = {"更新": "timeliness", "培训": "capacity", "": "other"}
        names = [next(words[word] for word in words if word in text) for text in texts]
        return np.array([[float(name == theme) for theme in theme_ids()] for name in names])

    def why(self, text: str, theme: str, limit: int = 5) -> list[tuple[str, float]]:
        return []


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_f1_lies_between_precision_and_recall(both: int, more_found: int, more_gold: int) -> None:
    score = Score(both, both + more_found, both + more_gold)
    low, high = sorted((score.precision, score.recall))
    assert low - 1e-9 <= score.f1 <= high + 1e-9


@pytest.mark.parametrize(
    ("name", "pairs", "alone"),
    [
        ("order alone", Score(0, 2, 2), Score(1, 1, 1)),
        ("theme alone", Score(2, 2, 2), Score(1, 1, 1)),
        ("wording alone", Score(2, 2, 2), Score(1, 1, 1)),
        ("all three", Score(2, 2, 2), Score(1, 1, 1)),
    ],
)
def test_each_way_to_tell_is_scored_for_itself(name: str, pairs: Score, alone: Score) -> None:
    assert score_links([SECTION], LINKERS[name], ByWords()) == (pairs, alone)


def test_reordering_keeps_the_pairs_of_wordings() -> None:
    for section in read_answered("blind"):
        other = reordered(section)
        found = {(p, other.measures[m]) for p, m in other.answers}
        assert found == {(p, section.measures[m]) for p, m in section.answers}


def test_the_shipped_classifier_pairs_as_well_as_the_docs_say() -> None:
    classifier = load_classifier()
    for split, least in (("test", 0.90), ("blind", 0.88)):
        pairs, _ = score_links(read_answered(split), LINKERS["all three"], classifier)
        assert pairs.f1 >= least
    assert score_repeats(read_repeated("test")).f1 >= 0.95


def test_the_table_names_every_sample(capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    told = capsys.readouterr().out
    for title in ("dev: ", "test: ", "blind: ", "blind, measures reordered: ", "repeated items"):
        assert title in told
