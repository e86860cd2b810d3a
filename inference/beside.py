"""Values that have their column's label beside them: 予以公开：自然人 3、商业企业 0 …

The label then tells the column, in whatever order the pairs stand and however many are left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from ..models.form import Block
from ..models.labels import Label
from .assign import Reading
from .columns import NEAR, column_named, heads_another, in_form_order, is_label
from .segments import LabelledRow, index_of, is_boundary, is_short_word
from .slots import Segment, Slot
from .tokens import Token
from .wording import likeness

#: Where a table's labels stand: before their values or behind them.
Side = Literal["before", "behind"]
#: A single value behind a label may just stand under a row of headers.
LEAST_PAIRS = 2


def with_labels_beside(
    rows: Sequence[LabelledRow], tokens: Sequence[Token], length: int
) -> tuple[LabelledRow, ...]:
    """`rows` with the values that have labels beside them, in the tables that are so written.

    length: of the text. In most rows of such a table every value has a label of its own.
    """
    if all(token.label is not Label.COLUMN for token in tokens):
        return tuple(rows)
    found = list(rows)
    for table in ("t2", "t3"):
        own = [at for at, row in enumerate(rows) if row.entry.table == table and row.label]
        stretches = {at: _stretch(rows[at], tokens) for at in own}
        side = side_of([tokens_of_row for tokens_of_row, _ in stretches.values()])
        if side is None:
            continue
        for at, (stretch, end) in stretches.items():
            pairs = paired(stretch, side)
            if any(name is not None for name, _ in pairs):
                stop = tokens[end].start if end < len(tokens) else length
                found[at] = replace(rows[at], segment=_segment(rows[at].segment, pairs, stop))
    return tuple(found)


def _segment(segment: Segment, pairs: Sequence[tuple[Token | None, Token]], end: int) -> Segment:
    names, values = zip(*pairs, strict=True)
    return replace(segment, values=values, names=names, end=end)


def _stretch(row: LabelledRow, tokens: Sequence[Token]) -> tuple[list[Token], int]:
    """What `stretch_from` finds behind a row's label, and the index of what ends the row."""
    assert row.label is not None
    start = index_of(tokens, row.label) + 1

    def is_own(token: Token) -> bool:
        is_column = token.label is Label.COLUMN
        return is_column and not heads_another(token.text, row.entry.table, row.entry.block)

    return stretch_from(tokens, start, is_own)


def stretch_from(
    tokens: Sequence[Token], start: int, is_own: Callable[[Token], bool]
) -> tuple[list[Token], int]:
    """The values and their labels from `start` on, and the index of what ends them.

    is_own: of a label, whether it may stand beside these values. Unlabelled figures are kept: a
    label that stands beyond one is not the value's own.
    """
    found: list[Token] = []
    for index in range(start, len(tokens)):
        token = tokens[index]
        is_value = token.label is Label.VALUE
        if is_value and is_label(token.text):
            return found, index  # a label that the tagger took for a value
        if is_value or is_own(token):
            found.append(token)
        elif is_boundary(token) and not is_short_word(token):
            return found, index
        elif _is_unlabelled_figure(token):
            found.append(token)
    return found, len(tokens)


def _is_unlabelled_figure(token: Token) -> bool:
    return token.label is None and any(char.isdecimal() for char in token.text)


def side_of(stretches: Sequence[Sequence[Token]], label: Label = Label.COLUMN) -> Side | None:
    """The side on which most rows have a label for each of their values; None where they have not.

    stretches: the values and labels of each row. label: of what stands beside the values.
    """
    filled = [s for s in stretches if any(token.label is Label.VALUE for token in s)]
    counts: dict[Side, int] = {"before": 0, "behind": 0}
    n_pairs = dict(counts)
    for stretch in filled:
        for side in counts:
            pairs = paired(stretch, side, label)
            if all(name is not None for name, _ in pairs):
                counts[side] += 1
                n_pairs[side] += len(pairs)
    if counts["before"] == counts["behind"]:
        return None
    most: Side = "before" if counts["before"] > counts["behind"] else "behind"
    enough = 2 * counts[most] > len(filled) and n_pairs[most] >= LEAST_PAIRS
    return most if enough else None


def paired(
    stretch: Sequence[Token], side: Side, label: Label = Label.COLUMN
) -> list[tuple[Token | None, Token]]:
    """Each value with the label next to it on that side, None where another value stands there."""
    step = -1 if side == "before" else 1
    pairs: list[tuple[Token | None, Token]] = []
    for at, token in enumerate(stretch):
        if token.label is Label.VALUE:
            inside = 0 <= at + step < len(stretch)
            beside = stretch[at + step] if inside else None
            named = beside is not None and beside.label is label
            pairs.append((beside if named else None, token))
    return pairs


def blocks_beside(tokens: Sequence[Token], blocks: Sequence[Block]) -> dict[str, Segment]:
    """Block id -> its values, where all of table 4 has labels beside its values; else {}.

    tokens: the table's. A table that is printed twice is left to those that compare the copies.
    """
    stretches: dict[str, list[Token]] = {}
    heads: list[Token] = []
    for token in tokens:
        if (headed := _block_headed(token, blocks)) is not None:
            if headed in stretches:
                return {}
            stretches[headed] = []
            heads.append(token)
        elif token.label is Label.VALUE and not heads:
            return {}
        elif heads and _is_in_table4(token, blocks[0]):
            list(stretches.values())[-1].append(token)
    side = side_of(list(stretches.values()))
    if side is None:
        return {}
    found = {}
    for (id_, stretch), head in zip(stretches.items(), heads, strict=True):
        pairs = paired(stretch, side)
        names, values = tuple(name for name, _ in pairs), tuple(value for _, value in pairs)
        found[id_] = Segment(head.start, head.end, values, tokens[-1].end, names)
    return found


def _is_in_table4(token: Token, block: Block) -> bool:
    known = token.label is Label.VALUE or column_named(token.text, block) is not None
    return known or _is_unlabelled_figure(token)


def _block_headed(token: Token, blocks: Sequence[Block]) -> str | None:
    """The block of table 4 that a label heads (复议后起诉)."""
    if token.label not in (Label.COLUMN, Label.GROUP, Label.ROW):
        return None
    alike = (b.id for b in blocks if likeness(token.text, b.label) >= NEAR)
    return next(alike, None)


def named_reading(segment: Segment, block: Block) -> tuple[Reading, ...]:
    """The reading of a row whose values have labels beside them.

    A value whose label names no column may be any's that is left: of these the readings differ.
    Where a column is named twice, two rows ran together, and there is no reading.
    """
    columns = [None if name is None else column_named(name.text, block) for name in segment.names]
    slots = [Slot(token.start, token.end) for token in segment.values]
    n_columns = len(block.columns)
    if len(slots) == n_columns and in_form_order(columns):
        return (tuple(slots),)
    sure = {column: slot for column, slot in zip(columns, slots, strict=True) if column is not None}
    if len(sure) < sum(column is not None for column in columns):
        return ()
    reading = tuple(sure.get(column) for column in range(n_columns))
    if len(sure) == len(slots):
        return (reading,)
    loose = next(slot for slot in slots if slot not in sure.values())
    return (reading, tuple(sure.get(column, loose) for column in range(n_columns)))
