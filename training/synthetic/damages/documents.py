"""What may stand in a report's place or beside it: copies, a second report, older forms."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from ....models.form import Version, form
from ....models.labels import Label
from .. import compose, furniture, improvement, organs, titles
from ..dates import chinese_number
from ..grammar import Grammar
from ..hand import hand_of
from ..layouts.writer import UNREADABLE, Style, write
from ..marked import Marked, join
from ..parts import OTHER, Draft, Part, is_heading
from ..printing import print_plain
from ..subject import Subject
from ..tables import Cell, Table, TableRow, map_cells

DocumentDamage = Callable[[Draft, random.Random], Draft]


# Tables printed twice --------------------------------------------------------------------


def table_twice(draft: Draft, rng: random.Random) -> Draft:
    """R12: tables stand twice, the second time perhaps as an image's text, digits misread.

    Cells whose copies differ are unreadable: nobody can tell which one is right.
    """
    ids = rng.choice([("t2",), ("t3",), ("t3",), ("t2", "t3", "t4")])
    differing = rng.random() < 0.5
    as_text = rng.random() < 0.3
    parts: list[Part] = []
    for part in draft.parts:
        if part.table is None or part.table.id not in ids or part.section == OTHER:
            parts.append(part)
            continue
        changed = _misread(part.table, rng) if differing else {}
        copy = map_cells(part.table, partial(_copied, changed=changed))
        first = map_cells(part.table, partial(_doubted, changed=changed))
        parts.append(replace(part, table=first))
        if as_text:
            style = Style(after=("\n",), trim="\n", gap="\n", delimited=False)
            parts.append(Part("prose", write(copy, style, rng), part.section))
        else:
            parts.append(Part("table", section=part.section, table=copy))
    return replace(draft, parts=tuple(parts))


def _misread(table: Table, rng: random.Random) -> dict[str, str]:
    """Path -> other digits for one to three cells, in rows without blanks."""
    rows = [
        [cell for cell in row if cell.kind == "value"]
        for row in table.rows
        if all(c.content.text.strip().isdecimal() for c in row if c.kind == "value")
    ]
    cells = [cell for row in rows for cell in row]
    chosen = rng.sample(cells, k=min(len(cells), rng.randint(1, 3)))
    wrong = {}
    for cell in chosen:
        number = int(cell.content.text)
        other = number + rng.choice([1, 2, 5, 10, 30])
        wrong[_path(cell)] = str(other)
    return wrong


def _path(cell: Cell) -> str:
    return cell.content.marks[0].key


def _copied(cell: Cell, changed: Mapping[str, str]) -> Cell:
    """A cell of the second printing: the same labels, keys that gold does not know."""
    if cell.kind != "value":
        return cell
    if _path(cell) in changed:
        content = Marked.of(changed[_path(cell)], Label.VALUE, f"copy:{_path(cell)}")
    else:
        marks = tuple(replace(m, key=f"copy:{m.key}") for m in cell.content.marks)
        content = Marked(cell.content.text, marks)
    return replace(cell, content=content)


def _doubted(cell: Cell, changed: Mapping[str, str]) -> Cell:
    """A cell of the first printing: unreadable where the second says otherwise."""
    if cell.kind != "value" or _path(cell) not in changed:
        return cell
    marks = tuple(replace(m, key=UNREADABLE + m.key) for m in cell.content.marks)
    return replace(cell, content=Marked(cell.content.text, marks))


# Two reports on one page -----------------------------------------------------------------


def second_report(draft: Draft, rng: random.Random) -> Draft:
    """D10 of the documents: two reports on one page; the first complete one counts.

    Where the other one comes first, it breaks off behind its first sections. A draft that is no
    complete report itself is left alone, for then the other one would count.
    """
    if not _complete(draft):
        return draft
    other = _other_parts(draft, rng)
    if rng.random() < 0.2:
        ends = next(i for i, part in enumerate(other) if part.table is not None)
        at = next((i for i, part in enumerate(draft.parts) if part.kind != "top"), 0)
        return replace(draft, parts=(*draft.parts[:at], *other[:ends], *draft.parts[at:]))
    kinds = [part.kind for part in draft.parts]
    at = kinds.index("bottom") if "bottom" in kinds else len(kinds)
    return replace(draft, parts=(*draft.parts[:at], *other, *draft.parts[at:]))


def _complete(draft: Draft) -> bool:
    headed = {part.section for part in draft.parts if is_heading(part)}
    tables = {part.table.id for part in draft.parts if part.table is not None}
    return headed >= set("12345") and tables >= {"t2", "t3", "t4"}


def _other_parts(draft: Draft, rng: random.Random) -> tuple[Part, ...]:
    """The parts of another organ's report, with keys that gold does not know."""
    organ, self_name, kind = organs.sample_organ(rng, draft.split)
    year = draft.subject.year - rng.choice([0, 0, 0, 1])
    version: Version = "2019" if year < 2021 else "2021"
    found = form(version)
    blocks = (*found.t2, found.t3, *found.t4)
    printed = print_plain(compose.values_for(blocks, version, rng))
    values = {path: cell.value for path, cell in printed.items()}
    subject = Subject(organ, self_name, kind, year, version, values)
    tables = compose.tables_for(blocks, printed, rng)
    parts = compose.parts_for(subject, draft.split, tables, rng)
    if not any(part.kind == "title" for part in parts):
        parts = (Part("title", compose.title_of(subject, rng, draft.split)), *parts)
    return tuple(_foreign(part) for part in parts)


def _foreign(part: Part) -> Part:
    def cell(old: Cell) -> Cell:
        return replace(old, content=_rekeyed(old.content))

    table = None if part.table is None else map_cells(part.table, cell)
    return replace(part, content=_rekeyed(part.content), section=OTHER, table=table)


def _rekeyed(content: Marked) -> Marked:
    marks = (replace(m, key=m.key and f"{OTHER}:{m.key}") for m in content.marks)
    return Marked(content.text, tuple(marks))


# In a report's place ---------------------------------------------------------------------


def explanation(draft: Draft, rng: random.Random) -> Draft:
    """E17: a page that explains the report, with its words and without its tables: refused."""
    grammar, subject = Grammar("explanation", draft.split), draft.subject
    words = {"organ": subject.organ, "self": subject.self_name, "year": subject.year}

    def said(symbol: str) -> Part:
        return Part("prose", Marked(grammar.expand(symbol, rng, words)))

    title = Part("title", Marked.of(grammar.expand("title", rng, words), Label.TITLE))
    body = [said("opening"), *(said("part") for _ in range(rng.randint(2, 5))), said("problems")]
    if rng.random() < 0.6:
        body.append(said("closing"))
    tops = [part for part in draft.parts if part.kind == "top"]
    bottoms = [part for part in draft.parts if part.kind == "bottom"]
    return replace(draft, parts=(*tops, title, *body, *bottoms), refused=True)


_OLD_SECTIONS = ("1", "2", "3", "fee", "4", "staff", "5", "6", "annex")


def old_format(draft: Draft, rng: random.Random) -> Draft:
    """E18: a report of the years before the form, up to nine parts, figures in the prose alone."""
    if draft.refused:
        return draft
    year = rng.choice([*range(2008, 2019), 2019, 2020])
    subject = replace(draft.subject, year=year)
    spared = {id_ for id_ in ("fee", "staff", "6", "annex") if rng.random() < 0.4}
    sections = [id_ for id_ in _OLD_SECTIONS if id_ not in spared]
    parts = [part for part in draft.parts if part.kind == "top"]
    parts.append(Part("title", compose.title_of(subject, rng, draft.split)))
    grammar, words = Grammar("old_format", draft.split), {**hand_of(subject).words}
    words |= {"organ": subject.organ, "self": subject.self_name, "year": str(year)}
    if rng.random() < 0.8:
        parts.append(Part("preface", Marked(grammar.expand("preface", rng, words))))
    for position, id_ in enumerate(sections, 1):
        line = f"{chinese_number(position)}、{grammar.expand(id_, rng)}"
        section = id_ if id_ in "123456" else ""
        key = f"heading:{id_}" if section else ""
        parts.append(Part("heading", Marked.of(line, Label.SECTION, key), section))
        if id_ == "5":
            body = improvement.section_five(subject, rng, draft.split)
        else:
            times = 1 if id_ in ("annex", "6") else rng.randint(1, 2)
            said = [Marked(grammar.expand(f"body_{id_}", rng, words)) for _ in range(times)]
            body = join("\n", said)
        parts.append(Part("prose", body, section))
    if rng.random() < 0.5:
        parts.append(Part("signature", titles.signature(subject, rng, draft.split)))
    parts += (part for part in draft.parts if part.kind == "bottom")
    return replace(draft, subject=subject, parts=tuple(parts))


def sections_missing(draft: Draft, rng: random.Random) -> Draft:
    """D5 of the documents: whole sections are not there, or headings with nothing below."""
    gone = rng.choice([("2", "3", "4"), ("6",), ("4",), ("2", "3"), ("3", "4"), ("5", "6")])
    bare = rng.random() < 0.25

    def stays(part: Part) -> bool:
        if bare and part.kind == "prose" and part.section in ("1", "5"):
            return False
        return part.section not in gone

    return replace(draft, parts=tuple(part for part in draft.parts if stays(part)))


def fees_section(draft: Draft, rng: random.Random) -> Draft:
    """H11: 收费情况 as a section of its own behind 依申请公开 or 复议; later ordinals move up."""
    before = rng.choice("45")
    at = next((i for i, p in enumerate(draft.parts) if p.section == before and is_heading(p)), None)
    if at is None:
        return draft
    grammar = Grammar("slips", draft.split)
    line = f"{chinese_number(int(before))}、{grammar.expand('fee_heading', rng)}"
    fees = (
        Part("heading", Marked.of(line, Label.SECTION)),
        Part("prose", Marked(grammar.expand("fee_body", rng))),
    )
    later = tuple(_moved_up(part) for part in draft.parts[at:])
    return replace(draft, parts=(*draft.parts[:at], *fees, *later))


def _moved_up(part: Part) -> Part:
    """A section's heading with the next ordinal, where it has one of the usual kind."""
    if not is_heading(part):
        return part
    text = part.content.text
    for number in range(7, 3, -1):
        old = f"{chinese_number(number)}、"
        if (place := text.find(old)) >= 0 and place == part.content.marks[0].start:
            new = chinese_number(number + 1)
            return replace(part, content=part.content.replace(place, place + 1, new))
    return part


# Small tables in the narrative -----------------------------------------------------------


def small_tables(draft: Draft, rng: random.Random) -> Draft:
    """E8: small tables and titles of charts at the end of the narrative of section 1."""
    ends = [i for i, p in enumerate(draft.parts) if p.section == "1" and p.kind == "prose"]
    if not ends:
        return draft
    grammar = Grammar("slips", draft.split)
    added: list[Part] = []
    for _ in range(rng.randint(1, 2)):
        caption = Marked.of(grammar.expand("small_caption", rng), Label.CAPTION)
        table = Part("table", section="1", table=_small_table(grammar, rng))
        chart = Part("prose", furniture.image_name(rng), "1")
        added += rng.choice(
            [[Part("prose", caption, "1"), table], [table], [chart, _line(caption)]]
        )
    at = ends[-1] + 1
    return replace(draft, parts=(*draft.parts[:at], *added, *draft.parts[at:]))


def _line(caption: Marked) -> Part:
    return Part("prose", caption, "1")


def _small_table(grammar: Grammar, rng: random.Random) -> Table:
    """Two to four names over or beside their counts; nothing in it is a cell of the form."""
    phrases = grammar.phrases("small_head")
    names = rng.sample(phrases, k=min(len(phrases), rng.randint(2, 4)))
    unit = rng.choice(["", "", "次", "条", "篇"])
    counts = [f"{rng.randint(0, 400)}{unit}" for _ in names]
    rows: tuple[TableRow, ...] = (_plain(names), _plain(counts))
    if rng.random() < 0.5:
        rows = tuple(_plain(pair) for pair in zip(names, counts, strict=True))
    return Table("aside", rows, len(rows[0]))


def _plain(texts: list[str] | tuple[str, ...]) -> TableRow:
    return tuple(Cell(Marked(text), "filler") for text in texts)


#: Name -> (how often, what it does); among the other damages of a report's build.
DOCUMENTS: Mapping[str, tuple[float, DocumentDamage]] = {
    "D5doc_sections_missing": (1, sections_missing),
    "E8_small_tables": (1, small_tables),
    "E17_explanation": (0.5, explanation),
    "E18_old_format": (1, old_format),
    "H11_fees_section": (0.7, fees_section),
    "R12_table_twice": (1, table_twice),
}

#: Done last, for only what is then a complete report is the first complete one.
BESIDE: Mapping[str, tuple[float, DocumentDamage]] = {"D10doc_second_report": (0.7, second_report)}
