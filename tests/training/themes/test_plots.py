"""Plots of theme classifiers: every letter has a glyph (a missing one warns: an error)."""

from collections.abc import Iterator
from io import BytesIO

import matplotlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image
from sklearn.metrics import average_precision_score, precision_recall_curve

from nianbao.training.plots import confusion, use_chinese
from nianbao.training.themes import plots, show
from nianbao.training.themes.faults import confusions, labelled, labellings
from nianbao.training.themes.results import Comparison


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with matplotlib.rc_context():
        use_chinese()
        yield


def colours(picture: bytes) -> int:
    pixels = np.array(Image.open(BytesIO(picture)).convert("RGB")).reshape(-1, 3)
    return len(np.unique(pixels, axis=0))


def test_each_kind_of_plot_is_drawn(compared: Comparison) -> None:
    figure = Figure(figsize=(20, 30))
    axes = figure.subplots(3, 2)
    plots.all_precision_recall(axes[0, 0], compared, "dev")
    plots.theme_scores(axes[0, 1], compared, "test")
    plots.thresholds(axes[1, 0], compared, "good", "dev")
    plots.reliability(axes[1, 1], compared, ["good", "bad"], ["dev", "test"])
    plots.kappas(axes[2, 0], labellings(compared, "good"))
    confusion(axes[2, 1], confusions(labelled(compared, "bad", "test")), show.SIDES)
    assert 100 < colours(plots.png(figure)) <= plots.COLOURS


def test_every_theme_has_its_own_curve_and_a_dot_on_it(compared: Comparison) -> None:
    figure = Figure(figsize=(12, 12))
    axes = figure.subplots(4, 4)
    plots.precision_recall(axes.flat, compared, "good")
    titles = [ax.get_title().split("\n")[0] for ax in axes.flat]
    assert titles == list(show.NAMES.values())
    for ax in axes.flat:
        curve, dot = ax.lines[1], ax.lines[2]
        x, y = dot.get_data()
        assert np.isclose(curve.get_xydata(), [x[0], y[0]]).all(1).any()
    assert plots.png(figure)


def test_a_letter_without_a_glyph_is_an_error() -> None:
    figure = Figure()
    figure.suptitle("\ue123")
    with pytest.raises(UserWarning, match="Glyph"):
        plots.png(figure)


def test_rare_colours_survive_the_small_palette() -> None:
    figure = Figure(figsize=(4, 4))
    ax = figure.subplots()
    ax.imshow(np.arange(10_000).reshape(100, 100), cmap="Blues")
    ax.plot(50, 50, "o", color="#c44e52")
    pixels = np.array(Image.open(BytesIO(plots.png(figure))).convert("RGB")).astype(int)
    assert (pixels[..., 0] - pixels[..., 2]).max() > 80


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=30))
def test_curves_are_those_of_scikit_learn(cases: list[tuple[int, bool]]) -> None:
    scores = np.array([score for score, _ in [*cases, (3, True)]]) / 5
    gold = np.array([right for _, right in [*cases, (3, True)]])
    recall, precision = plots.curve(scores, gold)
    theirs = precision_recall_curve(gold, scores)
    assert set(zip(recall.round(9), precision.round(9), strict=True)) == set(
        zip(theirs[1].round(9), theirs[0].round(9), strict=True)
    )
    expected = average_precision_score(gold, scores)
    np.testing.assert_allclose(plots.average_precision(recall, precision), expected)


def test_f1_is_told_at_every_cut() -> None:
    scores = np.array([[0.9, 0.2], [0.4, 0.1], [0.3, 0.8]])
    gold = np.array([[True, False], [True, False], [False, True]])
    found = plots.f1_at(scores, gold, (0.0, 0.35, 0.5))
    np.testing.assert_allclose(found, [[0.8, 1.0, 2 / 3], [0.5, 1.0, 1.0]])


@given(st.integers(1, 500), st.floats(0, 1))
def test_an_interval_holds_its_share_and_stays_between_0_and_1(n: int, share: float) -> None:
    low, high = plots.wilson(np.array([share]), np.array([n]))
    assert -1e-9 <= low[0] <= share + 1e-9
    assert share - 1e-9 <= high[0] <= 1 + 1e-9


def test_bins_of_few_are_left_out() -> None:
    scores = np.array([0.01] * 20 + [0.5] * (plots.LEAST - 1) + [0.99] * plots.LEAST)
    gold = np.array([False] * 20 + [True] * (2 * plots.LEAST - 1))
    mean, share, n = plots.binned(scores, gold)
    np.testing.assert_allclose(mean, [0.01, 0.99])
    assert share.tolist() == [0.0, 1.0]
    assert n.tolist() == [20, plots.LEAST]
