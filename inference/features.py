"""What tells whether a cell, a section or an item is right: small vectors of numbers.

Everything is read off the finished report and the tagger's spans; nothing here changes a value.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..models.labels import Label, Span
from ..models.report import Cell, Item, Report, Section
from .wording import best_likeness, ordinal, wordings

#: Scores of a table's labels and values below this are counted as low.
LOW = 0.9
#: So many characters on either side of an edge are looked at.
NEAR = 40
TABLE_LABELS = frozenset({Label.ROW, Label.GROUP, Label.COLUMN, Label.VALUE})
ROLE_LABELS = {"problem": Label.PROBLEM, "measure": Label.MEASURE}
_NUMERAL = r"[一二三四五六七八九十\d]{1,3}"
_MARKER = re.compile(rf"(?:{_NUMERAL}(?:是|[、.．)）])|[(（]{_NUMERAL}[)）])\s*$")
_DISORDER = ("heading_duplicated", "sections_out_of_order", "section_split")


class CellFeatures(NamedTuple):
    """Of one cell; shares and flags lie in 0..1, scores are log odds."""

    score: float  # the row's least: tagger, likeness of the label, way of placing
    own: float  # the tagger's least over the value alone
    unlabelled: float  # something is read where the tagger saw no value
    glued: float  # a digit or word adjoins the value
    magnitude: float
    blank: float
    not_applicable: float
    text: float
    missing: float
    unreadable: float
    label_blank: float  # method: row_label_blank
    arithmetic: float
    other_method: float
    proved: float
    unverifiable: float
    passed: float  # share of the relations over the cell
    failed: float
    unchecked: float  # no relation of the form covers the cell
    row_nulls: float  # share of null cells in the row
    row_torn: float  # some cells of the row have a value and some are missing or unreadable
    table_nulls: float
    table_absent: float
    missing_alone: float  # missing in a table that is otherwise filled
    null_and_strays: float
    strays: float  # values that no cell took, logarithm
    lost_labels: float  # findings of the report, by kind
    unknown_rows: float
    copies: float
    headings_lost: float
    second_report: float  # which of two reports is read is a decision of its own
    forms_mixed: float  # signs of both versions of the form
    claimed_otherwise: float
    least: float  # the least score among the tables' labels and values
    low_share: float  # share of them below LOW


class SectionFeatures(NamedTuple):
    """Of one section."""

    score: float
    headless: float
    likeness: float
    numbered: float
    empty: float
    tabular: float
    last: float
    next_headless: float
    near_start: float  # least score of the spans around the body's edges
    near_end: float
    noise_near_end: float
    ends_whole: float  # the body ends in a closing sign or, in a table, in anything
    tail: float  # characters between the body and what follows, logarithm
    length: float
    disorder: float  # headings left over, out of order, twice


class ItemFeatures(NamedTuple):
    """Of one problem or measure."""

    score: float
    share: float  # of the characters labelled with the role
    other_share: float  # with the other role
    starts_with_span: float
    ends_with_span: float
    spans: float
    marked: float
    measure: float
    generic: float
    length: float
    sentences: float
    lines: float
    section: float
    items: float


def log_odds(score: float) -> float:
    """Of a score in 0..1, held within what floats of networks can tell."""
    score = min(max(score, 1e-4), 1 - 1e-4)
    return math.log(score / (1 - score))


class _Spans:
    """The tagger's spans, found by place."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._starts = [span.start for span in spans]
        self._ends = [span.end for span in spans]

    def over(self, start: int, end: int) -> Sequence[Span]:
        """Those that share a character with [start, end)."""
        return self._spans[bisect_right(self._ends, start) : bisect_left(self._starts, end)]


def features_of(
    report: Report, spans: Sequence[Span]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """[cells, features], [sections, features], [items, features] of a report.

    report: with the confidences that alignment gave it. spans: the tagger's, for its whole text.
    """
    found = _Spans(spans)
    return (
        _cell_features(report, found),
        _matrix(_section_features(report, found), SectionFeatures),
        _matrix(_item_features(report, found), ItemFeatures),
    )


def _matrix(
    rows: Sequence[tuple[float, ...]], kind: type[SectionFeatures | ItemFeatures]
) -> NDArray[np.float64]:
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(kind._fields))


def _cell_features(report: Report, spans: _Spans) -> NDArray[np.float64]:
    """[cells, CellFeatures]"""
    columns = _of_values(report, spans) | _of_tables(report) | _of_sums(report)
    columns |= _about_tables(report, spans)
    null = np.array([cell.value is None for cell in report.cells], dtype=bool)
    columns["null_and_strays"] = null * columns["strays"]
    matrix = np.empty((len(report.cells), len(CellFeatures._fields)))
    for index, name in enumerate(CellFeatures._fields):
        matrix[:, index] = columns[name]
    return matrix


_STATES = ("blank", "not_applicable", "text", "missing", "unreadable")
_USUAL = ("row_label", "row_label_blank", "arithmetic", "absent")

#: Features by name: [cells] each, or one number for all of them.
_Columns = dict[str, Any]


def _of_values(report: Report, spans: _Spans) -> _Columns:
    """What is seen of each cell alone."""
    cells = report.cells
    places = [_place(report.source.text, cell, spans) for cell in cells]
    own, unlabelled, glued = np.array(places, dtype=np.float64).reshape(-1, 3).T
    states = [cell.state for cell in cells]
    methods = [cell.method for cell in cells]
    return {
        "score": [log_odds(cell.confidence) for cell in cells],
        "own": own,
        "unlabelled": unlabelled,
        "glued": glued,
        "magnitude": [math.log10(1 + abs(cell.value or 0)) for cell in cells],
        **{name: [state == name for state in states] for name in _STATES},
        "label_blank": [method == "row_label_blank" for method in methods],
        "arithmetic": [method == "arithmetic" for method in methods],
        "other_method": [method not in _USUAL for method in methods],
    }


def _of_tables(report: Report) -> _Columns:
    """What becomes of the row and of the table that each cell is in."""
    rows: dict[str, list[Cell]] = {}
    row_of = [cell.path.rpartition(".")[0] for cell in report.cells]
    for row, cell in zip(row_of, report.cells, strict=True):
        rows.setdefault(row, []).append(cell)
    share = {row: sum(cell.value is None for cell in own) / len(own) for row, own in rows.items()}
    torn = {row: _is_torn(own) for row, own in rows.items()}
    table_of = [cell.path[:2] for cell in report.cells]
    nulls: dict[str, float] = {
        table.id: _share_null(report.cells, table.id) for table in report.tables
    }
    alignments: dict[str, str] = {table.id: table.alignment for table in report.tables}
    table_nulls = np.array([nulls[table] for table in table_of])
    missing = np.array([cell.state == "missing" for cell in report.cells], dtype=bool)
    return {
        "proved": [alignments[table] == "proved" for table in table_of],
        "unverifiable": [alignments[table] == "unverifiable" for table in table_of],
        "row_nulls": [share[row] for row in row_of],
        "row_torn": [torn[row] for row in row_of],
        "table_nulls": table_nulls,
        "table_absent": table_nulls == 1.0,
        "missing_alone": missing * (1.0 - table_nulls),
    }


def _is_torn(row: Sequence[Cell]) -> bool:
    """Whether some cells of a row have a value and some are missing or unreadable."""
    lost = any(cell.state in ("missing", "unreadable") for cell in row)
    return lost and any(cell.value is not None for cell in row)


def _of_sums(report: Report) -> _Columns:
    """What the form's relations and the prose say of each cell."""
    states = Counter((check.state, path) for check in report.checks for path in check.cells)
    claimed = {path for f in report.findings if f.code == "claim_mismatch" for path in f.cells}
    paths = [cell.path for cell in report.cells]
    passed, failed, open_ = (
        np.array([states[state, path] for path in paths], dtype=np.float64)
        for state in ("pass", "fail", "not_assessable")
    )
    n_checks = passed + failed + open_
    return {
        "passed": passed / np.maximum(1, n_checks),
        "failed": failed / np.maximum(1, n_checks),
        "unchecked": n_checks == 0,
        "claimed_otherwise": [path in claimed for path in paths],
    }


def _share_null(cells: Sequence[Cell], table: str) -> float:
    own = [cell.value is None for cell in cells if cell.path.startswith(table)]
    return sum(own) / max(1, len(own))


def _place(text: str, cell: Cell, spans: _Spans) -> tuple[float, float, float]:
    """(own, unlabelled, glued) of a cell; sure where it has no place or nothing stands there."""
    if cell.start is None or cell.end is None or cell.start == cell.end:
        return log_odds(1.0), 0.0, 0.0
    values = [s.score for s in spans.over(cell.start, cell.end) if s.label is Label.VALUE]
    glued = text[cell.start - 1 : cell.start].isalnum() or text[cell.end : cell.end + 1].isalnum()
    return log_odds(min(values, default=0.5)), float(not values), float(glued)


def _about_tables(report: Report, spans: _Spans) -> _Columns:
    """What holds for all cells of a report."""
    codes = Counter(f.code for f in report.findings)
    placed = [(c.start, c.end) for c in report.cells if c.start is not None and c.end is not None]
    inside: Sequence[Span] = ()
    if placed:
        first, last = min(start for start, _ in placed), max(end for _, end in placed)
        inside = [s for s in spans.over(first - NEAR, last + NEAR) if s.label in TABLE_LABELS]
    scores = [span.score for span in inside]
    taken = {start for start, _ in placed}
    strays = sum(span.label is Label.VALUE and span.start not in taken for span in inside)
    return {
        "strays": math.log1p(strays),
        "lost_labels": math.log1p(codes["row_label_missing"]),
        "unknown_rows": math.log1p(codes["row_unknown"]),
        "copies": math.log1p(codes["row_duplicated"] + codes["copies_differ"]),
        "second_report": float(codes["second_report"] > 0),
        "forms_mixed": float(codes["mixed_form"] + codes["cited_notice_conflict"] > 0),
        "headings_lost": math.log1p(codes["heading_missing"] + codes["section_missing"]),
        "least": log_odds(min(scores, default=1.0)),
        "low_share": sum(score < LOW for score in scores) / max(1, len(scores)),
    }


def _section_features(report: Report, spans: _Spans) -> list[SectionFeatures]:
    codes = Counter(f.code for f in report.findings)
    disorder = math.log1p(sum(codes[code] for code in _DISORDER))
    text = report.source.text
    following = [*report.sections, None][1:]
    return [
        _section(text, section, after, spans, disorder)
        for section, after in zip(report.sections, following, strict=True)
    ]


def _section(
    text: str, section: Section, after: Section | None, spans: _Spans, disorder: float
) -> SectionFeatures:
    heading = section.heading
    start, end = section.body_start, section.body_end
    limit = len(text)
    if after is not None:
        limit = after.body_start if after.heading_start is None else after.heading_start
    number = None if heading is None else ordinal(heading)
    known = wordings()["sections"][section.id]
    near_end = spans.over(end - NEAR, end + NEAR)
    tabular = section.id in ("2", "3", "4")
    return SectionFeatures(
        score=log_odds(section.confidence),
        headless=heading is None,
        likeness=0.0 if heading is None else best_likeness(heading, known),
        numbered=number == ("han", int(section.id)),
        empty=start == end,
        tabular=tabular,
        last=after is None,
        next_headless=after is not None and after.heading is None,
        near_start=_least(spans.over(start - NEAR, start + NEAR)),
        near_end=_least(near_end),
        noise_near_end=any(span.label is Label.NOISE for span in near_end),
        ends_whole=tabular or text[max(start, end - 1) : end] in tuple("。；！）"),
        tail=math.log1p(max(0, limit - end)),
        length=math.log1p(end - start),
        disorder=disorder,
    )


def _least(spans: Sequence[Span]) -> float:
    return log_odds(min((span.score for span in spans), default=1.0))


def _item_features(report: Report, spans: _Spans) -> list[ItemFeatures]:
    section = next((s.confidence for s in report.sections if s.id == "5"), 0.5)
    shared = (log_odds(section), math.log1p(len(report.items)))
    return [_item(report.source.text, item, spans, *shared) for item in report.items]


def _item(text: str, item: Item, spans: _Spans, section: float, items: float) -> ItemFeatures:
    role = ROLE_LABELS[item.role]
    inside = [s for s in spans.over(item.start, item.end) if s.label in ROLE_LABELS.values()]
    own = [span for span in inside if span.label is role]
    other = [span for span in inside if span.label is not role]
    length = item.end - item.start
    return ItemFeatures(
        score=log_odds(item.confidence),
        share=_covered(own, item) / length,
        other_share=_covered(other, item) / length,
        starts_with_span=any(abs(span.start - item.start) <= 1 for span in own),
        ends_with_span=any(abs(span.end - item.end) <= 1 for span in own),
        spans=math.log(max(1, len(own) + len(other))),
        marked=_MARKER.search(text, max(0, item.start - 8), item.start) is not None,
        measure=item.role == "measure",
        generic=item.generic,
        length=math.log(length),
        sentences=math.log1p(item.text.count("。") + item.text.count("；")),
        lines=math.log1p(item.text.count("\n")),
        section=section,
        items=items,
    )


def _covered(spans: Sequence[Span], item: Item) -> int:
    return sum(min(span.end, item.end) - max(span.start, item.start) for span in spans)
