"""Section 5: what the marks promise, whichever way it is written."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.models.labels import Label
from nianbao.training.synthetic.grammar import Grammar, Split
from nianbao.training.synthetic.improvement import PLANS, Plan, section_five, split_sections
from nianbao.training.synthetic.improvement_items import (
    ENUMERATIONS,
    THEMES,
    Enumeration,
    Role,
    take_pen,
)
from nianbao.training.synthetic.marked import Marked, join
from nianbao.training.synthetic.subject import Subject

ITEMS = (Label.PROBLEM, Label.MEASURE)
MARKER = re.compile(
    r"[一二三四五六七八九十\d]+[是要、.．)）](?!\d)|[（(][一二三四五六七八九十\d]+[）)]"
    r"|第[一二三四五六七八九十][，、]|其[一二三四五][，是]|[①-⑩•●◆·—-]|(首先|其次|再次|最后|此外)，"
    r"|一方面|另一方面|(问题|措施|举措)[一二三四五六七八九十\d]+："
)
FILES = ("improvement_problems", "improvement_measures", "improvement_titles")

# The first draw reads the phrase files, the others do not.
untimed = settings(deadline=None)

seeds = st.integers(0, 2**32 - 1)
subjects = st.builds(
    Subject,
    organ=st.just("某某县水利局"),
    self_name=st.sampled_from(["我局", "本镇", "县政府", "部机关"]),
    kind=st.sampled_from(
        ["government", "office", "department", "township", "committee", "vertical"]
    ),
    year=st.integers(2019, 2025),
    version=st.just("2021"),
)
splits: st.SearchStrategy[Split] = st.sampled_from(["train", "held_out"])

BUREAU = Subject("某某县水利局", "我局", "department", 2022, "2021")


def sections(count: int) -> list[Marked]:
    return [section_five(BUREAU, random.Random(seed), "train") for seed in range(count)]


def items(body: Marked) -> list[str]:
    return [body.text[s.start : s.end] for s in body.spans() if s.label in ITEMS]


def assert_edges(body: Marked) -> None:
    """Spans do not overlap (`spans` raises) and stop where the contract says."""
    for span in body.spans():
        wording = body.text[span.start : span.end]
        assert wording == wording.strip()
        if span.label in ITEMS:
            assert not MARKER.match(wording), wording
            assert wording[-1] not in "。；;，,、：:", wording


@untimed
@given(subjects, seeds, splits)
def test_marks_do_not_overlap_and_keep_the_edges_of_the_contract(
    subject: Subject, seed: int, split: Split
) -> None:
    assert_edges(section_five(subject, random.Random(seed), split))


@untimed
@given(subjects, seeds, splits)
def test_a_split_section_has_problems_in_the_first_body_and_measures_in_the_second(
    subject: Subject, seed: int, split: Split
) -> None:
    bodies = split_sections(subject, random.Random(seed), split)
    for body, label in zip(bodies, ITEMS, strict=True):
        assert_edges(body)
        assert {span.label for span in body.spans()} <= {label}


@untimed
@given(subjects, seeds, splits)
def test_the_same_seed_writes_the_same_section(subject: Subject, seed: int, split: Split) -> None:
    first, second = (section_five(subject, random.Random(seed), split) for _ in range(2))
    assert first == second


@untimed
@given(subjects, seeds, splits)
def test_no_slot_is_left_open(subject: Subject, seed: int, split: Split) -> None:
    assert not re.search(r"[{}|#]", section_five(subject, random.Random(seed), split).text)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.__name__)
@settings(untimed, max_examples=25)
@given(seed=seeds)
def test_every_plan_keeps_the_edges(plan: Plan, seed: int) -> None:
    assert_edges(join("\n", plan(take_pen(BUREAU, random.Random(seed), "train"))))


@pytest.mark.parametrize("role", ["problem", "measure"])
@pytest.mark.parametrize("enumeration", ENUMERATIONS, ids=lambda style: style.__name__)
@settings(untimed, max_examples=15)
@given(seed=seeds, count=st.integers(2, 8))
def test_every_enumeration_marks_each_of_its_items(
    enumeration: Enumeration, role: Role, seed: int, count: int
) -> None:
    pen = take_pen(BUREAU, random.Random(seed), "train")
    body = join("\n", enumeration(pen, role, pen.themes(count)))
    assert_edges(body)
    expected = {"lumped": 1, "two_sided": 2}.get(enumeration.__name__, count)
    assert len(items(body)) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        r"一是.+；二是", r"\n\u3000*二是", r"首先，", r"1是", r"①", r"\n+ *2\.", r"（2）", r"\(2\)",
        r"第二，", r"其二，", r"——", r"•", r"一方面", r"下一步", r"无", r"问题一：", r"二要",
        r"整改措施：", r"[^。]$", r",", r"等问题", r"同时，",
    ],
)  # fmt: skip
def test_each_way_of_writing_turns_up(pattern: str) -> None:
    assert any(re.search(pattern, body.text) for body in sections(900))


def test_an_item_may_run_over_a_line_break() -> None:
    assert any("\n" in item for body in sections(200) for item in items(body))


def test_bodies_with_only_problems_only_measures_and_neither_turn_up() -> None:
    seen = {frozenset(s.label for s in body.spans()) & {*ITEMS} for body in sections(300)}
    problem, measure = ITEMS
    assert seen == {frozenset(), frozenset({problem}), frozenset({measure}), frozenset(ITEMS)}


def test_a_generic_mark_stands_on_a_whole_item() -> None:
    generic = [(m, body) for body in sections(300) for m in body.marks if m.key == "generic"]
    assert generic
    assert all(m.label in ITEMS and m.start < m.end for m, _ in generic)


def test_a_section_that_says_there_are_no_problems_marks_none() -> None:
    stated = [b for b in sections(600) if any(m.key == "none_stated" for m in b.marks)]
    assert stated
    for body in stated:
        assert not any(span.label is Label.PROBLEM for span in body.spans())


def test_the_review_of_last_year_holds_no_item() -> None:
    openings = [p.split("{")[0] for p in Grammar("improvement_words", "train").phrases("review")]
    openings = [opening for opening in openings if len(opening) >= 8]
    reviews = [
        (body, opening) for body in sections(900) for opening in openings if opening in body.text
    ]
    assert len(reviews) > 5
    for body, opening in reviews:
        assert not any(opening in item for item in items(body))


@pytest.mark.parametrize("name", FILES)
def test_training_and_held_out_statements_are_disjoint_in_every_theme(name: str) -> None:
    train, held_out = Grammar(name, "train"), Grammar(name, "held_out")
    symbols = (
        [f"{role}.{theme}" for role in ("problem", "measure") for theme in THEMES]
        if name.endswith("titles")
        else [*THEMES]
    )
    for symbol in symbols:
        assert train.phrases(symbol) and held_out.phrases(symbol)
        assert not {*train.phrases(symbol)} & {*held_out.phrases(symbol)}, symbol


@pytest.mark.parametrize("name", FILES[:2])
def test_no_statement_is_a_copy_of_another(name: str) -> None:
    both = (Grammar(name, "train"), Grammar(name, "held_out"))
    phrases = [phrase for one in both for theme in THEMES for phrase in one.phrases(theme)]
    assert len(phrases) == len({*phrases})
    assert len(phrases) >= 350
