"""Annotations that contradict their own text: their labels agree with no model that read it.

Labels follow from the wording (第二十条 heads rows, 12 is a value), so that even a model which
never saw a layout, and misses many of its edges, mostly tells the kinds of what was labelled.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ...annotations.agreement import kappa
from ...models.labels import Label, Span

#: Cohen's kappa under which labels are suspected. Measured on sound reports: of 297 of layouts and
#: damages that the models of the five folds never saw all are at 0.42 and over; of 100 of a layout
#: so odd that the shipped model reads a fifth of their cells four are under it, the middle one is
#: at 0.62. With the labels of each report shuffled 99 % of the former are under 0.16, and all of
#: the latter under 0.06. Of 100 of another odd layout 29 are under it while no model has learnt it.
#: What it does not see: labels missing, labels of half the spans shuffled (0.5), all edges shifted
#: by a little, problems and measures confused, a neighbour's label in a run of equal ones (0.4).
#: For them no bound parts the spoiled from what is sound in a layout that the models do not know.
LEAST_KAPPA = 0.2
LEAST_SPANS = 20  # of a report, under which its kappa is chance
#: From this share of the annotated reports on, something is wrong with the annotations.
SHARE = 0.1

_N = len(Label) + 1  # the first is no label
_NUMBERS = {label: number for number, label in enumerate(Label, 1)}


def label_kappa(gold: Sequence[Span], given: Sequence[Span], length: int) -> float | None:
    """How far a model calls the stretches that gold labels what gold calls them.

    Each of gold's spans is one case; the model's label is that of most of its characters, which
    may be none. Edges do not matter, the beyond-chance share of the same label does: frequent
    labels count no more than rare ones would by chance. length: of the text, in code points.
    None where gold has fewer than LEAST_SPANS, or one label only.
    """
    if len(gold) < LEAST_SPANS:
        return None
    labels = _labels(given, length)
    table: NDArray[np.int64] = np.zeros((_N, _N), np.int64)
    for span in gold:
        ours = np.bincount(labels[span.start : span.end], minlength=_N).argmax()
        table[_NUMBERS[span.label], ours] += 1
    return kappa(table)


def _labels(spans: Sequence[Span], length: int) -> NDArray[np.int64]:
    """[characters] 0 outside, else the label's number."""
    labels = np.zeros(length, np.int64)
    for span in spans:
        labels[span.start : span.end] = _NUMBERS[span.label]
    return labels


def suspects(old: Mapping[str, float | None], new: Mapping[str, float | None]) -> tuple[str, ...]:
    """The documents that agree with neither model, those that agree least first.

    old, new: document -> kappa. A sound report of a layout that the old model cannot read agrees
    with the new one, which learnt it.
    """
    best = {
        key: max(old_kappa, new_kappa)
        for key, old_kappa in old.items()
        if old_kappa is not None and (new_kappa := new[key]) is not None
    }
    return tuple(sorted((key for key in best if best[key] < LEAST_KAPPA), key=lambda k: best[k]))
