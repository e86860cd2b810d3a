"""A whole report as it was before anything happened to it: figures, tables, parts."""

import random
import re
from collections.abc import Sequence

from ...models.form import Block, Version, form
from . import headings, improvement, narrative, titles
from .grammar import Split
from .marked import Mark, Marked
from .parts import Part
from .printing import PrintedCell
from .subject import Subject
from .tables import Table, break_headers, respell_hooks, table2, table3, table4
from .values import Values, pick_magnitude, sample_values


def values_for(blocks: Sequence[Block], version: Version, rng: random.Random) -> Values:
    """Figures for the blocks as they stand: in a hybrid, some are of the other version."""
    magnitude = pick_magnitude(rng)
    values = sample_values(version, rng, magnitude)
    wanted = [path for block in blocks for path in block.paths()]
    if not values.keys() >= set(wanted):
        values = sample_values("2021" if version == "2019" else "2019", rng, magnitude) | values
    return {path: values[path] for path in wanted}


def tables_for(
    blocks: Sequence[Block], printed: dict[str, PrintedCell], rng: random.Random
) -> tuple[Table, ...]:
    second = [block for block in blocks if block.table == "t2"]
    old = all(block in form("2019").blocks for block in second)
    tables: tuple[Table, ...] = (
        table2(second, printed, wide=old and rng.random() < 0.35),
        table3(next(block for block in blocks if block.table == "t3"), printed),
        table4([block for block in blocks if block.table == "t4"], printed),
    )
    if rng.random() < 0.12:
        tables = respell_hooks(tables)
    return break_headers(tables, rng) if rng.random() < 0.4 else tables


def parts_for(
    subject: Subject, split: Split, tables: Sequence[Table], rng: random.Random
) -> tuple[Part, ...]:
    """Title, preface, six sections, signature; not every report has all of them."""
    style = headings.heading_style(rng)

    def heading(section: str, position: int) -> Part:
        line = headings.heading_line(section, position, rng, split, style)
        return Part("heading", line, section)

    parts: list[Part] = []
    preface: list[Marked] = []
    if rng.random() < 0.65:  # extractors drop the headline
        parts.append(Part("title", title_of(subject, rng, split)))
    if rng.random() < 0.65:
        preface.append(narrative.preface(subject, rng, split))
    if rng.random() < 0.15:  # the preface stands under the first heading
        parts += (heading("1", 1), *(Part("prose", text, "1") for text in preface))
    else:
        parts += (*(Part("preface", text) for text in preface), heading("1", 1))
    parts.append(Part("prose", narrative.section_one(subject, rng, split), "1"))
    for position, table in enumerate(tables, 2):
        section = str(position)
        parts.append(heading(section, position))
        if table.id != "aside" and rng.random() < 0.12:
            lead = narrative.table_lead(table.id, subject, rng, split)
            parts.append(Part("prose", lead, section))
        parts.append(Part("table", section=section, table=table))
    parts += (heading("5", 5), Part("prose", improvement.section_five(subject, rng, split), "5"))
    if rng.random() < 0.95:
        parts += (heading("6", 6), Part("prose", narrative.section_six(subject, rng, split), "6"))
    if rng.random() < 0.5:
        parts.append(Part("signature", titles.signature(subject, rng, split)))
    return tuple(parts)


def title_of(subject: Subject, rng: random.Random, split: Split) -> Marked:
    """A title, with a mark over the organ where it names it whole."""
    title = titles.title(subject, rng, split)
    found = re.search(r"[\s#*]*".join(map(re.escape, subject.organ)), title.text)
    if found is None:
        return title
    return Marked(title.text, (*title.marks, Mark(*found.span(), None, "organ")))
