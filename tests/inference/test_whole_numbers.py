"""Figures in lines of words: no number is cut, and nothing in a figure is not its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.snap import snap_to_cells
from nianbao.models.document import Document
from nianbao.models.labels import Label, Span

Mark = tuple[str, Label | None]
CHANGE: Mark = ("本年增/减", Label.COLUMN)
TOTAL: Mark = ("总计", Label.COLUMN)


def figures(*marks: Mark) -> list[str]:
    """The values of a text of these pieces, of which those with a label are the tagger's spans."""
    text, spans = "", []
    for wording, label in marks:
        if label is not None:
            spans.append(Span(len(text), len(text) + len(wording), label))
        text += wording
    doc = snap_to_cells(Document("-", text, "txt", "", "utf-8", spans=tuple(spans)))
    return [doc.wording(span) for span in doc.spans if span.label is Label.VALUE]


@given(st.integers(1000, 10**9), st.data())
def test_thousands_that_were_cut_behind_a_comma_are_one_figure(
    number: int, data: st.DataObject
) -> None:
    printed = f"{number:,}"
    commas = [at + 1 for at, char in enumerate(printed) if char == ","]
    cut = data.draw(st.sampled_from(commas))
    parts: list[Mark] = [(printed[:cut], Label.VALUE), (printed[cut:], Label.VALUE)]
    assert figures(TOTAL, (" 件……", None), *parts, ("\n", None)) == [printed]


def test_decimals_that_were_cut_behind_their_point_are_one_figure() -> None:
    parts: list[Mark] = [("13.", Label.VALUE), ("24", Label.VALUE)]
    assert figures(("采购总金额", Label.COLUMN), ("  ", None), *parts, ("\n", None)) == ["13.24"]


@pytest.mark.parametrize("second", ["12", "1234"])
def test_two_figures_with_a_comma_between_that_are_no_thousands_stay_two(second: str) -> None:
    parts: list[Mark] = [("5,", Label.VALUE), (second, Label.VALUE)]
    assert len(figures(TOTAL, ("：", None), *parts)) == 2


@given(st.integers(10, 10**6), st.data())
def test_a_figure_whose_head_was_taken_for_furniture_is_whole(
    number: int, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(str(number)) - 1))
    parts: list[Mark] = [(str(number)[:cut], Label.NOISE), (str(number)[cut:], Label.VALUE)]
    assert figures(TOTAL, ("　　", None), *parts, ("\n", None)) == [str(number)]


@pytest.mark.parametrize("code", ["3-10-", "B-"])
def test_the_last_part_of_a_code_is_no_figure(code: str) -> None:
    parts: list[Mark] = [(code, Label.NOISE), ("5", Label.VALUE)]
    assert figures(TOTAL, ("　", None), *parts, ("　", None), ("7", Label.VALUE)) == ["7"]


@pytest.mark.parametrize("closing", ["；", "，", "、", "。"])
def test_punctuation_behind_a_figure_is_none_of_it(closing: str) -> None:
    assert figures(TOTAL, ("······", None), (f"17{closing}", Label.VALUE), ("其他", None)) == ["17"]


@pytest.mark.parametrize("sign", ["-", "－", "+"])
@pytest.mark.parametrize("leader", ["········", "：", "　", "____"])
def test_a_change_keeps_its_sign(sign: str, leader: str) -> None:
    marks: list[Mark] = [(f"{leader}{sign}", None), ("262", Label.VALUE), ("\n", None)]
    assert figures(CHANGE, *marks) == [f"{sign}262"]


@pytest.mark.parametrize(("name", "leader"), [(TOTAL, "····-"), (CHANGE, "---"), (CHANGE, "B-")])
def test_a_dash_that_only_leads_to_a_figure_is_no_sign(name: Mark, leader: str) -> None:
    assert figures(name, (leader, None), ("262", Label.VALUE), ("\n", None)) == ["262"]
