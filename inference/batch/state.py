"""The output folder: what is done, and how files come to stand in it whole.

OUT/reports/part-000000.parquet …   one file of each table for every shard
OUT/failed.jsonl  duplicates.csv  datapackage.json  run.log
OUT/json/ reports.csv … nianbao.xlsx  on demand
OUT/.batch/settings.json            what the results depend on
OUT/.batch/done/000000.json         a shard's marker, written after all of its files
OUT/.batch/exports.json             the CSV files and the workbook that a run wrote
OUT/.batch/old/<key>/               files of an earlier cut, until their rows are taken over
OUT/.batch/tmp/                     what is being written
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from ...models.errors import NianbaoError
from ..flat import TABLES
from .entries import stem_of

PARQUET = ".parquet"
JSON_FOLDER = "json"
MARKER = "marker.json"


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that gave no report. index: its place in the shard."""

    index: int
    code: str
    message: str
    english: str

    @classmethod
    def of(cls, index: int, error: NianbaoError) -> "Failure":
        return cls(index, error.code, error.message, error.english)


@dataclass(frozen=True, slots=True)
class Marker:
    """A finished shard. sizes: bytes of its files; counts: see `series.Tally`."""

    key: str
    parsed: int
    review: int
    checks_failed: int
    findings: tuple[tuple[str, str, int], ...]
    failures: tuple[Failure, ...]
    sizes: dict[str, int]
    json: bool = False

    def to_json(self) -> bytes:
        content = {name: getattr(self, name) for name in self.__slots__}
        content["failures"] = [_slots(failure) for failure in self.failures]
        return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"

    @classmethod
    def from_json(cls, data: bytes) -> "Marker":
        content: dict[str, Any] = json.loads(data)
        content["failures"] = tuple(Failure(**each) for each in content["failures"])
        content["findings"] = tuple((s, c, n) for s, c, n in content["findings"])
        return cls(**content)


def _slots(failure: Failure) -> dict[str, object]:
    return {name: getattr(failure, name) for name in Failure.__slots__}


@dataclass(frozen=True, slots=True)
class State:
    """The folders and files of a run's output.

    corner: a folder within that for temporary files, for who cannot share it.
    """

    out: Path
    corner: str = ""
    root: Path = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", self.out / ".batch")

    @property
    def tmp(self) -> Path:
        return self.root / "tmp" / self.corner

    @property
    def done(self) -> Path:
        return self.root / "done"

    @property
    def old(self) -> Path:
        return self.root / "old"

    @property
    def settings(self) -> Path:
        return self.root / "settings.json"

    def part(self, table: str, number: int) -> Path:
        return self.out / table / (stem_of(number) + PARQUET)

    def marker_file(self, number: int) -> Path:
        return self.done / f"{number:06d}.json"

    def make(self) -> None:
        """The folders, and an empty one for temporary files: what a killed run left goes."""
        shutil.rmtree(self.tmp, ignore_errors=True)
        for folder in (self.tmp, self.done, *(self.out / table.key for table in TABLES)):
            folder.mkdir(parents=True, exist_ok=True)

    def marker(self, number: int) -> Marker | None:
        """None where the shard is not done, or one of its files is not what was written."""
        try:
            marker = Marker.from_json(self.marker_file(number).read_bytes())
            whole = all((self.out / name).stat().st_size == n for name, n in marker.sizes.items())
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return marker if whole else None

    def retire(self, number: int, marker: Marker) -> None:
        """Put a shard's files aside, so that what of them still holds can be taken over.

        The marker goes last: without it the folder counts for nothing.
        """
        folder = self.old / marker.key
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARKER).unlink(missing_ok=True)
        for table in TABLES:
            os.replace(self.part(table.key, number), folder / f"{table.key}{PARQUET}")
        flush_folder(folder)
        os.replace(self.marker_file(number), folder / MARKER)
        flush_folder(folder)

    def numbers(self) -> Iterator[int]:
        """The shards of which there is a marker."""
        yield from sorted(int(file.stem) for file in self.done.glob("*.json"))


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the folder for this run. NianbaoError E402 while another run holds it.

    The lock is the system's (flock, or its like on Windows) and ends with the process.
    """
    root = out / ".batch"
    root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(root / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise NianbaoError("E402", folder=out) from error
    try:
        yield
    finally:
        lock.release()


def write_whole(path: Path, data: bytes, tmp: Path) -> None:
    """Write a file that is either there with all of `data` or not at all, also after a crash."""
    part = tmp / f"{path.name}.{os.getpid()}"
    with part.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(part, path)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """A rename is safe once its folder is on the disk; Windows does that by itself."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
