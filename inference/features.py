"""What tells whether a cell, a section or an item is right: small vectors of numbers.

Everything is read off the finished report and the tagger's spans; nothing here changes a value.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..models.labels import Label, Span
from ..models.report import Item, Report, Section
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
        self.all = spans
        self._starts = [span.start for span in spans]
        self._ends = [span.end for span in spans]

    def over(self, start: int, end: int) -> Sequence[Span]:
        """Those that share a character with [start, end)."""
        return self.all[bisect_right(self._ends, start) : bisect_left(self._starts, end)]


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


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the paths of the cells say: nearly all reports have those of one of two forms.

    index: path -> place among the cells. rows, tables: [cells] the number of each one's own.
    """

    index: dict[str, int]
    rows: NDArray[np.intp]
    tables: NDArray[np.intp]
    table_ids: tuple[str, ...]

    def counted(self, paths: Iterable[str]) -> NDArray[np.intp]:
        """[cells] how often each one's path is among `paths`."""
        places = [self.index[path] for path in paths if path in self.index]
        return np.bincount(np.array(places, dtype=np.intp), minlength=len(self.index))


@lru_cache(maxsize=8)
def _layout(paths: tuple[str, ...]) -> _Layout:
    _, rows = _numbered([path.rpartition(".")[0] for path in paths])
    table_ids, tables = _numbered([path[:2] for path in paths])
    return _Layout({path: at for at, path in enumerate(paths)}, rows, tables, table_ids)


def _numbered(names: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """The names, each once, and the number of each one of `names` among them."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return tuple(numbers), np.array([numbers[name] for name in names], dtype=np.intp)


def _cell_features(report: Report, spans: _Spans) -> NDArray[np.float64]:
    """[cells, CellFeatures]"""
    layout = _layout(tuple(cell.path for cell in report.cells))
    states = np.array([_STATES.index(cell.state) for cell in report.cells], dtype=np.intp)
    null = np.array([cell.value is None for cell in report.cells], dtype=bool)
    columns = _of_values(report, states) | _of_places(report, spans) | _of_sums(report, layout)
    columns |= _of_tables(report, layout, states, null) | _about_tables(report, spans)
    columns["null_and_strays"] = null * columns["strays"]
    matrix = np.empty((len(report.cells), len(CellFeatures._fields)))
    for index, name in enumerate(CellFeatures._fields):
        matrix[:, index] = columns[name]
    return matrix


_STATES = ("blank", "not_applicable", "text", "missing", "unreadable", "found")
_MISSING, _UNREADABLE = _STATES.index("missing"), _STATES.index("unreadable")
_METHODS = {"row_label": 0, "absent": 0, "row_label_blank": 1, "arithmetic": 2}
_OTHER_METHOD = 3

#: Features by name: [cells] each, or one number for all of them.
_Columns = dict[str, Any]


def _of_values(report: Report, states: NDArray[np.intp]) -> _Columns:
    """What was read in each cell, and how. states: [cells] in the order of `_STATES`."""
    cells = report.cells
    methods = np.array([_METHODS.get(cell.method, _OTHER_METHOD) for cell in cells], dtype=np.intp)
    return {
        "score": _all_log_odds([cell.confidence for cell in cells]),
        "magnitude": [math.log10(1 + abs(cell.value)) if cell.value else 0.0 for cell in cells],
        **{name: states == number for number, name in enumerate(_STATES[:-1])},
        "label_blank": methods == 1,
        "arithmetic": methods == 2,
        "other_method": methods == _OTHER_METHOD,
    }


def _all_log_odds(scores: Sequence[float] | NDArray[np.float64]) -> list[float]:
    """`log_odds` of each."""
    held = np.clip(scores, 1e-4, 1 - 1e-4)
    return list(map(math.log, (held / (1 - held)).tolist()))


def _of_places(report: Report, spans: _Spans) -> _Columns:
    """What stands in the place of each cell; sure where it has none or nothing stands there."""
    text, cells = report.source.text, report.cells
    filled = [
        (index, cell.start, cell.end)
        for index, cell in enumerate(cells)
        if cell.start is not None and cell.end is not None and cell.start != cell.end
    ]
    indices, starts, ends = np.array(filled, dtype=np.intp).reshape(-1, 3).T
    values = [span for span in spans.all if span.label is Label.VALUE]
    first = np.searchsorted([span.end for span in values], starts, side="right")
    last = np.searchsorted([span.start for span in values], ends, side="left")
    scores = np.array([*(span.score for span in values), 1.0])
    least = np.minimum.reduceat(scores, np.stack((first, last), axis=1).ravel())[::2]
    own, unlabelled, glued = np.ones(len(cells)), np.zeros(len(cells)), np.zeros(len(cells))
    own[indices] = np.where(first < last, least, 0.5)
    unlabelled[indices] = first >= last
    glued[indices] = [
        text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()
        for _, start, end in filled
    ]
    return {"own": _all_log_odds(own), "unlabelled": unlabelled, "glued": glued}


def _of_tables(
    report: Report, layout: _Layout, states: NDArray[np.intp], null: NDArray[np.bool_]
) -> _Columns:
    """What becomes of the row and of the table that each cell is in."""
    rows, tables = layout.rows, layout.tables
    missing = states == _MISSING
    lost = missing | (states == _UNREADABLE)
    torn = (np.bincount(rows, lost) > 0) & (np.bincount(rows, ~null) > 0)
    alignments: dict[str, str] = {table.id: table.alignment for table in report.tables}
    aligned = [alignments[table] for table in layout.table_ids]
    table_nulls = (np.bincount(tables, null) / np.bincount(tables))[tables]
    return {
        "proved": np.array([way == "proved" for way in aligned])[tables],
        "unverifiable": np.array([way == "unverifiable" for way in aligned])[tables],
        "row_nulls": (np.bincount(rows, null) / np.bincount(rows))[rows],
        "row_torn": torn[rows],
        "table_nulls": table_nulls,
        "table_absent": table_nulls == 1.0,
        "missing_alone": missing * (1.0 - table_nulls),
    }


def _of_sums(report: Report, layout: _Layout) -> _Columns:
    """What the form's relations and the prose say of each cell."""
    passed, failed, open_ = (
        layout.counted(
            path for check in report.checks if check.state == state for path in check.cells
        )
        for state in ("pass", "fail", "not_assessable")
    )
    n_checks = passed + failed + open_
    mismatches = (found for found in report.findings if found.code == "claim_mismatch")
    return {
        "passed": passed / np.maximum(1, n_checks),
        "failed": failed / np.maximum(1, n_checks),
        "unchecked": n_checks == 0,
        "claimed_otherwise": layout.counted(p for found in mismatches for p in found.cells) > 0,
    }


def _about_tables(report: Report, spans: _Spans) -> _Columns:
    """What holds for all cells of a report."""
    codes = Counter(f.code for f in report.findings)
    taken = {cell.start for cell in report.cells if cell.start is not None}
    last = max((cell.end for cell in report.cells if cell.end is not None), default=0)
    near = spans.over(min(taken) - NEAR, last + NEAR) if taken else ()
    inside = [span for span in near if span.label in TABLE_LABELS]
    scores = [span.score for span in inside]
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
