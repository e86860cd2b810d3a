"""The places for values right of a row label, blank ones included."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from ..models.document import Document
from .tokens import Grid, Token


class Slot(NamedTuple):
    """A place for a value: `text[start:end]`, empty where the cell is blank."""

    start: int
    end: int

    @property
    def is_blank(self) -> bool:
        return self.start == self.end


@dataclass(frozen=True, slots=True)
class Segment:
    """A row label and the values up to the next label; `end` is where that begins.

    names: where each value has its column's label beside it, these labels, None for a value
        that has none; () where the values stand under headers.
    """

    start: int
    label_end: int
    values: tuple[Token, ...]
    end: int
    names: tuple[Token | None, ...] = ()


@dataclass(frozen=True)
class Slots:
    """The places of one row, in order.

    delimited: blank cells can be seen between signs; if not, only values are listed and any
        blank may stand between them.
    from_grid: they come from the source's own table.
    """

    places: tuple[Slot, ...]
    delimited: bool
    from_grid: bool = False

    @cached_property
    def pattern(self) -> tuple[int, ...]:
        """The indices of the places that hold values."""
        return tuple([i for i, (start, end) in enumerate(self.places) if start != end])

    @cached_property
    def filled(self) -> tuple[Slot, ...]:
        return tuple([self.places[i] for i in self.pattern])

    @property
    def lead(self) -> int:
        """How many blank places come before the first value."""
        return self.pattern[0] if self.pattern else 0


@dataclass(frozen=True, slots=True)
class Style:
    """How a table sets its cells apart.

    sign: `|`, tab or newline; "" where nothing but spaces does.
    per_cell: how many of these stand between neighbouring values.
    per_line: whether a row keeps to one line.
    tail: how many signs stand behind a row's last value where no blank follows.
    """

    sign: str
    per_cell: int = 1
    per_line: bool = False
    tail: int = 0


def style_of(
    text: str, segments: Sequence[Segment], n_columns: int, headers: Sequence[str] = ()
) -> Style:
    """Read the style off the gaps between neighbouring values and the ends of rows.

    n_columns: of the table's widest rows. headers: the gaps between neighbouring column headers,
    which have no blanks between them.
    Rows without two values tell by the gap from the label; where there are none, none is seen.
    """
    pairs = [
        text[left.end : right.start]
        for segment in segments
        for left, right in zip(segment.values, segment.values[1:], strict=False)
    ]
    gaps = pairs or [text[s.label_end : s.values[0].start] for s in segments if s.values]
    gaps = gaps or [text[s.label_end : s.end] for s in segments]
    sign = next((s for s in "|\t\n" if sum([s in gap for gap in gaps]) * 2 > len(gaps)), "")
    if not sign:
        return Style("")
    counts = [gap.count(sign) for gap in (*gaps, *headers) if sign in gap]
    # Line breaks also stand inside cells: the usual count tells, not the least.
    per_cell = _usual(Counter(counts)) if sign == "\n" else min(counts, default=1)
    ended = sum("\n" in text[s.label_end : s.end] for s in segments)
    per_line = (
        sign != "\n"
        and sum("\n" in gap for gap in gaps) * 2 < len(gaps)
        and ended * 2 >= len(segments)
    )
    full = [segment for segment in segments if len(segment.values) == n_columns]
    if not full and not per_line:
        return Style(sign, per_cell, per_line, per_cell)
    return Style(sign, per_cell, per_line, _tail(text, segments, full, sign, per_line))


def _tail(
    text: str, segments: Sequence[Segment], full: Sequence[Segment], sign: str, per_line: bool
) -> int:
    """Signs behind the last value of the full rows; where there are none, whether lines close."""
    if full:
        counts = [_behind_row(text, s.values[-1].end, s.end, per_line).count(sign) for s in full]
        return min(counts) if sign == "\n" else min(1, *counts)  # more are of merged cells
    tails = [_behind_row(text, s.values[-1].end, s.end, per_line) for s in segments if s.values]
    closed = sum(sign in tail.partition("\n")[0] for tail in tails)
    return 1 if sign == "|" and closed * 2 > len(tails) else 0


def _behind_row(text: str, start: int, end: int, per_line: bool) -> str:
    """What stands behind a row's last value, up to the next label.

    Where rows are lines: the rest of the line, and the lines of nothing but signs below it.
    """
    tail = text[start:end]
    if not per_line or "\n" not in tail:
        return tail
    first, *below = tail.split("\n")[:-1]
    signs = takewhile(lambda line: not line.strip(" \t|\u3000\xa0"), below)
    return "\n".join((first, *signs))


def _usual(counts: Counter[int]) -> int:
    """The most frequent count; the smaller of two that are equally so."""
    most = max(counts.values())
    return min(count for count, times in counts.items() if times == most)


def slots_of(
    doc: Document, grid: Grid, label: Token | None, segment: Segment, style: Style
) -> Slots:
    """The places of one row: from the source's table where it has one, else from the signs."""
    cells = grid.cells_right_of(label) if label is not None else None
    if cells is not None:
        return Slots(tuple(Slot(*cell) for cell in cells), delimited=True, from_grid=True)
    values = tuple(Slot(token.start, token.end) for token in segment.values)
    if not style.sign:
        return Slots(values, delimited=False)
    return Slots(tuple(_delimited(doc.text, segment, style)), delimited=True)


def _delimited(text: str, segment: Segment, style: Style) -> list[Slot]:
    places: list[Slot] = []
    before = segment.label_end
    for token in segment.values:
        places.extend(_blanks(text, before, token.start, style))
        places.append(Slot(token.start, token.end))
        before = token.end
    places.extend(_trailing(text, before, segment.end, style))
    return places


def _blanks(text: str, start: int, end: int, style: Style) -> list[Slot]:
    """Blank places between two neighbours: one for each `per_cell` signs beyond the first."""
    count = round(text.count(style.sign, start, end) / style.per_cell) - 1
    if count <= 0:  # as between most neighbours
        return []
    signs = _places_of(style.sign, text, start, end)
    return [Slot(at, at) for at in _behind(signs, count, style.per_cell)]


def _trailing(text: str, start: int, end: int, style: Style) -> list[Slot]:
    """Blank places behind the last value of a row."""
    end = start + len(_behind_row(text, start, end, style.per_line))
    signs = _places_of(style.sign, text, start, end)
    count = len(signs) - style.tail
    if not style.per_line and style.sign == "\t" and signs and text[end - 1] != "\t":
        count += 1  # where a tab leads each cell, the last row lacks the tab of a next label
    per_cell = 1 if style.per_line else style.per_cell
    return [Slot(at, at) for at in _behind(signs, round(count / per_cell), per_cell)]


def _places_of(sign: str, text: str, start: int, end: int) -> list[int]:
    return [i for i, char in enumerate(text[start:end], start) if char == sign]


def _behind(signs: list[int], count: int, per_cell: int) -> list[int]:
    """The places just behind the first sign of each of `count` cells."""
    return [signs[min(i * per_cell, len(signs) - 1)] + 1 for i in range(count)]
