"""One synthetic report with its gold. Start at sample; `python -m … SEED` prints one."""

import hashlib
import random
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from ...models.document import Document
from ...models.form import Block, Version, form
from . import headings, improvement, narrative, organs, titles
from .damages import DAMAGES, Damaged, pick
from .gold import Gold, gold_of
from .grammar import Split
from .html import read_back, render_page
from .layouts.presets import LAYOUTS, WEIGHTS
from .marked import Mark, Marked
from .parts import Draft, Part, lay_out
from .printing import PrintedCell, print_plain
from .subject import Subject
from .tables import Table, break_headers, respell_hooks, table2, table3, table4
from .values import Values, pick_magnitude, sample_values

HTML = "html"


@dataclass(frozen=True, slots=True)
class Sample:
    """document: spans are gold's, sorted and stripped; grid only where `layout` is html.

    damages: the names of those that left a trace. source: the file's bytes.
    """

    document: Document
    gold: Gold
    layout: str
    damages: tuple[str, ...]
    source: bytes


def sample(
    seed: int,
    split: Split,
    *,
    layouts: Collection[str] | None = None,
    damages: Collection[str] | None = None,
    n_damages: tuple[int, int] = (0, 3),
) -> Sample:
    """The report of that seed and split; always the same, as long as the phrases stay.

    layouts, damages: names of LAYOUTS (and "html") and of DAMAGES to draw from; None for all.
    n_damages: the least and the largest number of damages that are tried.
    Raises KeyError where a name is unknown.
    """
    rng = random.Random(f"{split}:{seed}")
    names = sorted(WEIGHTS if layouts is None else layouts)
    layout = rng.choices(names, [WEIGHTS[name] for name in names])[0]
    allowed = sorted(DAMAGES if damages is None else damages)
    damaged = Damaged(pick(allowed, rng.randint(*n_damages), rng, html=layout == HTML), rng)

    organ, self_name, kind = organs.sample_organ(rng, split)
    year = rng.choices(range(2019, 2026), [1, 1, 2, 2, 3, 3, 3])[0]
    version: Version = "2019" if year < 2021 or rng.random() < 0.12 else "2021"
    found = form(version)
    blocks = damaged.blocks((*found.t2, found.t3, *found.t4))
    printed = damaged.contents(print_plain(_values(blocks, version, rng)))
    values = {path: cell.value for path, cell in printed.items()}
    subject = Subject(organ, self_name, kind, year, version, values)

    tables = damaged.grids(_tables(blocks, printed, rng))
    draft = damaged.parts(Draft(subject, split, _parts(subject, split, tables, rng)))
    marked, document, source = _written(draft, layout, damaged, f"{split}-{seed}", rng)
    marked = _tight(marked)
    gold = gold_of(marked, blocks, printed, subject)
    document = replace(document, spans=marked.spans())
    return Sample(document, gold, layout, damaged.done, source)


def _values(blocks: Sequence[Block], version: Version, rng: random.Random) -> Values:
    """Figures for the blocks as they stand: in a hybrid, some are of the other version."""
    magnitude = pick_magnitude(rng)
    values = sample_values(version, rng, magnitude)
    wanted = [path for block in blocks for path in block.paths()]
    if not values.keys() >= set(wanted):
        values = sample_values("2021" if version == "2019" else "2019", rng, magnitude) | values
    return {path: values[path] for path in wanted}


def _tables(
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


def _parts(
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
        parts.append(Part("title", _title(titles.title(subject, rng, split), subject)))
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
        if rng.random() < 0.12:
            lead = narrative.table_lead(table.id, subject, rng, split)
            parts.append(Part("prose", lead, section))
        parts.append(Part("table", section=section, table=table))
    parts += (heading("5", 5), Part("prose", improvement.section_five(subject, rng, split), "5"))
    if rng.random() < 0.95:
        parts += (heading("6", 6), Part("prose", narrative.section_six(subject, rng, split), "6"))
    if rng.random() < 0.5:
        parts.append(Part("signature", titles.signature(subject, rng, split)))
    return tuple(parts)


def _title(title: Marked, subject: Subject) -> Marked:
    """The title, with a mark over the organ where it names it whole."""
    at = title.text.find(subject.organ)
    if at < 0:
        return title
    organ = Mark(at, at + len(subject.organ), None, "organ")
    return Marked(title.text, (*title.marks, organ))


def _written(
    draft: Draft, layout: str, damaged: Damaged, name: str, rng: random.Random
) -> tuple[Marked, Document, bytes]:
    if layout == HTML:
        return read_back(damaged.texts(render_page(draft, rng)), f"{name}.html")
    plan = LAYOUTS[layout](rng)
    marked = damaged.texts(lay_out(draft.parts, plan, rng))
    source = marked.text.encode()
    digest = hashlib.sha256(source).hexdigest()
    path = f"{name}.{plan.format}"
    return marked, Document(path, marked.text, plan.format, digest, "utf-8"), source


def _tight(marked: Marked) -> Marked:
    """The same with white space at the edges of every labelled mark left out of it."""
    marks = []
    for mark in marked.marks:
        start, end = mark.start, mark.end
        if mark.label is not None:
            wording = marked.text[start:end]
            start += len(wording) - len(wording.lstrip())
            end = max(start, mark.start + len(wording.rstrip()))
        marks.append(Mark(start, end, mark.label, mark.key))
    return Marked(marked.text, tuple(marks))


def main(arguments: Sequence[str]) -> None:
    """Print the report of a seed: its text, then what is in its gold."""
    found = sample(int(arguments[0]), "train")
    gold = found.gold
    states = {state: list(gold.states.values()).count(state) for state in set(gold.states.values())}
    print(found.document.text)
    print("-" * 40, found.layout, found.damages, dict(gold.meta), states, gold.sections, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
