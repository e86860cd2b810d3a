"""Marked text and Markdown tables."""

import re

from hypothesis import given
from hypothesis import strategies as st

from nianbao.models.labels import Label
from nianbao.models.report import State
from nianbao.training.faults import Example, Mark
from nianbao.training.scoring import Score
from nianbao.training.show import LABELS, STATES, by_loss, loss, marked, mistakes, patterns, table

TEXT = st.text(alphabet="一二 \n\t<&>\"'|𠮷", max_size=30)


@st.composite
def texts_with_marks(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(TEXT)
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return text, [Mark(start, end, "VALUE") for start, end in pairs]


@given(texts_with_marks())
def test_marked_text_loses_no_character(case: tuple[str, list[Mark]]) -> None:
    text, marks = case
    html = marked(text, marks)
    assert html.count("<mark") == html.count("<sub>VALUE</sub></mark>") == len(marks)
    bare = re.sub(r"<sub>VALUE</sub>|</?mark[^>]*>|<br>", "", html)
    for sign, entity in (("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#x27;")):
        bare = bare.replace(entity, sign)
    assert bare.replace("&amp;", "&").replace("⏎", "\n").replace("⇥", "\t") == text


def test_marks_that_overlap_are_drawn_once() -> None:
    assert marked("一二三", [Mark(0, 2, "A"), Mark(1, 3, "B")]).count("<mark") == 1


def test_a_mistake_is_shown_with_what_gold_has_and_what_was_given() -> None:
    marks = (Mark(0, 1, "VALUE"),)
    one = Example("cell", "missed", "表三 <新收>", 5, "A5", ("D9",), "7\t8", marks, ())
    html = mistakes([one])
    assert "漏掉 missed" in html and "表三 &lt;新收&gt;" in html and "seed 5, A5, D9" in html
    assert html.count("<mark") == 1
    assert mistakes([one], ("item",)) == "<p>无 none</p>"


def test_the_worst_pattern_stands_first() -> None:
    bad = Score(reports=1, cells=100, right=90, missed=10)
    torn = Score(reports=1, perfect=1, cells=100, right=100, sections=6, sections_right=3)
    good = Score(reports=1, perfect=1, cells=100, right=100, sections=6, sections_right=6)
    found = by_loss({"good": good, "F8": bad, "torn": torn})
    assert list(found) == ["F8", "torn", "good"]
    assert loss(bad) == (0.1, 0.0, 0.0) and loss(Score()) == (0.0, 0.0, 0.0)
    lines = patterns(found, 2).splitlines()
    assert lines[2].startswith("| F8 u | 1 | 0.0 | 100 | 90.00 | 0 | 0 | 10 |")
    assert len(lines) == 4


def test_every_line_of_a_table_has_its_columns() -> None:
    lines = table(("a", "b"), [("1", "2"), ("3", "4")]).splitlines()
    assert lines == ["| a | b |", "| --- | --: |", "| 1 | 2 |", "| 3 | 4 |"]


def test_labels_and_states_all_have_chinese_names() -> None:
    assert list(LABELS) == ["O", *Label]
    assert list(STATES) == list(State.__args__)  # type: ignore[attr-defined]
