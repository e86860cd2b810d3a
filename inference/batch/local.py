"""The engine of one machine: worker processes of which each may die alone.

Every slot is an executor of the standard library with a single process. A pool that shares a
queue among its processes is lost when one of them is killed at the wrong moment; here nothing is
shared, and a slot whose process died gets another.
"""

import os
import signal
import struct
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from io import FileIO
from multiprocessing import get_context
from pathlib import Path

from ...models.errors import NianbaoError
from .limits import deaf_to_ctrl_c, die_with_parent, limit_memory
from .settled import Settled
from .state import Failure
from .worker import CRASHED, Job, Outcome, Task, Worker, timeout_error

_MAX_DEATHS = 3  # of workers with no document in hand, before a shard is given up
_GLANCE = 0.5  # seconds between two looks at whether to stop
#: One thread for each worker, and memory from the system, so that its limit means something.
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}


def run_local(tasks: Iterable[Task], job: Job, stopping: Callable[[], bool]) -> Iterator[Outcome]:
    """Yield the outcome of each task as it comes. Call it from the main thread: workers end with
    the thread that started them.

    stopping: once true, no further task is begun, and those in hand are finished.
    Raises NianbaoError that a worker met and that is no document's: E301, E302, E401.
    """
    waiting = iter(tasks)
    again: deque[Task] = deque()
    slots = [Slot(job, number) for number in range(job.options.n_workers)]
    try:
        while True:
            for slot in slots:
                if slot.task is None and not stopping():
                    task = again.popleft() if again else next(waiting, None)
                    if task is not None:
                        slot.begin(task)
            if all(slot.task is None for slot in slots):
                return
            running = [slot.future for slot in slots if slot.future is not None]
            wait(running, timeout=_GLANCE, return_when=FIRST_COMPLETED)
            for slot in slots:
                outcome = slot.collect()
                if isinstance(outcome, Outcome):
                    yield outcome
                elif outcome is not None:
                    again.append(outcome)
    finally:
        for slot in slots:
            slot.close()


class Slot:
    """A place for one worker process at a time."""

    def __init__(self, job: Job, number: int) -> None:
        self._job = job
        self._journal = job.state.tmp / f"worker-{number}"
        self._pool: ProcessPoolExecutor | None = None
        self._n_tasks = 0
        self.task: Task | None = None
        self.future: Future[Outcome | None] | None = None

    def begin(self, task: Task) -> None:
        if task.suspects or self._n_tasks >= self._job.options.recycle:
            self.close()
        if self._pool is None:
            self._journal.unlink(missing_ok=True)
            self._pool = ProcessPoolExecutor(
                1, get_context("spawn"), _start, (self._job, self._journal)
            )
            self._n_tasks = 0
        self._n_tasks += 1
        self.task = task
        function: Callable[[Task], Outcome | None] = _alone if task.suspects else _run
        try:
            with environment(_ENVIRONMENT), deaf_to_ctrl_c():
                self.future = self._pool.submit(function, task)
        except BrokenProcessPool as error:  # it died while idle
            self.future = Future()
            self.future.set_exception(error)

    def run(self, task: Task) -> Outcome:
        """Bring a task to its end, however many workers it costs."""
        left: Outcome | Task | None = task
        while not isinstance(left, Outcome):
            if left is not None:
                self.begin(left)
            assert self.future is not None
            wait([self.future])
            left = self.collect()
        return left

    def collect(self) -> Outcome | Task | None:
        """What became of the task: its outcome, or what to do next; None while it runs."""
        if self.future is None or self.task is None or not self.future.done():
            return None
        task, future, self.task, self.future = self.task, self.future, None, None
        try:
            outcome = future.result()
        except (BrokenProcessPool, MemoryError):
            self.close()
            return self._after_death(task)
        if outcome is None:
            self.close()  # it has parsed a document that was suspected
            return replace(task, suspects=task.suspects[1:])
        if outcome.suspects:
            self.close()
            return replace(task, suspects=outcome.suspects)
        self._settled(task).forget()
        return outcome

    def _after_death(self, task: Task) -> Task:
        hand = in_hand(self._journal)
        if hand is None:
            return self._after_death_in_no_hand(task)
        index, since = hand
        options = self._job.options
        if time.time() - since >= options.timeout:
            error = timeout_error(options)
        elif task.suspects:
            error = NianbaoError(CRASHED)
        else:
            return replace(task, suspects=(index,))
        self._settled(task).add_failure(Failure.of(index, error))
        return replace(task, suspects=tuple(i for i in task.suspects if i != index))

    def _after_death_in_no_hand(self, task: Task) -> Task:
        """Try it some more times; then give up all that is not settled, and write the rest.

        A worker that never took up a document could not load its model: then nothing helps.
        """
        if task.deaths >= _MAX_DEATHS:
            if not self._journal.exists() or task.deaths > _MAX_DEATHS:
                raise NianbaoError("E407", reason="反复退出 | it ends again and again")
            settled = self._settled(task)
            indices = range(len(task.shard.sources))
            for index in sorted(set(indices) - set(task.known) - settled.indices()):
                settled.add_failure(Failure.of(index, NianbaoError(CRASHED)))
        return replace(task, suspects=(), deaths=task.deaths + 1)

    def _settled(self, task: Task) -> Settled:
        return Settled(self._job.state.tmp, task.shard)

    def close(self) -> None:
        """Let the process end when it has done what it is at."""
        if self._pool is not None:
            self._pool.shutdown(wait=False)
            self._pool = None


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """Set variables for the processes that are started meanwhile."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


# What follows runs in the worker.

_JOURNAL = struct.Struct("=qd")  # index of the document in hand or -1, and when it was taken up
_worker: Worker | None = None


def _start(job: Job, journal: Path) -> None:
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where `deaf_to_ctrl_c` cannot help
    die_with_parent()
    limit_memory(job.options.max_memory)
    _worker = Worker(job, _noting_in(journal))


def _noting_in(journal: Path) -> Callable[[int | None], None]:
    """A function that notes which document is in hand; the file appears with the first one."""
    handle: FileIO | None = None

    def take(index: int | None) -> None:
        nonlocal handle
        handle = handle or open(journal, "wb", buffering=0)
        handle.seek(0)
        handle.write(_JOURNAL.pack(-1 if index is None else index, time.time()))

    return take


def _run(task: Task) -> Outcome:
    assert _worker is not None
    return _worker.run(task)


def _alone(task: Task) -> None:
    assert _worker is not None
    _worker.alone(task)


def in_hand(journal: Path) -> tuple[int, float] | None:
    """The document that a dead worker had in hand, and since when; None: it had none."""
    try:
        index, since = _JOURNAL.unpack(journal.read_bytes())
    except (OSError, struct.error):
        return None
    return (index, since) if index >= 0 else None
