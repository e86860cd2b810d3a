"""The rows of one block of the form: places, readings, cells."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..models.document import Document
from ..models.form import Block, Row
from ..models.report import Cell
from .assign import (
    Readings,
    closes,
    filled_pattern,
    in_order,
    settle_columns,
    totals_only,
    windows,
    without_surplus,
)
from .cells import missing, row_cells, slot_values
from .fused import fused_readings, glued_run
from .numbers import parse_value
from .segments import LabelledRow
from .slots import Slot, Slots, Style, slots_of
from .tokens import Grid

#: How far a value is trusted by the way it was placed; the tagger's scores come on top.
TRUST = {"row_label": 1.0, "row_label_blank": 0.98, "arithmetic": 0.95, "position": 0.9}


@dataclass(frozen=True, slots=True)
class BlockReading:
    """cells: in the order of the form. found: ids of the rows that stand in the source."""

    cells: tuple[Cell, ...]
    found: frozenset[str]
    deduplicated: bool


def read_block(
    doc: Document,
    grid: Grid,
    block: Block,
    rows: Mapping[str, LabelledRow],
    style: Style,
    deduplicated: bool,
) -> BlockReading:
    """Read the cells of `block` from its labelled rows. rows: row id -> row.

    deduplicated: a crawler dropped repeated lines, so an absent value is no blank.
    """
    n_columns = len(block.columns)
    places = {
        id_: _without_strays(doc, slots_of(doc, grid, row.label, row.segment, style), n_columns)
        for id_, row in rows.items()
    }
    shape = _shape_of(block, places, style)
    readings = {
        row.id: _readings(places[row.id], n_columns, row.depth, shape)
        for row in block.rows
        if row.id in rows
    }
    readings |= _fused(rows, n_columns)
    if len(block.columns) > 3:
        readings = _settled(doc, block, places, readings)
    cells: list[Cell] = []
    for row in block.rows:
        if row.id not in rows:
            cells.extend(missing(block.path(row, column) for column in block.columns))
            continue
        reading = readings[row.id]
        if deduplicated and len(places[row.id].filled) < len(block.columns):
            reading = Readings((), "lines_deduplicated")
        elif rows[row.id].label is None and reading.method == "row_label":
            reading = Readings(reading.readings, "position")
        trust = TRUST.get(reading.method, 0.9)
        home = rows[row.id].segment.label_end
        cells.extend(row_cells(doc, block, row, reading, rows[row.id].score * trust, home))
    return BlockReading(tuple(cells), frozenset(rows), deduplicated)


def _fused(rows: Mapping[str, LabelledRow], n_columns: int) -> dict[str, Readings]:
    """Readings of the rows whose values are glued together.

    Where the sums admit few of them, 总计 is blank and a row that closes does so by chance.
    """
    found = {id_: fused_readings(row.segment, n_columns) for id_, row in rows.items()}
    glued = [
        id_
        for id_, row in rows.items()
        if len(row.segment.values) != n_columns and glued_run(row.segment.values) is not None
    ]
    read = {id_: readings for id_, readings in found.items() if readings is not None}
    if n_columns > 3 and 2 * len(read) <= len(glued):
        return {}
    return {
        id_: Readings(readings, "row_label" if len(readings) == 1 else "arithmetic")
        for id_, readings in read.items()
    }


def _without_strays(doc: Document, slots: Slots, n_columns: int) -> Slots:
    """Where a row has more values than columns, without what is none of its own.

    Words are strays of headers; what stands below a first line that is full, of the page.
    """
    if len(slots.filled) <= n_columns:
        return slots
    places = tuple(
        place
        for place in slots.places
        if place.is_blank or parse_value(doc.text[place.start : place.end]).state != "text"
    )
    filled = [place for place in places if not place.is_blank]
    line_end = doc.text.find("\n", filled[0].start) if filled else -1
    on_line = [place for place in places if place.start < line_end]
    if sum(not place.is_blank for place in on_line) == n_columns:
        places = tuple(on_line)
    return replace(slots, places=places)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a block's rows have in common.

    leads: row depth -> how many blank places stand between label and first column.
    patterns: (row depth, number of places) -> the places of the columns.
    shows_blanks: empty cells are seen in some row; a row that comes short was cut at its end.
    drops_blanks: rows come short and no empty cell is seen: what is empty was left out.
    """

    leads: Mapping[int, int]
    patterns: Mapping[tuple[int, int], tuple[int, ...]]
    shows_blanks: bool
    drops_blanks: bool


def _shape_of(block: Block, places: Mapping[str, Slots], style: Style) -> Shape:
    """Read the shape off the full rows; where there are none, off the number of places."""
    n_columns = len(block.columns)
    rows = [(row, places[row.id]) for row in block.rows if row.id in places]
    full = [
        (row, slots) for row, slots in rows if slots.delimited and len(slots.filled) == n_columns
    ]
    counts: dict[int, Counter[int]] = {}
    patterns = {}
    for row, slots in full:
        counts.setdefault(row.depth, Counter())[slots.lead] += 1
        patterns[row.depth, len(slots.places)] = filled_pattern(slots)
    leads = {depth: counter.most_common(1)[0][0] for depth, counter in counts.items()}
    in_place = style.per_line and _labels_keep_places(rows)
    if len(set(leads.values())) == 1 and not in_place:
        # Where all depths that can be seen agree, so do the others.
        leads = dict.fromkeys((1, 2, 3), next(iter(leads.values())))
    default = {depth: 3 - depth if in_place else 0 for depth in (1, 2, 3)}
    shows = in_place or any(_has_hole(slots) for _, slots in rows)
    short = any(
        slots.delimited and slots.filled and len(slots.places) < n_columns for _, slots in rows
    )
    return Shape(default | leads, patterns, shows, short and not shows)


def _labels_keep_places(rows: Sequence[tuple[Row, Slots]]) -> bool:
    """Whether a merged label leaves blanks in its place: then rows of one label have two more
    places than rows of three. Else the blanks stand at the row's end, or nowhere."""
    most = {depth: 0 for depth in (1, 2, 3)}
    for row, slots in rows:
        most[row.depth] = max(most[row.depth], len(slots.places))
    return most[3] > 0 and most[1] - most[3] == 2


def _has_hole(slots: Slots) -> bool:
    """Whether a blank place is seen before the last value."""
    pattern = filled_pattern(slots)
    return bool(pattern) and pattern[-1] >= len(pattern)


def _readings(slots: Slots, n_columns: int, depth: int, shape: Shape) -> Readings:
    filled = slots.filled
    if slots.delimited and (len(filled) == n_columns or not shape.drops_blanks):
        lead = shape.leads.get(depth)
        short = n_columns + (lead or 0) - len(slots.places)
        if filled and short > 0 and shape.shows_blanks:
            end = slots.places[-1].end
            slots = replace(slots, places=(*slots.places, *(Slot(end, end),) * short))
        pattern = shape.patterns.get((depth, len(slots.places)))
        found = windows(slots, n_columns, lead, pattern)
        if found:
            full = len(filled) == n_columns
            return Readings(found, "row_label" if full else "row_label_blank")
    if len(filled) > n_columns:
        tried = without_surplus(filled, n_columns) if n_columns > 3 else ()
        return Readings(tried, "surplus")
    if not filled:
        return Readings(((None,) * n_columns,), "row_label_blank")
    return Readings(
        in_order(filled, n_columns), "row_label" if len(filled) == n_columns else "arithmetic"
    )


def _settled(
    doc: Document, block: Block, places: Mapping[str, Slots], readings: dict[str, Readings]
) -> dict[str, Readings]:
    """Let the sums of table 3 decide between the readings that are left."""
    tried = {slot for found in readings.values() for r in found.readings for slot in r if slot}
    values = slot_values(doc, tried.union(*(slots.places for slots in places.values())))
    readings = _unpacked(places, readings, values, len(block.columns))
    open_rows = {id_ for id_, found in readings.items() if len(found.readings) > 1}
    if not open_rows:
        return readings
    closed = {id_: found.readings for id_, found in readings.items() if found.readings}
    closing = {
        id_: tuple(reading for reading in closed[id_] if closes(reading, values))
        for id_ in open_rows
    }
    for id_ in open_rows:
        if readings[id_].method == "surplus":  # strays stand behind a row: the first that closes
            closing[id_] = closing[id_][:1]
    if 2 * sum(map(bool, closing.values())) > len(open_rows):
        # Where few rows close, 总计 is blank and a row that does so closes by chance.
        closed |= {id_: found for id_, found in closing.items() if found}
    if all(slots.delimited and len(slots.filled) <= 1 for slots in places.values()):
        last = len(block.columns) - 1
        closed |= {id_: totals_only(closed[id_], (last,)) or closed[id_] for id_ in open_rows}
    settled = settle_columns(closed, values, _row_relations(block.rows))
    return {
        id_: Readings(settled[id_], "arithmetic") if id_ in open_rows else found
        for id_, found in readings.items()
    }


def _unpacked(
    places: Mapping[str, Slots],
    readings: dict[str, Readings],
    values: Mapping[Slot, float],
    n_columns: int,
) -> dict[str, Readings]:
    """Undo the windows of a table whose blank cells were deleted and pads added at the end.

    Its mark: no row reaches the last column (总计), yet a row's last value is the sum of those
    before it (`7 | 1 | 8 |||||`).
    """
    partial = {
        id_: found
        for id_, found in readings.items()
        if len(found.readings) == 1 and 1 < len(places[id_].filled) < n_columns
    }
    if all(len(places[id_].filled) == n_columns - 1 for id_ in partial):
        return readings
    sums: list[bool] = []
    for id_, found in partial.items():
        if (last := found.readings[0][-1]) is not None and not last.is_blank:
            return readings
        *parts, total = (values.get(slot, 0.0) for slot in places[id_].filled)
        if total:
            sums.append(sum(parts) == total)
    if not any(sums) or sum(sums) * 2 < len(sums):
        return readings
    return readings | {
        id_: Readings(in_order(places[id_].filled, n_columns), "arithmetic") for id_ in partial
    }


def _row_relations(rows: Sequence[Row]) -> list[tuple[list[str], list[str]]]:
    """Balance and result sum of table 3 as pairs of row ids (form.json: relations)."""
    results = [row.id for row in rows if row.depth > 1 and row.id != "total_handled"]
    return [
        (["new", "carried_in"], ["total_handled", "carried_out"]),
        (["total_handled"], results),
    ]
