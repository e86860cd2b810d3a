"""`nianbao batch` as a user runs it, watched from outside."""

import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil
import pyarrow.parquet as parquet

from benchmarks.corpus import Corpus
from benchmarks.processes import environment

_EVERY = 0.25  # seconds between two looks at its processes
_COMMAND = [sys.executable, "-m", "nianbao", "batch"]


@dataclass(frozen=True, slots=True)
class Look:
    """parts: part files written so far. workers: bytes that each process below the first holds."""

    parts: int
    workers: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Batch:
    """One run from its start to its end. cells: found in all reports."""

    seconds: float
    cpu: float
    n_parsed: int
    n_failed: int
    n_cells: int
    looks: tuple[Look, ...]

    @property
    def n_documents(self) -> int:
        return self.n_parsed + self.n_failed

    @property
    def docs_per_s(self) -> float:
        return self.n_documents / self.seconds

    @property
    def peak(self) -> int:
        """Bytes, the most that one worker held."""
        return max((max(look.workers, default=0) for look in self.looks), default=0)

    @property
    def total(self) -> int:
        """Bytes, the most that all its processes held together."""
        return max((look.total for look in self.looks), default=0)

    def largest_worker(self, start: float, end: float) -> float | None:
        """Bytes of the largest worker from when one share of the reports was done to another.

        The median of the looks; None where there was none.
        """
        last = max((look.parts for look in self.looks), default=0)
        sizes = [
            max(look.workers)
            for look in self.looks
            if look.workers and start * last <= look.parts <= end * last
        ]
        return median(sizes) if sizes else None


def is_there() -> bool:
    """Whether this nianbao has the command, and what it needs is installed."""
    done = subprocess.run([*_COMMAND, "-h"], capture_output=True, env=environment(), check=False)
    return done.returncode == 0


def run_batch(corpus: Corpus, size: int, workers: int, out: Path) -> Batch:
    """Parse the first `size` reports into a new folder `out`.

    RuntimeError where it fails, or where its outputs do not account for every input.
    """
    shutil.rmtree(out, ignore_errors=True)
    command = [*_COMMAND, *map(str, corpus.inputs(size)), "-o", str(out)]
    command += ["--workers", str(workers), "--quiet"]
    said = out.with_suffix(".log")
    cpu, start = _children_seconds(), time.perf_counter()
    with said.open("w") as stream:
        process = subprocess.Popen(command, env=environment(), stdout=stream, stderr=stream)
        looks = list(_looks(process, out))
    seconds = time.perf_counter() - start
    n_parsed, n_failed, n_cells = _account(out)
    if n_parsed + n_failed != size:
        raise RuntimeError(
            f"batch of {size} ended with status {process.returncode}, {n_parsed} parsed, "
            f"{n_failed} failed: {said.read_text()[-2000:]}"
        )
    found = Batch(seconds, _children_seconds() - cpu, n_parsed, n_failed, n_cells, tuple(looks))
    shutil.rmtree(out)
    return found


def _account(out: Path) -> tuple[int, int, int]:
    """Reports, failures and cells of an output folder."""
    failures = (out / "failed.jsonl").read_text(encoding="utf-8").splitlines()
    return _n_rows(sorted(out.glob("reports/*.parquet"))), len(failures), _n_found(out)


def _n_rows(files: Sequence[Path]) -> int:
    return sum(parquet.read_metadata(file).num_rows for file in files)


def _n_found(out: Path) -> int:
    found = [("state", "==", "found")]
    files = sorted(out.glob("cells/*.parquet"))
    return sum(parquet.read_table(f, columns=["state"], filters=found).num_rows for f in files)


def _looks(process: "subprocess.Popen[bytes]", out: Path) -> Iterator[Look]:
    """Looks at a process, now and then, until it has ended."""
    while process.poll() is None:
        yield _look(process.pid, out)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_EVERY)


def _look(pid: int, out: Path) -> Look:
    parts = sum(1 for _ in out.glob("reports/*.parquet"))
    try:
        main = psutil.Process(pid)
        total = main.memory_info().rss
        children = main.children(recursive=True)
    except psutil.NoSuchProcess:
        return Look(parts, (), 0)
    workers = []
    for child in children:
        try:
            workers.append(child.memory_info().rss)
        except psutil.NoSuchProcess:
            continue
    return Look(parts, tuple(workers), total + sum(workers))


def _children_seconds() -> float:
    """Processor time of our children that ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
