"""Statements that are nearly the same, so that none stands on both sides of a split."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from ..models.characters import fold

#: Jaccard similarity of the pairs of neighbouring characters from which on two texts are alike.
ALIKE = 0.6


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text without its blanks."""
    read = "".join(fold(text).split())
    return frozenset(read[i : i + 2] for i in range(len(read) - 1))


def alike(texts: Sequence[str], others: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(place in texts, place in others) of all that are alike.

    Only texts that share a pair are compared: of 5,000 by 600 all are in a few seconds.
    """
    bags = [pairs(other) for other in others]
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for place, bag in enumerate(bags):
        for pair in bag:
            holders[pair].append(place)
    for number, text in enumerate(texts):
        bag = pairs(text)
        shared = Counter(place for pair in bag for place in holders.get(pair, ()))
        for place, both in sorted(shared.items()):
            if both >= ALIKE * (len(bag) + len(bags[place]) - both):
                yield number, place
