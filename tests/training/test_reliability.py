"""Calibration and risk, on confidences whose truth is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nianbao.training.reliability import (
    calibration_error,
    kept_above,
    reliability,
    risk_coverage,
    threshold_for,
)

judged = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def arrays(pairs: list[tuple[float, bool]]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    return np.array([p for p, _ in pairs]), np.array([right for _, right in pairs])


@given(judged)
def test_every_confidence_is_in_one_bin_between_its_edges(pairs: list[tuple[float, bool]]) -> None:
    bins = reliability(*arrays(pairs))
    assert sum(one.count for one in bins) == len(pairs)
    assert all(one.low <= one.confidence <= one.high + 1e-12 for one in bins)
    right = sum(one.count * one.right for one in bins)
    assert right == pytest.approx(sum(good for _, good in pairs))


@given(judged)
def test_the_error_lies_between_none_and_all(pairs: list[tuple[float, bool]]) -> None:
    error = calibration_error(reliability(*arrays(pairs)))
    assert error is not None and 0 <= error <= 1


def test_confidence_that_is_true_has_no_error_and_boasting_has_its_own() -> None:
    right = np.array([True] * 9 + [False])
    honest = calibration_error(reliability(np.full(10, 0.9), right))
    boasting = calibration_error(reliability(np.full(10, 1.0), right))
    assert honest == pytest.approx(0) and boasting == pytest.approx(0.1)
    assert calibration_error(()) is None


@given(judged)
def test_the_whole_has_the_risk_of_all_whatever_the_order(pairs: list[tuple[float, bool]]) -> None:
    whole = risk_coverage(*arrays(pairs))[0]
    assert whole.coverage == 1.0
    assert whole.right == pytest.approx(sum(good for _, good in pairs) / len(pairs))
    assert risk_coverage(*arrays(pairs[::-1])) == pytest.approx(risk_coverage(*arrays(pairs)))


def test_errors_at_the_bottom_are_the_first_to_be_left_out() -> None:
    confidence = np.linspace(0, 1, 100)
    found = risk_coverage(confidence, confidence > 0.1)
    assert [round(one.right, 3) for one in found][:1] == [0.9]
    assert [one.right for one in found if one.coverage <= 0.9] == [1.0, 1.0]


@given(judged, st.floats(0, 1))
def test_a_threshold_keeps_its_promise_and_no_lower_one_does(
    pairs: list[tuple[float, bool]], promised: float
) -> None:
    confidence, right = arrays(pairs)
    found = threshold_for(confidence, right, promised)
    thresholds = sorted(set(confidence.tolist()))
    kept = {t: float(right[confidence >= t].mean()) for t in thresholds}
    fitting = [t for t in thresholds if kept[t] >= promised - 1e-12]
    if found is None:
        assert not [t for t in thresholds if kept[t] >= promised + 1e-12]
    else:
        assert found.threshold in fitting
        assert found == kept_above(confidence, right, found.threshold)
        assert not [t for t in fitting if t < found.threshold and kept[t] > promised + 1e-12]


def test_nothing_has_no_risk_and_no_threshold() -> None:
    nothing = np.array([]), np.array([], dtype=bool)
    assert risk_coverage(*nothing) == ()
    assert threshold_for(*nothing) is None
    assert kept_above(*nothing, 0.5) is None
