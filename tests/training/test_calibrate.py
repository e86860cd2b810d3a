"""Calibration: fitted on reports of its own, written beside the model, and the same every time."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from nianbao.inference.features import CellFeatures
from nianbao.inference.tagger import load_tagger
from nianbao.models.confidence import Scale
from nianbao.models.folder import CONFIDENCE, load_folder, shipped
from nianbao.training.calibrate import (
    FIRST_SEED,
    Fitted,
    Observed,
    calibrate,
    fit_scale,
    main,
    review_below,
)

RNG = np.random.default_rng(3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("model") / "folder"
    shutil.copytree(shipped(), copy)
    return copy


def test_a_calibration_is_written_beside_the_model_and_the_model_loads(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--model", str(folder), "-n", "12", "--jobs", "1"])
    written = (folder / CONFIDENCE).read_bytes()
    calibration = load_folder(folder).calibration
    assert calibration is not None and load_tagger(folder).calibration == calibration
    assert calibration.cell.names == CellFeatures._fields
    assert calibration.fitted_on["first_seed"] == FIRST_SEED
    assert 6 <= int(calibration.fitted_on["reports"]) <= 12
    assert "cells_ece" in capsys.readouterr().err
    calibrate(folder, FIRST_SEED, 12, jobs=1)  # now over a calibration that stands
    assert (folder / CONFIDENCE).read_bytes() == written


def observed(n_cells: int, right: bool, *, flagged: bool = False) -> Observed:
    features = RNG.normal(size=(n_cells, 2)) + (1.0 if right else -1.0)
    truth = np.full(n_cells, right)
    return Observed((features,), (truth,), perfect=right, flagged=flagged)


def test_what_tells_right_from_wrong_is_learnt() -> None:
    reports = [observed(20, right=i % 4 > 0) for i in range(200)]
    fitted = fit_scale(reports, 0, ("a", "b"))
    assert min(fitted.scale.weights) > 0.5
    assert fitted.unseen[fitted.right].mean() > 0.85 > 0.6 > fitted.unseen[~fitted.right].mean()


def test_two_of_a_hundred_perfect_reports_fall_below_the_line() -> None:
    reports = [observed(1, right=True) for _ in range(100)]
    reports += [observed(1, right=True, flagged=True), observed(1, right=False)]
    unseen = np.concatenate((np.linspace(0.5, 0.99, 100), [0.1, 0.2]))
    scale = Scale(names=(), weights=(), intercept=0.0)
    line = review_below(reports, Fitted(scale, unseen, np.ones(102, dtype=bool)))
    assert sum(unseen[:100] < line) == 2
    assert line > 0.2
