"""Corrections: kept by content, applied to every reading, shown as such everywhere."""

import csv
import json
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zipfile import ZipFile

import openpyxl
import pyarrow.parquet as pq
import pytest

import nianbao
from nianbao.cli import main
from nianbao.inference.corrections import (
    MARK,
    Entry,
    append,
    digest,
    entries_of,
    entry_for,
    load_corrections,
    reading_of,
    with_corrections,
)
from nianbao.inference.pipeline import parse
from nianbao.inference.rules import RuleTagger
from nianbao.models.errors import NianbaoError
from nianbao.models.findings import finding
from nianbao.models.form import short_names
from nianbao.models.report import Check, Finding, Report

ROOT = Path(__file__).parents[2]
BUREAU = ROOT / "examples/01-county-bureau.txt"
TOTAL = "t3.new.total"


class Shell(Protocol):
    def __call__(self, *words: str | Path) -> int: ...


@pytest.fixture(scope="module")
def report() -> Report:
    return parse(BUREAU, tagger=RuleTagger())


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    monkeypatch.chdir(tmp_path)
    shutil.copy(BUREAU, "甲.txt")

    def run(*words: str | Path) -> int:
        monkeypatch.setattr(sys, "argv", ["nianbao", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        assert isinstance(end.value.code, int)
        return end.value.code

    return run


def corrected(report: Report, path: str, value: str) -> Report:
    entry = entry_for(report, path, value, "核对过原件", "甲")
    return with_corrections(report, {entry.sha256: {path: entry}})


def test_a_corrected_cell_keeps_what_was_read_and_printed(report: Report) -> None:
    before = report.cell(TOTAL)
    after = corrected(report, TOTAL, "99").cell(TOTAL)
    assert (after.value, after.state, after.method, after.confidence) == (
        99, "found", "corrected", 1.0,
    )  # fmt: skip
    assert (after.raw, after.start, after.end) == (before.raw, before.start, before.end)
    assert after.correction is not None
    assert (after.correction.value, after.correction.state) == (before.value, before.state)
    assert (after.correction.why, after.correction.by) == ("核对过原件", "甲")


def test_checks_and_findings_follow_from_the_corrected_value(report: Report) -> None:
    sound = corrected(report, TOTAL, str(report.cell(TOTAL).value))
    assert {(c.id, c.state) for c in sound.checks} == {(c.id, c.state) for c in report.checks}
    assert sorted(f.code for f in sound.findings) == sorted(f.code for f in report.findings)
    wrong = corrected(report, TOTAL, "99")
    failing = {check.id for check in wrong.checks if check.state == "fail"}
    assert "t3.row_sum.new" in failing
    assert wrong.status == "review" and "sum_mismatch" in wrong.reasons
    mended = corrected(wrong, TOTAL, str(report.cell(TOTAL).value))
    assert {(c.id, c.state) for c in mended.checks} == {(c.id, c.state) for c in report.checks}


def test_what_is_said_of_a_corrected_value_says_so(report: Report) -> None:
    wrong = corrected(report, TOTAL, "99")
    parts: tuple[Check | Finding, ...] = (*wrong.checks, *wrong.findings)
    for part in parts:
        assert part.message.endswith(MARK) == (TOTAL in part.cells)
    assert any(TOTAL in found.cells for found in wrong.findings)


def test_a_finding_about_a_corrected_cell_speaks_of_the_correction(report: Report) -> None:
    for value, code in (("-5", "negative_value"), ("详见附件", "text_in_cell")):
        [message] = [f.message for f in corrected(report, TOTAL, value).findings if f.code == code]
        assert message.endswith(f"：{value}{MARK}")


def test_a_correction_of_a_correction_keeps_the_first_reading(report: Report) -> None:
    twice = corrected(corrected(report, TOTAL, "99"), TOTAL, "98").cell(TOTAL)
    assert twice.value == 98 and twice.correction is not None
    assert twice.correction.value == report.cell(TOTAL).value


def test_a_cell_that_is_not_there_makes_its_sums_unknown(report: Report) -> None:
    without = corrected(report, TOTAL, "missing")
    assert without.cell(TOTAL).state == "missing" and without.cell(TOTAL).value is None
    states = {check.id: check.state for check in without.checks}
    assert states["t3.row_sum.new"] == "not_assessable"


def test_prose_that_states_another_figure_is_found(report: Report) -> None:
    claimed = {claim.path for claim in report.claims}
    assert claimed
    path = sorted(claimed)[0]
    odd = [f for f in corrected(report, path, "98").findings if f.code == "claim_mismatch"]
    assert any(path in finding.cells for finding in odd)


@pytest.mark.parametrize(
    ("value", "reading"),
    [
        ("5", (5, "found", None)),
        ("1,024件", (1024, "found", "件")),
        ("/", (None, "not_applicable", None)),
        ("", (None, "blank", None)),
        ("详见附件", (None, "text", None)),
        ("missing", (None, "missing", None)),
    ],
)
def test_a_value_is_written_as_a_cell_prints_it(value: str, reading: object) -> None:
    assert reading_of(value) == reading


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        ("t3.nowhere", "5", "因"), (TOTAL, "5", " "),
        (TOTAL, "5", "\udcff"), (TOTAL, "\udcff", "因"),
        *((TOTAL, value, "因") for value in (
            "1***", "nan", "inf", "True", "Missing", "None", "=SUM(A1:A2)", "=单元格!A1", "#REF!",
            "2026-01-02 00:00:00",
        )),
        ("meta.year", "去年", "因"), ("meta.year", "20222", "因"),
        ("meta.signed_date", "1月", "因"), ("meta.issuer", "甲", "\udcff"),
        ("meta.form_version", "2019", "因"), ("meta.kind", "其他", "因"), ("year", "2022", "因"),
    ],
)  # fmt: skip
def test_a_correction_that_makes_no_sense_is_refused(
    report: Report, path: str, value: str, why: str
) -> None:
    with pytest.raises(NianbaoError, match="E109"):
        entry_for(report, path, value, why)


def test_a_corrected_organ_and_year_count_and_keep_what_was_read(report: Report) -> None:
    bare = report.model_copy(
        update={
            "meta": report.meta.model_copy(update={"issuer": None, "year": None, "scope": None}),
            "findings": (finding("no_issuer"), finding("no_year")),
        }
    )
    done = corrected(corrected(bare, "meta.issuer", "青山县人民政府"), "meta.year", "2022")
    assert (done.meta.issuer, done.meta.year, done.meta.scope) == (
        "青山县人民政府", 2022, "aggregated",
    )  # fmt: skip
    assert not {"no_issuer", "no_year"} & {f.code for f in done.findings}
    assert [(one.path, one.value, one.given, one.by) for one in done.corrections] == [
        ("meta.issuer", None, "青山县人民政府", "甲"), ("meta.year", None, "2022", "甲"),
    ]  # fmt: skip
    assert Report.model_validate_json(done.model_dump_json()) == done


def test_what_is_odd_about_a_corrected_year_or_date_is_found(report: Report) -> None:
    assert report.meta.year is not None
    early = corrected(report, "meta.signed_date", f"{report.meta.year}-01-10")
    [found] = [f for f in early.findings if f.code == "date_before_period_end"]
    assert found.message.endswith(MARK)
    without = corrected(corrected(early, "meta.signed_date", ""), "meta.year", "missing")
    assert (without.meta.signed_date, without.meta.year) == (None, None)
    assert "no_year" in {f.code for f in without.findings}
    assert "date_before_period_end" not in {f.code for f in without.findings}


def test_a_layer_that_ends_in_the_middle_of_a_line_takes_the_next_on_its_own(
    report: Report, tmp_path: Path
) -> None:
    layer = tmp_path / "corrections.jsonl"
    append(layer, [entry_for(report, TOTAL, "7", "因")])
    layer.write_bytes(layer.read_bytes().rstrip())
    append(layer, [entry_for(report, TOTAL, "8", "因")])
    assert [entry.value for entry in entries_of(layer)] == ["7", "8"]


def test_the_last_correction_of_a_cell_counts(report: Report, tmp_path: Path) -> None:
    layer = tmp_path / "corrections.jsonl"
    for value in ("7", "8"):
        append(layer, [entry_for(report, TOTAL, value, "因")])
    assert load_corrections(layer)[report.source.sha256][TOTAL].value == "8"
    assert len(digest(layer)) == 64 and digest(None) == "none"


@pytest.mark.parametrize(
    "line",
    ["{", "{}", '{"sha256": "0", "path": "t3.new.total", "value": "5", "why": "因"}',
     json.dumps({"sha256": "0" * 64, "path": "t9", "value": "5", "why": "因"}),
     json.dumps({"sha256": "0" * 64, "path": TOTAL, "value": "1***", "why": "因"}),
     json.dumps({"sha256": "0" * 64, "path": TOTAL, "value": "5", "why": ""})],
)  # fmt: skip
def test_a_line_that_is_no_correction_is_told_with_its_number(tmp_path: Path, line: str) -> None:
    layer = tmp_path / "corrections.jsonl"
    layer.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(NianbaoError, match="E109.*line 2"):
        load_corrections(layer)


def test_reports_of_other_content_are_left_alone(report: Report) -> None:
    entry = Entry(sha256="0" * 64, path=TOTAL, value="5", why="因")
    assert with_corrections(report, {entry.sha256: {TOTAL: entry}}) is report


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
