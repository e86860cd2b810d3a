"""Which place of a row is which column: windows, sums, and no guess where two readings remain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from .slots import Slot, Slots

#: More joint readings than this are not searched; the cells are then unreadable.
MOST_READINGS = 20_000

#: So many stray values in one row are tried; more are no row of the form.
MOST_SURPLUS = 2

#: One slot for each column; None where the row has none for it.
Reading = tuple[Slot | None, ...]


@dataclass(frozen=True, slots=True)
class Readings:
    """All readings of a row that are left, and how they were found."""

    readings: tuple[Reading, ...]
    method: str


def windows(
    slots: Slots, n_columns: int, lead: int | None, pattern: tuple[int, ...] | None = None
) -> tuple[Reading, ...]:
    """Readings of delimited places: neighbours that hold every value, `n_columns` of them.

    lead: how many places stand before the first column in rows of this kind; None if unknown.
    pattern: the places of the columns in full rows with as many places, merged ones left out.
    """
    places = slots.places
    filled = slots.pattern
    if len(filled) == n_columns:
        # Every column has its value: blanks between them belong to merged cells.
        return (slots.filled,)
    if len(filled) > n_columns or len(places) < n_columns:
        return ()
    if pattern is not None and set(filled) <= set(pattern):
        return (tuple(places[i] for i in pattern),)
    starts = [
        start
        for start in range(len(places) - n_columns + 1)
        if not filled or (start <= filled[0] and filled[-1] < start + n_columns)
    ]
    if lead is not None and lead in starts:
        starts = [lead]
    elif not filled:
        starts = starts[:1]
    if starts or len(places) > n_columns + 2:
        return tuple(tuple(places[start : start + n_columns]) for start in starts)
    # The values lie farther apart than the columns: merged cells left blanks between them.
    return tuple(
        tuple(places[i] for i in chosen)
        for chosen in combinations(range(len(places)), n_columns)
        if set(filled) <= set(chosen)
    )


def in_order(values: Sequence[Slot], n_columns: int) -> tuple[Reading, ...]:
    """Every way to lay the values on the columns without changing their order."""
    readings = []
    for columns in combinations(range(n_columns), len(values)):
        by_column = dict(zip(columns, values, strict=True))
        readings.append(tuple(by_column.get(column) for column in range(n_columns)))
    return tuple(readings)


def without_surplus(values: Sequence[Slot], n_columns: int) -> tuple[Reading, ...]:
    """Every way to leave out the few values that are too many (page numbers); () if too many."""
    if len(values) > n_columns + MOST_SURPLUS:
        return ()
    return tuple(combinations(values, n_columns))


def agreed(readings: Sequence[Reading]) -> tuple[tuple[Slot | None, bool], ...]:
    """For each column the slot, and whether all readings agree on it, blanks being alike."""
    if len(readings) == 1:
        return tuple([(slot, True) for slot in readings[0]])
    return tuple(
        (column[0], len({None if _empty(slot) else slot for slot in column}) == 1)
        for column in zip(*readings, strict=True)
    )


def _empty(slot: Slot | None) -> bool:
    return slot is None or slot.is_blank


def totals_only(readings: Sequence[Reading], totals: Sequence[int]) -> tuple[Reading, ...]:
    """The readings in which nothing but the columns `totals` is filled."""
    return tuple(
        reading
        for reading in readings
        if all(_empty(slot) for column, slot in enumerate(reading) if column not in totals)
    )


def amount(reading: Reading, values: Mapping[Slot, float], column: int) -> float:
    """The value under a column; a blank counts as nothing."""
    slot = reading[column]
    return 0.0 if slot is None else values.get(slot, 0.0)


def closes(reading: Reading, values: Mapping[Slot, float]) -> bool:
    """Whether the last column is the sum of the others (form: 总计)."""
    *parts, total = (amount(reading, values, column) for column in range(len(reading)))
    return abs(sum(parts) - total) < 1e-6


def settle_columns(
    rows: Mapping[str, tuple[Reading, ...]],
    values: Mapping[Slot, float],
    relations: Sequence[tuple[Sequence[str], Sequence[str]]],
) -> dict[str, tuple[Reading, ...]]:
    """Keep the readings under which every relation holds in every column.

    relations: pairs of row ids whose sums are equal. Rows that the relations do not close, or
    too many readings to try, are given back as they came.
    """
    open_rows = [row for row, readings in rows.items() if len(readings) > 1]
    count = 1
    for row in open_rows:
        count *= len(rows[row])
        if count > MOST_READINGS:
            return dict(rows)
    if not open_rows:
        return dict(rows)
    kept: dict[str, set[Reading]] = {row: set() for row in open_rows}
    fixed = {row: readings[0] for row, readings in rows.items() if len(readings) == 1}
    for choice in product(*(rows[row] for row in open_rows)):
        chosen = fixed | dict(zip(open_rows, choice, strict=True))
        if all(_holds(chosen, values, relation) for relation in relations):
            for row in open_rows:
                kept[row].add(chosen[row])
    return {
        row: tuple(r for r in readings if r in kept[row]) if kept.get(row) else readings
        for row, readings in rows.items()
    }


def _holds(
    chosen: Mapping[str, Reading],
    values: Mapping[Slot, float],
    relation: tuple[Sequence[str], Sequence[str]],
) -> bool:
    left, right = ([chosen[row] for row in side if row in chosen] for side in relation)
    n_columns = len(next(iter(chosen.values())))
    return all(
        abs(
            sum(amount(reading, values, column) for reading in left)
            - sum(amount(reading, values, column) for reading in right)
        )
        < 1e-6
        for column in range(n_columns)
    )
