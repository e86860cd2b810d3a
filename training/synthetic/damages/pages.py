"""Damages of whole pages: cut ends, one line, slices of text libraries, pages of e-books."""

import random
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import replace

from ....models.labels import Label
from ..edits import covered, edit, inside, with_lines
from ..layouts.writer import UNREADABLE
from ..marked import Marked
from ..parts import OTHER
from .characters import figures_spaced, wrapped

PageDamage = Callable[[Marked, random.Random], Marked]

_UNCUT = (Label.VALUE, Label.ISSUER, Label.DATE, Label.TITLE)
_ITEMS = (Label.PROBLEM, Label.MEASURE)
_TABLES = ("body:2", "body:3", "body:4")
_EDGES = " \t\u3000\n#*|"
_LEAST = 4  # characters of a heading, a label or an item that can still be known for what it is


def ends_midway(marked: Marked, rng: random.Random) -> Marked:
    """E12: the end is cut off at any character: in a row, a heading, an item.

    What is cut off is missing. Of a row that is torn apart nobody can know for sure in every
    layout which cells are left: these are unreadable.
    """
    bodies = {m.key[5:]: m for m in marked.marks if m.key.startswith("body:")}
    if "1" not in bodies or bodies.get(OTHER, bodies["1"]).start < bodies["1"].start:
        return marked  # two reports that both break off: neither is the complete one
    section = rng.choices(sorted(bodies), [2 if s in "35" else 1 for s in sorted(bodies)])[0]
    start, end = bodies[section].start, bodies[section].end
    if section == "1":
        start = (start + end) // 2
    headings = [m for m in marked.marks if m.label is Label.SECTION and m.start > start]
    if headings and rng.random() < 0.15:
        heading = rng.choice(headings)
        start, end = heading.start, heading.end
    return _until(marked, _fair(marked, rng.randint(start, end)))


def _fair(marked: Marked, cut: int) -> int:
    """The cut, or the start of what would be misread if it were cut there."""
    for mark in marked.marks:
        if mark.start < cut < mark.end and (
            mark.label in _UNCUT
            or mark.key.startswith("claim:")
            or (mark.label is Label.SECTION and cut < mark.start + _LEAST + 2)
            or (mark.label in (Label.ROW, Label.GROUP) and cut < mark.start + _LEAST)
        ):
            return mark.start
    return cut


def _until(marked: Marked, cut: int) -> Marked:
    cells = [(m, key) for m in marked.marks if (key := _row_of(m.key)) is not None]
    torn = {row for m, row in cells if m.start >= cut} & {row for m, row in cells if m.start < cut}
    marks = []
    for mark in marked.marks:
        if mark.start >= cut:
            continue
        if _row_of(mark.key) in torn and mark.start < mark.end and ":" not in mark.key:
            mark = replace(mark, key=UNREADABLE + mark.key)
        if mark.end > cut:
            mark = replace(mark, end=cut)
            if mark.label in _ITEMS:
                wording = marked.text[mark.start : cut].rstrip("，、；：。,;: \n")
                mark = replace(mark, end=mark.start + len(wording))
                if len(wording) < _LEAST:
                    continue
        marks.append(mark)
    return Marked(marked.text[:cut], tuple(marks))


def _row_of(key: str) -> str | None:
    """The row of a cell's path, None where the key is none."""
    parts = key.removeprefix(UNREADABLE).split(".")
    if parts[0] not in ("t2", "t3", "t4"):
        return None
    return "t4" if parts[0] == "t4" else ".".join(parts[:-1] if len(parts) > 2 else parts)


def one_line(marked: Marked, rng: random.Random) -> Marked:
    """E3: a layout table made one cell of the page: after a flood of bars all is one line."""
    breaks = re.finditer(r"[ \u3000\xa0]*\n[ \u3000\xa0\n]*(?:#+ )?", marked.text)
    line = edit(marked, [(*match.span(), " ") for match in breaks])
    body = min((m.start for m in line.marks if m.key == "body:1"), default=0)
    titles = [m.end for m in line.marks if m.label is Label.TITLE and m.end <= body]
    at = max(titles, default=0) if rng.random() < 0.7 else 0
    flood = "|" * rng.choice([rng.randint(1, 9), rng.randint(30, 400)])
    return edit(line, [(at, at, f" {flood} ")]) if rng.random() < 0.75 else line


def slices(marked: Marked, rng: random.Random) -> Marked:
    """E11: a text library numbers the lines that it cuts the text into; rows of tables too."""
    style = rng.choice(["{}、", "{}、", "{}、", "{}. ", "{}） "]).format
    share = rng.choice([1.0, 0.6, 0.3])
    barred = covered(marked, tuple(Label))
    places = [
        match.start()
        for match in re.finditer(r"(?m)^(?=[^\n]*\w)", marked.text)
        if not inside(match.start() - 1, barred) and rng.random() < share
    ]
    first = 1 if rng.random() < 0.6 else rng.randint(2, 30)
    lines = [(place, style(number).rstrip()) for number, place in enumerate(places, first)]
    return with_lines(marked, lines, Label.NOISE, rng.choice(["", "", "", " "]))


def page_numbers_in_tables(marked: Marked, rng: random.Random) -> Marked:
    """E10: page numbers between the cells or rows of a table, each on its own line."""
    style = rng.choice(["- {} -", "- {} -", "-{}-", "— {} —", "—{}—", "第{}页", "第 {} 页"])
    labels = (Label.ROW, Label.GROUP) if rng.random() < 0.7 else (Label.ROW, Label.VALUE)
    tables = [(m.start, m.end) for m in marked.marks if m.key in _TABLES]
    places = [
        start
        for start, _ in covered(marked, labels)
        if inside(start, sorted(tables)) and (start == 0 or marked.text[start - 1] == "\n")
    ]
    chosen = sorted(rng.sample(places, k=min(len(places), rng.randint(1, 3))))
    first = rng.randint(1, 9)
    lines = [(place, style.format(n)) for n, place in enumerate(chosen, first)]
    return with_lines(marked, lines, Label.NOISE)


def ebook(marked: Marked, rng: random.Random) -> Marked:
    """E9: pages of an e-book: heads of pages, hard wraps, blanks round figures."""
    book = wrapped(figures_spaced(marked, rng), rng.randint(24, 32))
    title = next((m for m in book.marks if m.label is Label.TITLE), None)
    name = "年度报告" if title is None else book.text[title.start : title.end].replace("\n", "")
    style = rng.choice(["Page {} - {}", "Page {} - {}", "P. {}", "P.{} {}", "第{}页 {}"])
    step = rng.randint(350, 900)
    places = [0]
    for place in _between_lines(book):
        if place >= places[-1] + step:
            places.append(place)
    lines = [(place, style.format(n, name).strip()) for n, place in enumerate(places, 1)]
    return with_lines(book, lines, Label.NOISE)


def _between_lines(marked: Marked) -> list[int]:
    """Where lines begin outside of every mark; in tables only where a row does."""
    barred = covered(marked, tuple(Label))
    tables = sorted((m.start, m.end) for m in marked.marks if m.key in _TABLES)
    rows = {start for start, _ in covered(marked, (Label.ROW, Label.GROUP))}
    return [
        match.end()
        for match in re.finditer("\n", marked.text)
        if not inside(match.start(), barred)
        and not _beside_heading(marked, match.end())
        and (match.end() in rows or not inside(match.end(), tables))
    ]


def _beside_heading(marked: Marked, place: int) -> bool:
    """Whether a section's heading is the next wording, or the last before `place`."""
    after = len(marked.text) - len(marked.text[place:].lstrip(_EDGES))
    before = len(marked.text[:place].rstrip(_EDGES))
    return any(
        mark.label is Label.SECTION and (mark.start == after or mark.end == before)
        for mark in marked.marks
    )


def mirror_commas(marked: Marked, rng: random.Random) -> Marked:
    """D5: a mirror site's filter left a comma of half width before other signs: 一,、 2023年,,."""
    share = rng.choice([1.0, 0.5, 0.15])
    barred = covered(marked, (Label.VALUE, Label.ROW, Label.GROUP, Label.COLUMN, Label.DATE))
    edits = [
        (match.start(), match.end(), "," + match[0])
        for match in re.finditer("[、。，,]", marked.text)
        if not inside(match.start(), barred) and rng.random() < share
    ]
    return edit(marked, edits)


def closing_tags(marked: Marked, rng: random.Random) -> Marked:
    """D7: what is left of a closing tag stands at the end of lines: /p>."""
    residue = rng.choice(["/p>", "/p>", "p>", "/span>", "</p", "/strong>"])
    tables = sorted((m.start, m.end) for m in marked.marks if m.key in _TABLES)
    barred = covered(marked, tuple(Label))
    # At a section's edge nobody could tell what of it belongs to the body.
    edges = {m.end for m in marked.marks if m.label is Label.SECTION or m.key[:5] == "body:"}
    share = rng.choice([0.1, 0.4])
    ends = [
        match.start()
        for match in re.finditer(r"(?<=\S)$", marked.text, re.MULTILINE)
        if match.start() not in edges
        and not inside(match.start() - 1, tables)
        and not inside(match.start(), barred)
    ]
    return edit(marked, [(end, end, residue) for end in ends if rng.random() < share])


def quoted_tails(marked: Marked, rng: random.Random) -> Marked:
    """D12: the tail of a title in angle brackets stands once more at the paragraph's end."""
    ends = [match.start() for match in re.finditer(r"\n|$", marked.text)]
    edits: dict[int, str] = {}
    for match in re.finditer("[《〈<][^》〉>\n]{4,60}[》〉>]", marked.text):
        if rng.random() < 0.6:
            end = ends[bisect_left(ends, match.end())]
            edits[end] = match[0][-rng.randint(3, 6) : -1] + rng.choice([">", ">", "》"])
    return edit(marked, [(end, end, tail) for end, tail in edits.items()])


PAGES: Mapping[str, tuple[float, PageDamage]] = {
    "D5_mirror_commas": (0.7, mirror_commas),
    "D7_closing_tags": (0.7, closing_tags),
    "D12_quoted_tails": (0.7, quoted_tails),
    "E3_one_line": (5, one_line),
    "E9_ebook": (3, ebook),
    "E10_page_numbers_in_tables": (2.5, page_numbers_in_tables),
    "E11_slices": (2, slices),
    "E12_ends_midway": (9, ends_midway),
}
