"""Versions of the model: killed in the making, a full disk, two at once; and what a look costs."""

import json
import os
import subprocess
import sys
import timeit
from collections.abc import Iterator
from pathlib import Path

import pytest

from nianbao.models import registry
from nianbao.models.errors import NianbaoError
from nianbao.models.registry import CURRENT, HISTORY
from tests.models.conftest import code_of, here

ROOT = Path(__file__).parents[2]


# Interruptions -------------------------------------------------------------------------------

#: Forks a process for every step: it is ended without warning just before its nth change of a
#: file or folder, and what then stands is told.
KILLER = """
import json, os, shutil, sys
from pathlib import Path
from nianbao.models import registry

CHANGES = {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "os.truncate"}
scratch, home, action = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]

os.fsync = lambda handle: None  # the disk is not what is killed
for _ in range(3):
    registry.add(scratch)
registry.promote(1), registry.promote(2)
start = shutil.copytree(home, home.with_name("start"))

def prepare():
    shutil.rmtree(home)
    shutil.copytree(start, home)

def killed(step):
    child = os.fork()
    if child == 0:
        left = step
        def hook(event, arguments):
            nonlocal left
            writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)
            if writes or event in CHANGES:
                if left == 0:
                    os._exit(9)
                left -= 1
        sys.addaudithook(hook)
        {"add": lambda: registry.add(scratch), "promote": lambda: registry.promote(3),
         "rollback": registry.rollback}[action]()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

step = 0
while True:
    prepare()
    status = killed(step)
    now = registry.current()
    for version in registry.versions():
        registry.check(version)
    told = [status, now, registry.versions(), registry.previous(), registry.rollback()]
    registry.promote(registry.add(scratch))
    print(json.dumps([*told, registry.rollback()]))
    if status == 0:
        break
    step += 1
"""


def run_python(program: str, *arguments: str | Path) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT / ".dev")}
    words = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True)


def output_of(process: "subprocess.Popen[str]") -> str:
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return told


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are ended by their forks")
@pytest.mark.parametrize(
    ("action", "ends"),
    # status 0: current, versions, what was before it
    [("add", (2, 4, 1)), ("promote", (3, 3, 2)), ("rollback", (1, 3, 0))],
)
def test_killed_at_any_step_leaves_what_was_or_what_was_to_be(
    home: Path, scratch: Path, action: str, ends: tuple[int, int, int]
) -> None:
    lines = output_of(run_python(KILLER, scratch, home, action)).splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row[0] for row in rows] == [9] * (len(rows) - 1) + [0] and len(rows) > 5
    seen = set()
    for status, now, versions, before, back, again in rows:
        assert versions in ([0, 1, 2, 3], [0, 1, 2, 3, 4])
        assert back == before == again  # it can be rolled back, and used on
        seen.add((now, len(versions) - 1, before))
        if status == 0:
            assert (now, len(versions) - 1, before) == ends
    assert seen == {(2, 3, 1), ends}  # nothing between


def test_a_full_disk_changes_nothing_and_leaves_nothing(
    home: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.promote(registry.add(scratch))
    registry.add(scratch)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = here()
    for name in ("replace", "fsync"):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, full)
            for action in (lambda: registry.promote(2), registry.rollback):
                with pytest.raises(NianbaoError, match="No space left on device") as caught:
                    action()
                assert caught.value.code == "E409"
    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", full)
        assert code_of(registry.add, scratch) == "E409"
    assert (here(), registry.current(), registry.previous()) == (before, 1, 0)


# More than one process -----------------------------------------------------------------------

PROMOTER = """
import sys
from nianbao.models import registry
for _ in range(40):
    registry.promote(int(sys.argv[1]))
"""
ADDER = """
import sys
from pathlib import Path
from nianbao.models import registry
for _ in range(10):
    print(registry.add(Path(sys.argv[1])))
"""


def test_two_that_promote_at_once_leave_one_of_their_versions(home: Path, scratch: Path) -> None:
    registry.add(scratch), registry.add(scratch)
    processes = [run_python(PROMOTER, str(version)) for version in (1, 2)]
    seen = {0}
    while any(process.poll() is None for process in processes):
        seen.add(registry.current())
    for process in processes:
        output_of(process)
    assert seen <= {0, 1, 2} and registry.current() in (1, 2)
    assert here() == ["1", "2", CURRENT, HISTORY]
    while registry.previous() is not None:
        assert registry.rollback() in (0, 1, 2)
    assert registry.current() == 0


def test_two_that_add_at_once_get_numbers_of_their_own(home: Path, scratch: Path) -> None:
    processes = [run_python(ADDER, scratch) for _ in range(2)]
    numbers = [int(word) for process in processes for word in output_of(process).split()]
    assert sorted(numbers) == list(range(1, 21)) == list(registry.versions()[1:])
    for version in numbers:
        registry.check(version)


# Its price -----------------------------------------------------------------------------------


def test_importing_it_imports_nothing_heavy() -> None:
    program = "import sys, nianbao.models.registry; print(*sys.modules)"
    loaded = set(output_of(run_python(program)).split())
    heavy = {"numpy", "pydantic", "onnxruntime", "rich", "typer", "torch", "platformdirs"}
    assert heavy.isdisjoint(loaded) and "nianbao.inference" not in loaded


@pytest.fixture
def promoted(home: Path, scratch: Path) -> Iterator[int]:
    version = registry.add(scratch)
    registry.promote(version)
    yield version


def test_finding_the_current_version_takes_less_than_a_millisecond(promoted: int) -> None:
    assert registry.current() == promoted
    assert min(timeit.repeat(registry.current, number=20, repeat=5)) / 20 < 1e-3
