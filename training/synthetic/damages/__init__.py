"""What happens to reports on their way: one named function per damage. Start at DAMAGES."""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from ....models.form import Block
from ..marked import Marked
from ..parts import Draft
from ..printing import CONTENTS, Printed
from ..tables import Table
from .characters import TEXTS, TEXTS_OF_PLAIN_FILES
from .documents import BESIDE, DOCUMENTS
from .forms import FORMS
from .grids import GRIDS
from .labels import LABELS
from .merged import MERGED
from .pages import PAGES
from .prose import PROSE
from .structure import PARTS

_Thing = TypeVar("_Thing")
_Registry = Mapping[str, tuple[float, Callable[[_Thing, random.Random], _Thing]]]

#: Name -> how often, relative to each other. The names begin with the codes of the list of
#: damages seen on real pages; D1doc to D17doc are those of whole documents (facts 4.4).
DAMAGES: Mapping[str, float] = {
    name: weight
    for registry in (
        FORMS,
        CONTENTS,
        LABELS,
        GRIDS,
        MERGED,
        PROSE,
        PARTS,
        DOCUMENTS,
        BESIDE,
        TEXTS,
        TEXTS_OF_PLAIN_FILES,
        PAGES,
    )
    for name, (weight, _) in registry.items()
}

_OF_PLAIN_FILES = frozenset({*TEXTS_OF_PLAIN_FILES, *PAGES})


def pick(allowed: Sequence[str], count: int, rng: random.Random, *, html: bool) -> tuple[str, ...]:
    """`count` different damages by weight, fewer where fewer are possible."""
    names = [name for name in allowed if not (html and name in _OF_PLAIN_FILES)]
    chosen: list[str] = []
    while names and len(chosen) < count:
        name = rng.choices(names, [DAMAGES[name] for name in names])[0]
        names.remove(name)
        chosen.append(name)
    return tuple(chosen)


class Damaged:
    """Applies the chosen damages, each at its stage, and keeps the names of those that did harm."""

    def __init__(self, chosen: Sequence[str], rng: random.Random) -> None:
        self._chosen = chosen
        self._rng = rng
        self.done: tuple[str, ...] = ()

    def blocks(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return self._apply(FORMS, blocks)

    def contents(self, printed: Printed) -> Printed:
        return self._apply(CONTENTS, printed)

    def grids(self, tables: tuple[Table, ...]) -> tuple[Table, ...]:
        return self._apply(MERGED, self._apply(GRIDS, self._apply(LABELS, tables)))

    def parts(self, draft: Draft) -> Draft:
        built = self._apply(DOCUMENTS, self._apply(PARTS, self._apply(PROSE, draft)))
        return self._apply(BESIDE, built)

    def texts(self, marked: Marked) -> Marked:
        return self._apply(PAGES, self._apply(TEXTS_OF_PLAIN_FILES, self._apply(TEXTS, marked)))

    def _apply(self, registry: _Registry[_Thing], thing: _Thing) -> _Thing:
        for name in self._chosen:
            if name in registry:
                before, thing = thing, registry[name][1](thing, self._rng)
                if thing != before:
                    self.done += (name,)
        return thing
