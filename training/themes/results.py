"""The comparison of theme classifiers as one JSON file, for notebooks that hold no logic."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from ...models.themes import theme_ids
from .corpus import Part
from .decide import Decision, chosen
from .measure import Interval, calibration_error, counts, f1, intervals

DIGITS = 4
FORMAT = 1
SplitName = Literal["dev", "test"]


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """One theme: shares of 1, None where nothing was given or nothing is to be given."""

    precision: float | None
    recall: float | None
    f1: float
    statements: int
    calibration_error: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A classifier on one split.

    first: share of the themed statements whose likeliest theme is the first of their gold.
    scores: [statements, themes] probabilities, in the order of the split's ids.
    """

    micro: float
    micro_interval: Interval
    macro: float
    macro_interval: Interval
    first: float
    calibration_error: float
    by_theme: tuple[ThemeScore, ...]
    scores: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """milliseconds: of a statement, one a call. cold_start: seconds to the first, in a fresh
    process; None where it was not measured. megabytes: of what must be stored."""

    milliseconds: float
    megabytes: float
    cold_start: float | None


@dataclass(frozen=True, slots=True)
class Classifier:
    """what: in Chinese and English. thresholds: of the themes, in their order."""

    name: str
    what: str
    thresholds: tuple[float, ...]
    cost: Cost
    splits: dict[SplitName, Scored]


@dataclass(frozen=True, slots=True)
class Gold:
    """ids: of the statements. themes: of each, the weightiest first."""

    ids: tuple[str, ...]
    themes: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    format: int
    themes: tuple[str, ...]
    gold: dict[SplitName, Gold]
    classifiers: tuple[Classifier, ...]

    def classifier(self, name: str) -> Classifier:
        """Raises KeyError where there is none of that name."""
        for one in self.classifiers:
            if one.name == name:
                return one
        raise KeyError(name)

    def arrays(self, name: str, split: SplitName) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """(scores, gold) of a classifier on a split, both [statements, themes]."""
        gold = [[theme in own for theme in self.themes] for own in self.gold[split].themes]
        return np.array(self.classifier(name).splits[split].scores), np.array(gold, np.bool_)


_FILE = TypeAdapter(Comparison)


def load(file: Path | str) -> Comparison:
    """Read what `write` wrote. Raises ValidationError where it is something else."""
    return _FILE.validate_json(Path(file).read_bytes())


def write(file: Path | str, comparison: Comparison) -> None:
    Path(file).write_bytes(_FILE.dump_json(comparison) + b"\n")


def comparison(splits: dict[SplitName, Part], classifiers: tuple[Classifier, ...]) -> Comparison:
    gold = {
        name: Gold(tuple(s.id for s in part.statements), tuple(s.themes for s in part.statements))
        for name, part in splits.items()
    }
    return Comparison(FORMAT, theme_ids(), gold, classifiers)


def scored(part: Part, logits: NDArray[np.float64], decision: Decision) -> Scored:
    """How good a classifier is on a split, by its logits there: [statements, themes]."""
    scores = decision.probabilities(logits)
    given = chosen(scores, decision.thresholds, part.themed)
    micro, macro = f1(part.gold, given)
    micro_interval, macro_interval = intervals(part.gold, given, part.groups)
    return Scored(
        micro=round(micro, DIGITS),
        micro_interval=micro_interval,
        macro=round(macro, DIGITS),
        macro_interval=macro_interval,
        first=_first(part, scores),
        calibration_error=round(calibration_error(scores, part.gold), DIGITS),
        by_theme=_by_theme(part.gold, given, scores),
        scores=tuple(tuple(row) for row in scores.round(DIGITS).tolist()),
    )


def _first(part: Part, scores: NDArray[np.float64]) -> float:
    pairs = zip(part.statements, scores.argmax(1).tolist(), strict=True)
    right = [theme_ids()[best] == own.themes[0] for own, best in pairs if own.themes]
    return round(float(np.mean(right)), DIGITS)


def _by_theme(
    gold: NDArray[np.bool_], given: NDArray[np.bool_], scores: NDArray[np.float64]
) -> tuple[ThemeScore, ...]:
    found = counts(gold, given)
    return tuple(
        ThemeScore(
            precision=_share(found.right[theme], found.given[theme]),
            recall=_share(found.right[theme], found.gold[theme]),
            f1=round(float(found.by_theme()[theme]), DIGITS),
            statements=int(found.gold[theme]),
            calibration_error=round(calibration_error(scores[:, theme], gold[:, theme]), DIGITS),
        )
        for theme in range(gold.shape[1])
    )


def _share(part: np.int64, whole: np.int64) -> float | None:
    return round(float(part / whole), DIGITS) if whole else None
