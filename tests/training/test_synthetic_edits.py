"""Many edits at once do what single edits do, one after the other."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.models.labels import Label
from nianbao.training.synthetic.edits import Builder, edit, substitute, with_lines
from nianbao.training.synthetic.marked import Mark, Marked

TEXT = "abcdefghijklmnopqrst"


@st.composite
def separate_edits(draw: st.DrawFn) -> list[tuple[int, int, str]]:
    places = sorted(draw(st.sets(st.integers(0, len(TEXT)), min_size=2, max_size=8)))
    pairs = list(zip(places[::2], places[1::2], strict=False))
    return [(start, end, draw(st.sampled_from(["", "X", "YYYYY"]))) for start, end in pairs]


@st.composite
def any_marks(draw: st.DrawFn) -> tuple[Mark, ...]:
    bounds = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(sorted)
    return tuple(Mark(s, e, key=str(i)) for i, (s, e) in enumerate(draw(st.lists(bounds))))


@given(edits=separate_edits(), marks=any_marks())
def test_marks_keep_their_wording_as_single_edits_would(
    edits: list[tuple[int, int, str]], marks: tuple[Mark, ...]
) -> None:
    marked = Marked(TEXT, marks)
    one_by_one = marked
    for start, end, new in reversed(edits):
        one_by_one = one_by_one.replace(start, end, new)
    at_once = edit(marked, edits)
    assert at_once.text == one_by_one.text
    for mine, single in zip(at_once.marks, one_by_one.marks, strict=True):
        assert at_once.text[mine.start : mine.end] == one_by_one.text[single.start : single.end]


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        edit(Marked(TEXT), [(0, 3, ""), (2, 4, "")])


def test_insertions_at_the_edges_of_a_mark_stay_outside() -> None:
    marked = Marked("abc", (Mark(1, 2, Label.VALUE),))
    (mark,) = edit(marked, [(1, 1, "__"), (2, 2, "__")]).marks
    assert (mark.start, mark.end) == (3, 4)


def test_values_are_spared_unless_asked_for() -> None:
    marked = "件 " + Marked.of("3件", Label.VALUE)
    assert substitute(marked, "件", lambda _: "").text == " 3件"
    assert substitute(marked, "件", lambda _: "", never=()).text == " 3"
    assert substitute(marked, "件", lambda m: m[0].upper()) == marked


def test_lines_are_put_in_under_their_label() -> None:
    result = with_lines(Marked("a\nb\nc"), [(2, "- 1 -"), (4, "- 2 -")], Label.NOISE)
    assert result.text == "a\n- 1 -\nb\n- 2 -\nc"
    assert [result.text[m.start : m.end] for m in result.marks] == ["- 1 -", "- 2 -"]


def test_a_builder_trims_only_what_it_wrote_last() -> None:
    out = Builder()
    out.add(Marked.of("x|", Label.ROW))
    out.trim("|")
    assert out.build().text in ("x", "x|")
    out.add(" | ")
    out.trim(" ")
    assert re.fullmatch(r"x\|? \|", out.build().text)
