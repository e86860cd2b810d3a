"""Labels that contradict their text are told from labels that a model does not find."""

import random
from dataclasses import replace

import pytest

from nianbao.models.document import Document
from nianbao.models.labels import Label, Span
from nianbao.training.retrain.suspects import LEAST_KAPPA, LEAST_SPANS, label_kappa
from nianbao.training.synthetic.report import sample

SEEDS = range(5_400_000, 5_400_010)


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    found = [sample(seed, "held_out").document for seed in SEEDS]
    return [doc for doc in found if len(doc.spans) >= LEAST_SPANS]


def kappa(doc: Document, labels: tuple[Span, ...]) -> float:
    """Of an annotator's labels where a model finds all that is right."""
    found = label_kappa(labels, doc.spans, len(doc.text))
    assert found is not None
    return found


def test_labels_that_the_model_finds_agree_fully(documents: list[Document]) -> None:
    assert len(documents) > 5
    assert {round(kappa(doc, doc.spans), 9) for doc in documents} == {1.0}


@pytest.mark.parametrize("seed", range(20))
def test_shuffled_labels_agree_no_better_than_chance(documents: list[Document], seed: int) -> None:
    rng = random.Random(seed)
    for doc in documents:
        labels = [span.label for span in doc.spans]
        rng.shuffle(labels)
        spans = [replace(span, label=own) for span, own in zip(doc.spans, labels, strict=True)]
        assert kappa(doc, tuple(spans)) < LEAST_KAPPA


def test_labels_that_all_stand_elsewhere_are_suspected(documents: list[Document]) -> None:
    for doc, other in zip(documents, documents[1:], strict=False):
        spans = tuple(span for span in other.spans if span.end <= len(doc.text))
        if len(spans) >= LEAST_SPANS:
            assert kappa(doc, spans) < LEAST_KAPPA


def test_edges_do_not_matter(documents: list[Document]) -> None:
    for doc in documents:
        cut = tuple(
            replace(span, end=span.end - 1) if span.end - span.start > 2 else span
            for span in doc.spans
        )
        assert kappa(doc, cut) == pytest.approx(1)


def test_of_a_few_labels_nothing_is_said() -> None:
    spans = [Span(2 * i, 2 * i + 1, Label.VALUE) for i in range(LEAST_SPANS)]
    assert label_kappa(spans[1:], spans, 100) is None
    assert label_kappa(spans, spans, 100) is None  # one label: chance agrees as well
    spans[0] = replace(spans[0], label=Label.ROW)
    assert label_kappa(spans, spans, 100) == 1
    assert label_kappa(spans, [], 100) == 0
