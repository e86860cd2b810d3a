"""Spans of tables widened to whole cells, where the signs between cells show how far they run."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..models.document import Document
from ..models.labels import Label, Span
from .glued import glued_cells
from .numbering import without_codes
from .numbers import parse_value
from .slices import with_slices
from .tokens import PIECE
from .whole_numbers import FUSED, TABLE_LABELS, whole_numbers
from .wording import closest, is_form_wording

#: What may stand left of a heading's label in its line: signs, then at most a part of the heading.
_LINE_HEAD = re.compile(r"([\s#*|]*)[^\s#*|。；\n][^。；\n]{0,19}")
_LINE_REST = re.compile(
    r"(?:[㐀-鿿]|[(（]?[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,7}[)）]){0,12}[。、：:.]?"
    r"(?=[ \u3000|*]*(?:\n|$))"
)
_NEXT_ORDINAL = re.compile(r"(?<=\S)[\s|#*]+(?=[一二三四五六][、.．])")
#: A page number shows by its dress; a bare number may be a value.
PAGE_NUMBER = re.compile(
    r"[-—–]\s*\d+\s*[-—–]|第\s*\d+\s*页(?:.{0,2}共\s*\d+\s*页)?"
    r"|[Pp](?:age)?[. ]+\d+|\d{1,3}\s?/\s?\d{1,3}"
)
_RULE = re.compile(r"[-:| \t]*:?-{3,}:?[-:| \t]*")
_OPEN_BRACKET = re.compile(r"[(（][^()（）]*$")
#: Letters and digits, and signs that belong to numbers or stand for digits.
_NO_DRESS = re.compile(
    r"[^\W_]|[-+±−–—－＋.,，．%％‰~～≈<>≤≥＜＞/／\\()（）$＄¥￥'\"*＊×?？■□\ufffd]"
)
#: A cell this much like a wording of the form is that label as a whole.
NEAR = 0.85
#: The rest of a label adds at least so much likeness to a row's wording.
GAIN = 0.1
LONGEST_VALUE = 20
#: Below this score a cell that reads as a value is not believed to be furniture.
DOUBTED = 0.5
#: Parts of one heading have no more than this between them.
LONGEST_GAP = 6


def snap_to_cells(doc: Document) -> Document:
    """`doc` with one span for each cell that the tagger labelled in part or in pieces.

    A cell is snapped if all of it reads as a value, or as a label of the form; others stay.
    """
    spans: list[Span] = []
    doc = _without_rules(with_slices(doc))
    doc = without_codes(replace(doc, spans=tuple(whole_numbers(doc))))
    rest = deque(doc.spans)
    for cell in PIECE.finditer(doc.text):
        start, end = cell.span()
        inside = []
        while rest and rest[0].start < end:
            inside.append(rest.popleft())
        if inside:
            spans.extend(_snapped(doc.text, start, end, inside))
    spans = _joined_rows(doc.text, spans)
    return replace(doc, spans=tuple(_whole_headings(doc.text, _parted_headings(doc.text, spans))))


def _without_rules(doc: Document) -> Document:
    """`doc` with no label on the rule lines of Markdown's tables: |---|---|."""
    if "---" not in doc.text:
        return doc
    ruled = [_RULE.fullmatch(doc.text, span.start, span.end) is not None for span in doc.spans]
    spans = tuple(
        span
        for i, span in enumerate(doc.spans)
        if not (ruled[i] and (any(ruled[max(0, i - 1) : i]) or any(ruled[i + 1 : i + 2])))
    )
    return replace(doc, spans=spans)


def _joined_rows(text: str, spans: Sequence[Span]) -> list[Span]:
    """Two halves of a row label that a hard wrap parts are one."""
    found: list[Span] = []
    for span in spans:
        if found and span.label is found[-1].label is Label.ROW:
            before = found[-1]
            gap = text[before.end : span.start]
            if not gap.strip() and _goes_on(text, before, span):
                found[-1] = replace(before, end=span.end, score=min(before.score, span.score))
                continue
        found.append(span)
    return found


def _goes_on(text: str, first: Span, second: Span) -> bool:
    """Whether a label closes the bracket of the one above, or is the rest of its wording."""
    head, whole = text[first.start : first.end], text[first.start : second.end]
    if _OPEN_BRACKET.search(head):
        return whole[-1] in ")）"
    alike = closest(whole, "rows")[1]
    return alike >= NEAR and alike >= closest(head, "rows")[1] + GAIN


def _parted_headings(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """A SECTION that runs over several headings of one line is cut before each ordinal."""
    for span in spans:
        if span.label is Label.SECTION:
            for mark in _NEXT_ORDINAL.finditer(text, span.start, span.end):
                yield replace(span, end=mark.start())
                span = replace(span, start=mark.end())
        yield span


def _whole_headings(text: str, spans: Iterable[Span]) -> list[Span]:
    """A heading that was labelled in part takes the rest of its line, unless a body follows there.

    What may follow is a few characters without a break, and closing punctuation.
    """
    found: list[Span] = []
    for span in spans:
        if span.label is Label.SECTION:
            span = _with_head(text, found, span)
            rest = _LINE_REST.match(text, span.end)
            span = replace(span, end=rest.end()) if rest else span
        if not found or span.start >= found[-1].end:
            found.append(span)
    return found


def _with_head(text: str, found: list[Span], span: Span) -> Span:
    """A heading with what stands before it in its line; spans that are part of it leave `found`."""
    line_start = text.rfind("\n", 0, span.start) + 1
    before = found[-1] if found else None
    if before is None or before.end <= line_start:
        head = _LINE_HEAD.fullmatch(text, line_start, span.start)
        return replace(span, start=head.end(1)) if head else span
    if _is_cut_heading(text, before, span, line_start):
        return replace(found.pop(), end=span.end)
    if _is_head_of(before, span, line_start):
        return replace(span, start=found.pop().start)
    return span


def _is_cut_heading(text: str, before: Span, heading: Span, line_start: int) -> bool:
    """Whether a SECTION is the first part of the one behind it in its line."""
    if before.label is not Label.SECTION or before.start < line_start:
        return False
    near = heading.start - before.end <= LONGEST_GAP
    return near and not _is_heading(text[before.start : before.end])


def _is_head_of(before: Span, heading: Span, line_start: int) -> bool:
    """Whether a span is the first half of a heading that got two labels."""
    joined = line_start <= before.start and before.end == heading.start
    return joined and before.label in (Label.TITLE, Label.SUBSECTION, Label.ISSUER)


def _is_heading(wording: str) -> bool:
    return closest(wording, "sections")[1] >= NEAR


def _snapped(text: str, start: int, end: int, spans: Sequence[Span]) -> Sequence[Span]:
    first = spans[0]
    if PAGE_NUMBER.fullmatch(text, start, end):
        return [Span(start, end, Label.NOISE, min(span.score for span in spans))]
    if len(spans) == 1 and first.label is Label.NOISE and first.score < DOUBTED:
        return [] if _is_value(text[start:end]) else spans
    whole = len(spans) == 1 and first.start == start and first.end == end
    if whole and first.label is not Label.ROW:
        return spans  # as most
    if any(span.label not in TABLE_LABELS or span.end > end for span in spans):
        return spans
    if _is_row_in_line(text, spans):
        return spans
    wording = text[start:end]
    score = min(span.score for span in spans)
    if not whole or first.label is Label.ROW:
        if (glued := glued_cells(text, start, end, spans)) is not None:
            return glued
    if whole:
        return spans
    lengths: Counter[Label] = Counter()
    for span in spans:
        lengths[span.label] += span.end - span.start
    # Blanks between values are cells' ends where nothing else parts them.
    signs = [span for span in spans if span.end == span.start + 1]
    parted = len(spans) > 1 and (len(wording.split()) > 1 or len(signs) >= FUSED)
    if len(spans) == 1 and _is_dressed(text, start, end, first):
        return spans
    if lengths[Label.VALUE] and not parted and _is_value(wording):
        return [Span(start, end, Label.VALUE, score)]
    apart = lengths[Label.VALUE] and len(wording.split()) > 1
    if spans[-1].label is Label.VALUE or apart:
        return spans  # a label and values in one stretch: 规章000, or `0 行政许可` on one line
    ends = (spans[0], spans[-1])
    if all(span.label is Label.ROW for span in ends) and len(wording.split()) == 1:
        if (ends[0].start, ends[1].end) == (start, end):
            return [Span(start, end, Label.ROW, score)]  # 申请0365数量: a hijacked label's digits
    del lengths[Label.VALUE]  # an ordinal taken for a value
    if len(lengths) > 1 and len(wording.split()) > 1:
        return spans  # a header and a row label that one line runs together
    if lengths and is_form_wording(wording, NEAR):
        return [Span(start, end, lengths.most_common(1)[0][0], score)]
    return spans


def _is_row_in_line(text: str, spans: Sequence[Span]) -> bool:
    """Whether a stretch runs together a row's whole label, a column's and a value: 规章：制发 0."""
    if {Label.COLUMN, Label.VALUE} - {span.label for span in spans}:
        return False
    rows = (text[span.start : span.end] for span in spans if span.label is Label.ROW)
    return any(closest(row, "rows")[1] >= NEAR for row in rows)


def _is_dressed(text: str, start: int, end: int, value: Span) -> bool:
    """Whether what surrounds a figure in its cell only adorns it: 〈0〉, ∙ 17, →352.

    A sign that may be part of a number, or hide some of it, does not: 1***, -5, (5).
    """
    if value.label is not Label.VALUE:
        return False
    around = text[start : value.start] + text[value.end : end]
    return (
        _NO_DRESS.search(around) is None
        and parse_value(text[start:end]).state == "unreadable"
        and parse_value(text[value.start : value.end]).state == "found"
    )


def _is_value(wording: str) -> bool:
    return len(wording) <= LONGEST_VALUE and parse_value(wording).state in (
        "found",
        "not_applicable",
        "unreadable",
    )
