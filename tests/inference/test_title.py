"""Where the title stands on a page, and what beside it is none of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.lines import Line, pieces_of
from nianbao.inference.title import find_title, organ_name, organ_of
from nianbao.models.document import Document
from nianbao.models.labels import Label, Span

TITLE = "青禾县水利局2022年政府信息公开工作年度报告"


def title_of(text: str, *labelled: str) -> str | None:
    """The title of `text`, in which the first places of `labelled` carry TITLE."""
    places = [(text.index(part), part) for part in labelled]
    spans = tuple(Span(start, start + len(part), Label.TITLE) for start, part in places)
    found = find_title(Document("-", text, "txt", "", "utf-8", spans=spans), ())
    return None if found is None else found.text


@given(st.text(alphabet="青禾年报告标题：:|｜ \t一、2022.doc-（Page", max_size=40))
def test_pieces_stand_where_they_say_and_in_order(text: str) -> None:
    end = 3
    for piece in pieces_of(Line(3, 3 + len(text), text)):
        assert text[piece.start - 3 : piece.end - 3] == piece.text
        assert end <= piece.start < piece.end
        end = piece.end


@pytest.mark.parametrize(
    "line",
    [
        f"{TITLE} |",
        f"标 题 | {TITLE} | ||",
        f"索引号 | 1 | 信息名称 | {TITLE} |",
        f"名 称: {TITLE} 发布机构: 青禾县",
        f"【标题】：{TITLE}",
        f"{TITLE} {TITLE} |",
        TITLE * 2,
        f"{TITLE}-青禾县门户网站",
        f"{TITLE}.docx",
        f"{TITLE} 一、基本情况 2022年，我局公开信息80条。",
        f"{TITLE} 根据有关规定，编制本报告。全年公开信息80条。",
        f"Page 8 - {TITLE}",
    ],
)
def test_what_stands_beside_a_title_on_its_line_is_cut_off(line: str) -> None:
    assert title_of(f"{line}\n我局认真做好各项工作。") == TITLE


def test_a_label_that_begins_inside_a_word_is_widened_to_it() -> None:
    text = "白石市青禾县人民政府河东街道办事处2022年政府信息公开年度报告\n正文。"
    assert title_of(text, "政府河东街道办事处2022年政府信息公开年度报告") == text[:-4]


def test_a_label_is_not_widened_over_a_blank_to_other_words() -> None:
    assert title_of(f"要闻 {TITLE}\n正文。", TITLE) == TITLE


def test_labelled_pieces_that_are_no_neighbours_are_not_joined() -> None:
    text = f"索引号 | 1 | 分 类 | 综合 |\n标 题 | {TITLE} |\n文 号 | 无 |\n"
    assert title_of(text, "分 类", TITLE[8:]) == TITLE


def test_fields_above_the_title_are_none_of_it() -> None:
    text = f"发布机构：\n\n青禾县水利局\n\n文    号：\n\n 无\n\n{TITLE}\n"
    assert title_of(text, "青禾县水利局", "文", "无", TITLE) == TITLE
    text = f"发布时间：2023-01-16 浏览次数： 133\n{TITLE}\n"
    assert title_of(text, "浏览次数", TITLE) == TITLE


def test_the_organ_alone_above_its_full_title_is_no_part_of_it() -> None:
    assert title_of(f"青禾县水利局\n{TITLE}\n", "青禾县水利局", TITLE) == TITLE


def test_an_organ_broken_over_lines_is_joined() -> None:
    head = "青禾\n县水利局2022年政府信息公开工作年度报告\n"
    assert title_of(head, "青禾", "县水利局2022年政府信息公开工作年度报告") == TITLE


@pytest.mark.parametrize(
    ("prose", "title"), [("青禾县公开信息80条。", TITLE), ("全年公开信息80条。", TITLE[2:])]
)
def test_without_labels_it_is_joined_where_the_text_prints_it_unbroken(
    prose: str, title: str
) -> None:
    assert title_of(f"青禾\n县水利局2022年政府信息公开工作年度报告\n{prose}") == title


def test_a_line_that_says_more_than_the_labelled_one_is_the_title() -> None:
    text = f"政府信息公开工作年度报告\n{TITLE}\n正文。"
    assert title_of(text, "政府信息公开工作年度报告") == TITLE


@pytest.mark.parametrize("path", ["您的位置: 首页 · 政务公开 · 年度报告 · 正文", "2022年报"])
def test_paths_and_menu_entries_are_no_titles(path: str) -> None:
    assert title_of(f"{path}\n正文。", path) is None


@pytest.mark.parametrize("organ", ["青禾市残联", "县工商联", "青禾街", "红柳嘎查", "县妇联"])
def test_short_names_of_bodies_are_organs(organ: str) -> None:
    assert organ_name(organ) == organ


@pytest.mark.parametrize("about", ["关于", "关干", "关于做好"])
def test_about_and_its_misprint_are_no_part_of_the_organ(about: str) -> None:
    assert organ_of(f"{about}{TITLE}") == "青禾县水利局"


@pytest.mark.parametrize(
    "head",
    [
        f"1.{TITLE[:6]}\n2.{TITLE[6:]}\n",
        f"1）{TITLE}\n",
        f"{TITLE[:7]}\n{TITLE[7:]}\n",
        f"青水〔2023〕4号\n{TITLE}\n",
        f"{TITLE}\n青水〔2023〕4号\n",
        f"【名称】{TITLE}\n【文号】无\n",
        f"{TITLE}/p>\n",
    ],
)
def test_numbers_of_lines_and_letters_and_what_is_left_of_tags_are_none_of_it(head: str) -> None:
    assert title_of(f"{head}我局认真做好各项工作。") == TITLE


@pytest.mark.parametrize(
    "line",
    [
        "现在的位置：首页>>专题专栏>>2022年政府信息公开年度报告",
        "当前栏目：政府信息公开工作年度报告",
        "信息公开指南 信息公开目录 信息公开年报 依申请公开",
    ],
)
def test_the_name_of_a_column_is_no_title(line: str) -> None:
    assert title_of(f"{line}\n我局认真做好各项工作。", line) is None


def test_the_last_step_of_a_path_that_names_organ_and_year_is_a_title() -> None:
    assert title_of(f"首页 > 年报 > {TITLE}\n正文。") == TITLE
