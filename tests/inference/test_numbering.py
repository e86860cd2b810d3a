"""Numbers that count on from line to line are codes, whatever the tagger took them for."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.numbering import CERTAIN, LEAST, without_codes
from nianbao.models.document import Document
from nianbao.models.labels import Label, Span

labels = st.sampled_from([Label.VALUE, Label.NOISE])


def coded(numbers: Sequence[int], said: Sequence[Label], behind: bool = False) -> Document:
    """A line for each number: the code, a row's label and its figure, or code behind label."""
    text, spans = "", []
    for number, label in zip(numbers, said, strict=True):
        pieces = [(f"{number:02}", label), ("行政许可", Label.ROW), ("7", Label.VALUE)]
        for wording, own in [pieces[1], pieces[0], pieces[2]] if behind else pieces:
            spans.append(Span(len(text), len(text) + len(wording), own))
            text += wording + "　"
        text += "\n"
    return Document("-", text, "txt", "", "utf-8", spans=tuple(spans))


def figures(doc: Document) -> list[str]:
    return [doc.wording(span) for span in without_codes(doc).spans if span.label is Label.VALUE]


@given(st.integers(0, 400), st.integers(1, 100), st.data(), st.booleans())
def test_codes_are_furniture_once_one_of_them_is_told(
    first: int, step: int, data: st.DataObject, behind: bool
) -> None:
    said = data.draw(st.lists(labels, min_size=LEAST, max_size=30))
    said[data.draw(st.integers(0, len(said) - 1))] = Label.NOISE
    numbers = range(first, first + step * len(said), step)
    assert figures(coded(numbers, said, behind)) == ["7"] * len(said)


@pytest.mark.parametrize("n", [CERTAIN - 1, CERTAIN])
def test_of_none_that_is_told_a_long_run_is_needed(n: int) -> None:
    doc = coded(range(1, n + 1), [Label.VALUE] * n)
    assert len(figures(doc)) == (n if n == CERTAIN else 2 * n)


@given(st.lists(st.integers(0, 30), max_size=30), st.data())
def test_figures_that_do_not_count_on_stay(numbers: list[int], data: st.DataObject) -> None:
    said = [data.draw(labels) for _ in numbers]
    broken = [n for pair in zip(numbers, [10**5] * len(numbers), strict=True) for n in pair]
    doc = coded(broken, [label for one in said for label in (one, Label.VALUE)])
    assert without_codes(doc) == doc


@given(st.integers(1, 30))
def test_figures_of_one_row_stay_even_if_they_count_on(n: int) -> None:
    text, spans = "", []
    for number in range(n):
        spans.append(Span(len(text), len(text) + len(str(number)), Label.VALUE))
        text += f"{number} "
    doc = Document("-", text, "txt", "", "utf-8", spans=tuple(spans))
    assert without_codes(doc) == doc
