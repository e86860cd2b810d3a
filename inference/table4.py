"""Table 4: fifteen columns that only their order tells apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..models.document import Document
from ..models.form import Block, form
from ..models.labels import Label
from ..models.report import Cell
from .assign import (
    Reading,
    Readings,
    agreed,
    closes,
    in_order,
    totals_only,
    windows,
    without_surplus,
)
from .beside import blocks_beside, named_reading
from .blocks import TRUST
from .cells import cell_at, missing, row_cells, slot_values
from .copies import without_disagreement
from .fused import fused_blocks
from .glued import is_header_run
from .numbers import parse_value
from .segments import is_boundary
from .slots import Segment, Slot, Slots, Style, slots_of, style_of
from .tokens import Grid, Token, looks_like_value
from .wording import best_likeness, letters

HEADERS = (
    *("结果维持", "结果纠正", "其他结果", "尚未审结"),
    *("未经复议直接起诉", "复议后起诉", "行政复议", "行政诉讼"),
)
N_COLUMNS = 15
#: More stretches of headers and values than this are no copies of one table.
MOST_PRINTINGS = 4
#: The columns 总计 of the three blocks; offices that fill in totals alone fill these.
TOTALS = (4, 9, 14)


@dataclass(frozen=True, slots=True)
class Table4:
    """extent: (start, end) of the table in the text; None where there is none."""

    cells: tuple[Cell, ...]
    extent: tuple[int, int] | None


def read_table4(
    doc: Document, grid: Grid, tokens: Sequence[Token], first: int, above: Style
) -> Table4:
    """Read the row of fifteen values under the headers.

    first: the token index to search from. above: the style of table 3, for rows too bare to tell.
    Of a table printed twice the cells that differ are unreadable.
    """
    blocks = form("2021").t4
    start = next((i for i in range(first, len(tokens)) if _is_header(tokens[i])), None)
    if start is None:
        return Table4(tuple(missing(path for block in blocks for path in block.paths())), None)
    below = range(start + 1, len(tokens))
    end = next((i for i in below if _ends(tokens[i])), len(tokens))
    extent = (tokens[start].start, tokens[end - 1].end)
    limit = tokens[end].start if end < len(tokens) else len(doc.text)
    tokens = _without_look_alikes(tokens[start:end])
    if beside := blocks_beside(tokens, blocks):
        return Table4(tuple(_named_cells(doc, beside)), extent)
    places = _printings(tokens)
    limits = [*(tokens[place].start for place in places[1:]), limit]
    cells, *copies = [
        _read_printing(doc, grid, tokens[here:after], end, above)
        for here, after, end in zip(places, [*places[1:], len(tokens)], limits, strict=True)
    ]
    for copy in copies:
        cells = without_disagreement(cells, copy)
    return Table4(cells, extent)


def _named_cells(doc: Document, beside: Mapping[str, Segment]) -> Iterator[Cell]:
    """The cells of the blocks that have labels beside their values; others are missing."""
    for block in form("2021").t4:
        (row,) = block.rows
        if (segment := beside.get(block.id)) is None:
            yield from missing(block.paths())
            continue
        reading = Readings(named_reading(segment, block), "row_label")
        score = min([token.score for token in segment.values], default=1.0)
        yield from row_cells(doc, block, row, reading, score, segment.label_end)


def _without_look_alikes(tokens: Sequence[Token]) -> Sequence[Token]:
    """`tokens` without what merely looks like a value, where fifteen are labelled (0 / 0 / 0)."""
    if sum(token.label is Label.VALUE for token in tokens) != N_COLUMNS:
        return tokens
    return [t for t in tokens if t.label is Label.VALUE or not looks_like_value(t)]


def _printings(tokens: Sequence[Token]) -> list[int]:
    """Where the table begins, and begins again: at headers that follow values.

    Fifteen values are one table, however its headers are spread; fewer are two where the first
    header comes again. A stretch with less than half of the values of the fullest (a page number
    above a repeated header) is none of its own.
    """
    counts = {0: 0}
    here = 0
    for index, token in enumerate(tokens):
        if looks_like_value(token):
            counts[here] += 1
        elif counts[here] and _is_header(token):
            here = index
            counts[here] = 0
    n_values, most = sum(counts.values()), max(counts.values())
    own = [place for place, count in counts.items() if 2 * count >= most]
    if n_values <= N_COLUMNS:
        head = letters(tokens[0].text)
        own = [p for p in own if n_values < N_COLUMNS and letters(tokens[p].text) == head]
    return [0, *own[1:]] if len(own) <= MOST_PRINTINGS else [0]


def _read_printing(
    doc: Document, grid: Grid, tokens: Sequence[Token], limit: int, above: Style
) -> tuple[Cell, ...]:
    """The cells of one printing. tokens: from its first header on. limit: where its text ends."""
    blocks = form("2021").t4
    values = [token for token in tokens if looks_like_value(token)]
    if len(values) > N_COLUMNS:  # words among the figures are strays of headers
        values = [token for token in values if parse_value(token.text).state != "text"]
        values = _full_line(doc.text, values) or values
    slots = _slots(doc, grid, tokens, values, above, limit)
    if slots is None:
        return tuple(missing(path for block in blocks for path in block.paths()))
    if _is_cut_off(doc.text, values):
        paths = (path for block in blocks for path in block.paths())
        return tuple(
            Cell(path=p, state="unreadable", confidence=0.9, method="cut_off") for p in paths
        )
    fused = fused_blocks(tuple(values), len(blocks), N_COLUMNS // len(blocks))
    score = min([token.score for token in values], default=1.0)
    return tuple(_cells(doc, blocks, slots, fused, score))


def _is_cut_off(text: str, values: Sequence[Token]) -> bool:
    """Whether the text breaks off behind the last of too few values: a row torn apart."""
    return 0 < len(values) < N_COLUMNS and text[values[-1].end :].strip() in ("", "|")


def _full_line(text: str, values: Sequence[Token]) -> list[Token] | None:
    """The fifteen values of the one line that is full, if others (page numbers) stand around."""
    lines: dict[int, list[Token]] = {}
    for token in values:
        lines.setdefault(text.rfind("\n", 0, token.start), []).append(token)
    full = [line for line in lines.values() if len(line) == N_COLUMNS]
    return full[0] if len(full) == 1 else None


def _is_header(token: Token) -> bool:
    least = 0.8 if token.label in (Label.COLUMN, Label.GROUP, Label.ROW) else 1.0
    allowed = token.label in (Label.COLUMN, Label.GROUP, Label.ROW, None)
    return allowed and (
        best_likeness(token.text, HEADERS) >= least or is_header_run(letters(token.text))
    )


def _ends(token: Token) -> bool:
    table_labels = (Label.COLUMN, Label.GROUP, Label.ROW, Label.CAPTION)
    if token.label in table_labels or _is_short(token) or _is_header(token):
        return False
    return is_boundary(token)


def _is_short(token: Token) -> bool:
    """Torn headers (维持, 结 其 尚) are left unlabelled and do not end the table."""
    return token.label is None and len(token.text.replace(" ", "")) <= 6


def _slots(
    doc: Document,
    grid: Grid,
    tokens: Sequence[Token],
    values: Sequence[Token],
    above: Style,
    limit: int,
) -> Slots | None:
    """The places of the data row; None where no row stands under the headers."""
    if not values:
        return _blank_row(doc, grid, tokens)
    first = values[0]
    row = grid.row_of(first)
    if row is not None:
        return Slots(tuple(Slot(*cell) for cell in row), delimited=True, from_grid=True)
    line = _cells_of_line(doc.text, first.start)
    if line is not None and len(values) < N_COLUMNS:
        return Slots(line, delimited=True)
    # Page furniture may stand between the headers and blank cells before the first value.
    head = max(t.end for t in tokens if t.end <= first.start and t.label is not Label.NOISE)
    if "\n" not in doc.text[first.start : values[-1].end]:
        head = max(head, doc.text.rfind("\n", 0, first.start) + 1)
    segment = Segment(head, head, tuple(values), limit)
    headers = [token for token in tokens if token.label is Label.COLUMN]
    gaps = [
        doc.text[left.end : right.start] for left, right in zip(headers, headers[1:], strict=False)
    ]
    style = style_of(doc.text, [segment], N_COLUMNS, gaps)
    if style.sign == above.sign and len(values) < N_COLUMNS:
        style = replace(style, per_cell=above.per_cell, tail=above.tail)
    return slots_of(doc, grid, None, segment, style)


def _cells_of_line(text: str, place: int) -> tuple[Slot, ...] | None:
    """The fifteen cells of the line around `place`; None where it does not hold so many.

    A sign at either edge of the line opens or closes it, unless the cells then come short.
    """
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    end = len(text) if end < 0 else end
    above = text[text.rfind("\n", 0, max(0, start - 1)) + 1 : start]
    for sign in "|\t":
        cells = []
        for part in text[start:end].split(sign):
            inner = part.strip()
            at = start + len(part) - len(part.lstrip()) if inner else start
            cells.append(Slot(at, at + len(inner)))
            start += len(part) + 1
        opened = sign == "|" and above.lstrip().startswith("|") and cells[0].is_blank
        if opened and len(cells) > N_COLUMNS:
            cells.pop(0)  # the bar that opens every line
        while len(cells) > N_COLUMNS and cells[-1].is_blank:
            cells.pop()
        while len(cells) > N_COLUMNS and cells[0].is_blank:
            cells.pop(0)
        if len(cells) == N_COLUMNS:
            return tuple(cells)
        start = text.rfind("\n", 0, place) + 1
    return None


def _blank_row(doc: Document, grid: Grid, tokens: Sequence[Token]) -> Slots | None:
    """A row of empty cells under the headers, if one can be seen."""
    row = grid.row_below(tokens[-1])
    if row is not None and len(row) == N_COLUMNS and all(start == end for start, end in row):
        return Slots(tuple(Slot(*cell) for cell in row), delimited=True, from_grid=True)
    for line in doc.text[tokens[-1].end :].split("\n")[1:3]:
        for sign in "|\t":
            if line.count(sign) >= N_COLUMNS - 1 and not line.strip("|\t "):
                at = doc.text.index(line, tokens[-1].end)
                return Slots((Slot(at, at),) * N_COLUMNS, delimited=True)
    return None


def _cells(
    doc: Document, blocks: Sequence[Block], slots: Slots, fused: Sequence[Reading], score: float
) -> list[Cell]:
    paths = [path for block in blocks for path in block.paths()]
    readings, method = (fused, "arithmetic") if fused else _readings(doc, slots)
    if not readings:
        return [Cell(path=p, state="unreadable", confidence=score, method=method) for p in paths]
    home = slots.places[0].start
    confidence = score * TRUST.get(method, 0.9)
    return [
        cell_at(doc, path, slot or Slot(home, home), method, confidence)
        if sure
        else Cell(path=path, state="unreadable", confidence=confidence, method=method)
        for path, (slot, sure) in zip(paths, agreed(readings), strict=True)
    ]


def _readings(doc: Document, slots: Slots) -> tuple[tuple[Reading, ...], str]:
    if len(slots.filled) > N_COLUMNS:
        # Of those that add up, the one that begins first: strays stand behind a row.
        return _closing(doc, slots, without_surplus(slots.filled, N_COLUMNS))[:1], "surplus"
    ordered = in_order(slots.filled, N_COLUMNS)
    if len(ordered) == 1:
        return ordered, "row_label"
    if slots.delimited and (found := windows(slots, N_COLUMNS, None)):
        closing = _closing(doc, slots, found)
        bare = totals_only(found, TOTALS)
        if not closing and not bare and (closing := _closing(doc, slots, ordered)):
            return closing, "arithmetic"  # what look like blanks are bars of merged headers
        found = bare or closing or found
        # Where several close, blanks before the row are those of the merged headers.
        return found[-1:] if slots.places[-1] in found[-1] else found, "row_label_blank"
    return _closing(doc, slots, ordered) or ordered, "arithmetic"


def _closing(doc: Document, slots: Slots, found: Sequence[Reading]) -> tuple[Reading, ...]:
    """The readings under which all three blocks add up, blanks counting as nothing."""
    values = slot_values(doc, slots.filled)
    return tuple(
        reading
        for reading in found
        if all(closes(reading[start : start + 5], values) for start in range(0, N_COLUMNS, 5))
    )
