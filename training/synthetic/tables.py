"""The three tables as logical grids, before any layout writes them."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ...models.form import Block
from ...models.labels import Label
from .marked import Mark, Marked
from .printing import PrintedCell

TableId = Literal["t2", "t3", "t4", "aside"]  # aside: a small table of the narrative
Kind = Literal["header", "group", "row", "value", "filler"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell at its top left place. A line break inside is written "\\n" in the content."""

    content: Marked
    kind: Kind
    column_span: int = 1
    row_span: int = 1


TableRow = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of origin cells, as in HTML: a cell that spans rows is named in its first row alone."""

    id: TableId
    rows: tuple[TableRow, ...]
    width: int

    def paths(self) -> Iterator[str]:
        """The cell paths that stand in the table, in reading order."""
        for row in self.rows:
            for cell in row:
                if cell.kind == "value":
                    yield cell.content.marks[0].key


def header(text: str, columns: int = 1, rows: int = 1) -> Cell:
    return Cell(Marked.of(text, Label.COLUMN), "header", columns, rows)


def group(text: str, columns: int = 1, rows: int = 1) -> Cell:
    return Cell(Marked.of(text, Label.GROUP), "group", columns, rows)


def row_label(text: str, columns: int = 1) -> Cell:
    return Cell(Marked.of(text, Label.ROW), "row", columns)


def filler(columns: int = 1, rows: int = 1) -> Cell:
    return Cell(Marked(), "filler", columns, rows)


def value_cell(cell: PrintedCell, columns: int = 1) -> Cell:
    """The mark's key is the path; a blank cell has an empty mark without a label."""
    if cell.raw is None:
        return Cell(Marked("", (Mark(0, 0, None, cell.path),)), "value", columns)
    return Cell(Marked.of(cell.raw, Label.VALUE, cell.path), "value", columns)


def table2(
    blocks: Sequence[Block], printed: Mapping[str, PrintedCell], *, wide: bool = False
) -> Table:
    """Table 2, its blocks of either version.

    wide: the grid of five columns that some sites use for the form of 2019, whose header and
    data rows span differently; else four.
    """
    width = 5 if wide else 4
    rows: list[TableRow] = []
    for block in blocks:
        rows.append((group(block.label, width),))
        head, data = _spans(block, wide)
        names = (header(c.label, span) for c, span in zip(block.columns, head, strict=True))
        rows.append((header("信息内容"), *names))
        for row in block.rows:
            cells = (
                value_cell(printed[block.path(row, column)], span)
                for column, span in zip(block.columns, data, strict=True)
            )
            rows.append((row_label(row.label), *cells))
    return Table("t2", tuple(rows), width)


def _spans(block: Block, wide: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Column spans of a block's header row and of its data rows."""
    count = len(block.columns)
    if not wide:
        head = {1: (3,), 2: (1, 2), 3: (1, 1, 1)}[count]
        return head, head
    if count == 3:
        return (1, 2, 1), (1, 2, 1) if block.id == "1" else (2, 1, 1)
    return {1: ((4,), (4,)), 2: ((2, 2), (2, 2))}[count]


def table3(block: Block, printed: Mapping[str, PrintedCell]) -> Table:
    """Table 3: three columns of labels, seven of values, three header rows."""
    under = [column for column in block.columns if column.under]
    caption = Cell(Marked.of(block.label, Label.CAPTION), "header", 3, 3)
    rows: list[TableRow] = [
        (caption, header("申请人情况", len(block.columns))),
        (
            header(block.columns[0].label, 1, 2),
            header("法人或其他组织", len(under)),
            header(block.columns[-1].label, 1, 2),
        ),
        tuple(header(column.label) for column in under),
    ]
    seen: set[tuple[str, ...]] = set()
    for row in block.rows:
        cells: list[Cell] = []
        for depth in range(1, row.depth):
            prefix = row.labels[:depth]
            if prefix not in seen:
                seen.add(prefix)
                height = sum(other.labels[:depth] == prefix for other in block.rows)
                cells.append(group(prefix[-1], 1, height))
        cells.append(row_label(row.label, 4 - row.depth))
        cells += (value_cell(printed[block.path(row, column)]) for column in block.columns)
        rows.append(tuple(cells))
    return Table("t3", tuple(rows), 3 + len(block.columns))


def table4(blocks: Sequence[Block], printed: Mapping[str, PrintedCell]) -> Table:
    """Table 4: fifteen columns, three header rows, one row of values."""

    def names(block: Block, rows: int) -> tuple[Cell, ...]:
        return tuple(header(column.label, 1, rows) for column in block.columns)

    review, direct, after = blocks
    rows = (
        (header("行政复议", 5), header("行政诉讼", 10)),
        (*names(review, 2), header(direct.label, 5), header(after.label, 5)),
        (*names(direct, 1), *names(after, 1)),
        tuple(
            value_cell(printed[block.path(block.rows[0], column)])
            for block in blocks
            for column in block.columns
        ),
    )
    return Table("t4", rows, 15)


Slot = Cell | Literal["right", "below"]


def expand(table: Table) -> list[list[Slot]]:
    """Every place of the grid: the cell that begins there, or what continues into it.

    Rows whose spans are wrong come out shorter or longer than `table.width`, as in the source.
    """
    pending: dict[int, int] = {}  # column -> rows that a cell above still reaches down
    result: list[list[Slot]] = []
    for row in table.rows:
        slots: list[Slot] = []
        for cell in row:
            _reach_down(slots, pending)
            first = len(slots)
            slots.append(cell)
            slots += ["right"] * (cell.column_span - 1)
            if cell.row_span > 1:
                pending |= {at: cell.row_span - 1 for at in range(first, len(slots))}
        _reach_down(slots, pending)
        result.append(slots)
    return result


def _reach_down(slots: list[Slot], pending: dict[int, int]) -> None:
    """Fill the next places as long as cells above reach into them."""
    while pending.get(len(slots), 0):
        pending[len(slots)] -= 1
        slots.append("below")


_BREAKS = {
    "商业企业": "商业\n企业",
    "科研机构": "科研\n机构",
    "社会公益组织": "社会公益\n组织",
    "法律服务机构": "法律服务\n机构",
    "结果维持": "结果\n维持",
    "结果纠正": "结果\n纠正",
    "其他结果": "其他\n结果",
    "尚未审结": "尚未\n审结",
    "本年新制作数量": "本年新\n制作数量",
    "本年新公开数量": "本年新\n公开数量",
    "对外公开总数量": "对外公开\n总数量",
    "自然人": "自然\n人",
    "总计": "总\n计",
}


def break_headers(tables: Sequence[Table], rng: random.Random) -> tuple[Table, ...]:
    """Break header labels over two lines, as narrow columns make them."""
    rare = rng.random() < 0.2
    chosen = {label: text for label, text in _BREAKS.items() if rare or len(label) > 3}
    share = rng.choice([1.0, 0.5])

    def change(cell: Cell) -> Cell:
        text = chosen.get(cell.content.text)
        if cell.kind != "header" or text is None or rng.random() >= share:
            return cell
        return replace(cell, content=Marked.of(text, Label.COLUMN))

    return tuple(map_cells(table, change) for table in tables)


def respell_hooks(tables: Sequence[Table]) -> tuple[Table, ...]:
    """钩稽 for 勾稽 in the note on how the figures check each other."""

    def change(cell: Cell) -> Cell:
        text = cell.content.text.replace("勾稽", "钩稽")
        return replace(cell, content=Marked(text, cell.content.marks))

    return tuple(map_cells(table, change) for table in tables)


def map_cells(table: Table, change: Callable[[Cell], Cell]) -> Table:
    """The table with every cell put through `change`."""
    return replace(table, rows=tuple(tuple(change(cell) for cell in row) for row in table.rows))


def paths_of(row: TableRow) -> list[str]:
    """The cell paths of one row."""
    return [cell.content.marks[0].key for cell in row if cell.kind == "value"]
