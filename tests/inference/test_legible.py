"""The legible copy: one length, known signs between cells, and prose as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.legible import LEAST_ROWS, legible
from nianbao.inference.pipeline import parse_text
from nianbao.inference.rules import RuleTagger

TEXT = st.text(alphabet='一二、规章\\|│─┌┼",;.0123 \n。')
ROWS = [
    ("规章", 0, 0, 3),
    ("行政规范性文件", 2, 1, 9),
    ("行政许可", 57),
    ("行政处罚", 4),
    ("行政强制", 0),
]
HEADERS = ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")
WANTED = {
    "t2.regulations.in_force": 3,
    "t2.normative.made": 2,
    "t2.licensing": 57,
    "t2.penalty": 4,
}


@given(TEXT)
def test_no_offset_moves(text: str) -> None:
    assert len(legible(text)) == len(text)
    assert [i for i, char in enumerate(legible(text)) if char == "\n"] == [
        i for i, char in enumerate(text) if char == "\n"
    ]


@given(st.text(alphabet="一二、规章，。；“”（）0123 |\t\n"))
def test_a_text_without_foreign_signs_stays_as_it_is(text: str) -> None:
    assert legible(text) == text


def test_a_sentence_with_commas_is_no_table() -> None:
    text = "全年公开12条,其中网站8条,公众号4条。\n" * LEAST_ROWS
    assert legible(text) == text


@pytest.mark.parametrize("line", ["12,345\n", "第7行第2列：12,345\n", "\n1,234,567\n"])
def test_figures_with_thousands_are_no_table(line: str) -> None:
    text = line * LEAST_ROWS
    assert legible(text) == text


def box(row: tuple[object, ...]) -> str:
    return "│ " + " │ ".join(map(str, row)) + " │"


def csv(row: tuple[object, ...]) -> str:
    return ",".join(map(str, row))


def quoted(row: tuple[object, ...]) -> str:
    return ",".join(f'"{cell}"' for cell in row)


def escaped(row: tuple[object, ...]) -> str:
    return "| " + " | ".join(str(cell).replace("规章", "规章\\.") for cell in row) + " |"


@pytest.mark.parametrize("written", [box, csv, quoted, escaped])
def test_tables_in_foreign_signs_are_read(written) -> None:  # type: ignore[no-untyped-def]
    third = [(f"（{n}）本机关自设统计项", *(0,) * 7) for n in range(LEAST_ROWS)]
    lines = [
        "青禾县水利局2023年政府信息公开工作年度报告",
        "一、总体情况",
        "全年工作有序。",
        "二、主动公开政府信息情况",
        *(written(row) for row in (HEADERS, *ROWS)),
        "三、收到和处理政府信息公开申请情况",
        *(written(row) for row in third),
        "五、存在的主要问题及改进情况",
        "无。",
    ]
    report = parse_text("\n".join(lines), tagger=RuleTagger())
    values = {cell.path: cell.value for cell in report.cells}
    assert {path: values[path] for path in WANTED} == WANTED
    text = report.source.text
    assert text == "\n".join(lines)
    assert all(
        cell.raw == text[cell.start : cell.end]
        for cell in report.cells
        if cell.start is not None and cell.end is not None
    )
    assert all(s.heading == text[s.heading_start : s.heading_end] for s in report.sections)
