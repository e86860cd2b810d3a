"""The processes of one configuration, seen from outside: started, given reports, measured."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

import nianbao
from benchmarks.corpus import shares
from benchmarks.engines import Found, Needs

_SOURCES = str(Path(nianbao.__path__[0]).parent)
_HERE = str(Path(__file__).parents[1])
#: One thread a core at work: what waits for a thread must not spin on another's core.
_ENVIRONMENT = {"OMP_WAIT_POLICY": "PASSIVE", "TOKENIZERS_PARALLELISM": "false"}


@dataclass(frozen=True, slots=True)
class Item:
    """A report to be worked on. weight: its characters."""

    path: Path
    text: Path | None
    weight: int


@dataclass(frozen=True, slots=True)
class Round:
    """What one configuration did with one lot of reports.

    seconds: on the clock, all processes together; busy: of the slowest process by its own clock;
    cpu: sum of theirs; counts: in the reports' order, the spans (or cells) found in each.
    found: the spans themselves, where they were asked for.
    """

    seconds: float
    busy: float
    cpu: float
    n_documents: int
    n_characters: int
    counts: tuple[int, ...]
    found: tuple[tuple[Found, ...], ...] = ()

    @property
    def docs_per_s(self) -> float:
        return self.n_documents / self.seconds


def environment() -> dict[str, str]:
    """Of a process that imports nianbao and the benchmarks wherever they lie."""
    found = [_HERE, _SOURCES, os.environ.get("PYTHONPATH", "")]
    return os.environ | _ENVIRONMENT | {"PYTHONPATH": os.pathsep.join(filter(None, found))}


class Pool:
    """The processes of a configuration, each with its own engine.

    They start one after the other, so that `cold_starts` are of a process alone: seconds from its
    start until its first report is done.
    """

    def __init__(self, engine: str, processes: int, needs: Needs) -> None:
        self._command = [sys.executable, "-m", "benchmarks.worker", engine]
        self._command += ["--model", str(needs.model), "--onnx-fp32", str(needs.onnx_fp32)]
        self._command += ["--threads", str(needs.threads)]
        self._n = processes
        self._started: list[subprocess.Popen[str]] = []
        self.cold_starts: list[float] = []
        self.peak = 0  # bytes, the largest of its processes
        self.cores: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._started:
            _end(process)

    def start(self, first: Item) -> None:
        """Start the processes, each with `first`."""
        for _ in range(self._n):
            self._started.append(self._start_one(first))

    def start_and_end(self, first: Item) -> None:
        """One more cold start, of a process that is not kept."""
        _end(self._start_one(first))

    def run(self, items: Sequence[Item], wanted: bool = False) -> Round:
        """Give each process its share of the reports and wait for all of them."""
        groups = shares([item.weight for item in items], len(self._started))
        start = time.perf_counter()
        for process, group in zip(self._started, groups, strict=True):
            _send(process, [items[index] for index in group], wanted)
        answers = [self._receive(process) for process in self._started]
        seconds = time.perf_counter() - start
        counts = [0] * len(items)
        found: list[tuple[Found, ...]] = [()] * len(items)
        for group, answer in zip(groups, answers, strict=True):
            for place, index in enumerate(group):
                counts[index] = answer["counts"][place]
                if wanted:
                    found[index] = tuple(tuple(span) for span in answer["found"][place])
        return Round(
            seconds,
            max(answer["seconds"] for answer in answers),
            sum(answer["cpu"] for answer in answers),
            len(items),
            sum(item.weight for item in items),
            tuple(counts),
            tuple(found) if wanted else (),
        )

    def memory(self) -> int:
        """Bytes that the processes hold now, shared ones counted once for each."""
        return sum(psutil.Process(process.pid).memory_info().rss for process in self._started)

    def _start_one(self, first: Item) -> subprocess.Popen[str]:
        start = time.perf_counter()
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            self._command, stdin=pipe, stdout=pipe, text=True, env=environment()
        )
        _send(process, [first], wanted=False)
        self._receive(process)
        self.cold_starts.append(time.perf_counter() - start)
        return process

    def _receive(self, process: "subprocess.Popen[str]") -> dict:  # type: ignore[type-arg]
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"{' '.join(self._command)} ended with status {process.wait()}")
        answer: dict = json.loads(line)  # type: ignore[type-arg]
        self.peak = max(self.peak, answer["peak"])
        if answer["cores"] is not None:
            self.cores.add(answer["cores"])
        return answer


def _send(process: "subprocess.Popen[str]", items: Sequence[Item], wanted: bool) -> None:
    assert process.stdin is not None
    pairs = [(str(item.path), str(item.text or "")) for item in items]
    process.stdin.write(json.dumps({"items": pairs, "wanted": wanted}) + "\n")
    process.stdin.flush()


def _end(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.close()
    process.stdout.close()
    process.wait()
