import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate import Evaluator
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

from nianbao.models.labels import Label, Span
from nianbao.training.metrics import SpanScore, span_scores, total

LENGTH = 30
LABELS = (Label.ROW, Label.VALUE, Label.TITLE)


@st.composite
def documents(draw: st.DrawFn) -> tuple[Span, ...]:
    edges = sorted(draw(st.sets(st.integers(0, LENGTH), max_size=8)))
    spans = []
    for start, end in zip(edges, edges[1:], strict=False):
        label = draw(st.sampled_from((None, *LABELS)))
        if label is not None:
            spans.append(Span(start, end, label))
    return tuple(spans)


pairs = st.lists(st.tuples(documents(), documents()), min_size=1, max_size=4)


def bio(spans: tuple[Span, ...]) -> list[str]:
    tags = ["O"] * LENGTH
    for span in spans:
        tags[span.start : span.end] = [f"I-{span.label}"] * (span.end - span.start)
        tags[span.start] = f"B-{span.label}"
    return tags


@settings(deadline=None, max_examples=40)
@given(pairs)
def test_scores_agree_with_seqeval(pairs: list[tuple[tuple[Span, ...], tuple[Span, ...]]]) -> None:
    gold, found = zip(*pairs, strict=True)
    ours = span_scores(gold, found)
    if not any(gold) or not any(found):
        return  # seqeval needs spans on both sides
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = classification_report(
            [bio(spans) for spans in gold],
            [bio(spans) for spans in found],
            mode="strict",
            scheme=IOB2,
            output_dict=True,
            zero_division=0,
        )
    for label in LABELS:
        if label in theirs:
            assert (ours[label].f1 or 0.0) == pytest.approx(theirs[label]["f1-score"])
            assert ours[label].gold == theirs[label]["support"]
    assert total(ours.values()).f1 == pytest.approx(theirs["micro avg"]["f1-score"])


@settings(deadline=None, max_examples=20)
@given(pairs)
def test_scores_agree_with_nervaluate(
    pairs: list[tuple[tuple[Span, ...], tuple[Span, ...]]],
) -> None:
    gold, found = zip(*pairs, strict=True)
    ours = total(span_scores(gold, found).values())
    lists = [
        [
            [{"label": str(s.label), "start": s.start, "end": s.end - 1} for s in spans]
            for spans in side
        ]
        for side in (gold, found)
    ]
    strict = Evaluator(*lists, tags=[str(label) for label in LABELS], loader="dict").evaluate()
    theirs = strict["overall"]["strict"]
    assert (ours.right, ours.found, ours.gold) == (theirs.correct, theirs.actual, theirs.possible)


@given(documents())
def test_a_perfect_reading_scores_one(spans: tuple[Span, ...]) -> None:
    score = total(span_scores([spans], [spans]).values())
    assert score.f1 == (1.0 if spans else None)


def test_nothing_found_is_no_precision_and_not_zero_precision() -> None:
    assert SpanScore(0, 0, 5).precision is None
    assert SpanScore(0, 0, 5).recall == 0.0
    assert SpanScore(0, 3, 0).recall is None
    assert SpanScore(0, 0, 0).f1 is None
