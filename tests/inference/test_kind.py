"""What is a report, and what only looks like one."""

import pytest

from nianbao.inference.kind import require_report
from nianbao.models.document import Document
from nianbao.models.errors import NotAReport
from nianbao.models.form import form, sections
from nianbao.models.report import Cell, Section, SectionId, State

IDS: tuple[SectionId, ...] = ("1", "2", "3", "4", "5", "6")
TITLE = "青禾县水利局2022年政府信息公开工作年度报告"
PROSE = "2022年，我局认真做好信息公开各项工作，公开信息80条。\n"
MENU = "首页\n政府信息公开指南\n政府信息公开制度\n法定主动公开内容\n政府信息公开年报\n"
OUTLINE = "".join(f"{n}、{s.short}\n" for n, s in zip("一二三四五六", sections(), strict=True))


def cells(found: int = 0, state: State = "found") -> dict[str, Cell]:
    """The cells of the form, the first `found` of them printed."""
    return {
        path: Cell(path=path, value=0 if state == "found" else None, state=state)
        if index < found
        else Cell(path=path)
        for index, path in enumerate(form("2021").paths())
    }


def outline(text: str, ids: str = "123456") -> tuple[Section, ...]:
    """Sections for those headings of OUTLINE that stand in `text`."""
    found = []
    for numeral, id_, entry in zip("一二三四五六", IDS, sections(), strict=True):
        heading = f"{numeral}、{entry.short}"
        start = text.find(heading)
        if id_ in ids and start >= 0:
            end = start + len(heading)
            found.append(
                Section(id=id_, heading=heading, heading_start=start, heading_end=end,
                        body_start=end, body_end=end, confidence=1)
            )  # fmt: skip
    ends = [*(section.heading_start for section in found[1:]), len(text)]
    return tuple(s.model_copy(update={"body_end": e}) for s, e in zip(found, ends, strict=False))


def reason_of(text: str, found: dict[str, Cell] | None = None, ids: str = "123456") -> str | None:
    """Why the text is refused; None where it is taken."""
    doc = Document("-", text, "txt", "", "utf-8")
    try:
        require_report(doc, found or cells(), outline(text, ids))
    except NotAReport as error:
        assert error.code == "E201"
        assert error.english.isascii()
        return error.message.removeprefix("不是政府信息公开工作年度报告：")
    return None


@pytest.mark.parametrize(
    "text",
    [
        f"{TITLE}\n{OUTLINE}",
        OUTLINE,
        f"{MENU}{OUTLINE}",
        f"{MENU}{TITLE}\n{PROSE}",
        f"{TITLE}\n一、概述\n{PROSE}二、主动公开\n{PROSE}三、收费及减免情况\n无。\n",
        f"青禾县水利局2012年政府信息公开年报\n{PROSE * 5}",
        f"{MENU}青禾县水利局\n2022年政府信息公开工作年度报告\n{PROSE}",
        f"青禾县水利局关于2022年度政府信息公开情况的报告\n{PROSE}",
        f"关于印发《{TITLE}》的通知\n{TITLE}\n{PROSE}",
    ],
)
def test_reports_pass_whole_or_damaged(text: str) -> None:
    assert reason_of(text) is None


def test_tables_alone_are_a_report() -> None:
    assert reason_of("规章 0 0 0\n", cells(40)) is None


def test_tables_with_figures_outweigh_any_headline() -> None:
    assert reason_of(f"{TITLE}解读\n{OUTLINE}", cells(150)) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"2022年政府网站工作年度报表\n网站名称：青禾县人民政府\n{PROSE}", "政府网站"),
        (f"{TITLE}解读\n{PROSE}《报告》分析了主要问题。", "解读"),
        (f"一图读懂{TITLE}\n{OUTLINE}", "解读"),
        (f"图解：{TITLE}\n{OUTLINE}", "解读"),
        ("青禾县政府信息公开指南\n为方便公民获取信息，编制本指南。\n", "指南"),
        (f"青禾县信息公开保密审查制度\n{PROSE}", "制度"),
        (
            f"青禾县水利局2022年法治政府建设年度报告\n{PROSE}一、总体情况\n五、存在的主要问题及改进情况",
            "法治",
        ),
        ("青禾县水利局2022年度部门决算公开说明\n一、部门概况\n", "决算"),
        (f"2022年政务公开工作总结\n{PROSE}", "总结"),
        (f"青禾县2022年政务公开工作要点\n{PROSE}", "要点"),
        (f"关于做好2022年政府信息公开工作年度报告编制发布工作的通知\n各单位：\n{OUTLINE}", "通知"),
        (f"政府信息公开工作年度报告格式（试行）\n{OUTLINE}", "格式"),
        (f"青禾大学2022年信息公开工作年度报告\n{PROSE}", "学校"),
        ("\n".join(TITLE.replace("2022", str(year)) for year in range(2015, 2023)), "目录页"),
        ("今天天气很好，我们去河边散步。\n", "没有"),
        ("", "没有"),
    ],
)
def test_look_alikes_are_refused_with_their_reason(text: str, reason: str) -> None:
    assert reason in (reason_of(text) or "")


def test_an_empty_template_with_its_tables_is_refused() -> None:
    text = f"政府信息公开工作年度报告格式\n{OUTLINE}"
    assert "格式" in (reason_of(text, cells(200, "blank")) or "")


def test_headings_that_any_report_has_are_no_outline() -> None:
    text = (
        "青禾县水利局工作情况\n一、总体情况\n五、存在的主要问题及改进情况\n六、其他需要报告的事项\n"
    )
    assert reason_of(text, ids="156") is not None


OPENING = "依照条例，编制我局2022年政府信息公开工作年度报告。"
PERIOD = "本年报所列数据的统计期限自2022年1月1日起至2022年12月31日止。"


@pytest.mark.parametrize(
    "text",
    [
        f"{OPENING}{PERIOD}\n一、总体情况\n{PROSE}",
        f"{MENU}{OPENING}\n{PROSE}",
        f"一、总体情况\n现将青禾县水利局2022年政府信息公开年度报告公布如下。\n{PROSE}",
        f"为推进政府信息公开，编制本报告。{PERIOD}\n一、总体情况\n{PROSE}",
        f"现向社会公布青禾县水利局2012年政府信息公开年报。\n{PROSE}",
    ],
)
def test_a_preface_that_says_so_counts_as_a_title(text: str) -> None:
    assert reason_of(text, ids="1") is None


@pytest.mark.parametrize(
    "text",
    [
        f"依照条例，请各单位于1月31日前公布2022年政府信息公开工作年度报告。\n{PROSE}",
        f"现将2022年政府信息公开工作年度报告编制的有关事项通知如下：\n{PROSE}",
        f"近日，青禾县按照条例公布了2022年政府信息公开工作年度报告。\n{PROSE}",
        f"青禾县水利局2022年法治政府建设年度报告\n{OPENING}{PROSE}",
        f"2022年政务公开工作总结\n依照要求，公布2022年政府信息公开工作年度报告。\n{PROSE}",
        f"一图读懂\n现将2022年政府信息公开年度报告图解公布如下。\n{PROSE}",
        "本报告所列数据的统计期限自2022年1月1日起至2022年12月31日止。全年降雨800毫米。",
    ],
)
def test_words_about_the_reports_of_others_are_no_preface(text: str) -> None:
    assert reason_of(text, ids="") is not None


def test_two_headings_and_some_cells_add_up_to_a_report() -> None:
    assert reason_of(OUTLINE, cells(3), ids="12") is None
    assert reason_of(OUTLINE, cells(2), ids="12") is not None
    assert reason_of(OUTLINE, cells(3), ids="15") is not None


def test_a_notice_whose_headline_is_broken_over_lines_is_refused() -> None:
    headline = "青禾县关于做好2022年政府信息公开工作年度报告"
    text = f"{headline}编制发布工作的通知\n\n{headline}\n编制发布工作的通知\n各单位：\n{PROSE}"
    assert "通知" in (reason_of(text) or "")


NOTICE = "（国办公开办函〔2021〕30号）"


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (
            f"按照《关于年度报告有关事项的通知》{NOTICE}精神，我局总结工作，形成本报告。\n{PROSE}",
            "",
        ),
        (f"根据条例{NOTICE}，编制本年度报告。\n一、总体情况\n{PROSE}", "1"),
        (
            f"一、总体情况\n（一）主动公开\n{PROSE}（二）依申请公开情况\n{PROSE}（三）政府信息管理",
            "1",
        ),
        (f"一、总体情况\n1.政府信息管理\n{PROSE}2.主动公开\n{PROSE}3.平台建设\n{PROSE}", "1"),
        (f"一、总体情况\n{PROSE}二、主动公开政府信息情况\n第二十条第（一）项 | |||\n信息", "12"),
    ],
)
def test_the_beginning_of_a_report_that_breaks_off_passes(text: str, ids: str) -> None:
    assert reason_of(text, ids=ids) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{TITLE}图解\n我局公开信息80条，收到申请3件。\n", "图解"),
        (f"{TITLE}（文字解读）\n《报告》由六个部分组成，分析了主要问题。\n", "解读"),
        (f"《{TITLE}》政策解读\n一、编制依据\n{PROSE}", "解读"),
        (f"2022年政府网站工作年度报表\n填报单位：青禾县政府办\n{PROSE}", "政府网站"),
        ("青禾县政府信息公开制度\n第一条 为规范公开工作，制定本制度。\n", "制度"),
        ("青禾县政府信息主动公开基本目录\n一、机构职能\n二、政策文件\n", "目录"),
        ("关于印发政府信息公开工作年度报告格式的通知\n各市、县：\n现将格式印发你们。\n", "通知"),
        ("政府信息公开工作年度报告（范文模板）\n青禾县某局\n", "模板"),
        ("2022年政府信息公开年度报告范文\n某局\n", "模板"),
        (f"2022年依申请公开情况分析报告\n{PROSE}收到申请30件，较上年增长。\n", "总结、要点"),
        (f"青禾县人民医院2022年信息公开工作年度报告\n{PROSE}", "医院"),
        (f"青禾县第一中学2022年信息公开工作年度报告\n{PROSE}", "学校"),
        (f"青禾水务集团有限公司2022年信息公开年度报告\n{PROSE}", "企业"),
        (f"青禾县2022年法治政府建设情况报告\n{PROSE}", "法治"),
        (f"青禾县水利局2022年部门决算公开\n{PROSE}", "决算"),
        (f"青禾县水利局2022年政务公开工作总结\n一、主要做法\n{PROSE}", "总结"),
        ("2022年政务公开工作要点\n一、主动公开\n二、依申请公开\n三、监督保障\n", "要点"),
    ],
)
def test_every_kind_of_look_alike_is_refused(text: str, reason: str) -> None:
    refused = reason_of(text, ids="")
    assert refused is not None and reason in refused


@pytest.mark.parametrize("year", [2008, 2012, 2015, 2018, 2020])
@pytest.mark.parametrize(
    "title",
    [
        "青禾县水利局{}年政府信息公开工作年度报告",
        "青禾县水利局{}年度政府信息公开年报",
        "{}年度青禾县政务公开工作年度报告",
        "青禾县水利局关于{}年政府信息公开工作情况的报告",
    ],
)
def test_reports_of_the_old_format_pass(title: str, year: int) -> None:
    text = (
        f"{title.format(year)}\n一、概述\n{PROSE}二、主动公开政府信息的情况\n{PROSE}"
        f"三、政府信息公开的收费及减免情况\n无。\n四、附表\n"
    )
    assert reason_of(text, ids="") is None


@pytest.mark.parametrize("ids", ["123456", "1235", "15", "156"])
def test_a_report_whose_tables_are_pictures_passes(ids: str) -> None:
    head = "" if len(ids) > 3 else f"{TITLE}\n"
    pictures = OUTLINE.replace("\n", "\n1700000000123.jpg\n")
    assert reason_of(head + pictures, ids=ids) is None


def test_an_explanation_on_one_line_is_refused_as_one() -> None:
    text = f"\t{TITLE}文字解读 现对《报告》作简要说明。 《报告》指出信息处理费未收取。"
    assert "解读" in (reason_of(text) or "")
