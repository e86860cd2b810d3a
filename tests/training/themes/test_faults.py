"""Mistakes of theme classifiers: counted once, and the same from either side."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.models.themes import MOST_THEMES, theme_ids
from nianbao.training.themes.faults import (
    NOTHING,
    Case,
    Fault,
    agreements,
    cases,
    confused,
    confusions,
    labelled,
    labellings,
    worst,
)
from nianbao.training.themes.results import Comparison

themes = st.lists(st.sampled_from(theme_ids()), max_size=MOST_THEMES, unique=True)
pairs = st.lists(st.tuples(themes, themes), max_size=8)


@given(pairs)
def test_themes_that_both_sides_gave_stand_on_the_diagonal(
    given_: list[tuple[list[str], list[str]]],
) -> None:
    both = Counter(theme for first, second in given_ for theme in {*first} & {*second})
    found = confusions(given_)
    assert {theme: found.get(theme, Counter())[theme] for theme in both} == both
    assert NOTHING not in found.get(NOTHING, {})


@given(pairs)
def test_confusion_is_the_same_from_either_side(
    given_: list[tuple[list[str], list[str]]],
) -> None:
    swapped = [(second, first) for first, second in given_]
    assert confused(given_) == confused(swapped)
    turned = confusions(swapped)
    for one, row in confusions(given_).items():
        for other, count in row.items():
            assert turned[other][one] == count


def test_what_is_missed_or_invented_alone_stands_beside_nothing() -> None:
    found = confusions(
        [
            (("coverage",), ("coverage", "platform")),
            (("coverage", "other"), ("coverage",)),
            (("coverage", "channels"), ("platform",)),
        ]
    )
    assert found == {
        "coverage": {"coverage": 2, "platform": 1},
        "channels": {"platform": 1},
        "other": {NOTHING: 1},
        NOTHING: {"platform": 1},
    }


@pytest.mark.parametrize("name", ["good", "bad"])
def test_what_is_given_has_the_f1_that_was_measured(compared: Comparison, name: str) -> None:
    found = agreements(labelled(compared, name, "test"))
    right = sum(one.both for one in found.values())
    wrong = sum(one.only_first + one.only_second for one in found.values())
    measured = compared.classifier(name).splits["test"]
    assert 2 * right / (2 * right + wrong) == pytest.approx(measured.micro, abs=1e-4)
    by_theme = [one.f1 for one in found.values()]
    assert by_theme == pytest.approx([one.f1 for one in measured.by_theme], abs=1e-4)


def test_cases_are_the_statements_whose_themes_differ(compared: Comparison) -> None:
    found = cases(compared, "bad", "dev")
    both = zip(compared.gold["dev"].ids, labelled(compared, "bad", "dev"), strict=True)
    assert [one.id for one in found] == [id_ for id_, (g, own) in both if {*g} != {*own}]
    for one in found:
        missed = {fault.theme for fault in one.faults if fault.kind == "missed"}
        invented = {fault.theme for fault in one.faults if fault.kind == "invented"}
        assert missed == {*one.gold} - {*one.given}
        assert invented == {*one.given} - {*one.gold}


def test_the_worst_of_each_theme_is_kept_once() -> None:
    def case(id_: str, *faults: Fault) -> Case:
        return Case(id_, (), (), faults)

    low, lower = (Fault("platform", "missed", score, 0.5) for score in (0.3, 0.2))
    high, higher = (Fault("coverage", "invented", score, 0.5) for score in (0.7, 0.8))
    twice = case("c", lower, higher)
    alone = case("d", Fault("platform", "invented", 0.6, 0.5))
    assert worst([case("a", low), case("b", high), twice, alone]) == [twice, alone]


def test_labellings_are_of_two_people_and_of_the_classifier(compared: Comparison) -> None:
    found = labellings(compared, "good")
    assert len(found) == 3
    assert list(found.values())[-1] == labelled(compared, "good", "test")
    assert all(found.values())
