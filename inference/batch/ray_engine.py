"""The engine of a cluster: Ray Data hands shards to actors, each with a worker that stays warm.

Every machine sees the inputs and the output folder under the same paths and has the same nianbao.
An actor runs its shards in a slot of the local engine, so a document that kills or hangs a worker
costs itself alone. What a machine had in hand when it was lost Ray gives to another, which finds
what is done by its markers.
"""

import json
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import ray
import ray.data
from ray.exceptions import RayError

from ...models.errors import NianbaoError
from .fingerprint import fingerprint
from .local import Slot, environment
from .run import Run
from .state import Marker
from .worker import Job, Outcome, Task

#: Of a processor, what an actor asks for. There is an actor for each processor, so half of them
#: stays free: actors of machines that are lost start again on those that are left.
_CPUS = 0.5
_MAX_BLOCKS = 10_000  # rows go in blocks, of which Ray keeps account one by one
_STORE = 200 << 20  # bytes for a Ray of our own: tasks and outcomes are small
_GLANCE = 0.5  # seconds between two looks at whether to stop
_PATIENCE = 10.0  # seconds until a cluster must have answered
_STOP = "stop"  # in the folder for temporary files: begin no more shards
_ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # else it announces a change to come
}


def ray_engine(address: str | None) -> Run:
    """address: of a running cluster; None: that of $RAY_ADDRESS, else a Ray on this machine."""

    def run(tasks: Iterable[Task], job: Job, stopping: Callable[[], bool]) -> Iterator[Outcome]:
        """As `local.run_local`. NianbaoError E406: no such cluster, or one of its machines has
        another version of what results depend on."""
        by_number = {task.shard.number: task for task in tasks}
        if not by_number:
            return
        with _connected(address, job), _watched(stopping, job.state.tmp / _STOP):
            for row in _rows(list(by_number.values()), _everywhere(job)):
                if row["error"]:
                    code, values = json.loads(row["error"])
                    raise NianbaoError(code, **values)
                if row["marker"]:
                    yield _outcome(by_number[row["number"]], row)

    return run


@contextmanager
def _connected(address: str | None, job: Job) -> Iterator[None]:
    """Leaves a Ray alone that this process was connected to before."""
    if ray.is_initialized():
        yield
        return
    ours = address is None and not os.environ.get("RAY_ADDRESS")
    size = {"num_cpus": job.options.n_workers, "object_store_memory": _STORE} if ours else {}
    with environment(_ENVIRONMENT):
        try:
            _knock(address or os.environ.get("RAY_ADDRESS", ""))
            with _muted():
                ray.init(
                    address,
                    include_dashboard=False if ours else None,
                    log_to_driver=False,
                    logging_level=logging.ERROR,
                    **size,
                )
        except (OSError, RuntimeError, ValueError, RayError) as error:
            raise NianbaoError("E406", engine="ray", reason=_line(error)) from error
        try:
            yield
        finally:
            ray.shutdown()


def _knock(address: str) -> None:
    """Raise OSError where nobody answers at host:port: Ray itself waits for five minutes."""
    host, _, port = address.rpartition(":")
    if host and port.isdigit() and "/" not in host:
        socket.create_connection((host, int(port)), _PATIENCE).close()


@contextmanager
def _muted() -> Iterator[None]:
    """Ray's C++ part writes past Python that it was asked to be silent."""
    kept = os.dup(2)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _everywhere(job: Job) -> Job:
    """With paths that mean the same in another folder."""
    options = job.options
    model, layer = _absolute(options.model), _absolute(options.corrections)
    return replace(job, options=replace(options, model=model, corrections=layer))


def _absolute(path: Path | None) -> Path | None:
    return None if path is None else path.absolute()


def _rows(tasks: Sequence[Task], job: Job) -> Iterable[Mapping[str, Any]]:
    """What the actors answer, as it comes."""
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    ray.data.DataContext.get_current().enable_progress_bars = False
    n_processors = int(ray.cluster_resources().get("CPU", 1))
    size = min(job.options.workers or n_processors, n_processors, len(tasks))
    items = [{"task": task} for task in tasks]
    answers = ray.data.from_items(items, override_num_blocks=min(len(items), _MAX_BLOCKS))
    answers = answers.map_batches(
        Actor,
        fn_constructor_args=(job,),
        compute=ray.data.ActorPoolStrategy(size=max(1, size)),
        batch_size=1,
        num_cpus=_CPUS,
    )
    rows: Iterable[Mapping[str, Any]] = answers.iter_rows()
    return rows


def _outcome(task: Task, row: Mapping[str, Any]) -> Outcome:
    marker = Marker.from_json(row["marker"])
    notes = tuple(json.loads(row["notes"]))
    return Outcome(task, marker, (), row["seconds"], row["megabytes"], notes)


@contextmanager
def _watched(stopping: Callable[[], bool], file: Path) -> Iterator[None]:
    """Have actors stop by a file, as they know nothing of the terminal."""
    end = threading.Event()

    def watch() -> None:
        while not end.wait(_GLANCE):
            if stopping():
                file.touch()
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        end.set()
        watcher.join()


# What follows runs on the machines of the cluster.


class Actor:
    """Runs shards one after another, each to its end."""

    def __init__(self, job: Job) -> None:
        self._stop = job.state.tmp / _STOP
        # Two machines may be at one shard, when one is taken for lost and is not; process ids
        # do not tell them apart. What either writes is the same.
        machine = ray.get_runtime_context().get_node_id()
        self._job = replace(job, corner=f"{machine}-{uuid4().hex}")
        self._job.state.tmp.mkdir(parents=True)
        self._slot = Slot(self._job, 0)
        self._checked = False

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, list[Any]]:
        task: Task = batch["task"][0]
        try:
            outcome = self._outcome(task)
        except NianbaoError as error:
            values = {name: str(value) for name, value in error.values.items()}
            return _row(task, error=json.dumps((error.code, values)))
        if outcome is None or outcome.marker is None:
            return _row(task)
        return _row(
            task,
            marker=outcome.marker.to_json().decode(),
            seconds=outcome.seconds,
            megabytes=outcome.megabytes,
            notes=json.dumps(outcome.notes),
        )

    def _outcome(self, task: Task) -> Outcome | None:
        """None where the run is to stop."""
        marker = self._job.state.marker(task.shard.number)
        if marker is not None and marker.key == task.shard.key:
            return Outcome(task, marker)  # done by a machine that was lost before it could tell
        if self._stop.exists():
            return None
        if not self._checked:
            _check(self._job)
            self._checked = True
        return self._slot.run(task)


def _row(
    task: Task,
    marker: str = "",
    seconds: float = 0.0,
    megabytes: float = 0.0,
    notes: str = "[]",
    error: str = "",
) -> dict[str, list[Any]]:
    """A batch of one row, in plain columns. Without marker and error: the shard was not begun."""
    return {
        "number": [task.shard.number],
        "marker": [marker],
        "seconds": [seconds],
        "megabytes": [megabytes],
        "notes": [notes],
        "error": [error],
    }


def _check(job: Job) -> None:
    """NianbaoError E406 where this machine would give other results than the one that planned."""
    planned = json.loads(job.state.settings.read_bytes())
    here = fingerprint(job.options)
    other = sorted(name for name in {*planned, *here} if planned.get(name) != here.get(name))
    if other:
        words = f"{socket.gethostname()}: {', '.join(other)}"
        reason = f"版本与其他机器不同：{words} | another version than elsewhere: {words}"
        raise NianbaoError("E406", engine="ray", reason=reason)
