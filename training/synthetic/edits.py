"""Marked text built in one pass, and many edits at once."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable

from ...models.labels import Label
from .marked import Mark, Marked

Edit = tuple[int, int, str]  # text[start:end] becomes the string


class Builder:
    """Text and marks, appended piece by piece: `Marked + Marked` would copy all each time."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._marks: list[Mark] = []
        self.length = 0

    def add(self, piece: Marked | str) -> None:
        text = piece if isinstance(piece, str) else piece.text
        if not isinstance(piece, str):
            by = self.length
            self._marks += [Mark(m.start + by, m.end + by, m.label, m.key) for m in piece.marks]
        self._parts.append(text)
        self.length += len(text)

    def mark(self, start: int, end: int, key: str) -> None:
        """Mark a stretch of what was added, for us and not for the tagger."""
        self._marks.append(Mark(start, end, None, key))

    def trim(self, ending: str) -> None:
        """Take `ending` off the last piece, where it is plain and ends so."""
        if ending and self._parts and self._parts[-1].endswith(ending):
            self._parts[-1] = self._parts[-1][: -len(ending)]
            self.length -= len(ending)

    def build(self) -> Marked:
        return Marked("".join(self._parts), tuple(self._marks))


def edit(marked: Marked, edits: Iterable[Edit]) -> Marked:
    """Apply all edits, with the effect of `Marked.replace` from the last to the first.

    Raises ValueError where two edits overlap: they would contradict each other.
    """
    ordered = sorted(edits, key=lambda e: (e[0], e[1]))
    if not ordered:
        return marked
    starts = [start for start, _, _ in ordered]
    parts: list[str] = []
    shifts: list[int] = []  # what each edit and those before it have added
    done = shift = 0
    for start, end, new in ordered:
        if start < done:
            raise ValueError(f"edits overlap at {start}")
        parts += (marked.text[done:start], new)
        done = end
        shift += len(new) - (end - start)
        shifts.append(shift)
    parts.append(marked.text[done:])

    def shifts_before(index: int) -> int:
        return shifts[index - 1] if index else 0

    def opening(place: int) -> int:
        index = bisect_right(starts, place) - 1
        if index < 0:
            return place
        start, end, _ = ordered[index]
        if place < end:
            return start + shifts_before(index) if place == start else end + shifts[index]
        return place + shifts[index]

    def closing(place: int) -> int:
        index = bisect_left(starts, place) - 1
        if index < 0:
            return place
        start, end, _ = ordered[index]
        return place + shifts[index] if place >= end else start + shifts_before(index)

    marks = []
    for mark in marked.marks:
        start = opening(mark.start)
        marks.append(Mark(start, max(start, closing(mark.end)), mark.label, mark.key))
    return Marked("".join(parts), tuple(marks))


def covered(marked: Marked, labels: Iterable[Label]) -> list[tuple[int, int]]:
    """Where the marks with one of `labels` stand, sorted."""
    wanted = frozenset(labels)
    return sorted((m.start, m.end) for m in marked.marks if m.label in wanted and m.start < m.end)


def inside(place: int, spans: list[tuple[int, int]]) -> bool:
    """Whether a character lies in one of the sorted spans."""
    index = bisect_right(spans, (place, 1 << 60)) - 1
    return index >= 0 and spans[index][0] <= place < spans[index][1]


def substitute(
    marked: Marked,
    pattern: str,
    new: Callable[[re.Match[str]], str | None],
    *,
    only: Iterable[Label] | None = None,
    never: Iterable[Label] = (Label.VALUE,),
) -> Marked:
    """Rewrite the matches for which `new` gives a string other than the match.

    only: matches that begin under one of these labels; never: not those that touch one of these.
    Values are spared unless asked for: what gold says of them must stay printed.
    """
    allowed = None if only is None else covered(marked, only)
    barred = covered(marked, never)
    edits: list[Edit] = []
    for match in re.finditer(pattern, marked.text):
        start, end = match.span()
        if allowed is not None and not inside(start, allowed):
            continue
        if inside(start, barred) or (end > start and inside(end - 1, barred)):
            continue
        text = new(match)
        if text is not None and text != match[0]:
            edits.append((start, end, text))
    return edit(marked, edits)


def with_lines(
    marked: Marked, lines: list[tuple[int, str]], label: Label, closing: str = "\n"
) -> Marked:
    """Put lines under `label` at places where lines begin; places ascend.

    closing: what parts each from the line that stood there.
    """
    result = edit(marked, [(place, place, line + closing) for place, line in lines])
    marks = list(result.marks)
    grown = 0
    for place, line in lines:
        marks.append(Mark(place + grown, place + grown + len(line), label))
        grown += len(line) + len(closing)
    return Marked(result.text, tuple(marks))
