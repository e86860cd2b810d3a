"""A16: a crawler dropped every line that had occurred before."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ....models.labels import Label
from ..marked import Mark, Marked
from .writer import UNREADABLE


def drop_repeated_lines(marked: Marked, rows: Iterable[Sequence[str]]) -> Marked:
    """Keep each line's first occurrence; blank lines go too.

    rows: the paths of each table row. A row that lost one of its values is unreadable as a
    whole, for the numbers left cannot be told apart; so is a label whose value is gone.
    """
    seen: set[str] = set()
    kept: list[tuple[int, int]] = []
    start = 0
    for line in marked.text.split("\n"):
        end = start + len(line)
        if (wording := line.strip()) and wording not in seen:
            seen.add(wording)
            kept.append((start, end))
        start = end + 1
    moved = _keep(marked, kept)
    survivors = {m.key for m in moved.marks if m.label is Label.VALUE and m.start < m.end}
    lost = {path for row in rows if not survivors.issuperset(row) for path in row}
    lost -= {path for path in lost if path.startswith(UNREADABLE)}
    marks = (replace(m, key=UNREADABLE + m.key) if m.key in lost else m for m in moved.marks)
    return Marked(moved.text, tuple(marks))


def _keep(marked: Marked, kept: list[tuple[int, int]]) -> Marked:
    """The text of the kept lines; a mark keeps what is left of it, an empty one its place."""
    places = [0] * (len(marked.text) + 2)  # old place -> new place
    parts = []
    new = old = 0
    for start, end in kept:
        places[old:start] = [new] * (start - old)
        places[start : end + 1] = range(new, new + end - start + 1)
        parts.append(marked.text[start:end])
        new += end - start + 1
        old = end + 1
    places[old:] = [max(new - 1, 0)] * (len(places) - old)
    text = "\n".join(parts)
    marks = []
    for mark in marked.marks:
        start, end = places[mark.start], places[mark.end]
        while end > start and text[end - 1] == "\n":
            end -= 1
        marks.append(Mark(start, max(start, end), mark.label, mark.key))
    return Marked(text, tuple(marks))
