"""Rows and tables that are printed twice."""

from collections import Counter
from collections.abc import Mapping, Sequence

from ..models.findings import finding
from ..models.form import TABLE_NAMES
from ..models.report import Cell, Finding
from .segments import LabelledRow

#: A second label must be this much like the form's to be the same row again.
NEAR = 0.9
#: From this many rows on, a table is printed twice and not a row.
A_TABLE = 4


def _is_copy(row: LabelledRow) -> bool:
    return row.likeness >= NEAR and bool(row.segment.values)


def copied_rows(again: Sequence[LabelledRow]) -> dict[str, LabelledRow]:
    """Row id -> the row's second printing. again: rows matched among the labels left over."""
    return {row.entry.row.id: row for row in again if _is_copy(row)}


def without_disagreement(first: Sequence[Cell], second: Sequence[Cell]) -> tuple[Cell, ...]:
    """`first` with the cells unreadable that hold another number in the second printing."""
    others = {cell.path: cell for cell in second if cell.value is not None}
    return tuple(
        cell.model_copy(update={"value": None, "state": "unreadable", "method": "copies_differ"})
        if cell.value is not None and cell.path in others and others[cell.path].value != cell.value
        else cell
        for cell in first
    )


def copy_findings(
    again: Sequence[LabelledRow], cells: Mapping[str, Sequence[Cell]], labels: Mapping[str, str]
) -> list[Finding]:
    """One finding for each table whose copies differ, one for each single row printed twice.

    labels: row id -> its label in the version of the report.
    """
    found: list[Finding] = []
    copies = list(copied_rows(again).values())
    tables = Counter(row.entry.table for row in copies)
    for table in TABLE_NAMES:
        paths = [cell.path for cell in cells[table] if cell.method == "copies_differ"]
        if paths:
            found.append(finding("copies_differ", cells=paths, table=TABLE_NAMES[table]))
        if tables[table] < A_TABLE:
            found.extend(
                finding(
                    "row_duplicated",
                    row.segment.start,
                    row.segment.label_end,
                    table=TABLE_NAMES[table],
                    row=labels[row.entry.row.id],
                )
                for row in copies
                if row.entry.table == table
            )
    return found
