"""The invented layouts themselves; what a model makes of one is measured by `experiment`."""

import re
from collections.abc import Sequence

import pytest

from nianbao.annotations.documents import AnnotatedDocument
from nianbao.inference.numbers import parse_value
from nianbao.inference.read import read_text
from nianbao.models.labels import Label, Span
from nianbao.training.evaluate import evaluate_one
from nianbao.training.outcomes import total
from nianbao.training.synthetic.layouts.presets import WEIGHTS
from nianbao.training.synthetic.report import Sample
from tests.loop.invented.pool import (
    LAYOUTS,
    Layout,
    corrected,
    new_reports,
    spoiled,
)
from tests.loop.invented.read_aloud import NAME as READ_ALOUD


@pytest.fixture(scope="module", params=LAYOUTS)
def written(request: pytest.FixtureRequest) -> Layout:
    return LAYOUTS[request.param]


@pytest.fixture(scope="module")
def samples(written: Layout) -> list[Sample]:
    return [written(seed, "held_out") for seed in range(30)]


def wordings(found: Sample, label: Label) -> list[str]:
    return [found.document.wording(s) for s in found.document.spans if s.label is label]


def test_the_generator_does_not_have_it(samples: Sequence[Sample]) -> None:
    assert samples[0].layout in LAYOUTS
    assert samples[0].layout not in WEIGHTS


def test_gold_labels_align(samples: Sequence[Sample]) -> None:
    score = total([evaluate_one(found, 0, None) for found in samples])
    assert score.right >= 0.995 * score.cells
    assert score.invented == 0
    assert score.sections_right >= 0.99 * score.sections


def test_every_figure_of_gold_stands_under_its_own_value(samples: Sequence[Sample]) -> None:
    for found in samples:
        values = {(s.start, s.end) for s in found.document.spans if s.label is Label.VALUE}
        for path, value in found.gold.cells.items():
            if value is not None:
                start, end = found.gold.places[path]
                assert (start, end) in values
                assert parse_value(found.document.text[start:end]).value == value


def test_spans_are_stripped_and_in_order(samples: Sequence[Sample]) -> None:
    for found in samples:
        for span in found.document.spans:
            wording = found.document.wording(span)
            assert wording == wording.strip() != ""
        assert list(found.document.spans) == sorted(found.document.spans)


def test_a_file_reads_as_it_was_written(samples: Sequence[Sample]) -> None:
    for found in samples:
        assert read_text(found.source.decode(), "-").text == found.document.text


def test_read_aloud_each_cell_has_its_place_as_furniture() -> None:
    table = (Label.COLUMN, Label.GROUP, Label.ROW, Label.VALUE)
    for seed in range(10):
        spans = LAYOUTS[READ_ALOUD](seed, "held_out").document.spans
        for before, span in zip(spans, spans[1:], strict=False):
            assert span.label not in table or before.label is Label.NOISE


def test_few_reports_have_the_same_furniture(samples: Sequence[Sample]) -> None:
    furniture = {
        frozenset(re.sub("[0-9a-f]", "", text) for text in wordings(found, Label.NOISE))
        for found in samples
    }
    assert len(furniture) >= 0.9 * len(samples)


def test_the_same_seed_gives_the_same_report_and_another_split_another(written: Layout) -> None:
    assert written(3, "train") == written(3, "train")
    assert written(3, "train").document.text != written(3, "held_out").document.text


def annotated(found: Sample) -> AnnotatedDocument:
    doc = found.document
    guess = (Span(0, 1, Label.NOISE, 0.5),)
    return AnnotatedDocument(doc.sha256[:16], doc.text, guess, None, doc.sha256, doc.path)


def test_the_simulated_annotator_hands_back_the_gold() -> None:
    (found,) = new_reports(READ_ALOUD, 1)
    done = corrected(annotated(found), found.document)
    assert done.spans == found.document.spans
    assert done.annotator is not None


def test_an_annotator_of_another_text_is_refused() -> None:
    one, other = new_reports(READ_ALOUD, 2)
    with pytest.raises(ValueError, match="otherwise"):
        corrected(annotated(one), other.document)


def test_a_third_is_spoiled_and_keeps_its_edges_and_the_counts_of_its_labels() -> None:
    sound = [corrected(annotated(found), found.document) for found in new_reports(READ_ALOUD, 9)]
    bad = spoiled(sound, seed=0)
    changed = [at for at in range(9) if bad[at] != sound[at]]
    assert len(changed) == 3
    for at in changed:
        before, after = sound[at].spans, bad[at].spans
        assert [(s.start, s.end) for s in before] == [(s.start, s.end) for s in after]
        assert sorted(s.label for s in before) == sorted(s.label for s in after)
