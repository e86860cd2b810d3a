"""What lies on the office's disk in the experiment: reports as files, and who corrects them."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from nianbao.annotations.documents import AnnotatedDocument
from nianbao.models.document import Document
from nianbao.training.synthetic.grammar import Split
from nianbao.training.synthetic.report import Sample, sample
from tests.loop.invented.cards import NAME as CARDS
from tests.loop.invented.cards import cards
from tests.loop.invented.indicators import NAME as INDICATORS
from tests.loop.invented.indicators import indicators
from tests.loop.invented.read_aloud import NAME as READ_ALOUD
from tests.loop.invented.read_aloud import read_aloud

#: First seeds, far from those of training and of every evaluation. Of test reports 40 to 47, 57,
#: 61, 67 and 68 million were looked at while queue, retraining and reader were mended.
FIRST_ORDINARY = 65_000_000
FIRST_NEW = 66_000_000
FIRST_TEST = 69_000_000
ANNOTATOR = "模拟标注者"

Layout = Callable[[int, Split], Sample]
#: The settings of retraining were chosen on the first two, none on the third, by which rules
#: about codes and signs were mended.
LAYOUTS: Mapping[str, Layout] = {
    READ_ALOUD: read_aloud,
    CARDS: cards,
    INDICATORS: indicators,
}


def ordinary_reports(n: int) -> list[Sample]:
    """Of the layouts and damages that the generator has, with phrases that no training showed."""
    found = (sample(FIRST_ORDINARY + number, "held_out") for number in range(n + n // 4))
    return [one for one in found if not one.refused][:n]


def new_reports(layout: str, n: int) -> list[Sample]:
    """Of a new layout, with the phrases of the training split: what is to be learnt from them
    is the layout, and the test sets know nothing of their wording."""
    return [LAYOUTS[layout](FIRST_NEW + number, "train") for number in range(n)]


def other_reports(layout: str, n: int) -> list[Sample]:
    """Others of the layout, with held-out organs and phrases."""
    return [LAYOUTS[layout](FIRST_TEST + number, "held_out") for number in range(n)]


def write_files(samples: Iterable[Sample], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for one in samples:
        (folder / one.document.path).write_bytes(one.source)


def corrected(chosen: AnnotatedDocument, truth: Document) -> AnnotatedDocument:
    """The task as a careful annotator hands it back. ValueError where it is another text."""
    if chosen.text != truth.text:
        raise ValueError(f"{chosen.source} reads otherwise than it was written")
    return replace(chosen, spans=truth.spans, annotator=ANNOTATOR)


def spoiled(documents: Sequence[AnnotatedDocument], seed: int) -> list[AnnotatedDocument]:
    """The same with the labels of every third document dealt out anew among its spans."""
    rng = random.Random(seed)
    thirds = set(rng.sample(range(len(documents)), len(documents) // 3))
    return [_shuffled(one, rng) if at in thirds else one for at, one in enumerate(documents)]


def _shuffled(document: AnnotatedDocument, rng: random.Random) -> AnnotatedDocument:
    labels = [span.label for span in document.spans]
    rng.shuffle(labels)
    spans = tuple(
        replace(span, label=label) for span, label in zip(document.spans, labels, strict=True)
    )
    return replace(document, spans=spans, themes=())
