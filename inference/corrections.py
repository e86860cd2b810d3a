"""Values that a person corrected: a layer over the parser's readings, kept by content.

A layer is a file of JSON lines, `corrections.jsonl` in the output folder unless it is named. It
only grows; of two corrections of a cell the later counts. A correction belongs to the sha256 of
the source, so it holds wherever the file lies and however often it is parsed anew.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..models.errors import NianbaoError
from ..models.findings import finding
from ..models.form import places
from ..models.report import Cell, Check, Correction, Finding, Meta, MetaCorrection, Report, State
from .check import check_relations, check_soft
from .corrected_meta import field_of, meta_findings, settled, with_value
from .numbers import parse_value
from .pipeline import reasons_of
from .tables import Alignment

NAME = "corrections.jsonl"
METHOD = "corrected"
MISSING = "missing"  # what a person writes for what the source does not have
MARK = "（含更正值）"  # ends what is said of corrected values
#: Findings that `check_soft` makes of the cells: made anew after a correction.
_SOFT = frozenset(
    "sum_mismatch table_missing row_missing blank_cells cells_unreadable approximate_value"
    " text_in_cell zero_in_words negative_value decimal_count in_force_below_made"
    " items_below_zero mixed_form old_form alignment_unverifiable".split()
)
_CHINESE = re.compile("[㐀-鿿]")
_Told = TypeVar("_Told", Check, Finding)


class Entry(BaseModel):
    """A correction as it is kept. value: as a cell would print it; was: what the parser read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    path: str
    value: str
    why: str
    by: str = ""
    was: int | float | str | None = None


Layer = Mapping[str, Mapping[str, Entry]]  # sha256 of the source -> path -> the last correction


def reading_of(value: str) -> tuple[int | float | None, State, str | None]:
    """(value, state, unit) of what a person wrote: a number, `/`, nothing, words, `missing`."""
    if value.strip() == MISSING:
        return None, "missing", None
    reading = parse_value(value)
    return reading.value, reading.state, reading.unit


def fault_of(path: str, value: str, why: str, by: str = "") -> str | None:
    """Why this is no correction, `中文 | English`; None where it is one."""
    field = field_of(path)
    if path not in places() and field is None:
        return f"没有这个单元格：{path} | no such cell: {path}"
    if not why.strip():
        return "没有写明理由 | no reason is given"
    try:
        (value + why + by).encode()
    except UnicodeEncodeError:
        return "更正、理由或姓名不是 UTF-8 | the value, the reason or the name is not UTF-8"
    if not (_fits_cell(value) if field is None else _fits_meta(field, value)):
        return f"读不出这个值：{value} | cannot be read: {value}"
    return None


def _fits_cell(value: str) -> bool:
    """A report's words are Chinese: nan, TRUE, None, =SUM(A1:A2) come from a computer."""
    reading = parse_value(value)
    if value.strip() == MISSING or reading.state != "text":
        return reading.state != "unreadable"
    return not value.startswith("=") and (reading.approximate or bool(_CHINESE.search(value)))


def _fits_meta(field: str, value: str) -> bool:
    try:
        with_value(Meta(), field, _for_meta(value))
    except ValueError:  # pydantic's are, too
        return False
    return True


def _for_meta(value: str) -> str | None:
    return None if value.strip() in ("", MISSING) else value.strip()


def entry_for(report: Report, path: str, value: str, why: str, by: str = "") -> Entry:
    """A correction of a cell, or of `meta.issuer` and the like.

    NianbaoError E109: nothing of that name, no reason, or unreadable.
    """
    fault = fault_of(path, value, why, by)
    if fault is None and path in places() and path not in {cell.path for cell in report.cells}:
        fault = f"本报告没有这个单元格：{path} | no such cell in this report: {path}"
    if fault is not None:
        raise NianbaoError("E109", reason=fault)
    return Entry(
        sha256=report.source.sha256,
        path=path,
        value=value.strip(),
        why=why.strip(),
        by=by.strip(),
        was=_read(report, path),
    )


def _read(report: Report, path: str) -> int | float | str | None:
    """What the parser read, whatever was corrected since."""
    if (field := field_of(path)) is not None:
        return _read_meta(report, path, field)
    cell = report.cell(path)
    return cell.value if cell.correction is None else cell.correction.value


def _read_meta(report: Report, path: str, field: str) -> str | int | None:
    before = {one.path: one.value for one in report.corrections}
    if path in before:
        return before[path]
    value: str | int | date | None = getattr(report.meta, field)
    return value.isoformat() if isinstance(value, date) else value


def append(path: Path, entries: Iterable[Entry]) -> None:
    """Add to a layer, on lines of their own whatever it ends with. Raises NianbaoError E401."""
    lines = "".join(entry.model_dump_json() + "\n" for entry in entries).encode()
    if not lines:
        return
    try:
        with path.open("a+b") as file:
            if file.seek(0, os.SEEK_END) > 0:
                file.seek(-1, os.SEEK_END)
                lines = lines if file.read(1) == b"\n" else b"\n" + lines
            file.write(lines)
    except OSError as error:
        raise NianbaoError("E401", reason=error.strerror or error) from error


def load_corrections(path: Path) -> Layer:
    """A layer. Raises NianbaoError E109 where a line is something else, E103 unread."""
    layer: dict[str, dict[str, Entry]] = {}
    for entry in entries_of(path):
        layer.setdefault(entry.sha256, {})[entry.path] = entry
    return layer


def entries_of(path: Path) -> Iterator[Entry]:
    """All of a layer, also what was corrected anew. Raises NianbaoError as `load_corrections`."""
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
        if (fault := fault_of(entry.path, entry.value, entry.why, entry.by)) is not None:
            zh, _, en = fault.partition(" | ")
            reason = f"{path} 第 {number} 行：{zh} | {path}, line {number}: {en}"
            raise NianbaoError("E109", reason=reason)
        yield entry


def layer_for(named: Path | None, folder: Path | None) -> Path | None:
    """The layer that was named, else the one that stands in an output folder, if any."""
    beside = None if folder is None else folder / NAME
    return beside if named is None and beside is not None and beside.exists() else named


def digest(path: Path | None) -> str:
    """Of a layer's content, on which results depend; `none` without a layer."""
    return "none" if path is None else hashlib.sha256(path.read_bytes()).hexdigest()


def with_corrections(report: Report, layer: Layer) -> Report:
    """`report` with its corrected values, and checks and findings as they follow from them.

    A correction of a cell that the report's form does not have is passed over.
    """
    entries = layer.get(report.source.sha256, {})
    mine = {cell.path: entries[cell.path] for cell in report.cells if cell.path in entries}
    fields = {field: entry for entry in entries.values() if (field := field_of(entry.path))}
    if not mine and not fields:
        return report
    meta = report.meta
    for field, entry in fields.items():
        meta = with_value(meta, field, _for_meta(entry.value))
    cells = tuple(_corrected(c, mine[c.path]) if c.path in mine else c for c in report.cells)
    by_path = {cell.path: cell for cell in cells}
    version = report.meta.form_version
    checks = check_relations(version or "2021", by_path)
    alignment = Alignment(cells, report.tables, version, (), {})
    theirs = {cell.path for cell in cells if cell.correction is not None}
    findings = (
        *(
            kept
            for one in report.findings
            if not settled(one, fields) and (kept := _still_true(one, mine)) is not None
        ),
        *(_marked(one, theirs) for one in check_soft(checks, alignment, meta)),
        *(_marked(one, theirs) for one in _claim_findings(report, by_path, mine)),
        *(_with_mark(one) for one in meta_findings(meta, fields)),
    )
    reasons = reasons_of(findings)
    return report.model_copy(
        update={
            "status": "review" if reasons else "ok",
            "reasons": reasons,
            "meta": meta,
            "cells": cells,
            "checks": tuple(_marked(check, theirs) for check in checks),
            "findings": findings,
            "corrections": _of_meta(report, fields),
        }
    )


def _marked(told: _Told, corrected: Set[str]) -> _Told:
    """Ends with `MARK` where it speaks of corrected cells."""
    return told if corrected.isdisjoint(told.cells) else _with_mark(told)


def _with_mark(told: _Told) -> _Told:
    return told.model_copy(update={"message": told.message + MARK})


def _of_meta(report: Report, fields: Mapping[str, Entry]) -> tuple[MetaCorrection, ...]:
    found = {one.path: one for one in report.corrections}
    for field, entry in fields.items():
        found[entry.path] = MetaCorrection(
            path=entry.path,
            given=entry.value,
            value=_read_meta(report, entry.path, field),
            why=entry.why,
            by=entry.by,
        )
    return tuple(found.values())


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
