"""A labelled report, whoever labelled it."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..models.labels import Label, Span
from ..models.themes import MOST_THEMES, theme_ids
from .misfit import Misfit, Trouble

ITEMS = frozenset({Label.PROBLEM, Label.MEASURE})
ID_LENGTH = 16  # digits of a sha256, as batch names its reports
CORRECTION = "correction"  # `chosen` of a report in which a person looked at single cells alone


@dataclass(frozen=True, slots=True)
class ItemThemes:
    """The themes of the item at `text[start:end]`, the weightiest first.

    None of them: a person found that it names no object. An item nobody looked at is not listed.
    """

    start: int
    end: int
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """A report's text with the labels that one person gave it.

    id: of the report, the same for all who label it.
    spans: sorted, without overlap. Half open, in code points.
    annotator: None where the spans are the model's and nobody has looked at them yet; "" on the
    way in, where a person labelled whom the file does not name.
    sha256: of the source's bytes; source: its path. Both "" where unknown.
    chosen: why the queue took it (`queue.Reason`); "" where it did not.
    themes: of items, sorted; each has exactly the edges of one.
    """

    id: str
    text: str
    spans: tuple[Span, ...]
    annotator: str | None = None
    sha256: str = ""
    source: str = ""
    chosen: str = ""
    themes: tuple[ItemThemes, ...] = ()

    @property
    def in_full(self) -> bool:
        """Whether a person looked at all of it: neither the model alone nor at single cells."""
        return self.annotator is not None and self.chosen != CORRECTION

    def wording(self, span: Span | ItemThemes) -> str:
        return self.text[span.start : span.end]


def id_of(text: str) -> str:
    """The id of a text that came without one of ours: numbers of other tools mean nothing here."""
    return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]


def supersedes(new: AnnotatedDocument, old: AnnotatedDocument) -> bool:
    """Whether `new` may take the place of `old`, an annotation of the same report.

    A correction does not where a person labelled the report in full: nearly all its labels are
    the model's own.
    """
    return not (old.in_full and new.chosen == CORRECTION)


def checked_themes(spans: Iterable[Span], found: Iterable[ItemThemes]) -> tuple[ItemThemes, ...]:
    """`found`, sorted. Misfit: of no item, of one item twice, unknown, repeated, too many."""
    items = {(span.start, span.end) for span in spans if span.label in ITEMS}
    ordered = sorted(found, key=lambda item: (item.start, item.end))
    troubles = [trouble for item in ordered for trouble in _troubles(item, items)]
    for one, other in zip(ordered, ordered[1:], strict=False):
        if (one.start, one.end) == (other.start, other.end):
            reason = "同一条目标了两次主题 | themes of one item twice"
            troubles.append(Trouble.at(one.start, one.end, reason))
    if troubles:
        raise Misfit(*troubles)
    return tuple(ordered)


def _troubles(item: ItemThemes, items: set[tuple[int, int]]) -> Iterator[Trouble]:
    def trouble(reason: str) -> Trouble:
        return Trouble.at(item.start, item.end, reason)

    if (item.start, item.end) not in items:
        yield trouble("主题所在之处没有问题或措施 | themes where no item stands")
    for theme in item.themes:
        if theme not in theme_ids():
            yield trouble(f"没有这个主题：{theme} | no such theme: {theme}")
    if len(set(item.themes)) < len(item.themes) or len(item.themes) > MOST_THEMES:
        yield trouble("主题重复或多于三个 | a theme twice, or more than three")
