"""What a retraining is shown: labelled reports again and again, beside ever new synthetic ones."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from ...inference.pipeline import build_report
from ...models.document import Document
from ...models.errors import NotAReport
from ...models.report import Section
from ..evaluate import GoldTagger
from ..synthetic.damages import Damaged, pick
from ..synthetic.damages.characters import TEXTS, TEXTS_OF_PLAIN_FILES
from ..synthetic.damages.pages import PAGES
from ..synthetic.marked import Mark, Marked
from ..synthetic.report import sample
from ..tagger import SEEDS_PER_RUN, from_lines_above, narrative_end
from .redraw import disguised, redrawn

END_EVERY = 3  # shows; of one of them the narrative's end alone
KNOWN_DAMAGES = (0, 5)  # of a synthetic report, at least and at most: as the worst are measured
N_DAMAGES = (0, 0, 1, 2)  # of a labelled report, each time it is shown
#: Those of finished text, the only ones that can be done to a report we did not write.
OF_TEXT = tuple(sorted({**TEXTS, **TEXTS_OF_PLAIN_FILES, **PAGES}))


def marked_of(doc: Document) -> Marked:
    """The text under its labels, and under its sections, by which some damages know tables."""
    sections = _sections(doc)
    headings = {section.heading_start: f"heading:{section.id}" for section in sections}
    marks = [Mark(s.start, s.end, s.label, headings.get(s.start, "")) for s in doc.spans]
    marks += [Mark(s.body_start, s.body_end, None, f"body:{s.id}") for s in sections]
    return Marked(doc.text, tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end))))


def _sections(doc: Document) -> tuple[Section, ...]:
    """Where the labels put the sections; none where they make no report."""
    try:
        return tuple(build_report(doc, GoldTagger(doc)).sections)
    except NotAReport:
        return ()


def shown(doc: Document, marked: Marked, rng: random.Random) -> Document:
    """A labelled report as it is shown once: damaged or not, whole or from section 5 on."""
    chosen = pick(OF_TEXT, rng.choice(N_DAMAGES), rng, html=False)
    damaged = Damaged(chosen, rng).texts(redrawn(marked, rng)).tight()
    found = replace(doc, text=damaged.text, spans=damaged.spans(), grid=())
    if rng.randrange(END_EVERY):
        return found
    places = {mark.key: mark.start for mark in reversed(damaged.marks)}
    return from_lines_above(found, places.get("heading:5", places.get("body:5", 0)))


def labelled_documents(gold: Sequence[Document], seed: int) -> Callable[[int], Document]:
    """number -> document: the labelled reports in turn, each time another way.

    Like every source of documents it can be pickled, for another process reads from it.
    """
    return partial(_labelled, tuple(gold), tuple(marked_of(doc) for doc in gold), seed)


def _labelled(
    gold: Sequence[Document], marked: Sequence[Marked], seed: int, number: int
) -> Document:
    at = number % len(gold)
    return shown(gold[at], marked[at], random.Random(f"{seed}:{number}"))


def known_documents(seed: int) -> Callable[[int], Document]:
    """number -> document: synthetic reports, every second one disguised and without labels.

    What is to be kept of a model is what it makes of them, and of more than the generator writes.
    """
    return partial(_known, seed * SEEDS_PER_RUN)


def _known(first: int, number: int) -> Document:
    found = sample(first + number, "train", n_damages=KNOWN_DAMAGES)
    doc = found.document if number % END_EVERY else narrative_end(found)
    if number % 2 == 0:
        return doc
    text = disguised(doc.text, random.Random(first + number))
    return replace(doc, text=text, spans=(), grid=())
