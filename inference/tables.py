"""Alignment: from labelled spans to the cells of the form, with the sums as arbiter."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from typing import Literal

from ..models.document import Document
from ..models.findings import finding
from ..models.form import TABLE_NAMES, Block, Relation, Version, form, relations
from ..models.labels import Label
from ..models.report import Cell, Finding, Table
from .blocks import read_block
from .copies import copied_rows, copy_findings, without_disagreement
from .dropped import METHOD as DROPPED
from .dropped import lines_dropped, without_remains
from .gather import gather_rows, rows_of
from .rows import MASTER, FormRow, candidates, column_version, match_rows
from .segments import (
    LabelledRow,
    index_of,
    with_lost_labels,
    without_look_alikes,
)
from .slots import Style, slots_of, style_of
from .table4 import read_table4
from .tokens import Grid, Token, tokens_of, without_signs_in_furniture


@dataclass(frozen=True, slots=True)
class Alignment:
    """All cells, in the order of the form.

    extents: table id -> (start, end) of its labels and values in the text; absent tables have none.
    """

    cells: tuple[Cell, ...]
    tables: tuple[Table, ...]
    form_version: Version | None
    findings: tuple[Finding, ...]
    extents: Mapping[str, tuple[int, int]]


def align(
    doc: Document, cited: Version | None = None, tokens: Sequence[Token] | None = None
) -> Alignment:
    """Read the three tables off the labelled document.

    cited: the version of the notice that the report cites, for reports whose tables do not tell.
    tokens: the document's, where the caller has them.
    """
    tokens = tokens_of(doc) if tokens is None else tokens
    doc = without_signs_in_furniture(doc)
    grid = Grid(doc)
    places = candidates(tokens)
    rows, again_below = gather_rows(tokens, places, len(doc.text))
    version3 = _version3(rows)
    blocks = _versions2(tokens, rows, version3)
    version = version3 or _majority(blocks) or cited
    due = _due(blocks, version)
    rows = _rows_due(rows, tokens, due)
    text_end = len(doc.text.rstrip(" \r\n\u3000\xa0"))
    by_id = {row.entry.row.id: row for row in rows if not _is_cut_off(text_end, grid, row)}

    dropped = lines_dropped(doc, tuple(by_id.values()), _columns_of(due))
    styles = _styles(doc, due, by_id)
    readings = _read_tables(doc, grid, due, by_id, styles, dropped)
    used = {index_of(tokens, row.label) for row in rows if row.label} | again_below
    last = max(used, default=-1) + 1
    table4 = read_table4(doc, grid, tokens, last, styles[1])
    cells = {"t2": _cells(readings, "t2"), "t3": _cells(readings, "t3"), "t4": table4.cells}
    if table4.extent and dropped:
        cells["t4"] = without_remains(table4.cells)
    left = [place for place in places if place not in used]
    again = rows_of(tokens, match_rows(tokens, left), len(doc.text))
    if twice := copied_rows(again):
        second = _read_tables(doc, grid, due, twice, _styles(doc, due, twice), dropped)
        for table in ("t2", "t3"):
            cells[table] = without_disagreement(cells[table], _cells(second, table))
    labels = _row_labels(version)
    copies = copy_findings(again, cells, labels)
    extents = _extents(rows)
    if table4.extent is not None:
        extents["t4"] = table4.extent
    findings = (
        *_deduplicated(cells),
        *_lost_labels(rows, labels),
        *copies,
        *_unknown_rows(tokens, used, extents),
    )
    versions = {"t2": _majority(blocks), "t3": version3, "t4": None}
    tables = tuple(_table(id_, versions[id_], own, version) for id_, own in cells.items())
    return Alignment(tuple(chain(*cells.values())), tables, version, findings, extents)


def _is_cut_off(text_end: int, grid: Grid, row: LabelledRow) -> bool:
    """Whether the text ends with a row's label: what stood behind it is not known to be blank.

    text_end: where the text's last character stands, blanks aside.
    """
    if row.label is None or row.segment.values or row.label.end < text_end:
        return False
    return not grid.cells_right_of(row.label)


def _version3(rows: Sequence[LabelledRow]) -> Version | None:
    """The version of table 3, by its rows under （六）."""
    ids = {row.entry.row.id for row in rows}
    if any(id_.startswith("other.") for id_ in ids):
        return "2021"
    return "2019" if "other" in ids else None


def _versions2(
    tokens: Sequence[Token], rows: Sequence[LabelledRow], version3: Version | None
) -> dict[str, Version | None]:
    """Block id -> version by its column headers, for the blocks of table 2 that have rows.

    Where these stand beside the values, some of a block may be left out: all of the table tell.
    """
    names = [t.text for row in rows if row.entry.table == "t2" for t in row.segment.names if t]
    named = column_version(names) or version3
    found: dict[str, Version | None] = {}
    start = 0
    for row in rows:
        if row.entry.table != "t2" or row.label is None:
            break
        index = index_of(tokens, row.label)
        if row.entry.block not in found:
            headers = [t.text for t in tokens[start:index] if t.label in (Label.COLUMN, None)]
            short = [text for text in headers if len(text) <= 24]
            own = named if row.segment.names else column_version(short)
            found[row.entry.block] = own or version3
        start = index + 1
    if "9" in found:
        found["9"] = "2019"
    return found


def _majority(blocks: Mapping[str, Version | None]) -> Version | None:
    """The version of most blocks; 2021 in a tie (report contract: form_version)."""
    votes = Counter(version for version in blocks.values() if version)
    if not votes:
        return None
    return "2019" if votes["2019"] > votes["2021"] else "2021"


def _due(blocks: Mapping[str, Version | None], version: Version | None) -> tuple[Block, ...]:
    """The blocks of tables 2 and 3 that this report's version has.

    Those of table 2 are each in their own version; 第（九）项 only where it is due.
    """
    result = []
    for id_ in ("1", "5", "6", "8", "9"):
        own = blocks.get(id_) or version or "2021"
        if id_ == "9" and "9" not in blocks and version != "2019":
            continue
        own = "2019" if id_ == "9" else own
        result.append(next(block for block in form(own).t2 if block.id == id_))
    return (*result, form(version or "2021").t3)


def _rows_due(
    rows: Sequence[LabelledRow], tokens: Sequence[Token], due: Sequence[Block]
) -> tuple[LabelledRow, ...]:
    """The rows that the blocks have, those whose labels are lost included.

    Others are left out: they are of the other version.
    """
    ids = {row.id for block in due for row in block.rows}
    wanted = [entry for entry in MASTER if entry.row.id in ids]
    n_columns = _columns_of(due)
    rows = [
        without_look_alikes(row, n_columns(row.entry)) for row in rows if row.entry.row.id in ids
    ]
    return with_lost_labels(rows, tokens, wanted, n_columns)


def _columns_of(due: Sequence[Block]) -> Callable[[FormRow], int]:
    widths = {(block.table, block.id): len(block.columns) for block in due}
    return lambda entry: widths[entry.table, entry.block]


def _read_tables(
    doc: Document,
    grid: Grid,
    due: Sequence[Block],
    by_id: Mapping[str, LabelledRow],
    styles: tuple[Style, Style],
    dropped: bool,
) -> list[tuple[Block, tuple[Cell, ...]]]:
    """Read tables 2 and 3.

    due: the blocks to read. styles: of the two tables. dropped: a crawler dropped repeated lines.
    """
    tables = (due[:-1], due[-1:])
    untraced = not doc.grid and any(
        _blanks_untraced(doc, grid, table, by_id, style)
        for table, style in zip(tables, styles, strict=True)
    )
    found = []
    for table, style in zip(tables, styles, strict=True):
        for block in table:
            here = {row.id: by_id[row.id] for row in block.rows if row.id in by_id}
            hidden = untraced and not style.per_line
            found.append((block, read_block(doc, grid, block, here, style, dropped, hidden)))
    return found


def _blanks_untraced(
    doc: Document,
    grid: Grid,
    table: Sequence[Block],
    by_id: Mapping[str, LabelledRow],
    style: Style,
) -> bool:
    """Whether some row shows fewer places than it has columns, and no line end cut it short."""
    if style.per_line:
        return False
    return any(
        len(slots_of(doc, grid, found.label, found.segment, style).places) < len(block.columns)
        for block in table
        for row in block.rows
        if (found := by_id.get(row.id)) is not None and not found.segment.names
    )


def _styles(
    doc: Document, due: Sequence[Block], by_id: Mapping[str, LabelledRow]
) -> tuple[Style, Style]:
    """The styles of tables 2 and 3, each seen over the whole table and not over one block."""
    gaps = _header_gaps(doc)

    def style(table: Sequence[Block]) -> Style:
        rows = [by_id[row.id] for block in table for row in block.rows if row.id in by_id]
        width = max(len(block.columns) for block in table)
        segments = [row.segment for row in rows if not row.segment.names]
        return style_of(doc.text, segments, width, gaps)

    return style(due[:-1]), style(due[-1:])


def _header_gaps(doc: Document) -> list[str]:
    """What stands between neighbouring column headers."""
    return [
        doc.text[left.end : right.start]
        for left, right in pairwise(doc.spans)
        if left.label is Label.COLUMN and right.label is Label.COLUMN
    ]


def _cells(readings: Sequence[tuple[Block, tuple[Cell, ...]]], table: str) -> tuple[Cell, ...]:
    return tuple(cell for block, found in readings if block.table == table for cell in found)


def _extents(rows: Sequence[LabelledRow]) -> dict[str, tuple[int, int]]:
    extents: dict[str, tuple[int, int]] = {}
    for row in rows:
        values = row.segment.values
        end = values[-1].end if values else row.segment.label_end
        start, before = extents.get(row.entry.table, (row.segment.start, end))
        extents[row.entry.table] = (min(start, row.segment.start), max(before, end))
    return extents


def _table(id_: str, own: Version | None, cells: Sequence[Cell], version: Version | None) -> Table:
    """The entry of a table in the report. own: the table's version; version: the report's."""
    alignment = _alignment(id_, cells, version)
    return Table(id=id_, version=own, alignment=alignment)  # type: ignore[arg-type]


def _alignment(
    table: str, cells: Sequence[Cell], version: Version | None
) -> Literal["proved", "unverifiable", "partial"]:
    """proved, unverifiable or partial (report contract: tables)."""
    if any(cell.state in ("missing", "unreadable") for cell in cells):
        return "partial"
    values = {cell.path: cell.value for cell in cells if cell.value}  # no others count in sums
    own = _relations_of(table, version or "2021")
    if not values or not own:
        return "unverifiable"
    differences = (
        sum([values.get(path, 0) for path in relation.left])
        - sum([values.get(path, 0) for path in relation.right])
        for relation in own
    )
    return "proved" if all(abs(difference) < 1e-6 for difference in differences) else "partial"


@cache
def _relations_of(table: str, version: Version) -> tuple[Relation, ...]:
    return tuple(relation for relation in relations(version) if relation.id.startswith(table))


def _deduplicated(cells: Mapping[str, Sequence[Cell]]) -> list[Finding]:
    return [
        finding("lines_deduplicated", table=TABLE_NAMES[table])
        for table, own in cells.items()
        if any(cell.method == DROPPED for cell in own)
    ]


@cache
def _row_labels(version: Version | None) -> Mapping[str, str]:
    """Row id -> label, as the report's version words it; rows of the other version in theirs."""
    blocks = [*form("2019").blocks, *form("2021").blocks, *form(version or "2021").blocks]
    return {row.id: row.label for block in blocks for row in block.rows}


def _lost_labels(rows: Sequence[LabelledRow], labels: Mapping[str, str]) -> list[Finding]:
    return [
        finding(
            "row_label_missing",
            row.segment.values[0].start,
            row.segment.values[-1].end,
            table=TABLE_NAMES[row.entry.table],
            row=labels[row.entry.row.id],
        )
        for row in rows
        if row.label is None
    ]


def _unknown_rows(
    tokens: Sequence[Token], known: Set[int], extents: Mapping[str, tuple[int, int]]
) -> list[Finding]:
    """Rows that the form does not have, within the extent of a table.

    known: the indices of the labels of those that it has.
    """
    strange = [t for i, t in enumerate(tokens) if t.label is Label.ROW and i not in known]
    return [
        finding("row_unknown", token.start, token.end, table=TABLE_NAMES[table], row=token.text)
        for table, (start, end) in extents.items()
        if table in ("t2", "t3")
        for token in strange
        if start <= token.start < end
    ]
