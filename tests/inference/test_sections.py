"""The six sections: which there are, and where their bodies begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.models.labels import Label
from nianbao.training.synthetic.marked import Marked
from tests.inference.six_sections import (
    BODIES,
    LONG,
    PARTS,
    SHORT,
    TABLES,
    all_headings,
    bare,
    body,
    codes,
    heading,
    laid_out,
    line,
    report,
)


def test_a_sound_report_has_six_sections_and_nothing_to_remark() -> None:
    doc, found, findings = laid_out(report(all_headings()))
    assert list(found) == list("123456")
    assert {id_: bare(body(doc, section)) for id_, section in found.items()} == {
        id_: bare(part.text) for id_, part in PARTS.items()
    }
    assert findings == []


@given(
    st.sets(st.sampled_from("123456")),
    st.sets(st.sampled_from("123456")),
    st.sampled_from(["", "\n", "\n\n", "\u3000\n"]),
)
def test_sections_are_in_order_and_never_overlap(
    lost: set[str], reworded: set[str], gap: str
) -> None:
    headings = {id_: heading(id_, LONG[id_] if id_ in reworded else None) for id_ in "123456"}
    headings = {id_: gap + one for id_, one in headings.items() if id_ not in lost}
    doc, found, _ = laid_out(report(headings))
    edges = [
        edge
        for section in found.values()
        for edge in (section.heading_start, section.heading_end, section.body_start,
                     section.body_end)
        if edge is not None
    ]  # fmt: skip
    assert edges == sorted(edges)
    for section in found.values():
        assert body(doc, section) == body(doc, section).strip()
        if section.heading is not None:
            assert doc.text[section.heading_start : section.heading_end] == section.heading


@pytest.mark.parametrize("id_", ["2", "3", "4"])
def test_a_table_without_its_heading_is_a_section_without_one(id_: str) -> None:
    headings = all_headings()
    del headings[id_]
    doc, found, findings = laid_out(report(headings))
    assert (found[id_].heading, found[id_].heading_start, found[id_].heading_end) == (None,) * 3
    assert bare(body(doc, found[id_])) == bare(TABLES[id_].text)
    assert codes(findings) == {"heading_missing"}


def test_items_without_their_heading_are_section_5() -> None:
    headings = all_headings()
    del headings["5"]
    doc, found, findings = laid_out(report(headings))
    assert body(doc, found["5"]) == BODIES["5"].text
    assert bare(body(doc, found["4"])) == bare(TABLES["4"].text)
    assert codes(findings) == {"heading_missing"}


def test_a_section_without_heading_and_body_is_not_listed() -> None:
    text = heading("1") + BODIES["1"] + "\n" + heading("5") + BODIES["5"]
    _, found, findings = laid_out(text)
    assert list(found) == ["1", "5"]
    assert codes(findings) == {"section_missing"}
    assert len(findings) == 4


def test_a_heading_with_nothing_below_is_an_empty_section() -> None:
    marked = Marked()
    for one in all_headings().values():
        marked = marked + one
    doc, found, findings = laid_out(marked)
    assert list(found) == list("123456")
    for section in found.values():
        assert section.body_start == section.body_end == section.heading_end
    assert codes(findings) == {"section_empty"}


def test_problems_and_measures_in_two_top_sections_are_one_section() -> None:
    problems = line("五、存在的主要问题", Label.SECTION) + line("乡里的网页打不开", Label.PROBLEM)
    measures = line("六、改进措施", Label.SECTION) + line("请人修好并按月查看", Label.MEASURE)
    last = line("七、其他需要报告的事项", Label.SECTION) + BODIES["6"]
    upper = Marked()
    for id_ in "1234":
        upper = upper + heading(id_) + PARTS[id_] + "\n"
    doc, found, findings = laid_out(upper + problems + measures + last)
    assert list(found) == list("123456")
    assert found["5"].heading == "五、存在的主要问题"
    assert body(doc, found["5"]) == "乡里的网页打不开\n六、改进措施\n请人修好并按月查看"
    assert found["6"].heading == "七、其他需要报告的事项"
    assert "section_split" in codes(findings)


SIGNATURE = line("青禾县水利局", Label.ISSUER) + line("2023年1月9日", Label.DATE)
FOOTER = line("扫一扫在手机打开当前页", Label.NOISE) + line("上一篇：没有了", Label.NOISE)


@pytest.mark.parametrize(
    "tail",
    [
        SIGNATURE,
        FOOTER,
        SIGNATURE + FOOTER,
        Marked.of("青禾县水利局", Label.ISSUER) + "（盖章）\n" + line("2023年1月9日", Label.DATE),
        line("附件：统计表.xlsx", Label.NOISE) + SIGNATURE,
        line("|") + SIGNATURE,
    ],
)
def test_signature_and_furniture_stand_outside_the_last_section(tail: Marked) -> None:
    doc, found, _ = laid_out(report(all_headings(), tail))
    assert body(doc, found["6"]) == BODIES["6"].text


@pytest.mark.parametrize("number", ["3", "- 3 -", "— 3 —", "第 3 页", "3 / 12"])
def test_a_page_number_before_a_heading_belongs_to_no_body(number: str) -> None:
    numbered = line(number, Label.NOISE) + heading("2")
    doc, found, _ = laid_out(report(all_headings() | {"2": numbered}))
    assert body(doc, found["1"]) == BODIES["1"].text


def test_a_page_number_above_a_heading_of_markdown_belongs_to_no_body() -> None:
    marked = line("3", Label.NOISE) + "# " + heading("2")
    doc, found, _ = laid_out(report(all_headings() | {"2": marked}))
    assert body(doc, found["1"]) == BODIES["1"].text


def test_a_whole_sentence_at_the_end_is_no_furniture() -> None:
    hint = "扫描网站首页的二维码可以看本报告的图解版。"
    doc, found, _ = laid_out(report(all_headings(), line(hint, Label.NOISE)))
    assert body(doc, found["6"]).endswith(hint)
    doc, found, _ = laid_out(report(all_headings(), line(hint.rstrip("。"), Label.NOISE)))
    assert not body(doc, found["6"]).endswith("图解版")


@pytest.mark.parametrize("other", ["五、政府信息公开收费及减免情况", "五、队伍建设情况"])
def test_a_top_heading_that_is_none_of_the_six_ends_the_body_above(other: str) -> None:
    between = line(other, Label.SECTION) + line("这一年里没有向谁收过钱。")
    later = {"5": between + heading("5", ordinal="六、"), "6": heading("6", ordinal="七、")}
    doc, found, _ = laid_out(report(all_headings() | later))
    assert list(found) == list("123456")
    assert bare(body(doc, found["4"])) == bare(TABLES["4"].text)
    assert found["5"].heading == "六、" + SHORT["5"]


def test_a_head_that_counts_on_behind_the_last_section_ends_its_body() -> None:
    appendix = line("七、附：指标统计表", Label.SUBSECTION) + line("指标一：公开信息三条。")
    doc, found, _ = laid_out(report(all_headings() | {"6": heading("6") + BODIES["6"] + appendix}))
    assert bare(body(doc, found["6"])).startswith(bare(BODIES["6"].text))
    assert "指标" not in body(doc, found["6"])


def test_a_second_numbering_labelled_as_sections_cuts_no_body() -> None:
    nested = heading("1") + line("一、队伍建设", Label.SECTION) + line("二、宣传", Label.SECTION)
    doc, found, _ = laid_out(report(all_headings() | {"1": nested}))
    assert bare(body(doc, found["1"])).endswith(bare(BODIES["1"].text))


@pytest.mark.parametrize("rest", ["p>", "</p>", "**p>"])
def test_the_rest_of_a_tag_behind_a_heading_is_not_its_body(rest: str) -> None:
    broken = Marked.of("六、其他需要报告的事项", Label.SECTION) + rest + "\n"
    doc, found, _ = laid_out(report(all_headings() | {"6": broken}))
    assert bare(body(doc, found["6"])) == bare(BODIES["6"].text)


@pytest.mark.parametrize(
    ("number", "is_body"),
    [("第1张，共3张", True), ("第3组", True), ("第 3 页", False), ("第3页 共12页", False)],
)
def test_only_the_number_of_a_page_is_cut_off_a_body(number: str, is_body: bool) -> None:
    numbered = heading("3") + line(number, Label.NOISE)
    doc, found, _ = laid_out(report(all_headings() | {"3": numbered}))
    assert body(doc, found["3"]).startswith(number) == is_body
