"""Killed at any moment and started again, a batch ends with the files of an undisturbed one."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nianbao.inference.batch.run import Summary

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
Run = Callable[..., Summary]
Write = Callable[..., Path]
Contents = Callable[[str], dict[str, bytes]]

CODE = """
import sys
from pathlib import Path
from reports_for_batch import fingerprint, load
from nianbao.inference.batch import run
from nianbao.inference.batch.options import Options

if __name__ == "__main__":
    run.fingerprint = fingerprint
    options = Options(workers=2, shard_size=4, timeout=float(sys.argv[3]), load=load)
    run.batch([sys.argv[1]], Path(sys.argv[2]), options)
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and /proc of Linux")


def start(source: Path, out: Path, timeout: float = 1.5) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join((str(ROOT / ".dev"), str(HERE)))
    environment = {**os.environ, "PYTHONPATH": paths}
    return subprocess.Popen(
        [sys.executable, "-c", CODE, source, out, str(timeout)],
        env=environment,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def running(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_runs_that_were_killed_end_like_one_that_was_not(
    run: Run, write: Write, contents: Contents, tmp_path: Path
) -> None:
    for number in range(60):
        word = {7: "HANG", 20: "CRASH", 33: "NOT"}.get(number, "SLOW")
        write(f"in/{number:02d}.txt", f"{word}{number}")
    run(out="calm", workers=2, timeout=1.5)
    rng = random.Random(5)
    for _ in range(3):
        process = start(tmp_path / "in", tmp_path / "out")
        time.sleep(rng.uniform(1.0, 4.0))
        process.kill()
        process.wait()
    assert start(tmp_path / "in", tmp_path / "out").wait() == 0
    assert contents("out") == contents("calm")


def test_workers_end_with_their_parent(write: Write, tmp_path: Path) -> None:
    write("in/1.txt", "STUCK")
    process = start(tmp_path / "in", tmp_path / "out", timeout=600)
    journal = tmp_path / "out/.batch/tmp/worker-0"
    wait_for(lambda: journal.exists() and journal.stat().st_size > 0)
    assert running(process.pid)
    process.kill()
    process.wait()
    wait_for(lambda: not running(process.pid))


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def test_a_worker_killed_from_outside_costs_no_document(
    run: Run, write: Write, contents: Contents, tmp_path: Path
) -> None:
    for number in range(24):
        write(f"in/{number:02d}.txt", "SLOW" * 4 + str(number))
    run(out="calm")
    process = start(tmp_path / "in", tmp_path / "out")
    done = tmp_path / "out/.batch/done"
    killed = 0
    while process.poll() is None:
        if done.is_dir() and len(list(done.iterdir())) > killed and killed < 2:
            for worker in children(process.pid):
                os.kill(worker, signal.SIGKILL)
            killed += 1
        time.sleep(0.02)
    assert process.returncode == 0 and killed == 2
    assert contents("out") == contents("calm")


def children(parent: int) -> list[int]:
    """The workers of a batch: those of its processes that `spawn` started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text().rpartition(")")[2].split()
            words = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if int(status[1]) == parent and b"spawn_main" in words:
            found.append(int(folder.name))
    return found
