"""Work shared among processes, and what becomes of them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nianbao.training.parallel import mapped

PROGRAM = """
import os, time
from pathlib import Path
from nianbao.training.parallel import mapped
from tests.training.test_parallel import tarry
if __name__ == "__main__":
    mapped(tarry, [Path({folder!r})] * 100, 2, 1)
"""


def tarry(folder: Path) -> None:
    """Leave a note of who works, and take a while."""
    (folder / str(os.getpid())).touch()
    time.sleep(0.2)


def is_alive(process: str) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_order(jobs: int) -> None:
    assert mapped(abs, [-3, 2, -1], jobs, 1) == [3, 2, 1]


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")
@pytest.mark.parametrize("ended_by", [signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_the_one_that_started_it(
    ended_by: signal.Signals, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(folder=str(tmp_path)), "utf-8")
    root = Path(__file__).parents[2]
    paths = os.pathsep.join((*sys.path, str(root)))
    process = subprocess.Popen(
        [sys.executable, str(program)],
        env={**os.environ, "PYTHONPATH": paths},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while len(workers := [name for name in os.listdir(tmp_path) if name.isdigit()]) < 2:
        assert process.poll() is None
        time.sleep(0.05)
    if ended_by == signal.SIGKILL:
        process.kill()
    else:
        os.killpg(process.pid, ended_by)  # as Ctrl-C does
    _, told = process.communicate(timeout=30)
    for _ in range(100):
        if not any(map(is_alive, workers)):
            break
        time.sleep(0.1)
    assert not any(map(is_alive, workers))
    assert told.count("Traceback") == (ended_by == signal.SIGINT)  # of the one that was asked
