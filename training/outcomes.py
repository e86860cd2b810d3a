"""What became of one evaluated report: its score, and each cell, section and item judged."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ..inference.pipeline import build_report, tagged
from ..inference.tagger import Tagger
from ..models.document import Document
from ..models.errors import NotAReport
from ..models.labels import Label, Span
from ..models.report import Report
from .metrics import SpanScore, span_scores
from .scoring import Score, items_right, score_cells, score_report, sections_right
from .synthetic.gold import Gold

#: The names of a character's label by index; O is none.
CHARACTER_LABELS = ("O", *Label)


@dataclass(frozen=True, slots=True)
class Judged:
    """A cell, section or item that was given: how sure the parser was, and whether it was right.

    name: the cell's path, the section's id, the item's role. state, method: of cells.
    """

    confidence: float
    right: bool
    name: str
    state: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class Labelling:
    """How the tagger's labels compare with gold's.

    spans: label -> exact spans. characters: (gold, given) label -> how many characters.
    """

    spans: dict[Label, SpanScore] = field(default_factory=dict)
    characters: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scored report. refused: it was taken for another kind of document.

    foreign: it is one, so that refusing it is right, and what is read off it invented.
    name: the tier of a synthetic report, or the file. status: None where it was refused.
    damages: for a file, the patterns that its gold names.
    """

    seed: int
    layout: str
    damages: tuple[str, ...]
    score: Score
    refused: bool = False
    name: str = ""
    status: str | None = None
    reasons: tuple[str, ...] = ()
    cells: tuple[Judged, ...] = ()
    sections: tuple[Judged, ...] = ()
    items: tuple[Judged, ...] = ()
    labelling: Labelling = field(default_factory=Labelling)
    foreign: bool = False


def outcome_of(
    report: Report | None,
    gold: Gold,
    *,
    seed: int,
    layout: str,
    damages: tuple[str, ...],
    name: str = "",
    labelling: Labelling | None = None,
    foreign: bool = False,
) -> Outcome:
    """Score and judge one report. report: None where it was refused, so that all is missed.

    A foreign document that was refused has nothing to score; one that was not is no perfect
    report, and its cells tell nothing about confidence.
    """
    outcome = Outcome(
        seed,
        layout,
        damages,
        Score(),
        refused=report is None,
        name=name,
        labelling=labelling or Labelling(),
        foreign=foreign,
    )
    if report is None:
        return outcome if foreign else replace(outcome, score=score_cells({}, gold))
    score = score_report(report, gold)
    outcome = replace(outcome, score=score, status=report.status, reasons=report.reasons)
    if foreign:
        return replace(outcome, score=replace(score, perfect=0))
    return replace(
        outcome,
        cells=judged_cells(report, gold),
        sections=judged_sections(report, gold),
        items=judged_items(report, gold),
    )


def parsed(doc: Document, tagger: Tagger) -> tuple[tuple[Span, ...], Report | None]:
    """The tagger's labels and the report; None where the document is refused."""
    labelled = tagged(doc, tagger)
    try:
        return labelled.spans, build_report(labelled, tagger)
    except NotAReport:
        return labelled.spans, None


def judged_cells(report: Report, gold: Gold) -> tuple[Judged, ...]:
    """Every cell of the report. A null is right where gold has none (contract: scoring)."""
    judged = []
    for cell in report.cells:
        wanted = gold.cells.get(cell.path)
        right = cell.value == wanted
        if wanted is None and cell.value is not None:
            right = cell.value == gold.hidden.get(cell.path)
        judged.append(Judged(cell.confidence, right, cell.path, cell.state, cell.method))
    return tuple(judged)


def judged_sections(report: Report, gold: Gold) -> tuple[Judged, ...]:
    """Every section of the report; one that gold does not have is wrong."""
    text = report.source.text
    return tuple(
        Judged(
            section.confidence,
            bool(sections_right([section], [g for g in gold.sections if g.id == section.id], text)),
            section.id,
        )
        for section in report.sections
    )


def judged_items(report: Report, gold: Gold) -> tuple[Judged, ...]:
    """Every item of the report; right where one of gold's has its role and its words."""
    text = report.source.text
    return tuple(
        Judged(item.confidence, bool(items_right([item], gold.items, text)), item.role)
        for item in report.items
    )


def labelling_of(text: str, gold: Sequence[Span], given: Sequence[Span]) -> Labelling:
    """Compare spans as a whole and character by character; white space is left out."""
    true, ours = (_character_labels(len(text), spans) for spans in (gold, given))
    printed = np.array([not char.isspace() for char in text], dtype=bool)
    counts = np.zeros((len(CHARACTER_LABELS), len(CHARACTER_LABELS)), dtype=np.int64)
    np.add.at(counts, (true[printed], ours[printed]), 1)
    characters = {
        (CHARACTER_LABELS[i], CHARACTER_LABELS[j]): int(counts[i, j])
        for i, j in np.argwhere(counts).tolist()
    }
    return Labelling(span_scores([gold], [given]), Counter(characters))


def _character_labels(length: int, spans: Sequence[Span]) -> NDArray[np.int8]:
    """[characters] the index of each one's label in CHARACTER_LABELS."""
    found = np.zeros(length, dtype=np.int8)
    for span in spans:
        found[span.start : span.end] = CHARACTER_LABELS.index(span.label)
    return found


def total(outcomes: Sequence[Outcome]) -> Score:
    return sum((outcome.score for outcome in outcomes), Score())


def all_labels(outcomes: Sequence[Outcome]) -> Labelling:
    """The labellings of all reports together."""
    spans = {
        label: SpanScore(*(sum(counts) for counts in zip(*own, strict=True)))
        for label in Label
        if (own := [_counts(o.labelling.spans[label]) for o in outcomes if o.labelling.spans])
    }
    characters: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        characters.update(outcome.labelling.characters)
    return Labelling(spans, characters)


def _counts(score: SpanScore) -> tuple[int, int, int]:
    return score.right, score.found, score.gold
