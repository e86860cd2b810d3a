"""How far confidences can be believed: calibration, and risk against coverage."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Upper edges of the bins of a reliability table. Most confidences lie near 1: so do the edges.
EDGES = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0)
#: Shares of the cells, the most confident first, at which the risk is told.
COVERAGES = (1.0, 0.99, 0.98, 0.95, 0.9, 0.8)
#: What the threshold of cells promises.
PROMISED = 0.9995


@dataclass(frozen=True, slots=True)
class Bin:
    """Confidences in (low, high]: how many, their mean, and the share that was right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Kept:
    """What a threshold keeps: the share of all, and the share of it that is right."""

    threshold: float
    coverage: float
    right: float


def reliability(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[Bin, ...]:
    """The bins that hold anything."""
    found = []
    low = 0.0
    for high in EDGES:
        inside = (confidence <= high) & ((confidence > low) | (low == 0.0))
        if inside.any():
            mean, share = float(confidence[inside].mean()), float(right[inside].mean())
            found.append(Bin(low, high, int(inside.sum()), mean, share))
        low = high
    return tuple(found)


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error: the gap between confidence and truth, weighted by count.

    None where there is nothing.
    """
    n = sum(bin_.count for bin_ in bins)
    return sum(bin_.count * abs(bin_.confidence - bin_.right) for bin_ in bins) / n if n else None


def risk_coverage(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[Kept, ...]:
    """What stays when the least confident are left to a person; () where there is nothing.

    Equal confidences share the errors among them evenly, whatever their order.
    """
    n = len(confidence)
    if not n:
        return ()
    order = np.argsort(-confidence, kind="stable")
    values, first = np.unique(-confidence[order], return_inverse=True)
    shares = np.bincount(first, right[order]) / np.bincount(first)
    cumulated = np.cumsum(shares[first])
    counts = [max(1, round(share * n)) for share in COVERAGES]
    return tuple(
        Kept(float(-values[first[count - 1]]), count / n, float(cumulated[count - 1] / count))
        for count in counts
    )


def kept_above(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], threshold: float
) -> Kept | None:
    """What a given threshold keeps; None where it keeps nothing."""
    kept = confidence >= threshold
    if not kept.any():
        return None
    return Kept(threshold, float(kept.mean()), float(right[kept].mean()))


def threshold_for(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], promised: float = PROMISED
) -> Kept | None:
    """The least threshold from which on so large a share is right; None where none does."""
    values, place = np.unique(confidence, return_inverse=True)
    above = np.cumsum(np.bincount(place)[::-1])[::-1]
    good = np.cumsum(np.bincount(place, right)[::-1])[::-1]
    fits = np.flatnonzero(good >= promised * above)
    if not len(fits):
        return None
    first = int(fits[0])
    share = float(good[first] / above[first])
    return Kept(float(values[first]), float(above[first] / len(confidence)), share)
