"""Numbers that a text library or an e-book puts before its lines: found by their counting on."""

import re
from dataclasses import replace
from functools import lru_cache

from ..models.document import Document
from ..models.labels import Label, Span

#: A number with an ordinal's sign: 41、 41. 41）
SLICE = re.compile(r"\d{1,3}\s*[、）)．.]")
_LINE_START = re.compile(
    r"(?m)^[ \t\u3000|]*(?P<slice>(?P<number>\d{1,3})\s*[、）)．.])[ \t\u3000]*"
)
#: So many lines that count on are a text library's; lists and the form's own ordinals are shorter.
LEAST = 15
#: Between two of them so many numbers may be missing.
MISSING = 2


def is_sliced(text: str) -> bool:
    """Whether lines of the text carry a slice's number."""
    return bool(_chain(text))


def with_slices(doc: Document) -> Document:
    """`doc` with every number that counts on labelled as furniture, whatever the tagger said.

    A document without such numbers is given back as it is.
    """
    places = _chain(doc.text)
    if not places:
        return doc
    noise = [Span(start, end, Label.NOISE) for start, end, _ in places]
    spans: list[Span] = []
    rest = iter([*places, (len(doc.text) + 1, 0, 0)])
    start, end, behind = next(rest)
    for span in doc.spans:
        while behind <= span.start and end:
            start, end, behind = next(rest)
        if span.start < behind and start < span.end:  # it reaches into the number
            if span.start < start:
                spans.append(replace(span, end=start))
            span = replace(span, start=min(behind, span.end))
        if span.start < span.end:
            spans.append(span)
    return replace(doc, spans=tuple(sorted((*spans, *noise))))


@lru_cache(maxsize=1)
def _chain(text: str) -> tuple[tuple[int, int, int], ...]:
    """(start, end, end of the white space behind) of the numbers of the longest run of line heads
    that count on; none where it is short. Ordinals of the form in between belong to no run."""
    best: list[tuple[int, int, int]] = []
    runs: dict[int, list[tuple[int, int, int]]] = {}  # last number -> the run that ends in it
    for match in _LINE_START.finditer(text):
        number = int(match["number"])
        place = (match.start("slice"), match.end("slice"), match.end())
        before = [runs.pop(number - step, []) for step in range(1, MISSING + 2)]
        run = [*max(before, key=len), place]
        if len(run) > len(runs.get(number, ())):
            runs[number] = run
        if len(run) > len(best):
            best = run
    return tuple(best) if len(best) >= LEAST else ()
