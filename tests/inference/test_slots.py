"""The places for values: how a table sets its cells apart, and its blank cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.slots import Segment, Slots, Style, slots_of, style_of
from nianbao.inference.tokens import Grid, Token
from nianbao.models.document import Document, GridCell
from nianbao.models.labels import Label

#: A row's cells; None is a blank one.
Cells = list[int | None]

full_rows = st.lists(st.lists(st.integers(0, 9999), min_size=3, max_size=3), min_size=2, max_size=6)
holed_rows = st.lists(
    st.lists(st.one_of(st.none(), st.integers(0, 9999)), min_size=3, max_size=3),
    min_size=1,
    max_size=5,
)


class Writer:
    """Writes rows out and keeps where their values stand."""

    def __init__(self) -> None:
        self.text = ""
        self.segments: list[Segment] = []

    def add(self, cells: Cells, before: str, after: str, end: str) -> None:
        """A row: its label, then each cell between `before` and `after`, then `end`."""
        start = len(self.text)
        self.text += "规章"
        label_end = len(self.text)
        values = []
        for cell in cells:
            self.text += before
            if cell is not None:
                word = str(cell)
                place = len(self.text)
                values.append(Token(place, place + len(word), Label.VALUE, word, 1.0))
                self.text += word
            self.text += after
        self.text += end
        self.segments.append(Segment(start, label_end, tuple(values), len(self.text)))

    def document(self) -> Document:
        return Document("-", self.text, "txt", "", "utf-8")

    def places(self, style: Style) -> list[Slots]:
        doc = self.document()
        return [slots_of(doc, Grid(doc), None, segment, style) for segment in self.segments]


#: name -> (before a cell, behind it, at the row's end, the sign, whether rows are lines)
LAYOUTS = {
    "bars": (" | ", "", " |\n", "|", True),
    "bars, tight": ("|", "", "|\n", "|", True),
    "bars, open": (" | ", "", "\n", "|", True),
    "tabs": ("\t", "", "\n", "\t", True),
    "tab-led lines": ("\n\t", "", "\n\n", "\t", False),
    "cell, bar, new line": (" |\n", "", " |\n", "|", False),
    "a cell a line": ("\n", "", "\n", "\n", False),
    "a cell a paragraph": ("\n\n", "", "\n\n", "\n", False),
}
SEEN = ("bars", "bars, tight", "bars, open", "tabs")


def written(rows: list[Cells], layout: str) -> Writer:
    before, after, end, _, _ = LAYOUTS[layout]
    writer = Writer()
    for cells in rows:
        writer.add(cells, before, after, end)
    return writer


@pytest.mark.parametrize("layout", LAYOUTS)
@given(full_rows)
def test_the_sign_between_cells_is_seen(layout: str, rows: list[Cells]) -> None:
    writer = written(rows, layout)
    style = style_of(writer.text, writer.segments, 3)
    assert (style.sign, style.per_line) == LAYOUTS[layout][3:]


@pytest.mark.parametrize("layout", LAYOUTS)
@given(full_rows)
def test_full_rows_have_no_blank_places(layout: str, rows: list[Cells]) -> None:
    writer = written(rows, layout)
    style = style_of(writer.text, writer.segments, 3)
    for slots, cells in zip(writer.places(style), rows, strict=True):
        assert slots.delimited
        assert [writer.text[p.start : p.end] for p in slots.places] == [str(c) for c in cells]


@pytest.mark.parametrize("layout", SEEN)
@given(full_rows, holed_rows)
def test_blank_cells_of_lines_keep_their_places(
    layout: str, full: list[Cells], holed: list[Cells]
) -> None:
    rows = full + holed
    writer = written(rows, layout)
    style = style_of(writer.text, writer.segments, 3)
    for slots, cells in zip(writer.places(style), rows, strict=True):
        found = [writer.text[place.start : place.end] for place in slots.places]
        assert found == ["" if cell is None else str(cell) for cell in cells]


@pytest.mark.parametrize("layout", sorted(set(LAYOUTS) - set(SEEN)))
@given(full_rows, st.integers(0, 9999), st.integers(0, 9999), st.integers(1, 2))
def test_a_blank_between_two_values_is_seen_in_streams_of_cells(
    layout: str, full: list[Cells], left: int, right: int, gap: int
) -> None:
    rows = [*full, [left, *[None] * gap, right], *full]
    writer = written(rows, layout)
    slots = writer.places(style_of(writer.text, writer.segments, 3))[len(full)]
    found = [writer.text[place.start : place.end] for place in slots.places]
    assert found == [str(left), *[""] * gap, str(right)]


@given(full_rows)
def test_where_only_spaces_part_the_cells_blanks_cannot_be_seen(rows: list[Cells]) -> None:
    writer = Writer()
    for cells in rows:
        writer.add(cells, " ", "", "\n")
    style = style_of(writer.text, writer.segments, 3)
    assert style == Style("")
    for slots, cells in zip(writer.places(style), rows, strict=True):
        assert not slots.delimited
        assert len(slots.places) == len(cells)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=7), st.integers(0, 3))
def test_bars_that_pad_a_row_are_blank_places_behind_it(cells: list[int], pads: int) -> None:
    writer = Writer()
    writer.add(list(cells), " | ", "", " |" * (pads + 1) + "\n")
    [slots] = writer.places(Style("|", 1, True, 1))
    assert [place.is_blank for place in slots.places] == [False] * len(cells) + [True] * pads
    assert len(slots.filled) == len(cells)


@given(st.integers(0, 5), st.integers(0, 9))
def test_blank_places_before_the_first_value_are_its_lead(lead: int, value: int) -> None:
    writer = Writer()
    writer.add([*[None] * lead, value], "\t", "", "\n")
    [slots] = writer.places(Style("\t", 1, True, 0))
    assert slots.lead == lead
    assert len(slots.places) == lead + 1


def test_a_row_with_no_value_still_has_its_blank_places() -> None:
    writer = Writer()
    writer.add([None, None, None], " | ", "", " |\n")
    [slots] = writer.places(Style("|", 1, True, 1))
    assert [place.is_blank for place in slots.places] == [True] * 3
    assert slots.filled == ()


def test_a_table_without_values_and_signs_has_no_style() -> None:
    assert style_of("规章", [Segment(0, 2, (), 2)], 3) == Style("")
    assert style_of("", [], 3) == Style("")


def test_the_sources_own_table_goes_before_signs() -> None:
    text = "规章\t3\t\t17\n"
    cells = ((0, 0, 2, 1), (1, 3, 4, 1), (2, 5, 5, 1), (3, 6, 8, 1))
    grid = tuple(GridCell(0, 0, column, 1, span, start, end) for column, start, end, span in cells)
    doc = Document("-", text, "html", "", "utf-8", grid=grid)
    label = Token(0, 2, Label.ROW, "规章", 1.0)
    values = (Token(3, 4, Label.VALUE, "3", 1.0), Token(6, 8, Label.VALUE, "17", 1.0))
    slots = slots_of(doc, Grid(doc), label, Segment(0, 2, values, 9), Style(""))
    assert slots.from_grid and slots.delimited
    assert [text[place.start : place.end] for place in slots.places] == ["3", "", "17"]
