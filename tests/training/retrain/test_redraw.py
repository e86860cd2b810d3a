import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.numbers import parse_value
from nianbao.models.labels import Label
from nianbao.training.retrain.mix import marked_of
from nianbao.training.retrain.redraw import disguised, other_figures, other_signs
from nianbao.training.synthetic.marked import Marked
from nianbao.training.synthetic.report import sample

ORDINARY = marked_of(sample(7, "train", layouts=["A4"], n_damages=(0, 0)).document)
ROW = (
    Marked("【")
    + Marked.of("No.17", Label.NOISE)
    + "】"
    + Marked.of("（一）予以公开", Label.ROW)
    + "："
    + Marked.of("甲", Label.NOISE)
    + "→"
    + Marked.of("12", Label.VALUE)
    + "，"
    + Marked.of("乙", Label.NOISE)
    + "→"
    + Marked.of("0", Label.VALUE)
    + "\n"
)
TABLE = ROW.under(key="body:3")
SEEDS = range(300)


def under(label: Label, marked: Marked) -> list[str]:
    return [marked.text[m.start : m.end] for m in marked.marks if m.label is label]


@given(st.integers(0, 10**6))
def test_other_figures_take_the_places_of_the_old_and_nothing_else_changes(seed: int) -> None:
    found = other_figures(ORDINARY, random.Random(seed))
    assert [mark.label for mark in found.marks] == [mark.label for mark in ORDINARY.marks]
    for old, new in zip(ORDINARY.marks, found.marks, strict=True):
        before, after = ORDINARY.text[old.start : old.end], found.text[new.start : new.end]
        if old.label is Label.VALUE and before != after:
            assert parse_value(after).state in ("found", "not_applicable")
        elif old.label is not None:
            assert after == before


def test_zeros_are_printed_as_signs_and_words_too_but_no_other_figure_is() -> None:
    pairs = [under(Label.VALUE, other_figures(TABLE, random.Random(seed))) for seed in SEEDS]
    assert {"0", "零", "无", "/", "—", "０"} <= {zero for _, zero in pairs}
    assert all(parse_value(figure).state == "found" for figure, _ in pairs)


@given(st.integers(0, 10**6))
def test_signs_are_exchanged_outside_of_what_is_content(seed: int) -> None:
    found = other_signs(ORDINARY, random.Random(seed))
    assert found.marks == ORDINARY.marks
    tables = [m for m in ORDINARY.marks if m.key in ("body:2", "body:3", "body:4")]
    content = [m for m in ORDINARY.marks if m.label not in (None, Label.NOISE)]
    for at, (before, after) in enumerate(zip(ORDINARY.text, found.text, strict=True)):
        if before != after:
            assert any(m.start <= at < m.end for m in tables)
            assert not any(m.start <= at < m.end for m in content)
            assert not {before, after} & set("|\t\n ，。")


def test_a_sign_is_exchanged_wherever_it_stands_and_brackets_as_pairs() -> None:
    shows = [other_signs(TABLE, random.Random(seed)) for seed in SEEDS]
    for found in shows:
        arrows = {found.text[m.start - 1] for m in found.marks if m.label is Label.VALUE}
        assert len(arrows) == 1
        assert under(Label.ROW, found) == ["（一）予以公开"]
    brackets = {found.text[0] + found.text[6] for found in shows}
    assert {"【】", "（）", "[]"} <= brackets
    assert all(pair[0] != pair[1] for pair in brackets)


@pytest.mark.parametrize("letters", ["甲乙", "①②", "AB", "子丑"])
def test_a_series_of_letters_is_exchanged_for_another_in_its_order(letters: str) -> None:
    shows = [other_signs(TABLE, random.Random(seed)) for seed in SEEDS]
    found = [under(Label.NOISE, one) for one in shows]
    assert any("".join(names[1:]) == letters for names in found)
    assert {names[0] for names in found} <= {f"No{dot}17" for dot in ".…·"}


def test_what_stands_in_no_table_stays() -> None:
    assert all(other_signs(ROW, random.Random(seed)) == ROW for seed in SEEDS)


@given(st.integers(0, 10**6))
def test_a_disguised_text_has_the_same_words_in_the_same_lines(seed: int) -> None:
    found = disguised(ORDINARY.text, random.Random(seed))
    lines = found.split("\n")
    for before, after in zip(ORDINARY.text.split("\n"), lines, strict=True):
        assert [c for c in after if c.isalnum()] == [c for c in before if c.isalnum()]


def test_some_texts_are_disguised_and_some_are_not() -> None:
    found = {disguised(ORDINARY.text, random.Random(seed)) for seed in range(60)}
    assert ORDINARY.text in found
    assert 20 < len(found) < 60
