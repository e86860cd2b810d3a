"""The way of a batch: list, hash, cut into shards, parse, account. Start at batch."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ...models.errors import NianbaoError
from ..series import Tally
from .entries import Source
from .fingerprint import digest, fingerprint
from .finish import remove_strays, tally_of, write_accounts, write_exports
from .listing import list_entries
from .local import run_local
from .log import Log, logging_to
from .options import Options
from .plan import hashed, make_plan
from .progress import Progress
from .resume import finished, settle, tasks_left
from .state import State, locked
from .worker import Job, Outcome, Task

LOG = "run.log"

#: From tasks to finished shards, in whatever order. `stopping`: begin no more once it is true.
Run = Callable[[Iterable[Task], Job, Callable[[], bool]], Iterator[Outcome]]


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands in the output folder after a run. tally: of this run and those before.

    n_left: sources whose shards are not done, after an interruption.
    """

    tally: Tally
    n_duplicates: int
    n_skipped: int
    n_left: int

    @property
    def interrupted(self) -> bool:
        return self.n_left > 0


def batch(
    inputs: Sequence[str],
    out: Path,
    options: Options,
    *,
    run: Run = run_local,
    progress: Progress | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Summary:
    """Parse all that `inputs` name into the folder `out`, or what of it is not done yet.

    Killed at any moment and called again, it ends with the files of an undisturbed run.
    stopping: once true, shards in hand are finished and no other is begun; KeyboardInterrupt
        where there was none in hand yet.
    Raises NianbaoError: E402 to E407, E301, E302, E401.
    """
    progress = progress or Progress()
    try:
        with locked(out), logging_to(out / LOG, inputs) as log, closing(progress):
            return _batch(inputs, State(out.absolute()), options, run, progress, stopping, log)
    except OSError as error:
        raise NianbaoError("E401", reason=error.strerror or str(error)) from error


def _batch(
    inputs: Sequence[str],
    state: State,
    options: Options,
    run: Run,
    progress: Progress,
    stopping: Callable[[], bool],
    log: Log,
) -> Summary:
    options = options.pinned()
    settings = fingerprint(options)
    settle(state, settings, force=options.force)
    entries = list_entries(inputs)[: options.limit]
    sources = _unless(stopping, hashed(entries, options.content_limit))
    shown = progress.hashing(sources, len(entries))
    plan = make_plan(shown, options.shard_size, digest(settings))
    tasks = tasks_left(state, plan, retry=options.retry, with_json=options.with_json)
    n_todo = sum(len(task.shard.sources) for task in tasks)
    log(
        f"{plan.n_sources} sources, {len(plan.duplicates)} duplicates,"
        f" {len(plan.shards)} shards, {len(tasks)} of them to do"
    )
    job = Job(state.out, options, plan.carried)
    started, n_done = time.monotonic(), 0
    progress.begin(plan.n_sources, plan.n_sources - n_todo)
    for outcome in run(tasks, job, stopping):
        n_done += len(outcome.task.shard.sources)
        _note(outcome, log)
        progress.advance(outcome)
    seconds = time.monotonic() - started
    log(f"{n_done} sources in {seconds:.1f} s, {n_done / max(seconds, 1e-9):.1f} a second")
    done = list(finished(state, plan))
    write_accounts(state, plan, done)
    if n_done == n_todo:
        write_exports(state, plan, done, options)
        remove_strays(state, done)
    n_skipped = plan.n_sources - n_todo
    return Summary(tally_of(done), len(plan.duplicates), n_skipped, n_todo - n_done)


def _unless(stopping: Callable[[], bool], sources: Iterable[Source]) -> Iterator[Source]:
    for source in sources:
        if stopping():
            raise KeyboardInterrupt
        yield source


def _note(outcome: Outcome, log: Log) -> None:
    shard, marker = outcome.task.shard, outcome.marker
    failed = len(marker.failures) if marker is not None else 0
    log(
        f"{shard.stem}: {len(shard.sources)} sources, {failed} failed,"
        f" {outcome.seconds:.2f} s, {outcome.megabytes:.0f} MB"
    )
    for note in outcome.notes:
        log(note)
