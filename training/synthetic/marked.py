"""Text whose marks move with every edit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ...models.labels import Label, Span


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch that edits carry along: half open, in code points; may be empty.

    label: None for places that the tagger does not learn (a section's body, a blank cell).
    key: what it is: a cell path ("t3.new.total"), "heading:3", "body:3", "generic", or "".
    """

    start: int
    end: int
    label: Label | None = None
    key: str = ""

    def moved(self, by: int) -> Mark:
        return replace(self, start=self.start + by, end=self.end + by)


@dataclass(frozen=True, slots=True)
class Marked:
    """Text and its marks, sorted by place. Immutable: an edit gives a new one."""

    text: str = ""
    marks: tuple[Mark, ...] = ()

    @classmethod
    def of(cls, text: str, label: Label | None = None, key: str = "") -> Marked:
        """`text` under one mark, or plain where neither label nor key is given."""
        if label is None and not key:
            return cls(text)
        return cls(text, (Mark(0, len(text), label, key),))

    def __add__(self, other: Marked | str) -> Marked:
        if isinstance(other, str):
            return Marked(self.text + other, self.marks)
        shift = len(self.text)
        return Marked(self.text + other.text, (*self.marks, *(m.moved(shift) for m in other.marks)))

    def __radd__(self, other: str) -> Marked:
        return Marked(other) + self

    def __len__(self) -> int:
        return len(self.text)

    def under(self, label: Label | None = None, key: str = "") -> Marked:
        """The same with one more mark over the whole."""
        return Marked(self.text, (Mark(0, len(self.text), label, key), *self.marks))

    def replace(self, start: int, end: int, new: str) -> Marked:
        """Write `new` over `text[start:end]`.

        A mark around the edit grows or shrinks with it; one that the edit cuts keeps what is
        left of it; one inside the edit becomes empty at its start. Insertions (start = end) at
        a mark's edge stay outside it.
        """
        by = len(new) - (end - start)
        marks = tuple(_carried(mark, start, end, by, len(new)) for mark in self.marks)
        return Marked(self.text[:start] + new + self.text[end:], marks)

    def tight(self) -> Marked:
        """The same with white space at the edges of every labelled mark left out of it."""
        marks = []
        for mark in self.marks:
            start, end = mark.start, mark.end
            if mark.label is not None:
                wording = self.text[start:end]
                start += len(wording) - len(wording.lstrip())
                end = max(start, mark.start + len(wording.rstrip()))
            marks.append(Mark(start, end, mark.label, mark.key))
        return Marked(self.text, tuple(marks))

    def spans(self) -> tuple[Span, ...]:
        """The labelled marks that still have wording, sorted. ValueError where two overlap."""
        spans = sorted(
            Span(m.start, m.end, m.label) for m in self.marks if m.label and m.start < m.end
        )
        for left, right in zip(spans, spans[1:], strict=False):
            if left.end > right.start:
                raise ValueError(f"overlap: {left} {right}")
        return tuple(spans)


def _carried(mark: Mark, start: int, end: int, by: int, new: int) -> Mark:
    if mark.end <= start and (mark.start, mark.end) != (start, end):
        return mark
    if mark.start >= end:
        return mark.moved(by)
    if mark.start <= start and end <= mark.end:
        return replace(mark, end=mark.end + by)
    if start <= mark.start and mark.end <= end:
        return replace(mark, start=start, end=start)
    if mark.start < start:
        return replace(mark, end=start)
    return replace(mark, start=start + new, end=mark.end + by)


def join(separator: str, parts: Iterable[Marked]) -> Marked:
    """Like str.join, marks carried along."""
    result = Marked()
    for index, part in enumerate(parts):
        result = result + (separator if index else "") + part
    return result
