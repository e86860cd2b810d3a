"""What became of documents of a shard that is in trouble, kept while others are still tried.

Kept in the output's folder for temporary files, so that a worker's death costs none of it.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ...models.report import Report
from ..write import to_json
from .entries import Shard
from .state import Failure


class Settled:
    """Of one shard. One process at a time writes: the worker at it, or after it the parent."""

    def __init__(self, tmp: Path, shard: Shard) -> None:
        self._stem = tmp / shard.stem
        self._list = tmp / f"{shard.stem}.settled"

    def add_failure(self, failure: Failure) -> None:
        self._append(asdict(failure))

    def add_report(self, index: int, report: Report) -> None:
        self._file(index).write_bytes(to_json(report))
        self._append({"index": index})

    def _append(self, entry: dict[str, object]) -> None:
        with self._list.open("ab", buffering=0) as stream:  # a line is there as a whole, or not
            stream.write(json.dumps(entry).encode() + b"\n")

    def read(self) -> dict[int, Failure | Report]:
        """By the document's place in the shard."""
        return {
            entry["index"]: Failure(**entry) if "code" in entry else self._report(entry["index"])
            for entry in self._entries()
        }

    def indices(self) -> set[int]:
        return {entry["index"] for entry in self._entries()}

    def _entries(self) -> list[dict[str, Any]]:
        if not self._list.exists():
            return []
        return [json.loads(line) for line in self._list.read_bytes().splitlines()]

    def _file(self, index: int) -> Path:
        return self._stem.with_name(f"{self._stem.name}-{index}.json")

    def _report(self, index: int) -> Report:
        return Report.model_validate_json(self._file(index).read_bytes())

    def forget(self) -> None:
        """Once the shard is finished."""
        for index in self.indices():
            self._file(index).unlink(missing_ok=True)
        self._list.unlink(missing_ok=True)
