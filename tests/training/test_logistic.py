"""Newton's method finds the weights that data were made with."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nianbao.training.logistic import fit, knots

RNG = np.random.default_rng(7)
FEATURES = np.column_stack(
    (RNG.normal(3, 2, 20_000), RNG.integers(0, 2, 20_000), np.ones(20_000))
).astype(np.float64)


def truth(weights: list[float], intercept: float) -> NDArray[np.bool_]:
    p = 1 / (1 + np.exp(-(FEATURES @ np.array(weights) + intercept)))
    found: NDArray[np.bool_] = RNG.random(len(p)) < p
    return found


def test_the_weights_of_the_data_are_found_whatever_their_scale() -> None:
    weights, intercept = fit(FEATURES, truth([0.8, -1.5, 0.0], 0.5))
    np.testing.assert_allclose(weights, [0.8, -1.5, 0.0], atol=0.12)
    assert abs(intercept - 0.5) < 0.12
    assert weights[2] == 0  # it never varies


def test_a_thing_counted_twice_is_a_thing_seen_twice() -> None:
    right = truth([0.8, -1.5, 0.0], 0.5)[:100]
    counts = np.tile([1.0, 2.0], 50)
    seen = np.repeat(np.arange(100), counts.astype(int))
    weighted = fit(FEATURES[:100], right, counts)
    # the scale of the ridge is that of the features, which repetition changes a little
    repeated = fit(FEATURES[seen], right[seen], ridge=5.0)
    np.testing.assert_allclose(weighted[0], repeated[0], atol=0.03)


def test_where_all_is_right_the_fit_is_finite_and_sure() -> None:
    weights, intercept = fit(FEATURES, np.ones(len(FEATURES), dtype=bool))
    assert np.isfinite(weights).all() and np.isfinite(intercept)
    assert (FEATURES @ weights + intercept > 5).all()


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=400))
def test_a_correction_rises_from_nothing_to_certainty(pairs: list[tuple[float, bool]]) -> None:
    found = knots(np.array([p for p, _ in pairs]), np.array([right for _, right in pairs]))
    assert found[0] == (0.0, 0.0) and found[-1] == (1.0, 1.0)
    assert list(found) == sorted(found)
    assert all(a[1] <= b[1] for a, b in zip(found, found[1:], strict=False))


def test_a_correction_tells_the_rates_of_a_score_that_boasts() -> None:
    p = np.linspace(0.5, 1, 50_000)
    right = RNG.random(len(p)) < p - 0.3
    places, corrected = zip(*knots(p, right), strict=True)
    np.testing.assert_allclose(
        np.interp([0.65, 0.8, 0.9], places, corrected), [0.35, 0.5, 0.6], atol=0.03
    )
