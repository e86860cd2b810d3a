"""A report as a sequence of parts, and how they become one text."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from .edits import Builder, edit
from .grammar import Split
from .layouts import Plan, Style, write
from .layouts.dedupe import drop_repeated_lines
from .marked import Marked
from .subject import Subject
from .tables import Table, paths_of

PartKind = Literal[
    "top", "title", "preface", "heading", "prose", "table", "signature", "bottom"
]  # fmt: skip


#: The section of whatever belongs to a second report on the same page.
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch that stands on lines of its own.

    section: the id of the section that it belongs to; "" outside of the six; OTHER in a report
    that is not the page's first. A second heading inside a section (五 split in two) belongs to
    its body.
    joint: written between the part before and this one, where not None.
    """

    kind: PartKind
    content: Marked = field(default_factory=Marked)
    section: str = ""
    table: Table | None = None
    joint: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A report before it is laid out. refused: the page is no report, only about one."""

    subject: Subject
    split: Split
    parts: tuple[Part, ...]
    refused: bool = False


def is_heading(part: Part) -> bool:
    """Whether the part is the heading of its section (and not a second one inside it)."""
    return part.kind == "heading" and any(
        mark.key == f"heading:{part.section}" for mark in part.content.marks
    )


class Bodies:
    """Collects where each section's body begins and ends while parts are written."""

    def __init__(self) -> None:
        self._bounds: dict[str, tuple[int, int]] = {}

    def add(self, part: Part, start: int, end: int) -> None:
        if part.section and not is_heading(part):
            first, _ = self._bounds.get(part.section, (start, end))
            self._bounds[part.section] = (first, end)

    def mark(self, out: Builder) -> None:
        for section, (start, end) in self._bounds.items():
            out.mark(start, end, f"body:{section}")


def lay_out(parts: Sequence[Part], plan: Plan, rng: random.Random) -> Marked:
    """The parts as one text, tables as `plan` says, marks `body:N` and `signature` set."""
    gap = rng.choice(["\n", "\n", "\n", "\n\n", "\n\n", "\n \n"])
    out = Builder()
    bodies = Bodies()
    before: Part | None = None
    for part in parts:
        if before is not None:
            out.add(_between(before, part, plan, gap, rng))
        start = out.length
        if part.table is not None:
            out.add(_table(part.table, plan, rng))
        else:
            out.add(_spread(part.content, gap))
        bodies.add(part, start, out.length)
        if part.kind == "signature":
            out.mark(start, out.length, "signature")
        before = part
    bodies.mark(out)
    if rng.random() < 0.7:
        out.add("\n")
    marked = out.build()
    if plan.dedupe:
        tables = [part.table for part in parts if part.table is not None]
        rows = [paths for table in tables for row in table.rows if (paths := paths_of(row))]
        return drop_repeated_lines(marked, rows)
    return marked


def _between(before: Part, part: Part, plan: Plan, gap: str, rng: random.Random) -> str:
    if part.joint is not None:
        return part.joint
    if plan.run_in and _tabular(before) and _tabular(part):
        return rng.choice([" ", " ", "  "])
    if part.table is not None or before.table is not None:
        return rng.choice([gap, gap, "\n", gap + "\n"])
    return gap


def _tabular(part: Part) -> bool:
    return part.table is not None or (part.kind == "heading" and part.section in ("2", "3", "4"))


def _spread(content: Marked, gap: str) -> Marked:
    """The content with `gap` between its lines."""
    if gap == "\n":
        return content
    places = [at for at, char in enumerate(content.text) if char == "\n"]
    return edit(content, [(at, at + 1, gap) for at in places])


_LOOSE = Style(after=("\n\n",), trim="\n\n", gap="\n\n", delimited=False)


def _table(table: Table, plan: Plan, rng: random.Random) -> Marked:
    style = plan.styles.get(table.id, plan.styles["t2"])  # a table beside the three
    if plan.loose_row and table.id == "t2":
        upper = write(replace(table, rows=table.rows[:-1]), style, rng)
        return upper + "\n\n" + write(replace(table, rows=table.rows[-1:]), _LOOSE, rng)
    written = write(table, style, rng)
    return written + plan.stray if plan.stray else written
