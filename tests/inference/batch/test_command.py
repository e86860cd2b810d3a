"""The command `nianbao batch`: exit codes, interruptions, what is said."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from nianbao.inference.batch.entries import Entry, Shard, Source
from nianbao.inference.batch.fingerprint import fingerprint
from nianbao.inference.batch.options import Options, options_of
from nianbao.inference.batch.progress import Lines
from nianbao.inference.batch.state import Failure, Marker, State, locked, write_whole
from nianbao.inference.batch.worker import Outcome, Task
from tests.conftest import Shell

ROOT = Path(__file__).parents[3]
Write = Callable[..., Path]


@pytest.fixture
def command(shell: Shell) -> Shell:
    """`nianbao batch`."""
    return partial(shell, "batch")


def test_examples_are_parsed_and_a_bad_file_ends_with_3(
    command: Shell, write: Write, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bad = write("坏.pdf", "%PDF-1.7\n")
    assert command(ROOT / "examples", bad, "-o", "out", "--workers", 1, "--to", "csv") == 3
    told = capfd.readouterr()
    assert told.out == "" and "坏.pdf: E113 暂不支持 PDF" in told.err
    assert "已解析 3 份" in told.err
    assert command(ROOT / "examples", "-o", "out", "--workers", 1, "--quiet") == 0
    assert capfd.readouterr() == ("", "")
    assert not (tmp_path / "out/cells.csv").exists()


def test_a_folder_in_use_is_wrong_usage(command: Shell, write: Write) -> None:
    write("a.txt")
    with locked(Path("out")):
        assert command("a.txt", "-o", "out") == 2


def test_another_fingerprint_is_wrong_usage(command: Shell, write: Write) -> None:
    write("a.txt")
    state = State(Path("out"))
    state.make()
    write_whole(state.settings, b'{"code": "another"}', state.tmp)
    assert command("a.txt", "-o", "out") == 2


def test_ray_is_told_to_be_missing_before_anything_is_done(
    command: Shell,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("a.txt")
    monkeypatch.setitem(sys.modules, "ray", None)
    assert command("a.txt", "-o", "out", "--engine", "ray") == 5
    assert "E302 缺少可选组件ray" in capsys.readouterr().err and not Path("out").exists()


def test_an_address_of_a_cluster_without_ray_is_wrong_usage(command: Shell, write: Write) -> None:
    write("a.txt")
    assert command("a.txt", "-o", "out", "--ray-address", "10.0.0.1:6379") == 2
    assert not Path("out").exists()


def test_an_input_is_not_written_over(command: Shell, write: Write) -> None:
    manifest = write("out/reports.csv", "path\n")
    assert command(manifest, "-o", "out", "--to", "csv") == 2
    assert manifest.read_text() == "path\n"


@pytest.mark.parametrize("name", ["pyarrow", "filelock"])
def test_what_is_not_installed_is_named(name: str, tmp_path: Path) -> None:
    code = f"import sys; sys.modules['{name}'] = None; from nianbao.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "batch", "a.txt", "-o", "out"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / ".dev")},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 5
    assert f"E302 缺少可选组件{name}" in done.stderr.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_finishes_what_is_in_hand_and_ends_with_130(write: Write, tmp_path: Path) -> None:
    report = (ROOT / "examples/01-county-bureau.txt").read_text("utf-8")
    for number in range(40):
        write(f"in/{number:02d}.txt", f"{report}\n{number}")
    words = ["-m", "nianbao", "batch", "in", "-o", "out", "--shard-size", "2", "--workers", "1"]
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / ".dev")},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    done = tmp_path / "out/.batch/done"
    while process.poll() is None and not (done.is_dir() and any(done.iterdir())):
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers, too
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told.decode()
    n_done = len(list(done.iterdir()))
    assert 0 < n_done < 20 and f"还剩 {40 - 2 * n_done} 份" in told.decode()
    assert len(list((tmp_path / "out/reports").glob("*.parquet"))) == n_done


def test_the_fingerprint_knows_model_and_options_but_no_limits() -> None:
    plain = fingerprint(Options())
    assert plain == fingerprint(Options(timeout=1, max_memory=300, max_bytes=5, workers=3))
    assert plain != fingerprint(Options(shard_size=1))
    assert all(plain.values())


def test_options_that_are_not_given_have_their_own_value() -> None:
    assert options_of(timeout=None, workers=2) == Options(workers=2)


def an_outcome(failed: int) -> Outcome:
    sources = tuple(Source(Entry(f"{n}\x1b.txt", ""), None) for n in range(failed))
    failures = tuple(Failure(n, "E102", "文件是空的", "the file is empty") for n in range(failed))
    marker = Marker("", 0, 0, 0, (), failures, {})
    return Outcome(Task(Shard(0, sources, "")), marker)


def test_failures_are_told_one_by_one_until_they_are_too_many(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = Lines()
    lines.begin(100, 10)
    for _ in range(3):
        lines.advance(an_outcome(15))
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("10 份此前已完成")
    assert told[1] == "0\\x1b.txt: E102 文件是空的 | the file is empty"
    assert len(told) == 1 + 20 + 1


def test_a_line_now_and_then_tells_rate_failures_and_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    lines = Lines()
    lines.begin(100, 0)
    now[0] += 40
    lines.advance(an_outcome(10))
    (line,) = [each for each in capsys.readouterr().err.splitlines() if "已处理" in each]
    assert line.startswith("已处理 10/100，失败 10，每秒 0.2 份，剩余 0:06:00 | 10 of 100 done")
