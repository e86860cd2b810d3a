"""Plots: every glyph is there (a missing one warns, and warnings are errors), every cell too."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from nianbao.models.form import VERSIONS, form
from nianbao.training import plots, show, survey
from nianbao.training.reliability import Bin
from nianbao.training.survey import Confidence, Survey, Tally

RESULTS = Path(__file__).parents[2] / "notebooks" / "results"


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with matplotlib.rc_context():
        plots.use_chinese()
        yield


@pytest.fixture(scope="module")
def found() -> Survey:
    return survey.load(RESULTS / "survey.json")


def drawn(figure: Figure) -> bytes:
    out = BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


@pytest.mark.parametrize("table", ["t2", "t3", "t4"])
def test_a_grid_has_every_cell_of_both_forms_once(table: str) -> None:
    grid = plots.grid(table)
    paths = [path for row in grid.paths for path in row if path is not None]
    both = {path for version in VERSIONS for path in form(version).paths()}
    assert sorted(paths) == sorted(path for path in both if path.startswith(table))
    assert len(grid.rows) == len(grid.paths)
    assert {len(row) for row in grid.paths} == {len(grid.columns)}


def test_rows_of_the_older_form_stand_among_their_neighbours() -> None:
    rows = plots.grid("t3").rows
    assert rows[4] == "（三）1.属于国家秘密"
    assert rows[-6] == "（六）其他处理"
    assert rows[-1] == "四、结转下年度继续办理"


def test_shares_tell_no_readings_from_no_mistakes() -> None:
    grid = plots.Grid(("r",), ("a", "b", "c", "d"), (("p", "q", None, "unread"),))
    tallies = {"p": Tally(cells=4, wrong=1), "q": Tally(cells=4)}
    np.testing.assert_equal(plots.shares(grid, tallies, "wrong"), [[0.25, 0.0, np.nan, np.nan]])


@pytest.mark.parametrize("table", ["t2", "t3", "t4"])
def test_heat_maps_are_drawn_in_chinese(found: Survey, table: str) -> None:
    figure = Figure()
    plots.cells(figure.subplots(1, 3), table, found.cells)
    assert drawn(figure)


def test_each_kind_of_plot_is_drawn(found: Survey) -> None:
    figure = Figure(figsize=(20, 20))
    axes = figure.subplots(3, 3)
    plots.label_scores(axes[0, 0], found.spans)
    plots.confusion(axes[0, 1], found.characters, show.LABELS)
    plots.confusion(axes[0, 2], found.states, show.STATES)
    plots.losses(axes[1], found.layouts)
    plots.kinds(axes[2, 0], found.layouts)
    plots.risk(axes[2, 1], found.confidence)
    plots.learning(axes[2, 2], {"章 SECTION": ((1_000_000, 0.5), (2_000_000, 1.0))})
    assert drawn(figure)


def test_bins_of_few_are_left_out_and_bins_without_mistakes_are_hollow() -> None:
    bins = (Bin(0.5, 0.7, 3, 0.6, 0.0), Bin(0.9, 1, 50, 0.99, 1.0), Bin(0.8, 0.9, 50, 0.85, 0.8))
    figure = Figure()
    ax = figure.subplots()
    nothing = Confidence(0, None, (), ())
    plots.calibration(ax, Confidence(103, 0.1, bins, ()), nothing, "条目 items")
    big = ax.collections[0]
    np.testing.assert_allclose(np.array(big.get_offsets()), np.array([[0.01, 0.01], [0.15, 0.2]]))
    assert np.array(big.get_facecolor())[:, 3].tolist() == [0.0, 1.0]
    assert drawn(figure)


def test_a_letter_without_a_glyph_is_an_error() -> None:
    figure = Figure()
    figure.suptitle("\ue123")
    with pytest.raises(UserWarning, match="Glyph"):
        drawn(figure)
