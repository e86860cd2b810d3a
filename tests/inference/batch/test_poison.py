"""Bad documents cost themselves alone: hanging, huge, crashing, or broken ones."""

import json
import sys
import time
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from nianbao.inference.batch.limits import OutOfTime, time_limit
from nianbao.inference.batch.run import Summary
from nianbao.models.errors import NianbaoError

Run = Callable[..., Summary]
Write = Callable[..., Path]
Contents = Callable[[str], dict[str, bytes]]

linux = pytest.mark.skipif(sys.platform != "linux", reason="the limit is the system's")


def codes(out: Path) -> dict[str, str]:
    lines = (out / "failed.jsonl").read_text("utf-8").splitlines()
    return {line["path"]: line["code"] for line in map(json.loads, lines)}


def parsed(out: Path) -> set[object]:
    files = sorted((out / "reports").glob("*.parquet"))
    return {path for file in files for path in pq.read_table(file)["path"].to_pylist()}


@linux
@pytest.mark.parametrize("workers", [1, 2])
def test_each_poison_is_accounted_for_and_its_neighbours_are_parsed(
    run: Run, write: Write, tmp_path: Path, workers: int
) -> None:
    poison = {"HANG": "E501", "STUCK": "E501", "HUGE": "E502", "CRASH": "E503", "BUG": "E901"}
    good = set()
    for number, word in enumerate(poison):
        write(f"in/{number}-bad.txt", word)
        for letter in "abc":
            write(f"in/{number}{letter}.txt", f"报告{number}{letter}")
            good.add(f"in/{number}{letter}.txt")
    run(workers=workers, shard_size=7, timeout=1.5, max_memory=800)
    out = tmp_path / "out"
    expected = {f"in/{n}-bad.txt": code for n, code in enumerate(poison.values())}
    assert codes(out) == expected
    assert parsed(out) == good


@linux
def test_a_shard_of_poison_alone_ends(run: Run, write: Write, tmp_path: Path) -> None:
    for number in range(4):
        write(f"in/{number}.txt", f"CRASH{number}")
    assert run(workers=1).tally.failed == 4
    assert set(codes(tmp_path / "out").values()) == {"E503"}


@linux
def test_a_hanging_document_costs_its_limit_and_little_more(run: Run, write: Write) -> None:
    for number in range(4):
        write(f"in/{number}.txt", f"HANG{number}")
    write("in/5.txt", "报告")
    started = time.monotonic()
    run(timeout=1.5, workers=1)
    assert time.monotonic() - started < 4 * 1.5 + 8  # start of the worker included


@linux
def test_a_document_that_failed_for_its_neighbours_sake_is_parsed_alone(
    run: Run, write: Write, contents: Contents
) -> None:
    """What follows a crash was in no hand: it is no suspect, and its rows are those of a run
    without the crash."""
    for number in range(6):
        write(f"in/{number}.txt", "CRASH" if number == 3 else f"报告{number}")
        write(f"calm/in/{number}.txt", "NOT" if number == 3 else f"报告{number}")
    run(out="one", workers=1)
    run("calm/in", out="two")
    one, two = contents("one"), contents("two")
    tables = {name for name in one if name.endswith(".parquet")}
    assert tables and {name: one[name] for name in tables} == {name: two[name] for name in tables}


def test_broken_encodings_and_odd_names_stop_nothing(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write("in/a.txt", "报告".encode() + b"\xff\xfe\xfa\x00")
    write("in/b.txt", bytes(range(256)) * 8)
    write("in/c.html", "<p>&#xD800;报告&#55296;")
    write("in/d.txt", "报告\ud800".encode("utf-8", "surrogatepass"))
    (tmp_path / "in" / "\udcff.txt").write_text("报告") if sys.platform == "linux" else None
    summary = run()
    assert summary.tally.parsed + summary.tally.failed == 5 - (sys.platform != "linux")
    assert summary.tally.mistakes == 0


def test_a_zip_bomb_is_not_unpacked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(tmp_path / "in/a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("bomb.txt", "w", force_zip64=True) as stream:
            for _ in range(300):
                stream.write(bytes(1 << 20))
        archive.writestr("good.txt", "报告")
    (tmp_path / "in/broken.zip").write_bytes(b"PK\x03\x04 no archive")
    started = time.monotonic()
    run(max_bytes=100_000)
    assert time.monotonic() - started < 15
    out = tmp_path / "out"
    assert parsed(out) == {"in/a.zip/good.txt"}
    assert codes(out).keys() == {"in/a.zip/bomb.txt", "in/broken.zip"}


def test_the_limit_reaches_through_code_that_catches_every_exception() -> None:
    def stubborn() -> None:
        while True:
            try:
                time.sleep(5)
            except Exception:
                continue

    with pytest.raises(OutOfTime), time_limit(0.05):
        stubborn()


def test_within_its_limit_nothing_happens() -> None:
    with time_limit(5):
        pass
    time.sleep(0.01)


@pytest.mark.parametrize(("name", "code"), [("load_and_die", "E407"), ("load_nothing", "E301")])
def test_a_model_that_cannot_be_loaded_ends_the_run_and_fails_no_document(
    run: Run, write: Write, tmp_path: Path, name: str, code: str
) -> None:
    for number in range(9):
        write(f"in/{number}.txt", f"报告{number}")
    with pytest.raises(NianbaoError) as caught:
        run(workers=1, load=getattr(import_module("reports_for_batch"), name))
    assert caught.value.code == code
    assert not list((tmp_path / "out/.batch/done").iterdir())
    assert run().tally.parsed == 9


def test_a_shard_whose_worker_dies_with_no_document_in_hand_is_given_up(
    run: Run, write: Write, tmp_path: Path
) -> None:
    for number, words in enumerate(["报告0", "DOOM", "报告2"]):
        write(f"in/{number}.txt", words)
    run(workers=1, shard_size=2)
    assert codes(tmp_path / "out") == {"in/0.txt": "E503", "in/1.txt": "E503"}
    assert parsed(tmp_path / "out") == {"in/2.txt"}
