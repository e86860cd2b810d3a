import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.annotations.agreement import Agreement, agreement, by_theme, read_twice, together
from nianbao.annotations.statements import CORPUS, read_statements
from nianbao.models.themes import theme_ids

numbers = st.integers(0, 50)
agreements = st.builds(Agreement, numbers, numbers, numbers, numbers)


@given(agreements)
def test_kappa_lies_between_minus_one_and_one(one: Agreement) -> None:
    assert one.kappa is None or -1 <= one.kappa <= 1


@given(agreements)
def test_it_does_not_matter_who_was_first(one: Agreement) -> None:
    other = Agreement(one.both, one.only_second, one.only_first, one.none)
    assert (one.kappa, one.f1) == (other.kappa, other.f1)


@given(numbers.filter(bool), numbers.filter(bool))
def test_who_never_differ_agree_fully(both: int, none: int) -> None:
    assert Agreement(both, 0, 0, none).kappa == 1.0


@given(st.integers(1, 7), st.integers(1, 7), st.integers(1, 7), st.integers(1, 7))
def test_independent_labellings_agree_as_chance_has_it(a: int, b: int, c: int, d: int) -> None:
    kappa = Agreement(a * c, a * d, b * c, b * d).kappa
    assert kappa == pytest.approx(0.0, abs=1e-12)


def test_kappa_of_a_table_computed_by_hand() -> None:
    found = Agreement(both=20, only_first=5, only_second=10, none=15)
    assert found.kappa == pytest.approx(0.4)
    assert found.f1 == pytest.approx(40 / 55)


def test_where_both_always_say_the_same_thing_there_is_no_kappa() -> None:
    assert Agreement(0, 0, 0, 9).kappa is None
    assert Agreement(9, 0, 0, 0).kappa is None
    assert Agreement(0, 0, 0, 0).kappa is None
    assert Agreement(0, 0, 0, 9).f1 is None


def test_themes_are_counted_one_by_one() -> None:
    pairs = [(("platform", "timeliness"), ("platform",)), (("other",), ("timeliness",))]
    assert agreement(pairs, "platform") == Agreement(1, 0, 0, 1)
    assert agreement(pairs, "timeliness") == Agreement(0, 1, 1, 0)


def test_the_second_labelling_is_of_statements_of_the_corpus() -> None:
    twice = read_twice()
    train, dev, test = (
        {statement.id for statement in read_statements(CORPUS / f"{name}.jsonl")}
        for name in ("train", "dev", "test")
    )
    assert len({one.id for one in twice}) == len(twice) >= 1000
    assert {one.id for one in twice if one.set == "test"} == test
    assert {one.id for one in twice if one.set == "train"} < train | dev


def test_the_two_labellings_of_the_corpus_agree_well_on_every_theme() -> None:
    found = by_theme(read_twice())
    assert tuple(found) == theme_ids()
    kappas = [one.kappa for one in found.values()]
    assert all(kappa is not None and kappa >= 0.75 for kappa in kappas)
    total = together(list(found.values()))
    assert total.both + total.only_first + total.only_second + total.none == 16 * len(read_twice())
