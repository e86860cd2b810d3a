"""The folds part what they leave out."""

import pytest

from nianbao.training.folds import N_FOLDS, fold
from nianbao.training.synthetic.damages import DAMAGES
from nianbao.training.synthetic.layouts.presets import WEIGHTS

NUMBERS = range(1, N_FOLDS + 1)


def test_every_layout_and_every_damage_is_in_exactly_one_fold() -> None:
    assert sorted(name for n in NUMBERS for name in fold(n).layouts) == sorted(WEIGHTS)
    assert sorted(name for n in NUMBERS for name in fold(n).damages) == sorted(DAMAGES)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_fold_and_its_others_share_nothing(number: int) -> None:
    ours, others = fold(number), fold(number).others()
    assert not set(ours.layouts) & set(others.layouts)
    assert not set(ours.damages) & set(others.damages)
    assert ours.layouts and ours.damages


@pytest.mark.parametrize("number", [0, 6])
def test_there_are_five_folds(number: int) -> None:
    with pytest.raises(ValueError, match="not in 1 to 5"):
        fold(number)
