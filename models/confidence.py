"""From features to a probability: what a model folder's `confidence.json` holds."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, model_validator


def sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities, of the logits' own shape."""
    result: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(logits, -50.0, 50.0)))
    return result


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Scale(_Strict):
    """A logistic function of features, then a monotone correction.

    names, weights: of the features, in order. knots: (probability, corrected), both rising;
    straight lines between them.
    """

    names: tuple[str, ...]
    weights: tuple[float, ...]
    intercept: float
    knots: tuple[tuple[float, float], ...] = ((0.0, 0.0), (1.0, 1.0))

    @model_validator(mode="after")
    def _check(self) -> "Scale":
        if len(self.names) != len(self.weights):
            raise ValueError("as many weights as names")
        if len(self.knots) < 2 or list(self.knots) != sorted(self.knots):
            raise ValueError("knots must rise")
        return self

    def probability(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """[things] the probability to be right. features: [things, names]."""
        places, corrected = zip(*self.knots, strict=True)
        result: NDArray[np.float64] = np.interp(self.logistic(features), places, corrected)
        return result

    def logistic(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """[things] before the correction."""
        return sigmoid(features @ np.array(self.weights) + self.intercept)


class Calibration(_Strict):
    """How confidences are made of what inference sees.

    threshold: cells at or above it were right in the share that was promised.
    review_below: a report with a cell below it is for a person to look at.
    fitted_on: on which reports, and how many of what.
    """

    format: Literal[1] = 1
    cell: Scale
    section: Scale
    item: Scale
    threshold: float
    review_below: float
    fitted_on: dict[str, str | int | float]
