"""Span scores: exact edges and label, one to one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..models.labels import Label, Span


@dataclass(frozen=True, slots=True)
class SpanScore:
    """Counts of spans: found rightly, found, and to be found."""

    right: int
    found: int
    gold: int

    @property
    def precision(self) -> float | None:
        """None where nothing was found."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """None where there was nothing to find."""
        return self.right / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """None where there was nothing to find and nothing was found."""
        total = self.found + self.gold
        return 2 * self.right / total if total else None


def span_scores(
    gold: Sequence[Iterable[Span]], found: Sequence[Iterable[Span]]
) -> dict[Label, SpanScore]:
    """The score of every label over documents; both lists in the same order."""
    right: Counter[Label] = Counter()
    n_found: Counter[Label] = Counter()
    n_gold: Counter[Label] = Counter()
    for true, predicted in zip(gold, found, strict=True):
        wanted = {(span.start, span.end, span.label) for span in true}
        given = {(span.start, span.end, span.label) for span in predicted}
        right.update(label for _, _, label in wanted & given)
        n_found.update(label for _, _, label in given)
        n_gold.update(label for _, _, label in wanted)
    return {label: SpanScore(right[label], n_found[label], n_gold[label]) for label in Label}


def total(scores: Iterable[SpanScore]) -> SpanScore:
    """All together, each span counting once (micro average)."""
    scores = tuple(scores)
    return SpanScore(
        sum(score.right for score in scores),
        sum(score.found for score in scores),
        sum(score.gold for score in scores),
    )
