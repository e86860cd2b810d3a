"""Plots of surveys, with Chinese letters. Each draws on the axes it is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import matplotlib
import numpy as np
import pylopdf_fonts_zh_cn
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from numpy.typing import NDArray

from ..models.form import TABLE_NAMES, VERSIONS, Row, form
from ..models.labels import Label
from .metrics import SpanScore
from .scoring import Score
from .show import KINDS, LABELS, loss
from .survey import Confidence, Tally

BIG, SMALL = "大样本 large sample", "小样本 small sample"
#: A bin of fewer says nothing about calibration.
LEAST = 20
_LABEL_WIDTH = 18  # Chinese letters of a row's label; the form's longest has 39


def use_chinese() -> None:
    """Let matplotlib write in Noto Sans SC, which comes with the `notebooks` extra."""
    file = str(pylopdf_fonts_zh_cn.sans_path())
    font_manager.fontManager.addfont(file)
    name = font_manager.FontProperties(fname=file).get_name()
    matplotlib.rcParams.update({"font.family": [name, "DejaVu Sans"], "figure.dpi": 72})


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of the form: paths[row][column] is None where the form has no such cell."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    paths: tuple[tuple[str | None, ...], ...]


def grid(table: str) -> Grid:
    """Rows and columns of "t2", "t3" or "t4", those of both versions of the form, in its order."""
    columns: list[str] = []
    rows: list[str] = []
    labels: dict[str, str] = {}
    paths: dict[tuple[str, str], str] = {}
    for version in reversed(VERSIONS):
        place = 0  # a row of 2019 that 2021 dropped goes behind its neighbour
        for block in (block for block in form(version).blocks if block.table == table):
            columns += [c.label for c in block.columns if c.label not in columns]
            for row in block.rows:
                if row.id not in rows:
                    rows.insert(place, row.id)
                place = rows.index(row.id) + 1
                labels.setdefault(row.id, _row_label(row))
                paths.update({(row.id, c.label): block.path(row, c) for c in block.columns})
    return Grid(
        tuple(labels[row] for row in rows),
        tuple(columns),
        tuple(tuple(paths.get((row, column)) for column in columns) for row in rows),
    )


def _row_label(row: Row) -> str:
    """Its own label, behind its group's ordinal where it has a group: （三）1.属于国家秘密."""
    ordinal = row.labels[-2].partition("）")[0] + "）" if row.depth == 3 else ""
    label = ordinal + row.label
    return label if len(label) <= _LABEL_WIDTH else label[: _LABEL_WIDTH - 1] + "…"


def shares(found: Grid, tallies: Mapping[str, Tally], kind: str) -> NDArray[np.float64]:
    """[rows, columns] how many of a cell's readings are of that kind; NaN where there are none."""
    return np.array(
        [
            [
                np.nan
                if path is None or not (t := tallies.get(path, Tally())).cells
                else getattr(t, kind) / t.cells
                for path in row
            ]
            for row in found.paths
        ],
        dtype=np.float64,
    )


def cells(axes: Sequence[Axes], table: str, tallies: Mapping[str, Tally]) -> None:
    """Heat maps of one table side by side: wrong, invented, missed, in per mille of a cell."""
    found = grid(table)
    parts = [1000 * shares(found, tallies, kind) for kind in ("wrong", "invented", "missed")]
    most = max([10.0, *(float(part[~np.isnan(part)].max(initial=0)) for part in parts)])
    for ax, part, kind in zip(axes, parts, ("wrong", "invented", "missed"), strict=True):
        ax.imshow(part, cmap="OrRd", vmin=0, vmax=most, aspect="auto")
        _numbers(ax, part, "{:.2g}", part > most / 2)
        ax.set_xticks(range(len(found.columns)), map(_upright, found.columns), fontsize=9)
        ax.set_yticks([])
        ax.set_title(f"{KINDS[kind]}，‰")
    axes[0].set_yticks(range(len(found.rows)), found.rows, fontsize=9)
    axes[0].set_ylabel(TABLE_NAMES[table])


def _upright(label: str) -> str:
    """A column's head from top to bottom, as Chinese tables have it, ten letters at most."""
    return "\n".join(label.partition("（")[0][:10])


def _numbers(ax: Axes, part: NDArray[np.float64], form_: str, dark: NDArray[np.bool_]) -> None:
    """Write the numbers that are not 0 into their squares, in white on the dark ones."""
    ax.set_facecolor("#eeeeee")
    for (row, column), value in np.ndenumerate(part):
        if value > 0:
            colour = "white" if dark[row, column] else "black"
            told = form_.format(value)
            ax.text(column, row, told, ha="center", va="center", fontsize=8, color=colour)


def label_scores(ax: Axes, spans: Mapping[Label, SpanScore]) -> None:
    """Precision and recall of each label."""
    names = list(spans)
    places = range(len(names))
    ax.plot([spans[n].precision or np.nan for n in names], places, "o", label="查准 precision")
    ax.plot([spans[n].recall or np.nan for n in names], places, "x", label="查全 recall")
    ax.set_yticks(places, [LABELS[name] for name in names])
    ax.invert_yaxis()
    ax.grid(axis="x", alpha=0.4)
    ax.legend()


def confusion(ax: Axes, counts: Mapping[str, Mapping[str, int]], names: Mapping[str, str]) -> None:
    """Rows gold, columns given, coloured by the share of the row; the counts written in.

    names: what a row or column is called, in the order in which they stand.
    """
    part = np.array([[counts.get(g, {}).get(o, 0) for o in names] for g in names], np.float64)
    share = part / np.maximum(part.sum(axis=1, keepdims=True), 1)
    norm = LogNorm(1e-4, 1)
    ax.imshow(np.where(share > 0, share, np.nan), cmap="Blues", norm=norm, aspect="auto")
    _numbers(ax, part, "{:,.0f}", share > 0.05)
    ax.set_xticks(range(len(names)), list(names.values()), rotation=45, ha="right")
    ax.set_yticks(range(len(names)), list(names.values()))
    ax.set(xlabel="所得 given", ylabel="标准 gold")


def losses(axes: Sequence[Axes], scores: Mapping[str, Score]) -> None:
    """Bars of what each pattern costs: cells, sections, items."""
    parts = zip(*(loss(score) for score in scores.values()), strict=True)
    titles = ("单元格不正确 cells %", "章节不正确 sections %", "条目 items 1-F1, %")
    for ax, part, title in zip(axes, parts, titles, strict=True):
        ax.barh(range(len(scores)), [100 * value for value in part], color="#c44e52")
        ax.set_yticks([])
        ax.invert_yaxis()
        ax.set_title(title)
        ax.grid(axis="x", alpha=0.4)
    axes[0].set_yticks(range(len(scores)), list(scores), fontsize=8)


def kinds(ax: Axes, scores: Mapping[str, Score]) -> None:
    """Stacked bars: wrong, invented and missed cells of 10,000, by layout."""
    left = np.zeros(len(scores))
    for kind in ("wrong", "invented", "missed"):
        counts = [1e4 * getattr(s, kind) / max(1, s.cells) for s in scores.values()]
        ax.barh(range(len(scores)), counts, left=left, label=KINDS[kind])
        left += counts
    ax.set_yticks(range(len(scores)), list(scores), fontsize=9)
    ax.invert_yaxis()
    ax.set_xlabel("每万格 per 10,000 cells")
    ax.legend()


def calibration(ax: Axes, big: Confidence, small: Confidence, title: str) -> None:
    """Doubt against mistakes, both from 1 down: on the dashed line they agree.

    A hollow circle had no mistake at all and stands at half of one; bins of few are left out.
    Most confidences lie near 1, hence the logarithms.
    """
    ax.plot([1e-4, 1], [1e-4, 1], "--", color="grey", linewidth=1)
    for found, name, colour in ((big, BIG, "#4c72b0"), (small, SMALL, "#dd8452")):
        bins = [one for one in found.bins if one.count >= LEAST]
        ax.scatter(
            [max(1 - one.confidence, 1e-4) for one in bins],
            [max(1 - one.right, 0.5 / one.count) for one in bins],
            edgecolors=colour,
            facecolors=[colour if one.right < 1 else "none" for one in bins],
            label=name,
        )
    ax.set(title=title, xlabel="1 - 置信度 confidence", ylabel="不正确的份额 share not right")
    ax.set(xscale="log", yscale="log")
    ax.grid(alpha=0.4)
    ax.legend()


def risk(ax: Axes, confidences: Mapping[str, Confidence]) -> None:
    """What is not right among the most confident, by how many are kept; no mistake is half one."""
    for name, found in confidences.items():
        errors = [max(1 - k.right, 0.5 / (k.coverage * found.count)) for k in found.kept]
        ax.plot([100 * one.coverage for one in found.kept], errors, "o-", label=name)
    ax.set(xlabel="保留的份额 coverage %", ylabel="不正确的份额 share not right", yscale="log")
    ax.grid(alpha=0.4)
    ax.legend()


def learning(ax: Axes, curves: Mapping[str, Sequence[tuple[int, float]]]) -> None:
    """1 - F1 of development reports against the characters that training had seen."""
    colours = matplotlib.colormaps["tab10" if len(curves) <= 10 else "tab20"]
    for number, (name, points) in enumerate(curves.items()):
        seen = [characters / 1e6 for characters, _ in points]
        misses = [max(1 - f1, 1e-4) for _, f1 in points]
        ax.plot(seen, misses, ".-", label=name, color=colours(number % colours.N))
    ax.set(xlabel="训练所见，百万字 million characters seen", ylabel="1 - F1", yscale="log")
    ax.grid(alpha=0.4)
    ax.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
