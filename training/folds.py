"""Five folds of layouts and damages: each is left out of one training run, then scored alone."""

from dataclasses import dataclass

from .synthetic.damages import DAMAGES
from .synthetic.layouts.presets import WEIGHTS

N_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Fold:
    """layouts, damages: the names of this fold, sorted. `others` are all the rest."""

    layouts: tuple[str, ...]
    damages: tuple[str, ...]

    def others(self) -> "Fold":
        return Fold(
            tuple(sorted(WEIGHTS.keys() - set(self.layouts))),
            tuple(sorted(DAMAGES.keys() - set(self.damages))),
        )


def fold(number: int) -> Fold:
    """Fold 1 to 5: every fifth name in order, so that each has some of every kind.

    The folds part all layouts and all damages between them. ValueError for another number.
    """
    if number not in range(1, N_FOLDS + 1):
        raise ValueError(f"fold {number} is not in 1 to {N_FOLDS}")
    start = number - 1
    return Fold(tuple(sorted(WEIGHTS)[start::N_FOLDS]), tuple(sorted(DAMAGES)[start::N_FOLDS]))
