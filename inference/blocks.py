"""The rows of one block of the form: places, readings, cells."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..models.document import Document
from ..models.form import Block, Row
from ..models.report import Cell
from .assign import Readings, closes, in_order, settle_columns, windows
from .cells import missing, row_cells, slot_values
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
    places = {
        id_: slots_of(doc, grid, row.label, row.segment, style) for id_, row in rows.items()
    }
    leads = _usual_leads(block, places)
    readings = {
        row.id: _readings(places[row.id], len(block.columns), leads.get(row.depth))
        for row in block.rows
        if row.id in rows
    }
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


def _usual_leads(block: Block, places: Mapping[str, Slots]) -> dict[int, int]:
    """Row depth -> how many blank places stand between label and first column.

    Read from the rows that are full; a merged label cell leaves its blanks there.
    """
    counts: dict[int, Counter[int]] = {}
    for row in block.rows:
        if row.id in places and places[row.id].delimited:
            slots = places[row.id]
            if len(slots.filled) == len(block.columns):
                counts.setdefault(row.depth, Counter())[slots.lead] += 1
    leads = {depth: counter.most_common(1)[0][0] for depth, counter in counts.items()}
    if leads and len(set(leads.values())) == 1:
        # Where all depths that can be seen agree, so do the others.
        return {depth: next(iter(leads.values())) for depth in (1, 2, 3)}
    return leads


def _readings(slots: Slots, n_columns: int, lead: int | None) -> Readings:
    filled = slots.filled
    if slots.delimited:
        found = windows(slots, n_columns, lead)
        if found:
            full = len(filled) == n_columns
            return Readings(found, "row_label" if full else "row_label_blank")
    if len(filled) > n_columns:
        return Readings((), "surplus")
    if not filled:
        return Readings(((None,) * n_columns,), "row_label_blank")
    return Readings(
        in_order(filled, n_columns), "row_label" if len(filled) == n_columns else "arithmetic"
    )


def _settled(
    doc: Document, block: Block, places: Mapping[str, Slots], readings: dict[str, Readings]
) -> dict[str, Readings]:
    """Let the sums of table 3 decide between the readings that are left."""
    values = slot_values(doc, (slot for slots in places.values() for slot in slots.places))
    readings = _unpacked(places, readings, values, len(block.columns))
    open_rows = {id_ for id_, found in readings.items() if len(found.readings) > 1}
    if not open_rows:
        return readings
    closed = {
        id_: tuple(r for r in found.readings if closes(r, values)) or found.readings
        if id_ in open_rows
        else found.readings
        for id_, found in readings.items()
        if found.readings
    }
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
    sums = 0
    for id_, found in partial.items():
        if (last := found.readings[0][-1]) is not None and not last.is_blank:
            return readings
        *parts, total = (values.get(slot, 0.0) for slot in places[id_].filled)
        sums += total > 0 and sum(parts) == total
    if not sums:
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

