"""What a perfect reader finds in a synthetic report: gold, from the marks that are left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...models.form import Block, Version, form, sections
from ...models.labels import Label
from ...models.report import Role, State
from .gold_meta import Facts, cited_notice, meta_of
from .layouts.writer import UNREADABLE
from .marked import Mark, Marked
from .parts import OTHER
from .printing import PrintedCell
from .subject import Subject

Item = tuple[Role, int, int]


@dataclass(frozen=True, slots=True)
class GoldSection:
    """One of the six, as the contract bounds it. Heading offsets are None where it has none."""

    id: str
    heading_start: int | None
    heading_end: int | None
    body_start: int
    body_end: int


@dataclass(frozen=True, slots=True)
class Gold:
    """cells, states: in the order of the contract; None is never 0.

    places: (start, end) of every cell that stands in the text, blank ones included.
    hidden: the true values of unreadable cells; to give one is no fault (contract: scoring).
    items: (role, start, end) of section 5. meta: the contract's fields but `kind`; dates in ISO
    form; each None where the text does not say it.
    """

    cells: Mapping[str, int | float | None]
    states: Mapping[str, State]
    places: Mapping[str, tuple[int, int]]
    hidden: Mapping[str, int | float]
    sections: tuple[GoldSection, ...]
    items: tuple[Item, ...]
    meta: Facts


def gold_of(
    marked: Marked, blocks: Sequence[Block], printed: Mapping[str, PrintedCell], subject: Subject
) -> Gold:
    """Read the marks of the finished text.

    blocks: those of table 2 as printed, and the one of table 3 and those of table 4.
    """
    marked = _own(marked)
    by_key = {mark.key: mark for mark in reversed(marked.marks) if mark.key}
    version = _form_version(marked, blocks, by_key)
    cells: dict[str, int | float | None] = {}
    states: dict[str, State] = {}
    for path in _paths(blocks, by_key, version):
        states[path], cells[path] = _cell(path, printed.get(path), by_key)
    places = {
        path: (mark.start, mark.end)
        for path, state in states.items()
        if state != "missing" and (mark := by_key.get(path) or by_key.get(UNREADABLE + path))
    }
    hidden = {
        path: cell.value
        for path, cell in printed.items()
        if states.get(path) == "unreadable" and cell.value is not None
    }
    meta = {**meta_of(marked, subject), "form_version": version}
    sections_ = _sections(marked.text, by_key)
    return Gold(cells, states, places, hidden, sections_, _items(marked), meta)


def _own(marked: Marked) -> Marked:
    """The same with a second report on the page blanked out, offsets unchanged."""
    for other in [mark for mark in marked.marks if mark.key == f"body:{OTHER}"]:
        blank = " " * (other.end - other.start)
        text = marked.text[: other.start] + blank + marked.text[other.end :]
        own = (m for m in marked.marks if m.end <= other.start or m.start >= other.end)
        marked = Marked(text, tuple(own))
    return marked


def _items(marked: Marked) -> tuple[Item, ...]:
    roles: Mapping[Label | None, Role] = {Label.PROBLEM: "problem", Label.MEASURE: "measure"}
    marks = sorted(marked.marks, key=lambda mark: mark.start)
    return tuple(
        (roles[mark.label], mark.start, mark.end)
        for mark in marks
        if mark.label in roles and mark.start < mark.end
    )


def _cell(
    path: str, cell: PrintedCell | None, by_key: Mapping[str, Mark]
) -> tuple[State, int | float | None]:
    if UNREADABLE + path in by_key:
        return "unreadable", None
    mark = by_key.get(path)
    if cell is None or mark is None or (cell.raw is not None and mark.start == mark.end):
        return "missing", None
    return cell.state, cell.value


def _stands(block: Block, by_key: Mapping[str, Mark]) -> bool:
    """Whether a row of the block is in the text."""
    return any(path in by_key or UNREADABLE + path in by_key for path in block.paths())


def _form_version(
    marked: Marked, blocks: Sequence[Block], by_key: Mapping[str, Mark]
) -> Version | None:
    """Of table 3, else of most blocks of table 2 (a tie: 2021), else of the notice cited."""
    standing = [block for block in blocks if block.table != "t4" and _stands(block, by_key)]
    versions = {id(block): _version_of(block) for block in standing}
    for block in standing:
        if block.table == "t3":
            return versions[id(block)]
    if standing:
        old = sum(version == "2019" for version in versions.values())
        return "2019" if old > len(standing) - old else "2021"
    cited = cited_notice(marked)
    return None if cited is None else ("2019" if "2019" in cited else "2021")


def _version_of(block: Block) -> Version:
    return "2019" if block in form("2019").blocks else "2021"


def _paths(
    blocks: Sequence[Block], by_key: Mapping[str, Mark], version: Version | None
) -> list[str]:
    """In the order of the contract: blocks as printed, the others in the report's version."""
    version = version or "2021"
    printed = {block.id: block for block in blocks if block.table == "t2"}
    paths: list[str] = []
    for id_ in ("1", "5", "6", "8", "9"):
        block = printed.get(id_)
        if block is None or not _stands(block, by_key):
            block = next((b for b in form(version).t2 if b.id == id_), None)
        paths += block.paths() if block else ()
    paths += form(version).t3.paths()
    return [*paths, *(path for block in form(version).t4 for path in block.paths())]


def _sections(text: str, by_key: Mapping[str, Mark]) -> tuple[GoldSection, ...]:
    found = []
    for section in sections():
        heading, body = by_key.get(f"heading:{section.id}"), by_key.get(f"body:{section.id}")
        headed = heading is not None and heading.start < heading.end
        start, end = (0, 0) if body is None else _stripped(text, body)
        if start == end and not headed:
            continue
        if headed and heading is not None:
            if start == end:
                start = end = heading.end
            found.append(GoldSection(section.id, heading.start, heading.end, start, end))
        else:
            found.append(GoldSection(section.id, None, None, start, end))
    return tuple(found)


def _stripped(text: str, mark: Mark) -> tuple[int, int]:
    wording = text[mark.start : mark.end]
    start = mark.start + len(wording) - len(wording.lstrip())
    return start, max(start, mark.start + len(wording.rstrip()))
