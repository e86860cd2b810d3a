"""How far two labellings of the same statements agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from ..models.themes import Flag, theme_ids
from .statements import CORPUS

SECOND = CORPUS / "second.jsonl"


@dataclass(frozen=True, slots=True)
class Labels:
    themes: tuple[str, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class TwiceLabelled:
    """A statement as two people labelled it, neither seeing the other, before they settled.

    set: test, or train for the splits train and dev, which were drawn apart afterwards.
    """

    id: str
    set: Literal["train", "test"]
    first: Labels
    second: Labels


def kappa(table: NDArray[np.int64]) -> float | None:
    """Cohen's: 1 full agreement, 0 as chance has it; None where both always say the same.

    table: [first, second] how often the one said this and the other that.
    """
    n = int(table.sum())
    if not n:
        return None
    by_chance = float(table.sum(0) @ table.sum(1)) / n**2
    return None if by_chance == 1 else (float(table.trace()) / n - by_chance) / (1 - by_chance)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of one theme: to how many statements both gave it, one of the two alone, neither."""

    both: int
    only_first: int
    only_second: int
    none: int

    @property
    def kappa(self) -> float | None:
        return kappa(np.array([[self.both, self.only_first], [self.only_second, self.none]]))

    @property
    def f1(self) -> float | None:
        """Of one against the other, whichever; None where neither gave it."""
        given = 2 * self.both + self.only_first + self.only_second
        return 2 * self.both / given if given else None


_LINE = TypeAdapter(TwiceLabelled)


def read_twice(path: Path | str = SECOND) -> tuple[TwiceLabelled, ...]:
    """The lines of a JSONL file. Raises ValidationError where one is something else."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return tuple(_LINE.validate_json(line) for line in lines if line.strip())


def agreement(pairs: Sequence[tuple[Sequence[str], Sequence[str]]], theme: str) -> Agreement:
    """pairs: for each statement the themes that the one gave and those that the other did."""
    found = [(theme in first, theme in second) for first, second in pairs]
    return Agreement(
        both=found.count((True, True)),
        only_first=found.count((True, False)),
        only_second=found.count((False, True)),
        none=found.count((False, False)),
    )


def by_theme(statements: Sequence[TwiceLabelled]) -> dict[str, Agreement]:
    """theme -> agreement, for all themes in their order."""
    pairs = [(one.first.themes, one.second.themes) for one in statements]
    return {theme: agreement(pairs, theme) for theme in theme_ids()}


def together(agreements: Sequence[Agreement]) -> Agreement:
    """Every decision about a statement and a theme as one case."""
    return Agreement(
        both=sum(one.both for one in agreements),
        only_first=sum(one.only_first for one in agreements),
        only_second=sum(one.only_second for one in agreements),
        none=sum(one.none for one in agreements),
    )
