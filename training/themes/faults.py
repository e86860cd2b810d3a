"""What a theme classifier gets wrong: the themes that it confuses, and the statements."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ...annotations.agreement import Agreement, agreement, read_twice
from ...models.themes import theme_ids
from .decide import chosen
from .results import Comparison, SplitName

#: Stands for the theme that is not there, beside one that was missed or invented alone.
NOTHING = "—"
KINDS: tuple["Kind", ...] = ("missed", "invented")

Kind = Literal["missed", "invented"]
#: For each statement the themes that the one side gave and those that the other did.
Pairs = Sequence[tuple[Sequence[str], Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Fault:
    """A theme that gold has and the classifier did not give, or the other way round."""

    theme: str
    kind: Kind
    score: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Case:
    """A statement with what is wrong about it. gold, given: the weightiest first."""

    id: str
    gold: tuple[str, ...]
    given: tuple[str, ...]
    faults: tuple[Fault, ...]


def given(comparison: Comparison, name: str, split: SplitName) -> NDArray[np.bool_]:
    """[statements, themes] what a classifier gives; statements without a theme in gold get none."""
    scores, _ = comparison.arrays(name, split)
    themed = np.array([bool(own) for own in comparison.gold[split].themes])
    return chosen(scores, np.array(comparison.classifier(name).thresholds), themed)


def labelled(
    comparison: Comparison, name: str, split: SplitName
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """For each statement of a split the themes of gold and those that a classifier gives."""
    scores, _ = comparison.arrays(name, split)
    order = np.argsort(-scores, 1, kind="stable").tolist()
    rows = zip(comparison.gold[split].themes, given(comparison, name, split), order, strict=True)
    return [
        (gold, tuple(comparison.themes[theme] for theme in ranked if row[theme]))
        for gold, row, ranked in rows
    ]


def labellings(comparison: Comparison, name: str) -> dict[str, Pairs]:
    """What two people gave, before they settled; and gold beside a classifier, test split."""
    twice = read_twice()
    sets = {"train": "训练集", "test": "测试集"}
    people: dict[str, Pairs] = {
        f"两人 two people，{zh} {set_}": [
            (one.first.themes, one.second.themes) for one in twice if one.set == set_
        ]
        for set_, zh in sets.items()
    }
    return {**people, "标准与分类器 gold and classifier": labelled(comparison, name, "test")}


def agreements(pairs: Pairs) -> dict[str, Agreement]:
    """theme -> how far the sides agree on it, for all themes in their order."""
    return {theme: agreement(pairs, theme) for theme in theme_ids()}


def confusions(pairs: Pairs) -> dict[str, Counter[str]]:
    """theme of the one side -> theme of the other -> statements.

    A theme that both gave stands on the diagonal. Of the rest of a statement each theme of the one
    side is counted beside each of the other; where a side has none left, beside NOTHING.
    """
    found: dict[str, Counter[str]] = {}
    for first, second in pairs:
        for theme in set(first) & set(second):
            found.setdefault(theme, Counter())[theme] += 1
        left, right = set(first) - set(second), set(second) - set(first)
        if left or right:
            for one in left or {NOTHING}:
                found.setdefault(one, Counter()).update(right or {NOTHING})
    return found


def confused(pairs: Pairs) -> Counter[frozenset[str]]:
    """How often two themes stand in each other's place, whichever of them is right."""
    found: Counter[frozenset[str]] = Counter()
    for one, row in confusions(pairs).items():
        for other, count in row.items():
            if one != other and NOTHING not in (one, other):
                found[frozenset((one, other))] += count
    return found


def cases(comparison: Comparison, name: str, split: SplitName) -> list[Case]:
    """The statements of a split to which a classifier does not give the themes of gold."""
    thresholds = dict(zip(comparison.themes, comparison.classifier(name).thresholds, strict=True))
    scores, _ = comparison.arrays(name, split)
    pairs = labelled(comparison, name, split)
    found = []
    for id_, row, (gold, own) in zip(comparison.gold[split].ids, scores, pairs, strict=True):
        probability = dict(zip(comparison.themes, row.tolist(), strict=True))
        wrong: list[tuple[str, Kind]] = [
            *((theme, "missed") for theme in gold if theme not in own),
            *((theme, "invented") for theme in own if theme not in gold),
        ]
        if wrong:
            faults = (Fault(t, kind, probability[t], thresholds[t]) for t, kind in wrong)
            found.append(Case(id_, gold, own, tuple(faults)))
    return found


def worst(found: Iterable[Case]) -> list[Case]:
    """Of each theme the case that misses it at the least score, and invents it at the highest.

    In the order of the themes; a case that is the worst of several stands once.
    """
    by_fault = [(fault, case) for case in found for fault in case.faults]
    kept: dict[str, Case] = {}
    for theme in theme_ids():
        for kind in KINDS:
            own = [pair for pair in by_fault if (pair[0].theme, pair[0].kind) == (theme, kind)]
            if own:
                _, case = (min if kind == "missed" else max)(own, key=lambda p: p[0].score)
                kept.setdefault(case.id, case)
    return list(kept.values())
