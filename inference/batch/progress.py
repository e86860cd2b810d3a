"""What a person sees of a batch: a bar with rate, failures and time left, or a line of log."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..progress import printable, say
from .entries import Source

if TYPE_CHECKING:
    from .worker import Outcome

_EVERY = 30.0  # seconds between two lines of the log
_MAX_TOLD = 20  # failures that are told one by one; all stand in failed.jsonl


class Progress:
    """Tells nothing: for programs."""

    def hashing(self, sources: Iterable[Source], total: int) -> Iterable[Source]:
        return sources

    def begin(self, total: int, n_done: int) -> None:
        """total: sources in all, of which `n_done` stood there already."""

    def advance(self, outcome: "Outcome") -> None: ...

    def close(self) -> None: ...


class Lines(Progress):
    """A line now and then, for logs and pipes. quiet: failures only."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._total = self._standing = self._done = self._failed = 0
        self._started = self._last = time.monotonic()

    def hashing(self, sources: Iterable[Source], total: int) -> Iterator[Source]:
        for number, source in enumerate(sources):
            if self._is_time():
                self._say(f"已读 {number}/{total} | {number} of {total} read")
            yield source

    def begin(self, total: int, n_done: int) -> None:
        self._total, self._standing = total, n_done
        self._started = time.monotonic()
        if n_done:
            self._say(f"{n_done} 份此前已完成，跳过 | {n_done} were done before and are skipped")

    def advance(self, outcome: "Outcome") -> None:
        self._done += len(outcome.task.shard.sources)
        for line in self._complaints(outcome):
            say(line)
        if self._is_time():
            self._say(self._line())

    def _complaints(self, outcome: "Outcome") -> Iterator[str]:
        failures = outcome.marker.failures if outcome.marker is not None else ()
        for failure in failures:
            self._failed += 1
            if self._failed <= _MAX_TOLD:
                path = outcome.task.shard.sources[failure.index].entry.path
                yield printable(f"{path}: {failure.code} {failure.message} | {failure.english}")
            elif self._failed == _MAX_TOLD + 1:
                yield "其余失败见 failed.jsonl | further failures stand in failed.jsonl"

    def _line(self) -> str:
        rate = self._done / max(time.monotonic() - self._started, 1e-9)
        left = (self._total - self._standing - self._done) / rate
        done = self._standing + self._done
        return (
            f"已处理 {done}/{self._total}，失败 {self._failed}，"
            f"每秒 {rate:.1f} 份，剩余 {_span(left)}"
            f" | {done} of {self._total} done, {self._failed} failed,"
            f" {rate:.1f}/s, {_span(left)} left"
        )

    def _is_time(self) -> bool:
        now = time.monotonic()
        if now - self._last < _EVERY:
            return False
        self._last = now
        return True

    def _say(self, line: str) -> None:
        if not self._quiet:
            say(line)


class Bar(Lines):
    """A bar at the foot of the terminal."""

    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Rich

        self._console = Console(stderr=True)
        self._rich = Rich(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]:.1f}/s"),
            TextColumn("失败 failed {task.fields[failed]}"),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=self._console,
            transient=True,
        )
        self._bar = self._rich.add_task("读取 reading", total=None, rate=0.0, failed=0)
        self._rich.start()

    def hashing(self, sources: Iterable[Source], total: int) -> Iterator[Source]:
        self._rich.update(self._bar, total=total)
        for source in sources:
            self._rich.advance(self._bar)
            yield source

    def begin(self, total: int, n_done: int) -> None:
        self._total, self._standing = total, n_done
        self._started = time.monotonic()
        self._rich.reset(self._bar, total=total, completed=n_done, description="解析 parsing")

    def advance(self, outcome: "Outcome") -> None:
        self._done += len(outcome.task.shard.sources)
        for line in self._complaints(outcome):
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)
        rate = self._done / max(time.monotonic() - self._started, 1e-9)
        done = self._standing + self._done
        self._rich.update(self._bar, completed=done, rate=rate, failed=self._failed)

    def close(self) -> None:
        self._rich.stop()


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def progress_for(*, quiet: bool) -> Progress:
    """A bar where standard error is a terminal."""
    return Bar() if sys.stderr.isatty() and not quiet else Lines(quiet)
