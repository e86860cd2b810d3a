"""Calibration: how far a model's confidences can be believed, measured and written beside it.

`python -m nianbao.training.calibrate --model FOLDER -n 3000` parses synthetic reports of the
held-out split, fits the weights of `inference.features` and writes `confidence.json` and the sums.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..inference.features import (
    CellFeatures,
    ItemFeatures,
    SectionFeatures,
    features_of,
)
from ..inference.tagger import OnnxTagger
from ..models.confidence import Calibration, Scale
from ..models.folder import CONFIDENCE, load_folder, shipped
from ..models.sums import file_sha256, write_sums
from .logistic import fit, knots
from .outcomes import Judged, judged_cells, judged_items, judged_sections, parsed
from .parallel import mapped
from .reliability import calibration_error, reliability, threshold_for
from .synthetic.report import sample

#: Apart from the seeds that evaluations (from 1000000 on) and tests score.
FIRST_SEED = 8_000_000
#: Every degree of damage in equal parts.
DAMAGES = (0, 1, 2, 3, 4, 5)
FOLDS = 5
#: What is wrong in one report counts as no more than this: a lost table is one event, not fifty.
MOST_WRONG = 5
#: So large a share of the reports that are perfect, and have no other reason, may be sent to a
#: person in vain.
NEEDLESS = 0.02


@dataclass(frozen=True, slots=True)
class Observed:
    """The features of the cells, sections and items of one report, and which were right.

    perfect: every cell is. flagged: it goes to a person for other reasons already.
    """

    features: tuple[NDArray[np.float64], ...]
    right: tuple[NDArray[np.bool_], ...]
    perfect: bool
    flagged: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """A scale, and what it would have said of each thing had it not seen its report."""

    scale: Scale
    unseen: NDArray[np.float64]
    right: NDArray[np.bool_]


@cache
def _tagger(folder: Path) -> OnnxTagger:
    """The model without its calibration: it is to be made anew."""
    return OnnxTagger(replace(load_folder(folder), calibration=None))


def observe(case: tuple[int, int], folder: Path) -> Observed | None:
    """Parse the report of a (seed, number of damages); None where it is refused, or ought to be."""
    seed, n_damages = case
    found = sample(seed, "held_out", n_damages=(n_damages, n_damages))
    if found.refused:
        return None
    tagger = _tagger(folder)
    spans, report = parsed(found.document, tagger)
    if report is None:
        return None
    cells = judged_cells(report, found.gold)
    judged = (cells, judged_sections(report, found.gold), judged_items(report, found.gold))
    return Observed(
        features=features_of(report, spans),
        right=tuple(_right(own) for own in judged),
        perfect=all(one.right for one in cells),
        flagged=report.status == "review",
    )


def _right(judged: Sequence[Judged]) -> NDArray[np.bool_]:
    return np.array([one.right for one in judged], dtype=np.bool_)


def observe_all(folder: Path, first_seed: int, n: int, jobs: int) -> list[Observed]:
    cases = [(first_seed + i, DAMAGES[i % len(DAMAGES)]) for i in range(n)]
    job: Callable[[tuple[int, int]], Observed | None] = partial(observe, folder=folder)
    return [one for one in mapped(job, cases, jobs, chunksize=16) if one is not None]


def fit_scale(observed: Sequence[Observed], kind: int, names: tuple[str, ...]) -> Fitted:
    """The scale of cells (kind 0), sections (1) or items (2).

    The correction is read off probabilities for reports that the weights were not fitted on.
    """
    features = np.concatenate([one.features[kind] for one in observed])
    right = np.concatenate([one.right[kind] for one in observed])
    sizes = [len(one.right[kind]) for one in observed]
    counts = np.concatenate([_counts(one.right[kind]) for one in observed])
    fold = np.repeat(np.arange(len(observed)) % FOLDS, sizes)
    unseen = np.zeros(len(right))
    for number in range(FOLDS):
        inside = fold == number
        part = _scale(names, features[~inside], right[~inside], counts[~inside])
        unseen[inside] = part.logistic(features[inside])
    correction = knots(unseen, right)
    scale = _scale(names, features, right, counts).model_copy(update={"knots": correction})
    places, corrected = zip(*correction, strict=True)
    return Fitted(scale, np.interp(unseen, places, corrected), right)


def _counts(right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """As how many things each of one report's counts; see MOST_WRONG."""
    n_wrong = int((~right).sum())
    return np.where(right, 1.0, min(1.0, MOST_WRONG / max(1, n_wrong)))


def _scale(
    names: tuple[str, ...],
    features: NDArray[np.float64],
    right: NDArray[np.bool_],
    counts: NDArray[np.float64],
) -> Scale:
    weights, intercept = fit(features, right, counts)
    rounded = tuple(round(weight, 6) for weight in weights.tolist())
    return Scale(names=names, weights=rounded, intercept=round(intercept, 6))


def review_below(observed: Sequence[Observed], cells: Fitted) -> float:
    """The cell confidence below which a report is for a person; see NEEDLESS."""
    sizes = [len(one.right[0]) for one in observed]
    least = [part.min() for part in np.split(cells.unseen, np.cumsum(sizes)[:-1])]
    quiet = sorted(
        float(low)
        for low, one in zip(least, observed, strict=True)
        if one.perfect and not one.flagged
    )
    return quiet[int(NEEDLESS * len(quiet))] if quiet else 0.0


def calibrate(folder: Path, first_seed: int, n: int, jobs: int) -> Calibration | None:
    """Fit the calibration of a model folder and write it there. Raises BadModel.

    None, and nothing is written, where the model finds no cell, no section or no item at all.
    """
    observed = observe_all(folder, first_seed, n, jobs)
    if not all(any(len(one.right[kind]) for one in observed) for kind in range(3)):
        return None
    cells = fit_scale(observed, 0, CellFeatures._fields)
    sections = fit_scale(observed, 1, SectionFeatures._fields)
    items = fit_scale(observed, 2, ItemFeatures._fields)
    threshold = threshold_for(cells.unseen, cells.right)
    calibration = Calibration(
        cell=cells.scale,
        section=sections.scale,
        item=items.scale,
        threshold=1.0 if threshold is None else round(threshold.threshold, 7),
        review_below=round(review_below(observed, cells), 7),
        fitted_on={
            "split": "held_out",
            "first_seed": first_seed,
            "reports": len(observed),
            "damages": f"{DAMAGES[0]}-{DAMAGES[-1]}",
            "model_sha256": file_sha256(folder / "onnx" / "model_int8.onnx"),
            **_account("cells", cells),
            **_account("sections", sections),
            **_account("items", items),
        },
    )
    file = folder / CONFIDENCE
    file.write_text(calibration.model_dump_json(indent=1) + "\n", encoding="utf-8")
    write_sums(folder)
    return calibration


def _account(name: str, fitted: Fitted) -> dict[str, int | float]:
    """How many there were, how many wrong, and the calibration error on unseen reports."""
    error = calibration_error(reliability(fitted.unseen, fitted.right))
    return {
        name: len(fitted.right),
        f"{name}_wrong": int((~fitted.right).sum()),
        f"{name}_ece": 0.0 if error is None else round(error, 6),
    }


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="nianbao.training.calibrate", description=__doc__)
    parser.add_argument("--model", type=Path, default=shipped(), help="model folder")
    parser.add_argument("-n", type=int, default=3000, help="number of reports")
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(argv)
    calibration = calibrate(options.model, options.first_seed, options.n, options.jobs)
    if calibration is None:
        print("nothing to fit: it reads no report", file=sys.stderr)
        return
    for name, value in calibration.fitted_on.items():
        print(f"{name}: {value}", file=sys.stderr)
    print(f"threshold: {calibration.threshold}", file=sys.stderr)
    print(f"review_below: {calibration.review_below}", file=sys.stderr)


if __name__ == "__main__":
    main()
