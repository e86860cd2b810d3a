"""How a report is scored: what is right, wrong, invented, missed."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.pipeline import build_report
from nianbao.models.report import Item, Meta, Report, Role, Section, SectionId
from nianbao.training.evaluate import GoldTagger
from nianbao.training.scoring import (
    Score,
    items_right,
    score_cells,
    score_report,
    sections_right,
)
from nianbao.training.synthetic.gold import Gold, GoldSection
from nianbao.training.synthetic.report import sample

Values = dict[str, int | float | None]

cells = st.dictionaries(
    st.sampled_from("abcdefgh"), st.none() | st.integers(-5, 5) | st.just(0.5), min_size=1
)


def gold(
    values: Values | None = None,
    *,
    hidden: dict[str, int | float] | None = None,
    items: tuple[tuple[Role, int, int], ...] = (),
) -> Gold:
    return Gold(values or {}, {}, {}, hidden or {}, (), items, {})


def counts(score: Score) -> tuple[int, int, int, int, int]:
    """right, wrong, invented, missed, perfect."""
    return score.right, score.wrong, score.invented, score.missed, score.perfect


@pytest.mark.parametrize(
    ("given_", "wanted", "expected"),
    [
        (3, 3, (1, 0, 0, 0, 1)),
        (0, 0, (1, 0, 0, 0, 1)),
        (None, None, (1, 0, 0, 0, 1)),
        (4, 3, (0, 1, 0, 0, 0)),
        (0, 3, (0, 1, 0, 0, 0)),
        (0, None, (0, 0, 1, 0, 0)),
        (3, None, (0, 0, 1, 0, 0)),
        (None, 3, (0, 0, 0, 1, 0)),
        (None, 0, (0, 0, 0, 1, 0)),
    ],
)
def test_a_cell_is_right_wrong_invented_or_missed(
    given_: int | None, wanted: int | None, expected: tuple[int, int, int, int, int]
) -> None:
    assert counts(score_cells({"t2.fees": given_}, gold({"t2.fees": wanted}))) == expected


@given(cells)
def test_gold_itself_is_perfect(values: Values) -> None:
    score = score_cells(values, gold(values))
    assert counts(score) == (len(values), 0, 0, 0, 1)
    assert score.nonzero == score.nonzero_right == sum(1 for value in values.values() if value)


@given(cells, cells)
def test_every_cell_of_gold_is_counted_once(ours: Values, theirs: Values) -> None:
    score = score_cells(ours, gold(theirs))
    beside = sum(value is not None for path, value in ours.items() if path not in theirs)
    assert score.cells == len(theirs)
    assert score.right + score.wrong + score.missed + score.invented - beside == len(theirs)
    assert score.perfect == (score.right == len(theirs) and not score.invented)


@given(cells)
def test_nothing_given_is_never_wrong_and_never_invented(theirs: Values) -> None:
    score = score_cells({}, gold(theirs))
    assert (score.wrong, score.invented) == (0, 0)
    assert score.missed == sum(value is not None for value in theirs.values())


def test_a_value_under_a_path_that_gold_does_not_list_is_invented() -> None:
    assert counts(score_cells({"a": 1, "b": 0}, gold({"a": 1}))) == (1, 0, 1, 0, 0)
    assert counts(score_cells({"a": 1, "b": None}, gold({"a": 1}))) == (1, 0, 0, 0, 1)


def test_the_true_value_of_a_cell_whose_place_is_destroyed_is_no_fault() -> None:
    hidden = gold({"a": None}, hidden={"a": 7})
    assert counts(score_cells({"a": 7}, hidden)) == (1, 0, 0, 0, 1)
    assert counts(score_cells({"a": None}, hidden)) == (1, 0, 0, 0, 1)
    assert counts(score_cells({"a": 8}, hidden)) == (0, 0, 1, 0, 0)


TEXT = "一、总体情况\n | 全年无事。 | \n[bookmark: _GoBack]六、其他需要报告的事项\n无。\n\n"
ONE = GoldSection("1", 0, 6, TEXT.index("全年"), TEXT.index("。") + 1)


def section(start: int, end: int, heading: int | None = 0, id_: SectionId = "1") -> Section:
    return Section(
        id=id_,
        heading=None if heading is None else "一、总体情况",
        heading_start=heading,
        heading_end=None if heading is None else 6,
        body_start=start,
        body_end=end,
        confidence=1,
    )


@given(st.integers(6, ONE.body_start), st.integers(ONE.body_end, TEXT.index("[")), st.just(0))
def test_white_space_and_bars_at_the_edges_do_not_matter(start: int, end: int, at: int) -> None:
    assert sections_right([section(start, end, at)], [ONE], TEXT) == 1


def test_residue_at_an_edge_does_not_matter() -> None:
    assert sections_right([section(ONE.body_start, TEXT.index("六、"))], [ONE], TEXT) == 1


@pytest.mark.parametrize(
    "found",
    [
        section(ONE.body_start + 1, ONE.body_end),
        section(ONE.body_start, ONE.body_end - 1),
        section(ONE.body_start, TEXT.index("六、") + 1),
        section(ONE.body_start, ONE.body_end, heading=1),
        section(ONE.body_start, ONE.body_end, heading=None),
        section(ONE.body_start, ONE.body_end, id_="2"),
    ],
)
def test_one_edge_off_is_wrong(found: Section) -> None:
    assert sections_right([found], [ONE], TEXT) == 0
    assert sections_right([], [ONE], TEXT) == 0


def item(start: int, end: int, role: Role = "problem", text: str = "") -> Item:
    return Item(role=role, text=text or PROSE[start:end], start=start, end=end, generic=False,
                confidence=1)  # fmt: skip


PROSE = "网页更新慢三个月没有新内容。按月更新网页并留下记录。"
WHOLE = gold(items=(("problem", 0, 13), ("measure", 14, 25)))
BOTH = (item(0, 13), item(14, 25, "measure"))


def test_items_that_agree_are_right_in_any_order() -> None:
    assert items_right(BOTH, WHOLE.items, PROSE) == items_right(BOTH[::-1], WHOLE.items, PROSE) == 2


@pytest.mark.parametrize(
    ("found", "right"),
    [
        ((), 0),
        ((item(0, 12),), 1),
        ((item(2, 13),), 1),
        ((item(0, 5),), 0),
        ((item(0, 25),), 0),
        ((item(0, 13, "measure"),), 0),
        ((item(14, 25, "problem"),), 0),
    ],
)
def test_role_and_most_of_the_wording_must_agree(found: tuple[Item, ...], right: int) -> None:
    assert items_right(found, WHOLE.items, PROSE) == right


def test_items_are_paired_one_to_one() -> None:
    assert (
        items_right((item(0, 13), item(0, 13)), gold(items=(("problem", 0, 13),)).items, PROSE) == 1
    )
    assert items_right((item(0, 13),), gold(items=(("problem", 0, 13),) * 2).items, PROSE) == 1


def test_the_same_words_elsewhere_are_another_item() -> None:
    twice = "网页更新慢。网页更新慢。"
    there = Item(role="problem", text=twice[6:11], start=6, end=11, generic=False, confidence=1)
    assert items_right((there,), gold(items=(("problem", 0, 5),)).items, twice) == 0


def test_line_breaks_inside_an_item_do_not_matter() -> None:
    assert (
        items_right((item(0, 13, text="网页\n更新慢三个月 没有新内容"),), WHOLE.items, PROSE) == 1
    )


@pytest.mark.parametrize(
    ("score", "f1"),
    [
        (Score(), 1.0),
        (Score(items_right=2, items_given=2, items_gold=2), 1.0),
        (Score(items_right=1, items_given=1, items_gold=3), 0.5),
        (Score(items_given=4), 0.0),
    ],
)
def test_the_f1_of_items(score: Score, f1: float) -> None:
    assert score.item_f1 == f1


@given(cells, cells)
def test_scores_add_up(ours: Values, theirs: Values) -> None:
    one = score_cells(ours, gold(theirs))
    two = one + one
    assert (two.reports, two.cells, two.right, two.wrong) == (
        2, 2 * one.cells, 2 * one.right, 2 * one.wrong,
    )  # fmt: skip
    assert one + Score() == one


def test_a_field_that_is_never_right_stays_in_the_sum() -> None:
    never = Score(reports=1, meta=Counter(title=0))
    assert dict((never + never).meta) == {"title": 0}
    guessed = Score(reports=1, meta_guessed=Counter(title=1, year=0))
    assert dict((guessed + guessed).meta_guessed) == {"title": 2, "year": 0}


@pytest.fixture(scope="module")
def parsed() -> tuple[Report, Gold]:
    found = sample(11, "train", layouts=("A5",), n_damages=(0, 0))
    return build_report(found.document, GoldTagger(found.document)), found.gold


def test_a_report_read_with_its_own_labels_is_perfect(parsed: tuple[Report, Gold]) -> None:
    score = score_report(*parsed)
    assert score.perfect == 1
    assert score.sections_right == score.sections == 6
    assert score.states_right == score.cells == len(parsed[0].cells)
    assert score.items_right == score.items_given == score.items_gold > 0
    assert set(score.meta.values()) == {1}
    assert set(score.meta_guessed.values()) == {0}


def test_a_field_that_gold_leaves_null_is_guessed_where_a_value_stands(
    parsed: tuple[Report, Gold],
) -> None:
    report, gold_ = parsed
    silent = replace(gold_, meta=dict.fromkeys(gold_.meta))
    score = score_report(report, silent)
    given_ = {name for name in gold_.meta if getattr(report.meta, name) is not None}
    assert {name for name, count in score.meta_guessed.items() if count} == given_ > {"year"}
    assert {name for name, count in score.meta.items() if count} == gold_.meta.keys() - given_


def test_what_is_given_beyond_gold_counts_against_a_report(parsed: tuple[Report, Gold]) -> None:
    report, gold_ = parsed
    more = report.model_copy(
        update={
            "items": (*report.items, report.items[0]),
            "sections": (*report.sections, report.sections[0]),
            "meta": Meta(),
        }
    )
    score, whole = score_report(more, gold_), score_report(report, gold_)
    assert score.item_f1 < whole.item_f1
    assert score.sections_right < score.sections
    assert score.meta["title"] == 0
