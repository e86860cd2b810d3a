"""A comparison of two made-up classifiers on the corpus: one that errs little, one that guesses."""

import numpy as np
import pytest

from nianbao.training.themes.corpus import Part, split
from nianbao.training.themes.decide import Decision
from nianbao.training.themes.results import (
    Classifier,
    Comparison,
    Cost,
    Scored,
    SplitName,
    comparison,
    scored,
)

THRESHOLDS = (0.5,) * 15 + (0.6,)


def guessed(part: Part, noise: float) -> Scored:
    """Scores from gold, blurred."""
    rng = np.random.default_rng(0)
    logits = 4.0 * part.gold - 2.0 + noise * rng.normal(size=part.gold.shape)
    return scored(part, logits, Decision(np.ones(16), np.zeros(16), np.array(THRESHOLDS)))


@pytest.fixture(scope="session")
def compared() -> Comparison:
    splits: dict[SplitName, Part] = {"dev": split("dev"), "test": split("test")}
    classifiers = tuple(
        Classifier(
            name,
            f"假的 made up {name}",
            THRESHOLDS,
            Cost(0.1, 1.0, None),
            {name_: guessed(part, noise) for name_, part in splits.items()},
        )
        for name, noise in (("good", 1.0), ("bad", 3.0))
    )
    return comparison(splits, classifiers)
