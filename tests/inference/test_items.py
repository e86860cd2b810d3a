"""Items of section 5: their edges, whether they name anything, and what the section lacks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.items import clean_edges, find_items, item_findings, narrative_of
from nianbao.models.document import Document
from nianbao.models.labels import Label
from nianbao.models.report import Item, Section
from nianbao.training.synthetic.marked import Marked

MARKERS = (
    *("一是", "十一是", "第一，", "第二、", "其一，", "其三是", "（一）", "(二)", "（3）", "四、"),
    *("1.", "2、", "12.", "3）", "1是", "①", "● ", "◆", "——", "首先，", "其次", "最后，"),
    *("　　1. ", "\t（一）\n"),
)  # fmt: skip
CLOSINGS = ("", "。", "；", ";", "，", "、", "。\n", "； \u3000", "。\xa0\n\n", " |")
WORDINGS = (
    "网页更新慢，三个月没有新内容",
    "抓学习。每月请人讲一课。年底考一次",
    "公开栏字小\n老人看不清",
    "是非不分的留言没有人管",
    "“办事指南”写得不细（尤其是收费一栏）",
)


def edges(text: str) -> str:
    start, end = clean_edges(text, 0, len(text))
    return text[start:end]


@pytest.mark.parametrize("marker", MARKERS)
@given(st.sampled_from(WORDINGS), st.sampled_from(CLOSINGS))
def test_marker_and_closing_marks_stand_outside(marker: str, wording: str, closing: str) -> None:
    assert edges(marker + wording + closing) == wording


@pytest.mark.parametrize("marker", ["一是", "（二）", "2、", "3）", "1是", "1."])
def test_a_marker_before_a_year_stands_outside(marker: str) -> None:
    assert edges(f"{marker}2023年的目录没有编完。") == "2023年的目录没有编完"


@given(st.text("一是二、。；1.（） \n的网页慢"), st.data())
def test_edges_never_leave_the_span_and_settle_at_once(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first = clean_edges(text, start, end)
    assert start <= first[0] and first[1] <= end
    assert not text[first[0] : first[1]].strip() or not text[first[1] - 1].isspace()


@pytest.mark.parametrize(
    "text", ["一是否公开说不清", "2.5万份资料没有编目", "2023年的目录没有编完", "1月至3月没有更新"]
)
def test_a_number_that_belongs_to_the_sentence_is_no_marker(text: str) -> None:
    assert edges(text) == text


def test_a_run_in_title_stays_inside() -> None:
    assert edges("一是抓学习。每月请人讲一课。") == "抓学习。每月请人讲一课"


FIVE = "五、存在的主要问题及改进情况"


def document(*parts: Marked | str) -> tuple[Document, tuple[Section, ...]]:
    """A report with nothing but section 5, its body of `parts`, and a signature."""
    marked = Marked.of(FIVE, Label.SECTION) + "\n"
    for part in parts:
        marked = marked + part
    doc = Document("-", marked.text + "\n青禾县水利局", "txt", "", "utf-8", spans=marked.spans())
    section = Section(
        id="5", heading=FIVE, heading_start=0, heading_end=len(FIVE), body_start=len(FIVE) + 1,
        body_end=len(marked.text.rstrip()), confidence=1,
    )  # fmt: skip
    return doc, (section,)


def problem(text: str) -> Marked:
    return Marked.of(text, Label.PROBLEM)


def measure(text: str) -> Marked:
    return Marked.of(text, Label.MEASURE)


def read(*parts: Marked | str) -> tuple[list[tuple[str, str]], set[str], bool]:
    """(role, text) of the items, codes of the findings, and none_stated."""
    doc, sections = document(*parts)
    items = find_items(doc, sections)
    narrative = narrative_of(doc, sections, items)
    codes = {finding.code for finding in item_findings(sections, items, narrative)}
    return [(item.role, item.text) for item in items], codes, narrative.none_stated


def test_items_come_in_order_with_their_roles() -> None:
    items, codes, none_stated = read(
        "一是", problem("网页更新慢"), "；二是", problem("人手不够"), "。下一步，",
        measure("按月更新"), "。", measure("添一个人"), "。",
    )  # fmt: skip
    assert items == [
        ("problem", "网页更新慢"),
        ("problem", "人手不够"),
        ("measure", "按月更新"),
        ("measure", "添一个人"),
    ]
    assert (codes, none_stated) == (set(), False)


@given(st.lists(st.tuples(st.sampled_from(MARKERS), st.sampled_from(WORDINGS)), max_size=6))
def test_an_item_stands_where_it_says(parts: list[tuple[str, str]]) -> None:
    doc, sections = document(*(problem(marker + text) + "。\n" for marker, text in parts))
    items = find_items(doc, sections)
    assert [item.text for item in items] == [text for _, text in parts]
    assert [doc.text[item.start : item.end] for item in items] == [item.text for item in items]


def test_spans_outside_section_5_are_no_items() -> None:
    doc, sections = document(problem("网页更新慢"), "。")
    shorter = sections[0].model_copy(update={"body_end": sections[0].body_start})
    assert find_items(doc, (shorter,)) == ()
    assert find_items(doc, ()) == ()


def test_a_span_of_marks_alone_is_no_item() -> None:
    assert read(problem("一是"), problem("；"), measure("按月更新"))[0] == [("measure", "按月更新")]


@pytest.mark.parametrize(
    "body", ["无。", "无", "暂无", "没有。", "不存在问题。", "（一）无", "未发现明显的问题。"]
)
def test_a_section_that_says_there_is_nothing_is_told(body: str) -> None:
    assert read(body) == ([], {"none_stated"}, True)


@pytest.mark.parametrize(
    ("parts", "codes"),
    [
        ((problem("网页更新慢"), "。"), {"measures_missing"}),
        ((measure("按月更新"), "。"), {"problems_missing"}),
        (("本单位认真总结了经验。",), {"problems_missing", "measures_missing"}),
        (("没有条件的村", problem("还看不到网页"), "。", measure("送一块公开栏")), set()),
    ],
)
def test_what_section_5_leaves_out_is_told(
    parts: tuple[Marked | str, ...], codes: set[str]
) -> None:
    _, found, none_stated = read(*parts)
    assert (found, none_stated) == (codes, False)


def test_an_empty_section_5_is_not_asked_for_problems() -> None:
    doc, sections = document()
    empty = sections[0].model_copy(update={"body_start": len(FIVE), "body_end": len(FIVE)})
    items: tuple[Item, ...] = ()
    assert item_findings((empty,), items, narrative_of(doc, (empty,), items)) == []
    assert item_findings((), items, narrative_of(doc, (), items)) == []


def test_a_problem_and_a_measure_in_one_sentence_are_two() -> None:
    words = problem("公开栏离要求还有差距") + "，" + measure("我局将认真改进")
    assert read(words, "。")[0] == [
        ("problem", "公开栏离要求还有差距"),
        ("measure", "我局将认真改进"),
    ]


def test_praise_that_was_labelled_a_problem_is_no_item() -> None:
    praise = problem("一年来公开工作取得明显成效")
    assert read(praise, "。", problem("栏目更新慢"), "。")[0] == [("problem", "栏目更新慢")]


def test_what_stands_before_but_does_not_count_against_an_item() -> None:
    items, _, _ = read(
        "去年提出的几个老问题今年已经逐个得到解决，但", problem("村里的栏目还没有人管"), "。"
    )
    assert items == [("problem", "村里的栏目还没有人管")]


@pytest.mark.parametrize("head", ["问题一：", "措施一："])
def test_a_numbered_head_tells_the_role_of_its_item(head: str) -> None:
    labelled = measure if head.startswith("问题") else problem
    role = "problem" if head.startswith("问题") else "measure"
    assert read(head, labelled("村里的栏目，村民来管"), "。")[0] == [(role, "村里的栏目，村民来管")]


def test_behind_next_steps_a_numbered_head_tells_nothing() -> None:
    items, _, _ = read("问题一：", problem("栏目更新慢"), "。下一步，", measure("按月更新"), "。")
    assert [role for role, _ in items] == ["problem", "measure"]


@pytest.mark.parametrize(
    "text",
    [
        "栏目空着，一方面是没有人写，另一方面是没有人管",
        "答得太慢，首次要等二十天，再次询问又等二十天",
    ],
)
def test_words_that_count_within_a_sentence_are_no_markers(text: str) -> None:
    assert read(problem(text), "。")[0] == [("problem", text)]


def test_two_sides_are_two_items() -> None:
    items, _, _ = read("一方面，", problem("没有人写"), "；另一方面，", problem("没有人管"), "。")
    assert [text for _, text in items] == ["没有人写", "没有人管"]


def test_a_mirror_s_doubled_commas_hide_no_marker() -> None:
    items, _, _ = read("一,、", problem("栏目更新慢"), ",。\n二,、", problem("没有人管"), ",。")
    assert [text for _, text in items] == ["栏目更新慢", "没有人管"]


@pytest.mark.parametrize(
    "markers", [("1  是", "2  是"), ("109）第一，", "110）第二，"), ("问题 1 ：", "问题 2 ：")]
)
def test_markers_with_blanks_or_behind_a_slice_s_number_are_markers(
    markers: tuple[str, str],
) -> None:
    items, _, _ = read(*(part for m in markers for part in (m, problem("栏目更新慢"), "。\n")))
    assert [text for _, text in items] == ["栏目更新慢"] * 2


@pytest.mark.parametrize("label", [Label.PROBLEM, Label.MEASURE])
def test_next_steps_in_the_middle_of_a_sentence_part_a_problem_from_a_measure(label: Label) -> None:
    text = "二是公开渠道单一，下一步将在便民大厅增设查阅点"
    found, _, _ = read("一是", Marked.of(text[2:], label), "。")
    assert found == [("problem", "公开渠道单一"), ("measure", "下一步将在便民大厅增设查阅点")]


def test_a_clause_that_acts_or_leads_over_is_not_parted_from_next_steps() -> None:
    text = "在办好专栏的基础上，下一步将增设查阅点"
    found, _, _ = read("一是", measure(text), "。")
    assert found == [("measure", text)]


def test_titles_that_state_a_lack_are_problems_where_no_head_says_what_is_listed() -> None:
    lists = (
        ("（一）", measure("公开意识有待提升\n\u3000\u3000个别科室材料催了才报"), "。\n"),
        ("（二）", measure("健全机制，压实责任\n\u3000\u3000逐项定人定时限"), "。\n"),
    )
    found, _, _ = read(*(part for parts in lists for part in parts))
    assert [role for role, _ in found] == ["problem", "measure"]


def test_what_the_organ_will_do_is_parted_from_the_lack_before_it() -> None:
    text = "工作人员流动快，新手上手慢，我中心将编印操作手册"
    found, _, _ = read(measure(text), "。")
    assert found == [("problem", "工作人员流动快，新手上手慢"), ("measure", "我中心将编印操作手册")]
    whole = "针对新手上手慢的问题，我中心将编印操作手册"
    assert read(measure(whole), "。")[0] == [("measure", whole)]
