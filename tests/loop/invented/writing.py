"""What the invented layouts have in common: the report itself, and the page around its tables.

The contents (organs, figures, prose) are the generator's; a layout says how they are written.
"""

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nianbao.models.document import Document
from nianbao.models.form import Block, Version, form
from nianbao.models.labels import Label
from nianbao.training.synthetic import headings, organs
from nianbao.training.synthetic.compose import parts_for, tables_for, values_for
from nianbao.training.synthetic.edits import Builder
from nianbao.training.synthetic.gold import gold_of
from nianbao.training.synthetic.grammar import Split
from nianbao.training.synthetic.marked import Marked
from nianbao.training.synthetic.parts import Bodies, Part, is_heading
from nianbao.training.synthetic.printing import Content, Printed, print_plain
from nianbao.training.synthetic.report import Sample
from nianbao.training.synthetic.subject import Subject
from nianbao.training.synthetic.tables import Table

_BIG = "壹贰叁肆伍陆"


@dataclass(frozen=True, slots=True)
class Page:
    """How one report is written.

    heading: of a section: {n} and {big} are its number, {words} its words. spacing: between parts.
    above, below: what such a page says there. habits: of the office in typing figures, of which
    it has one at most. table: a table, its blocks of the form and their figures -> the text.
    """

    heading: str
    spacing: str
    above: Sequence[str]
    below: Sequence[str]
    habits: Sequence[Content]
    table: Callable[[Table, Sequence[Block], Printed], Marked]


def report(name: str, seed: int, split: Split, draw: Callable[[random.Random], Page]) -> Sample:
    """The report of that seed in the layout `name`, with its gold.

    Always the same, as long as the phrases stay. Seeds here have a name of their own: no report
    of the generator is drawn from the same numbers.
    """
    rng = random.Random(f"{name}:{split}:{seed}")
    organ, self_name, kind = organs.sample_organ(rng, split)
    year = rng.choice(range(2019, 2026))
    version: Version = "2019" if year < 2021 else "2021"
    found = form(version)
    blocks = (*found.t2, found.t3, *found.t4)
    page = draw(rng)
    printed = _printed(print_plain(values_for(blocks, version, rng)), page, rng)
    values = {path: cell.value for path, cell in printed.items()}
    subject = Subject(organ, self_name, kind, year, version, values)
    parts = parts_for(subject, split, tables_for(blocks, printed, rng), rng)
    headed = [_headed(part, page, split, rng) for part in parts]

    def write(table: Table) -> Marked:
        return page.table(table, [block for block in blocks if block.table == table.id], printed)

    marked = _written(headed, page, write, rng)
    source = marked.text.encode()
    document = Document(
        path=f"{name}-{split}-{seed}.txt",
        text=marked.text,
        format="txt",
        sha256=hashlib.sha256(source).hexdigest(),
        encoding="utf-8",
        spans=marked.spans(),
    )
    return Sample(document, gold_of(marked, blocks, printed, subject), name, (), source)


def _printed(printed: Printed, page: Page, rng: random.Random) -> Printed:
    """The figures as the office typed them: plain, or with one habit of its own."""
    return rng.choice(page.habits)(printed, rng) if rng.random() < 0.4 else printed


def _headed(part: Part, page: Page, split: Split, rng: random.Random) -> Part:
    """The part, or a heading written this layout's way."""
    if not is_heading(part):
        return part
    number = int(part.section)
    words = headings.heading(part.section, rng, split)
    line = page.heading.format(n=number, big=_BIG[number - 1], words=words)
    return replace(part, content=Marked.of(line, Label.SECTION, f"heading:{part.section}"))


def _written(
    parts: Sequence[Part], page: Page, write: Callable[[Table], Marked], rng: random.Random
) -> Marked:
    """The parts as one text, with marks for us over the sections' bodies and the signature."""
    out = Builder()
    bodies = Bodies()
    if rng.random() < 0.8:
        out.add(Marked.of(rng.choice(page.above), Label.NOISE) + "\n")
    for index, part in enumerate(parts):
        out.add(page.spacing if index else "")
        start = out.length
        out.add(part.content if part.table is None else write(part.table))
        bodies.add(part, start, out.length)
        if part.kind == "signature":
            out.mark(start, out.length, "signature")
    bodies.mark(out)
    if rng.random() < 0.7:
        out.add("\n" + Marked.of(rng.choice(page.below), Label.NOISE))
    return out.build()
