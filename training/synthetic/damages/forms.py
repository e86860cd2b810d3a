"""Damages of the form itself: blocks of the wrong version."""

import random
from collections.abc import Callable, Mapping

from ....models.form import Block, form

FormDamage = Callable[[tuple[Block, ...], random.Random], tuple[Block, ...]]


def hybrid(blocks: tuple[Block, ...], rng: random.Random) -> tuple[Block, ...]:
    """B2: some blocks of table 2 are of the other version; 第（九）项 may be gone or come."""
    second = [block for block in blocks if block.table == "t2"]
    other = form("2021" if second[0] in form("2019").t2 else "2019")
    by_id = {block.id: block for block in other.t2}
    mixed = [by_id[b.id] if b.id in by_id and rng.random() < 0.5 else b for b in second]
    if rng.random() < 0.5:
        mixed = [block for block in mixed if block.id != "9"]
    return (*mixed, *(block for block in blocks if block.table != "t2"))


FORMS: Mapping[str, tuple[float, FormDamage]] = {"B2_hybrid": (1.0, hybrid)}
