"""Do the figures agree with one another, and is anything odd about the cells?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from ..models.findings import finding
from ..models.form import (
    TABLE_NAMES,
    VERSIONS,
    Block,
    Relation,
    Version,
    form,
    places,
    relations,
    units,
)
from ..models.report import Cell, Check, Finding, Meta
from .numbers import parse_value
from .tables import Alignment

#: Sums of amounts with decimals differ by less than this for reasons of rounding alone.
TOLERANCE = 1e-6

#: From this report year on the form of 2021 is due (国办公开办函〔2021〕30号).
NEW_FORM_YEAR = 2021


def check_relations(version: Version, cells: Mapping[str, Cell]) -> tuple[Check, ...]:
    """Test every hard relation of the form: 42 with that of 2021, 40 with that of 2019.

    version: that of table 3. cells: by path; one that is absent counts as null.
    """
    values = {path: cell.value for path, cell in cells.items()}
    return tuple(_check(relation, values) for relation in relations(version))


def _check(relation: Relation, values: Mapping[str, int | float | None]) -> Check:
    paths = (*relation.left, *relation.right)
    left, right = _sum(relation.left, values), _sum(relation.right, values)
    sides = _sides(relation.id)
    if left is None or right is None:
        empty = [path for path in paths if values.get(path) is None]
        message = f"{sides[0]}：无法核对，有{len(empty)}个单元格没有数值"
        return Check(id=relation.id, state="not_assessable", left=None, right=None, cells=paths,
                     message=message)  # fmt: skip
    agree = abs(left - right) < TOLERANCE
    sign = "＝" if agree else "≠"
    message = f"{sides[0]}：{sides[1]}（{left}）{sign}{sides[2]}（{right}）"
    return Check(id=relation.id, state="pass" if agree else "fail", left=left, right=right,
                 cells=paths, message=message)  # fmt: skip


def _value(cells: Mapping[str, Cell], path: str) -> int | float | None:
    cell = cells.get(path)
    return None if cell is None else cell.value


def _sum(paths: Sequence[str], values: Mapping[str, int | float | None]) -> int | float | None:
    """The sum over `paths`, None where one of them is null."""
    known = [value for path in paths if (value := values.get(path)) is not None]
    if len(known) < len(paths):
        return None
    return round(total, 6) if isinstance(total := sum(known), float) else total


@cache
def _sides(relation: str) -> tuple[str, str, str]:
    """Where a relation holds, and the names of its two sides."""
    name, _, place = relation.removeprefix("t3.").removeprefix("t4.").partition(".")
    if name == "sum":
        return f"表四“{_labels()[f't4.{place}']}”", "总计", "各项结果之和"
    if name == "row_sum":
        return f"表三“{_labels()[f't3.{place}']}”一行", "总计", "各类申请人之和"
    where = f"表三“{_columns()[place]}”一列"
    if name == "balance":
        return where, "新收与上年结转之和", "办理结果总计与结转下年度之和"
    return where, "办理结果总计", "各项办理结果之和"


@cache
def _labels() -> dict[str, str]:
    """table.row -> its label with that of its group, short enough for a sentence."""
    return {
        f"{block.table}.{row.id}": "/".join(label.split("（区分")[0] for label in row.labels[-2:])
        for version in VERSIONS
        for block in form(version).blocks
        for row in block.rows
    }


@cache
def _columns() -> dict[str, str]:
    return {column.id: column.label for column in form("2021").t3.columns}


def check_soft(checks: Sequence[Check], alignment: Alignment, meta: Meta) -> tuple[Finding, ...]:
    """What a reader would ask about: failed sums, gaps, odd values, a form out of date.

    A sound report gives none but `alignment_unverifiable`, where its table has only zeros.
    """
    cells = {cell.path: cell for cell in alignment.cells}
    return (
        *(finding("sum_mismatch", cells=c.cells, detail=c.message)
          for c in checks if c.state == "fail"),
        *_gaps(cells),
        *_odd_cells(alignment.cells),
        *_floors(cells),
        *_forms(cells, meta.year),
        *_unverifiable(alignment),
    )  # fmt: skip


def _gaps(cells: Mapping[str, Cell]) -> Iterator[Finding]:
    """Tables and rows that are absent; one finding a table for its blank and unreadable cells."""
    for table, name in TABLE_NAMES.items():
        own = _cells_of(table, cells.values())
        states = {cell.state for cell in own}
        if states <= {"missing"}:
            yield finding("table_missing", cells=[cell.path for cell in own], table=name)
            continue
        if "missing" in states:
            for block in _blocks_of(table, cells):
                yield from _missing_rows(block, name, cells)
        for code, state in (("blank_cells", "blank"), ("cells_unreadable", "unreadable")):
            if state in states:
                paths = [cell.path for cell in own if cell.state == state]
                yield finding(code, cells=paths, table=name, count=len(paths))


def _cells_of(table: str, cells: Iterable[Cell]) -> list[Cell]:
    prefix = f"{table}."
    return [cell for cell in cells if cell.path.startswith(prefix)]


def _blocks_of(table: str, cells: Mapping[str, Cell]) -> list[Block]:
    """The blocks whose paths the report lists, each in the version that it lists."""
    blocks: dict[str, Block] = {}
    for version in VERSIONS:
        for block in form(version).blocks:
            if block.table == table and all(path in cells for path in block.paths()):
                blocks[block.id] = block
    return list(blocks.values())


def _missing_rows(block: Block, name: str, cells: Mapping[str, Cell]) -> Iterator[Finding]:
    for row, paths in block.row_paths.items():
        if all(cells[path].state == "missing" for path in paths):
            label = _labels()[f"{block.table}.{row}"]
            yield finding("row_missing", cells=paths, table=name, row=label)


def _odd_cells(cells: Iterable[Cell]) -> Iterator[Finding]:
    for cell in cells:
        if (code := _oddity(cell)) is not None:
            raw, place = " ".join(_wording(cell).split()), places()[cell.path]
            yield finding(code, cell.start, cell.end, [cell.path], cell=place, raw=raw)


def _wording(cell: Cell) -> str:
    """What stands in the cell: as a person corrected it, else as it is printed."""
    return cell.raw or "" if cell.correction is None else cell.correction.given


def _oddity(cell: Cell) -> str | None:
    """The code for one cell, or None: words, figures that are about, signed or broken."""
    if cell.state == "text":
        return "approximate_value" if parse_value(_wording(cell)).approximate else "text_in_cell"
    if cell.state != "found" or cell.value is None:
        return None
    if cell.value == 0 and parse_value(_wording(cell)).in_words:
        return "zero_in_words"
    if cell.value < 0 and not cell.path.endswith(".change"):
        return "negative_value"
    if isinstance(cell.value, float) and units()[cell.path] in ("件", "项"):
        return "decimal_count"
    return None


def _floors(cells: Mapping[str, Cell]) -> Iterator[Finding]:
    """Lower bounds within one report; silent where a cell is null."""
    labels = {path.rpartition(".")[0] for path in cells if path.startswith("t2.")}
    for row in sorted(labels):
        made, repealed, in_force, items, change = (
            _value(cells, f"{row}.{column}")
            for column in ("made", "repealed", "in_force", "prior_items", "change")
        )
        if made is not None and repealed is not None and in_force is not None:
            if in_force < made - repealed:
                paths = [f"{row}.{column}" for column in ("made", "repealed", "in_force")]
                yield finding("in_force_below_made", cells=paths, row=_labels()[row])
        if items is not None and change is not None and items + change < 0:
            paths = [f"{row}.{column}" for column in ("prior_items", "change")]
            yield finding("items_below_zero", cells=paths, row=_labels()[row])


def _forms(cells: Mapping[str, Cell], year: int | None) -> Iterator[Finding]:
    """Tables in both versions, or all in that of 2019 although that of 2021 is due.

    Only what is printed tells: a missing cell has no version.
    """
    old, new = (
        [path for path in own if path in cells and cells[path].state != "missing"]
        for own in _own_paths()
    )
    if old and new:
        yield finding("mixed_form", cells=sorted(old))
    elif old and year is not None and year >= NEW_FORM_YEAR:
        yield finding("old_form", year=year)


@cache
def _own_paths() -> tuple[frozenset[str], frozenset[str]]:
    """The paths that the form of 2019 alone has, and those of 2021 alone."""
    old, new = (frozenset(form(version).paths()) for version in VERSIONS)
    return old - new, new - old


def _unverifiable(alignment: Alignment) -> Iterator[Finding]:
    """Tables 3 and 4 of zeros and gaps. Table 2 has no sums at all, which is no news."""
    for table in alignment.tables:
        if table.alignment != "unverifiable" or table.id == "t2":
            continue
        own = _cells_of(table.id, alignment.cells)
        readable = any(cell.state in ("found", "blank", "not_applicable") for cell in own)
        if readable and not any(cell.value for cell in own):
            yield finding("alignment_unverifiable", table=TABLE_NAMES[table.id])
