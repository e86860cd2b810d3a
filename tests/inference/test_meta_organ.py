"""Whose report it is, by its title, its signature or its page, and whom it covers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.meta import scope_of
from nianbao.inference.title import find_title, organ_name, organ_of
from nianbao.models.labels import Label, Span
from tests.inference.short_reports import BODY, document, meta_of

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


@given(ORGANS, YEARS, TITLES)
def test_every_usual_title_gives_organ_and_year(organ: str, year: int, layout: str) -> None:
    title = layout.format(o=organ, y=year)
    meta, found = meta_of(f"{title}\n\n{BODY}")
    assert (meta.title, meta.issuer, meta.year) == (title.replace("\n", ""), organ, year)
    assert found == []


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


def test_a_site_as_source_is_no_issuer() -> None:
    meta, _ = meta_of(
        "来源：青禾县教育局\n" + BODY, metadata=(("issuer", "青禾县人民政府门户网站"),)
    )
    assert meta.issuer is None


@pytest.mark.parametrize(
    ("organ", "scope"),
    [("青禾县人民政府", "aggregated"), ("青禾县人民政府办公室", "own"), ("柳桥镇人民政府", "own"),
     ("青禾县水利局", "own"), ("城关街道办事处", "own"), ("青禾省人民政府", "aggregated"),
     ("青禾开发区管理委员会", None), ("青禾县人民政府（本级）", "own"), (None, None),
     ("青禾县城关街道", "own"), ("青禾市", "aggregated")],
)  # fmt: skip
def test_the_scope_follows_the_organ(organ: str | None, scope: str | None) -> None:
    assert scope_of(organ) == scope


def test_a_title_of_traditional_characters_keeps_them() -> None:
    title = find_title(document("青禾縣水務局2022年政府信息公開工作年度報告\n正文"), ())
    assert title is not None and organ_of(title.text) == "青禾縣水務局"


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


def test_a_label_in_a_sentence_of_the_sites_footer_is_no_signature() -> None:
    text = f"{BODY}\n分享\n本站由青禾县政府研究室主办\n"
    start = text.index("青禾县政府研究室")
    assert meta_of(text, Span(start, start + 8, Label.ISSUER))[0].issuer is None


def test_a_section_of_an_organ_is_no_issuer() -> None:
    assert meta_of(f"责任科室：党政办公室\n发布科室：综合办公室\n{BODY}")[0].issuer is None
