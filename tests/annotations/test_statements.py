"""The theme corpus: large, even, honestly split, and without slips of the pen."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from nianbao.annotations.alike import alike
from nianbao.annotations.statements import CORPUS, read_statements
from nianbao.models.themes import MOST_THEMES, Statement, theme_ids, themes

SPLITS = ("train", "dev", "test")
CLOSING = "。；;，,、：:！!？?"
LINE = (
    '{"id": "a-1", "group": "a", "register": "township", "role": "problem", '
    '"text": "更新慢", "themes": ["timeliness"], "flags": []}'
)


@pytest.fixture(scope="module")
def corpus() -> dict[str, tuple[Statement, ...]]:
    return {name: read_statements(CORPUS / f"{name}.jsonl") for name in SPLITS}


@pytest.fixture(scope="module")
def everything(corpus: dict[str, tuple[Statement, ...]]) -> tuple[Statement, ...]:
    return tuple(statement for name in SPLITS for statement in corpus[name])


def test_there_are_at_least_four_thousand_statements(everything: Sequence[Statement]) -> None:
    assert len(everything) >= 4000


def test_problems_and_measures_are_even_within_a_tenth(everything: Sequence[Statement]) -> None:
    roles = Counter(statement.role for statement in everything)
    assert set(roles) == {"problem", "measure"}
    assert min(roles.values()) >= 0.9 * max(roles.values())


def test_every_theme_stands_at_least_two_hundred_times(everything: Sequence[Statement]) -> None:
    counts = Counter(theme for statement in everything for theme in statement.themes)
    assert set(counts) == set(theme_ids())
    assert min(counts.values()) >= 200


def test_every_split_knows_every_theme(corpus: dict[str, tuple[Statement, ...]]) -> None:
    for name in SPLITS:
        assert {theme for one in corpus[name] for theme in one.themes} == set(theme_ids())


def test_ids_are_unique_and_begin_with_their_group(everything: Sequence[Statement]) -> None:
    assert len({statement.id for statement in everything}) == len(everything)
    assert all(statement.id.startswith(f"{statement.group}-") for statement in everything)


def test_no_group_is_in_two_splits(corpus: dict[str, tuple[Statement, ...]]) -> None:
    groups = {name: {statement.group for statement in corpus[name]} for name in SPLITS}
    assert sum(map(len, groups.values())) == len(set().union(*groups.values()))


def test_the_test_split_is_by_another_author(corpus: dict[str, tuple[Statement, ...]]) -> None:
    authors = {name: {one.group.partition("-")[0] for one in corpus[name]} for name in SPLITS}
    assert authors["test"].isdisjoint(authors["train"] | authors["dev"])


def test_a_statement_has_themes_or_a_flag_and_never_both(everything: Sequence[Statement]) -> None:
    assert all(bool(one.themes) != bool(one.flags) for one in everything)


def test_a_statement_has_no_theme_twice_and_at_most_three(everything: Sequence[Statement]) -> None:
    for one in everything:
        assert len(set(one.themes)) == len(one.themes) <= MOST_THEMES


def test_texts_are_stripped_of_closing_marks_and_of_blanks(
    everything: Sequence[Statement],
) -> None:
    odd = [one.id for one in everything if one.text != one.text.strip().rstrip(CLOSING)]
    assert not odd
    assert all("\n" not in one.text and one.text for one in everything)


def test_what_is_alike_is_found() -> None:
    texts = ["部分栏目更新不够及时", "部分栏目 更新不太及时", "依申请公开答复超期"]
    assert list(alike(texts[:1], texts[1:])) == [(0, 0)]
    assert list(alike(texts, texts)) == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2)]


@given(st.lists(st.text("公开更新慢", min_size=2, max_size=9), max_size=6))
def test_a_text_is_alike_to_itself_and_likeness_has_no_side(texts: list[str]) -> None:
    found = set(alike(texts, texts))
    assert {(place, place) for place in range(len(texts))} <= found
    assert found == {(other, one) for one, other in found}


@pytest.mark.parametrize(("one", "other"), [("train", "dev"), ("train", "test"), ("dev", "test")])
def test_no_statement_of_one_split_is_nearly_one_of_another(
    corpus: dict[str, tuple[Statement, ...]], one: str, other: str
) -> None:
    ours, theirs = ([each.text for each in corpus[name]] for name in (other, one))
    assert list(alike(ours, theirs)) == []


@pytest.mark.parametrize(
    "line", ["{}", LINE.replace("problem", "wish"), LINE.replace("[]", '["dull"]'), "更新慢"]
)
def test_a_line_that_is_no_statement_is_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "one.jsonl"
    file.write_text(f"{LINE}\n\n{line}\n", encoding="utf-8")
    with pytest.raises(ValidationError):
        read_statements(file)


def test_the_themes_have_names_for_people() -> None:
    assert len(theme_ids()) == len(set(theme_ids())) == 16
    assert all(entry.zh and entry.en for entry in themes())
