"""A page as text with a grid beside it. Start at read_html."""

from collections.abc import Collection
from dataclasses import dataclass

from ..models.document import GridCell
from ..models.errors import UnreadableFile
from .html_about import meta_tags, metadata, title_lines
from .html_content import Outline, choose, seen
from .html_source import Element, parse_markup
from .html_stacked import unstack_rows
from .html_tables import Cell, Grid, Table, adopt_stray_rows, is_data, place
from .html_text import blocks, lines
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
    page, dropped = seen(root)
    writer = _Writer(page, dropped, max_bytes, keep_line_ends=is_mixed(source))
    for element in choose(root, page):
        writer.write(page.tree.place[element])
    meta = meta_tags(root)
    titles = title_lines(root, writer.text(), meta)
    if titles:
        writer.prepend(titles)
    return Page(writer.text(), writer.grid(), metadata(meta))


class _Writer:
    """Writes elements out, keeping each cell's offsets."""

    def __init__(
        self,
        page: Outline,
        dropped: Collection[Element],
        max_bytes: int,
        *,
        keep_line_ends: bool,
    ) -> None:
        self.tree = page.tree
        self.data = {table.place: table for table in page.tables.values() if is_data(table)}
        self.dropped = sorted(page.tree.place[element] for element in dropped)
        self.cuts = sorted({*self.dropped, *self.data})
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

    def write(self, root: int) -> None:
        """The lines and tables of the element at place `root`."""
        cuts = self.tree.within(self.cuts, root)
        for line in blocks(
            self.tree, root, cuts, self.data.keys(), keep_line_ends=self.keep_line_ends
        ):
            if isinstance(line, str):
                self._add_line(line)
            else:
                self._add_table(self.data[line])

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
        dropped = self.tree.within(self.dropped, table.place)
        for line in self._around_cells(table.place, dropped):
            self._add_line(line)
        grid = place(table, self.limit)
        if grid.placed:
            if self.after_table:
                self._append("")  # so that two tables remain two
            self._add_rows(grid, dropped)
            self.n_tables += 1
            self.after_table = True
        for cell in table.cells:
            for inner in cell.inner_tables:  # an unclosed cell has swallowed the next table
                self.write(inner.place)

    def _around_cells(self, table: int, dropped: list[int]) -> list[str]:
        """The caption, and words between the cells, which browsers show before the table."""
        places = range(table, self.tree.ends[table])
        cells = (place for place in places if self.tree.tags[place] in ("td", "th"))
        return [line for line in lines(self.tree, table, sorted({*dropped, *cells})) if line]

    def _cell_text(self, cell: Cell, dropped: list[int]) -> str:
        """Paragraphs and line breaks of a cell joined by a blank."""
        cuts = self.tree.within(dropped, cell.place) if dropped else []
        if cell.inner:
            cuts = sorted({*cuts, *(table.place for table in cell.inner_tables)})
        return " ".join(filter(None, lines(self.tree, cell.place, cuts))).replace("\t", " ")

    def _add_rows(self, grid: Grid, dropped: list[int]) -> None:
        rows = [[""] * grid.n_columns for _ in range(grid.n_rows)]
        for placed in grid.placed:
            rows[placed.row][placed.column] = self._cell_text(placed.cell, dropped)
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
