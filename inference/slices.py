"""Numbers that a text library or an e-book puts before its lines: found by their counting on."""

import re
from collections.abc import Iterator
from dataclasses import replace

from ..models.document import Document
from ..models.labels import Label, Span

#: A number with an ordinal's sign: 41、 41. 41）
SLICE = re.compile(r"\d{1,3}\s*[、）)．.]")
_LINE_START = re.compile(
    r"(?m)^[ \t\u3000|]*(?P<slice>(?P<number>\d{1,3})\s*[、）)．.])[ \t\u3000]*"
)
#: So many of them that the tagger called furniture are no chance.
LEAST = 5
#: Between two of them so many may be missing.
MISSING = 2


def is_sliced(doc: Document) -> bool:
    """Whether lines of the document carry a slice's number, by the tagger's labels."""
    furniture = (doc.wording(span) for span in doc.spans if span.label is Label.NOISE)
    return sum(SLICE.fullmatch(wording) is not None for wording in furniture) >= LEAST


def with_slices(doc: Document) -> Document:
    """`doc` with every number that counts on labelled as furniture, whatever the tagger said.

    A document without such numbers is given back as it is.
    """
    if not is_sliced(doc):
        return doc
    places = list(_counted(doc))
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


def _counted(doc: Document) -> Iterator[tuple[int, int, int]]:
    """(start, end, end of the white space behind) of each number, from the first labelled on."""
    labelled = {span.start for span in doc.spans if span.label is Label.NOISE}
    last: int | None = None
    for match in _LINE_START.finditer(doc.text):
        number = int(match["number"])
        begins = last is None and match.start("slice") in labelled
        if begins or (last is not None and last < number <= last + 1 + MISSING):
            last = number
            yield match.start("slice"), match.end("slice"), match.end()
