"""The rounds: every configuration in turn, again and again, each round with other reports."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.batches import Batch, run_batch
from benchmarks.corpus import Corpus
from benchmarks.engines import Needs
from benchmarks.machine import Load, Watch
from benchmarks.plan import REFERENCE, TAGGERS, Plan, Setup
from benchmarks.processes import Item, Pool, Round
from benchmarks.results import Row
from nianbao.models.labels import Label, Span
from nianbao.training.metrics import span_scores, total

Say = Callable[[str], None]

LEAST_FOUND = 20  # spans or cells that even the shortest report has
MOST_POOR = 0.05  # but where all zeros were left blank
WORKERS = (1, 2)  # of the batches


@dataclass(slots=True)
class Record:
    """What was measured of the pools and of the batches, round by round."""

    rounds: dict[str, list[Round]] = field(default_factory=dict)
    batches: dict[int, list[Batch]] = field(default_factory=dict)
    loads: list[Load] = field(default_factory=list)


def items_of(corpus: Corpus, n: int, number: int, slice: int) -> list[Item]:
    """`n` reports for round `number`; every round has a slice of the corpus to itself.

    It begins again where the corpus' texts end.
    """
    texts = sum(1 for entry in corpus.entries if entry.text is not None)
    first = number * slice % max(slice, texts - texts % slice)
    return [_item(corpus, (first + index) % texts) for index in range(n)]


def _item(corpus: Corpus, number: int) -> Item:
    entry = corpus.entries[number]
    text = None if entry.text is None else corpus.folder / entry.text
    return Item(corpus.folder / entry.path, text, entry.characters)


@contextmanager
def pools(plan: Plan, model: Path, fp32: Path, first: Item, say: Say) -> Iterator[dict[str, Pool]]:
    """The processes of all configurations, started one after the other, then kept waiting."""
    with ExitStack() as stack:
        started: dict[str, Pool] = {}
        for setup in plan.setups:
            pool = Pool(setup.engine, setup.processes, Needs(model, fp32, setup.threads))
            started[setup.name] = stack.enter_context(pool)
            pool.start(first)
            for _ in range(plan.cold_starts - setup.processes):
                pool.start_and_end(first)
            if any(n < setup.processes * setup.threads for n in pool.cores):
                say(f"{setup.name}: 处理器核数不足 | fewer cores than threads")
            say(f"  {setup.name} {median(pool.cold_starts):.1f} s")
        yield started


def agreement(plan: Plan, corpus: Corpus, pools: Mapping[str, Pool]) -> dict[str, float | None]:
    """Span F of each tagger against fp32 on torch, over the first reports."""
    found: dict[str, Sequence[Sequence[Span]]] = {}
    for setup in plan.setups:
        if setup.engine in TAGGERS:
            done = pools[setup.name].run(items_of(corpus, plan.agreement, 0, plan.slice), True)
            found[setup.name] = [[_span(*span) for span in spans] for spans in done.found]
    reference = found[REFERENCE]
    return {name: total(span_scores(reference, spans).values()).f1 for name, spans in found.items()}


def _span(start: int, end: int, label: str) -> Span:
    return Span(start, end, Label(label))


def measure(
    plan: Plan, corpus: Corpus, pools: Mapping[str, Pool], scratch: Path, batches: bool, say: Say
) -> Record:
    """All rounds. Each begins with another configuration, so that none is always the first."""
    record = Record()
    watch = Watch()
    for number in range(plan.rounds):
        turn = number % len(plan.setups)
        for setup in (*plan.setups[turn:], *plan.setups[:turn]):
            done = _round(setup, plan, corpus, pools[setup.name], number)
            record.rounds.setdefault(setup.name, []).append(done)
            record.loads.append(watch.look())
        for workers in WORKERS if batches else ():
            run = run_batch(corpus, plan.batch, workers, scratch / "batch")
            record.batches.setdefault(workers, []).append(run)
            record.loads.append(watch.look())
        say(f"  {number + 1}/{plan.rounds}")
    return record


def _round(setup: Setup, plan: Plan, corpus: Corpus, pool: Pool, number: int) -> Round:
    items = items_of(corpus, min(setup.documents, plan.slice), number, plan.slice)
    done = pool.run(items)
    poor = sum(count < LEAST_FOUND for count in done.counts)
    if poor > MOST_POOR * len(done.counts):
        raise RuntimeError(f"{setup.name} found next to nothing in {poor} reports: broken")
    return done


def rows(
    plan: Plan,
    pools: Mapping[str, Pool],
    record: Record,
    corpus: Corpus,
    span_f: Mapping[str, float | None],
) -> list[Row]:
    found = [
        _row(setup, pools[setup.name], record.rounds[setup.name], span_f) for setup in plan.setups
    ]
    characters = sum(entry.characters for entry in corpus.entries[: plan.batch])
    return [
        *found,
        *(_batch_row(n, runs, characters) for n, runs in sorted(record.batches.items())),
    ]


def _row(
    setup: Setup, pool: Pool, done: Sequence[Round], span_f: Mapping[str, float | None]
) -> Row:
    n_documents = sum(one.n_documents for one in done)
    return Row(
        name=setup.name,
        runtime=setup.runtime,
        precision=setup.precision,
        processes=setup.processes,
        threads=setup.threads,
        documents=done[0].n_documents,
        characters=round(sum(one.n_characters for one in done) / len(done)),
        rounds=tuple(one.docs_per_s for one in done),
        cpu_ms=1000 * sum(one.cpu for one in done) / n_documents,
        memory_mb=pool.memory() / 1e6,
        peak_mb=pool.peak / 1e6,
        cold_start_s=median(pool.cold_starts),
        found=sum(sum(one.counts) for one in done) / n_documents,
        finds="spans" if setup.engine != "parse" else "cells",
        span_f=span_f.get(setup.name),
    )


def _batch_row(workers: int, runs: Sequence[Batch], characters: int) -> Row:
    n_documents = sum(run.n_documents for run in runs)
    return Row(
        name=f"batch_{workers}",
        runtime="onnxruntime",
        precision="int8",
        processes=workers,
        threads=1,
        documents=runs[0].n_documents,
        characters=characters,
        rounds=tuple(run.docs_per_s for run in runs),
        cpu_ms=1000 * sum(run.cpu for run in runs) / n_documents,
        memory_mb=max(run.total for run in runs) / 1e6,
        peak_mb=max(run.peak for run in runs) / 1e6,
        cold_start_s=None,
        found=sum(run.n_cells for run in runs) / n_documents,
        finds="cells",
    )
