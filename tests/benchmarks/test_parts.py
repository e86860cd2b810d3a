"""The parts that measure, on the tiny tagger: what they find, not how fast."""

import subprocess
import sys
from itertools import count
from pathlib import Path

import psutil
import pytest

from benchmarks import stages
from benchmarks.batches import Batch, Look
from benchmarks.engines import Needs, engine
from benchmarks.machine import own_seconds
from benchmarks.processes import Item, Pool
from nianbao.inference.tagger import OnnxTagger
from nianbao.models.folder import load_folder

TEXT = "青禾县年度报告\n二、主动公开政府信息情况\n规章\t3\t0\t12\n2023年1月8日\n"


@pytest.fixture
def needs(toy_folder: Path) -> Needs:
    return Needs(toy_folder, toy_folder / "onnx" / "model.onnx", 1)


@pytest.mark.parametrize("name", ["torch_fp32", "torch_bf16", "onnx_fp32", "onnx_int8"])
def test_every_tagger_finds_the_same(name: str, needs: Needs) -> None:
    spans = OnnxTagger(load_folder(needs.model)).tag(TEXT)
    expected = [(span.start, span.end, str(span.label)) for span in spans]
    assert expected
    assert engine(name, needs)(Path("-"), TEXT) == expected


def test_the_stock_pipeline_runs_on_our_weights(needs: Needs) -> None:
    found = engine("stock_ours", needs)(Path("-"), TEXT)
    assert (0, 7, "TITLE") in found


def test_the_untrained_yardstick_finds_about_as_many_spans_as_a_report_has(needs: Needs) -> None:
    found = engine("stock_bert", needs)(Path("-"), TEXT * 40)
    assert 100 < len(found) < 900


def test_an_unknown_configuration_is_refused(needs: Needs) -> None:
    with pytest.raises(KeyError):
        engine("stock", needs)


def test_a_pool_gives_the_findings_in_the_order_of_the_reports(
    needs: Needs, tmp_path: Path
) -> None:
    items = []
    for number in range(1, 4):
        file = tmp_path / f"{number}.txt"
        file.write_text(TEXT * number, encoding="utf-8")
        items.append(Item(file, file, len(TEXT) * number))
    with Pool("onnx_int8", 2, needs) as pool:
        pool.start(items[0])
        done = pool.run(items, wanted=True)
        assert pool.memory() > 0
    alone = engine("onnx_int8", needs)
    assert [list(found) for found in done.found] == [
        alone(i.path, i.path.read_text()) for i in items
    ]
    assert done.counts == tuple(map(len, done.found))
    assert done.n_characters == 6 * len(TEXT)
    assert len(pool.cold_starts) == 2


def test_a_stage_has_its_own_time_only() -> None:
    ticks = count()
    watch = stages.Stopwatch(clock=lambda: next(ticks))
    inner = watch.wrap("inner", lambda: None)
    outer = watch.wrap("outer", lambda: (inner(), inner()))
    watch.begin()
    outer()
    watch.end()
    assert watch.seconds == {"rest": 2, "outer": 3, "inner": 2}


def test_a_stage_that_fails_is_closed() -> None:
    watch = stages.Stopwatch(clock=iter(range(9)).__next__)
    with pytest.raises(ZeroDivisionError):
        watch.wrap("broken", lambda: 1 // 0)()
    watch.end()
    assert watch.seconds["rest"] == 2 and watch.seconds["broken"] == 1


def test_memory_is_compared_by_the_share_of_the_reports_that_is_done() -> None:
    looks = tuple(Look(parts, (parts, 10 * parts), 11 * parts) for parts in range(101))
    batch = Batch(2.0, 3.0, n_parsed=90, n_failed=10, n_cells=0, looks=looks)
    assert batch.largest_worker(0.1, 0.2) == 150
    assert batch.largest_worker(0.9, 1.0) == 950
    assert (batch.peak, batch.total, batch.docs_per_s) == (1000, 1100, 50.0)
    assert Batch(1.0, 1.0, 1, 0, 0, looks=()).largest_worker(0.1, 0.2) is None


def test_the_work_of_ended_children_is_ours() -> None:
    before = own_seconds(psutil.Process())
    subprocess.run([sys.executable, "-c", "sum(range(5_000_000))"], check=True)
    assert own_seconds(psutil.Process()) > before + 0.01
