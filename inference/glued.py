"""Cells that ran together in one stretch without a sign between them: 规章000."""

import re
from collections.abc import Sequence
from itertools import pairwise

from ..models.labels import Label, Span
from .wording import closest, is_form_wording

#: What digits are glued to; a label does not end in 零, which is one of them.
BESIDE = re.compile(r"[㐀-鿿)）”]")
_GLUED = re.compile(rf"(.*{BESIDE.pattern}(?<![零〇]))(\d+(?:\.\d+)?)")
#: Where a row label may begin behind the group label that it ran into.
_ROW_ORDINAL = re.compile(r"(?<=\S)(?:[(（][一二三四五六七][)）]|\d{1,2}[.．、])")
NEAR = 0.85
_HEADERS = r"结果维持|结果纠正|其他结果|尚未审结|总计|行政复议|行政诉讼|未经复议直接起诉|复议后起诉"
_HEADER_RUN = re.compile(rf"(?:{_HEADERS}){{2,}}")


def is_header_run(wording: str) -> bool:
    """Whether several headers of table 4 ran together: 结果维持结果纠正…"""
    return _HEADER_RUN.fullmatch(wording) is not None


def glued_cells(text: str, start: int, end: int, spans: Sequence[Span]) -> list[Span] | None:
    """The spans of a row whose labels and digits ran together; None where they did not.

    spans: the tagger's, inside text[start:end]. The digits stay parted as the tagger parted them,
    if it did so throughout; else they are one value, which the form's sums may part.
    """
    match = _GLUED.fullmatch(text[start:end])
    if match is None:
        return None
    score = min(span.score for span in spans)
    cut = start + len(match[1])
    labels = _labels(text, start, cut, score)
    if labels is None:
        return None
    digits = [span for span in spans if span.start >= cut and span.label is Label.VALUE]
    whole = bool(digits) and digits[0].start == cut and digits[-1].end == end
    if not (whole and all(before.end == after.start for before, after in pairwise(digits))):
        digits = [Span(cut, end, Label.VALUE, score)]
    return [*labels, *digits]


def _labels(text: str, start: int, end: int, score: float) -> list[Span] | None:
    """A row label, or a group label and the row label behind it; None for other words."""
    for mark in _ROW_ORDINAL.finditer(text, start, end):
        cut = mark.start()
        group = closest(text[start:cut], "groups")[1]
        if group >= NEAR and closest(text[cut:end], "rows")[1] >= NEAR:
            return [Span(start, cut, Label.GROUP, score), Span(cut, end, Label.ROW, score)]
    if is_form_wording(text[start:end], NEAR):
        return [Span(start, end, Label.ROW, score)]
    return None
