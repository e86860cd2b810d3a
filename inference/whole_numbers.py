"""The tagger's spans with no number cut, and with nothing in a figure that is not its own."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from ..models.document import Document
from ..models.labels import Label, Span
from .glued import BESIDE
from .slices import SLICE, is_sliced

_DIGITS = re.compile(r"\d+(?:[.,，]\d+)*")
_BLANK = re.compile(r"\s+")
#: A number that was cut behind its comma or point.
_CUT = re.compile(r"[-+]?\d{1,3}(?:[,，]\d{3})+|\d+[.．]\d+")
_SIGNS = "-－−–—+＋"
_CLOSING = "；;，,、。"
TABLE_LABELS = frozenset({Label.ROW, Label.GROUP, Label.COLUMN, Label.VALUE, Label.CAPTION})
#: What a number with an ordinal's sign may have been taken for.
_NUMBERED = frozenset({Label.VALUE, Label.NOISE})
#: So many values of one sign without a gap are cells run together, not one number in pieces.
FUSED = 5


def whole_numbers(doc: Document) -> list[Span]:
    """The spans with no number cut: a value takes the digits that adjoin it.

    Digits glued to a label, or many of one sign each, are cells run together and stay apart.
    """
    spans: list[Span] = []
    sliced = is_sliced(doc.text)
    for span, after in zip_longest(doc.spans, doc.spans[1:]):
        before = spans[-1] if spans else None
        if before is not None and before.label is Label.VALUE and before.end == span.start:
            more = _DIGITS.match(doc.text, span.start, span.end)
            if more and _goes_on_in(doc, before, more.end(), sliced):
                spans[-1] = replace(before, end=more.end())
                rest = _BLANK.match(doc.text, more.end(), span.end)
                span = replace(span, start=rest.end() if rest else more.end())
        if span.start < span.end:
            if span.label is Label.VALUE and _ends_code(doc.text, spans, span):
                spans[-1] = replace(spans[-1], end=span.end)
                continue
            if span.label is Label.VALUE:
                span = _with_digits_before(doc.text, spans, span)
                span = _with_sign(doc.text, spans, _without_closing(doc.text, span, after))
            elif span.label not in TABLE_LABELS:
                span = _in_a_row_of_values(doc.text, spans, span)
            if span.label in _NUMBERED:
                span = _unless_slice(doc, span, after, sliced)
            spans.append(span)
    return spans


def _ends_code(text: str, before: Sequence[Span], value: Span) -> bool:
    """Whether a figure is the last part of a code that is labelled as furniture: 3-10-|1."""
    if not before or before[-1].label is not Label.NOISE or before[-1].end != value.start:
        return False
    return text[value.start - 1] == "-" and text[value.start - 2 : value.start - 1].isalnum()


def _goes_on_in(doc: Document, value: Span, end: int, sliced: bool) -> bool:
    """Whether the digits that adjoin a value, up to `end`, are the rest of its number."""
    if doc.text[value.end - 1].isdecimal():
        return not _run_together(doc, value)
    if sliced and doc.text[value.end - 1] in ".．":
        return False
    return _CUT.fullmatch(doc.text, value.start, end) is not None


def _without_closing(text: str, value: Span, after: Span | None) -> Span:
    """A figure without the punctuation behind it: `17；` is 17. What goes on in `after` is not."""
    if after is not None and after.start == value.end:
        return value
    figure = text[value.start : value.end].rstrip(_CLOSING)
    return replace(value, end=value.start + len(figure)) if figure.isdecimal() else value


def _with_sign(text: str, before: Sequence[Span], value: Span) -> Span:
    """A figure with its sign, where its line says that it is a change: 本年增/减 ··· -20."""
    sign = value.start - 1
    if sign < 1 or text[sign] not in _SIGNS or text[sign - 1].isalnum():
        return value
    if text[sign - 1] in _SIGNS or (before and before[-1].end > sign):
        return value
    line = text.rfind("\n", 0, sign)
    name = next((span for span in reversed(before) if span.label is Label.COLUMN), None)
    if name is None or name.start < line or "增" not in text[name.start : name.end]:
        return value
    return replace(value, start=sign)


def _in_a_row_of_values(text: str, before: Sequence[Span], span: Span) -> Span:
    """A bare number that only a blank parts from a value in its line is a value too."""
    if not before or before[-1].label is not Label.VALUE:
        return span
    gap = text[before[-1].end : span.start]
    if not gap or gap.strip(" ") or not text[span.start : span.end].isdecimal():
        return span
    return replace(span, label=Label.VALUE)


def _unless_slice(doc: Document, span: Span, after: Span | None, sliced: bool) -> Span:
    """A number with an ordinal's sign (`44）`) is a page slice's; `808.` of 808.0 is a value's."""
    if not SLICE.fullmatch(doc.text, span.start, span.end):
        return span
    goes_on = after is not None and after.start == span.end and after.label is Label.VALUE
    if goes_on and not sliced and doc.text[span.end - 1] in ".．":
        return replace(span, label=Label.VALUE)
    return replace(span, label=Label.NOISE)


def _run_together(doc: Document, value: Span) -> bool:
    """Whether a value is glued to a label or a 零, or is in a long run of values of one sign."""
    first = bisect_right(doc.spans, value.start - FUSED, key=lambda span: span.start)
    last = bisect_left(doc.spans, value.start + FUSED, key=lambda span: span.start)
    near = [span for span in doc.spans[first:last] if span.label is Label.VALUE]
    if sum(span.end - span.start == 1 for span in near) >= FUSED:
        return True
    start = _digits_start(doc.text, value.start)
    return start > 0 and BESIDE.match(doc.text, start - 1) is not None


def _digits_start(text: str, end: int, floor: int = 0) -> int:
    """Where the run of digits begins that ends at `end`, sought no further left than `floor`."""
    start = end
    while start > floor and text[start - 1].isdecimal():
        start -= 1
    return start


def _with_digits_before(text: str, spans: list[Span], value: Span) -> Span:
    """`value` with the digits in front of it, taken off the label that ends in them."""
    if not text[max(0, value.start - 1) : value.start + 1].isdecimal():
        return value
    start = _digits_start(text, value.start, spans[-1].start if spans else 0)
    if spans and spans[-1].end > start:
        if spans[-1].label is Label.NOISE and spans[-1].start == start:
            return replace(value, start=spans.pop().start)
        if spans[-1].label not in (Label.ROW, Label.GROUP) or spans[-1].start >= start:
            return value
        spans[-1] = replace(spans[-1], end=start)
    return value if start == value.start else replace(value, start=start)
