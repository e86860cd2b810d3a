"""The options of a run, and which of them its results depend on."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from ...models.document import Document
from ...models.registry import current
from ...models.report import Report
from ..names import Format
from ..read import MARKUP_FACTOR, MAX_BYTES
from ..tagger import Runtime

Parser = Callable[[Document], Report]


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """Of one run.

    model, version, runtime, shard_size, corrections: another value gives other files, see
    `fingerprint`. The limits only decide what fails, and what failed is tried again, so they may
    change between runs.
    timeout: seconds for one document. max_memory: of one worker, in MB.
    version: of the models; None: the one that is current when the run begins. A tagger that is
        named by `model` goes before the version's.
    recycle: shards after which a worker is replaced, should anything have leaked.
    formats: of `parse`, written beside the Parquet files.
    load: what a worker calls once for its parser; a function of a module, found by its name.
    """

    model: Path | None = None
    version: int | None = None
    runtime: Runtime = "onnx"
    shard_size: int = 64
    workers: int = 0
    timeout: float = 30.0
    max_memory: int = 1024
    max_bytes: int = MAX_BYTES
    recycle: int = 100
    retry: bool = True
    force: bool = False
    formats: frozenset[Format] = frozenset()
    limit: int | None = None
    corrections: Path | None = None
    load: Callable[["Options"], Parser] | None = None

    @property
    def n_workers(self) -> int:
        """As many as processors this process may use, where none were asked for."""
        if self.workers:
            return self.workers
        return len(os.sched_getaffinity(0)) if _HAS_AFFINITY else os.cpu_count() or 1

    def pinned(self) -> Self:
        """The same for the whole run, whatever becomes current meanwhile. Raises BadModel."""
        return replace(self, version=current()) if self.version is None else self

    @property
    def with_json(self) -> bool:
        return Format.JSON in self.formats

    @property
    def content_limit(self) -> int:
        """Bytes of a source beyond which it is refused unread, markup or not."""
        return MARKUP_FACTOR * self.max_bytes


_HAS_AFFINITY = hasattr(os, "sched_getaffinity")


def options_of(**given: Any) -> Options:
    """Options with our own value wherever None is given."""
    return Options(**{name: value for name, value in given.items() if value is not None})
