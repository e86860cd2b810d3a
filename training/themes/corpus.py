"""The theme corpus as arrays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...annotations.statements import CORPUS, read_statements
from ...models.themes import Statement, theme_ids
from .extra import Examples

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Part:
    """Statements with their gold: [statements, themes]."""

    statements: tuple[Statement, ...]
    gold: NDArray[np.bool_]

    @property
    def texts(self) -> list[str]:
        return [statement.text for statement in self.statements]

    @property
    def examples(self) -> Examples:
        return Examples(tuple(self.texts), self.gold)

    @property
    def themed(self) -> NDArray[np.bool_]:
        """[statements] whether it has themes; to one that has none, none is assigned."""
        return themed(self.gold)

    @property
    def groups(self) -> NDArray[np.int64]:
        """[statements] the number of its group."""
        numbers: dict[str, int] = {}
        found = [numbers.setdefault(s.group, len(numbers)) for s in self.statements]
        return np.array(found, dtype=np.int64)

    def only(self, rows: NDArray[np.int64]) -> "Part":
        return Part(tuple(self.statements[row] for row in rows), self.gold[rows])


def themed(gold: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """[statements] of gold [statements, themes]: whether there is any."""
    result: NDArray[np.bool_] = gold.sum(axis=1) > 0
    return result


def part(statements: Sequence[Statement]) -> Part:
    gold = [[theme in statement.themes for theme in theme_ids()] for statement in statements]
    return Part(tuple(statements), np.array(gold, dtype=np.bool_).reshape(-1, len(theme_ids())))


def split(name: str, corpus: Path = CORPUS) -> Part:
    """train, dev or test of the corpus."""
    return part(read_statements(corpus / f"{name}.jsonl"))


def folds(given: Part, seed: int = 0) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """(the others' rows, the fold's rows) of FOLDS parts; no group is in two of them."""
    groups = given.groups
    places = np.random.default_rng(seed).permutation(groups.max() + 1) % FOLDS
    for fold in range(FOLDS):
        inside = places[groups] == fold
        yield np.flatnonzero(~inside), np.flatnonzero(inside)
