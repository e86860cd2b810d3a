"""Damages of tables, done to the grid before it is written."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace

from ....models.labels import Label
from ..edits import edit
from ..marked import Mark, Marked
from ..tables import Cell, Table, TableRow, filler, header, map_cells, paths_of, row_label
from . import wordings

Tables = tuple[Table, ...]
GridDamage = Callable[[Tables, random.Random], Tables]


def _table(tables: Tables, id_: str, change: Callable[[Table], Table]) -> Tables:
    return tuple(change(table) if table.id == id_ else table for table in tables)


def extra_row(tables: Tables, rng: random.Random) -> Tables:
    """B7, R13: a row of the office's own in table 2; its numbers belong to no cell."""
    label = rng.choice(wordings.OWN_ROWS)

    def change(table: Table) -> Table:
        at = rng.choice([i for i, row in enumerate(table.rows) if paths_of(row)]) + 1
        cells = [
            replace(cell, content=Marked.of(str(rng.randint(0, 150)), Label.VALUE))
            for cell in table.rows[at - 1]
            if cell.kind == "value"
        ]
        row = (row_label(label), *(replace(cell, kind="filler") for cell in cells))
        return replace(table, rows=(*table.rows[:at], row, *table.rows[at:]))

    return _table(tables, "t2", change)


def subtotal_row(tables: Tables, rng: random.Random) -> Tables:
    """R11: a row of sums that the form does not have, behind the last row of a group of table 3."""
    name, before = rng.choice(
        [("（三）不予公开小计", "unable.not_held"), ("（五）不予处理小计", "other"),
         ("（四）无法提供小计", "refuse.petition")]
    )  # fmt: skip

    def change(table: Table) -> Table:
        for at, row in enumerate(table.rows):
            if any(path.startswith(f"t3.{before}.") for path in paths_of(row)):
                number = Marked.of(str(rng.randint(0, 9)), Label.VALUE)
                new = (row_label(name, 2), *(Cell(number, "filler") for _ in range(7)))
                rows = _taller(table.rows[:at], at)
                return replace(table, rows=(*rows, new, *table.rows[at:]))
        return table

    return _table(tables, "t3", change)


def _taller(rows: tuple[TableRow, ...], at: int) -> tuple[TableRow, ...]:
    """Rows above a new one at `at`: the group cells that reach over it grow by one row."""
    return tuple(
        tuple(
            replace(cell, row_span=cell.row_span + 1) if index + cell.row_span > at else cell
            for cell in row
        )
        for index, row in enumerate(rows)
    )


def caption_row(tables: Tables, rng: random.Random) -> Tables:
    """B8: the table's title, or who reports, the year and the unit, as its own first row."""
    units = rng.choice(["", "单位：件", "（单位：件）", "计量单位：件", "|{y}年度|单位：件"])
    units = rng.choice(
        [units, units, "填报单位：|{y}年度|单位：件", "填报机关：|{y}年|（单位：件）"]
    )
    year = rng.randint(2019, 2025)

    def change(table: Table) -> Table:
        texts = (units.format(y=year) or wordings.CAPTIONS[table.id]).split("|")
        widths = [1] * (len(texts) - 1) + [table.width - len(texts) + 1]
        cells = [
            Cell(Marked.of(text, Label.CAPTION), "header", width) if text else filler(width)
            for text, width in zip(texts, widths, strict=True)
        ]
        return replace(table, rows=(tuple(cells), *table.rows))

    return tuple(change(table) if rng.random() < 0.7 else table for table in tables)


def label_lost(tables: Tables, rng: random.Random) -> Tables:
    """B9: a row's label is gone and its values stand alone; their place still tells the row."""

    def change(table: Table) -> Table:
        candidates = [i for i, row in enumerate(table.rows) if len(paths_of(row)) > 1]
        at = rng.choice(candidates)
        row = tuple(filler(c.column_span) if c.kind == "row" else c for c in table.rows[at])
        return replace(table, rows=(*table.rows[:at], row, *table.rows[at + 1 :]))

    return _table(tables, rng.choice(["t2", "t3"]), change)


def group_with_row(tables: Tables, rng: random.Random) -> Tables:
    """B13: a group's name and its first row share one cell."""
    space = rng.choice([" ", "", "\n"])

    def change(table: Table) -> Table:
        return replace(table, rows=tuple(_merged(row, space) for row in table.rows))

    return _table(tables, "t3", change)


def _merged(row: TableRow, space: str) -> TableRow:
    for at, cell in enumerate(row[:-1]):
        label = row[at + 1]
        if cell.kind == "group" and label.kind == "row" and cell.row_span > 1:
            both = replace(
                label,
                content=cell.content + space + label.content,
                column_span=label.column_span + 1,
            )
            return (*row[:at], both, *row[at + 2 :])
    return row


def group_labels_lost(tables: Tables, rng: random.Random) -> Tables:
    """R1: label cells of merged groups are gone, and their rows shift left."""
    share = rng.choice([1.0, 0.4])

    def change(table: Table) -> Table:
        rows = (
            tuple(
                c for c in row if not (c.kind == "group" and len(row) > 1 and rng.random() < share)
            )
            for row in table.rows
        )
        return replace(table, rows=tuple(rows))

    return _table(tables, "t3", change)


def page_break(tables: Tables, rng: random.Random) -> Tables:
    """R3: the end of table 3, and often the head of table 4, fell between two pages."""
    lost = rng.randint(1, 11)
    headless = rng.random() < 0.5

    def change(table: Table) -> Table:
        if table.id == "t3":
            return replace(table, rows=table.rows[:-lost])
        if table.id == "t4" and headless:
            return replace(table, rows=table.rows[rng.randint(1, 2) :])
        return table

    return tuple(change(table) for table in tables)


def last_row_lost(tables: Tables, rng: random.Random) -> Tables:
    """R4: the last row of table 2 is gone, its header stands."""
    return _table(tables, "t2", lambda table: replace(table, rows=table.rows[:-1]))


def row_lost(tables: Tables, rng: random.Random) -> Tables:
    """One or two rows are not there at all."""

    def change(table: Table) -> Table:
        places = [i for i, row in enumerate(table.rows) if paths_of(row) and row[0].kind == "row"]
        gone = set(rng.sample(places, k=min(len(places), rng.randint(1, 2))))
        return replace(table, rows=tuple(r for i, r in enumerate(table.rows) if i not in gone))

    return _table(tables, rng.choice(["t2", "t3"]), change)


def repeated_header(tables: Tables, rng: random.Random) -> Tables:
    """R6: the header comes again after a page break, a page number before it."""
    page = rng.choice(["- {} -", "第 {} 页", "{}", "— {} —"]).format(rng.randint(2, 9))

    def change(table: Table) -> Table:
        at = rng.randint(8, len(table.rows) - 2)
        head = [row for row in table.rows[:3] if not paths_of(row)]
        number = Cell(Marked.of(page, Label.NOISE), "filler", table.width)
        rows = (*table.rows[:at], (number,), *head, *table.rows[at:])
        if rng.random() < 0.5:
            rows = (*table.rows[:at], (number,), *table.rows[at:])
        return replace(table, rows=rows)

    return _table(tables, "t3", change)


def header_in_two_rows(tables: Tables, rng: random.Random) -> Tables:
    """R7: the header's last row stands in two rows: 商业 | 科研 … over 企业 | 机构 …."""

    def change(table: Table) -> Table:
        at = next((i for i, row in enumerate(table.rows) if len(row) == 5), None)
        if at is None:
            return table
        names = [cell.content.text.replace("\n", "") for cell in table.rows[at]]
        upper = tuple(header(name[: len(name) // 2]) for name in names)
        lower = tuple(header(name[len(name) // 2 :]) for name in names)
        return replace(
            table, rows=(*_taller(table.rows[:at], at), upper, lower, *table.rows[at + 1 :])
        )

    return _table(tables, "t3", change)


def header_shifted(tables: Tables, rng: random.Random) -> Tables:
    """R8: 总计 stands left of the group 法人或其他组织; the data keep their order."""

    def change(table: Table) -> Table:
        rows = list(table.rows)
        for at, row in enumerate(rows):
            if len(row) == 3 and row[1].column_span == 5:
                rows[at] = (row[0], row[2], row[1]) if rng.random() < 0.7 else (row[2], *row[:2])
        return replace(table, rows=tuple(rows))

    return _table(tables, "t3", change)


def loose_blanks(tables: Tables, rng: random.Random) -> Tables:
    """C6: blanks, many or few, round values and labels."""
    choices = rng.choice([(" ",), ("", "", "\u3000"), (" " * 30, "", ""), ("", "\xa0")])

    def one(cell: Cell) -> Cell:
        if not cell.content.text or cell.kind == "header":
            return cell
        content = rng.choice(choices) + cell.content + rng.choice(choices)
        return replace(cell, content=content)

    return tuple(map_cells(table, one) for table in tables)


def value_broken_off(tables: Tables, rng: random.Random) -> Tables:
    """R10: some values stand on a line of their own below a blank."""

    def one(cell: Cell) -> Cell:
        if cell.kind != "value" or not cell.content.text or rng.random() > 0.02:
            return cell
        return replace(cell, content=" \n" + cell.content)

    return tuple(map_cells(table, one) for table in tables)


def masked_digits(tables: Tables, rng: random.Random) -> Tables:
    """D8 of the documents: a mask for private data ate digits, 1***, and nobody can read them."""

    def one(cell: Cell) -> Cell:
        text = cell.content.text
        if cell.kind != "value" or len(text) < 2 or not text.isdecimal() or rng.random() > 0.3:
            return cell
        mark = cell.content.marks[0]
        kept = rng.randint(0, len(text) - 1)
        masked = edit(cell.content, [(kept, len(text), "*" * rng.choice([2, 3, 3, 4]))])
        unreadable = Mark(0, len(masked), Label.VALUE, "unreadable:" + mark.key)
        return replace(cell, content=Marked(masked.text, (unreadable,)))

    return tuple(map_cells(table, one) for table in tables)


GRIDS: Mapping[str, tuple[float, GridDamage]] = {
    "B7_extra_row": (1, extra_row),
    "B8_caption_row": (2, caption_row),
    "B9_label_lost": (0.7, label_lost),
    "B13_group_with_row": (1.5, group_with_row),
    "C6_loose_blanks": (2, loose_blanks),
    "D8doc_masked_digits": (0.5, masked_digits),
    "R1_group_labels_lost": (1.5, group_labels_lost),
    "R3_page_break": (0.7, page_break),
    "R4_last_row_lost": (0.7, last_row_lost),
    "R6_repeated_header": (1, repeated_header),
    "R7_header_in_two_rows": (1, header_in_two_rows),
    "R8_header_shifted": (1, header_shifted),
    "R10_value_broken_off": (0.7, value_broken_off),
    "R11_subtotal_row": (0.5, subtotal_row),
    "R_row_lost": (0.7, row_lost),
}
