"""The headings of the six sections: which lines are theirs, in whatever words."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.headings import find_headings
from nianbao.inference.tokens import tokens_of
from nianbao.models.document import Document
from nianbao.models.labels import Label
from nianbao.training.synthetic.marked import Marked
from tests.inference.six_sections import (
    BODIES,
    LONG,
    NUMERALS,
    PARTS,
    SHORT,
    all_headings,
    bare,
    body,
    codes,
    heading,
    laid_out,
    line,
    report,
)


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


def test_a_heading_that_kept_its_number_alone_is_one() -> None:
    _, found, _ = laid_out(report(all_headings() | {"3": heading("3", "")}))
    assert found["3"].heading == "三、"


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
