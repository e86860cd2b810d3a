"""The three reports of `examples/`: facts that a careful reader finds in them."""

from datetime import date
from pathlib import Path

import pytest

from nianbao.inference.pipeline import parse
from nianbao.inference.rules import RuleTagger
from nianbao.inference.tagger import NetworkTagger, load_tagger
from nianbao.models.report import Item, Report

EXAMPLES = Path(__file__).parents[1] / "examples"
COUNTY, CITY, TOWNSHIP = "01-county-bureau.txt", "02-city-office.html", "03-township.md"
NAMES = (COUNTY, CITY, TOWNSHIP)


@pytest.fixture(scope="session")
def shipped_tagger() -> NetworkTagger:
    return load_tagger()


@pytest.fixture(scope="module")
def reports(shipped_tagger: NetworkTagger) -> dict[str, Report]:
    return {name: parse(EXAMPLES / name, tagger=shipped_tagger) for name in NAMES}


def failed(report: Report) -> list[str]:
    return [check.id for check in report.checks if check.state == "fail"]


def codes(report: Report) -> set[str]:
    return {finding.code for finding in report.findings}


def body(report: Report, id_: str) -> str:
    section = next(section for section in report.sections if section.id == id_)
    return report.source.text[section.body_start : section.body_end]


@pytest.mark.parametrize(
    ("name", "title", "issuer", "year", "signed", "version"),
    [
        (COUNTY, "云澜县水务局2023年政府信息公开工作年度报告", "云澜县水务局", 2023,
         date(2024, 1, 19), "2021"),
        (CITY, "栖宁市市场监督管理局2022年政府信息公开工作年度报告", "栖宁市市场监督管理局", 2022,
         date(2023, 1, 16), "2021"),
        (TOWNSHIP, "泊渡县苇湾镇人民政府2021年政府信息公开工作年度报告", "泊渡县苇湾镇人民政府",
         2021, date(2021, 12, 28), "2019"),
    ],
)  # fmt: skip
def test_title_organ_year_signature_and_form_are_read(
    reports: dict[str, Report],
    name: str,
    title: str,
    issuer: str,
    year: int,
    signed: date,
    version: str,
) -> None:
    meta = reports[name].meta
    assert (meta.title, meta.issuer, meta.year) == (title, issuer, year)
    assert (meta.signed_date, meta.form_version) == (signed, version)


def test_the_page_of_the_city_says_when_it_was_published(reports: dict[str, Report]) -> None:
    meta = reports[CITY].meta
    assert meta.publication_date == date(2023, 1, 18)
    assert (meta.period_start, meta.period_end) == (date(2022, 1, 1), date(2022, 12, 31))
    assert meta.cited_notice == "国办公开办函〔2021〕30号"


@pytest.mark.parametrize("name", NAMES)
def test_all_six_sections_stand_in_order(reports: dict[str, Report], name: str) -> None:
    assert [section.id for section in reports[name].sections] == list("123456")


@pytest.mark.parametrize(
    ("name", "id_", "first", "last"),
    [
        (COUNTY, "1", "（一）主动公开", "错字当日改正。"),
        (COUNTY, "2", "第二十条第（一）项", "41.37"),
        (COUNTY, "3", "（本列数据的勾稽关系为", "3"),
        (COUNTY, "5", "（一）存在的主要问题", "查找过程。"),
        (CITY, "1", "（一）主动公开。全年", "提出意见。"),
        (CITY, "4", "行政复议", "11"),
        (CITY, "5", "回顾全年", "一期短片。"),
        (TOWNSHIP, "1", "2021年，苇湾镇", "的公开栏。"),
        (TOWNSHIP, "5", "1. 村级公开栏", "学习三个月。"),
    ],
)
def test_a_section_has_the_edges_that_a_reader_sees(
    reports: dict[str, Report], name: str, id_: str, first: str, last: str
) -> None:
    text = body(reports[name], id_)
    assert (text[: len(first)], text[-len(last) :]) == (first, last)


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        (COUNTY, "t2.normative.in_force", 17),
        (COUNTY, "t2.fees", 41.37),
        (COUNTY, "t3.new.total", 46),
        (COUNTY, "t3.new.legal_service", 3),
        (COUNTY, "t3.partial.natural_person", 6),
        (COUNTY, "t3.deny.process_info.research", 1),
        (COUNTY, "t3.deny.state_secret.total", 0),
        (COUNTY, "t3.other.misc.business", 1),
        (COUNTY, "t4.litigation_after_review.other", 1),
        (CITY, "t2.licensing", 18342),
        (CITY, "t2.fees", 902.6),
        (CITY, "t3.new.natural_person", 268),
        (CITY, "t3.refuse.publication.business", 1),
        (CITY, "t3.total_handled.total", 384),
        (CITY, "t4.review.corrected", 4),
        (CITY, "t4.litigation_after_review.pending", 4),
        (TOWNSHIP, "t2.licensing.change", 3),
        (TOWNSHIP, "t2.penalty.change", -2),
        (TOWNSHIP, "t2.procurement.amount", 86.2),
        (TOWNSHIP, "t3.other.business", 1),
        (TOWNSHIP, "t3.carried_out.business", 1),
        (TOWNSHIP, "t4.litigation_direct.corrected", 1),
    ],
)
def test_a_cell_holds_what_is_printed(
    reports: dict[str, Report], name: str, path: str, value: float
) -> None:
    cell = reports[name].cell(path)
    assert (cell.value, cell.state) == (value, "found")
    assert reports[name].source.text[cell.start : cell.end] == cell.raw


@pytest.mark.parametrize(("name", "n_cells"), [(COUNTY, 200), (CITY, 200)])
def test_where_every_cell_is_printed_every_cell_is_found(
    reports: dict[str, Report], name: str, n_cells: int
) -> None:
    assert [cell.state for cell in reports[name].cells] == ["found"] * n_cells


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("t2.regulations.newly_made", "not_applicable"),
        ("t4.litigation_after_review.total", "not_applicable"),
        ("t2.coercion.decisions", "blank"),
        ("t3.deny.state_secret.natural_person", "blank"),
        ("t3.refuse.excessive.total", "blank"),
    ],
)
def test_blanks_and_strokes_of_the_township_are_null_and_not_zero(
    reports: dict[str, Report], path: str, state: str
) -> None:
    cell = reports[TOWNSHIP].cell(path)
    assert (cell.value, cell.state) == (None, state)


def test_the_wrong_cell_of_the_county_breaks_its_row_and_its_column(
    reports: dict[str, Report],
) -> None:
    assert failed(reports[COUNTY]) == ["t3.result_sum.natural_person", "t3.row_sum.partial"]
    assert (reports[COUNTY].status, reports[COUNTY].reasons) == ("review", ("sum_mismatch",))


def test_the_claim_of_the_county_that_contradicts_the_table_is_found(
    reports: dict[str, Report],
) -> None:
    report = reports[COUNTY]
    [odd] = [finding for finding in report.findings if finding.code == "claim_mismatch"]
    assert report.source.text[odd.start : odd.end] == "收到政府信息公开申请49件"
    assert odd.cells == ("t3.new.total",)
    assert odd.message.endswith("“表三 一、本年新收政府信息公开申请数量 总计”为46")
    stated = {claim.path: claim.value for claim in report.claims}
    assert stated["t3.total_handled.total"] == report.cell("t3.total_handled.total").value


def test_the_report_of_the_city_is_clean(reports: dict[str, Report]) -> None:
    report = reports[CITY]
    assert [check.state for check in report.checks] == ["pass"] * 42
    assert (report.status, report.findings) == ("ok", ())
    assert {claim.value for claim in report.claims} == {384, 20}


def test_the_oddities_of_the_township_are_told(reports: dict[str, Report]) -> None:
    report = reports[TOWNSHIP]
    expected = {"old_form", "date_before_period_end", "heading_reworded", "blank_cells"}
    assert expected <= codes(report)
    assert not codes(report) & {"sum_mismatch", "claim_mismatch", "table_missing"}


def texts(items: tuple[Item, ...], role: str) -> list[str]:
    return [item.text for item in items if item.role == role]


@pytest.mark.parametrize(
    ("name", "n_problems", "n_measures", "problem", "measure"),
    [
        (COUNTY, 3, 3, "答复书的理由写得过简，有3名申请人来电要求补充说明",
         "为水价、取水许可等五类政策制作案例图解，随文件一并发布"),
        (CITY, 4, 4, "典型案例只有文字通报，群众不易看懂",
         "抽检系统与网站直接对接，结果审定后三个工作日内公布"),
        (TOWNSHIP, 2, 2, "村级公开栏风吹雨淋，字迹模糊，老人看不清",
         "选派一名干部到县政务公开科跟班学习三个月"),
    ],
)  # fmt: skip
def test_problems_and_measures_are_told_apart(
    reports: dict[str, Report],
    name: str,
    n_problems: int,
    n_measures: int,
    problem: str,
    measure: str,
) -> None:
    items = reports[name].items
    assert problem in texts(items, "problem")
    assert measure in texts(items, "measure")
    assert len(texts(items, "problem")) == n_problems
    assert len(texts(items, "measure")) == n_measures


@pytest.mark.parametrize(
    ("name", "last"), [(COUNTY, "信息处理费。"), (CITY, "300元。"), (TOWNSHIP, "无。")]
)
def test_signature_and_footer_stand_outside_the_last_section(
    reports: dict[str, Report], name: str, last: str
) -> None:
    assert body(reports[name], "6").endswith(last)


@pytest.mark.parametrize("name", NAMES)
def test_the_trained_tagger_reads_the_same_cells_as_the_rules(
    reports: dict[str, Report], name: str
) -> None:
    by_rules = parse(EXAMPLES / name, tagger=RuleTagger())
    ours = {cell.path: (cell.value, cell.state) for cell in reports[name].cells}
    assert ours == {cell.path: (cell.value, cell.state) for cell in by_rules.cells}
