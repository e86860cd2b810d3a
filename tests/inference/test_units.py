"""The units that an author enumerates: markers, what stands between them, their runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.numbers import spell_numeral
from nianbao.inference.units import Unit, marker_end, runs, sentences, units_of

#: kind -> how its marker is written for a number.
NUMBERED = {
    "shi": ("{han}是", "{n}是", "{han}要"),
    "di": ("第{han}，", "第{han}、"),
    "qi": ("其{han}，", "其{han}是"),
    "bracket": ("（{han}）", "({han})、"),
    "digit_bracket": ("（{n}）", "({n}).", "（{n}）、"),
    "han": ("{han}、",),
    "digit": ("{n}、", "{n}.", "{n}．", "{n})"),
}
#: kind -> markers whose number is not told.
PLAIN = {
    "circle": ("①", "②", "⑳"),
    "bullet": ("• ", "● ", "·", "——", "- ", "■"),
    "order": ("首先，", "其次", "最后", "一方面，", "另一方面，"),
    "named": ("问题1：", "措施二：", "不足三、"),
}
WRITINGS = [(kind, writing) for kind, writings in NUMBERED.items() for writing in writings]
CLAUSES = ("公开的内容不多", "更新的速度偏慢", "懂业务的人少", "群众知晓得不够")

numbers = st.integers(1, 10)
clauses = st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=8)
messy = st.text(alphabet="一二三是、（）1.第其•①首先问题：；。，\n\u3000 |公开慢", max_size=60)


def marker(writing: str, number: int) -> str:
    return writing.format(han=spell_numeral(number).replace("一十", "十"), n=number)


def texts(text: str, units: list[Unit]) -> list[str]:
    return [text[unit.start : unit.end] for unit in units]


def units(text: str, *heads: str) -> list[Unit]:
    """The units of a whole text. heads: wordings of its subheadings, in order."""
    places, at = [], 0
    for head in heads:
        at = text.index(head, at)
        places.append((at, at + len(head)))
        at += len(head)
    return units_of(text, 0, len(text), places)


@given(messy, st.data())
def test_units_stand_in_order_inside_the_section_and_hold_something(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = units_of(text, start, end, [])
    assert all(start <= unit.start < unit.end <= end for unit in found)
    assert all(left.end <= right.start for left, right in zip(found, found[1:], strict=False))
    assert all(text[unit.start : unit.end].strip() for unit in found)
    assert [unit for run in runs(found) for unit in run] == found


@given(messy)
def test_sentences_leave_nothing_out_but_blanks_and_lone_signs(text: str) -> None:
    place = 0
    for start, end in [*sentences(text, 0, len(text)), (len(text), len(text))]:
        assert place <= start <= end
        assert not text[place:start].strip(" \t\n\u3000|*。；;！？")
        place = end


@given(messy, st.integers(0, 60))
def test_a_marker_ends_not_before_it_begins(text: str, place: int) -> None:
    start = min(place, len(text))
    assert start <= marker_end(text, start, len(text)) <= len(text)


@pytest.mark.parametrize(("kind", "writing"), WRITINGS)
@given(own=clauses, sign=st.sampled_from(["。", "；", "。\n", "；\n\u3000\u3000"]))
def test_enumerated_clauses_are_units_of_one_run_with_their_numbers(
    kind: str, writing: str, own: list[str], sign: str
) -> None:
    text = "".join(marker(writing, n) + clause + sign for n, clause in enumerate(own, 1))
    found = units(text)
    assert [unit.kind for unit in found] == [kind] * len(own)
    assert [unit.number for unit in found] == list(range(1, len(own) + 1))
    assert [t.strip("。；\n\u3000") for t in texts(text, found)] == own
    assert len(list(runs(found))) == 1


@pytest.mark.parametrize(
    ("kind", "mark"), [(kind, mark) for kind, marks in PLAIN.items() for mark in marks]
)
@given(own=clauses)
def test_markers_without_a_number_part_clauses_too(kind: str, mark: str, own: list[str]) -> None:
    text = "".join(f"{mark}{clause}。\n" for clause in own)
    found = units(text)
    assert [unit.kind for unit in found] == [kind] * len(own)
    assert [t.strip() for t in texts(text, found)] == [f"{clause}。" for clause in own]


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_a_run_ends_where_the_numbers_start_again(lengths: list[int]) -> None:
    text = "".join(f"{n}.{CLAUSES[0]}。\n" for length in lengths for n in range(1, length + 1))
    assert [len(run) for run in runs(units(text))] == lengths


def test_markers_of_another_kind_begin_another_run() -> None:
    found = units("一是内容少；二是更新慢。1.充实内容；2.加快更新。")
    assert [[unit.kind for unit in run] for run in runs(found)] == [["shi"] * 2, ["digit"] * 2]


def test_prose_before_a_second_marker_is_the_first_of_the_run() -> None:
    text = "我局将加强培训；二是严格审核；三是重视解读。"
    first, second, third = units(text)
    assert (first.kind, first.number, first.implied) == ("shi", 1, True)
    assert (second.number, second.implied, third.implied) == (2, False, False)
    assert len(list(runs([first, second, third]))) == 1


@pytest.mark.parametrize("text", ["我局还有不足：一是内容少。", "我局还有不足。三是更新慢。"])
def test_prose_before_any_other_marker_stays_prose(text: str) -> None:
    assert (units(text)[0].kind, units(text)[0].implied) == ("", False)


def test_headings_that_repeat_are_markers_and_belong_to_no_unit() -> None:
    text = "存在问题：更新慢。整改措施：加快。存在问题：人手少。整改措施：增人。"
    found = units(text, "存在问题：", "整改措施：", "存在问题：", "整改措施：")
    assert [unit.kind for unit in found] == ["pair"] * 4
    assert texts(text, found) == ["更新慢。", "加快。", "人手少。", "增人。"]
    assert len(list(runs(found))) == 4


def test_headings_that_carry_a_number_are_markers() -> None:
    text = "问题1：更新慢。措施1：加快。"
    found = units(text, "问题1：", "措施1：")
    assert [unit.kind for unit in found] == ["named"] * 2
    assert texts(text, found) == ["更新慢。", "加快。"]


def test_a_heading_that_stands_once_parts_units_but_is_no_marker() -> None:
    text = "主要问题：更新慢。改进措施：加快。"
    found = units(text, "主要问题：", "改进措施：")
    assert [unit.kind for unit in found] == ["", ""]
    assert texts(text, found) == ["更新慢。", "加快。"]


@pytest.mark.parametrize(
    "text",
    [
        "更新慢，一、二级栏目没有专人。",
        "进度不一，—— 村级最慢。",
        "要看一是否及时，看内容。",
        "网站有2.5万人浏览。",
        "全年。1.5万人浏览。",
    ],
)
def test_what_only_looks_like_a_marker_parts_nothing(text: str) -> None:
    assert [unit.kind for unit in units(text)] == [""]


def test_of_two_markers_in_a_row_the_second_counts() -> None:
    text = "1、一是内容少。\n2、二是更新慢。"
    marked = [unit for unit in units(text) if unit.kind]
    assert [(unit.kind, unit.number) for unit in marked] == [("shi", 1), ("shi", 2)]
    assert texts(text, marked)[1] == "更新慢。"
    assert text[marker_end(text, 0, len(text)) :].startswith("内容少")


@given(st.integers(1, 9))
def test_a_hard_wrap_ends_no_sentence(at: int) -> None:
    wording = "公开的内容还不够多。"
    text = wording[:at] + "\n" + wording[at:]
    assert list(sentences(text, 0, len(text))) == [(0, len(text))]


@pytest.mark.parametrize("gap", ["\n\n", "\n\u3000\u3000", "\n  "])
def test_a_new_paragraph_ends_a_sentence(gap: str) -> None:
    text = f"公开的内容不多{gap}更新的速度偏慢"
    found = [text[start:end].strip() for start, end in sentences(text, 0, len(text))]
    assert found == ["公开的内容不多", "更新的速度偏慢"]
