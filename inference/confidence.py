"""Calibrated confidences: how likely each cell, section and item is right.

Nothing here changes a value. The weights come with the model (`models.confidence`) and are fitted
by `training.calibrate`; a model without them leaves the tagger's scores as they are.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..models.confidence import Calibration, Scale
from ..models.errors import BadModel
from ..models.findings import finding
from ..models.labels import Span
from ..models.report import Cell, Item, Report, Section, changed
from .features import CellFeatures, ItemFeatures, SectionFeatures, features_of

_Part = TypeVar("_Part", Cell, Section, Item)


def require_known_features(calibration: Calibration) -> None:
    """BadModel where the weights are those of other features than ours."""
    kinds = (
        (calibration.cell, CellFeatures),
        (calibration.section, SectionFeatures),
        (calibration.item, ItemFeatures),
    )
    if any(scale.names != kind._fields for scale, kind in kinds):
        reason = "置信度的特征与本程序不符 | its confidences are made of other features"
        raise BadModel("E301", reason=reason)


def with_confidence(report: Report, spans: Sequence[Span], calibration: Calibration) -> Report:
    """`report` with calibrated confidences, and a finding where cells fall below the threshold.

    Cells of which an error tells already are not told again.
    spans: as the tagger gave them for `report.source.text`.
    """
    of_cells, of_sections, of_items = features_of(report, spans)
    cells = _updated(report.cells, calibration.cell, of_cells)
    sections = _updated(report.sections, calibration.section, of_sections)
    items = _updated(report.items, calibration.item, of_items)
    findings = report.findings
    told = {path for found in findings if found.severity == "error" for path in found.cells}
    doubtful = [
        cell.path
        for cell in cells
        if cell.confidence < calibration.review_below and cell.path not in told
    ]
    if doubtful:
        findings += (finding("low_confidence", cells=doubtful, count=len(doubtful)),)
    return report.model_copy(
        update={"cells": cells, "sections": sections, "items": items, "findings": findings}
    )


def _updated(
    parts: tuple[_Part, ...], scale: Scale, features: NDArray[np.float64]
) -> tuple[_Part, ...]:
    """The parts with the probability of each in place of its score."""
    return tuple(
        changed(part, confidence=probability)
        for part, probability in zip(parts, scale.probability(features).tolist(), strict=True)
    )
