"""What of an output folder still holds: which shards are done, whose rows can be taken over."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import pyarrow.parquet as pq

from ...models.errors import NianbaoError
from ..flat import TABLES
from .entries import Shard, Source
from .plan import Plan
from .state import JSON_FOLDER, MARKER, PARQUET, Marker, State, write_whole
from .worker import Task

#: Content and suffix, on which parsing depends -> the folder of its rows, the path it had.
_Standing = dict[tuple[str, str], tuple[Path, str]]


def settle(state: State, settings: Mapping[str, str], *, force: bool) -> None:
    """Make the folder one of these settings.

    Raises NianbaoError E403 where it was made with others; `force` throws that work away.
    """
    if state.settings.exists():
        before = _settings(state.settings)
        changed = sorted(
            name for name in {*before, *settings} if before.get(name) != settings.get(name)
        )
        if changed and not force:
            raise NianbaoError("E403", reason=", ".join(changed))
        if changed:
            clear(state)
    state.make()
    data = json.dumps(settings, indent=1, sort_keys=True).encode() + b"\n"
    write_whole(state.settings, data, state.tmp)


def _settings(file: Path) -> dict[str, str]:
    try:
        content = json.loads(file.read_bytes())
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def clear(state: State) -> None:
    """Remove what a run wrote, and nothing else."""
    for folder in (state.done, state.old, state.tmp):
        shutil.rmtree(folder, ignore_errors=True)
    for table in TABLES:
        for file in (state.out / table.key).glob(f"part-*{PARQUET}"):
            file.unlink()
    for file in (state.out / JSON_FOLDER).glob("*.json"):
        file.unlink()


def tasks_left(state: State, plan: Plan, *, retry: bool, with_json: bool) -> list[Task]:
    """The shards that are to be done, with what can be taken over from earlier work.

    Files of shards that are not as planned are put aside first. retry: shards with failures
    are done again, that is, their failures are.
    """
    left = []
    for shard in plan.shards:
        marker = state.marker(shard.number)
        if marker is None or marker.key != shard.key or (with_json and not marker.json):
            left.append(shard)
        elif retry and marker.failures:
            left.append(shard)
        else:
            continue
        if marker is not None:
            state.retire(shard.number, marker)
    for number in list(state.numbers()):
        if number >= len(plan.shards):
            marker = state.marker(number)
            if marker is not None:
                state.retire(number, marker)
    _remove_strays(state, plan)
    standing = _standing(state, with_json=with_json)
    return [Task(shard, known=_known(shard, standing, state, with_json)) for shard in left]


def _remove_strays(state: State, plan: Plan) -> None:
    """Files beyond the plan, and markers whose files are not whole."""
    stems = {shard.stem for shard in plan.shards}
    for table in TABLES:
        for file in (state.out / table.key).glob(f"part-*{PARQUET}"):
            if file.stem not in stems:
                file.unlink()
    for number in list(state.numbers()):
        if state.marker(number) is None:
            state.marker_file(number).unlink()


def _standing(state: State, *, with_json: bool) -> _Standing:
    found: _Standing = {}
    for folder in sorted(state.old.glob("*")):
        file = folder / MARKER
        if not file.exists():
            continue
        if with_json and not Marker.from_json(file.read_bytes()).json:
            continue
        rows = pq.read_table(folder / f"reports{PARQUET}", columns=["sha256", "path"])
        for sha256, path in zip(rows["sha256"].to_pylist(), rows["path"].to_pylist(), strict=True):
            found[sha256, _suffix(path)] = folder, path
    return found


def _known(shard: Shard, standing: _Standing, state: State, with_json: bool) -> dict[int, Path]:
    known = {}
    for index, source in enumerate(shard.sources):
        if source.sha256 is None:
            continue
        entry = standing.get((source.sha256, _suffix(source.entry.path)))
        if entry is None:
            continue
        folder, path = entry
        if not with_json or (path == source.entry.path and _json_file(state, source).exists()):
            known[index] = folder
    return known


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.casefold()


def _json_file(state: State, source: Source) -> Path:
    return state.out / JSON_FOLDER / f"{source.name}.json"


def finished(state: State, plan: Plan) -> Iterator[tuple[Shard, Marker]]:
    """The finished shards of the plan, in their order."""
    for shard in plan.shards:
        marker = state.marker(shard.number)
        if marker is not None and marker.key == shard.key:
            yield shard, marker
