import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from nianbao.models.confidence import Scale

SCALE = Scale(names=("a", "b"), weights=(2.0, -1.0), intercept=0.5)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_probability_lies_between_0_and_1_and_rises_with_what_speaks_for_it(
    a: float, b: float
) -> None:
    less, more = SCALE.probability(np.array([[a, b], [a + 1, b]]))
    assert 0 <= less <= more <= 1


def test_a_correction_maps_what_the_weights_say() -> None:
    plain = SCALE.probability(np.zeros((1, 2)))
    corrected = SCALE.model_copy(update={"knots": ((0.0, 0.0), (0.5, 0.2), (1.0, 0.4))})
    assert plain[0] == pytest.approx(1 / (1 + np.exp(-0.5)))
    assert corrected.probability(np.zeros((1, 2)))[0] == pytest.approx(0.2 + 0.4 * (plain[0] - 0.5))


def test_nothing_has_no_probabilities() -> None:
    assert SCALE.probability(np.zeros((0, 2))).shape == (0,)


@pytest.mark.parametrize(
    "change",
    [{"weights": (1.0,)}, {"knots": ((0.0, 0.0),)}, {"knots": ((1.0, 1.0), (0.0, 0.0))}],
)
def test_what_does_not_fit_together_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Scale.model_validate(SCALE.model_dump() | change)
