"""A worker: parses the documents of a shard one by one, and writes the shard's files."""

import hashlib
import os
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ...models.document import Document
from ...models.errors import NianbaoError, UnreadableFile
from ...models.registry import tagger_folder, themes_folder
from ...models.report import Report
from ..read import read_bytes
from ..sniff import refuse_foreign
from ..write import to_json
from .content import read_content
from .entries import Shard, Source
from .limits import OutOfTime, resident_megabytes, spare_collector, time_limit
from .options import Options, Parser
from .settled import Settled
from .state import JSON_FOLDER, Failure, Marker, State, flush_folder, write_whole
from .tables import Tables, joined, read_rows, tables_of, write_parquet

INTERNAL, TIMEOUT, MEMORY, CRASHED, CHANGED = "E901", "E501", "E502", "E503", "E504"
_WRITING = 600.0  # seconds for a shard's files: a disk that hangs is no document's fault
_REASON_LENGTH = 200
#: What libraries in C++ say when an allocation fails.
_ALLOCATION = ("bad alloc", "bad_alloc", "failed to allocate", "out of memory")


@dataclass(frozen=True, slots=True)
class Task:
    """A shard and what is known of it already.

    known: documents whose rows stand in files that were finished before: index -> their folder.
    suspects: documents that are to be tried alone before the shard is tried again.
    deaths: of workers that had no document in hand.
    """

    shard: Shard
    known: Mapping[int, Path] = field(default_factory=dict)
    suspects: tuple[int, ...] = ()
    deaths: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """A shard that was tried. marker: None where `suspects` have to be tried alone first.

    notes: what the log is to keep: time, memory, tracebacks.
    """

    task: Task
    marker: Marker | None
    suspects: tuple[int, ...] = ()
    seconds: float = 0.0
    megabytes: float = 0.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """What all workers of a run share. corner: see `State`."""

    out: Path
    options: Options
    carried: tuple[str, ...]
    corner: str = ""

    @property
    def state(self) -> State:
        return State(self.out, self.corner)


class Suspect(Exception):
    """A document that failed for want of memory, of which its neighbours may have had their part:
    it is tried again alone."""


class Worker:
    """Parses shards. take: told the index of each document as it is taken in hand, then None."""

    def __init__(self, job: Job, take: Callable[[int | None], None]) -> None:
        self._job, self._take = job, take

    @cached_property
    def _parse(self) -> Parser:
        options = self._job.options
        try:
            return (options.load or load_parser)(options)
        except MemoryError as error:
            raise NianbaoError(
                "E407", reason="内存上限过低 | the memory limit is too low"
            ) from error

    def run(self, task: Task) -> Outcome:
        """Parse what is not known yet, and write the shard's files unless there are suspects.

        Raises NianbaoError: E301 for the model, E401 where the files cannot be written.
        """
        started = time.monotonic()
        settled = Settled(self._job.state.tmp, task.shard)
        results = settled.read()
        in_trouble = bool(results)
        suspects: list[int] = []
        notes: list[str] = []
        for index, source in enumerate(task.shard.sources):
            if index in task.known or index in results:
                continue
            try:
                result = self._attempt(index, source, notes)
            except Suspect:
                suspects.append(index)
                continue
            results[index] = result
            if in_trouble or isinstance(result, Failure):  # where one fails, others may do worse
                _settle(settled, index, result)
        if suspects and not in_trouble:
            for index, result in results.items():
                _settle(settled, index, result)
        marker = None if suspects else self._write(task, results)
        seconds = time.monotonic() - started
        return Outcome(task, marker, tuple(suspects), seconds, resident_megabytes(), tuple(notes))

    def alone(self, task: Task) -> None:
        """Settle the first suspect, in a worker that has parsed nothing else."""
        index = task.suspects[0]
        result: Report | Failure
        try:
            result = self._attempt(index, task.shard.sources[index], [])
        except Suspect:
            limit = self._job.options.max_memory
            result = Failure.of(index, NianbaoError(MEMORY, megabytes=limit))
        _settle(Settled(self._job.state.tmp, task.shard), index, result)

    def _attempt(self, index: int, source: Source, notes: list[str]) -> Report | Failure:
        """Parse one document within its limits. Raises Suspect where memory was short."""
        options = self._job.options
        parse = self._parse  # loading is no document's time
        self._take(index)
        try:
            with time_limit(options.timeout):
                return parse(read_source(source, options))
        except OutOfTime:
            return Failure.of(index, timeout_error(options))
        except NianbaoError as error:
            return Failure.of(index, error)
        except MemoryError as error:
            raise Suspect from error
        except Exception as mistake:  # a bug of ours must not end a night's batch, see `series`
            words = " ".join(f"{type(mistake).__name__}: {mistake}".split())
            if any(sign in words.casefold() for sign in _ALLOCATION):
                raise Suspect from mistake
            notes.append(f"{source.entry.path}\n{traceback.format_exc()}")
            return Failure.of(index, NianbaoError(INTERNAL, reason=words[:_REASON_LENGTH]))
        finally:
            self._take(None)

    def _write(self, task: Task, results: Mapping[int, Report | Failure]) -> Marker:
        job, state = self._job, self._job.state
        reports = [
            (task.shard.sources[index], result)
            for index, result in sorted(results.items())
            if isinstance(result, Report)
        ]
        failures = [result for _, result in sorted(results.items()) if isinstance(result, Failure)]
        try:
            with time_limit(_WRITING):
                tables = self._all_rows(task, reports)
                sizes = self._put_tables(task.shard, tables)
                if job.options.with_json:
                    sizes |= _put_json(state, reports)
                    sizes |= _standing_json(state, task)
                marker = _marker(task, tables, failures, sizes, with_json=job.options.with_json)
                target = state.marker_file(task.shard.number)
                write_whole(target, marker.to_json(), state.tmp)
        except OutOfTime as error:
            raise NianbaoError("E401", reason="磁盘没有响应 | the disk does not answer") from error
        except OSError as error:
            raise NianbaoError("E401", reason=error.strerror or str(error)) from error
        return marker

    def _all_rows(self, task: Task, reports: Sequence[tuple[Source, Report]]) -> Tables:
        tables = tables_of(reports, self._job.carried)
        if not task.known:
            return tables
        sources = task.shard.sources
        parts = [tables]
        for folder in sorted(set(task.known.values())):
            names = [sources[i].name for i, known in task.known.items() if known == folder]
            parts.append(read_rows(folder, names))
        return joined(parts, sources, self._job.carried)

    def _put_tables(self, shard: Shard, tables: Tables) -> dict[str, int]:
        """Write under temporary names, flush, rename, flush the folders."""
        state, sizes = self._job.state, {}
        for key, table in tables.items():
            part = state.tmp / f"{key}-{shard.stem}.{os.getpid()}"
            target = state.part(key, shard.number)
            sizes[target.relative_to(state.out).as_posix()] = write_parquet(table, part)
            os.replace(part, target)
            flush_folder(target.parent)
        return sizes


def _settle(settled: Settled, index: int, result: Report | Failure) -> None:
    if isinstance(result, Failure):
        settled.add_failure(result)
    else:
        settled.add_report(index, result)


def load_parser(options: Options) -> Parser:
    """The pipeline with its model, kept warm by who holds the function."""
    from ..corrections import load_corrections, with_corrections
    from ..pipeline import parse_document
    from ..tagger import load_tagger
    from ..themes import load_classifier

    version = options.pinned().version
    tagger = load_tagger(options.model or tagger_folder(version), options.runtime)
    classifier = load_classifier(themes_folder(version))
    spare_collector()
    layer = {} if options.corrections is None else load_corrections(options.corrections)
    return lambda doc: with_corrections(parse_document(doc, tagger, classifier), layer)


def timeout_error(options: Options) -> NianbaoError:
    return NianbaoError(TIMEOUT, seconds=f"{options.timeout:g}")


def read_source(source: Source, options: Options) -> Document:
    """Read a planned source. UnreadableFile: as `read`, and E504 where it has changed since."""
    limit = options.content_limit
    data = read_content(source.entry, limit)
    if len(data) > limit:
        refuse_foreign(data, source.entry.path)
        raise UnreadableFile("E106", size=f"≥{len(data)}", limit=options.max_bytes)
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise UnreadableFile(CHANGED)
    return read_bytes(data, source.entry.path, max_bytes=options.max_bytes)


def _put_json(state: State, reports: Sequence[tuple[Source, Report]]) -> dict[str, int]:
    sizes = {}
    folder = state.out / JSON_FOLDER
    folder.mkdir(exist_ok=True)
    for source, report in reports:
        name = f"{JSON_FOLDER}/{source.name}.json"
        data = to_json(report, indent=2)
        write_whole(state.out / name, data, state.tmp)
        sizes[name] = len(data)
    return sizes


def _standing_json(state: State, task: Task) -> dict[str, int]:
    names = [f"{JSON_FOLDER}/{task.shard.sources[i].name}.json" for i in task.known]
    return {name: (state.out / name).stat().st_size for name in names}


def _marker(
    task: Task,
    tables: Tables,
    failures: Sequence[Failure],
    sizes: Mapping[str, int],
    *,
    with_json: bool,
) -> Marker:
    findings = tables["findings"]
    severities, codes = findings["severity"].to_pylist(), findings["code"].to_pylist()
    counts = Counter(zip(severities, codes, strict=True))
    return Marker(
        key=task.shard.key,
        parsed=tables["reports"].num_rows,
        review=tables["reports"]["status"].to_pylist().count("review"),
        checks_failed=tables["checks"]["state"].to_pylist().count("fail"),
        findings=tuple((s, code, n) for (s, code), n in sorted(counts.items())),
        failures=tuple(failures),
        sizes=dict(sorted(sizes.items())),
        json=with_json,
    )
