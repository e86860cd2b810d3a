"""What the prose says about the cells."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.claims import find_claims
from nianbao.models.document import Document
from nianbao.models.form import form
from nianbao.models.labels import Label, Span
from nianbao.models.report import Cell, Claim, Finding, Section, SectionId

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
counts = st.integers(0, 20000)


def cells_of(**named: int | None) -> dict[str, Cell]:
    """Cells of zeros; `new=3` sets t3.new.total, `t2_penalty=5` sets t2.penalty."""
    values: dict[str, int | None] = dict.fromkeys(form("2021").paths(), 0)
    for name, value in named.items():
        path = name.replace("_", ".", 1) if name[:2] in ("t2", "t4") else f"t3.{name}.total"
        assert path in values, path
        values[path] = value
    return {
        path: Cell(path=path, value=value, state="blank" if value is None else "found")
        for path, value in values.items()
    }


def read(
    prose: str, cells: dict[str, Cell], section: SectionId = "1", spans: tuple[Span, ...] = ()
) -> tuple[tuple[Claim, ...], tuple[Finding, ...]]:
    text = f"一、总体情况\n{prose}"
    body = Section(id=section, heading="一、总体情况", heading_start=0, heading_end=6,
                   body_start=7, body_end=len(text), confidence=1)  # fmt: skip
    doc = Document("-", text, "txt", "", "utf-8", spans=spans)
    claims, findings = find_claims(doc, (body,), cells, 2022)
    for claim in claims:
        assert text[claim.start : claim.end].strip() == text[claim.start : claim.end] != ""
    return claims, findings


def said(prose: str, cells: dict[str, Cell]) -> tuple[dict[str, int | float], int]:
    """path -> figure of the claims, and how many contradict the cells."""
    claims, findings = read(prose, cells)
    assert {one.code for one in findings} <= {"claim_mismatch"}
    return {claim.path: claim.value for claim in claims}, len(findings)


@given(new=counts, carried_in=counts, granted=counts, data=st.data())
def test_prose_that_repeats_the_table_is_never_contradicted(
    new: int, carried_in: int, granted: int, data: st.DataObject
) -> None:
    carried_out = data.draw(st.integers(0, new + carried_in))
    handled = new + carried_in - carried_out
    received = data.draw(st.sampled_from([new, new + carried_in, handled]))
    verb = data.draw(st.sampled_from(["收到", "受理", "新收", "共收到", "接到"]))
    counter = data.draw(st.sampled_from(["件", "宗", "条", "份"]))
    prose = (
        f"2022年，我局{verb}政府信息公开申请{received}{counter}，上年结转{carried_in}{counter}，"
        f"办结{handled}{counter}，其中予以公开{granted}{counter}，结转下年度继续办理{carried_out}{counter}。"
    )
    cells = cells_of(new=new, carried_in=carried_in, granted=granted, total_handled=handled,
                     carried_out=carried_out)  # fmt: skip
    figures, odd = said(prose, cells)
    assert odd == 0
    assert figures["t3.carried_out.total"] == carried_out
    assert figures["t3.granted.total"] == granted


@given(stated=st.integers(1, 9999), new=st.integers(1, 9999))
def test_a_figure_that_no_reading_explains_is_one_finding(stated: int, new: int) -> None:
    cells = cells_of(new=new, total_handled=new)
    figures, odd = said(f"2022年共收到政府信息公开申请{stated:,}件。", cells)
    assert figures == ({"t3.new.total": stated})
    assert odd == (stated != new)


@pytest.mark.parametrize(
    ("prose", "path", "value"),
    [
        ("全年收到政府信息公开申请12件", "t3.new.total", 12),
        ("全年收到政府信息公开申请１２件", "t3.new.total", 12),
        ("全年共受理依申请公开十二件", "t3.new.total", 12),
        ("依申请公开事项共收到12件", "t3.new.total", 12),
        ("本年度新收12件政府信息公开申请", "t3.new.total", 12),
        ("收到信息公开申请13件（含上年结转1件）", "t3.carried_in.total", 1),
        ("新收公开申请12件，2021年结转1件", "t3.carried_in.total", 1),
        ("收到公开申请5件，2件结转2023年度办理", "t3.carried_out.total", 2),
        ("收到公开申请5件，转2023年办理2件", "t3.carried_out.total", 2),
        ("政府信息公开申请均已答复，部分公开2件", "t3.partial.total", 2),
        ("因政府信息公开被申请行政复议2件", "t4.review.total", 2),
        ("作出行政处罚35件", "t2.penalty", 35),
        ("2022年度办理行政许可1,024件", "t2.licensing", 1024),
        ("全年制发规范性文件2件", "t2.normative.made", 2),
        ("未收到政府信息公开申请", "t3.new.total", 0),
        ("没有收到依申请公开事项", "t3.new.total", 0),
        ("未发生因政府信息公开引起的行政复议", "t4.review.total", 0),
    ],
)
def test_each_way_to_state_a_figure_is_a_claim(prose: str, path: str, value: int) -> None:
    empty = {path: Cell(path=path) for path in form("2021").paths()}
    figures, odd = said(f"2022年，{prose}。", empty)
    assert figures.get(path) == value
    assert odd == 0


@pytest.mark.parametrize(
    "prose",
    [
        "2021年收到政府信息公开申请12件",
        "2021年，我局受到表扬，收到政府信息公开申请12件",
        "2019年以来累计收到政府信息公开申请12件",
        "收到政府信息公开申请12余件",
        "收到政府信息公开申请约12件",
        "收到政府信息公开申请12件以上",
        "3月收到政府信息公开申请12件",
        "上半年收到政府信息公开申请12件",
        "全县收到政府信息公开申请12件",
        "通过网络收到政府信息公开申请12件",
        "收到政府信息公开申请比2021年增加12件",
        "收到行政复议申请12件",
        "受理行政许可申请12件",
        "收到网民留言12件",
        "办结提案12件",
        "公开行政处罚信息12条",
        "公布行政处罚决定12件",
        "职权范围内行政许可12项",
        "办理行政复议案件12件",
        "主动公开信息12条",
        "不予公开12件",
        "收到政府信息公开申请，予以公开或部分公开12件",
        "因政府信息公开产生的行政复议、行政诉讼12件",
        "未收到通过信函提出的政府信息公开申请",
        "未发生行政诉讼败诉的政府信息公开案件",
        "公开规范性文件12件",
    ],
)
def test_what_is_not_clearly_about_a_cell_is_left_alone(prose: str) -> None:
    figures, odd = said(f"{prose}。", cells_of(new=3, total_handled=3))
    assert not {value for value in figures.values() if value == 12}
    assert odd == 0


def test_none_received_contradicts_a_table_with_new_requests() -> None:
    figures, odd = said("2022年，我局未收到政府信息公开申请。", cells_of(new=2, total_handled=2))
    assert (figures, odd) == ({"t3.new.total": 0}, 1)


def test_none_received_agrees_with_requests_carried_in() -> None:
    cells = cells_of(carried_in=2, total_handled=2)
    assert said("2022年，我局未收到政府信息公开申请。", cells)[1] == 0


def test_a_reading_that_cannot_be_known_keeps_silent() -> None:
    cells = cells_of(new=3, carried_in=None, total_handled=3)
    assert said("2022年收到政府信息公开申请5件。", cells)[1] == 0


def test_the_finding_shows_words_and_cell() -> None:
    cells = cells_of(new=3, total_handled=3)
    _, (found,) = read("2022年收到政府信息公开申请5件。", cells)
    assert (
        found.message
        == "正文称“收到政府信息公开申请5件”，表中“表三 一、本年新收政府信息公开申请数量 总计”为3"
    )
    assert found.cells == ("t3.new.total",)


def test_a_handled_figure_may_leave_out_what_was_carried_in() -> None:
    cells = cells_of(new=17, carried_in=1, total_handled=18)
    assert said("收到公开申请17件，当年办结18件（含上年结转1件）。", cells)[1] == 0
    assert said("收到公开申请17件，当年办结17件。", cells)[1] == 0


def test_the_old_forms_cells_are_found_too() -> None:
    cells = {"t2.penalty.decisions": Cell(path="t2.penalty.decisions", value=9, state="found")}
    assert said("2022年，作出行政处罚9件。", cells) == ({"t2.penalty.decisions": 9}, 0)


def test_table_rows_and_section_5_are_no_prose() -> None:
    row = "行政处罚35件 | 行政许可3件"
    assert read(row, cells_of(), "2") == ((), ())
    labelled = (Span(7, 14, Label.ROW),)
    assert read("作出行政处罚35件", cells_of(), "2", labelled) == ((), ())
    assert read("作出行政处罚35件", cells_of(), "5") == ((), ())
    assert len(read("本年度作出行政处罚35件。", cells_of(), "2")[1]) == 1


@given(st.text(alphabet="收到政府信息公开申请12件，。（）上年结转未行政复议诉讼年20", max_size=50))
def test_no_prose_makes_it_raise(prose: str) -> None:
    read(prose, cells_of())


@pytest.mark.parametrize(
    "gold", sorted((SEEDS / "gold").glob("*.json")), ids=lambda path: path.stem
)
def test_on_real_reports_that_agree_it_keeps_silent(gold: Path) -> None:
    facts = json.loads(gold.read_text(encoding="utf-8"))
    text = (SEEDS / facts["document"]).read_text(encoding="utf-8")
    sections = [
        Section(id=entry["id"], heading=entry["heading"], heading_start=entry["heading_start"],
                heading_end=entry["heading_end"], body_start=entry["body_start"],
                body_end=entry["body_end"], confidence=1)
        for entry in facts["sections"]
    ]  # fmt: skip
    cells = {
        path: Cell(path=path, value=value, state="missing" if value is None else "found")
        for path, value in facts["cells"].items()
    }
    claims, findings = find_claims(Document("-", text, "txt", "", "utf-8"), sections, cells)
    assert claims and findings == ()
