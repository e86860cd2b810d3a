"""Reports from our own generator, with as much prose as a length asks for."""

import random
from dataclasses import replace

from benchmarks.site import with_site
from nianbao.models.form import form
from nianbao.training.synthetic import furniture, improvement, narrative, organs
from nianbao.training.synthetic.compose import parts_for, tables_for, values_for
from nianbao.training.synthetic.edits import edit
from nianbao.training.synthetic.grammar import Split
from nianbao.training.synthetic.html import render_page
from nianbao.training.synthetic.layouts.presets import LAYOUTS, WEIGHTS
from nianbao.training.synthetic.marked import Marked
from nianbao.training.synthetic.parts import Draft, Part, lay_out
from nianbao.training.synthetic.printing import print_plain
from nianbao.training.synthetic.subject import Subject

SPLIT: Split = "held_out"
_PAGE_ONLY = ("html", "E15")


def draft(number: int) -> Draft:
    """An undamaged report, always the same for a number; some have no title or signature."""
    rng = random.Random(f"benchmark:{number}")
    organ, self_name, kind = organs.sample_organ(rng, SPLIT)
    found = form("2021")
    blocks = (*found.t2, found.t3, *found.t4)
    printed = print_plain(values_for(blocks, "2021", rng))
    values = {path: cell.value for path, cell in printed.items()}
    subject = Subject(organ, self_name, kind, rng.randint(2021, 2025), "2021", values)
    tables = tables_for(blocks, printed, rng)
    return Draft(subject, SPLIT, parts_for(subject, SPLIT, tables, rng))


def lengthened(found: Draft, length: int, rng: random.Random) -> Draft:
    """The draft with more prose in sections 1 and 5 until it has about `length` characters."""
    parts = list(found.parts)
    missing = length - sum(_size(part) for part in parts)
    while missing > 0:
        section = "5" if rng.random() < 0.25 else "1"
        write = improvement.section_five if section == "5" else narrative.section_one
        content = _cut(write(found.subject, rng, SPLIT), missing)
        last = max(i for i, part in enumerate(parts) if part.section == section)
        parts.insert(last + 1, Part("prose", content, section))
        missing -= len(content) + 1
    return replace(found, parts=tuple(parts))


def _size(part: Part) -> int:
    """About how many characters a part has once it is laid out."""
    if part.table is None:
        return len(part.content) + 1
    return sum(len(cell.content) + 1 for row in part.table.rows for cell in row)


def _cut(content: Marked, length: int) -> Marked:
    """At most `length` characters of `content`."""
    if len(content) <= length:
        return content
    return edit(content, [(length, len(content), "")])


def page(number: int, length: int) -> bytes:
    """An HTML file: the report with the site's furniture round it."""
    rng = random.Random(f"page:{number}")
    found = draft(number)
    top = Part("top", furniture.page_top(found.subject, rng, SPLIT))
    bottom = Part("bottom", furniture.page_bottom(found.subject, rng, SPLIT))
    framed = replace(found, parts=(top, *found.parts, bottom))
    source = render_page(lengthened(framed, length, rng), rng).text
    codec = "gb18030" if "gb2312" in source[:400] else "utf-8"
    return with_site(source, found.subject.organ, rng).encode(codec)


def plain(number: int, length: int) -> str:
    """A text in one of the layouts that converters and copying leave."""
    rng = random.Random(f"plain:{number}")
    names = [name for name in WEIGHTS if name not in _PAGE_ONLY]
    name = rng.choices(names, [WEIGHTS[name] for name in names])[0]
    plan = LAYOUTS[name](rng)
    return lay_out(lengthened(draft(number), length, rng).parts, plan, rng).text


def exactly(number: int, length: int) -> str:
    """A text of `length` characters in one layout, a cell a line: for cost against length.

    ValueError where the report is longer than that without any prose added.
    """
    seed = f"exactly:{number}"
    longer = lengthened(draft(number), length, random.Random(seed))
    plan = LAYOUTS["A1"](random.Random(seed))
    laid_out = lay_out(longer.parts, plan, random.Random(seed))
    end = next(mark.start for mark in laid_out.marks if mark.key == "heading:2") - 1
    start = end - (len(laid_out) - length)  # what is too much is taken off section 1
    body = next(mark.start for mark in laid_out.marks if mark.key == "body:1")
    if not body <= start <= end:
        raise ValueError(f"report {number} cannot be given {length} characters")
    return laid_out.text[:start] + laid_out.text[end:]
