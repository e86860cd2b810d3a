"""A labelled report, whoever labelled it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..models.labels import Label, Span
from ..models.themes import MOST_THEMES, theme_ids
from .misfit import Misfit, Trouble

ITEMS = frozenset({Label.PROBLEM, Label.MEASURE})


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
    annotator: None where the spans are the model's and nobody has looked at them yet.
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

    def wording(self, span: Span | ItemThemes) -> str:
        return self.text[span.start : span.end]


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
