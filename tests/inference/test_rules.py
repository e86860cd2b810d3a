"""The tagger of rules: what wording and place alone tell."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.rules import RuleTagger
from nianbao.models.form import form
from nianbao.models.form import sections as statutory
from nianbao.models.labels import Label

SIGNS = "一二三、。；（）是 \n\t|0１9/规章行政许可总体情况下一步"
ORDINALS = "一二三四五六"


def labels(text: str) -> list[tuple[str, Label]]:
    return [(text[span.start : span.end], span.label) for span in RuleTagger().tag(text)]


def wordings(text: str, label: Label) -> list[str]:
    return [wording for wording, found in labels(text) if found is label]


@given(st.text(alphabet=SIGNS, max_size=120))
def test_spans_are_sorted_stripped_and_apart(text: str) -> None:
    spans = RuleTagger().tag(text)
    assert all(left.end <= right.start for left, right in itertools.pairwise(spans))
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == text[span.start : span.end].strip()


@given(st.text(alphabet=SIGNS, max_size=80))
def test_the_same_text_has_the_same_labels(text: str) -> None:
    assert RuleTagger().tag(text) == RuleTagger().tag(text)


@pytest.mark.parametrize("text", ["", " ", "\n\n\t|\u3000", "今天下雨。"])
def test_text_without_a_report_has_no_labels(text: str) -> None:
    assert RuleTagger().tag(text) == ()


@pytest.mark.parametrize("wording", ["short", "long"])
def test_statutory_headings_are_sections(wording: str) -> None:
    text = "\n".join(
        f"{n}、{getattr(s, wording)}" for n, s in zip(ORDINALS, statutory(), strict=True)
    )
    assert labels(text) == [(line, Label.SECTION) for line in text.split("\n")]


@pytest.mark.parametrize("sign", ["|", " | ", "\t", "\n", "\n\t"])
@given(data=st.data())
def test_what_follows_a_rows_label_is_its_value(sign: str, data: st.DataObject) -> None:
    shape = form("2021")
    row = data.draw(st.sampled_from([*shape.t2[0].rows, *shape.t3.rows]))
    number = st.integers(0, 10**7).map(str)
    values = data.draw(st.lists(number | st.just("/"), min_size=1, max_size=7))
    assert labels(sign.join([row.label, *values])) == [
        (row.label, Label.ROW),
        *((value, Label.VALUE) for value in values),
    ]


@pytest.mark.parametrize("text", ["2023\n8", "第3页\n1 | 2", "电话\n55551234"])
def test_a_number_without_a_row_is_no_value(text: str) -> None:
    assert wordings(text, Label.VALUE) == []


def test_headers_groups_and_notes_of_tables_are_told_apart() -> None:
    text = (
        "第二十条第（一）项 | |\n信息内容 | 本年制发件数 |\n行政规范性文件 | 4 |\n"
        "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和） | 申请人情况 |\n"
        "三、本年度办理结果 | （三）不予公开 | 1.属于国家秘密 | 0 |"
    )
    assert labels(text) == [
        ("第二十条第（一）项", Label.GROUP),
        ("信息内容", Label.COLUMN),
        ("本年制发件数", Label.COLUMN),
        ("行政规范性文件", Label.ROW),
        ("4", Label.VALUE),
        ("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", Label.CAPTION),
        ("申请人情况", Label.COLUMN),
        ("三、本年度办理结果", Label.GROUP),
        ("（三）不予公开", Label.GROUP),
        ("1.属于国家秘密", Label.ROW),
        ("0", Label.VALUE),
    ]


@pytest.mark.parametrize(
    "title",
    [
        "青禾县水利局2023年政府信息公开工作年度报告",
        "青禾县水利局\n2023年政府信息公开工作年度报告",
        "2023年青禾县水利局政府信息公开年报",
    ],
)
def test_the_title_above_the_first_heading_is_found(title: str) -> None:
    assert wordings(f"{title}\n一、总体情况\n全年无事。", Label.TITLE) == title.split("\n")


def test_a_title_told_below_the_first_heading_is_none() -> None:
    text = "一、总体情况\n青禾县水利局2023年政府信息公开工作年度报告"
    assert wordings(text, Label.TITLE) == []


FIVE = "五、存在的主要问题及改进情况\n"


@pytest.mark.parametrize(
    "body",
    [
        "主要不足：一是网页更新慢，三个月没有动过；二是人手不够用，忙时无人答复。"
        "下一步打算：一是按月更新网页并留下记录；二是添一个人专门办理申请。",
        "（一）存在的主要问题\n1.网页更新慢，三个月没有动过。\n2.人手不够用，忙时无人答复。\n"
        "（二）改进措施\n1.按月更新网页并留下记录。\n2.添一个人专门办理申请。",
    ],
)
def test_marked_items_turn_into_measures_at_the_first_word_of_intention(body: str) -> None:
    text = FIVE + body + "\n六、其他需要报告的事项\n一是没有。"
    problems, measures = wordings(text, Label.PROBLEM), wordings(text, Label.MEASURE)
    assert problems == ["网页更新慢，三个月没有动过", "人手不够用，忙时无人答复"]
    assert measures == ["按月更新网页并留下记录", "添一个人专门办理申请"]


def test_items_outside_section_5_are_none() -> None:
    text = "一、总体情况\n一是网页更新慢，三个月没有动过；二是人手不够用，忙时无人答复。"
    assert not {Label.PROBLEM, Label.MEASURE} & {label for _, label in labels(text)}
