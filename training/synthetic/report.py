"""One synthetic report with its gold. Start at sample; `python -m … SEED` prints one."""

import hashlib
import random
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from ...models.document import Document
from ...models.form import Version, form
from . import organs
from .compose import parts_for, tables_for, values_for
from .damages import DAMAGES, Damaged, pick
from .gold import Gold, gold_of
from .grammar import Split
from .html import escaped, read_back, render_page
from .layouts.presets import LAYOUTS, WEIGHTS
from .marked import Marked
from .parts import Draft, lay_out
from .printing import print_plain
from .subject import Subject

#: Pages with tags: plain HTML, and E15, where its source is escaped as JSON or as text.
HTML, ESCAPED = "html", "E15"
_PAGES = (HTML, ESCAPED)


@dataclass(frozen=True, slots=True)
class Sample:
    """document: spans are gold's, sorted and stripped; grid only where `layout` has tags.

    damages: the names of those that left a trace. source: the file's bytes. refused: the page is
    no report but about one (E17); to parse it is a fault, and its gold has no cells.
    """

    document: Document
    gold: Gold
    layout: str
    damages: tuple[str, ...]
    source: bytes
    refused: bool = False


def sample(
    seed: int,
    split: Split,
    *,
    layouts: Collection[str] | None = None,
    damages: Collection[str] | None = None,
    n_damages: tuple[int, int] = (0, 3),
) -> Sample:
    """The report of that seed and split; always the same, as long as the phrases stay.

    layouts, damages: names of WEIGHTS and of DAMAGES to draw from; None for all.
    n_damages: the least and the largest number of damages that are tried.
    Raises KeyError where a name is unknown.
    """
    rng = random.Random(f"{split}:{seed}")
    names = sorted(WEIGHTS if layouts is None else layouts)
    layout = rng.choices(names, [WEIGHTS[name] for name in names])[0]
    allowed = sorted(DAMAGES if damages is None else damages)
    damaged = Damaged(pick(allowed, rng.randint(*n_damages), rng, html=layout in _PAGES), rng)

    organ, self_name, kind = organs.sample_organ(rng, split)
    year = rng.choices(range(2019, 2026), [1, 1, 2, 2, 3, 3, 3])[0]
    version: Version = "2019" if year < 2021 or rng.random() < 0.12 else "2021"
    found = form(version)
    blocks = damaged.blocks((*found.t2, found.t3, *found.t4))
    printed = damaged.contents(print_plain(values_for(blocks, version, rng)))
    values = {path: cell.value for path, cell in printed.items()}
    subject = Subject(organ, self_name, kind, year, version, values)

    tables = damaged.grids(tables_for(blocks, printed, rng))
    draft = damaged.parts(Draft(subject, split, parts_for(subject, split, tables, rng)))
    marked, document, source = _written(draft, layout, damaged, f"{split}-{seed}", rng)
    marked = marked.tight()
    gold = gold_of(marked, blocks, printed, draft.subject)
    document = replace(document, spans=marked.spans())
    return Sample(document, gold, layout, damaged.done, source, draft.refused)


def _written(
    draft: Draft, layout: str, damaged: Damaged, name: str, rng: random.Random
) -> tuple[Marked, Document, bytes]:
    if layout in _PAGES:
        page = damaged.texts(render_page(draft, rng))
        if layout == HTML:
            return read_back(page, f"{name}.html")
        return read_back(escaped(page, rng), f"{name}.txt")
    plan = LAYOUTS[layout](rng)
    marked = damaged.texts(lay_out(draft.parts, plan, rng))
    source = marked.text.encode()
    digest = hashlib.sha256(source).hexdigest()
    path = f"{name}.{plan.format}"
    return marked, Document(path, marked.text, plan.format, digest, "utf-8"), source


def main(arguments: Sequence[str]) -> None:
    """Print the report of a seed: its text, then what is in its gold."""
    found = sample(int(arguments[0]), "train")
    gold = found.gold
    states = {state: list(gold.states.values()).count(state) for state in set(gold.states.values())}
    print(found.document.text)
    print("-" * 40, found.layout, found.damages, dict(gold.meta), states, gold.sections, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
