"""How good the themes are: F1 with intervals, by theme, and the error of calibration."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAMPLES = 2000  # of the bootstrap
BINS = 15  # of equal width, for the error of calibration


@dataclass(frozen=True, slots=True)
class Counts:
    """Of each theme: rightly given, given, and to be given. All [themes]."""

    right: NDArray[np.int64]
    given: NDArray[np.int64]
    gold: NDArray[np.int64]

    def by_theme(self) -> NDArray[np.float64]:
        """[themes] F1; 0 where there was nothing to give and nothing was given."""
        total = self.given + self.gold
        result: NDArray[np.float64] = 2 * self.right / np.maximum(1, total)
        return result


def counts(gold: NDArray[np.bool_], given: NDArray[np.bool_]) -> Counts:
    """gold, given: [statements, themes]"""
    return Counts((gold & given).sum(0), given.sum(0), gold.sum(0))


def f1(gold: NDArray[np.bool_], given: NDArray[np.bool_]) -> tuple[float, float]:
    """(micro, macro): every theme that was given counts the same, or every kind of theme."""
    found = counts(gold, given)
    total = found.given.sum() + found.gold.sum()
    return float(2 * found.right.sum() / max(1, total)), float(found.by_theme().mean())


@dataclass(frozen=True, slots=True)
class Interval:
    """Of 95 %."""

    low: float
    high: float


def intervals(
    gold: NDArray[np.bool_], given: NDArray[np.bool_], groups: NDArray[np.int64]
) -> tuple[Interval, Interval]:
    """(micro, macro), by drawing whole groups anew: statements of one report are no independent
    cases. groups: [statements] the number of each one's group."""
    parts = np.zeros((groups.max() + 1, 3, gold.shape[1]))
    for place, each in enumerate((gold & given, given, gold)):
        np.add.at(parts[:, place], groups, each)
    rng = np.random.default_rng(0)
    drawn = rng.multinomial(len(parts), np.full(len(parts), 1 / len(parts)), SAMPLES)
    right, n_given, n_gold = np.einsum("sg,gct->cst", drawn, parts)  # each [samples, themes]
    micro = 2 * right.sum(1) / np.maximum(1, (n_given + n_gold).sum(1))
    macro = (2 * right / np.maximum(1, n_given + n_gold)).mean(1)
    return _interval(micro), _interval(macro)


def _interval(values: NDArray[np.float64]) -> Interval:
    low, high = np.quantile(values, (0.025, 0.975)).round(4).tolist()
    return Interval(low, high)


def calibration_error(scores: NDArray[np.float64], gold: NDArray[np.bool_]) -> float:
    """Expected calibration error over all pairs of a statement and a theme, or of one theme.

    The gap between mean probability and share of truth, weighted by the size of each bin.
    """
    bins = np.minimum((scores * BINS).astype(np.int64), BINS - 1).ravel()
    gaps = np.bincount(bins, (scores - gold).ravel(), BINS)
    return float(np.abs(gaps).sum() / gold.size)
