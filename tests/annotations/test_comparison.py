"""Two simulated annotators: the agreement that is told equals the one computed directly."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.annotations.agreement import Agreement
from nianbao.annotations.comparison import UNSEEN, compare, pairs_of, table
from nianbao.annotations.documents import CORRECTION, AnnotatedDocument, ItemThemes
from nianbao.annotations.telling import tell_agreement
from nianbao.models.labels import Label, Span
from nianbao.models.themes import theme_ids

FEW = (Label.ROW, Label.VALUE, Label.PROBLEM)


def labelled(text: str, seed: int, annotator: str | None, id_: str = "a") -> AnnotatedDocument:
    """Labels at random."""
    rng = random.Random(seed)
    places = sorted(rng.sample(range(len(text) + 1), min(len(text), rng.randint(0, 8))))
    spans = [
        Span(a, b, rng.choice(FEW), rng.random())
        for a, b in zip(places, places[1:], strict=False)
        if rng.random() < 0.7
    ]
    themes = [
        ItemThemes(s.start, s.end, tuple(rng.sample(theme_ids()[:3], rng.randint(0, 2))))
        for s in spans
        if s.label is Label.PROBLEM
    ]
    return AnnotatedDocument(id_, text, tuple(spans), annotator, themes=tuple(themes))


def label_at(document: AnnotatedDocument, place: int) -> Label | None:
    return next((s.label for s in document.spans if s.start <= place < s.end), None)


def cohen(cases: list[tuple[object, object]]) -> float | None:
    """Straight from its definition."""
    n = len(cases)
    if not n:
        return None
    observed = sum(one == other for one, other in cases) / n
    first, second = (Counter(case[side] for case in cases) for side in (0, 1))
    by_chance = sum(first[key] * second[key] for key in first) / n**2
    return None if by_chance == 1 else (observed - by_chance) / (1 - by_chance)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=4), st.integers(0, 20))
def test_what_is_told_equals_what_is_computed_directly(seeds: list[int], length: int) -> None:
    text = "规章0更新慢。\n" * 3
    pairs = [
        (labelled(text[:length], seed, "甲", str(i)), labelled(text[:length], -seed, "乙", str(i)))
        for i, seed in enumerate(seeds)
    ]
    found = compare(pairs)
    cases: list[tuple[object, object]] = [
        (label_at(one, place), label_at(other, place))
        for one, other in pairs
        for place in range(length)
    ]
    assert found.kappa == pytest.approx(cohen(cases))
    for label in Label:
        yes_or_no: list[tuple[object, object]] = [(a is label, b is label) for a, b in cases]
        assert found.characters[label].kappa == pytest.approx(cohen(yes_or_no))
        ours, theirs = (
            {(i, s.start, s.end) for i, pair in enumerate(pairs) for s in pair[side].spans
             if s.label is label}
            for side in (0, 1)
        )  # fmt: skip
        if ours or theirs:
            f1 = 2 * len(ours & theirs) / (len(ours) + len(theirs))
            assert found.spans[label].f1 == pytest.approx(f1)
        else:
            assert found.spans[label].f1 is None


@pytest.mark.parametrize("seed", range(4))
def test_two_simulated_annotators_are_told_the_figures_that_they_have(
    seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever else labelled the same reports."""
    text = "规章0更新慢。\n" * 3
    names = ("甲", "乙", "裁定", None)
    documents = [
        labelled(text, 100 * seed + 10 * report + place, name, str(report))
        for report in range(5)
        for place, name in enumerate(names)
    ]
    assert tell_agreement(documents, None, ("甲", "乙"))
    told = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    figures = {line[0]: line[1:] for line in told}
    spans = [
        {(one.id, s.start, s.end, s.label) for one in documents if one.annotator == name
         for s in one.spans}
        for name in names[:2]
    ]  # fmt: skip
    f1 = f"{2 * len(spans[0] & spans[1]) / (len(spans[0]) + len(spans[1])):.3f}"
    labels = [
        [label_at(one, i) for one in documents if one.annotator == name for i in range(len(text))]
        for name in names[:2]
    ]
    kappa = f"{cohen(list(zip(*labels, strict=True))):.3f}"
    assert figures["对数 pairs"] == ["5"]
    assert figures["片段 spans F1"] == [f1]
    assert figures["字的一致性 kappa over characters"] == [kappa]
    assert figures["乙、甲"] == ["5", f1, kappa]


@given(st.integers(0, 10**6))
def test_every_span_that_one_alone_gave_stands_in_one_difference(seed: int) -> None:
    text = "规章0更新慢。\n" * 3
    pair = (labelled(text, seed, "甲"), labelled(text, -seed - 1, "乙"))
    told = [
        (side, words)
        for one in compare([pair]).differences
        for side, given in enumerate((one.first, one.second))
        for words in given
        if " " in words
    ]
    ours, theirs = ({f"{s.label} {s.start}-{s.end}" for s in d.spans} for d in pair)
    assert sorted(told) == sorted([(0, w) for w in ours - theirs] + [(1, w) for w in theirs - ours])


def test_known_disagreements_give_the_known_figures() -> None:
    text = "规章0更新慢"
    first = AnnotatedDocument(
        "a", text, (Span(0, 2, Label.ROW), Span(2, 3, Label.VALUE), Span(3, 6, Label.PROBLEM)),
        "甲", themes=(ItemThemes(3, 6, ("platform", "timeliness")),),
    )  # fmt: skip
    second = AnnotatedDocument(
        "a", text, (Span(0, 1, Label.ROW), Span(2, 3, Label.VALUE), Span(3, 6, Label.PROBLEM)),
        "乙", themes=(ItemThemes(3, 6, ("timeliness",)),),
    )  # fmt: skip
    found = compare([(first, second)])
    assert found.spans[Label.ROW] == Agreement(0, 1, 1, 0)
    assert found.characters[Label.ROW] == Agreement(1, 1, 0, 4)
    assert found.spans[Label.VALUE].f1 == 1.0
    assert found.themes["timeliness"] == Agreement(1, 0, 0, 0)
    assert found.themes["platform"] == Agreement(0, 1, 0, 0)
    assert [(d.start, d.end, d.text, d.first, d.second) for d in found.differences] == [
        (0, 2, "规章", ("ROW 0-2",), ("ROW 0-1",)),
        (3, 6, "更新慢", ("platform", "timeliness"), ("timeliness",)),
    ]
    given = {"ROW", "VALUE", "PROBLEM", "timeliness", "platform"}
    assert {row[0] for row in table(found)} == given


def test_who_labels_alike_agrees_fully_and_has_no_differences() -> None:
    first, second = (labelled("规章0更新慢" * 4, 3, name) for name in ("甲", "乙"))
    found = compare([(first, second)])
    assert found.kappa == 1.0 and found.differences == ()


def by(name: str | None, id_: str, text: str = "规章", chosen: str = "") -> AnnotatedDocument:
    return AnnotatedDocument(id_, text, (), name, chosen=chosen)


def test_documents_are_paired_by_id_and_parted_by_text() -> None:
    one, two, three = by("甲", "a"), by("乙", "a"), by("丙", "a")
    alone, changed, other = by("甲", "b"), by("甲", "c"), by("乙", "c", "规则")
    found = pairs_of([three, alone, changed, one, other, two])
    assert {frozenset((a.annotator, b.annotator)) for a, b in found.pairs} == {
        frozenset(("甲", "乙")), frozenset(("甲", "丙")), frozenset(("乙", "丙")),
    }  # fmt: skip
    assert {document.id for pair in found.unlike for document in pair} == {"c"}


def test_only_people_who_looked_at_all_of_a_report_are_compared() -> None:
    found = pairs_of([by("甲", "a"), by(None, "a"), by("乙", "a", chosen=CORRECTION)])
    assert (found.pairs, found.n_nobodys) == ((), 2)


def test_of_two_labellings_in_one_name_none_is_compared_and_the_others_are() -> None:
    found = pairs_of(
        [by("1", "a"), by("1", "a", "规则"), by("甲", "a"), by("乙", "a"), by("1", "b")]
    )
    assert found.twice == (("a", "1"),)
    assert [(one.annotator, two.annotator) for one, two in found.pairs] == [("乙", "甲")]


@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.sampled_from("ab")), unique=True))
def test_naming_people_gives_their_pairs_alone(labelled: list[tuple[str, str]]) -> None:
    documents = [by(name, id_) for name, id_ in labelled]
    chosen = [one for one in documents if one.annotator in ("甲", "乙")]
    assert pairs_of(documents, ("甲", "乙")) == pairs_of(chosen)


@pytest.mark.parametrize("mine", [(), ("platform",)])
def test_an_item_to_which_one_alone_gave_themes_is_a_difference(mine: tuple[str, ...]) -> None:
    spans = (Span(0, 3, Label.PROBLEM),)
    first = AnnotatedDocument("a", "更新慢", spans, "甲", themes=(ItemThemes(0, 3, mine),))
    second = AnnotatedDocument("a", "更新慢", spans, "乙")
    for pair, told in (((first, second), (mine, UNSEEN)), ((second, first), (UNSEEN, mine))):
        found = compare([pair])
        assert [(d.text, d.first, d.second) for d in found.differences] == [("更新慢", *told)]
        assert (found.n_items, found.n_lone) == (0, 1)
