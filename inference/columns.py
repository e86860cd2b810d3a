"""Which column of a block a label names, wherever it stands: above the figures or beside one."""

from collections.abc import Sequence
from functools import cache

from rapidfuzz import fuzz

from ..models.form import VERSIONS, Block, form
from .remembered import remembered
from .wording import best_likeness, is_form_wording, letters

#: Below this likeness a label is no column's; another column must be this much less alike.
LEAST_LIKENESS = 0.6
MARGIN = 0.2
#: A label this much like one of the form's is that one.
NEAR = 0.8
_TOTALS = ("合计", "共计")


@cache
def _blocks() -> tuple[Block, ...]:
    return tuple(block for version in VERSIONS for block in form(version).blocks)


@cache
def _headers() -> tuple[str, ...]:
    """The columns of every block, and what stands above those of table 4."""
    columns = {letters(column.label) for block in _blocks() for column in block.columns}
    above = {block.label for block in _blocks() if block.table == "t4"}
    return tuple(sorted(columns | above | {"行政诉讼"}))


def column_named(text: str, block: Block) -> int | None:
    """The index of the block's column that a label names; None for none, or for several.

    A part of its words is enough (制发), and more may stand before them (法人或其他组织—商业企业).
    """
    return _named(text, tuple(letters(column.label) for column in block.columns))


@remembered
def _named(text: str, known: tuple[str, ...]) -> int | None:
    ours = "总计" if letters(text) in _TOTALS else letters(text)
    if not ours:
        return None
    for fits in (
        [wording == ours for wording in known],
        [ours.endswith(wording) for wording in known],
        [len(ours) > 1 and ours in wording for wording in known],
    ):
        if any(fits):
            return fits.index(True) if sum(fits) == 1 else None
    alike = [fuzz.ratio(ours, wording) / 100 for wording in known]
    others = set(_headers()) - set(known)
    best = max(alike)
    rest = [one for i, one in enumerate(alike) if i != alike.index(best)]
    if best < LEAST_LIKENESS or any(one > best - MARGIN for one in rest):
        return None
    if any(fuzz.ratio(ours, wording) / 100 >= best for wording in others):
        return None  # a header of another table: 其他结果 is not 其他
    return alike.index(best)


@remembered
def heads_another(text: str, table: str, id_: str) -> bool:
    """Whether a label is the form's, but heads no column of this block in either version.

    What the form does not know may head any.
    """
    own = [b for b in _blocks() if (b.table, b.id) == (table, id_)]
    spanning = {letters(c.under) for block in own for c in block.columns if c.under}
    if letters(text) in spanning or any(column_named(text, block) is not None for block in own):
        return False
    return is_label(text)


def is_label(text: str) -> bool:
    """Whether a wording is one of the form's, of a row, group or column."""
    return best_likeness(text, _headers()) >= NEAR or is_form_wording(text, NEAR)


def in_form_order(named: Sequence[int | None]) -> bool:
    """Whether the columns that are known stand at their own places, and are half of all."""
    known = [(place, column) for place, column in enumerate(named) if column is not None]
    return 2 * len(known) >= len(named) and all(place == column for place, column in known)
