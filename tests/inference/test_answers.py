"""Which measure answers which problem, and what follows from it in the flat tables."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.annotations.answers import read_answered
from nianbao.inference.answers import (
    LEAST,
    answer_score,
    answered,
    generic_share,
    shared_wording,
    unanswered,
    with_answers,
)
from nianbao.inference.flat import ANSWERS, ITEMS, REPORTS, THEMES, Table
from nianbao.models.report import (
    Item,
    Meta,
    ModelInfo,
    Narrative,
    Report,
    Role,
    Section,
    Source,
    Theme,
)
from nianbao.models.themes import theme_ids


def item(role: Role, text: str, *themes: str, generic: bool = False) -> Item:
    return Item(
        role=role,
        text=text,
        start=0,
        end=len(text),
        generic=generic,
        confidence=1.0,
        themes=tuple(Theme(id=theme, score=0.9) for theme in themes),
    )


def a_report(items: Sequence[Item], issuer: str | None = "青山县水务局") -> Report:
    return Report(
        status="ok",
        source=Source(path="a.txt", sha256="0" * 64, format="txt", encoding="utf-8", text=""),
        meta=Meta(issuer=issuer, year=2023),
        sections=(),
        tables=(),
        cells=(),
        items=tuple(items),
        narrative=Narrative(),
        claims=(),
        checks=(),
        findings=(),
        model=ModelInfo(name="test", version="1", sha256="0" * 64),
    )


ITEMS_OF_A_REPORT = (
    item("problem", "部分栏目更新间隔较长", "timeliness", "platform"),
    item("problem", "人员多为兼职，业务不熟", "capacity"),
    item("problem", "与上级要求相比还有差距", generic=True),
    item("problem", "经费没有单列", "other"),
    item("measure", "明确栏目更新责任人，逐周核对", "platform", "timeliness"),
    item("measure", "每季度组织一次业务培训", "capacity"),
    item("measure", "严格保密审查", "review_security"),
    item("measure", "针对以上不足认真改进", generic=True),
)


def rows(table: Table, report: Report) -> list[dict[str, object]]:
    keys = [column.key for column in table.columns]
    return [dict(zip(keys, row, strict=True)) for row in table.rows("a", report)]


themed = st.builds(
    lambda role, text, ids, generic: item(role, text, *ids, generic=generic),
    st.sampled_from(("problem", "measure")),
    st.text(alphabet="更新不及时业务培训栏目内容，，𠮷 \n", min_size=1, max_size=20),
    st.lists(st.sampled_from(theme_ids()), max_size=3, unique=True),
    st.booleans(),
)


@given(st.lists(themed, max_size=8))
def test_answers_are_measures_over_the_bound_the_likeliest_first(items: list[Item]) -> None:
    found = answered(items)
    assert [one.model_copy(update={"answers": ()}) for one in found] == items
    for one in found:
        scores = [answer.score for answer in one.answers]
        assert scores == sorted(scores, reverse=True)
        assert all(LEAST <= score <= 1 for score in scores)
        assert all(found[answer.item].role == "measure" for answer in one.answers)
        assert one.role == "problem" or not one.answers


@given(themed, themed, *([st.floats(0, 1)] * 4))
def test_a_score_is_a_probability_that_wording_and_nearness_only_raise(
    problem: Item, measure: Item, share: float, larger: float, near: float, nearer: float
) -> None:
    shares, places = sorted((share, larger)), sorted((near, nearer))
    low, high = (answer_score(problem, measure, *pair) for pair in zip(shares, places, strict=True))
    assert 0 <= low <= high <= 1


@given(st.text(max_size=30), st.text(max_size=30))
def test_shared_wording_is_symmetric_and_at_most_1(text: str, other: str) -> None:
    share = shared_wording(text, other)
    assert share == shared_wording(other, text)
    assert 0 <= share <= 1 + 1e-9


def test_common_words_tie_nothing_together() -> None:
    assert shared_wording("政府信息公开工作有待加强", "进一步加强政府信息公开工作") == 0
    assert shared_wording("檢索功能不好用", "优化检索") > 0.2


def test_problems_find_their_measures() -> None:
    found = answered(ITEMS_OF_A_REPORT)
    assert [[answer.item for answer in one.answers] for one in found[:4]] == [[4], [5], [], []]


def test_one_measure_may_answer_several_problems() -> None:
    found = answered(
        (
            item("problem", "公开内容不够全面", "coverage"),
            item("problem", "公开形式不够丰富", "channels"),
            item("measure", "丰富公开内容和形式", "coverage", "channels"),
        )
    )
    assert [[answer.item for answer in one.answers] for one in found] == [[2], [2], []]


def test_a_measure_without_an_object_answers_nothing() -> None:
    problem = item("problem", "以上问题", "other")
    assert (
        answer_score(problem, item("measure", "以上问题", "other", generic=True), 1.0, 1.0) == 0.0
    )


def test_problems_with_no_measure_are_those_with_an_object() -> None:
    report = with_answers(a_report(ITEMS_OF_A_REPORT))
    assert [one.text for one in unanswered(report)] == ["经费没有单列"]


def test_the_generic_share_is_null_without_problems() -> None:
    assert generic_share(a_report(ITEMS_OF_A_REPORT)) == 0.25
    assert generic_share(a_report(ITEMS_OF_A_REPORT[4:])) is None
    assert generic_share(a_report(ITEMS_OF_A_REPORT[:1])) == 0.0


def test_the_table_of_answers_lists_pairs_and_what_has_none() -> None:
    report = with_answers(a_report(ITEMS_OF_A_REPORT))
    found = [(row["problem"], row["measure"]) for row in rows(ANSWERS, report)]
    assert found == [(0, 4), (1, 5), (3, None)]
    numbers = [(row["item"], row["answers"]) for row in rows(ITEMS, report)]
    assert numbers[:3] == [(0, "4"), (1, "5"), (2, "")]


def test_the_table_of_themes_counts_each_theme_once_per_item() -> None:
    report = with_answers(a_report(ITEMS_OF_A_REPORT))
    found = {row["theme"]: row for row in rows(THEMES, report)}
    assert list(found) == list(theme_ids())
    assert {row["level"] for row in found.values()} == {"county"}
    assert {row["body"] for row in found.values()} == {"department"}
    counts = [
        (found[theme]["n_problems"], found[theme]["n_measures"], found[theme]["n_unanswered"])
        for theme in ("timeliness", "capacity", "other", "review_security", "awareness")
    ]
    assert counts == [(1, 1, 0), (1, 1, 0), (1, 0, 1), (0, 1, 0), (0, 0, 0)]


def test_without_section_5_the_counts_are_null_and_not_zero() -> None:
    absent = a_report(())
    body = Section(
        id="5", heading=None, heading_start=None, heading_end=None, body_start=0, body_end=0,
        confidence=1.0,
    )  # fmt: skip
    empty = absent.model_copy(update={"sections": (body,)})
    assert {row["n_problems"] for row in rows(THEMES, absent)} == {None}
    assert {row["n_problems"] for row in rows(THEMES, empty)} == {0}


def test_the_wide_table_tells_what_is_unanswered_and_generic() -> None:
    [row] = rows(REPORTS, with_answers(a_report(ITEMS_OF_A_REPORT)))
    assert (row["level"], row["body"]) == ("county", "department")
    assert (row["generic_share"], row["n_unanswered"]) == (0.25, 1)
    assert (row["previous_year"], row["n_repeated"]) == (None, None)


@pytest.mark.parametrize("split", ["dev", "test", "blind"])
def test_the_examples_name_items_that_are_there(split: str) -> None:
    sections = read_answered(split)
    assert len({section.id for section in sections}) == len(sections) > 10
    for section in sections:
        for problem, measure in section.answers:
            assert 0 <= problem < len(section.problems)
            assert 0 <= measure < len(section.measures)
