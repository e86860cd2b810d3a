"""The classifiers that are compared, each as a function of one text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .corpus import Part
from .decide import Decision, decide
from .encoder import export_run, onnx_logits
from .extra import Examples
from .linear import Regression, View, enlarged, fit, unseen_logits

#: What is tried for the share of the first in a combination.
SHARES = np.arange(0.0, 1.01, 0.05).round(2).tolist()


@dataclass(frozen=True, slots=True)
class Candidate:
    """logits: text -> [themes]. decision: made on statements that its training did not see.

    start: a program that does all that stands before the first text, to be timed.
    """

    name: str
    what: str
    logits: Callable[[str], NDArray[np.float64]]
    decision: Decision
    megabytes: float
    start: str

    def calibrated(self, text: str) -> NDArray[np.float64]:
        """[themes] log odds"""
        return self.decision.calibrated(self.logits(text))


def of_all(
    logits: Callable[[str], NDArray[np.float64]], texts: Sequence[str]
) -> NDArray[np.float64]:
    """[texts, themes]"""
    return np.array([logits(text) for text in texts])


def linear(
    name: str,
    what: str,
    views: tuple[View, ...],
    start: str,
    train: Part,
    more: Examples,
    dev: Part,
) -> tuple[Candidate, Regression]:
    """A regression, its decision made on the development split and on train by cross-validation.

    more: phrases to learn from beside train.
    """
    model = fit(views, enlarged(train, more))
    unseen = np.concatenate([unseen_logits(views, train, more), of_all(model.logits, dev.texts)])
    decision = decide(unseen, np.concatenate([train.gold, dev.gold]))
    return Candidate(name, what, model.logits, decision, model.n_bytes / 1e6, start), model


def network(name: str, what: str, run: Path, scratch: Path, dev: Part) -> Candidate:
    """A run of `encoder`, as int8; its decision made on the development split."""
    folder = scratch / name
    folder.mkdir()
    file = export_run(run, folder)
    logits = onnx_logits(run, file)
    start = (
        "from pathlib import Path; from nianbao.inference.tagger import onnx_run; "
        f"onnx_run(Path({str(file)!r}))"
    )
    decision = decide(of_all(logits, dev.texts), dev.gold)
    return Candidate(name, what, logits, decision, file.stat().st_size / 1e6, start)


def combination(name: str, what: str, first: Candidate, second: Candidate, dev: Part) -> Candidate:
    """The mean of two classifiers' log odds, with the shares that fit the development split."""
    ours, theirs = of_all(first.calibrated, dev.texts), of_all(second.calibrated, dev.texts)
    share = min(SHARES, key=lambda part: _loss(part * ours + (1 - part) * theirs, dev.gold))

    def logits(text: str) -> NDArray[np.float64]:
        ours, theirs = first.calibrated(text), second.calibrated(text)
        mean: NDArray[np.float64] = share * ours + (1 - share) * theirs
        return mean

    decision = decide(share * ours + (1 - share) * theirs, dev.gold)
    megabytes = first.megabytes + second.megabytes
    what = f"{what} ({share:.2f} + {1 - share:.2f})"
    return Candidate(name, what, logits, decision, megabytes, f"{first.start}; {second.start}")


def _loss(log_odds: NDArray[np.float64], gold: NDArray[np.bool_]) -> float:
    """Mean cross entropy."""
    return float(np.logaddexp(0, np.where(gold, -log_odds, log_odds)).mean())
