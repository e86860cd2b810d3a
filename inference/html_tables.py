"""Tables of a page: which rows and cells belong to which, and where each cell lies.

Cells are placed as a browser does it (HTML standard, "forming a table"); spans that exceed or
overlap are clamped.
"""

import re
from bisect import bisect_left
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, islice
from typing import NamedTuple

from ..models.errors import UnreadableFile
from ..models.form import VERSIONS, form
from .html_source import Element
from .html_tree import Tree
from .wording import plain

#: No real table is so wide: a larger colspan means "to the end of the row".
WIDEST_SPAN = 100
#: Own cells of one table that bear wordings of the form make it one of the form's tables.
ENOUGH_LABELS = 3
_PROSE_LINES, _PROSE_LENGTH, _LONGEST_CELL = 3, 400, 800  # a cell beyond these holds prose
_LABEL_LENGTH = 60
_DIGITS = re.compile(r"\s*\+?(\d{1,9})")
_PARTS = frozenset({"table", "tr", "td", "th"})
_SECTIONS = ("table", "thead", "tbody", "tfoot")


@dataclass(eq=False, slots=True)
class Cell:
    """A td or th, and its place. text: all that shows in it. inner: the outermost tables in it."""

    element: Element
    place: int
    text: str
    inner: tuple["Table", ...] = ()

    @property
    def inner_tables(self) -> list["Table"]:
        """Tables in it that have several cells; a table of one is but a frame."""
        if not self.inner:
            return []  # as nearly always
        return [table for table in self.inner if sum(1 for _ in table.cells) > 1]


@dataclass(eq=False, slots=True)
class Table:
    """A table, its place and its own rows of own cells.

    sections: for each row, the element that it lies in.
    """

    element: Element
    place: int
    rows: list[list[Cell]] = field(default_factory=list)
    sections: list[Element] = field(default_factory=list)

    @property
    def cells(self) -> Iterator[Cell]:
        return (cell for row in self.rows for cell in row)

    @property
    def holds_tables(self) -> bool:
        return any(cell.inner_tables for cell in self.cells)


class Placed(NamedTuple):
    """A cell at its top left place, from 0; spans are at least 1 and never overlap."""

    cell: Cell
    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells in the order of the source, on n_rows times n_columns places."""

    placed: tuple[Placed, ...]
    n_rows: int
    n_columns: int


def find_tables(tree: Tree, skip: Container[int]) -> dict[Element, Table]:
    """Every table of a tree but those at places to skip, in the order of the source."""
    found: dict[Element, Table] = {}
    open_tables: list[tuple[Table, int]] = []  # and the place where it ends
    open_cells: list[tuple[Cell, int]] = []
    for place, tag in enumerate(tree.tags):
        if tag not in _PARTS or place in skip:
            continue
        element, end = tree.elements[place], tree.ends[place]
        while open_tables and open_tables[-1][1] <= place:
            open_tables.pop()
        if tag == "table":
            while open_cells and open_cells[-1][1] <= place:
                open_cells.pop()
            table = found[element] = Table(element, place)
            open_tables.append((table, end))
            for cell, _ in open_cells[-1:]:
                cell.inner = (*cell.inner, table)
        elif not open_tables:
            continue
        elif tag == "tr":
            table = open_tables[-1][0]
            table.rows.append([])
            table.sections.append(_section(element))
        elif open_tables[-1][0].rows:
            cell = Cell(element, place, tree.text(place))
            open_tables[-1][0].rows[-1].append(cell)
            open_cells.append((cell, end))
    return found


def _section(row: Element) -> Element:
    parent = row.getparent()
    return parent if parent.tag in _SECTIONS else next(row.iterancestors(*_SECTIONS))


def adopt_stray_rows(root: Element) -> None:
    """Put rows without a table into one, and cells without a row: fragments begin anywhere."""
    for child, parents, name in (("td", ("tr",), "tr"), ("tr", ("table", "tbody"), "table")):
        tags = ("td", "th") if child == "td" else (child,)
        groups = ("thead", "tbody", "tfoot", *parents)
        strays = [
            element
            for element in root.iter(*tags)
            if (parent := element.getparent()) is not None and parent.tag not in groups
        ]
        for element in strays:
            if child == "tr" and any(True for _ in element.iterancestors("table")):
                continue  # a form or a div in between: browsers bear with it
            before = element.getprevious()
            if (
                before is not None
                and before.get("data-adopted")
                and not (before.tail or "").strip()
            ):
                before.tail = None
                before.append(element)
            else:
                wrapper = element.makeelement(name, {"data-adopted": "1"})
                element.addprevious(wrapper)
                wrapper.append(element)


@cache
def form_labels() -> frozenset[str]:
    """Wordings of the form's rows and columns, both versions; 其他 is too common to tell."""
    blocks = [block for version in VERSIONS for block in form(version).blocks]
    rows = {row.label for block in blocks for row in block.rows}
    columns = {column.label for block in blocks for column in block.columns}
    return frozenset(plain(wording) for wording in rows | columns | {"信息内容"}) - {"其他"}


def has_labels(table: Table) -> bool:
    """Whether enough of the table's own cells bear the wording of a row or column of the form."""
    labels = (cell for cell in table.cells if is_label(cell) and not cell.inner_tables)
    return len(list(islice(labels, ENOUGH_LABELS))) == ENOUGH_LABELS


def is_label(cell: Cell) -> bool:
    return len(cell.text) < 4 * _LABEL_LENGTH and plain(cell.text) in form_labels()


def is_data(table: Table) -> bool:
    """Data, or mere layout? Layout: tables, headings or prose in the cells, or but one cell."""
    if has_labels(table):
        return True
    if table.holds_tables or sum(1 for _ in table.cells) < 2:
        return False
    if any(True for _ in table.element.iter("h1", "h2", "h3", "h4", "h5", "h6")):
        return False
    return not any(_is_prose(cell.element) for cell in table.cells)


def _is_prose(element: Element) -> bool:
    length = sum(len(text.strip()) for text in element.itertext())
    n_lines = sum(1 for _ in element.iter("p", "div", "br", "li"))
    return length > _LONGEST_CELL or (length > _PROSE_LENGTH and n_lines >= _PROSE_LINES)


def place(table: Table, limit: int) -> Grid:
    """Give each cell its place. Rows without a cell of their own are left out.

    Raises UnreadableFile E106 where the grid would have more than `limit` places.
    """
    taken: list[set[int]] = [set() for _ in table.rows]
    placed: list[Placed] = []
    absurd: list[int] = []  # cells in `placed` that claim to be wider than any table
    n_places = 0
    bottoms = _section_ends(table.sections)
    for row, cells in enumerate(table.rows):
        column = 0
        here = taken[row]
        for cell in cells:
            while column in here:
                column += 1
            wanted = _number(cell.element, "colspan")
            if wanted > WIDEST_SPAN:
                absurd.append(len(placed))
            if not 1 <= wanted <= WIDEST_SPAN:
                wanted = 1
            end = column + 1
            while end < column + wanted and end not in here:
                end += 1
            n_left = bottoms[row] - row
            row_span = min(_number(cell.element, "rowspan") or n_left, n_left)
            n_places += row_span * (end - column)
            if n_places > limit:
                raise UnreadableFile("E106", size=n_places, limit=limit)
            for covered in taken[row : row + row_span]:
                covered.update(range(column, end))
            placed.append(Placed(cell, row, column, row_span, end - column))
            column += wanted
    n_columns = max((max(columns) + 1 for columns in taken if columns), default=0)
    for index in absurd:
        placed[index] = _filled_up(placed[index], taken, n_columns)
    return _without_empty_rows(placed, len(table.rows), n_columns, limit)


def _section_ends(sections: list[Element]) -> list[int]:
    """For each row the end of its thead, tbody or tfoot, which no row span leaves."""
    ends: list[int] = []
    for _, group in groupby(sections):
        n_rows = sum(1 for _ in group)
        ends += [len(ends) + n_rows] * n_rows
    return ends


def _number(element: Element, name: str) -> int:
    """A span as written; 1 where it is no number, and never below 0."""
    written = element.get(name)
    if not written:
        return 1  # as nearly always
    match = _DIGITS.match(written)
    return int(match[1]) if match else 1


def _filled_up(cell: Placed, taken: list[set[int]], n_columns: int) -> Placed:
    """An absurd span runs to the next cell of its row, or to the table's last column."""
    if cell.row_span > 1:
        return cell
    end = cell.column + 1
    while end < n_columns and end not in taken[cell.row]:
        end += 1
    return cell._replace(column_span=end - cell.column)


def _without_empty_rows(placed: list[Placed], n_rows: int, n_columns: int, limit: int) -> Grid:
    kept = sorted({cell.row for cell in placed})
    if len(kept) * n_columns > limit:
        raise UnreadableFile("E106", size=len(kept) * n_columns, limit=limit)
    if len(kept) == n_rows:
        return Grid(tuple(placed), n_rows, n_columns)
    cells = []
    for cell in placed:
        row = bisect_left(kept, cell.row)
        row_span = bisect_left(kept, cell.row + cell.row_span) - row
        cells.append(Placed(cell.cell, row, cell.column, row_span, cell.column_span))
    return Grid(tuple(cells), len(kept), n_columns)
