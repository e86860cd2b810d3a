"""From readings to cells: the printed sign, its value, its state."""

import math
from collections.abc import Iterable, Mapping
from functools import cache

from ..models.document import Document
from ..models.form import Block, Row, units
from ..models.report import Cell, State
from .assign import Readings, agreed
from .numbers import parse_value
from .slots import Slot


def slot_values(doc: Document, slots: Iterable[Slot]) -> dict[Slot, float]:
    """The numbers that stand in the slots; slots with none are left out.

    What cannot be read is not a number: no sum over it holds.
    """
    values: dict[Slot, float] = {}
    for slot in slots:
        if not slot.is_blank:
            reading = parse_value(doc.text[slot.start : slot.end])
            if reading.value is not None:
                values[slot] = float(reading.value)
            elif reading.state == "unreadable":
                values[slot] = math.nan
    return values


def row_cells(
    doc: Document, block: Block, row: Row, readings: Readings, confidence: float, home: int
) -> list[Cell]:
    """The cells of one row. Columns on which the readings differ, or none is left, are unreadable.

    home: where a blank without a place of its own is said to stand.
    """
    paths = block.row_paths[row.id]
    if not readings.readings:
        return [
            Cell(path=path, state="unreadable", confidence=confidence, method=readings.method)
            for path in paths
        ]
    return [
        cell_at(doc, path, slot or Slot(home, home), readings.method, confidence)
        if sure
        else Cell(path=path, state="unreadable", confidence=confidence, method=readings.method)
        for path, (slot, sure) in zip(paths, agreed(readings.readings), strict=True)
    ]


def cell_at(doc: Document, path: str, slot: Slot, method: str, confidence: float) -> Cell:
    """What stands in a slot."""
    raw = doc.text[slot.start : slot.end]
    if slot.is_blank:
        state: State = "blank"
        value, unit = None, None
    else:
        reading = parse_value(raw)
        state, value = reading.state, reading.value
        unit = reading.unit or _printed_units()[path]
    return Cell(
        path=path,
        value=value,
        raw=raw,
        unit=unit,
        state=state,
        confidence=confidence,
        method=method,
        start=slot.start,
        end=slot.end,
    )


@cache
def _printed_units() -> dict[str, str | None]:
    """Path -> the form's unit; null for 采购总金额, which the form leaves without one."""
    return {path: None if " " in unit else unit for path, unit in units().items()}


def missing(paths: Iterable[str]) -> list[Cell]:
    return [Cell(path=path) for path in paths]


def by_path(cells: Iterable[Cell]) -> Mapping[str, Cell]:
    return {cell.path: cell for cell in cells}
