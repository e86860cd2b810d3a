"""What is made of the measured figures: ratios, growth, the file."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.corpus import N_TEXTS
from benchmarks.machine import MAX_LOAD, Load
from benchmarks.measure import Record
from benchmarks.plan import FULL, QUICK, REFERENCE, Plan
from benchmarks.report import show
from benchmarks.results import NAMES, Peak, Results, Row, growth, peak_share, ratios, write
from benchmarks.run import refusal

PEAK = Peak(fp32=100.0, int8=400.0, per_character=1e6)


def row(name: str, *rounds: float) -> Row:
    return Row(
        name=name,
        runtime="onnxruntime",
        precision="int8",
        processes=2,
        threads=1,
        documents=20,
        characters=80_000,
        rounds=rounds,
        cpu_ms=20.0,
        memory_mb=300.0,
        peak_mb=150.0,
        cold_start_s=0.5,
        found=300.0,
    )


def results(*rows: Row) -> Results:
    return Results("2026-11-23T12:00+00:00", {"cores": 2}, {"others_median": 0.0}, {}, rows, PEAK)


def test_a_row_is_the_median_of_its_rounds() -> None:
    assert row("parse", 9.0, 1.0, 5.0).docs_per_s == 5.0


def test_ratios_are_of_medians() -> None:
    found = ratios([row("onnx_int8", 50, 60, 10), row("stock_bert", 2, 2.5, 9)], PEAK)
    assert found["onnx_int8 / stock_bert"] == pytest.approx(20.0)
    assert "batch_2 / batch_1" not in found


def test_the_share_of_the_peak_counts_all_threads() -> None:
    # 10 reports of 4,000 characters a second, 10⁶ operations each, of 2 × 400 × 10⁹
    assert peak_share(row("onnx_int8", 10.0), 400.0, 1e6) == pytest.approx(0.05)


def test_growth_is_from_the_smallest_to_the_largest() -> None:
    points = [{"n": 48.0, "ms": 90.0}, {"n": 3.0, "ms": 6.0}, {"n": 6.0, "ms": 99.0}]
    assert growth(points, "ms", "n") == {"size": 16.0, "cost": 15.0}


def test_the_file_has_the_rows_by_name(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    write(results(*(row(name, 1.0, 3.0, 2.0) for name in NAMES)), file, refused=None)
    content = json.loads(file.read_text(encoding="utf-8"))
    assert [found["name"] for found in content["rows"]] == list(NAMES)
    assert all(found["docs_per_s"] == 2.0 for found in content["rows"])
    assert all(found["rounds"] == [1.0, 3.0, 2.0] for found in content["rows"])
    assert content["ratios"]["batch_2 / batch_1"] == 1.0


def test_a_busy_machine_gets_no_ratios(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    measured = results(row("onnx_int8", 50.0), row("stock_bert", 2.0))
    write(measured, tmp_path / "bench.json", refused="busy")
    content = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert content["ratios"] is None and content["ratios_refused"] == "busy"
    show(measured, "busy")
    shown = capsys.readouterr().out
    assert "busy" in shown and "onnx_int8 / stock_bert" not in shown
    show(measured, None)
    assert "onnx_int8 / stock_bert" in capsys.readouterr().out


def test_others_work_before_or_during_the_run_counts() -> None:
    quiet, busy = Load(0.1, MAX_LOAD / 2), Load(3.0, 2 * MAX_LOAD)
    assert refusal(quiet.others, Record(loads=[quiet, busy, quiet]), any_load=False) is None
    assert refusal(busy.others, Record(loads=[quiet]), any_load=False) is not None
    assert refusal(quiet.others, Record(loads=[busy, busy, quiet]), any_load=False) is not None
    assert refusal(busy.others, Record(loads=[busy]), any_load=True) is None


@pytest.mark.parametrize("plan", [FULL, QUICK])
def test_every_run_measures_the_rows_that_are_named(plan: Plan) -> None:
    names = {setup.name for setup in plan.setups} | {"batch_1", "batch_2"}
    assert names >= set(NAMES)
    assert REFERENCE in names
    assert plan.rounds * plan.slice <= N_TEXTS


def test_a_row_that_is_no_tagger_has_no_span_score() -> None:
    assert replace(row("parse", 1.0), finds="cells").as_json()["span_f"] is None
