"""What a perfect reader finds in a synthetic report: gold, from the marks that are left."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ...models.form import Block, Version, form, sections
from ...models.labels import Label
from ...models.report import Role, State
from .dates import chinese_year
from .layouts.writer import UNREADABLE
from .marked import Mark, Marked
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
    items: (role, start, end) of section 5. meta: title, issuer, year, signed_date (ISO),
    form_version; each None where the text does not say it.
    """

    cells: Mapping[str, int | float | None]
    states: Mapping[str, State]
    places: Mapping[str, tuple[int, int]]
    hidden: Mapping[str, int | float]
    sections: tuple[GoldSection, ...]
    items: tuple[Item, ...]
    meta: Mapping[str, str | int | None]


def gold_of(
    marked: Marked, blocks: Sequence[Block], printed: Mapping[str, PrintedCell], subject: Subject
) -> Gold:
    """Read the marks of the finished text.

    blocks: those of table 2 as printed, and the one of table 3 and those of table 4.
    """
    by_key = {mark.key: mark for mark in reversed(marked.marks) if mark.key}
    version = _form_version(marked.text, blocks, by_key)
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
    meta = _meta(marked, by_key, subject) | {"form_version": version}
    sections_ = _sections(marked.text, by_key)
    return Gold(cells, states, places, hidden, sections_, _items(marked), meta)


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


def _form_version(text: str, blocks: Sequence[Block], by_key: Mapping[str, Mark]) -> Version | None:
    """Of table 3, else of most blocks of table 2 (a tie: 2021), else of the notice cited."""
    standing = [block for block in blocks if block.table != "t4" and _stands(block, by_key)]
    versions = {id(block): _version_of(block) for block in standing}
    for block in standing:
        if block.table == "t3":
            return versions[id(block)]
    if standing:
        old = sum(version == "2019" for version in versions.values())
        return "2019" if old > len(standing) - old else "2021"
    cited = re.search(r"国?办公开办函\W?(2019|2021)\W?(60|30)号", text)
    return None if cited is None else ("2019" if cited[1] == "2019" else "2021")


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


def _meta(
    marked: Marked, by_key: Mapping[str, Mark], subject: Subject
) -> dict[str, str | int | None]:
    text = marked.text
    titles = sorted(
        (
            m
            for m in marked.marks
            if m.label is Label.TITLE and m.key == "title" and m.start < m.end
        ),
        key=lambda mark: mark.start,
    )
    title = "".join(_wording(text, mark) for mark in titles) or None
    return {
        "title": title,
        "issuer": _issuer(marked, by_key),
        "year": subject.year if _says_year(text, by_key, subject.year) else None,
        "signed_date": _signed_date(marked, by_key),
    }


def _says_year(text: str, by_key: Mapping[str, Mark], year: int) -> bool:
    """Whether title, period, narrative or signature tell the year of the report."""
    folded = unicodedata.normalize("NFKC", text)
    if re.search(rf"{year}\s*(年|\.\d)|{chinese_year(year)}", folded):
        return True
    signed = by_key.get("signed_date")
    shown = "" if signed is None else text[signed.start : signed.end]
    return bool(re.match(rf"{year + 1}|二.{{2}}{chinese_year(year + 1)[-1]}年", shown))


def _wording(text: str, mark: Mark) -> str:
    return re.sub(r"\s*\n\s*", "", text[mark.start : mark.end])


def _issuer(marked: Marked, by_key: Mapping[str, Mark]) -> str | None:
    """The organ in the title; else the signature's; else the metadata block's."""
    if (organ := by_key.get("organ")) and organ.start < organ.end:
        return _wording(marked.text, organ)
    named = [m for m in marked.marks if m.label is Label.ISSUER and m.start < m.end]
    if not named:
        return None
    signature = by_key.get("signature")
    named.sort(key=lambda m: (signature is None or m.start < signature.start, m.start))
    return _wording(marked.text, named[0])


_DIGITS = {char: str(n) for n, char in enumerate("〇一二三四五六七八九")} | {
    zero: "0" for zero in "○零OoΟ"
}
_DATE = re.compile(
    r"(\d{4}|[〇○零OoΟ一二三四五六七八九]{4})\s*[年.\-/]\s*([\d一二三四五六七八九十]{1,3})\s*[月.\-/]"
    r"\s*([\d一二三四五六七八九十]{1,3})\s*日?"
)


def _signed_date(marked: Marked, by_key: Mapping[str, Mark]) -> str | None:
    """The date of the signature in ISO form; None where there is none that can be read."""
    mark = by_key.get("signed_date")
    if mark is None:
        return None
    wording = unicodedata.normalize("NFKC", marked.text[mark.start : mark.end])
    match = _DATE.fullmatch(wording.strip())
    if match is None:
        return None
    year = "".join(_DIGITS.get(char, char) for char in match[1])
    try:
        return date(int(year), _small(match[2]), _small(match[3])).isoformat()
    except (ValueError, KeyError):  # a damage ate digits (1月131日) or doubled them (十十)
        return None


def _small(text: str) -> int:
    """A day or month: 3, 十二, 二十一."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return int("".join(_DIGITS[char] for char in tens))  # 二二, where a typist left out 十
    return int(_DIGITS[tens] if tens else 1) * 10 + int(_DIGITS[ones] if ones else 0)
