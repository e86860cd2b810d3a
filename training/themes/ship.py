"""Write a trained classifier as the folder that `inference.themes.load_classifier` opens."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...inference.ngrams import LinearModel
from ...inference.themes import (
    NGRAMS,
    RARITY,
    SETTINGS,
    WEIGHTS,
    WORDS,
    Settings,
    ThemeClassifier,
)
from ...inference.words import Lexicon
from ...models.sums import write_sums
from ...models.themes import theme_ids
from .decide import Decision

NAME = "nianbao-themes"
DIGITS = 6

#: Written for this purpose: two themes, one, none.
GOLDEN = (
    "栏目更新不够及时，个别专栏长期空白",
    "加强业务培训，配强专职人员",
    "与群众期待相比还有差距",
)


def ship(
    folder: Path,
    model: LinearModel,
    decision: Decision,
    words: Mapping[str, int],
    version: str,
    card: str,
) -> None:
    """Write the folder; files of ours that stood there are replaced.

    words: word -> how often it was seen, for `why`. card: the folder's README.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        name=NAME,
        version=version,
        themes=theme_ids(),
        longest=model.longest,
        intercepts=_rounded(model.intercepts),
        slopes=_rounded(decision.slopes),
        offsets=_rounded(decision.offsets),
        thresholds=_rounded(decision.thresholds),
        golden={},
    )
    scores = ThemeClassifier(model, settings, Lexicon(words)).scores(GOLDEN)
    golden = {text: _rounded(row) for text, row in zip(GOLDEN, scores, strict=True)}
    settings = settings.model_copy(update={"golden": golden})
    _write(folder / SETTINGS, settings.model_dump_json(indent=1))
    _write(folder / NGRAMS, "\n".join(model.terms.index))
    _write(folder / WORDS, json.dumps(words, ensure_ascii=False, indent=0))
    np.save(folder / RARITY, model.terms.rarity, allow_pickle=False)
    np.save(folder / WEIGHTS, model.weights, allow_pickle=False)
    _write(folder / "README.md", card)
    write_sums(folder)


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(np.round(values, DIGITS).tolist())


def _write(file: Path, text: str) -> None:
    file.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
