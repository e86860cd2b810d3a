"""Two reports in one input: the first complete one is taken."""

from collections.abc import Sequence
from dataclasses import replace

from ..models.document import Document
from ..models.findings import finding
from ..models.labels import Label
from ..models.report import Finding
from .tokens import Token, tokens_of
from .wording import closest, wordings

#: A heading is counted for its section from this likeness on.
NEAR = 0.85
#: A part with fewer of the six sections is no report of its own.
LEAST_SECTIONS = 4


def only_first_report(doc: Document) -> tuple[Document, tuple[Finding, ...]]:
    """`doc` with all but the first complete report blanked out, offsets unchanged.

    A second report begins where 总体情况 stands again as a heading after later sections and is
    itself followed by most sections. Complete is the one with at least as many sections.
    """
    headings = _headings(tokens_of(doc))
    starts = [i for i, (id_, _) in enumerate(headings) if id_ == "1"]
    for again in starts[1:]:
        before = {id_ for id_, _ in headings[:again]}
        after = {id_ for id_, _ in headings[again:]}
        if min(len(before), len(after)) < LEAST_SECTIONS or not before & {"5", "6"}:
            continue
        cut = _title_above(doc, headings[again][1])
        place = headings[again][1]
        found = finding("second_report", place.start, place.end)
        if len(before) >= len(after):
            kept = doc.text[:cut]
            spans = tuple(span for span in doc.spans if span.end <= cut)
        else:
            kept = "\n" * cut + doc.text[cut:]
            spans = tuple(span for span in doc.spans if span.start >= cut)
        return replace(doc, text=kept, spans=spans), (found,)
    return doc, ()


def _headings(tokens: Sequence[Token]) -> list[tuple[str, Token]]:
    found = []
    for token in tokens:
        if token.label is Label.SECTION:
            id_, alike = closest(token.text, wordings()["sections"])
            if alike >= NEAR:
                found.append((id_, token))
    return found


def _title_above(doc: Document, heading: Token) -> int:
    """Where the lines of the title above a heading begin; the heading itself without one."""
    cut = heading.start
    for span in reversed([span for span in doc.spans if span.end <= heading.start]):
        if span.label is Label.SECTION:
            break
        if span.label is Label.TITLE:
            cut = span.start
    return cut
