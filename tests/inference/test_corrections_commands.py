"""Corrections at the command line: applied to every reading, shown as such everywhere."""

import csv
import shutil
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pyarrow.parquet as pq
import pytest

import nianbao
from nianbao.inference.corrections import Entry, entries_of, load_corrections, reading_of
from nianbao.models.form import short_names
from nianbao.models.report import Report
from tests.conftest import Shell
from tests.inference.bureau import BUREAU, TOTAL


@pytest.fixture
def shell(shell: Shell) -> Shell:
    shutil.copy(BUREAU, "甲.txt")
    return shell


def rows(path: str) -> list[dict[str, str]]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_correction_survives_parsing_anew_and_stands_in_every_output(shell: Shell) -> None:
    assert shell("parse", "甲.txt", "-o", "out", "-q") == 0
    was = Report.model_validate_json(Path("out/甲.json").read_bytes()).cell(TOTAL).value
    assert shell("correct", "out/甲.json", TOTAL, "99", "--why", "原表印刷有误") == 0
    Path("甲.txt").rename("改名.txt")
    assert shell("parse", "改名.txt", "-o", "out", "-q") == 0
    cell = Report.model_validate_json(Path("out/改名.json").read_bytes()).cell(TOTAL)
    assert cell.value == 99 and cell.correction is not None and cell.correction.value == was
    [row] = [row for row in rows("out/cells.csv") if row["path"] == TOTAL]
    assert (row["value"], row["correction"], row["value_before"], row["why"]) == (
        "99", "99", str(was), "原表印刷有误",
    )  # fmt: skip
    [wide] = rows("out/reports.csv")
    assert (wide[short_names()[TOTAL]], wide["corrected"]) == ("99", TOTAL)
    book = openpyxl.load_workbook("out/nianbao.xlsx")
    headers, values = book["报告"].iter_rows(values_only=True)
    assert dict(zip(headers, values, strict=True))["更正之处"] == TOTAL


def sheet(path: str) -> tuple[openpyxl.Workbook, list[str]]:
    book = openpyxl.load_workbook(path)
    return book, [str(cell.value) for cell in book["单元格"][1]]


def test_corrections_are_filled_in_in_the_workbook(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell("parse", "甲.txt", "-o", "out", "-q") == 0
    book, headers = sheet("out/nianbao.xlsx")
    cells = book["单元格"]
    cells.cell(5, headers.index("更正为") + 1, 42)
    cells.cell(6, headers.index("更正为") + 1, "/")
    cells.cell(6, headers.index("更正理由") + 1, "看过原件")
    book.save("填.xlsx")
    assert shell("correct", "填.xlsx", "--corrections", "c.jsonl") == 2
    assert "第 5 行" in capsys.readouterr().err and not Path("c.jsonl").exists()
    assert shell("correct", "填.xlsx", "--why", "年终核对", "--corrections", "c.jsonl") == 0
    assert shell("correct", "填.xlsx", "--why", "年终核对", "--corrections", "c.jsonl") == 0
    kept = [Entry.model_validate_json(line) for line in Path("c.jsonl").read_bytes().splitlines()]
    assert [(entry.value, entry.why) for entry in kept] == [("42", "年终核对"), ("/", "看过原件")]
    assert shell("parse", "甲.txt", "-o", "out", "-q", "--corrections", "c.jsonl") == 0
    report = Report.model_validate_json(Path("out/甲.json").read_bytes())
    assert [report.cell(entry.path).value for entry in kept] == [42, None]
    book, headers = sheet("out/nianbao.xlsx")
    assert [book["单元格"].cell(r, headers.index("更正为") + 1).value for r in (5, 6)] == [
        "42",
        "/",
    ]
    assert shell("correct", "out/nianbao.xlsx", "--corrections", "c.jsonl") == 0
    assert len(Path("c.jsonl").read_bytes().splitlines()) == 2


def test_an_old_workbook_takes_back_no_later_correction(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell("parse", "甲.txt", "-o", "out", "-q") == 0
    assert shell("correct", "out/甲.json", TOTAL, "47", "--why", "核实", "--by", "甲") == 0
    assert shell("parse", "甲.txt", "-o", "out", "-q") == 0
    assert shell("correct", "out/甲.json", TOTAL, "48", "--why", "再核", "--by", "甲") == 0
    capsys.readouterr()
    assert shell("correct", "out/nianbao.xlsx") == 0
    assert "corrected anew since" in capsys.readouterr().err
    kept = list(entries_of(Path("out/corrections.jsonl")))
    assert [(entry.value, entry.by) for entry in kept] == [("47", "甲"), ("48", "甲")]
    book, headers = sheet("out/nianbao.xlsx")
    [row] = [row for row in book["单元格"].iter_rows(min_row=2)
             if row[headers.index("更正为")].value == "47"]  # fmt: skip
    row[headers.index("更正理由")].value = "三核"
    book.save("填.xlsx")
    layer = Path("out/corrections.jsonl")
    assert shell("correct", "填.xlsx", "--corrections", layer) == 0
    assert load_corrections(layer)[kept[0].sha256][TOTAL].value == "47"


@pytest.mark.parametrize("value", [True, "inf", "=SUM(1,2)", datetime(2026, 1, 2)])
def test_what_is_no_value_in_the_workbook_is_told_with_its_row(
    shell: Shell, capsys: pytest.CaptureFixture[str], value: object
) -> None:
    assert shell("parse", "甲.txt", "-o", "out", "-q") == 0
    book, headers = sheet("out/nianbao.xlsx")
    book["单元格"].cell(5, headers.index("更正为") + 1).value = value  # type: ignore[assignment]
    book.save("填.xlsx")
    assert shell("correct", "填.xlsx", "--why", "因") == 2
    assert "row 5: cannot be read" in capsys.readouterr().err


def test_a_damaged_workbook_is_told_as_such(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell("parse", "甲.txt", "-o", "out", "-q") == 0
    with ZipFile("out/nianbao.xlsx") as book, ZipFile("坏.xlsx", "w") as damaged:
        for name in book.namelist():
            content = book.read(name)
            damaged.writestr(name, content[:-99] if "worksheets" in name else content)
    assert shell("correct", "坏.xlsx", "--why", "因") == 2
    assert "E107" in capsys.readouterr().err


def test_a_negative_figure_is_a_value_and_an_unknown_option_is_none(shell: Shell) -> None:
    assert shell("parse", "甲.txt", "-o", "out", "-q") == 0
    assert shell("correct", "out/甲.json", "t4.review.upheld", "-5", "--why", "因") == 0
    assert shell("correct", "out/甲.json", TOTAL, "5", "--wy", "因") == 2
    assert shell("correct", "out/甲.json", TOTAL, "--wy=因", "--why", "因") == 2
    [entry] = entries_of(Path("out/corrections.jsonl"))
    assert reading_of(entry.value)[0] == -5


def test_a_file_that_holds_no_corrections_is_left_as_it_is(shell: Shell) -> None:
    assert shell("parse", "甲.txt", "-o", "out", "-q") == 0
    for name in ("answers.csv", "甲.json", "nianbao.xlsx"):
        before = Path("out", name).read_bytes()
        words = ("--why", "因", "--corrections", f"out/{name}")
        assert shell("correct", "out/甲.json", TOTAL, "5", *words) == 2
        assert Path("out", name).read_bytes() == before


def test_a_corrected_organ_stands_in_every_output(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert shell("parse", "甲.txt", "-o", "out", "-q") == 0
    assert shell("correct", "out/甲.json", "meta.issuer", "青山县水利局", "--why", "因") == 0
    assert shell("correct", "out/甲.json", TOTAL, "47", "--why", "因") == 0
    capsys.readouterr()
    assert shell("parse", "甲.txt", "-o", "out", "--summary") == 0
    told = capsys.readouterr().out
    assert "→ 青山县水利局（因）" in told and "→ 47（因）" in told
    [row] = rows("out/reports.csv")
    assert (row["issuer"], row["corrected"]) == ("青山县水利局", f"meta.issuer {TOTAL}")


def test_the_library_takes_corrections(shell: Shell) -> None:
    assert shell("parse", "甲.txt", "-o", "out", "-q") == 0
    assert shell("correct", "out/甲.json", TOTAL, "99", "--why", "因") == 0
    layer = nianbao.load_corrections(Path("out/corrections.jsonl"))
    report = nianbao.with_corrections(nianbao.parse("甲.txt"), layer)
    assert report.cell(TOTAL).value == 99


def test_a_batch_uses_the_corrections_in_its_folder(shell: Shell) -> None:
    words = ("batch", "甲.txt", "-o", "b", "-q", "--workers", "1", "--to", "json")
    assert shell(*words) == 0
    [file] = Path("b/json").iterdir()
    assert shell("correct", file, TOTAL, "99", "--why", "因") == 0
    assert Path("b/corrections.jsonl").exists()
    assert shell(*words) == 2  # made with other corrections
    assert shell(*words, "--force") == 0
    assert pq.read_table("b/reports").to_pylist()[0]["corrected"] == TOTAL


def test_a_batch_applies_corrections_and_knows_of_them(shell: Shell) -> None:
    assert shell("parse", "甲.txt", "-o", "out", "-q") == 0
    assert shell("batch", "甲.txt", "-o", "b", "-q", "--workers", "1") == 0
    assert shell("correct", "out/甲.json", TOTAL, "99", "--why", "因") == 0
    words = ("batch", "甲.txt", "-o", "b", "-q", "--workers", "1")
    layer = ("--corrections", "out/corrections.jsonl")
    assert shell(*words, *layer) == 2
    assert shell(*words, *layer, "--force") == 0
    table = pq.read_table("b/cells").to_pylist()
    assert [row["value"] for row in table if row["path"] == TOTAL] == [99]


@pytest.mark.parametrize(
    "words",
    ["correct out/甲.json t3.new.total 5", "correct out/甲.json t3.new.total --why 因",
     "correct 甲.txt t3.new.total 5 --why 因", "correct out/甲.json t3.nowhere 5 --why 因",
     "correct out/nianbao.xlsx t3.new.total 5", "correct no.json t3.new.total 5 --why 因",
     "correct bad.xlsx", "parse 甲.txt -o out --corrections bad.xlsx"],
)  # fmt: skip
def test_wrong_usage_ends_with_2_and_keeps_nothing(shell: Shell, words: str) -> None:
    assert shell("parse", "甲.txt", "-o", "out", "-q") == 0
    Path("bad.xlsx").write_text("没有表", encoding="utf-8")
    assert shell(*words.split()) == 2
    assert not list(Path().rglob("corrections.jsonl"))


def test_a_workbook_without_our_columns_is_refused(shell: Shell) -> None:
    assert shell("parse", "甲.txt", "-o", "out", "-q") == 0
    book, headers = sheet("out/nianbao.xlsx")
    book["单元格"].delete_cols(headers.index("更正理由") + 1)
    book.save("填.xlsx")
    assert shell("correct", "填.xlsx", "--why", "因") == 2
    del book["单元格"]
    book.save("填.xlsx")
    assert shell("correct", "填.xlsx", "--why", "因") == 2
