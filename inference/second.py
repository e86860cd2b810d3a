"""Two reports in one input: the first complete one is taken."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, pairwise

from ..models.document import Document
from ..models.findings import finding
from ..models.labels import Label, Span
from ..models.report import Finding
from .lines import lines_of
from .title import SHORTEST, organ_name, organ_of
from .wording import closest, ordinal, plain

#: A heading is counted for its section from this likeness on.
NEAR = 0.85
#: A part with fewer of the six sections is no report of its own.
LEAST_SECTIONS = 4
#: A report has these; many have nothing else to report and end without section 6.
COMPLETE = frozenset("12345")
#: With so many values a report has its tables, whatever became of a heading.
LEAST_FIGURES = 100
#: Two reports have a dozen; of a flood no more than these are compared, each with all others.
MOST_HEADINGS = 100
#: Headings with less between them than so many characters on the average are an outline.
OUTLINE = 6


def only_first_report(doc: Document) -> tuple[Document, tuple[Finding, ...]]:
    """`doc` with all but the first complete report blanked out, offsets unchanged.

    A second report begins where 总体情况 stands again as a heading, or a title behind section 5,
    and is itself followed by most sections. Before it stand most sections too; or a complete one
    follows the beginning of another that breaks off: of another title, or in its section 2. An
    outline is no report.
    """
    headings = _headings(doc)
    for again in range(1, len(headings)):
        before, after = _ids(headings[:again]), _ids(headings[again:])
        id_, place = headings[again]
        restarts, ends = id_ == "1" and "1" in before, bool(before & {"5", "6"})
        if not (restarts or ends) or len(after) < LEAST_SECTIONS:
            continue  # as nearly always
        titled = _titles_above(doc, headings[again - 1][1].end, place.start)
        if not (restarts or titled) or _is_outline(headings[: again + 1]):
            continue
        whole = ends and len(before) >= LEAST_SECTIONS
        begun = after >= COMPLETE and ("2" in before or _is_another(doc, titled))
        if not whole and not begun:
            continue
        cut = _beginning(doc, titled) if titled else place.start
        found = finding("second_report", place.start, place.end)
        figures = sum(s.label is Label.VALUE and s.end <= cut for s in doc.spans)
        complete = before >= COMPLETE or len(before) >= len(after) or figures >= LEAST_FIGURES
        if whole and complete:
            kept = doc.text[:cut]
            spans = tuple(span for span in doc.spans if span.end <= cut)
        else:
            kept = "\n" * cut + doc.text[cut:]
            spans = tuple(span for span in doc.spans if span.start >= cut)
        return replace(doc, text=kept, spans=spans), (found,)
    return doc, ()


def _headings(doc: Document) -> list[tuple[str | None, Span]]:
    """The headings and which of the six each is, by its wording or else by its number; or None."""
    found: list[tuple[str | None, Span]] = []
    for span in islice((s for s in doc.spans if s.label is Label.SECTION), MOST_HEADINGS):
        wording = doc.wording(span)
        id_, alike = closest(wording, "sections")
        found.append((id_ if alike >= NEAR else _by_number(wording), span))
    return found


def _by_number(wording: str) -> str | None:
    number = ordinal(wording)
    return str(number[1]) if number is not None and number[0] == "han" and number[1] <= 6 else None


def _ids(headings: Sequence[tuple[str | None, Span]]) -> set[str]:
    return {id_ for id_, _ in headings if id_ is not None}


def _is_outline(headings: Sequence[tuple[str | None, Span]]) -> bool:
    """Whether next to nothing stands between one heading and the next."""
    between = sum(below.start - above.end for (_, above), (_, below) in pairwise(headings))
    return between < OUTLINE * (len(headings) - 1)


def _titles_above(doc: Document, start: int, end: int) -> list[Span]:
    """The lines labelled as title in `text[start:end]`."""
    return [s for s in doc.spans if s.label is Label.TITLE and start <= s.start and s.end <= end]


def _is_another(doc: Document, titled: Sequence[Span]) -> bool:
    """Whether the title of those lines is none of the titles that stand before it."""
    if not titled:
        return False
    here = plain("".join(doc.wording(span) for span in titled))
    above = _titles_above(doc, 0, titled[0].start)
    before = plain("".join(doc.wording(span) for span in above))
    return len(here) >= SHORTEST and bool(before) and here not in before and before not in here


def _beginning(doc: Document, titled: Sequence[Span]) -> int:
    """Where a title begins; the line above counts where it is the organ that the title lacks."""
    start = titled[0].start
    if organ_of("".join(doc.wording(span) for span in titled)) is None:
        for line in list(lines_of(doc.text, 0, start))[-1:]:
            if organ_name(line.text.rstrip("0123456789 ")):
                return line.start
    return start
