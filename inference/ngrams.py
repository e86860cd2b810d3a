"""A linear model over the n-grams of characters: numpy, and no more.

A text is a bag of short runs of characters, each weighed by how rare it is (tf-idf). The weights
are trained elsewhere (`training.themes.linear`), on what is counted here.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import add

import numpy as np
from numpy.typing import NDArray

from ..models.characters import fold

_CLOSING = "。；;，,、：:.!！?？"


def kept(text: str) -> list[int]:
    """The offsets of the characters that are read: no blanks, no mark at the end.

    An item has no closing mark; a line of somebody's file may have one, and means the same.
    """
    return [place for place, char in enumerate(_unclosed(text)) if not char.isspace()]


def plain(text: str) -> str:
    """The characters of `kept`, folded: one for each of them."""
    return fold("".join(_unclosed(text).split()))


def _unclosed(text: str) -> str:
    return text.rstrip(_CLOSING + " \t\r\n\u3000")


def ngrams(text: str, longest: int) -> Iterator[tuple[int, int]]:
    """(start, end) of all runs of 1 to `longest` characters, the short ones first."""
    for size in range(1, longest + 1):
        for start in range(len(text) - size + 1):
            yield start, start + size


def _runs(text: str, longest: int) -> list[str]:
    """The wordings of `ngrams`, in its order."""
    found: list[str] = []
    runs = list(text)
    for size in range(1, longest + 1):
        found += runs
        runs = list(map(add, runs, text[size:]))
    return found


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms that count. index: term -> its row. rarity: [rows] their idf."""

    index: Mapping[str, int]
    rarity: NDArray[np.float32]

    def vector(self, bag: Iterable[str]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """(rows, values) of a text's terms: (1 + log count) times rarity, of length 1."""
        counts = Counter(map(self.index.get, bag))
        counts.pop(None, None)
        rows = np.fromiter(counts.keys(), np.int64, len(counts))
        times = np.array([1 + math.log(n) if n > 1 else 1.0 for n in counts.values()])
        values: NDArray[np.float64] = times * self.rarity[rows]
        return rows, values / max(1e-12, math.sqrt(values @ values))


@dataclass(frozen=True, slots=True)
class LinearModel:
    """terms: n-grams of 1 to `longest` characters of a plain text.

    weights: [terms, classes] of a text's vector, in float16 as they are kept.
    intercepts: [classes], the logits of a text without any known term.
    """

    terms: Terms
    longest: int
    weights: NDArray[np.float16]
    intercepts: NDArray[np.float64]

    def logits(self, text: str) -> NDArray[np.float64]:
        """[classes]"""
        rows, values = self._vector(plain(text))
        weighed: NDArray[np.float64] = values @ self.weights[rows].astype(np.float64)
        return weighed + self.intercepts

    def contributions(self, text: str, class_: int) -> NDArray[np.float64]:
        """[characters of plain(text)] what each adds to the logit of a class.

        An n-gram's part is shared evenly by its characters; all sum up to logit less intercept.
        """
        read = plain(text)
        rows, values = self._vector(read)
        part = dict(zip(rows.tolist(), values * self.weights[rows, class_], strict=True))
        places: dict[int, list[tuple[int, int]]] = {row: [] for row in part}
        for start, end in ngrams(read, self.longest):
            row = self.terms.index.get(read[start:end])
            if row is not None:
                places[row].append((start, end))
        result = np.zeros(len(read))
        for row, spans in places.items():
            for start, end in spans:
                result[start:end] += part[row] / (len(spans) * (end - start))
        return result

    def _vector(self, read: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        return self.terms.vector(_runs(read, self.longest))
