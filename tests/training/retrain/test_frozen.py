"""What both models are measured on: the same for both, and counted as the evaluation counts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nianbao.annotations.documents import CORRECTION, AnnotatedDocument, ItemThemes
from nianbao.inference.themes import ThemeClassifier, load_classifier, shipped
from nianbao.models.document import Document
from nianbao.models.labels import Label, Span
from nianbao.training.evaluate import GoldTagger, in_tiers
from nianbao.training.outcomes import labelling_of, outcome_of, parsed
from nianbao.training.retrain import frozen
from nianbao.training.retrain.figures import FIGURES, Scores
from nianbao.training.retrain.frozen import by_group, counts_of, gold_of, item_themes, scores
from nianbao.training.synthetic.report import sample
from nianbao.training.themes.corpus import split

from .conftest import annotated

SEEDS = range(5_500_000, 5_500_008)
TABLE = (Label.COLUMN, Label.GROUP, Label.ROW, Label.VALUE)


def counted(doc: Document, given: tuple[Span, ...] | None = None) -> dict[str, tuple[int, int]]:
    """The figures of a report whose labels are gold, by what other labels make of it."""
    _, wanted = parsed(doc, GoldTagger(doc))
    assert wanted is not None
    gold = gold_of(wanted)
    labelled = doc if given is None else replace(doc, spans=given)
    spans, report = parsed(labelled, GoldTagger(labelled))
    labelling = labelling_of(doc.text, doc.spans, spans)
    outcome = outcome_of(report, gold, seed=0, layout="", damages=(), labelling=labelling)
    return counts_of(outcome, gold)


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    found = [sample(seed, "held_out") for seed in SEEDS]
    return [one.document for one in found if not one.refused]


@pytest.fixture(scope="module")
def classifier() -> ThemeClassifier:
    return load_classifier(shipped())


# Counts --------------------------------------------------------------------------------------


def test_the_gold_labels_themselves_read_all_that_they_read(documents: list[Document]) -> None:
    for doc in documents:
        counts = counted(doc)
        for name in ("cells", "perfect", "sections", "items", "spans"):
            part, whole = counts[name]
            assert part == whole
        assert counts["cells"][1] > 0
        assert counts["wrong"][0] == counts["invented"][0] == 0
        assert counts.keys() == FIGURES.keys() - {"themes"}


def test_a_report_that_is_refused_has_lost_everything(documents: list[Document]) -> None:
    for doc in documents:
        counts = counted(doc, ())
        if counts["cells"][0]:
            continue  # the text alone was enough for a report
        whole = counted(doc)
        for name in ("perfect", "sections", "spans"):
            assert counts[name][0] == 0 and counts[name][1] > 0
        assert counts["sections"][1] == whole["sections"][1]
        assert counts["items"] == (0, whole["items"][1] // 2)


def test_lost_labels_are_lost_cells_and_never_found_ones(documents: list[Document]) -> None:
    lost = []
    for doc in documents:
        without = tuple(span for span in doc.spans if span.label not in TABLE)
        if len(without) < len(doc.spans):
            counts, whole = counted(doc, without), counted(doc)
            assert counts["spans"][0] < whole["spans"][0]
            lost.append(whole["cells"][0] - counts["cells"][0])
    assert min(lost) >= 0 and max(lost) > 10


# All together ----------------------------------------------------------------------------------


def test_every_tier_has_its_reports_of_seeds_that_no_evaluation_has() -> None:
    cases = in_tiers(frozen.FIRST_SEED, frozen.N_REPORTS)
    assert {tier.name for _, tier in cases} == {"clean", "typical", "hostile"}
    assert all(not 1_000_000 <= seed < 1_001_000 for seed, _ in cases)


def test_both_models_are_measured_on_the_same(toy_folder: Path, tmp_path: Path) -> None:
    held_out = [annotated(number) for number in range(3)]
    learnt = [annotated(number) for number in range(3, 6)]
    learnt.append(annotated(6, chosen=CORRECTION))

    def measure(jobs: int) -> Scores:
        return scores(
            toy_folder, shipped(), held_out, learnt, jobs=jobs, n_reports=3, corpus=tmp_path
        )

    found = measure(1)
    assert {name: len(cases) for name, cases in found.cases.items()} == {
        "synthetic": 3, "gold": 3, "themes": 0
    }  # fmt: skip
    assert [case.id for case in found.cases["gold"]] == [one.id for one in held_out]
    assert [*found.kappas] == [one.id for one in (*held_out, *learnt)]
    assert found.kappas["toy-6"] is None
    assert found.notes == (frozen.NO_CORPUS,)
    assert measure(2) == found


def test_annotations_that_make_no_report_are_compared_by_labels_alone(
    toy_folder: Path, tmp_path: Path
) -> None:
    text = "工作总结" + "\n无" * 40
    spans = tuple(Span(5 + 2 * i, 6 + 2 * i, Label.NOISE) for i in range(40))
    letter = AnnotatedDocument("letter", text, spans, "甲")
    found = scores(toy_folder, shipped(), [letter], jobs=1, n_reports=0, corpus=tmp_path)
    (case,) = found.cases["gold"]
    assert case.counts.keys() == {"spans"}


# Themes ----------------------------------------------------------------------------------------


def test_groups_add_up_to_the_score_of_the_split(classifier: ThemeClassifier) -> None:
    dev = split("dev")
    cases = by_group(classifier, dev)
    assert len(cases) == len({statement.group for statement in dev.statements})
    right, whole = np.array([case.counts["themes"] for case in cases]).sum(0).tolist()
    assert 0.8 < right / whole < 1


def test_items_count_where_a_person_gave_them_themes(classifier: ThemeClassifier) -> None:
    text = "栏目更新不够及时\n与群众期盼还有距离\n加强业务培训"
    spans = (Span(0, 8, Label.PROBLEM), Span(9, 18, Label.PROBLEM), Span(19, 25, Label.MEASURE))
    themes = (ItemThemes(0, 8, ("timeliness",)), ItemThemes(9, 18, ()))
    document = AnnotatedDocument("a", text, spans, "甲", themes=themes)
    right, whole = item_themes(classifier, document)["themes"]
    assert right == 2 and whole >= 2
    assert item_themes(classifier, replace(document, themes=())) == {}
