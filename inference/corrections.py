"""Values that a person corrected: a layer over the parser's readings, kept by content.

A layer is a file of JSON lines, `corrections.jsonl` in the output folder unless it is named. It
only grows; of two corrections of a cell the later counts. A correction belongs to the sha256 of
the source, so it holds wherever the file lies and however often it is parsed anew.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..models.errors import NianbaoError
from ..models.findings import finding
from ..models.form import places
from ..models.report import Cell, Correction, Finding, Report, State
from .check import check_relations, check_soft
from .numbers import parse_value
from .pipeline import reasons_of
from .tables import Alignment

NAME = "corrections.jsonl"
METHOD = "corrected"
MISSING = "missing"  # what a person writes for a cell that the source does not have
#: Findings that `check_soft` makes of the cells: made anew after a correction.
_SOFT = frozenset(
    "sum_mismatch table_missing row_missing blank_cells cells_unreadable approximate_value"
    " text_in_cell zero_in_words negative_value decimal_count in_force_below_made"
    " items_below_zero mixed_form old_form alignment_unverifiable".split()
)


class Entry(BaseModel):
    """A correction as it is kept. value: as a cell would print it; was: what the parser read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    path: str
    value: str
    why: str
    by: str = ""
    was: int | float | None = None


Layer = Mapping[str, Mapping[str, Entry]]  # sha256 of the source -> path -> the last correction


def reading_of(value: str) -> tuple[int | float | None, State, str | None]:
    """(value, state, unit) of what a person wrote: a number, `/`, nothing, words, `missing`."""
    if value.strip() == MISSING:
        return None, "missing", None
    reading = parse_value(value)
    return reading.value, reading.state, reading.unit


def entry_for(report: Report, path: str, value: str, why: str, by: str = "") -> Entry:
    """A correction of a cell. NianbaoError E109: no such cell, no reason, or unreadable."""
    if path not in {cell.path for cell in report.cells}:
        known = "本报告没有" if path in places() else "没有"
        raise NianbaoError("E109", reason=f"{known}这个单元格：{path} | no such cell: {path}")
    if not why.strip():
        raise NianbaoError("E109", reason="没有写明理由 | no reason is given")
    if reading_of(value)[1] == "unreadable":
        raise NianbaoError("E109", reason=f"读不出这个值：{value} | cannot be read: {value}")
    cell = report.cell(path)
    was = cell.correction.value if cell.correction is not None else cell.value
    return Entry(
        sha256=report.source.sha256, path=path, value=value.strip(), why=why.strip(), by=by, was=was
    )


def append(path: Path, entries: Iterable[Entry]) -> None:
    """Add to a layer. Raises NianbaoError E401."""
    lines = "".join(entry.model_dump_json() + "\n" for entry in entries)
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(lines)
    except OSError as error:
        raise NianbaoError("E401", reason=error.strerror or error) from error


def load(path: Path) -> Layer:
    """A layer. Raises NianbaoError E109 where a line is something else, E103 unread."""
    layer: dict[str, dict[str, Entry]] = {}
    for entry in _entries(path):
        layer.setdefault(entry.sha256, {})[entry.path] = entry
    return layer


def _entries(path: Path) -> Iterator[Entry]:
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise NianbaoError("E103", reason=error.strerror or error) from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = Entry.model_validate_json(line)
        except ValidationError as error:
            words = error.errors()[0]["msg"]
            reason = f"{path} 第 {number} 行不是更正 | {path}, line {number}: {words}"
            raise NianbaoError("E109", reason=reason) from error
        if entry.path not in places() or reading_of(entry.value)[1] == "unreadable":
            reason = f"{path} 第 {number} 行：{entry.path} | {path}, line {number}: {entry.path}"
            raise NianbaoError("E109", reason=reason)
        yield entry


def digest(path: Path | None) -> str:
    """Of a layer's content, on which results depend; `none` without a layer."""
    return "none" if path is None else hashlib.sha256(path.read_bytes()).hexdigest()


def with_corrections(report: Report, layer: Layer) -> Report:
    """`report` with its corrected cells, and checks and findings as they follow from them.

    A correction of a cell that the report's form does not have is passed over.
    """
    entries = layer.get(report.source.sha256, {})
    mine = {cell.path: entries[cell.path] for cell in report.cells if cell.path in entries}
    if not mine:
        return report
    cells = tuple(_corrected(c, mine[c.path]) if c.path in mine else c for c in report.cells)
    by_path = {cell.path: cell for cell in cells}
    version = report.meta.form_version
    checks = check_relations(version or "2021", by_path)
    alignment = Alignment(cells, report.tables, version, (), {})
    findings = (
        *(kept for one in report.findings if (kept := _still_true(one, mine)) is not None),
        *check_soft(checks, alignment, report.meta),
        *_claim_findings(report, by_path, mine),
    )
    reasons = reasons_of(findings)
    return report.model_copy(
        update={
            "status": "review" if reasons else "ok",
            "reasons": reasons,
            "cells": cells,
            "checks": checks,
            "findings": findings,
        }
    )


def _corrected(cell: Cell, entry: Entry) -> Cell:
    """`raw` and the offsets stay: they are what the source prints."""
    value, state, unit = reading_of(entry.value)
    before = cell.correction or Correction(
        given=entry.value,
        value=cell.value,
        state=cell.state,
        method=cell.method,
        confidence=cell.confidence,
        why=entry.why,
        by=entry.by,
    )
    update = {
        "value": value,
        "state": state,
        "unit": unit or cell.unit,
        "confidence": 1.0,
        "method": METHOD,
        "correction": before.model_copy(
            update={"given": entry.value, "why": entry.why, "by": entry.by}
        ),
    }
    return cell.model_copy(update=update)


def _still_true(found: Finding, mine: Mapping[str, Entry]) -> Finding | None:
    """None for what is made anew, or spoke of a corrected cell's value or confidence."""
    if found.code in _SOFT:
        return None
    if found.code == "claim_mismatch" and not mine.keys().isdisjoint(found.cells):
        return None
    if found.code != "low_confidence":
        return found
    left = [path for path in found.cells if path not in mine]
    return finding("low_confidence", cells=left, count=len(left)) if left else None


def _claim_findings(
    report: Report, cells: Mapping[str, Cell], mine: Mapping[str, Entry]
) -> Iterator[Finding]:
    """Where the prose states another figure about a corrected cell."""
    for claim in report.claims:
        value = cells[claim.path].value if claim.path in mine else None
        if value is not None and value != claim.value:
            text = report.source.text[claim.start : claim.end]
            yield finding(
                "claim_mismatch",
                claim.start,
                claim.end,
                [claim.path],
                text=text,
                cell=str(places()[claim.path]),
                value=value,
            )
