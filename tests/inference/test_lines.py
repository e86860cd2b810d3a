"""The lines of a page, and wordings cleared of what converters put in."""

import re

from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.lines import Line, compact, drop, lines_of, pieces_of, spaced

messy = st.text(alphabet="青禾年报 \t\n\u3000|１a(ā)、\u200b", max_size=60)


@given(messy, st.data())
def test_lines_stand_where_they_say_in_order_and_leave_no_letter_out(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    place = start
    for line in [*lines_of(text, start, end), Line(end, end, "")]:
        assert text[line.start : line.end] == line.text == line.text.strip()
        assert place <= line.start and not text[place : line.start].strip()
        assert "\n" not in line.text
        place = line.end


@given(messy)
def test_nothing_but_what_the_pattern_finds_is_dropped(text: str) -> None:
    assert drop(text, re.compile("(?!)")) == text
    assert drop(text, re.compile("[青1]")) == "".join(c for c in text if c not in "青１1")


@given(messy)
def test_a_compact_wording_has_no_blank_and_the_letters_in_order(text: str) -> None:
    found = compact(text)
    assert not re.search(r"\s|\u200b", found)
    rest = iter(text)
    assert all(char in rest for char in found)


def test_pinyin_in_brackets_is_no_part_of_a_wording() -> None:
    assert compact("規(guī)章 目(mù)錄") == "規章目錄"
    assert compact("规章（试行）") == "规章（试行）"


@given(st.lists(st.sampled_from(["", " ", "\u3000", " \t "]), min_size=2, max_size=2))
def test_a_label_may_be_set_apart_character_by_character(gaps: list[str]) -> None:
    assert re.fullmatch(spaced("索引号"), f"索{gaps[0]}引{gaps[1]}号")
    assert not re.fullmatch(spaced("索引号"), "索引的号")


def test_labels_of_fields_are_no_pieces_and_counters_part_a_line() -> None:
    line = "发布机构：青禾县水利局 发布日期：2024-01-19 浏览次数：88"
    found = [piece.text for piece in pieces_of(Line(0, len(line), line))]
    assert found == ["青禾县水利局", "2024-01-19", "88"]
