"""Corrections: kept by content, applied to every reading, shown as such everywhere."""

import csv
import json
import shutil
import sys
from pathlib import Path
from typing import Protocol

import openpyxl
import pyarrow.parquet as pq
import pytest

from nianbao.cli import main
from nianbao.inference.corrections import (
    Entry,
    append,
    digest,
    entry_for,
    load,
    reading_of,
    with_corrections,
)
from nianbao.inference.pipeline import parse
from nianbao.inference.rules import RuleTagger
from nianbao.models.errors import NianbaoError
from nianbao.models.form import short_names
from nianbao.models.report import Report

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
    [("t3.nowhere", "5", "因"), (TOTAL, "1***", "因"), (TOTAL, "5", " ")],
)
def test_a_correction_that_makes_no_sense_is_refused(
    report: Report, path: str, value: str, why: str
) -> None:
    with pytest.raises(NianbaoError, match="E109"):
        entry_for(report, path, value, why)


def test_the_last_correction_of_a_cell_counts(report: Report, tmp_path: Path) -> None:
    layer = tmp_path / "corrections.jsonl"
    for value in ("7", "8"):
        append(layer, [entry_for(report, TOTAL, value, "因")])
    assert load(layer)[report.source.sha256][TOTAL].value == "8"
    assert len(digest(layer)) == 64 and digest(None) == "none"


@pytest.mark.parametrize(
    "line",
    ["{", "{}", '{"sha256": "0", "path": "t3.new.total", "value": "5", "why": "因"}',
     json.dumps({"sha256": "0" * 64, "path": "t9", "value": "5", "why": "因"}),
     json.dumps({"sha256": "0" * 64, "path": TOTAL, "value": "1***", "why": "因"})],
)  # fmt: skip
def test_a_line_that_is_no_correction_is_told_with_its_number(tmp_path: Path, line: str) -> None:
    layer = tmp_path / "corrections.jsonl"
    layer.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(NianbaoError, match="E109.*line 2"):
        load(layer)


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
    assert rows("out/reports.csv")[0][short_names()[TOTAL]] == "99"


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
