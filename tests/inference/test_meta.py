"""What a report says of itself."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.meta import cited_version, find_meta, majority_year, scope_of
from nianbao.inference.title import find_title, organ_name, organ_of
from nianbao.models.document import Document
from nianbao.models.form import Version
from nianbao.models.labels import Label, Span
from nianbao.models.report import Finding, Meta, Section, SectionId

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
ORGANS = st.sampled_from(
    """
    青禾县水利局 青禾县人民政府 青禾县人民政府办公室 柳桥镇人民政府 柳桥镇 中共青禾县委办公室
    青禾市公安局东山分局 国家税务总局青禾县税务局 青禾高新技术产业开发区管理委员会 城关街道办事处
    青禾县水利局（县河长制办公室）
    """.split()
)
YEARS = st.integers(2008, 2040)
TITLES = st.sampled_from(
    """
    {o}{y}年政府信息公开工作年度报告 {y}年{o}政府信息公开工作年度报告 {o}{y}年政府信息公开年报
    {o}{y}年度政府信息公开工作报告 {o}关于{y}年度政府信息公开情况的报告
    {o}{y}年度政府信息公开年度报告 {y}年度{o}信息公开工作报告 {o}{y}政府信息公开年度报告
    {o}{y}年政府信息公开工作年度报告（文字版） 关于{o}{y}年政府信息公开工作的年度报告
    {o}|{y}年政府信息公开工作年度报告 {o}{y}年度政府|信息公开工作年度报告
    """.split()
).map(lambda title: title.replace("|", "\n"))
BODY = "一、总体情况\n本单位做好各项工作。\n六、其他需要报告的事项\n无。"


def document(text: str, *spans: Span, metadata: tuple[tuple[str, str], ...] = ()) -> Document:
    return Document("-", text, "txt", "", "utf-8", metadata=metadata, spans=spans)


def sections_of(text: str) -> tuple[Section, ...]:
    """Sections 1 and 6 of a text that is built like BODY."""
    first, last = text.find("一、总体情况"), text.find("六、其他需要报告的事项")
    end = text.index("无。", last) + 2
    edges: tuple[tuple[SectionId, int, int, int], ...]
    edges = (("1", first, 6, last - 1), ("6", last, 11, end))
    return tuple(
        Section(id=id_, heading=None, heading_start=start, heading_end=start + length,
                body_start=start + length + 1, body_end=stop, confidence=1)
        for id_, start, length, stop in edges
    )  # fmt: skip


def meta_of(
    text: str, *spans: Span, version: Version | None = "2021",
    metadata: tuple[tuple[str, str], ...] = (),
) -> tuple[Meta, list[str]]:  # fmt: skip
    found: tuple[Finding, ...]
    doc = document(text, *spans, metadata=metadata)
    meta, found = find_meta(doc, sections_of(text), version)
    return meta, [one.code for one in found]


@given(ORGANS, YEARS, TITLES)
def test_every_usual_title_gives_organ_and_year(organ: str, year: int, layout: str) -> None:
    title = layout.format(o=organ, y=year)
    meta, found = meta_of(f"{title}\n\n{BODY}")
    assert (meta.title, meta.issuer, meta.year) == (title.replace("\n", ""), organ, year)
    assert found == []


@given(
    st.text(
        alphabet="青禾县水利局2022年政府信息公开工作报告一二〔〕号、：|>\n 发布机构日期",
        max_size=60,
    )
)
def test_no_text_makes_it_raise(text: str) -> None:
    meta, _ = find_meta(document(text), (), None)
    assert meta.year is None or 2000 <= meta.year < 2100


def test_a_repeated_title_and_its_lost_last_character_are_dropped() -> None:
    title = "青禾县水利局2022年政府信息公开工作年度报告"
    meta, _ = meta_of(f"首页 > 年报 > {title}\n{title}\n告\n来源：青禾县门户网站\n{BODY}")
    assert (meta.title, meta.issuer) == (title, "青禾县水利局")


def test_the_taggers_title_counts_only_if_its_wording_is_one() -> None:
    head = "青禾县水利局\n2022年政府信息公开工作年度报告\n"
    text = head + BODY
    assert meta_of(text, Span(0, 6, Label.TITLE))[0].title == head.replace("\n", "")


def test_a_menu_entry_is_no_title() -> None:
    meta, found = meta_of(f"政府信息公开指南\n政府信息公开年报\n{BODY}")
    assert meta.title is None
    assert found == ["no_title", "no_issuer", "no_year"]


def test_a_title_without_a_year_is_a_finding_and_section_1_gives_the_year() -> None:
    text = "青禾县水利局政府信息公开工作年度报告\n" + BODY.replace("本单位", "2022年，本单位")
    meta, found = meta_of(text)
    assert (meta.year, found) == (2022, ["no_year_in_title"])


@pytest.mark.parametrize(
    "wording", ["我局", "某某政府网", "青禾发布公众号", "首页", "政府", "2022"]
)
def test_sites_accounts_and_pronouns_are_no_organs(wording: str) -> None:
    assert organ_name(wording) is None


@pytest.mark.parametrize(
    ("title", "organ"),
    [
        (
            "青禾县人民政府政务公开办公室2022年政府信息公开工作年度报告",
            "青禾县人民政府政务公开办公室",
        ),
        ("贵州省水利厅2022年政府信息公开工作年度报告", "贵州省水利厅"),
        ("全椒县2022年政府信息公开工作年度报告", "全椒县"),
        ("【2022】青禾县水利局政府信息公开工作年度报告", "青禾县水利局"),
        ("青禾縣水利局關於2022年度政府資訊公開情況的報告", "青禾縣水利局"),
        ("2022年政府信息公开工作年度报告（青禾县水利局）", "青禾县水利局"),
        ("青禾县水利局2022年度政府某某官网工作年度报告", "青禾县水利局"),
    ],
)
def test_words_beside_the_organ_do_not_stick_to_it(title: str, organ: str) -> None:
    assert organ_of(title) == organ


def test_bold_lines_of_markdown_are_one_title() -> None:
    title = find_title(document("**青禾县水利局2022年政府信**\n\n**息公开工作年度报告**\n"), ())
    assert title is not None and title.text == "青禾县水利局2022年政府信息公开工作年度报告"


def test_labelled_lines_that_break_inside_the_organ_are_joined() -> None:
    text = "青禾县\n林场2022年政府信息公开工作年度报告\n告\n"
    spans = (Span(0, 3, Label.TITLE), Span(4, 24, Label.TITLE), Span(25, 26, Label.TITLE))
    title = find_title(document(text, *spans), ())
    assert title is not None and title.text == "青禾县林场2022年政府信息公开工作年度报告"


def test_the_organ_of_a_title_that_names_none_is_null() -> None:
    assert organ_of("2022年政府信息公开工作年度报告") is None
    assert organ_of("工作总结") is None


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


def test_a_site_as_source_is_no_issuer() -> None:
    meta, _ = meta_of(
        "来源：青禾县教育局\n" + BODY, metadata=(("issuer", "青禾县人民政府门户网站"),)
    )
    assert meta.issuer is None


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
    ("organ", "scope"),
    [("青禾县人民政府", "aggregated"), ("青禾县人民政府办公室", "own"), ("柳桥镇人民政府", "own"),
     ("青禾县水利局", "own"), ("城关街道办事处", "own"), ("青禾省人民政府", "aggregated"),
     ("青禾开发区管理委员会", None), ("青禾县人民政府（本级）", "own"), (None, None),
     ("青禾县城关街道", "own"), ("青禾市", "aggregated")],
)  # fmt: skip
def test_the_scope_follows_the_organ(organ: str | None, scope: str | None) -> None:
    assert scope_of(organ) == scope


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


def test_a_title_of_traditional_characters_keeps_them() -> None:
    title = find_title(document("青禾縣水務局2022年政府信息公開工作年度報告\n正文"), ())
    assert title is not None and organ_of(title.text) == "青禾縣水務局"


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


@pytest.mark.parametrize("organ", ["青禾市残联", "青禾市工商联", "红柳嘎查", "城关街"])
def test_short_names_of_bodies_report_on_themselves(organ: str) -> None:
    assert scope_of(organ) == "own"


@pytest.mark.parametrize(
    "sentence",
    [
        "本报告由青禾县水利局编制。",
        "现公布青禾县水利局2022年政府信息公开工作年度报告。",
        "本报告可在青禾县水利局网站下载，请与青禾县水利局办公室联系。",
    ],
)
def test_an_organ_in_a_sentence_of_the_preface_is_neither_title_nor_issuer(sentence: str) -> None:
    meta, _ = meta_of(f"{sentence}\n{BODY}")
    assert (meta.title, meta.issuer, meta.scope) == (None, None, None)


def test_the_organ_of_the_signature_stands_alone_on_its_line_whole() -> None:
    text = BODY + "\n新疆维吾尔自治区青禾县水利局\n"
    start = text.index("维吾尔")
    meta, _ = meta_of(text, Span(start, len(text) - 1, Label.ISSUER))
    assert meta.issuer == "新疆维吾尔自治区青禾县水利局"


@pytest.mark.parametrize(
    "label", ["发布机构", "生成机构", "公布机关", "制作单位", "机构名称", "发 布 者"]
)
@pytest.mark.parametrize("layout", ["{}：{}", "{} | {} |", "【{}】{}", "{}\t{}", "• {}:\n\n {}"])
def test_the_organ_of_a_metadata_block_is_the_last_resort(label: str, layout: str) -> None:
    meta, _ = meta_of(layout.format(label, "青禾县水利局") + "\n" + BODY)
    assert meta.issuer == "青禾县水利局"


@pytest.mark.parametrize("label", ["来源", "供稿单位", "主办单位", "作者", "版权所有"])
def test_who_sends_in_or_hosts_the_page_is_no_issuer(label: str) -> None:
    assert meta_of(f"{label}：青禾县政府办公室\n{BODY}")[0].issuer is None


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


@pytest.mark.parametrize(
    ("organ", "scope"),
    [("青禾县国有资产监督管理委员会", "own"), ("青禾高新区管委会办公室", "own"), ("教育部", "own"),
     ("青禾盟行政公署", "aggregated"), ("红柳农场管理区", "own"),
     ("青禾自治县人民政府", "aggregated"),
     ("青禾县人民政府研究室", "own"), ("青禾开发区管理委员会（本级）", "own")],
)  # fmt: skip
def test_organs_with_the_name_of_others_in_theirs_have_their_own_scope(
    organ: str, scope: str
) -> None:
    assert scope_of(organ) == scope


def test_an_organs_name_is_no_word_of_time() -> None:
    prose = "现将海原县自然资源局2022年工作公布如下。"
    assert majority_year(
        document(BODY.replace("本单位", prose)), sections_of(BODY.replace("本单位", prose))
    )


def test_a_label_in_a_sentence_of_the_sites_footer_is_no_signature() -> None:
    text = f"{BODY}\n分享\n本站由青禾县政府研究室主办\n"
    start = text.index("青禾县政府研究室")
    assert meta_of(text, Span(start, start + 8, Label.ISSUER))[0].issuer is None


def test_a_section_of_an_organ_is_no_issuer() -> None:
    assert meta_of(f"责任科室：党政办公室\n发布科室：综合办公室\n{BODY}")[0].issuer is None


def test_a_year_from_which_or_into_which_cases_were_carried_is_not_the_reports() -> None:
    text = BODY.replace("本单位", "新收申请3件，加上2021年结转的1件，结转2023年办理2件。本单位")
    assert meta_of(text)[0].year is None
