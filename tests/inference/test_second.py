"""Two reports in one input: one of them is taken, and its offsets are the input's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.pipeline import build_report
from nianbao.inference.second import (
    COMPLETE,
    LEAST_FIGURES,
    LEAST_SECTIONS,
    only_first_report,
)
from nianbao.models.document import Document
from nianbao.models.form import sections
from nianbao.models.labels import Label
from nianbao.training.evaluate import GoldTagger
from nianbao.training.synthetic.marked import Marked

ALL = "123456"

kept_sections = st.sets(st.sampled_from("23456")).map(lambda ids: "1" + "".join(sorted(ids)))


def report(name: str, ids: str = ALL, *, titled: bool = True) -> Marked:
    """A report with headings of the sections `ids` and a sentence below each."""
    marked = Marked()
    if titled:
        marked = Marked.of(f"{name}2023年政府信息公开工作年度报告", Label.TITLE) + "\n"
    for section in sections():
        if section.id in ids:
            ordinal = "一二三四五六"[int(section.id) - 1]
            heading = Marked.of(f"{ordinal}、{section.short}", Label.SECTION)
            marked = marked + heading + f"\n{name}的情况如表所列。\n"
    return marked


def document(*reports: Marked) -> Document:
    marked = sum(reports[1:], start=reports[0])
    return Document("-", marked.text, "txt", "", "utf-8", spans=marked.spans())


@given(kept_sections)
def test_a_single_report_is_left_as_it_is(ids: str) -> None:
    doc = document(report("青禾县", ids))
    assert only_first_report(doc) == (doc, ())


@given(kept_sections, kept_sections, st.booleans())
def test_what_is_kept_stands_where_it_stood(first: str, again: str, titled: bool) -> None:
    doc = document(report("青禾县", first), report("白石市", again, titled=titled))
    kept, findings = only_first_report(doc)
    assert set(kept.spans) <= set(doc.spans)
    assert all(kept.wording(span) == doc.wording(span) for span in kept.spans)
    assert all(char in ("\n", doc.text[at]) for at, char in enumerate(kept.text)), (
        "a character moved"
    )
    assert bool(findings) == (kept != doc)


@given(kept_sections, kept_sections)
def test_the_first_complete_one_is_kept(first: str, again: str) -> None:
    doc = document(report("青禾县", first), report("白石市", again))
    kept, findings = only_first_report(doc)
    names = [name for name in ("青禾县", "白石市") if name in kept.text]
    whole = min(len(first), len(again)) >= LEAST_SECTIONS and first[-1] in "56"
    begun = COMPLETE <= set(again)
    assert len(findings) == (whole or begun)
    if not findings:
        assert names == ["青禾县", "白石市"]
    elif whole:
        complete = COMPLETE <= set(first) or len(first) >= len(again)
        assert names == ["青禾县" if complete else "白石市"]
    else:
        assert names == ["白石市"]


def test_the_finding_points_at_the_heading_that_begins_again() -> None:
    doc = document(report("青禾县"), report("白石市"))
    _, (found,) = only_first_report(doc)
    assert found.code == "second_report"
    assert found.start == doc.text.rindex("一、总体情况")
    assert doc.text[found.start : found.end] == "一、总体情况"


def test_the_title_of_the_second_goes_with_it() -> None:
    kept, _ = only_first_report(document(report("青禾县"), report("白石市")))
    assert [kept.wording(span) for span in kept.spans if span.label is Label.TITLE] == [
        "青禾县2023年政府信息公开工作年度报告"
    ]
    kept, _ = only_first_report(document(report("青禾县", "1235"), report("白石市")))
    assert [kept.wording(span) for span in kept.spans if span.label is Label.TITLE] == [
        "白石市2023年政府信息公开工作年度报告"
    ]


def test_a_fragment_behind_a_report_is_no_second_one() -> None:
    doc = document(report("青禾县"), report("白石市", "12"))
    assert only_first_report(doc) == (doc, ())


def test_an_outline_above_a_report_is_none() -> None:
    outline = Marked()
    for section in sections():
        outline = outline + Marked.of(f"{section.id}、{section.short}", Label.SECTION) + "\n"
    doc = document(outline, report("青禾县"))
    assert only_first_report(doc) == (doc, ())


@pytest.mark.parametrize("ids", ["1", "12", "123"])
def test_a_report_that_breaks_off_gives_way_to_the_complete_one_below(ids: str) -> None:
    kept, (found,) = only_first_report(document(report("青禾县", ids), report("白石市")))
    assert "青禾县" not in kept.text and "白石市2023年" in kept.text
    assert found.code == "second_report"


def test_a_report_without_section_6_is_complete() -> None:
    kept, _ = only_first_report(document(report("青禾县", "12345"), report("白石市")))
    assert "白石市" not in kept.text


def test_a_title_behind_section_5_begins_a_report_whatever_its_first_heading_says() -> None:
    first = Marked.of("一、这一年的工作", Label.SECTION) + "\n全年平稳有序。\n"
    title = Marked.of("白石市2023年政府信息公开工作年度报告", Label.TITLE) + "\n"
    doc = document(report("青禾县"), title, first, report("白石市", "23456", titled=False))
    kept, findings = only_first_report(doc)
    assert len(findings) == 1 and "白石市" not in kept.text


def test_the_organs_line_above_a_second_title_goes_with_it() -> None:
    title = Marked.of("2023年政府信息公开工作年度报告", Label.TITLE) + "\n"
    second = Marked("白石市水利局\n") + title + report("白石市", titled=False)
    kept, findings = only_first_report(document(report("青禾县"), second))
    assert len(findings) == 1 and "白石市" not in kept.text


def test_a_heading_that_is_printed_twice_in_a_row_begins_no_second_report() -> None:
    doc = document(report("青禾县", "1"), report("白石市", titled=False))
    assert only_first_report(doc) == (doc, ())


def test_the_report_that_is_left_is_the_whole_result() -> None:
    doc = document(report("青禾县水利局", "1235"), report("白石市水利局"))
    parsed = build_report(doc, GoldTagger(doc))
    assert parsed.meta.title == "白石市水利局2023年政府信息公开工作年度报告"
    assert parsed.source.text == doc.text
    assert "second_report" in parsed.reasons
    assert parsed.status == "review"
    half = doc.text.index("白石市")
    assert all(section.body_start >= half for section in parsed.sections)
    assert all(doc.text[s.heading_start : s.heading_end] == s.heading for s in parsed.sections)


@pytest.mark.parametrize("ids", ["13456", "1245", "2345"])
def test_a_report_with_its_tables_is_complete_though_a_heading_is_lost(ids: str) -> None:
    values = Marked.of("0", Label.VALUE)
    for _ in range(LEAST_FIGURES):
        values = values + "\t" + Marked.of("0", Label.VALUE)
    doc, findings = only_first_report(document(report("青禾县", ids), report("白石县")))
    assert "白石县的情况" in doc.text
    tabled = document(report("青禾县", ids) + values + "\n", report("白石县"))
    doc, findings = only_first_report(tabled)
    assert [found.code for found in findings] == ["second_report"]
    assert "青禾县的情况" in doc.text and "白石县的情况" not in doc.text


def test_a_reworded_heading_counts_by_its_number() -> None:
    odd = Marked.of("青禾县2023年政府信息公开工作年度报告", Label.TITLE)
    for text in ("一、要点落实", "二、晒了什么", "三、谁来问过", "四、打过的官司", "五、不足之处"):
        odd = odd + "\n" + Marked.of(text, Label.SECTION) + "\n青禾县的情况如表所列。"
    doc, findings = only_first_report(document(odd + "\n", report("白石县")))
    assert [found.code for found in findings] == ["second_report"]
    assert "白石县的情况" not in doc.text
