"""How far two annotators of the same reports agree, and where they do not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..models.labels import Label
from ..models.themes import theme_ids
from .agreement import Agreement, agreement, kappa
from .documents import ITEMS, AnnotatedDocument, ItemThemes

Pair = tuple[AnnotatedDocument, AnnotatedDocument]


@dataclass(frozen=True, slots=True)
class Difference:
    """A place that two people labelled differently, with what each of them alone gave it.

    first, second: labels with their edges, `SECTION 0-6`, or themes where the item is the same.
    """

    id: str
    annotators: tuple[str, str]
    start: int
    end: int
    text: str
    first: tuple[str, ...]
    second: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Of all pairs together.

    spans: label -> exact spans; it has no `none`, so no kappa either, but an F1.
    characters: label -> characters, of which each is a case; from it comes the kappa.
    kappa: over all labels and none at once; None where all characters are alike.
    themes: theme -> items that both delimited alike and gave themes.
    """

    n_documents: int
    n_items: int
    spans: Mapping[Label, Agreement]
    characters: Mapping[Label, Agreement]
    kappa: float | None
    themes: Mapping[str, Agreement]
    differences: tuple[Difference, ...]


def pairs_of(documents: Iterable[AnnotatedDocument]) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """Every two documents of one id by two people; apart from them those whose texts differ."""
    by_id: dict[str, dict[str, AnnotatedDocument]] = {}
    for document in documents:
        by_id.setdefault(document.id, {})[document.annotator or ""] = document
    found = [
        (people[one], people[other])
        for _, people in sorted(by_id.items())
        for one, other in combinations(sorted(people), 2)
    ]
    same = tuple(pair for pair in found if pair[0].text == pair[1].text)
    return same, tuple(pair for pair in found if pair[0].text != pair[1].text)


def compare(pairs: Sequence[Pair]) -> Comparison:
    themes = [both for pair in pairs for both in _themed_by_both(pair)]
    given = [(one.themes, other.themes) for one, other in themes]
    table = sum((_confusion(pair) for pair in pairs), _NO_CONFUSION)
    return Comparison(
        n_documents=len(pairs),
        n_items=len(themes),
        spans={label: _spans(pairs, label) for label in Label},
        characters={label: _of_table(table, number) for number, label in enumerate(Label, 1)},
        kappa=kappa(table),
        themes={theme: agreement(given, theme) for theme in theme_ids()},
        differences=tuple(one for pair in pairs for one in _differences(pair)),
    )


def _edges(document: AnnotatedDocument) -> set[tuple[int, int, Label]]:
    """Scores do not count."""
    return {(span.start, span.end, span.label) for span in document.spans}


def _spans(pairs: Sequence[Pair], label: Label) -> Agreement:
    both = only_first = only_second = 0
    for first, second in pairs:
        ours, theirs = (
            {edge for edge in _edges(document) if edge[2] is label} for document in (first, second)
        )
        both += len(ours & theirs)
        only_first += len(ours - theirs)
        only_second += len(theirs - ours)
    return Agreement(both, only_first, only_second, none=0)


_N = len(Label) + 1  # the first is no label
_NO_CONFUSION: NDArray[np.int64] = np.zeros((_N, _N), np.int64)
_NUMBERS = {label: number for number, label in enumerate(Label, 1)}


def _numbers(document: AnnotatedDocument) -> NDArray[np.int64]:
    """[characters] 0 outside, else the label's number."""
    numbers = np.zeros(len(document.text), np.int64)
    for span in document.spans:
        numbers[span.start : span.end] = _NUMBERS[span.label]
    return numbers


def _confusion(pair: Pair) -> NDArray[np.int64]:
    """[first, second] characters by what the two gave them."""
    first, second = map(_numbers, pair)
    return np.bincount(first * _N + second, minlength=_N * _N).reshape(_N, _N)


def _of_table(table: NDArray[np.int64], number: int) -> Agreement:
    both = int(table[number, number])
    only_first = int(table[number].sum()) - both
    only_second = int(table[:, number].sum()) - both
    return Agreement(
        both, only_first, only_second, int(table.sum()) - both - only_first - only_second
    )


def _themed_by_both(pair: Pair) -> list[tuple[ItemThemes, ItemThemes]]:
    """Items of the same edges and role to which both gave themes."""
    first, second = pair
    items = {edge[:2] for edge in _edges(first) & _edges(second) if edge[2] in ITEMS}
    others = {(item.start, item.end): item for item in second.themes}
    return [
        (item, others[item.start, item.end])
        for item in first.themes
        if (item.start, item.end) in items and (item.start, item.end) in others
    ]


def _differences(pair: Pair) -> list[Difference]:
    """In the order of the text; spans that touch one another's stretch are one difference."""
    first, second = pair
    ours, theirs = _edges(first) - _edges(second), _edges(second) - _edges(first)
    clusters: list[list[tuple[int, int, Label]]] = []
    reached = -1
    for edge in sorted(ours | theirs):
        if edge[0] >= reached:
            clusters.append([])
        clusters[-1].append(edge)
        reached = max(reached, edge[1])
    found = [
        _difference(
            pair,
            min(edge[0] for edge in cluster),
            max(edge[1] for edge in cluster),
            [_told(edge) for edge in cluster if edge in ours],
            [_told(edge) for edge in cluster if edge in theirs],
        )
        for cluster in clusters
    ]
    found += [
        _difference(pair, one.start, one.end, one.themes, other.themes)
        for one, other in _themed_by_both(pair)
        if one.themes != other.themes
    ]
    return sorted(found, key=lambda one: (one.start, one.end))


def _told(edge: tuple[int, int, Label]) -> str:
    return f"{edge[2]} {edge[0]}-{edge[1]}"


def _difference(
    pair: Pair, start: int, end: int, ours: Iterable[str], theirs: Iterable[str]
) -> Difference:
    first, second = pair
    people = (first.annotator or "", second.annotator or "")
    return Difference(
        first.id, people, start, end, first.text[start:end], tuple(ours), tuple(theirs)
    )


def table(comparison: Comparison) -> list[tuple[str, Agreement | None, Agreement]]:
    """(label or theme, its spans, its characters or items), those alone that somebody gave."""
    rows: list[tuple[str, Agreement | None, Agreement]] = [
        (str(label), comparison.spans[label], characters)
        for label, characters in comparison.characters.items()
    ]
    rows += [(theme, None, items) for theme, items in comparison.themes.items()]
    return [row for row in rows if row[2].f1 is not None]


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Everything but the differences, rounded."""
    return {
        "documents": comparison.n_documents,
        "items": comparison.n_items,
        "kappa": _rounded(comparison.kappa),
        "rows": [
            {
                "name": name,
                "span_f1": None if spans is None else _rounded(spans.f1),
                "kappa": _rounded(cases.kappa),
                "f1": _rounded(cases.f1),
            }
            for name, spans, cases in table(comparison)
        ],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
