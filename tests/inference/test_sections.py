"""The six sections: which headings are theirs, and where their bodies begin and end."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.headings import find_headings
from nianbao.inference.sections import lay_out
from nianbao.inference.tables import align
from nianbao.inference.tokens import tokens_of
from nianbao.models.document import Document
from nianbao.models.form import sections as statutory
from nianbao.models.labels import Label
from nianbao.models.report import Finding, Section
from nianbao.training.synthetic.marked import Marked

NUMERALS = "一二三四五六"
SHORT = {entry.id: entry.short for entry in statutory()}
LONG = {entry.id: entry.long for entry in statutory()}
#: Words that fill a body; none of them is like a heading.
BODIES = {
    "1": Marked("县里的二十个村都换了新的公开栏，字比从前大。"),
    "5": Marked.of("乡里的网页打不开", Label.PROBLEM) + "。\n"
    + Marked.of("请人修好并按月查看", Label.MEASURE) + "。",
    "6": Marked("没有收取任何费用，也没有别的话要讲。"),
}  # fmt: skip


def line(text: str, label: Label | None = None) -> Marked:
    return Marked.of(text, label) + "\n"


def heading(id_: str, wording: str | None = None, ordinal: str | None = None) -> Marked:
    """The heading of a section as a line of its own; by default the statutory one."""
    ordinal = NUMERALS[int(id_) - 1] + "、" if ordinal is None else ordinal
    return line(ordinal + (SHORT[id_] if wording is None else wording), Label.SECTION)


def row(label: str, *values: int) -> Marked:
    marked = Marked.of(label, Label.ROW)
    for value in values:
        marked = marked + " | " + Marked.of(str(value), Label.VALUE)
    return marked + " |\n"


def columns(*labels: str) -> Marked:
    marked = Marked.of(labels[0], Label.COLUMN)
    for label in labels[1:]:
        marked = marked + " | " + Marked.of(label, Label.COLUMN)
    return marked + " |\n"


RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
TABLES = {
    "2": columns("信息内容", "本年制发件数", "本年废止件数", "现行有效件数") + row("规章", 0, 0, 3),
    "3": columns("自然人", "总计")
    + row("一、本年新收政府信息公开申请数量", 2, 0, 0, 0, 0, 0, 2)
    + row("四、结转下年度继续办理", 1, 0, 0, 0, 0, 0, 1),
    "4": columns(*RESULTS * 3) + row("", *range(15)),
}
PARTS = BODIES | TABLES


def report(headings: dict[str, Marked], tail: Marked | str = "") -> Marked:
    """Six bodies under the headings given; a heading that is not given is left out."""
    marked = Marked()
    for id_ in "123456":
        marked = marked + headings.get(id_, "") + PARTS[id_] + "\n"
    return marked + tail


def laid_out(marked: Marked) -> tuple[Document, dict[str, Section], list[Finding]]:
    doc = Document("-", marked.text, "txt", "", "utf-8", spans=marked.spans())
    found, findings = lay_out(doc, tokens_of(doc), align(doc).extents)
    assert len({section.id for section in found}) == len(found)
    return doc, {section.id: section for section in found}, list(findings)


def body(doc: Document, section: Section) -> str:
    return doc.text[section.body_start : section.body_end]


def bare(text: str) -> str:
    return text.strip(" \n|")


def codes(findings: list[Finding]) -> set[str]:
    return {finding.code for finding in findings}


def all_headings() -> dict[str, Marked]:
    return {id_: heading(id_) for id_ in "123456"}


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


@pytest.mark.parametrize("vocabulary", [SHORT, LONG])
def test_both_official_vocabularies_are_known(vocabulary: dict[str, str]) -> None:
    _, found, findings = laid_out(report({i: heading(i, vocabulary[i]) for i in "123456"}))
    assert [section.heading for section in found.values()] == [
        f"{n}、{wording}" for n, wording in zip(NUMERALS, vocabulary.values(), strict=True)
    ]
    assert findings == []


def test_a_second_numbering_inside_section_1_is_no_section() -> None:
    nested = Marked()
    for number, wording in zip(NUMERALS, ("加强领导", "健全制度", "主动公开政府信息的渠道",
                                          "政府信息主动公开内容",
                                          "收到和处理政府信息公开申请情况",
                                          "政府信息公开申请行政复议、提起行政诉讼情况"),
                               strict=True):  # fmt: skip
        nested = nested + line(f"{number}、{wording}", Label.SUBSECTION) + line("办公室做了安排。")
    doc, found, _ = laid_out(report(all_headings() | {"1": heading("1") + nested}))
    assert list(found) == list("123456")
    assert nested.text.strip() in body(doc, found["1"])
    assert found["3"].heading_start == doc.text.rindex("三、" + SHORT["3"])


def test_headings_told_in_the_preface_are_no_headings() -> None:
    preface = "本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况等六部分组成。"
    doc, found, findings = laid_out(line(preface) + report(all_headings()))
    assert found["1"].heading_start == doc.text.index("一、总体情况")
    assert findings == []


@pytest.mark.parametrize("ordinal", ["", "、"])
@pytest.mark.parametrize("id_", list("123456"))
def test_a_heading_whose_ordinal_is_lost_is_still_found(id_: str, ordinal: str) -> None:
    _, found, findings = laid_out(report(all_headings() | {id_: heading(id_, ordinal=ordinal)}))
    assert found[id_].heading == ordinal + SHORT[id_]
    assert codes(findings) == {"numbering_irregular"}


@given(st.integers(0, 5))
def test_a_shifted_numbering_does_not_shift_the_sections(by: int) -> None:
    headings = {i: heading(i, ordinal=NUMERALS[(int(i) - 1 + by) % 6] + "、") for i in "123456"}
    _, found, _ = laid_out(report(headings))
    assert {id_: section.heading and section.heading[2:] for id_, section in found.items()} == SHORT


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


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("## ", "\n"),
        ("**", "**\n"),
        ("### ", "\n\n"),
        ("# **", "**\n"),
    ],
)
def test_marks_of_markdown_belong_to_the_line_of_the_heading(before: str, after: str) -> None:
    headings = {
        id_: before + Marked.of(one.text.strip(), Label.SECTION) + after
        for id_, one in all_headings().items()
    }
    doc, found, findings = laid_out(report(headings))
    assert {id_: bare(body(doc, section)) for id_, section in found.items()} == {
        id_: bare(part.text) for id_, part in PARTS.items()
    }
    lines = {
        id_: (before + one.text.strip() + after).strip(" \n|:：")
        for id_, one in all_headings().items()
    }
    assert {id_: section.heading for id_, section in found.items()} == lines
    assert findings == []


def test_a_page_number_above_a_heading_of_markdown_belongs_to_no_body() -> None:
    marked = line("3", Label.NOISE) + "# " + heading("2")
    doc, found, _ = laid_out(report(all_headings() | {"2": marked}))
    assert body(doc, found["1"]) == BODIES["1"].text


def test_residue_of_word_belongs_to_the_heading_and_is_told() -> None:
    odd = heading("6", ordinal="[bookmark: _GoBack]六、")
    _, found, findings = laid_out(report(all_headings() | {"6": odd}))
    assert found["6"].heading == "[bookmark: _GoBack]六、其他需要报告的事项"
    assert codes(findings) == {"heading_residue"}


def test_a_heading_that_runs_into_its_body_ends_with_its_last_character() -> None:
    run_in = Marked.of("五、" + SHORT["5"], Label.SECTION) + "：" + BODIES["5"] + " "
    text = heading("1") + BODIES["1"] + " " + run_in + heading("6") + BODIES["6"]
    doc, found, _ = laid_out(text)
    assert found["5"].heading == "五、" + SHORT["5"]
    assert body(doc, found["5"]) == BODIES["5"].text


def test_a_reworded_heading_is_told_with_both_wordings() -> None:
    _, found, findings = laid_out(
        report(all_headings() | {"5": heading("5", "现存问题与改进举措")})
    )
    assert list(found) == list("123456")
    [told] = findings
    assert told.code == "heading_reworded"
    assert "现存问题与改进举措" in told.message and SHORT["5"] in told.message


def test_a_heading_without_a_label_is_found_by_its_wording() -> None:
    plain = report(all_headings() | {"6": line("六、其他需要报告的事项")})
    _, found, _ = laid_out(plain)
    assert found["6"].heading == "六、其他需要报告的事项"
    assert found["6"].heading_start == plain.text.index("六、其他")


def test_a_whole_sentence_at_the_end_is_no_furniture() -> None:
    hint = "扫描网站首页的二维码可以看本报告的图解版。"
    doc, found, _ = laid_out(report(all_headings(), line(hint, Label.NOISE)))
    assert body(doc, found["6"]).endswith(hint)
    doc, found, _ = laid_out(report(all_headings(), line(hint.rstrip("。"), Label.NOISE)))
    assert not body(doc, found["6"]).endswith("图解版")


def test_a_heading_that_kept_its_number_alone_is_one() -> None:
    _, found, _ = laid_out(report(all_headings() | {"3": heading("3", "")}))
    assert found["3"].heading == "三、"


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


@pytest.mark.parametrize(("id_", "words"), [("1", "一、要点落实"), ("6", "六、附则及别的")])
def test_a_heading_in_unknown_words_is_told_by_its_count(id_: str, words: str) -> None:
    _, found, _ = laid_out(report(all_headings() | {id_: line(words, Label.SUBSECTION)}))
    assert found[id_].heading == words


def test_the_count_proves_nothing_where_a_list_starts_anew() -> None:
    nested = heading("5")
    for sign in NUMERALS:
        nested = nested + line(f"{sign}、小标题", Label.SUBSECTION)
    _, found, _ = laid_out(report(all_headings() | {"5": nested, "6": line("")}))
    assert "6" not in found


def test_a_second_numbering_labelled_as_sections_cuts_no_body() -> None:
    nested = heading("1") + line("一、队伍建设", Label.SECTION) + line("二、宣传", Label.SECTION)
    doc, found, _ = laid_out(report(all_headings() | {"1": nested}))
    assert bare(body(doc, found["1"])).endswith(bare(BODIES["1"].text))


@pytest.mark.parametrize("words", ["主动公开政府信息情况", "依申请公开情况"])
def test_a_subheading_with_the_words_of_a_section_needs_its_table(words: str) -> None:
    head = line("（二）" + words, Label.SUBSECTION)
    text = line("总体情况", Label.SECTION) + head + line("全年接了两通电话。")
    doc = Document("-", text.text, "txt", "", "utf-8", spans=text.spans())
    assert [found.id for found in find_headings(tokens_of(doc), {})] == ["1"]


@given(st.permutations(list(SHORT.values())), st.integers(0, 6))
def test_headings_are_taken_in_the_order_of_the_form(order: list[str], count: int) -> None:
    marked = Marked()
    for wording in order[:count]:
        marked = marked + line(wording, Label.SECTION)
    doc = Document("-", marked.text, "txt", "", "utf-8", spans=marked.spans())
    found = find_headings(tokens_of(doc), {})
    assert all(left.id < right.id for left, right in itertools.pairwise(found))
    assert all(left.token.end <= right.token.start for left, right in itertools.pairwise(found))
    assert len(found) >= min(count, 1)


@pytest.mark.parametrize("rest", ["p>", "</p>", "**p>"])
def test_the_rest_of_a_tag_behind_a_heading_is_not_its_body(rest: str) -> None:
    broken = Marked.of("六、其他需要报告的事项", Label.SECTION) + rest + "\n"
    doc, found, _ = laid_out(report(all_headings() | {"6": broken}))
    assert bare(body(doc, found["6"])) == bare(BODIES["6"].text)


def test_an_appended_table_is_no_section_but_a_section_may_speak_of_one() -> None:
    late = all_headings() | {"6": line("六、附：指标统计表", Label.SECTION)}
    assert "6" not in laid_out(report(late))[1]
    named = all_headings() | {"6": line("六、需要说明的事项与附表", Label.SECTION)}
    assert laid_out(report(named))[1]["6"].heading == "六、需要说明的事项与附表"


@pytest.mark.parametrize("ordinal", ["", "四、"])
def test_the_short_heading_of_section_4_is_one_though_it_was_taken_for_a_header(
    ordinal: str,
) -> None:
    taken = line(ordinal + "复议、诉讼情况", Label.COLUMN)
    _, found, _ = laid_out(report(all_headings() | {"4": taken}))
    assert found["4"].heading == ordinal + "复议、诉讼情况"


def test_measures_under_a_heading_of_their_own_are_no_section_6() -> None:
    plan = line("六、下步工作安排", Label.SECTION)
    assert "6" not in laid_out(report(all_headings() | {"6": plan}))[1]


@pytest.mark.parametrize(
    ("number", "is_body"),
    [("第1张，共3张", True), ("第3组", True), ("第 3 页", False), ("第3页 共12页", False)],
)
def test_only_the_number_of_a_page_is_cut_off_a_body(number: str, is_body: bool) -> None:
    numbered = heading("3") + line(number, Label.NOISE)
    doc, found, _ = laid_out(report(all_headings() | {"3": numbered}))
    assert body(doc, found["3"]).startswith(number) == is_body
