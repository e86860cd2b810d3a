"""How far two annotators of the same reports agree, and where they do not."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ..models.labels import Label
from ..models.themes import theme_ids
from .agreement import Agreement, agreement, kappa
from .documents import ITEMS, AnnotatedDocument

Pair = tuple[AnnotatedDocument, AnnotatedDocument]

#: Stands for the themes of an item to which a person gave none: not even the empty list, by
#: which he says that he looked.
UNSEEN = ("unseen",)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which labellings can be compared, and which cannot.

    pairs: two of one report by two people, over the same text.
    unlike: two of one report by two people, whose texts differ.
    twice: (report, person) with more than one labelling: nobody knows which one counts, or
        whether two people share a name, so none of them is compared.
    n_nobodys: labellings that no person made in full.
    """

    pairs: tuple[Pair, ...]
    unlike: tuple[Pair, ...]
    twice: tuple[tuple[str, str], ...]
    n_nobodys: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A place that two people labelled differently, with what each of them alone gave it.

    first, second: labels with their edges, `SECTION 0-6`, or themes where the item is the same;
        `UNSEEN` for who gave that item none.
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
    themes: theme -> items that both delimited alike and gave themes: n_items of them.
    n_lone: items that both delimited alike, and one alone gave themes.
    """

    n_documents: int
    n_items: int
    n_lone: int
    spans: Mapping[Label, Agreement]
    characters: Mapping[Label, Agreement]
    kappa: float | None
    themes: Mapping[str, Agreement]
    differences: tuple[Difference, ...]


def pairs_of(
    documents: Iterable[AnnotatedDocument], people: Collection[str] | None = None
) -> Pairing:
    """Every two labellings of one report. people: whose; None: of all."""
    by_id: dict[str, dict[str, list[AnnotatedDocument]]] = {}
    n_nobodys = 0
    for document in documents:
        who = document.annotator
        if who is None or not document.in_full:
            n_nobodys += 1
        elif people is None or who in people:
            by_id.setdefault(document.id, {}).setdefault(who, []).append(document)
    pairs: list[Pair] = []
    twice: list[tuple[str, str]] = []
    for id_, theirs in sorted(by_id.items()):
        twice += [(id_, who) for who, found in sorted(theirs.items()) if len(found) > 1]
        single = [found[0] for _, found in sorted(theirs.items()) if len(found) == 1]
        pairs += combinations(single, 2)
    same = tuple(pair for pair in pairs if pair[0].text == pair[1].text)
    unlike = tuple(pair for pair in pairs if pair[0].text != pair[1].text)
    return Pairing(same, unlike, tuple(twice), n_nobodys)


def compare(pairs: Sequence[Pair]) -> Comparison:
    themed = [item for pair in pairs for item in _themed(pair)]
    given = [
        (item.first, item.second)
        for item in themed
        if item.first is not None and item.second is not None
    ]
    table = sum((_confusion(pair) for pair in pairs), _NO_CONFUSION)
    return Comparison(
        n_documents=len(pairs),
        n_items=len(given),
        n_lone=len(themed) - len(given),
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


@dataclass(frozen=True, slots=True)
class _Themed:
    """An item that both delimited alike, with its themes; None: not given."""

    start: int
    end: int
    first: tuple[str, ...] | None
    second: tuple[str, ...] | None


def _themed(pair: Pair) -> list[_Themed]:
    """Items of the same edges and role to which somebody gave themes."""
    first, second = pair
    alike = {edge[:2] for edge in _edges(first) & _edges(second) if edge[2] in ITEMS}
    ours, theirs = ({(one.start, one.end): one.themes for one in who.themes} for who in pair)
    places = sorted(alike & (ours.keys() | theirs.keys()))
    return [_Themed(*place, ours.get(place), theirs.get(place)) for place in places]


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
        _difference(
            pair,
            item.start,
            item.end,
            UNSEEN if item.first is None else item.first,
            UNSEEN if item.second is None else item.second,
        )
        for item in _themed(pair)
        if item.first != item.second
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
