"""Plots of theme classifiers, with Chinese letters. Each draws on the axes it is given.

Let `training.plots.use_chinese` load the letters before.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from ...models.themes import theme_ids
from .decide import GRID
from .faults import Pairs, agreements
from .measure import BINS, counts
from .results import Comparison, SplitName
from .show import NAMES, SPLITS

DPI, COLOURS = 90, 256
#: A bin of fewer pairs says nothing about calibration.
LEAST = 10
_LEVELS = (0.8, 0.9, 0.95)  # of F1, drawn behind the curves
_MARKERS = "osD^vPX*<>"


def png(figure: Figure) -> bytes:
    """A picture of few colours: less than half the bytes, and notebooks have to stay small."""
    full, small = BytesIO(), BytesIO()
    figure.savefig(full, format="png", dpi=DPI)
    few = Image.open(full).convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE)
    few.save(small, "png", optimize=True)
    return small.getvalue()


def precision_recall(axes: Sequence[Axes], comparison: Comparison, name: str) -> None:
    """One curve a theme on the test split; a circle where the threshold cuts it.

    Grey: the other classifiers.
    """
    others = [one.name for one in comparison.classifiers if one.name != name]
    thresholds = comparison.classifier(name).thresholds
    for place, (ax, theme) in enumerate(zip(axes, comparison.themes, strict=True)):
        for other in others:
            scores, gold = comparison.arrays(other, "test")
            ax.plot(*curve(scores[:, place], gold[:, place]), color="#cccccc", linewidth=0.8)
        scores, gold = comparison.arrays(name, "test")
        own, right = scores[:, place], gold[:, place]
        recall, precision = curve(own, right)
        ax.plot(recall, precision, color="#4c72b0")
        over = own >= thresholds[place]
        hits = (over & right).sum()
        if hits:
            ax.plot(hits / right.sum(), hits / over.sum(), "o", color="#c44e52", markersize=6)
        title = f"{NAMES[theme]}\nn={right.sum()}  AP={average_precision(recall, precision):.3f}"
        ax.set_title(title, fontsize=9)
        _f1_lines(ax, 0.4)


def all_precision_recall(ax: Axes, comparison: Comparison, split: SplitName) -> None:
    """One curve a classifier, over all pairs of a statement and a theme."""
    for one in comparison.classifiers:
        scores, gold = comparison.arrays(one.name, split)
        recall, precision = curve(scores.ravel(), gold.ravel())
        area = average_precision(recall, precision)
        ax.plot(recall, precision, label=f"{one.what}，AP {area:.3f}", linewidth=1.2)
    _f1_lines(ax, 0.6, named=True)
    ax.set(xlabel="查全 recall", ylabel="查准 precision", title=SPLITS[split])
    ax.legend(fontsize=8, loc="lower left")


def curve(
    scores: NDArray[np.float64], gold: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(recall, precision) at every cut between different scores, from nothing given to all.

    scores, gold: [cases]; something in gold must be true. Precision of nothing is 1.
    """
    order = np.argsort(-scores, kind="stable")
    cuts = np.flatnonzero(np.diff(scores[order], append=-np.inf))  # equal scores fall together
    right = np.cumsum(gold[order])[cuts]
    recall, precision = right / gold.sum(), right / (cuts + 1)
    return np.concatenate(([0.0], recall)), np.concatenate(([1.0], precision))


def average_precision(recall: NDArray[np.float64], precision: NDArray[np.float64]) -> float:
    """The area under a curve's steps."""
    return float((np.diff(recall) * precision[1:]).sum())


def _f1_lines(ax: Axes, low: float, named: bool = False) -> None:
    """Show both directions from `low` to 1, with lines of equal F1."""
    recall = np.linspace(low, 1.0, 61)
    for level in _LEVELS:
        end = level / (2 - level)  # the precision at which full recall has that F1
        inside = recall[recall > end]
        ax.plot(inside, level * inside / (2 * inside - level), ":", color="#999999", linewidth=0.7)
        if named:
            told = f"F1 {level}"
            ax.text(1.0, end, told, fontsize=8, color="#777777", ha="right", va="bottom")
    ax.set(xlim=(low, 1.01), ylim=(low, 1.01))


def f1_at(
    scores: NDArray[np.float64], gold: NDArray[np.bool_], cuts: Sequence[float]
) -> NDArray[np.float64]:
    """[themes, cuts] F1 of each theme on its own, given wherever its score reaches the cut."""
    return np.array([counts(gold, scores >= cut).by_theme() for cut in cuts]).T


def thresholds(ax: Axes, comparison: Comparison, name: str, split: SplitName) -> None:
    """F1 of each theme by where it is cut; a ring round the threshold that was chosen."""
    scores, gold = comparison.arrays(name, split)
    found = f1_at(scores, gold, GRID.tolist())
    ax.imshow(found, cmap="Blues", vmin=0.6, vmax=1, aspect="auto")
    for (row, column), value in np.ndenumerate(found):
        colour = "white" if value > 0.85 else "black"
        told = f"{100 * value:.0f}"
        ax.text(column, row, told, ha="center", va="center", fontsize=8, color=colour)
    chosen = comparison.classifier(name).thresholds
    places = np.interp(chosen, GRID, np.arange(len(GRID)))
    rows = range(len(chosen))
    ax.plot(places, rows, "o", markersize=16, markerfacecolor="none", color="#c44e52")
    ax.set_xticks(range(len(GRID)), [f"{cut:.2f}" for cut in GRID], rotation=45)
    ax.set_yticks(rows, [NAMES[theme] for theme in comparison.themes])
    ax.set_xlabel(f"阈值 threshold；F1 × 100，{SPLITS[split]}")


def reliability(
    ax: Axes, comparison: Comparison, names: Sequence[str], splits: Sequence[SplitName]
) -> None:
    """Probability against the share that is true; on the dashed line they agree.

    The bars of the first classifier are Wilson's intervals of 95 %; the others are drawn small,
    without them. Bins of fewer than LEAST pairs are left out.
    """
    ax.plot([0, 1], [0, 1], "--", color="grey", linewidth=1)
    drawn = [(name, split) for name in names for split in splits]
    for number, (name, split) in enumerate(drawn):
        mean, share, n = binned(*comparison.arrays(name, split))
        marker = _MARKERS[number % len(_MARKERS)]
        label = f"{comparison.classifier(name).what}，{SPLITS[split]}"
        (line,) = ax.plot(mean, share, marker, label=label, markersize=4, linestyle="-", lw=0.8)
        if name == names[0]:
            ax.vlines(mean, *wilson(share, n), color=line.get_color(), linewidth=0.8)
    ax.set(xlabel="概率 probability", ylabel="属实的份额 share that is true")
    ax.grid(alpha=0.4)
    ax.legend(fontsize=8, loc="upper left")


def binned(
    scores: NDArray[np.float64], gold: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """(mean probability, share that is true, pairs) of the bins that hold at least LEAST pairs."""
    bins = np.minimum((scores * BINS).astype(np.int64), BINS - 1).ravel()
    n = np.bincount(bins, minlength=BINS)
    sums = np.bincount(bins, scores.ravel(), BINS), np.bincount(bins, gold.ravel(), BINS)
    kept = n >= LEAST
    return sums[0][kept] / n[kept], sums[1][kept] / n[kept], n[kept]


def wilson(
    share: NDArray[np.float64], n: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(low, high) of 95 % for shares of n cases; none of n may be 0."""
    z = 1.96
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return middle - half, middle + half


def kappas(ax: Axes, labellings: Mapping[str, Pairs]) -> None:
    """Cohen's kappa of each theme."""
    for number, (name, pairs) in enumerate(labellings.items()):
        found = agreements(pairs).values()
        values = [np.nan if a.kappa is None else a.kappa for a in found]
        places = np.arange(len(found)) + 0.16 * (number - (len(labellings) - 1) / 2)
        ax.plot(values, places, _MARKERS[number % len(_MARKERS)], label=name)
    _themes_down(ax, theme_ids())
    ax.set_xlabel("kappa")


def theme_scores(ax: Axes, comparison: Comparison, split: SplitName) -> None:
    """F1 of each theme by every classifier."""
    for number, one in enumerate(comparison.classifiers):
        values = [score.f1 for score in one.splits[split].by_theme]
        marker = _MARKERS[number % len(_MARKERS)]
        ax.plot(values, range(len(values)), marker, label=one.what, alpha=0.8)
    _themes_down(ax, comparison.themes)
    ax.set_xlabel(f"F1，{SPLITS[split]}")


def _themes_down(ax: Axes, themes: Sequence[str]) -> None:
    ax.set_yticks(range(len(themes)), [NAMES[theme] for theme in themes])
    ax.invert_yaxis()
    ax.grid(alpha=0.4)
    ax.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))
