"""One-vs-rest logistic regression over bags of terms: n-grams of characters, and words."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from ...inference.ngrams import LinearModel, Terms, ngrams, plain
from ...models.confidence import sigmoid
from .corpus import Part, folds
from .extra import Examples, completed, joined
from .words import words

LONGEST = 3  # characters; longer n-grams gained nothing in cross-validation
LEAST_STATEMENTS = 2  # that a term stands in, to count; 1 gains 0.002 and doubles the size
STRENGTH = 20.0  # C of the regression: anything from 8 to 60 scored the same within 0.002
STEPS = 1000

#: How a text becomes a bag of terms.
View = Callable[[str], list[str]]


def characters(text: str) -> list[str]:
    read = plain(text)
    return [read[start:end] for start, end in ngrams(read, LONGEST)]


def jieba_words(text: str) -> list[str]:
    """The words, and the pairs of neighbours."""
    found = words(text)
    return found + [f"{one} {next_}" for one, next_ in zip(found, found[1:], strict=False)]


def known_terms(bags: Sequence[Iterable[str]]) -> Terms:
    """The terms that stand in at least LEAST_STATEMENTS of the bags, sorted, with their idf."""
    counts = Counter(term for bag in bags for term in set(bag))
    names = sorted(term for term, count in counts.items() if count >= LEAST_STATEMENTS)
    rarity = [math.log((1 + len(bags)) / (1 + counts[name])) + 1 for name in names]
    return Terms({name: row for row, name in enumerate(names)}, np.array(rarity, np.float32))


@dataclass(frozen=True, slots=True)
class Regression:
    """Of each view: its terms, and their weights [terms, classes]; intercepts: [classes]."""

    views: tuple[View, ...]
    terms: tuple[Terms, ...]
    weights: tuple[NDArray[np.float16], ...]
    intercepts: NDArray[np.float64]

    def logits(self, text: str) -> NDArray[np.float64]:
        """[classes]"""
        result = self.intercepts.copy()
        for view, terms, weights in zip(self.views, self.terms, self.weights, strict=True):
            rows, values = terms.vector(view(text))
            result += values @ weights[rows].astype(np.float64)
        return result

    @property
    def n_bytes(self) -> int:
        """Of the arrays and the names of the terms, as they are stored."""
        names = sum(len(name.encode()) + 1 for terms in self.terms for name in terms.index)
        rarities = sum(terms.rarity.nbytes for terms in self.terms)
        return names + rarities + sum(weights.nbytes for weights in self.weights)


def fit(views: tuple[View, ...], given: Examples) -> Regression:
    """One binary regression a theme; every theme must be true and false somewhere in `given`.

    Pairs of its texts are learnt from too, but tell nothing of how common a term is.
    """
    n_own = len(given.texts)
    given = given.with_(joined(given))
    bags = [[view(text) for text in given.texts] for view in views]
    terms = tuple(known_terms(own[:n_own]) for own in bags)
    columns = [_matrix(known, own) for known, own in zip(terms, bags, strict=True)]
    features = sparse.hstack(columns).tocsr()
    weights = np.zeros((features.shape[1], given.gold.shape[1]), np.float16)
    intercepts = np.zeros(given.gold.shape[1])
    for theme in range(given.gold.shape[1]):
        model = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=STEPS)
        model.fit(features, given.gold[:, theme])
        weights[:, theme] = model.coef_[0]
        intercepts[theme] = model.intercept_[0]
    ends = np.cumsum([len(known.index) for known in terms])[:-1]
    return Regression(views, terms, tuple(np.split(weights, ends)), intercepts)


def _matrix(terms: Terms, bags: Iterable[Iterable[str]]) -> sparse.csr_matrix:
    """[bags, terms]"""
    pairs = [terms.vector(bag) for bag in bags]
    ends = np.cumsum([0, *(len(rows) for rows, _ in pairs)])
    columns = np.concatenate([rows for rows, _ in pairs])
    values = np.concatenate([values for _, values in pairs])
    return sparse.csr_matrix((values, columns, ends), shape=(len(pairs), len(terms.index)))


def enlarged(part: Part, more: Examples) -> Examples:
    """What is learnt from: `part`, and phrases with all their themes."""
    own = part.examples
    first = fit((characters,), own)

    def scores(texts: Sequence[str]) -> NDArray[np.float64]:
        return sigmoid(np.array([first.logits(text) for text in texts]))

    return own.with_(completed(more, scores))


def unseen_logits(views: tuple[View, ...], part: Part, more: Examples) -> NDArray[np.float64]:
    """[statements, themes], each by a model that was not trained on its group's statements."""
    result = np.zeros(part.gold.shape)
    for others, inside in folds(part):
        model = fit(views, enlarged(part.only(others), more))
        result[inside] = [model.logits(text) for text in part.only(inside).texts]
    return result


def linear_model(found: Regression) -> LinearModel:
    """What ships. ValueError where there is another view than that of the characters."""
    if found.views != (characters,):
        raise ValueError("only a regression over characters alone can be shipped")
    return LinearModel(found.terms[0], LONGEST, found.weights[0], found.intercepts)
