"""Phrases in text files, expanded by random choice, kept apart for training and held-out.

A phrase file has symbols in square brackets, one phrase a line, `#` comments:

    [platform]
    政府门户网站
    [volume]
    全年通过{platform}公开信息{#10-900}条

`{symbol}` expands another symbol of the file, `{name}` a value that the caller gives,
`{#a-b}` a number between a and b, `{a|b|c}` one of the words.
"""

import hashlib
import random
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

Split = Literal["train", "held_out"]

_SLOT = re.compile(r"\{([^{}]+)\}")
_RANGE = re.compile(r"#(\d+)-(\d+)")


def split_of(phrase: str) -> Split:
    """The split that a phrase belongs to for ever: one in five is held out, by its hash."""
    digest = hashlib.sha256(phrase.encode()).digest()
    return "held_out" if digest[0] % 5 == 0 else "train"


@cache
def _symbols(name: str) -> dict[str, tuple[str, ...]]:
    text = files(__package__).joinpath(f"phrases/{name}.txt").read_text(encoding="utf-8")
    symbols: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if line.startswith("[") and line.endswith("]"):
            current = symbols.setdefault(line[1:-1], [])
        elif line.strip() and not line.startswith("#"):
            current.append(line)
    return {symbol: tuple(phrases) for symbol, phrases in symbols.items()}


@cache
def _symbols_of(name: str, split: Split) -> dict[str, tuple[str, ...]]:
    return {
        symbol: tuple(p for p in phrases if split_of(p) == split) or phrases
        if len(phrases) >= 5
        else phrases
        for symbol, phrases in _symbols(name).items()
    }


class Grammar:
    """The phrases of one file, of one split.

    A symbol of fewer than five phrases is shared by both splits: such lists are vocabulary
    (units, cue words), not wording.
    """

    def __init__(self, name: str, split: Split) -> None:
        self.split = split
        self._symbols = _symbols_of(name, split)

    def phrases(self, symbol: str) -> tuple[str, ...]:
        """The unexpanded phrases of a symbol. KeyError where the file has none of that name."""
        return self._symbols[symbol]

    def expand(
        self, symbol: str, rng: random.Random, values: Mapping[str, object] | None = None
    ) -> str:
        """One phrase of `symbol` with every slot filled. KeyError where a slot has no source."""
        return self.fill(rng.choice(self._symbols[symbol]), rng, values or {})

    def fill(self, phrase: str, rng: random.Random, values: Mapping[str, object]) -> str:
        """`phrase` with every slot filled."""

        def slot(match: re.Match[str]) -> str:
            name = match[1]
            if bounds := _RANGE.fullmatch(name):
                return str(rng.randint(int(bounds[1]), int(bounds[2])))
            if name in values:
                return str(values[name])
            if "|" in name:
                return self.fill(rng.choice(name.split("|")), rng, values)
            return self.expand(name, rng, values)

        return _SLOT.sub(slot, phrase)
