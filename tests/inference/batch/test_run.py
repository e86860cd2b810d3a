"""A batch as a whole: what is parsed, skipped, tried again, and that nothing depends on how."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from nianbao.inference.batch.options import Options
from nianbao.inference.batch.run import Summary
from nianbao.inference.batch.state import locked
from nianbao.inference.flat import TABLES
from nianbao.inference.names import Format
from nianbao.models.errors import NianbaoError

Run = Callable[..., Summary]
Write = Callable[..., Path]
Contents = Callable[[str], dict[str, bytes]]


def reports(out: Path) -> list[dict[str, object]]:
    files = sorted((out / "reports").glob("*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def failures(out: Path) -> list[tuple[str, str]]:
    lines = (out / "failed.jsonl").read_text("utf-8").splitlines()
    return [(line["path"], line["code"]) for line in map(json.loads, lines)]


def log(out: Path) -> str:
    return (out / "run.log").read_text("utf-8")


def test_every_report_has_its_rows_in_every_table(run: Run, write: Write, tmp_path: Path) -> None:
    for number in range(9):
        write(f"in/{number}.txt", f"报告{number}")
    summary = run()
    assert summary.tally.parsed == 9 and not summary.interrupted
    found = reports(tmp_path / "out")
    assert [row["path"] for row in found] == [f"in/{number}.txt" for number in range(9)]
    keys = {row["report"] for row in found}
    assert len(keys) == 9
    for table in TABLES:
        parts = sorted((tmp_path / "out" / table.key).glob("*.parquet"))
        assert [part.name for part in parts] == [f"part-00000{n}.parquet" for n in range(3)]
        assert {key for part in parts for key in pq.read_table(part)["report"].to_pylist()} <= keys


def test_the_files_do_not_depend_on_workers_place_or_time(
    run: Run, write: Write, contents: Contents, tmp_path: Path
) -> None:
    for number in range(10):
        write(f"in/{number}.txt", "SLOW" * (number % 2) + f"报告{number}")
        write(f"elsewhere/in/{number}.txt", "SLOW" * (number % 2) + f"报告{number}")
    run(out="one", workers=1)
    run("elsewhere/in", out="two", workers=3, recycle=1)
    assert contents("one") == contents("two")
    assert str(tmp_path).encode() not in b"".join(contents("one").values())


def test_a_second_run_does_nothing(run: Run, write: Write, contents: Contents) -> None:
    for number in range(5):
        write(f"in/{number}.txt", f"报告{number}")
    run()
    before = contents("out")
    again = run()
    assert again.n_skipped == 5 and contents("out") == before


def test_what_is_new_is_parsed_and_the_rest_taken_over(
    run: Run, write: Write, contents: Contents, tmp_path: Path
) -> None:
    for number in range(1, 10):
        write(f"in/{number}.txt", f"报告{number}")
    write("in/8.txt", "CRASH once")
    run(workers=1)
    write("in/0.txt", "新报告")  # shifts every shard
    write("in/8.txt", "报告8")
    (tmp_path / "in/3.txt").rename(tmp_path / "in/7b.txt")
    (tmp_path / "in/5.txt").unlink()
    run()
    run(out="fresh")
    assert contents("out") == contents("fresh")


def test_rows_that_are_taken_over_are_not_parsed_again(
    run: Run, write: Write, tmp_path: Path
) -> None:
    gate = write("gate")
    gate.unlink()
    write("in/1.txt", f"WAIT {gate}")  # parsed at once as long as there is no gate
    run()
    write("gate")
    write("in/0.txt", "新报告")
    assert run().tally.parsed == 2


@pytest.mark.parametrize("formats", [(), (Format.JSON,)])
def test_what_failed_is_tried_again_alone(
    run: Run, write: Write, contents: Contents, tmp_path: Path, formats: tuple[Format, ...]
) -> None:
    for number in range(6):
        write(f"in/{number}.txt", f"报告{number}")
    gate = write("gate")
    write("in/2.txt", f"WAIT {gate}")
    first = run(timeout=1.5, formats=frozenset(formats))
    assert first.tally.failed == 1 and failures(tmp_path / "out") == [("in/2.txt", "E501")]
    gate.unlink()
    assert run(retry=False, formats=frozenset(formats)).tally.failed == 1
    assert run(formats=frozenset(formats)).tally.failed == 0
    run(out="fresh", formats=frozenset(formats))
    assert contents("out") == contents("fresh")


def test_a_content_is_parsed_once_and_its_other_paths_are_listed(
    run: Run, write: Write, tmp_path: Path
) -> None:
    for name in ("in/b.txt", "in/a/c.html", "in/z.txt"):
        write(name, "报告")
    write("in/other.txt", "另一份")
    summary = run()
    assert summary.n_duplicates == 2
    assert [row["path"] for row in reports(tmp_path / "out")] == ["in/a/c.html", "in/other.txt"]
    text = (tmp_path / "out/duplicates.csv").read_text("utf-8-sig")
    rows = [(row["path"], row["same_as"]) for row in csv.DictReader(io.StringIO(text))]
    assert rows == [("in/b.txt", "in/a/c.html"), ("in/z.txt", "in/a/c.html")]


def test_failures_are_listed_with_their_codes(run: Run, write: Write, tmp_path: Path) -> None:
    write("in/a.pdf", "%PDF-1.7\n")
    write("in/b.txt", "NOT")
    write("in/c.txt", "BUG")
    write("in/d.txt", b"")
    write("in/e.txt", "报告")
    write("in/f.png", b"\x89PNG\r\n\x1a\n" + bytes(32))
    summary = run()
    assert summary.tally.parsed == 1
    assert failures(tmp_path / "out") == [
        ("in/a.pdf", "E113"),
        ("in/b.txt", "E201"),
        ("in/c.txt", "E901"),
        ("in/d.txt", "E102"),
        ("in/f.png", "E116"),
    ]
    assert summary.tally.mistakes == 1
    assert "KeyError: 't3.new'" in log(tmp_path / "out")


def test_another_fingerprint_is_refused_unless_forced(
    run: Run, write: Write, contents: Contents
) -> None:
    for number in range(5):
        write(f"in/{number}.txt", f"报告{number}")
    run()
    before = contents("out")
    with pytest.raises(NianbaoError) as caught:
        run(shard_size=2)
    assert caught.value.code == "E403" and "shard_size" in caught.value.message
    assert contents("out") == before
    run(shard_size=2, force=True)
    run(out="fresh", shard_size=2)
    assert contents("out") == contents("fresh")


def test_a_folder_in_use_is_refused(run: Run, write: Write, tmp_path: Path) -> None:
    write("in/a.txt")
    with locked(tmp_path / "out"), pytest.raises(NianbaoError) as caught:
        run()
    assert caught.value.code == "E402"
    assert run().tally.parsed == 1


def test_a_spoiled_part_file_is_made_again(
    run: Run, write: Write, contents: Contents, tmp_path: Path
) -> None:
    for number in range(8):
        write(f"in/{number}.txt", f"报告{number}")
    run()
    before = contents("out")
    (tmp_path / "out/cells/part-000001.parquet").write_bytes(b"")
    (tmp_path / "out/items/part-000000.parquet").unlink()
    run()
    assert contents("out") == before


def test_stopping_finishes_what_is_in_hand_and_the_next_run_goes_on(
    run: Run, write: Write, contents: Contents, tmp_path: Path
) -> None:
    for number in range(12):
        write(f"in/{number:02d}.txt", f"SLOW{number}")
    done = tmp_path / "out/.batch/done"
    summary = run(stopping=lambda: done.is_dir() and any(done.iterdir()), workers=1)
    assert summary.interrupted and 4 <= summary.tally.parsed < 12
    assert len(reports(tmp_path / "out")) == summary.tally.parsed
    run()
    run(out="fresh")
    assert contents("out") == contents("fresh")


def test_an_interruption_while_reading_ends_at_once(run: Run, write: Write) -> None:
    write("in/a.txt")
    with pytest.raises(KeyboardInterrupt):
        run(stopping=lambda: True)


def test_csv_workbook_and_json_are_written_on_demand(
    run: Run, write: Write, contents: Contents, tmp_path: Path
) -> None:
    for number in range(5):
        write(f"in/{number}.txt", f"报告{number}")
    write("in/5.txt", "NOT")
    run()
    plain = contents("out")
    run(formats=frozenset(Format))
    out = tmp_path / "out"
    names = {path.stem for path in (out / "json").glob("*.json")}
    assert names == {row["report"] for row in reports(out)}
    rows = list(csv.DictReader(io.StringIO((out / "cells.csv").read_text("utf-8-sig"))))
    assert [row["value"] for row in rows[:3]] == ["3", "0.5", ""]
    assert (out / "nianbao.xlsx").is_file()
    run()
    assert not (out / "nianbao.xlsx").exists() and not (out / "cells.csv").exists()
    assert plain.keys() <= contents("out").keys()


def test_a_source_that_changes_during_the_run_is_no_result(write: Write, tmp_path: Path) -> None:
    from nianbao.inference.batch.entries import Entry, Source
    from nianbao.inference.batch.worker import read_source

    path = write("a.txt", "报告")
    with pytest.raises(NianbaoError) as caught:
        read_source(Source(Entry("a.txt", str(path)), "0" * 64), Options())
    assert caught.value.code == "E504"


def test_the_data_package_names_every_file_and_column(
    run: Run, write: Write, tmp_path: Path
) -> None:
    for number in range(5):
        write(f"in/{number}.txt", f"报告{number}")
    run()
    out = tmp_path / "out"
    package = json.loads((out / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        names = [field["name"] for field in resource["schema"]["fields"]]
        for path in resource["path"]:
            assert pq.read_schema(out / path).names == names
    listed = {path for resource in package["resources"] for path in resource["path"]}
    assert listed == {path.relative_to(out).as_posix() for path in out.rglob("*.parquet")}
