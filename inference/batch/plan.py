"""The plan of a run: sorted sources, each content once, cut into fixed shards."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .content import hash_of
from .entries import Entry, Shard, Source


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An entry whose content stands elsewhere already, under an earlier path."""

    source: Source
    same_as: str


@dataclass(frozen=True, slots=True)
class Plan:
    """carried: names of all columns that manifests bring, in the order in which they came."""

    shards: tuple[Shard, ...]
    duplicates: tuple[Duplicate, ...]
    carried: tuple[str, ...]

    @property
    def n_sources(self) -> int:
        return sum(len(shard.sources) for shard in self.shards)


def hashed(entries: Iterable[Entry], limit: int) -> Iterator[Source]:
    """Each entry with the hash of its content; reads every file once."""
    for entry in entries:
        yield Source(entry, hash_of(entry, limit))


def make_plan(sources: Iterable[Source], shard_size: int, fingerprint: str) -> Plan:
    """sources: sorted by path. What cannot be read is kept: it fails in its shard."""
    first: dict[str, str] = {}
    kept: list[Source] = []
    duplicates: list[Duplicate] = []
    names: dict[str, None] = {}
    for source in sources:
        names.update(dict.fromkeys(name for name, _ in source.entry.carried))
        if source.sha256 is not None and source.sha256 in first:
            duplicates.append(Duplicate(source, first[source.sha256]))
            continue
        if source.sha256 is not None:
            first[source.sha256] = source.entry.path
        kept.append(source)
    carried = tuple(names)
    shards = tuple(
        Shard(number, tuple(part), _key(part, carried, fingerprint))
        for number, part in enumerate(_cut(kept, shard_size))
    )
    return Plan(shards, tuple(duplicates), carried)


def _cut(sources: Sequence[Source], size: int) -> Iterator[Sequence[Source]]:
    return (sources[start : start + size] for start in range(0, len(sources), size))


def _key(sources: Iterable[Source], carried: Sequence[str], fingerprint: str) -> str:
    rows = [(s.entry.path, s.sha256, s.entry.carried) for s in sources]
    content = json.dumps([fingerprint, carried, rows])  # ASCII: a path may hold lone surrogates
    return hashlib.sha256(content.encode()).hexdigest()
