"""Corrected values as labels: what `nianbao correct` keeps becomes something to learn from.

A correction says what stands in a cell, not where. Where the text prints it in one place that it
can mean, that place is labelled a value; where a cell is blank or missing, what was taken for its
value is labelled no more. Of a value that the text does not print nothing can be learned.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from ..inference.corrections import Entry, reading_of
from ..inference.numbers import parse_value
from ..models.labels import Label, Span
from ..models.report import Cell, Report
from .documents import CORRECTION, AnnotatedDocument
from .misfit import Trouble

_WITHOUT_VALUE = ("blank", "missing")
_PIECE = re.compile(r"[^\s|\u3000]+")


def amended(
    document: AnnotatedDocument, report: Report, entries: Mapping[str, Entry]
) -> tuple[AnnotatedDocument, tuple[Trouble, ...]]:
    """`document` labelled as the corrections say, and the corrections that say nothing of labels.

    The other labels stay the model's: the person looked at the corrected cells alone. The document
    is the work of who made the last correction that it shows; where it shows none, nobody's, a
    task for an annotator.
    report: as parsed, without the corrections.
    """
    cells = {cell.path: cell for cell in report.cells if cell.path in entries}
    gone = [path for path in cells if reading_of(entries[path].value)[1] in _WITHOUT_VALUE]
    spans: tuple[Span, ...] = document.spans
    for path in gone:  # first: what is no value of this cell may be that of another
        spans = _without_value(spans, cells[path])
    taken = {(c.start, c.end) for c in report.cells if c.path not in entries}
    people, troubles = [entries[path].by for path in gone], []
    for path, entry in entries.items():
        place = _place(report, cells[path], entry, taken) if path in cells else None
        if place is not None:
            spans = _with_value(spans, *place)
            taken.add(place)
            people.append(entry.by)
        elif path not in gone:
            reason = f"原文何处写着“{entry.value}”不能确定 | where {entry.value} stands is not sure"
            troubles.append(Trouble(path, reason))
    annotator = next(filter(None, reversed(people)), CORRECTION) if people else None
    if annotator is not None:
        spans = tuple(replace(span, score=1.0) for span in spans)
    # an item that a value took the place of has no themes any more
    edges = {(span.start, span.end) for span in spans}
    themes = tuple(item for item in document.themes if (item.start, item.end) in edges)
    amended_one = replace(
        document, spans=spans, annotator=annotator, themes=themes, chosen=CORRECTION
    )
    return amended_one, tuple(troubles)


def _place(
    report: Report, cell: Cell, entry: Entry, taken: Collection[tuple[int | None, int | None]]
) -> tuple[int, int] | None:
    """Where the text prints the corrected value: in the cell's own place, or once in its row.

    taken: where the values of other cells stand.
    """
    text = report.source.text
    if cell.start is not None and cell.end is not None and cell.start < cell.end:
        if _says(text[cell.start : cell.end], entry):
            return cell.start, cell.end
    found = [
        edges
        for start, end in _lines(report, cell)
        for piece in _PIECE.finditer(text, start, end)
        if (edges := piece.span()) not in taken and _says(piece[0], entry)
    ]
    return found[0] if len(found) == 1 else None


def _says(wording: str, entry: Entry) -> bool:
    value, state, _ = reading_of(entry.value)
    if state == "text":
        return wording.strip() == entry.value
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


def _without_value(spans: Iterable[Span], cell: Cell) -> tuple[Span, ...]:
    """Without what stood for the cell's value."""
    if cell.start is None or cell.end is None:
        return tuple(spans)
    return tuple(
        span
        for span in spans
        if span.label is not Label.VALUE or span.end <= cell.start or span.start >= cell.end
    )


def _with_value(spans: Iterable[Span], start: int, end: int) -> tuple[Span, ...]:
    """In place of whatever it overlaps."""
    apart = (span for span in spans if span.end <= start or span.start >= end)
    return tuple(sorted((*apart, Span(start, end, Label.VALUE))))
