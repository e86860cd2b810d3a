"""A page as text with a grid beside it. Start at read_html."""

from collections.abc import Set
from dataclasses import dataclass

from ..models.document import GridCell
from ..models.errors import UnreadableFile
from .html_about import metadata, title_lines
from .html_content import choose, seen
from .html_source import Element, parse_markup
from .html_stacked import unstack_rows
from .html_tables import Cell, Grid, Table, adopt_stray_rows, is_data, place
from .html_text import blocks, shown
from .sniff import is_mixed


@dataclass(frozen=True, slots=True)
class Page:
    """text: one table row per line, a tab between cells. metadata: see `Document`."""

    text: str
    grid: tuple[GridCell, ...]
    metadata: tuple[tuple[str, str], ...]


def read_html(source: str, max_bytes: int) -> Page:
    """Read the report out of a page, or of a fragment of one, escaped or not.

    source: line ends normalised. max_bytes: limit of the text.
    Raises UnreadableFile: E102 nothing in it, E103 nested too deeply, E106 too much text.
    """
    root = parse_markup(source)
    adopt_stray_rows(root)
    unstack_rows(root)
    page, skip = seen(root)
    writer = _Writer(page.tables, skip, max_bytes, keep_line_ends=is_mixed(source))
    for element in choose(root, page):
        writer.write(element)
    about = metadata(root)
    titles = title_lines(root, writer.text())
    if titles:
        writer.prepend(titles)
    return Page(writer.text(), writer.grid(), about)


class _Writer:
    """Writes elements out, keeping each cell's offsets."""

    def __init__(
        self,
        tables: dict[Element, Table],
        skip: Set[Element],
        max_bytes: int,
        *,
        keep_line_ends: bool,
    ) -> None:
        self.tables = tables
        self.data = frozenset(element for element, table in tables.items() if is_data(table))
        self.skip = skip
        self.limit = max_bytes
        self.keep_line_ends = keep_line_ends
        self.lines: list[str] = []
        self.length = 0
        self.cells: list[tuple[int, ...]] = []  # as GridCell, before `shift`
        self.shift = 0
        self.n_tables = 0
        self.after_table = False

    def text(self) -> str:
        return "\n".join(self.lines).rstrip("\n")

    def write(self, root: Element) -> None:
        """The lines and tables under `root`."""
        lines = blocks(
            root,
            self.skip.__contains__,
            self.data.__contains__,
            keep_line_ends=self.keep_line_ends,
        )
        for line in lines:
            if isinstance(line, str):
                self._add_line(line)
            else:
                self._add_table(self.tables[line])

    def _add_line(self, line: str) -> None:
        if line or (self.lines and self.lines[-1]):  # no blank line at the top, nor two in a row
            self._append(line)
            self.after_table = False

    def _append(self, line: str) -> None:
        self.lines.append(line)
        self.length += len(line) + 1
        if self.length > self.limit + 1:  # a character has at least one byte
            raise UnreadableFile("E106", size=self.length, limit=self.limit)

    def _add_table(self, table: Table) -> None:
        for line in self._around_cells(table.element):
            self._add_line(line)
        grid = place(table, self.limit)
        if grid.placed:
            if self.after_table:
                self._append("")  # so that two tables remain two
            self._add_rows(grid)
            self.n_tables += 1
            self.after_table = True
        for cell in table.cells:
            for inner in cell.inner_tables:  # an unclosed cell has swallowed the next table
                self.write(inner.element)

    def _around_cells(self, table: Element) -> list[str]:
        """The caption, and words between the cells, which browsers show before the table."""
        lines = blocks(table, lambda e: e in self.skip or e.tag in ("td", "th"))
        return [line for line in lines if isinstance(line, str) and line]

    def _cell_text(self, cell: Cell) -> str:
        """Paragraphs and line breaks of a cell joined by a blank."""
        if not len(cell.element):
            return shown(cell.text)
        inner = {table.element for table in cell.inner_tables}
        skip = self.skip | inner if inner else self.skip
        lines = blocks(cell.element, skip.__contains__)
        return " ".join(line for line in lines if isinstance(line, str) and line).replace("\t", " ")

    def _add_rows(self, grid: Grid) -> None:
        rows = [[""] * grid.n_columns for _ in range(grid.n_rows)]
        for placed in grid.placed:
            rows[placed.row][placed.column] = self._cell_text(placed.cell)
        begins: list[list[int]] = []
        for row in rows:
            offset = self.length
            begins.append([])
            for text in row:
                begins[-1].append(offset)
                offset += len(text) + 1
            self._append("\t".join(row))
        for placed in grid.placed:
            text = rows[placed.row][placed.column]
            wording = text.strip()
            start = begins[placed.row][placed.column]
            if wording:
                start += text.index(wording)
            self.cells.append((self.n_tables, *placed[1:], start, start + len(wording)))

    def prepend(self, lines: list[str]) -> None:
        """Put lines at the top; the cells move along."""
        self.shift = sum(len(line) + 1 for line in lines)
        self.lines[:0] = lines
        self.length += self.shift

    def grid(self) -> tuple[GridCell, ...]:
        return tuple(
            GridCell(table, row, column, rows, columns, start + self.shift, end + self.shift)
            for table, row, column, rows, columns, start, end in self.cells
        )
