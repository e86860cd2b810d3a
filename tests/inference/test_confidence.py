"""Confidences: they follow the evidence, change no value, and send doubtful reports to a person."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from nianbao.inference.confidence import require_known_features, with_confidence
from nianbao.inference.features import (
    CellFeatures,
    ItemFeatures,
    SectionFeatures,
    features_of,
    log_odds,
)
from nianbao.inference.pipeline import parse_text
from nianbao.inference.rules import RuleTagger
from nianbao.models.confidence import Calibration, Scale
from nianbao.models.errors import BadModel
from nianbao.models.labels import Span
from nianbao.models.report import Report

EXAMPLES = Path(__file__).parents[2] / "examples"
COUNTY, TOWNSHIP = "01-county-bureau.txt", "03-township.md"


class Calibrated(RuleTagger):
    """The rules with a calibration of ours."""

    def __init__(self, calibration: Calibration) -> None:
        self.calibration = calibration


def scale(names: tuple[str, ...], **weights: float) -> Scale:
    return Scale(names=names, weights=tuple(weights.get(n, 0.0) for n in names), intercept=3.0)


def calibration(review_below: float = 0.0, **of_cells: float) -> Calibration:
    return Calibration(
        cell=scale(CellFeatures._fields, **of_cells),
        section=scale(SectionFeatures._fields, headless=-3.0),
        item=scale(ItemFeatures._fields, other_share=-3.0),
        threshold=0.5,
        review_below=review_below,
        fitted_on={},
    )


@cache
def raw(name: str) -> tuple[Report, tuple[Span, ...]]:
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    return parse_text(text, tagger=RuleTagger()), RuleTagger().tag(text)


def parsed(name: str, calibration: Calibration) -> Report:
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    return parse_text(text, tagger=Calibrated(calibration))


@pytest.mark.parametrize("name", [COUNTY, TOWNSHIP])
def test_every_cell_section_and_item_has_its_features(name: str) -> None:
    report, spans = raw(name)
    cells, sections, items = features_of(report, spans)
    assert cells.shape == (len(report.cells), len(CellFeatures._fields))
    assert sections.shape == (len(report.sections), len(SectionFeatures._fields))
    assert items.shape == (len(report.items), len(ItemFeatures._fields))
    assert all(np.isfinite(features).all() for features in (cells, sections, items))


def test_a_report_with_nothing_found_has_features_of_nothing() -> None:
    report, _ = raw(COUNTY)
    empty = report.model_copy(update=dict.fromkeys(("cells", "sections", "items", "findings"), ()))
    assert [len(features) for features in features_of(empty, ())] == [0, 0, 0]


def test_a_cell_under_a_sum_that_fails_shows_it() -> None:
    report, spans = raw(COUNTY)
    failed = features_of(report, spans)[0][:, CellFeatures._fields.index("failed")]
    paths = {cell.path for cell, share in zip(report.cells, failed, strict=True) if share > 0}
    assert paths == {path for c in report.checks if c.state == "fail" for path in c.cells}


def test_a_value_that_the_tagger_did_not_see_is_unlabelled() -> None:
    report, spans = raw(COUNTY)
    cell = report.cell("t3.new.total")
    without = tuple(span for span in spans if span.start != cell.start)
    column = CellFeatures._fields.index("unlabelled")
    number = report.cells.index(cell)
    assert features_of(report, spans)[0][number, column] == 0
    assert features_of(report, without)[0][number, column] == 1


def test_confidence_changes_no_value_and_no_place() -> None:
    report, _ = raw(TOWNSHIP)
    now = parsed(TOWNSHIP, calibration(0.99, blank=-2.0))
    for part in ("cells", "sections", "items"):
        ours, theirs = getattr(now, part), getattr(report, part)
        same = [one.model_copy(update={"confidence": 0}) for one in ours]
        assert same == [one.model_copy(update={"confidence": 0}) for one in theirs]


def test_a_probability_takes_the_place_of_every_score() -> None:
    report = parsed(TOWNSHIP, calibration(blank=-2.0))
    for cell in report.cells:
        logits = 1.0 if cell.state == "blank" else 3.0
        assert cell.confidence == pytest.approx(1 / (1 + np.exp(-logits)))


def test_doubtful_cells_send_a_report_to_a_person_and_are_named() -> None:
    report = parsed(TOWNSHIP, calibration(0.9, blank=-2.0))
    (found,) = [f for f in report.findings if f.code == "low_confidence"]
    blank = tuple(cell.path for cell in report.cells if cell.state == "blank")
    assert found.cells == blank and str(len(blank)) in found.message
    assert (report.status, report.reasons) == ("review", ("low_confidence",))
    assert found.severity == "warning"


def test_where_no_cell_is_doubtful_nothing_is_said() -> None:
    report = parsed(TOWNSHIP, calibration(0.5, blank=-2.0))
    assert report.status == "ok"
    assert "low_confidence" not in {f.code for f in report.findings}


def test_cells_of_which_an_error_tells_are_not_told_again() -> None:
    report, spans = raw(COUNTY)
    told = with_confidence(report, spans, calibration(0.9, failed=-9.0))
    assert "sum_mismatch" in report.reasons
    assert "low_confidence" not in {f.code for f in told.findings}


def test_weights_of_other_features_are_refused() -> None:
    other = calibration()
    renamed = other.item.model_copy(update={"names": ("x", *other.item.names[1:])})
    with pytest.raises(BadModel) as caught:
        require_known_features(other.model_copy(update={"item": renamed}))
    assert caught.value.code == "E301"


def test_log_odds_are_finite_at_both_ends() -> None:
    assert log_odds(0.5) == 0
    assert log_odds(0.0) == pytest.approx(-log_odds(1.0)) and np.isfinite(log_odds(1.0))
