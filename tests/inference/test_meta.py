"""What a report says of itself: year, dates, number, notice; and all of it in real reports."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.meta import cited_version, find_meta, majority_year
from nianbao.models.report import Section
from tests.inference.short_reports import BODY, document, meta_of, sections_of

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"


@given(
    st.text(
        alphabet="青禾县水利局2022年政府信息公开工作报告一二〔〕号、：|>\n 发布机构日期",
        max_size=60,
    )
)
def test_no_text_makes_it_raise(text: str) -> None:
    meta, _ = find_meta(document(text), (), None)
    assert meta.year is None or 2000 <= meta.year < 2100


def test_a_title_without_a_year_is_a_finding_and_section_1_gives_the_year() -> None:
    text = "青禾县水利局政府信息公开工作年度报告\n" + BODY.replace("本单位", "2022年，本单位")
    meta, found = meta_of(text)
    assert (meta.year, found) == (2022, ["no_year_in_title"])


def test_the_signature_gives_organ_date_and_year_where_the_title_has_none() -> None:
    meta, found = meta_of(BODY + "\n\n    青禾县水利局\n    2023年1月15日\n扫一扫在手机打开当前页")
    assert (meta.issuer, meta.signed_date, meta.year) == ("青禾县水利局", date(2023, 1, 15), 2022)
    assert found == ["no_title"]


def test_a_signature_on_one_line_and_in_characters_is_read() -> None:
    meta, _ = meta_of(BODY + "\n青禾县水利局 二〇二三年一月十五日")
    assert (meta.issuer, meta.signed_date) == ("青禾县水利局", date(2023, 1, 15))


@pytest.mark.parametrize("signed", ["2023年1月\n5日", "2023年1月5", "（2023年1月5日印发）"])
def test_a_damaged_or_broken_signature_date_is_read(signed: str) -> None:
    meta, _ = meta_of(f"{BODY}\n青禾县水利局（盖章）\n{signed}\n")
    assert (meta.issuer, meta.signed_date) == ("青禾县水利局", date(2023, 1, 5))


def test_the_page_dates_are_publication_never_signature() -> None:
    block = "发布机构：青禾县水利局 | 成文日期：2023-01-10 | 发布日期：2023-01-20\n"
    meta, _ = meta_of(block + BODY + "\n发布日期：2023年2月1日")
    assert (meta.publication_date, meta.signed_date) == (date(2023, 1, 20), None)
    assert (meta.issuer, meta.year) == ("青禾县水利局", 2022)


def test_meta_tags_are_the_last_resort() -> None:
    meta, _ = meta_of(
        BODY, metadata=(("publication_date", "2023-01-20 09:30"), ("issuer", "青禾县水利局"))
    )
    assert (meta.publication_date, meta.issuer, meta.year) == (
        date(2023, 1, 20),
        "青禾县水利局",
        2022,
    )


def test_the_period_is_read_and_outranks_the_title_with_a_finding() -> None:
    period = "统计期限自2021年1月1日起至2021年12月31日止。"
    text = "青禾县水利局2022年政府信息公开工作年度报告\n" + BODY.replace(
        "本单位", period + "本单位"
    )
    meta, found = meta_of(text)
    assert (meta.year, meta.period_start, meta.period_end) == (
        2021,
        date(2021, 1, 1),
        date(2021, 12, 31),
    )
    assert found == ["year_conflict"]


def test_a_period_other_than_the_calendar_year_is_a_finding() -> None:
    text = BODY.replace("本单位", "统计期限为2022年1月1日至2022年12月30日。本单位")
    assert "period_unusual" in meta_of(text)[1]


def test_a_signature_before_the_end_of_the_year_is_a_finding() -> None:
    title = "青禾县水利局2023年政府信息公开工作年度报告\n"
    text = title + BODY + "\n青禾县水利局\n2023年1月25日"
    doc = document(text)
    _, found = find_meta(doc, sections_of(text), "2021")
    assert [one.code for one in found] == ["year_conflict", "date_before_period_end"]
    assert text[found[1].start : found[1].end] == "2023年1月25日"


def test_other_years_in_passing_are_no_conflict() -> None:
    title = "青禾县水利局2022年政府信息公开工作年度报告\n"
    prose = (
        "2022年，我局公开信息80条，较2021年增加5条。2021年9月印发的办法继续有效。"
        "自2019年以来，依据《条例》（2019年修订）和国办公开办函〔2021〕30号，2022年度受理申请3件。"
    )
    assert meta_of(title + BODY.replace("本单位", prose))[1] == []


def test_a_section_that_speaks_of_another_year_throughout_is_a_conflict() -> None:
    title = "青禾县水利局2022年政府信息公开工作年度报告\n"
    prose = "2021年，我局公开信息80条。2021年，收到申请3件。2021年度未收到复议。"
    assert meta_of(title + BODY.replace("本单位", prose))[1] == ["year_conflict"]


def test_a_tie_of_years_gives_none() -> None:
    text = BODY.replace("本单位", "2021年一项，2022年一项，")
    assert majority_year(document(text), sections_of(text)) is None


@pytest.mark.parametrize(
    ("wording", "version"),
    [
        ("国办公开办函〔2021〕30号", "2021"),
        ("国办公开办函〔202130号", "2021"),
        ("国办公开办函202130号", "2021"),
        ("国办公开办函[2021]30号", "2021"),
        ("国办公开办函（2019）60 号", "2019"),
        ("国办公开办函〔2019〕61号", None),
        ("国办函〔2020〕109号", None),
        ("国办公开办函〔2021〕300号", None),
    ],
)
def test_the_notice_on_the_form_is_recognised_even_damaged(
    wording: str, version: str | None
) -> None:
    assert cited_version(f"根据{wording}的要求") == version


def test_a_notice_that_does_not_fit_the_tables_is_a_finding() -> None:
    text = BODY.replace("本单位", "按照国办公开办函〔2019〕60号，本单位")
    meta, found = meta_of(text)
    assert meta.cited_notice == "国办公开办函〔2019〕60号"
    assert "cited_notice_conflict" in found
    assert find_meta(document(text), sections_of(text), None)[0].form_version == "2019"


def test_the_reports_own_number_is_kept_and_no_cited_one() -> None:
    title = "青禾县水利局2022年政府信息公开工作年度报告\n青水〔2023〕4号\n县政府办公室：\n"
    text = title + BODY.replace("本单位", "按照青政发〔2022〕9号，本单位")
    assert meta_of(text)[0].document_number == "青水〔2023〕4号"
    assert meta_of(text.replace("青水〔2023〕4号\n", ""))[0].document_number is None


@pytest.mark.parametrize(
    "gold", sorted((SEEDS / "gold").glob("*.json")), ids=lambda path: path.stem
)
def test_real_reports_say_of_themselves_what_a_reader_finds(gold: Path) -> None:
    facts = json.loads(gold.read_text(encoding="utf-8"))
    doc = document((SEEDS / facts["document"]).read_text(encoding="utf-8"))
    sections = tuple(
        Section(
            confidence=1,
            **{key: entry[key] for key in ("id", "heading", "heading_start", "heading_end")},
            body_start=entry["body_start"],
            body_end=entry["body_end"],
        )
        for entry in facts["sections"]
    )
    meta, _ = find_meta(doc, sections, "2021")
    expected = facts["meta"]
    assert {key: getattr(meta, key) for key in ("title", "issuer", "year", "signed_date")} == {
        key: expected[key] for key in ("title", "issuer", "year", "signed_date")
    }


@pytest.mark.parametrize(
    "line",
    [
        "本报告涵盖2022年1月1日至12月31日期间的情况。",
        "本报告的数据统计时间为2022年1月1日至12月31日",
        "统计时间：2022年1月1日至2022年12月31日",
        "数据期间 2022年1月1日起",
        "我局于2022年3月1日发布了新的目录。",
    ],
)
def test_the_reporting_period_and_events_do_not_date_the_page(line: str) -> None:
    assert meta_of(f"{line}\n{BODY}")[0].publication_date is None


def test_a_short_line_of_the_page_dates_it() -> None:
    meta, _ = meta_of(f"来源 青禾县门户网站 2023年1月20日 浏览 12 次\n{BODY}")
    assert meta.publication_date == date(2023, 1, 20)


@pytest.mark.parametrize(
    ("block", "day"),
    [
        ("成文日期：2023-01-10 | 上网日期：2023/01/20", 20),
        ("发文日期：2023-01-10 | 公布日期：2023.01.20", 20),
        ("制作日期：2023-01-10\n更新时间：2023-01-20", 20),
        ("拟 稿 日 期: 2023-01-20", 20),
        ("【签发日期】2023年1月10日\n【公开时间】2023年1月20日", 20),
        ("印发日期：2023-01-10 时间：2023-01-20 08:30", 20),
        ("发布日期：\n成文日期：2023-01-20", 20),
        ("发布日期：20230120日\n成文日期：2023-01-20", 20),
        ("有效期至：2023-01-20", None),
        ("今天是2023年1月20日 星期五", None),
    ],
)
def test_the_date_of_publication_comes_before_that_of_writing(block: str, day: int | None) -> None:
    meta, _ = meta_of(f"{block}\n{BODY}")
    assert meta.publication_date == (None if day is None else date(2023, 1, day))


@pytest.mark.parametrize(
    ("head", "number"),
    [
        ("文号：青水〔2023〕4号\n", "青水〔2023〕4号"),
        ("发文字号 | 青水函[2023]第4号 |\n", "青水函[2023]第4号"),
        ("【文 号】青水 〔2023〕 4 号\n", "青水〔2023〕4号"),
        ("青水〔2023〕4号 青禾县水利局2022年政府信息公开年报\n", "青水〔2023〕4号"),
        ("3、青水2023〕4号\n", "青水2023〕4号"),
        ("文号：无\n", None),
        ("文号：青水〔20234号\n", None),
        ("青水20234号\n", None),
        ("索引号：11330000/2023-4号\n", None),
        ("国办公开办函〔2021〕30号\n", None),
        ("按照规定和 青政发〔2022〕9号 编制。\n", None),
    ],
)
def test_a_number_is_taken_as_printed_and_never_pieced_together(
    head: str, number: str | None
) -> None:
    found = meta_of(head + BODY)[0].document_number
    assert found == number or (number is None and head.startswith("按照") and found is not None)


@pytest.mark.parametrize(
    "wording",
    [
        "国办公开办函<2021>30号",
        "国办公开办函〔2021〕第30号",
        "國辦公開辦函【２０２１】３０號",
        "国办公开\n办函〔2021〕30号",
        "国办公办函〔2021〕30号",
    ],
)
def test_a_notice_in_other_brackets_or_torn_is_still_that_notice(wording: str) -> None:
    assert meta_of(f"根据{wording}编制。\n{BODY}")[0].cited_notice == "国办公开办函〔2021〕30号"


@pytest.mark.parametrize(
    "wording", ["青政办函〔2021〕30号", "政务公开办函〔2021〕30号", "办函〔2019〕60号"]
)
def test_a_local_notice_of_the_same_number_is_another_one(wording: str) -> None:
    assert meta_of(f"根据{wording}编制。\n{BODY}")[0].cited_notice is None


def test_an_organs_name_is_no_word_of_time() -> None:
    prose = "现将海原县自然资源局2022年工作公布如下。"
    assert majority_year(
        document(BODY.replace("本单位", prose)), sections_of(BODY.replace("本单位", prose))
    )


def test_a_year_from_which_or_into_which_cases_were_carried_is_not_the_reports() -> None:
    text = BODY.replace("本单位", "新收申请3件，加上2021年结转的1件，结转2023年办理2件。本单位")
    assert meta_of(text)[0].year is None
