"""From logits to themes: calibrated probabilities, and a threshold for each theme."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...models.confidence import sigmoid
from ...models.themes import MOST_THEMES
from ..logistic import fit
from .corpus import themed
from .measure import f1

RIDGE = 1.0  # of the calibration, for themes with few positives
GRID = np.arange(0.2, 0.81, 0.05).round(2)  # thresholds that are tried
PULL = 1.0  # what a threshold costs for parting from the common one, times the squared distance
ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Decision:
    """All [themes]. slopes, offsets: probability = sigmoid(slope * logit + offset)."""

    slopes: NDArray[np.float64]
    offsets: NDArray[np.float64]
    thresholds: NDArray[np.float64]

    def calibrated(self, logits: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log odds, of the logits' own shape."""
        return self.slopes * logits + self.offsets

    def probabilities(self, logits: NDArray[np.float64]) -> NDArray[np.float64]:
        """[statements, themes]"""
        return sigmoid(self.calibrated(logits))


def decide(logits: NDArray[np.float64], gold: NDArray[np.bool_]) -> Decision:
    """Platt's calibration and the thresholds, from logits of statements that were not trained on.

    logits, gold: [statements, themes].
    """
    pairs = [
        fit(own[:, None], right, ridge=RIDGE) for own, right in zip(logits.T, gold.T, strict=True)
    ]
    slopes = np.array([weights[0] for weights, _ in pairs])
    offsets = np.array([offset for _, offset in pairs])
    return Decision(slopes, offsets, thresholds(sigmoid(slopes * logits + offsets), gold))


def thresholds(scores: NDArray[np.float64], gold: NDArray[np.bool_]) -> NDArray[np.float64]:
    """[themes] thresholds that make micro and macro F1 high together.

    First the best common one; then each theme's in turn, held near it by PULL. Chosen freely they
    follow chance: in cross-validation free ones lost 0.003 of F1 against one for all.
    """

    def value(tried: NDArray[np.float64]) -> float:
        return sum(f1(gold, chosen(scores, tried, themed(gold)))) / 2

    n = gold.shape[1]
    common = max(GRID.tolist(), key=lambda cut: value(np.full(n, cut)))
    found = np.full(n, common)
    for theme in ROUNDS * tuple(range(n)):
        values = []
        for cut in GRID:
            found[theme] = cut
            values.append(value(found) - PULL * float(((found - common) ** 2).mean()))
        found[theme] = GRID[int(np.argmax(values))]
    return found


def chosen(
    scores: NDArray[np.float64],
    thresholds: NDArray[np.float64],
    with_theme: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """[statements, themes] what `inference.themes.assigned` gives, for all statements at once.

    with_theme: [statements]; the others are flagged, as generic items are, and get none.
    """
    over = scores >= thresholds
    rank = np.argsort(np.argsort(-np.where(over, scores, -1.0), 1, kind="stable"), 1)
    first = scores == scores.max(1, keepdims=True)
    picked = np.where(over.any(1, keepdims=True), over & (rank < MOST_THEMES), first)
    result: NDArray[np.bool_] = picked & with_theme[:, None]
    return result
