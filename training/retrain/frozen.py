"""What every model is measured on: reports that never change, and the gold that is held out.

Three sets. The *synthetic* reports have seeds of their own, of the held-out split, in three tiers
of damage. The *held-out gold* has labels but no values: its cells, sections and items are what
the rest of the pipeline reads off the gold labels, so that a fault of the rules is no fault of the
model, and two models are compared by what their labels do to the report. The *themes* are the test
split of the corpus, which an installed package does not have.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...annotations.documents import CORRECTION, AnnotatedDocument
from ...annotations.gold import as_document
from ...annotations.statements import CORPUS
from ...inference.pipeline import tagged
from ...inference.themes import ThemeClassifier, load_classifier
from ...models.labels import Span
from ...models.report import Report
from ...models.themes import theme_ids
from ..evaluate import GoldTagger, Tier, in_tiers, judge, loaded
from ..metrics import total
from ..outcomes import Labelling, Outcome, labelling_of, outcome_of, parsed
from ..parallel import mapped
from ..synthetic.gold import Gold, GoldSection
from ..synthetic.report import sample
from ..themes.corpus import Part, split, themed
from ..themes.decide import chosen as assigned
from .figures import Case, Count, Scores
from .suspects import label_kappa

FIRST_SEED = 3_500_000  # neither those of the evaluation nor those of any fitting
N_REPORTS = 300
NO_CORPUS = (
    "没有主题语料（安装包不带），主题未评测"
    " | the theme corpus is not here (no package has it): themes were not measured"
)

Measured = tuple[Case, float | None]  # with the kappa of an annotated report


def scores(
    tagger: Path,
    themes: Path,
    held_out: Sequence[AnnotatedDocument],
    learnt: Sequence[AnnotatedDocument] = (),
    *,
    jobs: int = 2,
    n_reports: int = N_REPORTS,
    corpus: Path = CORPUS,
) -> Scores:
    """Measure a model on everything; about four seconds for each hundred reports, two at a time.

    tagger, themes: its folders. held_out: gold to measure on. learnt: the gold it was trained on,
    which is only asked whether its labels agree with the model. Raises BadModel.
    """
    classifier = load_classifier(themes)
    cases = in_tiers(FIRST_SEED, n_reports)
    work: list[Callable[[], Measured]] = [partial(_synthetic, tagger, case) for case in cases]
    work += [partial(_held_out, tagger, document) for document in held_out]
    work += [partial(_learnt, tagger, document) for document in learnt]
    done = mapped(_do, work, jobs, chunksize=4)
    annotated = done[len(cases) :]
    gold = tuple(
        replace(case, counts={**case.counts, **item_themes(classifier, document)})
        for document, (case, _) in zip(held_out, annotated, strict=False)
    )
    has_corpus = (corpus / "test.jsonl").is_file()
    return Scores(
        {
            "synthetic": tuple(case for case, _ in done[: len(cases)]),
            "gold": gold,
            "themes": by_group(classifier, split("test", corpus)) if has_corpus else (),
        },
        {case.id: kappa for case, kappa in annotated},
        () if has_corpus else (NO_CORPUS,),
    )


def _do(job: Callable[[], Measured]) -> Measured:
    return job()


def _synthetic(folder: Path, seed_and_tier: tuple[int, Tier]) -> Measured:
    seed, tier = seed_and_tier
    found = sample(seed, "held_out", n_damages=tier.n_damages)
    outcome, _, _ = judge(found, seed, loaded(folder, "onnx"), tier.name)
    return Case(str(seed), counts_of(outcome, found.gold)), None


def _held_out(folder: Path, document: AnnotatedDocument) -> Measured:
    doc = as_document(document)
    spans, report = parsed(doc, loaded(folder, "onnx"))
    labelling = labelling_of(doc.text, doc.spans, spans)
    kappa = _kappa(document, spans)
    _, wanted = parsed(doc, GoldTagger(doc))
    if wanted is None:  # no report by its gold labels: there are only those to compare
        return Case(document.id, {"spans": _spans(labelling)}), kappa
    gold = gold_of(wanted)
    outcome = outcome_of(report, gold, seed=0, layout="", damages=(), labelling=labelling)
    return Case(document.id, counts_of(outcome, gold)), kappa


def _learnt(folder: Path, document: AnnotatedDocument) -> Measured:
    spans = tagged(as_document(document), loaded(folder, "onnx")).spans
    return Case(document.id, {}), _kappa(document, spans)


def _kappa(document: AnnotatedDocument, given: Sequence[Span]) -> float | None:
    """None for one of corrections: but for a few values its labels are a model's own."""
    if document.chosen == CORRECTION:
        return None
    return label_kappa(document.spans, given, len(document.text))


def gold_of(report: Report) -> Gold:
    """What was read off the gold labels, as the gold of the report; of its meta data nothing."""
    return Gold(
        cells={cell.path: cell.value for cell in report.cells},
        states={cell.path: cell.state for cell in report.cells},
        places={},
        hidden={},
        sections=tuple(
            GoldSection(s.id, s.heading_start, s.heading_end, s.body_start, s.body_end)
            for s in report.sections
        ),
        items=tuple((item.role, item.start, item.end) for item in report.items),
        meta={},
    )


def counts_of(outcome: Outcome, gold: Gold) -> dict[str, Count]:
    """The figures of one report. One that was refused has lost all that its gold has."""
    score = outcome.score
    missed = outcome.refused and not outcome.foreign
    whole = outcome.refused if outcome.foreign else score.perfect == 1
    return {
        "cells": (score.right, score.cells),
        "wrong": (score.wrong, score.cells),
        "invented": (score.invented, score.cells),
        "perfect": (int(whole), 1),
        "sections": (score.sections_right, len(gold.sections) if missed else score.sections),
        "items": (
            2 * score.items_right,
            len(gold.items) if missed else score.items_given + score.items_gold,
        ),
        "meta": (score.meta.total(), len(gold.meta)),
        "spans": _spans(outcome.labelling),
    }


def _spans(labelling: Labelling) -> Count:
    """As an F1 counts."""
    spans = total(labelling.spans.values())
    return 2 * spans.right, spans.found + spans.gold


def by_group(classifier: ThemeClassifier, part: Part) -> tuple[Case, ...]:
    """The statements of each group together, for they are no independent cases."""
    groups: dict[str, list[int]] = {}
    for row, statement in enumerate(part.statements):
        groups.setdefault(statement.group, []).append(row)
    given = _given(classifier, part.texts, part.gold)
    return tuple(
        Case(group, {"themes": _agreed(part.gold[rows], given[rows])})
        for group, rows in groups.items()
    )


def item_themes(classifier: ThemeClassifier, document: AnnotatedDocument) -> dict[str, Count]:
    """Of the items to which the annotator gave themes; empty where there are none."""
    if not document.themes:
        return {}
    gold = np.array([[theme in item.themes for theme in theme_ids()] for item in document.themes])
    texts = [document.wording(item) for item in document.themes]
    return {"themes": _agreed(gold, _given(classifier, texts, gold))}


def _given(
    classifier: ThemeClassifier, texts: Sequence[str], gold: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """[texts, themes] what is assigned; nothing to those without a theme, which are flagged."""
    return assigned(classifier.scores(texts), classifier.thresholds, themed(gold))


def _agreed(gold: NDArray[np.bool_], given: NDArray[np.bool_]) -> Count:
    """As an F1 counts."""
    return 2 * int((gold & given).sum()), int(gold.sum() + given.sum())
