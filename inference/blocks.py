"""The rows of one block of the form: places, readings, cells."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..models.document import Document
from ..models.form import Block, Row
from ..models.report import Cell
from .assign import (
    Readings,
    closes,
    in_order,
    settle_columns,
    totals_only,
    windows,
    without_surplus,
)
from .beside import named_reading
from .cells import missing, row_cells, slot_values
from .dropped import METHOD as DROPPED
from .fused import fused_readings, glued_run
from .numbers import parse_value
from .segments import LabelledRow
from .slots import Slot, Slots, Style, slots_of
from .tokens import Grid

#: How far a value is trusted by the way it was placed; the tagger's scores come on top.
TRUST = {"row_label": 1.0, "row_label_blank": 0.98, "arithmetic": 0.95, "position": 0.9}


def read_block(
    doc: Document,
    grid: Grid,
    block: Block,
    rows: Mapping[str, LabelledRow],
    style: Style,
    deduplicated: bool,
    untraced: bool = False,
) -> tuple[Cell, ...]:
    """Read the cells of `block` from its labelled rows. rows: row id -> row.

    deduplicated: a crawler dropped repeated lines, so an absent value is no blank.
    untraced: blank cells leave no trace in the table. Values above the place of a row that is not
    there may then be that row's, whose label is lost, and the row above be blank.
    """
    n_columns = len(block.columns)
    named = {
        id_: Readings(named_reading(row.segment, block), "row_label")
        for id_, row in rows.items()
        if row.segment.names
    }
    headed = {id_: row for id_, row in rows.items() if id_ not in named}
    places = {
        id_: _without_strays(doc, slots_of(doc, grid, row.label, row.segment, style), n_columns)
        for id_, row in headed.items()
    }
    readings = _placed(block, places, style) | _fused(headed, n_columns, not style.sign)
    if n_columns > 3:
        sure = {id_: found for id_, found in named.items() if len(found.readings) == 1}
        readings = _settled(doc, block, places, readings | sure)
    readings |= named
    above_lost = {a.id for a, b in pairwise(block.rows) if b.id not in rows}
    cells: list[Cell] = []
    for row in block.rows:
        if row.id not in rows:
            cells.extend(missing(block.row_paths[row.id]))
            continue
        reading = readings[row.id]
        filled = rows[row.id].segment.values if row.id in named else places[row.id].filled
        if deduplicated and len(filled) < n_columns:
            reading = Readings((), DROPPED)
        elif rows[row.id].label is None and reading.method == "row_label":
            reading = Readings(reading.readings, "position")
        if untraced and row.id in above_lost and filled and row.id not in named:
            reading = Readings((), "position")
        trust = TRUST.get(reading.method, 0.9)
        home = rows[row.id].segment.label_end
        cells.extend(row_cells(doc, block, row, reading, rows[row.id].score * trust, home))
    return tuple(cells)


def _fused(rows: Mapping[str, LabelledRow], n_columns: int, loose: bool) -> dict[str, Readings]:
    """Readings of the rows whose values are glued together.

    Where the sums admit few of them, 总计 is blank and a row that closes does so by chance.
    """
    found = {id_: fused_readings(row.segment, n_columns, loose) for id_, row in rows.items()}
    read = {id_: readings for id_, readings in found.items() if readings is not None}
    if not read:
        return {}
    glued = [
        id_
        for id_, row in rows.items()
        if len(row.segment.values) != n_columns and glued_run(row.segment.values) is not None
    ]
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
    shows_blanks: empty cells are seen in some row.
    trims: rows are lines or rows of a grid: one that comes short was then cut at its end.
    drops_blanks: rows come short and no empty cell is seen: what is empty was left out.
    """

    leads: Mapping[int, int]
    patterns: Mapping[tuple[int, int], tuple[int, ...]]
    shows_blanks: bool
    trims: bool
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
        patterns[row.depth, len(slots.places)] = slots.pattern
    leads = {depth: counter.most_common(1)[0][0] for depth, counter in counts.items()}
    in_place = _labels_keep_places(rows, style)
    if len(set(leads.values())) == 1 and not in_place:
        # Where all depths that can be seen agree, so do the others.
        leads = dict.fromkeys((1, 2, 3), next(iter(leads.values())))
    default = {depth: 3 - depth if in_place else 0 for depth in (1, 2, 3)}
    shows = in_place or any(_has_hole(slots) for _, slots in rows)
    depths = _by_depth(rows).values()
    vanish = any(_blanks_vanish(own) for own in depths)
    short = vanish or any(len(slots.places) < n_columns for own in depths for slots in own)
    trims = style.per_line or all(slots.from_grid for _, slots in rows)
    return Shape(default | leads, patterns, shows, trims, short and not shows)


def _by_depth(rows: Sequence[tuple[Row, Slots]]) -> dict[int, list[Slots]]:
    """The delimited rows that hold values, by depth."""
    found: dict[int, list[Slots]] = {}
    for row, slots in rows:
        if slots.delimited and slots.filled:
            found.setdefault(row.depth, []).append(slots)
    return found


def _blanks_vanish(rows: Sequence[Slots]) -> bool:
    """Whether what is empty was left out, for rows that show no blank before a value.

    Where blanks are kept, rows with fewer values have as many places; where they vanish, as many
    signs behind the last value.
    """
    places = Counter(len(slots.places) for slots in rows)
    behind = Counter(len(slots.places) - len(slots.filled) for slots in rows)
    return max(behind.values()) > max(places.values())


def _labels_keep_places(rows: Sequence[tuple[Row, Slots]], style: Style) -> bool:
    """Whether a merged label leaves blanks in its place: then rows of one label have two more
    places than rows of three. Else the blanks stand at the row's end, or nowhere.

    Where rows do not end with their lines, the blanks before the first values tell.
    """
    leads = {depth: min(slots.lead for slots in own) for depth, own in _by_depth(rows).items()}
    if any(lead < 3 - depth for depth, lead in leads.items()):
        return False
    if not style.per_line:
        return leads == {1: 2, 2: 1, 3: 0}
    most = {depth: 0 for depth in (1, 2, 3)}
    for row, slots in rows:
        most[row.depth] = max(most[row.depth], len(slots.places))
    return most[3] > 0 and most[1] - most[3] == 2


def _has_hole(slots: Slots) -> bool:
    """Whether a blank place is seen before the last value."""
    pattern = slots.pattern
    return bool(pattern) and pattern[-1] >= len(pattern)


def _placed(block: Block, places: Mapping[str, Slots], style: Style) -> dict[str, Readings]:
    """The readings of each row by its places. Full rows need no other to be read."""
    n_columns = len(block.columns)
    found = {
        id_: Readings((slots.filled,), "row_label")
        for id_, slots in places.items()
        if len(slots.filled) == n_columns
    }
    if len(found) < len(places):
        shape = _shape_of(block, places, style)
        for row in block.rows:
            if row.id in places and row.id not in found:
                found[row.id] = _readings(places[row.id], n_columns, row.depth, shape)
    return found


def _readings(slots: Slots, n_columns: int, depth: int, shape: Shape) -> Readings:
    """The readings of a row that is not full."""
    filled = slots.filled
    if slots.delimited and not shape.drops_blanks:
        lead = shape.leads.get(depth)
        short = n_columns + (lead or 0) - len(slots.places)
        if filled and short > 0 and shape.trims and shape.shows_blanks:
            end = slots.places[-1].end
            slots = replace(slots, places=(*slots.places, *(Slot(end, end),) * short))
        pattern = shape.patterns.get((depth, len(slots.places)))
        found = windows(slots, n_columns, lead, pattern)
        if found:
            return Readings(found, "row_label_blank")
    if len(filled) > n_columns:
        tried = without_surplus(filled, n_columns) if n_columns > 3 else ()
        return Readings(tried, "surplus")
    if not filled:
        return Readings(((None,) * n_columns,), "row_label_blank")
    return Readings(in_order(filled, n_columns), "arithmetic")


def _settled(
    doc: Document, block: Block, places: Mapping[str, Slots], readings: dict[str, Readings]
) -> dict[str, Readings]:
    """Let the sums of table 3 decide between the readings that are left."""
    if all(found.method == "row_label" for found in readings.values()):
        return readings
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
    telling = [id_ for id_ in open_rows if any(values.get(s) for s in places[id_].filled)]
    if 2 * sum(bool(closing[id_]) for id_ in telling) > len(telling):
        # Where few rows close, 总计 is blank and a row that does so closes by chance.
        closed |= {id_: found for id_, found in closing.items() if found}
    if all(slots.delimited and _ends_with_total(slots) for slots in places.values()):
        last = len(block.columns) - 1
        closed |= {id_: totals_only(closed[id_], (last,)) or closed[id_] for id_ in open_rows}
    settled = settle_columns(closed, values, _row_relations(block.rows))
    return {
        id_: Readings(settled[id_], "arithmetic") if id_ in open_rows else found
        for id_, found in readings.items()
    }


def _ends_with_total(slots: Slots) -> bool:
    """Whether a row may hold 总计 alone: one value at most, and no blank seen behind it."""
    return not slots.filled or (len(slots.filled) == 1 and not slots.places[-1].is_blank)


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
        if id_ in places
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
