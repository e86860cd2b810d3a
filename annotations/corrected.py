"""Corrected values as labels: what `nianbao correct` keeps becomes something to learn from.

A correction says what stands in a cell, not where. Where the text prints it in one place that it
can mean, that place is labelled a value; where it does not, a person has to look.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..inference.corrections import Entry, reading_of
from ..inference.numbers import parse_value
from ..models.labels import Label, Span
from ..models.report import Cell, Report
from .documents import AnnotatedDocument
from .misfit import Trouble

CHOSEN = "correction"
_PIECE = re.compile(r"[^\s|\u3000]+")


def amended(
    document: AnnotatedDocument, report: Report, entries: Mapping[str, Entry]
) -> tuple[AnnotatedDocument, tuple[Trouble, ...]]:
    """`document` with a VALUE where each correction stands, and the corrections without a place.

    The other labels stay the model's: the person looked at the corrected cells alone. Where all
    corrections have a place the document is the work of who made the last one; else nobody's,
    a task for an annotator.
    report: as parsed, without the corrections.
    """
    spans: tuple[Span, ...] = document.spans
    troubles: list[Trouble] = []
    for path, entry in entries.items():
        place = _place(report, path, entry, spans)
        if place is None:
            reason = f"原文何处写着“{entry.value}”不能确定 | where {entry.value} stands is not sure"
            troubles.append(Trouble(path, reason))
        else:
            spans = _with_value(spans, *place)
    people = [entry.by for entry in entries.values() if entry.by] or [CHOSEN]
    annotator = None if troubles else people[-1]
    if annotator is not None:
        spans = tuple(replace(span, score=1.0) for span in spans)
    # an item that a value took the place of has no themes any more
    edges = {(span.start, span.end) for span in spans}
    themes = tuple(item for item in document.themes if (item.start, item.end) in edges)
    amended_one = replace(document, spans=spans, annotator=annotator, themes=themes, chosen=CHOSEN)
    return amended_one, tuple(troubles)


def _place(
    report: Report, path: str, entry: Entry, spans: Iterable[Span]
) -> tuple[int, int] | None:
    """Where the text prints the corrected value: in the cell's own place, or once in its row."""
    cell, text = report.cell(path), report.source.text
    if cell.start is not None and cell.end is not None and cell.start < cell.end:
        if _says(text[cell.start : cell.end], entry):
            return cell.start, cell.end
    taken = {(span.start, span.end) for span in spans if span.label is Label.VALUE}
    found = [
        edges
        for start, end in _lines(report, cell)
        for piece in _PIECE.finditer(text, start, end)
        if (edges := piece.span()) not in taken and _says(piece[0], entry)
    ]
    return found[0] if len(found) == 1 else None


def _says(wording: str, entry: Entry) -> bool:
    value, state, _ = reading_of(entry.value)
    reading = parse_value(wording)
    return (reading.value, reading.state) == (value, state)


def _lines(report: Report, cell: Cell) -> Iterator[tuple[int, int]]:
    """The lines of the text in which other cells of the same row stand."""
    row, text = cell.path.rpartition(".")[0], report.source.text
    starts = {
        text.rfind("\n", 0, other.start) + 1
        for other in report.cells
        if other.path.rpartition(".")[0] == row and other.start is not None
    }
    for start in sorted(starts):
        end = text.find("\n", start)
        yield start, len(text) if end < 0 else end


def _with_value(spans: Iterable[Span], start: int, end: int) -> tuple[Span, ...]:
    """In place of whatever it overlaps."""
    apart = (span for span in spans if span.end <= start or span.start >= end)
    return tuple(sorted((*apart, Span(start, end, Label.VALUE))))
