"""Which reports are worth a person's time: the queue of `nianbao annotate export`.

Part of the places goes to reports drawn at random, so that a model can be measured on them
honestly; the others are dealt in turn to the least confident, to those whose checks fail, and to
those whose layout is farthest from all that is known or chosen already. Reports in which the
model is likelier wrong than right somewhere come before all others: sums that fail where it is
sure are mostly the office's own slips, and a strange layout that it reads surely needs no examples.
"""

import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ..inference.decode import probabilities
from ..inference.legible import legible
from ..models.report import Report
from .documents import AnnotatedDocument

Reason = Literal["random", "confidence", "checks", "layout"]

#: Below this confidence a cell, a section or an item is likelier wrong than right.
DOUBTED = 0.5
#: What parts the cells and lines of a report.
_SEPARATORS = "\n\t |\u3000"


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A parsed report, unlabelled by people.

    confidence: the least of its cells, sections and items.
    failing: checks that fail and findings that are errors.
    layout: [features] see `layout_of`.
    """

    document: AnnotatedDocument
    confidence: float
    failing: int
    layout: NDArray[np.float64]


class Network(Protocol):
    """What is needed of `inference.tagger.NetworkTagger`."""

    def logits(self, text: str) -> NDArray[np.float32]: ...


def layout_of(text: str, tagger: Network) -> NDArray[np.float64]:
    """[2 * tags] how the tagger sees a report: the mean of its tag probabilities over all
    characters, and over the separators alone, whose tags tell layouts apart.

    The model gives out no inner state; this is the nearest to the encoder's space that it has.
    """
    seen = legible(text)
    if not seen:
        raise ValueError("a text without characters has no layout")
    probs = probabilities(tagger.logits(seen)).astype(np.float64)
    parts = np.array([sign in _SEPARATORS for sign in seen])
    between = probs[parts].mean(0) if parts.any() else np.zeros(probs.shape[1])
    return np.concatenate((probs.mean(0), between))


def least_confidence(report: Report) -> float:
    """Of cells, sections and items; 1 where there are none."""
    confidences = [cell.confidence for cell in report.cells]
    confidences += [section.confidence for section in report.sections]
    confidences += [item.confidence for item in report.items]
    return min(confidences, default=1.0)


def failures(report: Report) -> int:
    failed = sum(check.state == "fail" for check in report.checks)
    return failed + sum(found.severity == "error" for found in report.findings)


def choose(
    candidates: Iterable[Candidate],
    n: int,
    *,
    random_share: float,
    seed: int,
    known: Sequence[NDArray[np.float64]] = (),
) -> tuple[AnnotatedDocument, ...]:
    """At most `n` documents, each with the reason in `chosen`: those drawn at random first, then
    those of which the model doubts something, then the others.

    The same whatever the order of `candidates`. A report's draw depends on the seed and its id
    alone, so that the random part stays random when the pool grows.
    known: layouts that need no more examples.
    """
    pool = {one.document.id: one for one in candidates}
    n_random = math.ceil(n * random_share)
    drawn = sorted(pool, key=lambda id_: _draw(id_, seed))[:n_random]
    chosen: list[tuple[Candidate, Reason]] = [(pool[id_], "random") for id_ in drawn]
    left = [pool[id_] for id_ in sorted(set(pool) - set(drawn))]
    if not left:
        return _with_reasons(chosen)
    far = _Distances(left, [*known, *(pool[id_].layout for id_ in drawn)])
    turns: Iterator[Reason] = cycle(("confidence", "checks", "layout"))
    while left and len(chosen) < n:
        reason = next(turns)
        best = _best([one for one in left if one.confidence < DOUBTED] or left, reason, far)
        if best is not None:
            chosen.append((best, reason))
            left.remove(best)
            far.add(best.layout)
    return _with_reasons(chosen)


def _with_reasons(chosen: Iterable[tuple[Candidate, Reason]]) -> tuple[AnnotatedDocument, ...]:
    return tuple(replace(one.document, chosen=reason) for one, reason in chosen)


def _draw(id_: str, seed: int) -> str:
    return hashlib.sha256(f"{seed} {id_}".encode("utf-8", "surrogatepass")).hexdigest()


def _best(left: Sequence[Candidate], reason: Reason, far: "_Distances") -> Candidate | None:
    """The next by one reason, the first by id where several are equal; None: none has it."""
    if reason == "confidence":
        return min(left, key=lambda one: one.confidence)
    if reason == "checks":
        worst = max(left, key=lambda one: one.failing)
        return worst if worst.failing else None
    return max(left, key=far.of)


class _Distances:
    """How far each candidate is from the nearest layout that is known or chosen.

    Features are scaled by their spread over the pool, without which rare tags would not count.
    """

    def __init__(self, pool: Sequence[Candidate], known: Sequence[NDArray[np.float64]]) -> None:
        layouts = np.array([one.layout for one in pool])
        spread = layouts.std(0)
        self._scale = np.where(spread > 0, spread, 1.0)
        self._layouts = layouts / self._scale
        self._place = {one.document.id: i for i, one in enumerate(pool)}
        self._nearest = np.full(len(pool), np.inf)
        for layout in known:
            self.add(layout)

    def add(self, layout: NDArray[np.float64]) -> None:
        distances = np.linalg.norm(self._layouts - layout / self._scale, axis=1)
        self._nearest = np.minimum(self._nearest, distances)

    def of(self, candidate: Candidate) -> float:
        return float(self._nearest[self._place[candidate.document.id]])
