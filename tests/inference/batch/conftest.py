"""Folders of small reports, and a batch over them with a parser that needs no model."""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from nianbao.inference.batch.local import run_local
from nianbao.inference.batch.options import Options, Parser
from nianbao.inference.batch.run import Summary, batch
from nianbao.inference.batch.worker import Job, Outcome, Task, Worker

Load = Callable[[Options], Parser]
Run = Callable[..., Summary]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    """What workers load; they are started with our search path, and find it by its name."""
    monkeypatch.syspath_prepend(Path(__file__).parent)
    ours = import_module("reports_for_batch")
    monkeypatch.setattr("nianbao.inference.batch.run.fingerprint", ours.fingerprint)
    found: Load = ours.load
    return found


@pytest.fixture
def run(tmp_path: Path, load: Load) -> Run:
    """Parse a folder below `tmp_path` into another; keywords are options.

    In this process, unless it is told how many workers there are to be.
    """

    def run_batch(
        source: str = "in", out: str = "out", stopping: Callable[[], bool] = bool, **options: object
    ) -> Summary:
        given: dict[str, object] = {"shard_size": 4, "load": load}
        chosen = Options(**{**given, **options})  # type: ignore[arg-type]
        engine = run_local if chosen.workers else run_here
        inputs, target = [str(tmp_path / source)], tmp_path / out
        return batch(inputs, target, chosen, run=engine, stopping=stopping)

    return run_batch


def run_here(tasks: Iterable[Task], job: Job, stopping: Callable[[], bool]) -> Iterator[Outcome]:
    """The simplest engine."""
    worker = Worker(job, lambda index: None)
    for task in tasks:
        if stopping():
            return
        yield worker.run(task)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file below `tmp_path`, and the folders that lead to it."""

    def write_file(name: str, content: str | bytes = "报告") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


@pytest.fixture
def contents(tmp_path: Path) -> Callable[[str], dict[str, bytes]]:
    """All files of an output folder but those that hold times and processes."""

    def read_all(out: str) -> dict[str, bytes]:
        root = tmp_path / out
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file() and path.name != "run.log"
        }

    return read_all
