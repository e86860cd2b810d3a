"""Codes of lines, taken for figures: found by their counting on from line to line."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..models.document import Document
from ..models.labels import Label

#: So many numbers that count on are no figures, where the tagger says so of one of them …
LEAST = 5
#: … or where it says so of none.
CERTAIN = 12
LONGEST = 6  # digits


def without_codes(doc: Document) -> Document:
    """`doc` with the numbers that count on by even steps labelled as furniture.

    They stand at the same place of their lines: at the start, or behind a label of the same kind.
    """
    places: dict[Label | None, list[int]] = defaultdict(list)
    for at, span in enumerate(doc.spans):
        if span.label in (Label.VALUE, Label.NOISE) and span.end - span.start <= LONGEST:
            if doc.text[span.start : span.end].isdecimal():
                places[_label_before(doc, at)].append(at)
    places.pop(Label.VALUE, None)  # cells of one row
    codes = {at for found in places.values() for run in _runs(doc, found) for at in run}
    if not any(doc.spans[at].label is Label.VALUE for at in codes):
        return doc
    spans = (
        replace(span, label=Label.NOISE) if at in codes else span
        for at, span in enumerate(doc.spans)
    )
    return replace(doc, spans=tuple(spans))


def _label_before(doc: Document, at: int) -> Label | None:
    """Of the span before in the same line; None where the line begins with this one."""
    if at == 0:
        return None
    before, span = doc.spans[at - 1], doc.spans[at]
    return None if "\n" in doc.text[before.end : span.start] else before.label


def _runs(doc: Document, places: Sequence[int]) -> Iterator[list[int]]:
    """The runs of spans whose numbers count on and are codes."""
    run: list[int] = []
    step = last = 0
    for at in places:
        number = int(doc.text[doc.spans[at].start : doc.spans[at].end])
        if run and number > last and (len(run) == 1 or number - last == step):
            run.append(at)
        else:
            if _are_codes(doc, run):
                yield run
            run = [run[-1], at] if len(run) > 1 and number > last else [at]
        step, last = number - last, number
    if _are_codes(doc, run):
        yield run


def _are_codes(doc: Document, run: Sequence[int]) -> bool:
    told = any(doc.spans[at].label is Label.NOISE for at in run)
    return len(run) >= (LEAST if told else CERTAIN)
