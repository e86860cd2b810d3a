"""Likeness of wordings, ordinals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.wording import (
    Kind,
    best_likeness,
    closest,
    letters,
    likeness,
    ordinal,
    plain,
    wordings,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一、总体情况", ("han", 1)),
        ("（三）不予公开", ("in", 3)),
        ("(三)不予公开", ("in", 3)),
        ("5.属于三类内部事务信息", ("digits", 5)),
        ("—、总体情况", ("han", 1)),
        ("第六部分 其他需要报告的事项", ("han", 6)),
        ("[bookmark: _GoBack]六、其他", ("han", 6)),
        ("规章", None),
        ("十十、", None),
        ("2.5", None),
    ],
)
def test_an_ordinal_is_told_with_its_kind(text: str, expected: tuple[str, int] | None) -> None:
    assert ordinal(text) == expected


def test_pinyin_blanks_and_traditional_characters_do_not_matter() -> None:
    assert plain("規(guī) 章") == "规章"
    assert likeness("主動(dòng)公開(kāi)政府信息情況", "主动公开政府信息情况") == 1.0


def test_guidance_in_brackets_does_not_matter() -> None:
    assert letters("规范性文件(决定、公告等公文)") == "规范性文件"


@pytest.mark.parametrize("table", ["rows", "sections"])
def test_every_known_wording_is_nearest_to_its_own_key(table: Kind) -> None:
    for key, known in wordings()[table].items():
        for text in known:
            assert closest(text, table)[0] == key


@pytest.mark.parametrize(
    ("damaged", "row"),
    [("政许可", "licensing"), ("行政处", "penalty"), ("1.属国家秘密", "deny.state_secret")],
)
def test_a_label_that_lost_a_character_is_still_nearest_to_its_row(damaged: str, row: str) -> None:
    assert closest(damaged, "rows")[0] == row


@given(st.text(alphabet="一、（）政府信息公开规章其他处理情况的0 \n", max_size=20))
def test_the_closest_is_the_first_of_greatest_likeness(text: str) -> None:
    for kind, table in wordings().items():
        alike = {key: best_likeness(text, known) for key, known in table.items()}
        best = max(alike, key=lambda key: alike[key])
        assert closest(text, kind) == (best, alike[best])
