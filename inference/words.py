"""Words of a text, by a list of words with their counts: no dictionary of the whole language."""

import math
from collections.abc import Iterator, Mapping


class Lexicon:
    """counts: word -> how often it was seen, at least 1; what is not listed is cut into signs."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        total = math.log(max(1, sum(counts.values())))
        self._costs = {word: total - math.log(count) for word, count in counts.items()}
        self._longest = max(map(len, counts), default=1)
        self._unknown = total + 1.0  # a sign alone costs more than the rarest word

    def cut(self, text: str) -> Iterator[tuple[int, int]]:
        """(start, end) of the words of the likeliest cut, in order; they leave nothing out."""
        costs, begins = [0.0], [0]
        for end in range(1, len(text) + 1):
            cost, begin = min(
                (costs[start] + self._cost(text[start:end]), start)
                for start in range(max(0, end - self._longest), end)
            )
            costs.append(cost)
            begins.append(begin)
        spans = []
        end = len(text)
        while end:
            spans.append((begins[end], end))
            end = begins[end]
        yield from reversed(spans)

    def _cost(self, word: str) -> float:
        known = self._costs.get(word)
        if known is not None:
            return known
        return self._unknown if len(word) == 1 else math.inf
