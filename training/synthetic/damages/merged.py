"""What becomes of merged and narrow cells when a converter or a PDF is read line by line."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace

from ..tables import Cell, Table, TableRow, filler, group, header

Tables = tuple[Table, ...]


def group_garbled(tables: Tables, rng: random.Random) -> Tables:
    """R2: a group's label is torn, its end glued to the group above: 三、 本年 度办 … 公 开."""

    def change(table: Table) -> Table:
        places = [
            (at, index)
            for at, row in enumerate(table.rows)
            for index, cell in enumerate(row)
            if cell.kind == "group" and cell.row_span > 1
        ]
        inner = [place for place in places if _text(table, place).startswith(("（", "("))]
        outer = next((p for p in places if _text(table, p).startswith("三、")), None)
        if outer is None or not inner:
            return table
        torn = rng.choice(inner)
        label = _text(table, torn)
        cut = 3 + rng.choice([0, 0, 2])  # behind the ordinal, or two characters later
        step = rng.choice([1, 2, 2, 3])
        above = _text(table, outer) + label[cut:]
        spaced = " ".join(above[i : i + step] for i in range(0, len(above), step))
        rows = list(table.rows)
        for (at, index), text in ((outer, spaced), (torn, label[:cut])):
            old = rows[at][index]
            cell = group(text, old.column_span, old.row_span)
            rows[at] = (*rows[at][:index], cell, *rows[at][index + 1 :])
        return replace(table, rows=tuple(rows))

    return tuple(change(table) if table.id == "t3" else table for table in tables)


def _text(table: Table, place: tuple[int, int]) -> str:
    return table.rows[place[0]][place[1]].content.text.replace("\n", "")


def columnwise_headers(tables: Tables, rng: random.Random) -> Tables:
    """B11, R9: upright header cells read across, one line of characters after the other.

    结 结 其 尚 总 / 果 果 他 未 计 / 维 纠 结 审 / 持 正 果 结. At times two lines of halves, or
    only the last lines are left.
    """
    step = rng.choice([1, 1, 2])
    spare = rng.choice([0, 0, 0, 1, 2]) if step == 1 else 0
    chosen = rng.choice([("t4",), ("t4",), ("t3", "t4")])

    def change(table: Table) -> Table:
        if table.id not in chosen:
            return table
        return _across(table, step, spare if table.id == "t4" else 0)

    return tuple(change(table) for table in tables)


def _across(table: Table, step: int, spare: int) -> Table:
    """The table with the lowest row of its header, and what reaches down to it, read across."""
    width = {"t3": 5, "t4": 10}[table.id]
    at = next((i for i, row in enumerate(table.rows) if _is_names(row, width)), None)
    if at is None or at == 0:
        return table
    upper, names = table.rows[at - 1], table.rows[at]
    above: tuple[TableRow, ...] = table.rows[:at]
    if table.id == "t4":
        if len(upper) != 7:
            return table
        names = (*upper[:5], *names)
        above = (*table.rows[: at - 1], (filler(5), *upper[5:]))
    labels = [cell.content.text.replace("\n", "").replace(" ", "") for cell in names]
    count = -(-max(len(label) for label in labels) // step)
    lines = [
        tuple(_piece(label[line * step : (line + 1) * step]) for label in labels)
        for line in range(count)
    ][spare:]
    if table.id == "t3":
        above = tuple(tuple(_grown(c, i, at, len(lines)) for c in r) for i, r in enumerate(above))
    return replace(table, rows=(*above, *lines, *table.rows[at + 1 :]))


def _is_names(row: TableRow, width: int) -> bool:
    return len(row) == width and all(c.kind == "header" and c.column_span == 1 for c in row)


def _piece(text: str) -> Cell:
    return header(text) if text else filler()


def _grown(cell: Cell, row: int, at: int, lines: int) -> Cell:
    """The cell as high as it must be to reach down beside `lines` rows in the place of one."""
    if row + cell.row_span <= at:
        return cell
    return replace(cell, row_span=cell.row_span + lines - 1)


MERGED: Mapping[str, tuple[float, Callable[[Tables, random.Random], Tables]]] = {
    "B11_columnwise_headers": (1, columnwise_headers),
    "R2_group_garbled": (0.5, group_garbled),
}
