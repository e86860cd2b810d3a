"""The gate: what passes, what is refused, and that neither hangs on chance or order."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.training.retrain.figures import FIGURES, SETS, Case, Scores, SetName
from nianbao.training.retrain.gate import (
    FEW,
    LEAST_LOSERS,
    LEAST_LOSS,
    NOTHING_HELD_OUT,
    Row,
    judge,
    table,
)
from nianbao.training.retrain.suspects import LEAST_KAPPA, suspects

CELLS = 200  # of each report


def case(number: int, right: int, figure: str = "cells") -> Case:
    return Case(str(number), {figure: (right, CELLS)})


def scores(
    rights: list[int], figure: str = "cells", kappas: dict[str, float | None] | None = None
) -> Scores:
    """A model that has so many cells right in one report after the other."""
    cases = tuple(case(number, right, figure) for number, right in enumerate(rights))
    return Scores({"gold": cases}, kappas or {})


def perfect(n: int) -> Scores:
    return scores([CELLS] * n)


rights = st.lists(st.integers(0, CELLS), min_size=1, max_size=40)
counts = st.integers(0, 50).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
reports = st.lists(st.fixed_dictionaries({name: counts for name in FIGURES}), max_size=4)


@st.composite
def measured(draw: st.DrawFn) -> Scores:
    found: dict[SetName, tuple[Case, ...]] = {
        name: tuple(Case(str(i), one) for i, one in enumerate(draw(reports))) for name in SETS
    }
    kappas = draw(st.dictionaries(st.text(max_size=3), st.none() | st.floats(LEAST_KAPPA, 1)))
    return Scores(found, kappas)


# What passes ---------------------------------------------------------------------------------


@settings(max_examples=30)
@given(measured())
def test_a_model_always_passes_beside_itself(one: Scores) -> None:
    verdict = judge(one, one)
    assert verdict.passed and not verdict.reasons and not verdict.suspects
    assert all((row.low, row.high, row.losers) == (0, 0, 0) for row in verdict.rows)


@settings(max_examples=30)
@given(measured())
def test_nothing_to_count_makes_no_row(one: Scores) -> None:
    counted = {
        (set_, figure)
        for set_, cases in one.cases.items()
        for figure in FIGURES
        if any(case.counts[figure][1] for case in cases)
    }
    assert {(row.set, row.figure) for row in judge(one, one).rows} == counted


@given(rights, st.data())
def test_a_model_that_is_better_everywhere_passes(old: list[int], data: st.DataObject) -> None:
    new = [data.draw(st.integers(right, CELLS)) for right in old]
    assert judge(scores(old), scores(new)).passed


@given(st.integers(1, CELLS), st.integers(0, 2 * LEAST_LOSERS))
def test_only_a_slight_loss_in_a_few_reports_is_let_pass_and_told(lost: int, n_losers: int) -> None:
    verdict = judge(perfect(300), scores([CELLS - lost] * n_losers + [CELLS] * (300 - n_losers)))
    (row,) = verdict.rows
    assert row.losers == n_losers
    slight = n_losers < LEAST_LOSERS and lost * n_losers < LEAST_LOSS * 300 * CELLS
    assert verdict.passed == (row.high >= 0 or slight)
    assert (row.state == "slight") == bool(verdict.notes) == (row.high < 0 and slight)
    if verdict.notes:
        assert "不算下降：读对的格" in verdict.notes[0] and "no fall: cells" in verdict.notes[0]


def test_one_cell_of_sixty_thousand_is_no_fall() -> None:
    verdict = judge(perfect(300), scores([CELLS - 1] + [CELLS] * 299))
    assert verdict.passed and not verdict.notes
    assert verdict.rows[0].state == "holds"


def test_gains_and_losses_that_even_out_pass() -> None:
    rng = random.Random(0)
    old = [rng.choice((CELLS, CELLS - 5)) for _ in range(300)]
    new = [rng.choice((CELLS, CELLS - 5)) for _ in range(300)]
    assert judge(scores(old), scores(new)).passed


# What is refused -----------------------------------------------------------------------------


@given(st.lists(st.integers(1, CELLS), min_size=LEAST_LOSERS, max_size=40), st.data())
def test_a_model_that_loses_in_every_report_is_refused(old: list[int], data: st.DataObject) -> None:
    new = [data.draw(st.integers(0, right - 1)) for right in old]
    verdict = judge(scores(old), scores(new))
    assert not verdict.passed
    assert [row.state for row in verdict.rows] == ["falls"]
    (reason,) = verdict.reasons
    assert "读对的格下降" in reason and "cells right falls" in reason
    row = verdict.rows[0]
    assert f"{row.old:.3%} → {row.new:.3%}" in reason and f"{row.low:+.3%}" in reason


@pytest.mark.parametrize("figure", ["wrong", "invented"])
def test_what_should_be_few_is_refused_when_it_rises(figure: str) -> None:
    more, fewer = scores([3] * 20, figure), scores([1] * 20, figure)
    assert judge(more, fewer).passed
    verdict = judge(fewer, more)
    assert not verdict.passed and "上升" in verdict.reasons[0] and "rises" in verdict.reasons[0]


@pytest.mark.parametrize("set_", SETS)
def test_a_fall_on_any_set_is_enough(set_: SetName) -> None:
    old = Scores({name: perfect(30).cases["gold"] for name in SETS})
    worse = scores([CELLS - 1] * 30).cases["gold"]
    verdict = judge(old, replace(old, cases={**old.cases, set_: worse}))
    assert [row.set for row in verdict.rows if row.state == "falls"] == [set_]
    assert len(verdict.reasons) == 1 and SETS[set_].partition(" | ")[0] in verdict.reasons[0]


@given(st.data())
def test_losing_still_more_never_makes_a_model_pass(data: st.DataObject) -> None:
    n = data.draw(st.integers(LEAST_LOSERS, 40))
    several = st.integers(0, CELLS)
    old, new = (data.draw(st.lists(several, min_size=n, max_size=n)) for _ in range(2))
    losses = data.draw(st.lists(st.integers(0, 80), min_size=n, max_size=n))
    new = [max(0, right - lost) for right, lost in zip(new, losses, strict=True)]
    if not judge(scores(old), scores(new)).passed:
        worse = [data.draw(st.integers(0, right)) for right in new]
        assert not judge(scores(old), scores(worse)).passed


# Neither chance nor order ----------------------------------------------------------------------


@given(rights, rights, st.randoms(use_true_random=False))
def test_the_order_of_the_reports_does_not_matter(
    old: list[int], new: list[int], rng: random.Random
) -> None:
    n = min(len(old), len(new))
    one, other = scores(old[:n]), scores(new[:n])

    def shuffled(given_: Scores) -> Scores:
        cases = list(given_.cases["gold"])
        rng.shuffle(cases)
        return replace(given_, cases={"gold": tuple(cases)})

    assert judge(shuffled(one), shuffled(other)) == judge(one, other)


def test_the_interval_covers_what_two_equal_models_differ_by() -> None:
    """Of pairs that chance alone tells apart, about one in forty is taken for a fall."""
    rng = random.Random(1)

    def one() -> Scores:
        return scores([CELLS - rng.choice((0, 0, 0, 1, 2, 8)) for _ in range(100)])

    refused = sum(not judge(one(), one()).passed for _ in range(400))
    assert 2 <= refused <= 22


def test_models_that_were_measured_on_other_reports_are_not_compared() -> None:
    with pytest.raises(ValueError, match="different reports"):
        judge(perfect(3), perfect(4))
    with pytest.raises(ValueError, match="different sets"):
        judge(perfect(3), replace(perfect(3), kappas={"a": 1.0}))
    twice = Scores({"synthetic": (case(1, 2), case(1, 2))})
    with pytest.raises(ValueError, match="twice"):
        judge(twice, twice)


@pytest.mark.parametrize("n", range(1, FEW))
def test_a_model_that_loses_in_all_of_very_few_reports_is_refused(n: int) -> None:
    assert [row.state for row in judge(perfect(n), scores([0] * n)).rows] == ["falls"]


@given(st.lists(st.integers(0, CELLS), min_size=1, max_size=2 * FEW), st.data())
def test_too_few_reports_to_tell_are_told(old: list[int], data: st.DataObject) -> None:
    new = [data.draw(st.integers(right, CELLS)) for right in old]
    verdict = judge(scores(old), scores(new))
    assert verdict.passed
    assert [row.state for row in verdict.rows] == ["few" if len(old) < FEW else "holds"]
    if len(old) < FEW:
        (note,) = verdict.notes
        assert "份数太少" in note and "too few reports" in note and "读对的格" in note
    else:
        assert not verdict.notes


def test_that_nothing_is_held_out_is_told() -> None:
    frozen = Scores({"synthetic": perfect(20).cases["gold"], "gold": ()})
    verdict = judge(frozen, frozen)
    assert verdict.passed and verdict.notes == (NOTHING_HELD_OUT,)


def test_five_of_three_hundred_reports_wholly_lost_are_refused() -> None:
    assert not judge(perfect(300), scores([0] * 5 + [CELLS] * 295)).passed


def test_four_reports_more_with_a_fault_are_refused() -> None:
    def one(n_faulty: int) -> Scores:
        faults = [Case(str(i), {"perfect": (int(i >= n_faulty), 1)}) for i in range(300)]
        return Scores({"gold": tuple(faults)})

    assert not judge(one(0), one(4)).passed


@pytest.mark.parametrize("figure", ["items", "spans", "themes"])
def test_what_is_found_where_gold_has_none_is_a_loss(figure: str) -> None:
    """Of 300 reports 100 have none; the new model invents twelve in each of them, or more."""

    def one(n_invented: int) -> Scores:
        counts = [(0, n_invented) if i < 100 else (20, 20) for i in range(300)]
        return Scores(
            {"gold": tuple(Case(str(i), {figure: count}) for i, count in enumerate(counts))}
        )

    for before, after in ((0, 12), (5, 12)):
        verdict = judge(one(before), one(after))
        assert not verdict.passed and verdict.rows[0].losers == 100
        assert judge(one(after), one(before)).passed


def test_notes_of_the_measuring_are_handed_on_once() -> None:
    old = replace(perfect(10), notes=("甲 | a",))
    assert judge(old, old).notes == ("甲 | a",)


def test_the_table_has_a_line_for_each_row() -> None:
    rows = judge(perfect(10), scores([0] * 10)).rows
    columns = table(rows)
    assert {len(cells) for cells in columns.values()} == {len(rows)} == {1}
    assert columns[""] == ("✗",) and columns["新 new"] == ("0.000%",)


def test_a_count_that_one_model_has_not_is_none() -> None:
    old, new = Case("a", {"items": (2, 4)}), Case("a", {})
    (row,) = judge(Scores({"gold": (old,)}), Scores({"gold": (new,)})).rows
    assert isinstance(row, Row) and (row.old, row.new) == (0.5, 0)


# Spoiled annotations ---------------------------------------------------------------------------

kappas = st.dictionaries(st.text(max_size=3), st.none() | st.floats(-1, 1), max_size=30)


@given(kappas)
def test_what_one_of_the_models_agrees_with_is_not_suspected(old: dict[str, float | None]) -> None:
    assert suspects(old, {key: 1.0 for key in old}) == ()
    assert suspects({key: 1.0 for key in old}, old) == ()
    assert {*suspects(old, old)} == {
        key for key, kappa in old.items() if kappa is not None and kappa < LEAST_KAPPA
    }


@pytest.mark.parametrize(("n_spoiled", "passes"), [(0, True), (4, True), (5, False), (17, False)])
def test_a_tenth_of_contradicted_annotations_refuses(n_spoiled: int, passes: bool) -> None:
    found = {f"r{i}": 0.0 if i < n_spoiled else 0.95 for i in range(50)} | {"short": None}
    one = replace(perfect(10), kappas=found)
    verdict = judge(one, one)
    assert verdict.passed == passes and len(verdict.suspects) == n_spoiled
    told = verdict.reasons if n_spoiled >= 5 else verdict.notes
    assert len(told) == bool(n_spoiled)
    if told:
        assert f"50 份标注中有 {n_spoiled} 份" in told[0] and "r0" in told[0]


def test_what_was_learnt_by_heart_is_found_in_what_was_not_shown() -> None:
    """Of 60 a fifth is held out and a third spoiled; the new model agrees with all it was shown."""
    ids = [f"r{i:02}" for i in range(60)]
    held_out = tuple(Case(id_, {"spans": (1, 2)}) for id_ in ids[::5])
    spoiled = {*ids[::15]}
    old = Scores({"gold": held_out}, {id_: 0.0 if id_ in spoiled else 0.9 for id_ in ids})
    verdict = judge(old, old)
    assert not verdict.passed and {*verdict.suspects} == spoiled
    shown = replace(old, cases={"gold": held_out[:0]})
    assert judge(shown, shown).passed


def test_those_that_agree_least_are_named_first() -> None:
    assert suspects({"a": 0.15, "b": -0.2, "c": 0.9}, {"a": 0.1, "b": -0.1, "c": 0.0}) == ("b", "a")
