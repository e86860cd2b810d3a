"""Corrections: kept by content, applied to a report, and what then follows from them."""

import json
from pathlib import Path

import pytest

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
from nianbao.models.report import Check, Finding, Report
from tests.inference.bureau import BUREAU, TOTAL


@pytest.fixture(scope="module")
def report() -> Report:
    return parse(BUREAU, tagger=RuleTagger())


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
