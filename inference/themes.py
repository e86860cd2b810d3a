"""Which themes a problem or a measure is about. Start at load_classifier."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, PositiveInt, TypeAdapter, ValidationError

from ..models.confidence import sigmoid
from ..models.registry import SHIPPED, opening, themes_folder
from ..models.report import ModelInfo, Report, Theme
from ..models.sums import bad_model, verified
from ..models.themes import MOST_THEMES, theme_ids
from .generic import is_generic
from .ngrams import LinearModel, Terms, kept, plain
from .words import Lexicon

#: Processors sum in another order: the golden scores may differ by so much, and no more.
GOLDEN_ERROR = 1e-4

SETTINGS, NGRAMS, WORDS = "classifier.json", "ngrams.txt", "words.json"
RARITY, WEIGHTS = "rarity.npy", "weights.npy"
NEEDED = (SETTINGS, NGRAMS, WORDS, RARITY, WEIGHTS)


class Settings(BaseModel):
    """`classifier.json`. All lists but `golden` are in the order of `themes`.

    slopes, offsets: probability = sigmoid(slope * logit + offset). golden: text -> its scores.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    version: str
    themes: tuple[str, ...]
    longest: int
    intercepts: tuple[float, ...]
    slopes: tuple[float, ...]
    offsets: tuple[float, ...]
    thresholds: tuple[float, ...]
    golden: dict[str, tuple[float, ...]]


_COUNTS = TypeAdapter(dict[str, PositiveInt])


class ThemeClassifier:
    """Scores texts for every theme, each on its own: results never depend on neighbours.

    thresholds: [themes] from which probability on a theme is assigned.
    lexicon: the words that `why` tells.
    """

    def __init__(
        self, model: LinearModel, settings: Settings, lexicon: Lexicon, sha256: str = ""
    ) -> None:
        self.info = ModelInfo(name=settings.name, version=settings.version, sha256=sha256)
        self.thresholds = np.array(settings.thresholds)
        self._model = model
        self._lexicon = lexicon
        self._slopes = np.array(settings.slopes)
        self._offsets = np.array(settings.offsets)

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """[texts, themes] calibrated probabilities, in the order of `theme_ids()`."""
        logits = np.zeros((len(texts), len(theme_ids())))
        for row, text in enumerate(texts):
            logits[row] = self._model.logits(text)
        return sigmoid(self._slopes * logits + self._offsets)

    def assign(self, texts: Sequence[str]) -> list[tuple[Theme, ...]]:
        """The themes of each text, the weightiest first; see `assigned`."""
        return [assigned(row, self.thresholds) for row in self.scores(texts)]

    def why(self, text: str, theme: str, limit: int = 5) -> list[tuple[str, float]]:
        """The words of `text` that speak most for a theme, the heaviest first.

        With each what it adds to the theme's log odds, always more than 0; none overlap.
        Raises ValueError where there is no such theme.
        """
        class_ = theme_ids().index(theme)
        weights = self._model.contributions(text, class_) * self._slopes[class_]
        read, places = plain(text), kept(text)
        words = [
            (text[places[start] : places[end - 1] + 1], float(weights[start:end].sum()))
            for start, end in self._lexicon.cut(read)
            if read[start:end].isalnum()
        ]
        weighty = sorted((word for word in words if word[1] > 0), key=lambda word: -word[1])
        return weighty[:limit]


def assigned(scores: NDArray[np.float64], thresholds: NDArray[np.float64]) -> tuple[Theme, ...]:
    """The themes over their thresholds, the likeliest first, at most `MOST_THEMES`.

    Where none is, the likeliest alone: its low score tells that it is a guess.
    """
    order = np.argsort(-scores, kind="stable")
    over = order[(scores >= thresholds)[order]]
    chosen = over[:MOST_THEMES] if len(over) else order[:1]
    ids = theme_ids()
    return tuple(Theme(id=ids[i], score=round(float(scores[i]), 4)) for i in chosen)


def shipped() -> Path:
    """The folder of the classifier that comes with the package."""
    return themes_folder(SHIPPED)


def load_classifier(folder: Path | None = None) -> ThemeClassifier:
    """The classifier of a folder; None: of the current version.

    BadModel where a file is missing or has changed, or its themes or scores are not as they were.
    """
    with opening("themes", folder) as path:
        return _opened(path)


def _opened(path: Path) -> ThemeClassifier:
    sha256 = verified(path, NEEDED)
    try:
        settings = Settings.model_validate_json((path / SETTINGS).read_bytes())
        counts = _COUNTS.validate_json((path / WORDS).read_bytes())
    except ValidationError as error:
        raise bad_model("配置文件格式不对", f"malformed {error.title}") from error
    if settings.themes != theme_ids():
        raise bad_model("主题与本程序不符", "its themes are not those of this program")
    model = _linear_model(path, settings)
    classifier = ThemeClassifier(model, settings, Lexicon(counts), sha256)
    expected = np.array(list(settings.golden.values()))
    if not np.allclose(classifier.scores(list(settings.golden)), expected, atol=GOLDEN_ERROR):
        raise bad_model("样例得分不符", "the golden texts get other scores")
    return classifier


def _linear_model(path: Path, settings: Settings) -> LinearModel:
    names = (path / NGRAMS).read_text(encoding="utf-8").splitlines()
    rarity, weights = _array(path / RARITY), _array(path / WEIGHTS)
    if rarity.shape != (len(names),) or weights.shape != (len(names), len(settings.themes)):
        raise bad_model("数组形状不对", "its arrays have odd shapes")
    index = {name: row for row, name in enumerate(names)}
    terms = Terms(index, rarity)
    return LinearModel(terms, settings.longest, weights, np.array(settings.intercepts))


def _array(file: Path) -> NDArray[Any]:
    try:
        array: NDArray[Any] = np.load(file, allow_pickle=False)
    except ValueError as error:
        raise bad_model(f"{file.name} 格式不对", f"malformed {file.name}") from error
    return array


def judged(
    text: str, scores: NDArray[np.float64], thresholds: NDArray[np.float64]
) -> tuple[bool, tuple[Theme, ...]]:
    """Whether a statement is generic, and its themes: one that names no object has none."""
    generic = is_generic(text, scores)
    return generic, () if generic else assigned(scores, thresholds)


def with_themes(report: Report, classifier: ThemeClassifier) -> Report:
    """`report` with the themes of its items, and those told generic that are."""
    items = []
    for item, scores in zip(
        report.items, classifier.scores([item.text for item in report.items]), strict=True
    ):
        generic, found = judged(item.text, scores, classifier.thresholds)
        items.append(item.model_copy(update={"generic": generic, "themes": found}))
    return report.model_copy(update={"items": tuple(items)})
