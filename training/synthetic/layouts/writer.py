"""One writer for every layout of tables: the layouts are parameters."""

import random
import re
from dataclasses import dataclass, replace
from itertools import combinations

from ....models.labels import Label
from ..edits import Builder, edit
from ..marked import Mark, Marked, join
from ..tables import Cell, Table, TableRow, expand

UNREADABLE = "unreadable:"  # prefix of the key of a value that stands there but cannot be placed


@dataclass(frozen=True, slots=True)
class Style:
    """What is written around the cells of a table.

    lead: before a row. before: before each cell with wording. after: behind each cell, drawn
        anew each time. last: behind the row's last cell in place of `after`, where not None.
    blank: for a cell of the source that is empty. pad: for each further column of a merged cell,
        in its place; below: for a place that a merged cell above reaches; end: for each of both,
        at the row's end; None writes nothing.
    trim: taken off the row's end. gap: between rows. tail: behind each row.
    inner: for a line break inside a cell. pieces: breaks cannot be told from cell ends, so each
        piece of a label is a span of its own.
    spaces: drawn from for each value, and written before it.
    delimited: an empty cell can be seen. fused: nothing at all stands between cells.
    rule: a Markdown rule behind the first row.
    """

    lead: str = ""
    before: str = ""
    after: tuple[str, ...] = ("\t",)
    last: str | None = None
    blank: str = ""
    pad: str | None = None
    below: str | None = None
    end: str | None = None
    trim: str = ""
    gap: str = "\n"
    tail: str = ""
    inner: str = ""
    pieces: bool = False
    spaces: tuple[str, ...] = ("",)
    delimited: bool = True
    fused: bool = False
    rule: bool = False


def write(table: Table, style: Style, rng: random.Random) -> Marked:
    """The table as text, each value's mark keyed by its path.

    Where empty cells leave no trace, values that cannot be told apart any more are re-keyed
    `unreadable:<path>`.
    """
    if not style.delimited:
        table = _without_traces(table)
    if style.fused:
        table = Table(table.id, tuple(_told_apart(row) for row in table.rows), table.width)
    out = Builder()
    for index, slots in enumerate(expand(table)):
        if index:
            out.add(style.gap)
        out.add(style.lead)
        ending = ""
        last = max((i for i, slot in enumerate(slots) if isinstance(slot, Cell)), default=-1)
        for place, slot in enumerate(slots):
            if isinstance(slot, Cell):
                _cell(out, slot, style, rng, is_last=place == last)
                continue
            filling = style.pad if slot == "right" else style.below
            if filling is not None:
                out.add(filling)
            elif style.end is not None:
                ending += style.end
        if ending:
            out.add(ending)
        out.trim(style.trim)
        out.add(style.tail)
        if style.rule and index == 0:
            out.add("\n|" + "|".join([rng.choice([" --- ", "---", ":---:"])] * table.width) + "|")
    return out.build()


def _cell(out: Builder, cell: Cell, style: Style, rng: random.Random, *, is_last: bool) -> None:
    if not cell.content.text.strip():
        out.add(cell.content)
        out.add(style.blank)
        return
    out.add(style.before)
    if cell.kind == "value":
        out.add(rng.choice(style.spaces))
    out.add(_inner(cell.content, style))
    after = style.after[0] if len(style.after) == 1 else rng.choice(style.after)
    out.add(style.last if is_last and style.last is not None else after)


def _inner(content: Marked, style: Style) -> Marked:
    """The content with its line breaks as the style writes them."""
    if "\n" not in content.text:
        return content
    if style.pieces and len(content.marks) == 1 and content.marks[0].label is Label.COLUMN:
        marks = tuple(Mark(*m.span(), Label.COLUMN) for m in re.finditer(r"[^\n]+", content.text))
        content = Marked(content.text, marks)
    breaks = [m.span() for m in re.finditer(r"\n", content.text)]
    return edit(content, [(start, end, style.inner) for start, end in breaks])


def _without_traces(table: Table) -> Table:
    """The table for a layout in which empty cells vanish: ambiguous values become unreadable."""
    rows = [_settled(row, table.id) for row in table.rows]
    for at in range(1, len(rows)):
        above, row = _filled(table.rows[at - 1]), _filled(table.rows[at])
        named = any(cell.kind == "row" for cell in rows[at])
        if above and row and not named and not all(above + row):
            # A row that lost its name runs on from the one above: which has which, none can tell.
            rows[at - 1 : at + 1] = [_doubted(rows[at - 1]), _doubted(rows[at])]
    return Table(table.id, tuple(rows), table.width)


def _filled(row: TableRow) -> list[bool]:
    """For each value of the row whether it is printed."""
    return [bool(cell.content.text.strip()) for cell in row if cell.kind == "value"]


def _doubted(row: TableRow) -> TableRow:
    return tuple(_unreadable(cell) if cell.kind == "value" else cell for cell in row)


def _settled(row: TableRow, table: str) -> TableRow:
    values = [cell for cell in row if cell.kind == "value"]
    filled = [cell for cell in values if cell.content.text.strip()]
    if len(filled) in (0, len(values)):
        return row
    sure = _sure([cell.content.text.strip() for cell in filled], len(values), table)
    result = []
    at = 0
    for cell in row:
        if cell.kind == "value":
            if at not in sure:
                cell = _unreadable(cell)
            at += 1
        result.append(cell)
    return tuple(result)


def _told_apart(row: TableRow) -> TableRow:
    """F8: digits that run on are sure only where each cell has but one; else they are one value."""
    values = [cell for cell in row if cell.kind == "value"]
    if len(values) < 2 or all(_alone(cell.content.text) for cell in values):
        return row
    run = join("", (_unreadable(cell).content for cell in values))
    marks = (Mark(m.start, m.end, None, m.key) for m in run.marks)
    whole = Mark(0, len(run), Label.VALUE)
    others = (cell for cell in row if cell.kind != "value")
    return (*others, replace(values[0], content=Marked(run.text, (*marks, whole))))


def _alone(text: str) -> bool:
    """Whether a value that others follow at once is still one: 十二 may be two cells or one."""
    return len(text) == 1 and text not in "一二三四五六七八九十百千万"


def _sure(printed: list[str], width: int, table: str) -> frozenset[int]:
    """Columns that get the same number in every reading whose row sum holds (blanks as zero)."""
    if table != "t3" or not all(text.isdecimal() for text in printed):
        return frozenset()
    numbers = [int(text) for text in printed]
    readings = []
    for columns in combinations(range(width), len(numbers)):
        reading = dict(zip(columns, numbers, strict=True))
        if reading.get(width - 1, 0) == sum(n for c, n in reading.items() if c != width - 1):
            readings.append(reading)
    if not readings:
        return frozenset()
    first = readings[0]
    return frozenset(
        column
        for column, number in first.items()
        if all(reading.get(column) == number for reading in readings)
    )


def _unreadable(cell: Cell) -> Cell:
    """The same wording, but nobody can say for sure which cell it belongs to."""
    text, marks = cell.content.text, cell.content.marks
    keys = (m.key if m.key.startswith(UNREADABLE) else UNREADABLE + m.key for m in marks)
    rekeyed = tuple(Mark(m.start, m.end, m.label, k) for m, k in zip(marks, keys, strict=True))
    return Cell(Marked(text, rekeyed), cell.kind, cell.column_span, cell.row_span)
