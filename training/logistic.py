"""Logistic regression by Newton's method, and a monotone correction: numpy and no more."""

import numpy as np
from numpy.typing import NDArray

from ..models.confidence import sigmoid

#: Pulls every weight towards 0 as so many observations would; rare features keep small weights.
RIDGE = 5.0
STEPS = 50
#: The correction is read off these shares of all, the least probable first.
QUANTILES = (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0)
#: A part smaller than this tells no rate.
LEAST_PART = 30


def fit(
    features: NDArray[np.float64],
    right: NDArray[np.bool_],
    counts: NDArray[np.float64] | None = None,
    ridge: float = RIDGE,
) -> tuple[NDArray[np.float64], float]:
    """(weights, intercept) of the likeliest logistic function under a ridge.

    features: [things, names]. counts: as how many things each is to count; None: as one. The
    ridge holds over features of unit variance, so that their scales do not matter; one that never
    varies gets weight 0.
    """
    if counts is None:
        counts = np.ones(len(right))
    mean, scale = features.mean(0), features.std(0)
    varies = scale > 1e-9
    x = (features - mean) / np.where(varies, scale, 1.0) * varies
    x = np.column_stack((x, np.ones(len(x))))
    penalty = np.full(x.shape[1], ridge)
    penalty[-1] = 1e-3  # all right, or all wrong: the intercept stays finite
    weights = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = sigmoid(x @ weights)
        gradient = x.T @ (counts * (p - right)) + penalty * weights
        hessian = (x * (counts * p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        step *= min(1.0, 4.0 / max(1e-12, float(np.abs(step).max())))  # no leap from a flat place
        weights -= step
        if float(np.abs(step).max()) < 1e-6:
            break
    own = np.where(varies, weights[:-1] / np.where(varies, scale, 1.0), 0.0)
    return own, float(weights[-1] - own @ mean)


def knots(
    probability: NDArray[np.float64], right: NDArray[np.bool_]
) -> tuple[tuple[float, float], ...]:
    """The monotone correction of `models.confidence.Scale`: rates by parts, rising by pooling.

    A rate is counted with one half observation more of each kind: no part is certain.
    """
    order = np.argsort(probability, kind="stable")
    p, good = probability[order], right[order]
    edges = [0]
    for share in QUANTILES:
        edge = len(p) if share == 1.0 else int(share * len(p))
        if edge - edges[-1] >= LEAST_PART or (share == 1.0 and edge > edges[-1]):
            edges.append(edge)
    pooled: list[list[float]] = []  # sum of p, right, count
    for start, end in zip(edges, edges[1:], strict=False):
        pooled.append([float(p[start:end].sum()), float(good[start:end].sum()), float(end - start)])
        while len(pooled) > 1 and _rate(pooled[-2]) >= _rate(pooled[-1]):
            last = pooled.pop()
            pooled[-1] = [a + b for a, b in zip(pooled[-1], last, strict=True)]
    middle = [(part[0] / part[2], _rate(part)) for part in pooled]
    inner = sorted({(round(x, 7), round(y, 7)) for x, y in middle if 0 < x < 1 - 1e-7})
    return ((0.0, 0.0), *inner, (1.0, 1.0))


def _rate(part: list[float]) -> float:
    return (part[1] + 0.5) / (part[2] + 1.0)
